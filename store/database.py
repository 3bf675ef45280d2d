"""The database of what people write: SQLite or PostgreSQL, migrated by Alembic; its faults in sentences."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url

from geo.errors import DatabaseError, StoreError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.settings import store_url

LOG = logging.getLogger(__name__)


class Fault(StrEnum):
    """What can be wrong with a database."""

    AWAY = "away"
    BUSY = "busy"
    CLOSED = "closed"
    DAMAGED = "damaged"
    EMPTIED = "emptied"
    FOREIGN = "foreign"
    FULL = "full"
    GONE = "gone"
    MISSING = "missing"
    NEWER = "newer"
    READ_ONLY = "read_only"
    REPLACED = "replaced"


# What is wrong, and what to do.
SENTENCES: Mapping[Fault, tuple[str, str]] = {
    Fault.AWAY: (
        N_("the database does not answer"),
        N_("start its server or wait for it, then load the page again; nothing was written"),
    ),
    Fault.BUSY: (
        N_("another program holds the database and does not let go"),
        N_("try again in a moment; if it stays so, end that program. Nothing was written"),
    ),
    Fault.CLOSED: (
        N_("the database cannot be opened"),
        N_("see that its folder is there, and that this account may read and write in it"),
    ),
    Fault.DAMAGED: (
        N_("the file of the database is damaged, or is no database"),
        N_("keep it aside and restore a backup: python -m store restore FILE"),
    ),
    Fault.EMPTIED: (
        N_("the database had members, and now holds no entry of one"),
        N_(
            "put the right file back or restore a backup (python -m store restore FILE); to begin anew with "
            "an empty database, start this program again"
        ),
    ),
    Fault.FOREIGN: (
        N_("the database has not the tables that this program made"),
        N_(
            "see whether GEO_STORE_URL names the right one, or restore a backup: python -m store restore FILE"
        ),
    ),
    Fault.FULL: (
        N_("the disk that holds the database is full, or refuses to be written"),
        N_("make room on it, then record it again; nothing was written"),
    ),
    Fault.GONE: (
        N_("the file of the database is gone since this program began"),
        N_("put it back or restore a backup (python -m store restore FILE); nothing was written"),
    ),
    Fault.MISSING: (
        N_("there is no database yet where GEO_STORE_URL says"),
        N_("see whether it names the right one; the dashboard makes it when it starts. Nothing was made"),
    ),
    Fault.NEWER: (
        N_("the database was made by a newer version of this program"),
        N_("start that version, or restore a backup of this one; nothing was changed"),
    ),
    Fault.READ_ONLY: (
        N_("the database may be read, but not written"),
        N_("let this account write the database and its folder; nothing was written"),
    ),
    Fault.REPLACED: (
        N_("the file of the database was replaced by another one"),
        N_("load the page again and look how it stands there; nothing was written"),
    ),
}
# How SQLite names its errors, by how the name begins (https://www.sqlite.org/rescode.html).
SQLITE: Mapping[str, Fault] = {
    "SQLITE_FULL": Fault.FULL,
    "SQLITE_IOERR": Fault.FULL,
    "SQLITE_READONLY": Fault.READ_ONLY,
    "SQLITE_PERM": Fault.READ_ONLY,
    "SQLITE_BUSY": Fault.BUSY,
    "SQLITE_LOCKED": Fault.BUSY,
    "SQLITE_PROTOCOL": Fault.BUSY,
    "SQLITE_CANTOPEN": Fault.CLOSED,
    "SQLITE_NOTADB": Fault.DAMAGED,
    "SQLITE_CORRUPT": Fault.DAMAGED,
}
# How PostgreSQL numbers them (https://www.postgresql.org/docs/current/errcodes-appendix.html).
POSTGRES: Mapping[str, Fault] = {
    "08": Fault.AWAY,
    "57P": Fault.AWAY,
    "53100": Fault.FULL,
    "58030": Fault.FULL,
    "53300": Fault.BUSY,
    "55P03": Fault.BUSY,
    "40P01": Fault.BUSY,
    "25006": Fault.READ_ONLY,
    "42501": Fault.READ_ONLY,
    "28": Fault.CLOSED,
    "3D000": Fault.CLOSED,
    "42P01": Fault.FOREIGN,
    "42703": Fault.FOREIGN,
    "XX00": Fault.DAMAGED,
}


def to_error(fault: Fault) -> DatabaseError:
    """Make the error that says a fault in the language of the page.

    Examples
    --------
    >>> str(to_error(Fault.AWAY)).split(":")[0]
    'the database does not answer'
    """
    words, remedy = SENTENCES[fault]
    return DatabaseError(_(words), _(remedy))


def find_fault(error: BaseException) -> Fault | None:
    """Tell what a driver's error means; None for what is no fault of the database.

    Examples
    --------
    >>> connection = sqlite3.connect(":memory:")
    >>> try:
    ...     _ = connection.execute("SELECT * FROM journal")
    ... except sqlite3.Error as error:
    ...     find_fault(error)
    <Fault.FOREIGN: 'foreign'>
    >>> connection.close()
    """
    if isinstance(error, sqlite3.Error):
        return _sqlite_fault(error)
    state = getattr(error, "sqlstate", None)
    if state is None:
        return _unnumbered_fault(error)
    return next((fault for begins, fault in POSTGRES.items() if str(state).startswith(begins)), None)


def _sqlite_fault(error: sqlite3.Error) -> Fault | None:
    name = str(getattr(error, "sqlite_errorname", ""))
    if "no such table" in str(error) or "no such column" in str(error):
        return Fault.FOREIGN
    return next((fault for begins, fault in SQLITE.items() if name.startswith(begins)), None)


def _unnumbered_fault(error: BaseException) -> Fault | None:
    """Tell what failed before a server gave a number: it did not answer, or it did not let us in."""
    if type(error).__name__ != "OperationalError":
        return None
    return (
        Fault.CLOSED if any(words in str(error) for words in ("authentication", "not exist")) else Fault.AWAY
    )


def tell_faults(engine: Engine) -> None:
    """Let an engine raise a sentence where its driver fails; what the driver said is logged."""
    event.listen(engine, "handle_error", _tell)


def _tell(context: ExceptionContext) -> None:
    fault = find_fault(context.original_exception)
    if fault is not None:
        LOG.error("database: %s", context.original_exception)
        raise to_error(fault) from context.original_exception


MIGRATIONS = Path(__file__).parent / "migrations"
IN_MEMORY = "sqlite://"
BUSY_SECONDS = 30
ANSWER_SECONDS = 10
# One number for everybody who brings tables up to date at the same moment.
MIGRATING = 4_202_611
Identity = tuple[int, int] | None
# Two sessions that begin at once must not both bring the tables up to date.
_OPENING = Lock()
_OPENED: dict[str, _Opened] = {}


@dataclass(frozen=True, slots=True)
class _Opened:
    """A database that this process has opened, and the file that it was then."""

    engine: Engine
    file: Identity


def open_database(url: str | None = None, *, make: bool = True) -> Engine:
    """Open the database and bring its tables up to date.

    A file that was replaced since is opened anew; one that is gone is not made again in silence: an empty
    database would have no members, and be open to all.

    Parameters
    ----------
    url
        As SQLAlchemy writes it, e.g. ``sqlite:///board.db`` or ``postgresql+psycopg://host/board``; by
        default the setting ``GEO_STORE_URL``.
    make
        Whether a file that is not there is made: who only looks makes none, as an empty database would have
        no members, and be open to all.

    Returns
    -------
    sqlalchemy.Engine
        One a process and address. One in memory that is asked for by its address is new each time: nobody
        else can mean it.

    Raises
    ------
    DatabaseError
        It is away, closed, damaged, gone, missing, or of a newer version.

    Examples
    --------
    >>> open_database("sqlite://").dialect.name
    'sqlite'
    """
    if url == IN_MEMORY:
        return _open(url, None).engine
    address = url or store_url()
    if not make:
        require_file(address)
    with _OPENING:
        opened = _OPENED.get(address)
        if opened is None or opened.file != file_of(opened.engine):
            opened = _open(address, opened)
            _OPENED[address] = opened
        return opened.engine


def _open(url: str, before: _Opened | None) -> _Opened:
    if before is not None:
        if file_of(before.engine) is None:
            raise to_error(Fault.GONE)
        before.engine.dispose()
    make_private(url)
    engine = make_engine(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return _Opened(engine, file_of(engine))


def make_engine(url: str) -> Engine:
    """Make an engine that tells faults in sentences; the tables are left as they are.

    Examples
    --------
    >>> make_engine("sqlite://").dialect.name
    'sqlite'
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _make_sqlite(url)
    try:
        engine = create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": ANSWER_SECONDS})
    except ModuleNotFoundError as error:
        raise StoreError(
            _("what this database is spoken to with is not installed ({name})").format(name=error.name),
            _("for PostgreSQL: .venv/bin/python -m pip install '.[postgresql]'"),
        ) from error
    tell_faults(engine)
    return engine


