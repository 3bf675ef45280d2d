"""The journal keeps everything, loses nothing, and tells whoever came second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, inspect

from geo.errors import ConflictError, StoreError
from store.journal import Draft, Journal, metadata

WRITERS, CHANGES = 10, 12


def draft(key: str = "CA9010002", seen: int = 0, who: str = "Ana", **body: object) -> Draft:
    return Draft("demo", "status", key, body or {"stage": "planning"}, who=who, seen=seen)


@pytest.fixture
def journal(engine: Engine) -> Journal:
    return Journal(engine)


def test_the_tables_are_those_that_the_code_expects(engine: Engine) -> None:
    columns = {column["name"] for column in inspect(engine).get_columns("journal")}
    assert columns == set(metadata.tables["journal"].columns.keys())


def test_the_newest_entry_is_how_a_record_stands(journal: Journal) -> None:
    journal.append([draft()])
    journal.append([draft(seen=1, stage="design")])
    assert [entry.body for entry in journal.latest("demo", "status")] == [{"stage": "design"}]
    assert [entry.number for entry in journal.history("demo", "status", "CA9010002")] == [1, 2]


def test_a_record_is_shown_as_it_stood_at_a_moment(journal: Journal) -> None:
    first = journal.append([draft()])[0]
    journal.append([draft(seen=1, stage="design")])
    assert [entry.body for entry in journal.latest("demo", "status", as_of=first.at)] == [
        {"stage": "planning"}
    ]
    assert journal.latest("demo", "status", as_of=datetime(2020, 1, 1, tzinfo=UTC)) == []


def test_the_second_of_two_is_told_and_nothing_of_theirs_is_written(journal: Journal) -> None:
    journal.append([draft()])
    journal.append([draft(seen=1, stage="design")])
    with pytest.raises(
        ConflictError, match=r"1 record was changed in the meantime .CA9010002. by Ana"
    ) as caught:
        journal.append([draft(seen=1, who="Luis", stage="funded"), draft("CA9010003", who="Luis")])
    (conflict,) = caught.value.conflicts
    assert (conflict.mine.body, conflict.theirs.body) == ({"stage": "funded"}, {"stage": "design"})
    assert journal.entry("demo", "status", "CA9010003") is None


def test_a_withdrawn_record_is_gone_from_the_board_and_stays_in_the_history(journal: Journal) -> None:
    journal.append([draft()])
    journal.append([Draft("demo", "status", "CA9010002", None, who="Ana", seen=1, why="wrong system")])
    assert journal.latest("demo", "status") == []
    assert len(journal.history("demo")) == 2


def test_regions_and_kinds_do_not_mix(journal: Journal) -> None:
    journal.append([draft()])
    assert journal.latest("coachella", "status") == []
    assert journal.latest("demo", "comment") == []


@pytest.mark.parametrize(
    ("drafts", "message"),
    [([draft(who=" ")], "not say who"), ([draft(), draft()], "changed twice at once")],
)
def test_what_cannot_be_recorded_is_refused(journal: Journal, drafts: list[Draft], message: str) -> None:
    with pytest.raises(StoreError, match=message):
        journal.append(drafts)
    assert journal.history("demo") == []


@pytest.mark.slow
def test_ten_writers_at_once_lose_nothing(journal: Journal) -> None:
    together = Barrier(WRITERS)

    def write(writer: int) -> int:
        conflicts = 0
        for change in range(CHANGES):
            first = True
            while True:
                current = journal.entry("demo", "status", "CA9010002")
                total = int(current.body["total"]) if current and current.body else 0
                seen = current.number if current else 0
                if first:
                    # All have read the same state before any of them writes: nine of ten come too late.
                    together.wait()
                    first = False
                try:
                    journal.append([draft(seen=seen, who=f"w{writer}", total=total + 1, change=change)])
                    break
                except ConflictError:
                    conflicts += 1
        return conflicts

    with ThreadPoolExecutor(WRITERS) as pool:
        conflicts = sum(pool.map(write, range(WRITERS)))
    history = journal.history("demo", "status", "CA9010002")
    assert [entry.number for entry in history] == list(range(1, WRITERS * CHANGES + 1))
    assert history[-1].body == {"total": WRITERS * CHANGES, "change": CHANGES - 1}
    assert conflicts >= (WRITERS - 1) * CHANGES


def test_each_address_is_a_database_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from store.database import open_database

    opened = []
    for name in ("one", "two"):
        monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / name}.db")
        opened.append(open_database())
    assert opened[0] is not opened[1]
    assert open_database() is opened[1]
