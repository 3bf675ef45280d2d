"""A backup is what stood at one moment, row by row, whoever writes meanwhile; what is restored is that."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, select

from geo.errors import DatabaseError, StoreError
from store.__main__ import main
from store.backup import read_account, restore_backup, write_backup
from store.database import open_database
from store.journal import Draft, Entry, Journal, journal_table

ROOT = Path(__file__).resolve().parents[3]
WRITERS = 10
Make = Callable[[str], Engine]


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def everything(engine: Engine) -> list[tuple[object, ...]]:
    """Every row, straight from the table."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(journal_table).order_by(journal_table.c.id))]


def note(key: str, seen: int = 0, who: str = "Ana", **body: object) -> Draft:
    return Draft("demo", "note", key, body, who=who, seen=seen)


def fill(journal: Journal) -> None:
    """Rows of all that a journal may hold: other letters, no body, nested ones, numbers, a long text."""
    journal.append(
        [
            note("a", text="¿Agua? \n “sí” 水 🚰", empty="", none=None, yes=True),
            note(
                "b", whole=12_345_678_901_234, part=0.1, small=1e-9, list=[1, [2.5, None], {"z": 1, "a": 2}]
            ),
            note("c", long="x" * 300_000),
            *(note(f"n{number:04}", number=number) for number in range(1200)),
        ]
    )
    journal.append([Draft("demo", "note", "a", None, who="Luis", seen=1, why="wrong", source="a file")])
    journal.append([Draft("other", "note", "a", {}, who="Luis")])


