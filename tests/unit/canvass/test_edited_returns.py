"""A return that was edited on a phone or in Kobo corrects the one that is here, and counts once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from geo.canvass.returns import RETURNS, TurfsHere, judge_returns
from geo.errors import ConflictError, SchemaError
from geo.intake.grids import read_grids
from geo.intake.tables import find_table
from geo.intake.verdicts import Line
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Visit
from store.database import open_database
from store.journal import Journal

T = "TA0001M"
HEAD = "rootUuid,deprecatedID,turf,unit,door,disposition,today"
DAY = date(2026, 3, 9)


@pytest.fixture
def book(tmp_path: Path) -> CanvassBook:
    made = CanvassBook(Journal(open_database(f"sqlite:///{tmp_path / 'canvass.db'}")), "demo")
    cut = Cut(number=0, turfs=1, doors=10, tolerance=0, worst=0, bound=0)
    made.keep([NewTurf(0, ("a", "b"), 10, 9, 30)], cut, "Ana", seen={})
    return made


def told(book: CanvassBook, *rows: str, head: str = HEAD) -> list[Line]:
    grids = read_grids("\n".join([head, *rows]).encode(), "a.csv")
    here = TurfsHere(book.unit_names(), book.visit_ids(), book.former_codes(), book.visits_told())
    return judge_returns(find_table(grids, "a.csv", RETURNS), here, DAY)


def take(book: CanvassBook, lines: list[Line]) -> int:
    visits = [Visit.make(line.change) for line in lines if line.change]
    numbers = book.visit_numbers()
    seen = {visit.key: numbers[visit.key] for visit in visits if visit.key in numbers}
    return book.take_in(visits, "Ana", seen=seen)


def test_an_edit_corrects_what_is_here_and_the_old_file_does_not_bring_it_back(book: CanvassBook) -> None:
    monday, tuesday = f"1,,{T},a,2,spoke,2026-03-02", f"1,1,{T},a,3,refused,2026-03-02"
    assert take(book, told(book, monday)) == 1
    (line,) = told(book, tuesday)
    assert (str(line.verdict), line.change["id"]) == ("changed", "1")
    assert line.reason == "it was edited since it came: 2 → 3, spoke → refused"
    assert take(book, [line]) == 1
    visits = book.visits()
    assert visits[["id", "door", "disposition"]].values.tolist() == [["1", "3", "refused"]]
    # Monday's file again, and Tuesday's: what was said once corrects nothing.
    assert [str(line.verdict) for line in told(book, monday)] == ["same"]
    assert [str(line.verdict) for line in told(book, tuesday)] == ["same"]


def test_without_its_root_an_edit_is_known_by_the_identifier_before(book: CanvassBook) -> None:
    head = "instanceID,deprecatedID,turf,unit,door,disposition,today"
    take(book, told(book, f"uuid:one,,{T},a,2,spoke,2026-03-02", head=head))
    (line,) = told(book, f"uuid:two,uuid:one,{T},a,2,moved,2026-03-02", head=head)
    assert (str(line.verdict), line.change["id"]) == ("changed", "one")
    (line,) = told(book, f"uuid:four,uuid:three,{T},a,5,moved,2026-03-02", head=head)
    assert str(line.verdict) == "new"
    assert "look whether it is here under another identifier" in line.reason


def test_a_correction_over_somebody_elses_is_told_as_a_conflict(book: CanvassBook) -> None:
    take(book, told(book, f"1,,{T},a,2,spoke,2026-03-02"))
    numbers = book.visit_numbers()
    lines = told(book, f"1,1,{T},a,2,refused,2026-03-02")
    ours = Visit.make({**lines[0].change, "disposition": "moved"})
    book.save(ours, "Ben", seen=numbers["1"])
    with pytest.raises(ConflictError):
        book.take_in([Visit.make(lines[0].change)], "Ana", seen=numbers)
    assert book.visits()["disposition"].tolist() == ["moved"]


def test_a_repeat_on_another_sheet_is_named(tmp_path: Path) -> None:
    made = Workbook()
    first = made.active
    assert first is not None
    first.append(["today", "turf", "_uuid"])
    first.append(["2026-03-02", T, "one"])
    second = made.create_sheet("visits")
    second.append(["unit", "door", "disposition", "_parent_index"])
    second.append(["a", "1", "spoke", 1])
    made.save(tmp_path / "a.xlsx")
    table = find_table(read_grids((tmp_path / "a.xlsx").read_bytes(), "a.xlsx"), "a.xlsx", RETURNS)
    with pytest.raises(SchemaError, match='they stand on another sheet: "visits"'):
        judge_returns(table, TurfsHere({T: ["a"]}), DAY)
