"""A database that fails says so in one sentence, and nothing is written into nothing."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from geo.errors import DatabaseError, StoreError
from store import database
from store.database import open_database
from store.journal import Draft, Journal

ROOT = Path(__file__).resolve().parents[3]


def draft(seen: int = 0, key: str = "a", size: int = 1) -> Draft:
    return Draft("demo", "note", key, {"text": "x" * size}, who="Ana", seen=seen)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def journal(path: Path) -> Journal:
    made = Journal(open_database(f"sqlite:///{path}"))
    made.append([draft()])
    return made


def test_a_server_that_is_away_at_the_start_is_told() -> None:
    with pytest.raises(DatabaseError, match="does not answer: start its server"):
        open_database("postgresql+psycopg://127.0.0.1:1/none")


@pytest.mark.server
def test_a_server_that_goes_away_is_told_and_found_again(stoppable_server: Any) -> None:
    journal = Journal(open_database(stoppable_server.url))
    journal.append([draft()])
    stoppable_server.stop()
    for act in (lambda: journal.append([draft(seen=1)]), lambda: journal.latest("demo", "note")):
        with pytest.raises(DatabaseError, match="does not answer"):
            act()
    stoppable_server.start()
    journal.append([draft(seen=1)])
    assert [entry.number for entry in journal.history("demo", "note", "a")] == [1, 2]


@pytest.mark.server
def test_a_server_that_lets_nobody_write_is_told(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("of PostgreSQL")
    journal = Journal(engine)
    journal.append([draft()])
    with engine.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    engine.dispose()
    with pytest.raises(DatabaseError, match="may be read, but not written"):
        journal.append([draft(seen=1)])
    assert len(journal.latest("demo", "note")) == 1


def test_a_driver_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    with pytest.raises(StoreError, match=r"is not installed \(psycopg2\): for PostgreSQL: .*postgresql"):
        open_database("postgresql+psycopg2://127.0.0.1:1/none")


def test_what_a_constraint_refuses_is_no_fault_of_the_database(journal: Journal) -> None:
    insert = text(
        "INSERT INTO journal SELECT 99, region, kind, key, number, at, who, why, source, body FROM journal"
    )
    with pytest.raises(IntegrityError), journal.engine.begin() as connection:
        connection.execute(insert)


def test_a_database_that_is_held_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    journal = Journal(open_database(f"sqlite:///{path}"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError, match="another program holds the database"):
            journal.append([draft()])
    journal.append([draft()])


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_and_nothing_is_half_written(journal: Journal, path: Path) -> None:
    wal = path.with_name(f"{path.name}-wal").stat().st_size
    with files_no_longer_than(wal + 100_000), pytest.raises(DatabaseError, match="full, or refuses"):
        journal.append([draft(seen=1), *(draft(key=f"k{number}", size=20_000) for number in range(20))])
    assert [entry.key for entry in journal.history("demo")] == ["a"]
    journal.append([draft(seen=1)])
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_database_that_may_not_grow_is_told(journal: Journal) -> None:
    with journal.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DatabaseError, match="full"):
        journal.append([draft(key=f"k{number}", size=20_000) for number in range(20)])
    assert [entry.key for entry in journal.history("demo")] == ["a"]


READ_ONLY = """
import os, sys
from geo.errors import GeoError
from store.database import open_database
from store.journal import Draft, Journal
path = sys.argv[1]
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    Journal(open_database(f"sqlite:///{path}")).append([Draft("demo", "note", "b", {}, who="Ana")])
except GeoError as error:
    print(error)
"""


def test_a_file_that_may_not_be_written_is_told(journal: Journal, path: Path, tmp_path: Path) -> None:
    journal.engine.dispose()
    path.chmod(0o444)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to("/tmp") and folder.stat().st_uid == os.getuid() and folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.chmod(0o555)
    run = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tmp_path.chmod(0o755)
    assert run.stdout.startswith(
        ("the database may be read, but not written", "the database cannot be opened")
    )
    assert run.stdout.count("\n") == 1


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(DatabaseError, match=r"damaged, or is no database.*store restore"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"no database")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DatabaseError, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path / 'taken' / 'store.db'}")


def test_a_database_of_a_newer_version_is_told_and_left_as_it_is(journal: Journal, path: Path) -> None:
    journal.engine.dispose()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    copy = path.with_name("newer.db")
    copy.write_bytes(path.read_bytes())
    with pytest.raises(DatabaseError, match="newer version of this program: start that version"):
        open_database(f"sqlite:///{copy}")
    with closing(sqlite3.connect(copy)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_file_that_was_removed_takes_no_more_writes_and_is_not_made_anew(
    journal: Journal, path: Path
) -> None:
    path.rename(path.with_name("aside.db"))
    for act in (lambda: journal.append([draft(seen=1)]), lambda: journal.latest("demo", "note")):
        with pytest.raises(DatabaseError, match="gone since this program began"):
            act()
    with pytest.raises(DatabaseError, match="gone since"):
        open_database(f"sqlite:///{path}")
    assert not path.exists()
    path.with_name("aside.db").rename(path)
    journal.append([draft(seen=1)])


def test_a_write_during_which_the_file_is_removed_is_not_said_to_be_kept(
    journal: Journal, path: Path
) -> None:
    from sqlalchemy import event

    event.listen(journal.engine, "commit", lambda _connection: path.unlink())
    with pytest.raises(DatabaseError, match="gone since"):
        journal.append([draft(seen=1)])


def test_a_file_that_was_replaced_is_told_once_and_then_read(journal: Journal, path: Path) -> None:
    other = Journal(open_database(f"sqlite:///{path.with_name('other.db')}"))
    other.append([draft(key="theirs")])
    with (
        closing(sqlite3.connect(path.with_name("other.db"))) as source,
        closing(sqlite3.connect(path.with_name("new.db"))) as target,
    ):
        source.backup(target)
    path.with_name("new.db").replace(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
    with pytest.raises(DatabaseError, match="was replaced by another one"):
        journal.append([draft(seen=1)])
    again = Journal(open_database(f"sqlite:///{path}"))
    assert [entry.key for entry in again.latest("demo", "note")] == ["theirs"]
    again.append([draft(key="theirs", seen=1)])
