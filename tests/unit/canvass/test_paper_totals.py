"""Doors on paper and on a phone: found by turf and day, as many as can be double, until somebody speaks."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.canvass.paper_totals import (
    PAPER_TOTALS,
    Here,
    file_words,
    find_twice,
    judge_sheets,
    sheets_near,
    twice_words,
)
from geo.errors import StoreError
from geo.intake.grids import read_grids
from geo.intake.tables import find_table
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Tally
from store.database import open_database
from store.journal import Journal

UNITS = pd.DataFrame({"turf": ["T", "T", "V"]}, index=["a", "b", "c"])


def visits(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["turf", "unit", "door", "on", "disposition"])
    return frame.assign(id=[f"v{place}" for place in range(len(frame))], on=pd.to_datetime(frame["on"]))


def sheets(*rows: tuple[str, str, str, int, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["turf", "on", "sheet", "spoke", "apart"])
    return frame.assign(on=pd.to_datetime(frame["on"]), apart=frame["apart"].astype(bool))


FOUR = visits(
    ("T", "a", "1", "2026-03-02", "spoke"),
    ("T", "a", "1", "2026-03-03", "spoke"),
    ("T", "b", "1", "2026-03-03", "spoke"),
    ("T", "b", "2", "2026-03-03", "not_home"),
)


def test_households_that_can_be_double_are_those_of_the_smaller_side() -> None:
    found = find_twice(FOUR, sheets(("T", "2026-03-07", "1", 9, False)), UNITS)
    assert found.loc["T", ["sheets", "visits", "most"]].tolist() == [1, 4, 2]
    found = find_twice(FOUR, sheets(("T", "2026-03-07", "1", 1, False)), UNITS)
    assert found.loc["T", "most"] == 1
    assert "Up to 1 of" in twice_words(found)


@pytest.mark.parametrize(
    "sheet",
    [
        ("T", "2026-03-11", "1", 9, False),
        ("V", "2026-03-03", "1", 9, False),
        ("T", "2026-03-03", "1", 9, True),
    ],
    ids=["another week", "another turf", "somebody said so"],
)
def test_what_lies_apart_is_no_doubt(sheet: tuple[str, str, str, int, bool]) -> None:
    assert find_twice(FOUR, sheets(sheet), UNITS).empty


def test_a_visit_by_an_old_list_is_of_the_turf_that_holds_its_block_now() -> None:
    old = visits(("OLD", "c", "1", "2026-03-02", "spoke"))
    assert find_twice(old, sheets(("V", "2026-03-02", "1", 9, False)), UNITS).index.tolist() == ["V"]


def test_nothing_on_one_side_is_no_doubt() -> None:
    assert find_twice(FOUR, sheets(), UNITS).empty
    assert find_twice(visits(), sheets(("T", "2026-03-03", "1", 9, False)), UNITS).empty


def test_a_file_names_the_turfs_that_have_paper_of_its_days() -> None:
    kept = sheets(("T", "2026-03-03", "1", 9, False), ("T", "2026-05-03", "2", 9, False))
    file = pd.DataFrame({"turf": ["T", "V"], "on": ["2026-03-02", "2026-03-02"]})
    words = file_words(file, kept)
    assert len(words) == 1
    assert "sheet 1 (2026-03-03)." in words[0]
    assert sheets_near(kept, "V", []) == []


def test_sheets_of_one_day_have_no_more_doors_than_their_turf() -> None:
    """After a first sheet of 33 of 33 doors a second one of 20 was taken, and 53 of 33 were knocked on."""
    here = Here({"TA0001M": 33}, sheets={("TA0001M", "2026-03-02", "1"): {"spoke": 30, "not_home": 3}})
    content = (
        b"turf,on,sheet,spoke\nTA0001M,3/2/2026,2,20\nTA0001M,3/2/2026,1,13\nTA0001M,3/2/2026,2,20\n"
        b"TA0001M,3/3/2026,1,33\n"
    )
    table = find_table(read_grids(content, "a.csv"), "a.csv", PAPER_TOTALS)
    lines = judge_sheets(table, here, date(2026, 3, 4))
    assert [str(line.verdict) for line in lines] == ["refused", "changed", "new", "new"]
    assert "have 53 doors together, but turf TA0001M has 33" in lines[0].reason


def test_the_book_keeps_no_second_sheet_beyond_the_doors_of_its_turf() -> None:
    book = CanvassBook(Journal(open_database("sqlite://")), "demo")
    cut = Cut(number=0, turfs=1, doors=33, tolerance=0, worst=0, bound=0)
    (code,) = book.keep([NewTurf(0, ("u",), 33, 30, 90)], cut, "Ana", seen={})
    first = Tally(turf=code, on=date(2026, 3, 2), sheet="1", spoke=33)
    book.save(first, "Ana", seen=0)
    with pytest.raises(StoreError, match="have 53 doors together"):
        book.save(first.model_copy(update={"sheet": "2", "spoke": 20}), "Ana", seen=0)
    book.save(first.model_copy(update={"on": date(2026, 3, 9), "spoke": 20}), "Ana", seen=0)
    assert len(book.tallies()) == 2
