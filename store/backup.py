"""A copy of all that people wrote, taken while others go on writing, and put back in one transaction."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, MetaData, Table, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from geo.errors import DatabaseError, StoreError
from geo.language import gettext as _
from geo.language import ngettext
from store.database import (
    Fault,
    known_revisions,
    make_engine,
    make_private,
    migrate_tables,
    snapshot,
    to_error,
)

ROWS_AT_ONCE = 500
FORM_TABLE, ABOUT = "alembic_version", "backup"
# Names, and hashes of passphrases, stand in it: nobody but who made it reads it.
MODE = 0o600
# What SQLite keeps beside a file.
ENDS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Account:
    """What a backup says of itself.

    ``form`` is the revision of its tables, ``rows`` how many each has, ``checksum`` a SHA-256 of all of
    them, ``made`` when it was taken (UTC).
    """

    form: str
    rows: Mapping[str, int]
    checksum: str
    made: str = ""


def write_backup(url: str, path: Path, *, overwrite: bool = False) -> Account:
    """Write a backup of a database; whoever writes to it meanwhile is not held up.

    Parameters
    ----------
    url
        Address of the database, as SQLAlchemy writes it.
    overwrite
        Replace a file of that name.

    Raises
    ------
    StoreError
        There is such a file already, or no such database, or what was read back differs.
    DatabaseError
        The database or the disk refused.
    """
    if path.exists() and not overwrite:
        raise StoreError(
            _("there is a file {name} already").format(name=path.name),
            _("give another name, or say --overwrite; nothing was written"),
        )
    with _temporary(path) as unfinished, snapshot(url) as source:
        form = form_of(source)
        if form is None:
            raise StoreError(
                _("the database has no tables of this program yet"), _("there is nothing to take a copy of")
            )
        with _open_file(unfinished) as target:
            migrate_tables(target, form)
            account = replace(copy_rows(source, target), made=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
            _write_account(target, account)
    return account


def read_account(path: Path) -> Account:
    """Read what a backup says of itself, and hold it against its rows.

    Raises
    ------
    StoreError
        It is no backup, it is damaged, or a newer version made it.
    """
    if not path.is_file():
        raise StoreError(_("there is no file {name}").format(name=path.name), _("see where it lies"))
    try:
        with snapshot(read_only(path)) as connection:
            said = connection.execute(text(f"SELECT account FROM {ABOUT}")).scalar_one()  # noqa: S608
            account = Account(**json.loads(said))
            if account.form in known_revisions():
                found = measure(connection, account.form)
                _require_same(account, found)
    except (DatabaseError, SQLAlchemyError, ValueError, TypeError) as error:
        if isinstance(error, StoreError) and not isinstance(error, DatabaseError):
            raise
        raise _damaged(path) from error
    if account.form not in known_revisions():
        raise to_error(Fault.NEWER)
    return account


def read_only(path: Path) -> str:
    """Return the address of a backup, which is opened to be read only."""
    return f"sqlite:///file:{quote(str(path.resolve()))}?mode=ro&immutable=1&uri=true"


def form_of(connection: Connection) -> str | None:
    """Return the revision of a database's tables; None where it has none.

    Raises
    ------
    DatabaseError
        This version does not know it.
    """
    form = MigrationContext.configure(connection).get_current_revision()
    if form is not None and form not in known_revisions():
        raise to_error(Fault.NEWER)
    return form


def copy_rows(source: Connection, target: Connection) -> Account:
    """Copy every row of every table, and read it back; the tables are there and empty.

    Raises
    ------
    StoreError
        What was read back is not what was copied.
    """
    form = str(form_of(source))
    into = tables_of(target)
    for name, table in tables_of(source).items():
        for rows in read_rows(source, table):
            target.execute(insert(into[name]), [_to_driver(row, target) for row in rows])
    account = measure(source, form)
    _require_same(account, measure(target, form))
    return account


def measure(connection: Connection, form: str) -> Account:
    """Count and sum up the rows of a database: the same rows give the same sum, whichever database it is."""
    counts: dict[str, int] = {}
    sum_of_all = hashlib.sha256()
    for name, table in tables_of(connection).items():
        counts[name] = 0
        sum_of_all.update(name.encode())
        for rows in read_rows(connection, table):
            counts[name] += len(rows)
            for row in rows:
                sum_of_all.update(json.dumps(row, sort_keys=True, default=_to_words).encode())
    return Account(form, counts, sum_of_all.hexdigest())


def tables_of(connection: Connection) -> dict[str, Table]:
    """Return the tables that hold what people wrote, by name."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _metadata: name not in (FORM_TABLE, ABOUT))
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = type(column.type)(none_as_null=True)
    return dict(sorted(metadata.tables.items()))


def read_rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Read a table some rows at a time, in the order of its key; moments in UTC."""
    query = select(table).order_by(*table.primary_key.columns)
    with connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}) as result:
        for part in result.mappings().partitions():
            yield [{name: _in_utc(value) for name, value in row.items()} for row in part]


def _in_utc(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _to_driver(row: Mapping[str, Any], target: Connection) -> dict[str, Any]:
    """Write moments as a database keeps them: SQLite knows no zones."""
    if target.dialect.name != "sqlite":
        return dict(row)
    return {
        name: value.replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _to_words(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _require_same(wanted: Account, found: Account) -> None:
    if (wanted.rows, wanted.checksum) != (found.rows, found.checksum):
        raise StoreError(
            _("the copy is not the same as what it was made of"), _("take another one; nothing was changed")
        )


def _damaged(path: Path) -> StoreError:
    return StoreError(
        _("{name} is no backup, or is damaged").format(name=path.name),
        _("take another one; nothing was changed"),
    )


def _write_account(target: Connection, account: Account) -> None:
    said = {"form": account.form, "rows": account.rows, "checksum": account.checksum, "made": account.made}
    target.execute(text(f"CREATE TABLE {ABOUT} (account TEXT NOT NULL)"))
    target.execute(text(f"INSERT INTO {ABOUT} VALUES (:said)"), {"said": json.dumps(said)})  # noqa: S608


@contextmanager
def _open_file(path: Path) -> Iterator[Connection]:
    """Open a new file to be written, in one piece without companions."""
    engine = make_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            yield connection
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
            connection.exec_driver_sql("BEGIN")
    finally:
        engine.dispose()


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """Make an unfinished file beside the one that is wanted; it gets its name when all went well."""
    unfinished = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE))
        yield unfinished
        read_account(unfinished)
        with unfinished.open("rb") as stream:
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise StoreError(
            _("{name} cannot be written ({fault})").format(name=path.name, fault=error.strerror),
            _("see that its folder is there, has room, and may be written"),
        ) from error
    finally:
        for part in (unfinished, *(unfinished.with_name(f"{unfinished.name}{end}") for end in ENDS)):
            part.unlink(missing_ok=True)


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
    make_private(url)
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