def known_revisions() -> list[str]:
    """Return the forms of the tables that this version knows, the newest first.

    Examples
    --------
    >>> known_revisions()[-1]
    '0001'
    """
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def migrate(engine: Engine) -> None:
    """Bring the tables up to the newest form; does nothing where they are.

    Raises
    ------
    DatabaseError
        The tables have a form that this version does not know.
    """
    with engine.begin() as connection:
        migrate_tables(connection)


def migrate_tables(connection: Connection, form: str = "head") -> None:
    """Bring the tables up to the newest form, or to a named one, within the transaction of a connection."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATING})
    known = known_revisions()
    here = MigrationContext.configure(connection).get_current_heads()
    if not set(here) <= set(known):
        raise to_error(Fault.NEWER)
    if here != tuple(known[:1]):
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, form)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """Read a database as it stands at one moment, while others go on writing.

    Examples
    --------
    >>> with snapshot("sqlite://") as connection:
    ...     connection.exec_driver_sql("SELECT 1").scalar_one()
    1
    """
    require_file(url)
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        event.remove(engine, "begin", _begin_immediate)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection
    finally:
        engine.dispose()


def file_of(engine: Engine) -> Identity:
    """Return which file a SQLite database is now: device and number; None where it is gone, or is no file.

    Examples
    --------
    >>> file_of(open_database("sqlite://")) is None
    True
    """
    path = _path_of(engine.url)
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def require_same_file(engine: Engine) -> None:
    """Raise where the file that a database was opened on is gone, or is another one.

    SQLite goes on writing into a file that was removed, and all of it is lost.

    Raises
    ------
    DatabaseError
        It is gone, or was replaced.
    """
    opened = next((held for held in list(_OPENED.values()) if held.engine is engine), None)
    if opened is None or opened.file is None:
        return
    now = file_of(engine)
    if now != opened.file:
        raise to_error(Fault.GONE if now is None else Fault.REPLACED)


def require_file(url: str) -> None:
    """Raise where the file of a SQLite database is not there.

    Raises
    ------
    DatabaseError
        It is missing.

    Examples
    --------
    >>> require_file("sqlite://")
    """
    path = _path_of(make_url(url))
    if path is not None and not path.is_file():
        raise to_error(Fault.MISSING)


def make_private(url: str) -> None:
    """Make the file of a SQLite database, where there is none, for this account alone.

    It holds hashes of passphrases; SQLite gives its side files the same rights.
    """
    path = _path_of(make_url(url))
    if path is None or path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise to_error(Fault.CLOSED) from error


def _path_of(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for another one, in memory, or opened to read only."""
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name in {"", ":memory:"} or name.startswith("file:"):
        return None
    return Path(name)


def _make_sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    tell_faults(engine)
    # Before a further connection too: SQLite would make a file that is gone anew, empty.
    event.listen(engine, "do_connect", lambda *_asked: require_same_file(engine))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkout", lambda *_taken: require_same_file(engine))
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
