"""The database of what people write: SQLite or PostgreSQL, its tables brought up to date by Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

from geo.settings import store_url

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
# Two sessions that begin at once must not both bring the tables up to date.
_OPENING = Lock()


def open_database(url: str | None = None) -> Engine:
    """Open the database and bring its tables up to date.

    Parameters
    ----------
    url
        As SQLAlchemy writes it, e.g. ``sqlite:///board.db`` or ``postgresql+psycopg://host/board``; by
        default the setting ``GEO_STORE_URL``.

    Returns
    -------
    sqlalchemy.Engine
        One a process and address.

    Examples
    --------
    >>> open_database("sqlite://").dialect.name
    'sqlite'
    """
    with _OPENING:
        return _open(url or store_url())


@cache
def _open(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = _open_sqlite(str(address))
    else:
        engine = create_engine(address, pool_pre_ping=True)
    migrate(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables up to the newest form; does nothing where they are."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _open_sqlite(url: str) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    # The driver's own transactions begin too late: a read-modify-write would lose updates in silence.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
