"""A backup put in place of what a database holds: all of it in one transaction, the old kept as a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.engine import make_url

from geo.errors import DatabaseError, StoreError
from geo.language import gettext as _
from geo.language import ngettext
from store.backup import ENDS, Account, copy_rows, form_of, read_account, read_only, tables_of, write_backup
from store.database import make_engine, migrate_tables, snapshot


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where the old is kept; None where there was nothing."""

    account: Account
    kept: Path | None


def restore_backup(url: str, path: Path, *, instead: bool = False) -> Restored:
    """Put a backup in place of what a database holds; an older form of the tables is brought up to date.

    Others may go on meanwhile: they see the old or the new, whole.

    Parameters
    ----------
    url
        Address of the database, as SQLAlchemy writes it.
    instead
        Also where the database holds something, which is kept as a backup beside the file.

    Raises
    ------
    StoreError
        The file is no backup, is damaged or of a newer version; or the database is not empty.
    """
    account = read_account(path)
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    aside = _put_aside(url, stamp) if instead else None
    with _locked(url) as target, snapshot(read_only(path)) as source:
        form_of(target)
        count = _count(target)
        if count and not instead:
            raise StoreError(
                ngettext(
                    "the database holds {count} row already", "the database holds {count} rows already", count
                ).format(count=count),
                _("say --replace to put the backup in its place, and keep a copy; nothing was changed"),
            )
        kept = _keep(url, path.with_name(f"before-restore-{stamp}.backup")) if count else aside
        _empty(target)
        migrate_tables(target, account.form)
        copy_rows(source, target)
        _count_on(target)
        migrate_tables(target)
    return Restored(account, kept)


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    """Hold a database so that others read it and do not write; what fails undoes all."""
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql" and inspect(connection).has_table("journal"):
                connection.execute(text("LOCK TABLE journal IN EXCLUSIVE MODE"))
            yield connection
    finally:
        engine.dispose()


def _count(connection: Connection) -> int:
    names = inspect(connection).get_table_names()
    tables = tables_of(connection).values() if "journal" in names else ()
    counts = [
        connection.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one()  # noqa: S608
        for table in tables
    ]
    return sum(counts)


def _keep(url: str, path: Path) -> Path:
    write_backup(url, path)
    return path


def _put_aside(url: str, stamp: str) -> Path | None:
    """Put a file away that this version cannot read: damaged, or of a newer version."""
    address = make_url(url)
    path = Path(address.database or "")
    if address.get_backend_name() != "sqlite" or not path.is_file():
        return None
    try:
        with snapshot(url) as connection:
            tables_of(connection)
            form_of(connection)
    except DatabaseError:
        aside = path.with_name(f"{path.name}.before-restore-{stamp}")
        path.rename(aside)
        for end in ENDS:
            companion = path.with_name(f"{path.name}{end}")
            if companion.exists():
                companion.rename(aside.with_name(f"{aside.name}{end}"))
        return aside
    return None


def _empty(connection: Connection) -> None:
    """Drop every table: those of the backup come in their place."""
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.drop_all(connection)


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number what comes next after what was restored."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('journal', 'id'), max(id)) FROM journal "
                "HAVING max(id) > 0"
            )
        )