@pytest.fixture
def second(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Make a further empty database of a kind."""
    made: list[Engine] = []

    def make(kind: str) -> Engine:
        if kind == "sqlite":
            made.append(open_database(f"sqlite:///{tmp_path / f'second{len(made)}.db'}"))
        else:
            made.append(request.getfixturevalue("engine_of_postgres"))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.mark.parametrize("to", ["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def test_what_is_restored_is_what_was_there_row_by_row_in_either_database(
    engine: Engine, second: Make, to: str, tmp_path: Path
) -> None:
    journal = Journal(engine)
    fill(journal)
    account = write_backup(url_of(engine), tmp_path / "a.backup")
    other = second(to)
    done = restore_backup(url_of(other), tmp_path / "a.backup")
    assert everything(other) == everything(engine)
    assert account.rows == {"journal": len(everything(engine))}
    assert (done.account, done.kept) == (account, None)
    # What is written next is numbered after what was restored.
    Journal(other).append([note("b", seen=1, text="next")])
    assert everything(other)[-1][0] == len(everything(engine)) + 1


def test_a_backup_under_ten_writers_is_one_moment(engine: Engine, tmp_path: Path) -> None:
    journal = Journal(engine)
    fill(journal)
    done, began = Event(), Event()

    def write(writer: int) -> int:
        number = 0
        while not done.is_set():
            journal.append(
                [
                    note(f"w{writer}", seen=number, number=number),
                    note(f"twin{writer}", seen=number, number=number),
                ]
            )
            number += 1
            began.set()
        return number

    with ThreadPoolExecutor(WRITERS) as pool:
        written = [pool.submit(write, writer) for writer in range(WRITERS)]
        began.wait()
        try:
            moments = [write_backup(url_of(engine), tmp_path / f"{n}.backup") for n in range(3)]
        finally:
            done.set()
        assert all(count.result() > 0 for count in written)
    whole = {row[0]: row for row in everything(engine)}
    for number, moment in enumerate(moments):
        copied = everything(open_database(f"sqlite:///{tmp_path / f'{number}.backup'}"))
        assert len(copied) == moment.rows["journal"]
        assert all(whole[row[0]] == row for row in copied)
        numbers: dict[object, list[object]] = {}
        for row in copied:
            numbers.setdefault((row[1], row[2], row[3]), []).append(row[4])
        for found in numbers.values():
            assert found == list(range(1, len(found) + 1))
        for writer in range(WRITERS):
            pair = [numbers.get(("demo", "note", f"{name}{writer}")) for name in ("w", "twin")]
            assert pair[0] == pair[1]
    assert moments[-1].rows["journal"] < len(whole)


def test_a_copy_of_the_file_alone_lacks_what_a_backup_has(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    engine = open_database(f"sqlite:///{path}")
    Journal(engine).append([note("a")])
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(copy)) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    assert write_backup(url_of(engine), tmp_path / "a.backup").rows == {"journal": 1}


def test_nobody_else_may_read_it_and_nothing_lies_beside_it(engine: Engine, tmp_path: Path) -> None:
    Journal(engine).append([note("a")])
    folder = tmp_path / "backups"
    folder.mkdir()
    write_backup(url_of(engine), folder / "a.backup")
    assert stat.S_IMODE((folder / "a.backup").stat().st_mode) == 0o600
    assert [item.name for item in folder.iterdir()] == ["a.backup"]
    with closing(sqlite3.connect(folder / "a.backup")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_is_there_is_replaced_only_when_told(engine: Engine, tmp_path: Path) -> None:
    Journal(engine).append([note("a")])
    path = tmp_path / "a.backup"
    path.write_text("something else")
    with pytest.raises(StoreError, match=r"there is a file a\.backup already"):
        write_backup(url_of(engine), path)
    assert path.read_text() == "something else"
    write_backup(url_of(engine), path, overwrite=True)
    assert read_account(path).rows == {"journal": 1}


def test_where_it_cannot_be_written_it_says_so_and_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    Journal(engine).append([note("a")])
    with pytest.raises(StoreError, match=r"a\.backup cannot be written"):
        write_backup(url_of(engine), tmp_path / "nowhere" / "a.backup")
    empty = tmp_path / "empty.db"
    with pytest.raises(StoreError, match="there is no database yet"):
        write_backup(f"sqlite:///{empty}", tmp_path / "a.backup")
    assert not empty.exists()
    empty.touch()
    with pytest.raises(StoreError, match="no tables of this program yet"):
        write_backup(f"sqlite:///{empty}", tmp_path / "a.backup")
    assert not list(tmp_path.glob("*.backup*")) + list(tmp_path.glob(".*.tmp*"))


def test_a_database_that_holds_something_is_replaced_only_when_told_and_kept(
    engine: Engine, tmp_path: Path
) -> None:
    journal = Journal(engine)
    fill(journal)
    path = tmp_path / "a.backup"
    write_backup(url_of(engine), path)
    before = everything(engine)
    journal.append([note("later", text="since")])
    now = everything(engine)
    with pytest.raises(StoreError, match="rows already: say --replace"):
        restore_backup(url_of(engine), path)
    assert everything(engine) == now
    done = restore_backup(url_of(engine), path, instead=True)
    # The one that was open all the while sees it, and can go on.
    assert everything(engine) == before
    assert done.kept is not None
    assert journal.entry("demo", "note", "later") is None
    journal.append([note("later", text="again")])
    restore_backup(url_of(engine), done.kept, instead=True)
    assert everything(engine) == now


def test_a_restore_under_writers_loses_none_between_the_copy_and_the_new(
    engine: Engine, tmp_path: Path
) -> None:
    """Whatever was said to be written stands in the kept copy, or in the restored database."""
    journal = Journal(engine)
    journal.append([note("a")])
    write_backup(url_of(engine), tmp_path / "a.backup")
    done = Event()
    kept: list[Entry] = []

    def write() -> None:
        number = 0
        while not done.is_set():
            kept.extend(journal.append([note(f"key{number}")]))
            number += 1

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while len(kept) < 20:
            pass
        try:
            restored = restore_backup(url_of(engine), tmp_path / "a.backup", instead=True)
        finally:
            done.set()
        writing.result()
    assert restored.kept is not None
    copied = {row[3] for row in everything(open_database(f"sqlite:///{restored.kept}"))}
    stands = {row[3] for row in everything(engine)}
    assert {entry.key for entry in kept} <= copied | stands
    assert copied & stands == {"a"}


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_backup_that_was_changed_is_not_restored(engine: Engine, tmp_path: Path, place: float) -> None:
    fill(Journal(engine))
    path = tmp_path / "a.backup"
    write_backup(url_of(engine), path)
    whole = bytearray(path.read_bytes())
    start = int(len(whole) * place)
    whole[start : start + 3000] = bytes(3000)
    path.write_bytes(bytes(whole))
    now = everything(engine)
    with pytest.raises(StoreError, match=r"is no backup, or is damaged|not the same as what it was made of"):
        restore_backup(url_of(engine), path, instead=True)
    assert everything(engine) == now


@pytest.mark.parametrize("content", [b"", b"no backup" * 500, None])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.backup"
    if content is None:
        open_database(f"sqlite:///{path}").dispose()
    else:
        path.write_bytes(content)
    with pytest.raises(StoreError, match="is no backup, or is damaged"):
        read_account(path)
    with pytest.raises(StoreError, match="there is no file"):
        read_account(tmp_path / "none.backup")


def test_a_backup_of_a_newer_version_is_not_restored(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.db'}")
    Journal(engine).append([note("a")])
    path = tmp_path / "a.backup"
    write_backup(url_of(engine), path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE backup SET account = replace(account, '\"0001\"', '\"9999\"')")
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(DatabaseError, match="newer version of this program"):
        restore_backup(f"sqlite:///{tmp_path / 'other.db'}", path)


@pytest.mark.parametrize("harm", ["damaged", "newer"])
def test_a_file_that_this_version_cannot_read_is_put_aside_when_told(tmp_path: Path, harm: str) -> None:
    good = open_database(f"sqlite:///{tmp_path / 'good.db'}")
    Journal(good).append([note("a")])
    write_backup(url_of(good), tmp_path / "a.backup")
    path = tmp_path / "store.db"
    if harm == "damaged":
        path.write_bytes(b"no database at all" * 1000)
    else:
        open_database(f"sqlite:///{path}").dispose()
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("UPDATE alembic_version SET version_num = '9999'")
            raw.commit()
    before = path.read_bytes()
    with pytest.raises(DatabaseError):
        restore_backup(f"sqlite:///{path}", tmp_path / "a.backup")
    assert path.read_bytes() == before
    done = restore_backup(f"sqlite:///{path}", tmp_path / "a.backup", instead=True)
    assert done.kept is not None
    assert done.kept.read_bytes() == before
    assert [row[3] for row in everything(open_database(f"sqlite:///{path}"))] == ["a"]


def test_both_commands_say_what_they_did(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GEO_STORE_URL", url_of(engine))
    Journal(engine).append([note("a")])
    path = tmp_path / "a.backup"
    assert main(["backup", str(path)]) == 0
    assert f"1 rows of journal as of {datetime.now(UTC):%Y-%m-%d}" in capsys.readouterr().out
    assert main(["restore", str(path)]) == 1
    assert "say --replace" in capsys.readouterr().err
    assert main(["restore", str(path), "--replace"]) == 0
    assert "before-restore-" in capsys.readouterr().out


def test_the_command_is_killed_and_leaves_no_half_file_under_its_name(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.db'}")
    fill(Journal(engine))
    folder = tmp_path / "backups"
    folder.mkdir()
    run = subprocess.Popen(
        [sys.executable, "-m", "store", "backup", str(folder / "a.backup")],
        cwd=ROOT,
        env={"GEO_STORE_URL": url_of(engine), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
    )
    while run.poll() is None and not list(folder.iterdir()):
        pass
    run.kill()
    run.communicate()
    if (folder / "a.backup").exists():
        assert read_account(folder / "a.backup").rows["journal"] > 0
    write_backup(url_of(engine), folder / "b.backup")
