"""Lists and returns for other tools: a door leaves and comes back as itself, and once."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from geo.canvass.codes import Disposition
from geo.canvass.returns import TurfsHere
from geo.canvass.tool_files import (
    LAYOUTS,
    Layout,
    judge_tool_returns,
    list_doors,
    list_returns,
    read_door,
    tool_returns_in,
)
from geo.canvass.walk import Walk, plan_walk
from geo.errors import SchemaError
from geo.intake.grids import read_grids
from geo.intake.tables import Choice, Table, find_table
from geo.intake.verdicts import Line
from reports.phone_files import to_tool_csv
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Visit
from store.database import open_database
from store.journal import Journal

T, DAY = "TA0001M", date(2026, 3, 9)
BLOCK, STRETCH = "069010401001000", "069010401001001-4-6-9"
HERE = TurfsHere({T: (BLOCK, STRETCH)})


@pytest.fixture(scope="module")
def walk() -> Walk:
    squares = [box(0, 0, 100, 100), box(100, 0, 200, 100)]
    counts = {"doors": [2.0, 3.0]}
    return plan_walk(T, gpd.GeoDataFrame(counts, geometry=squares, index=[BLOCK, STRETCH], crs="EPSG:3310"))


def table_of(text: str, choice: Choice | None = None) -> Table:
    kind = tool_returns_in("America/Los_Angeles")
    return find_table(read_grids(text.encode(), "a.csv"), "a.csv", kind, choice or Choice())


def told(text: str, here: TurfsHere = HERE) -> list[Line]:
    return judge_tool_returns(table_of(text), here, DAY)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_a_list_has_each_door_once_with_a_code_that_leads_back_to_it(walk: Walk, layout: Layout) -> None:
    codes = list_doors([walk], layout).iloc[:, 0]
    doors = {tuple(read_door(code)) for code in codes}
    # Doors of a stretch keep their numbers in the block: 4 to 6 of 9.
    expected = [(BLOCK, "1"), (BLOCK, "2"), (STRETCH, "4"), (STRETCH, "5"), (STRETCH, "6")]
    assert doors == {(T, unit, door) for unit, door in expected}
    assert codes.is_unique


def test_doors_to_leave_alone_are_on_no_list_of_another_tool(walk: Walk) -> None:
    codes = list_doors([walk], LAYOUTS["van"], {T: [(STRETCH, "5"), (BLOCK, "01")]})["External ID"]
    assert sorted(codes) == [f"{T}.{BLOCK}.2", f"{T}.{STRETCH}.4", f"{T}.{STRETCH}.6"]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_every_result_goes_out_and_comes_back_as_the_same(layout: Layout) -> None:
    results = list(Disposition)
    row = {"id": list("abcdefgh"), "turf": T, "unit": BLOCK, "language": "", "again": ""}
    visits = pd.DataFrame(row | {"door": [str(n) for n in range(1, 9)], "disposition": map(str, results)})
    visits = visits.assign(on=pd.Timestamp("2026-03-02"))
    text = to_tool_csv(list_returns(visits, {T: (BLOCK,)}, layout), invented=True).decode()
    lines = told(text)
    assert [str(line.verdict) for line in lines] == ["new"] * len(results)
    assert [line.change["disposition"] for line in lines] == [str(item) for item in results]
    assert {line.change["on"] for line in lines} == {"2026-03-02"}


def test_codes_of_pdi_flags_have_ten_signs_at_most() -> None:
    # "ID Flags consist of a ten-character code": PDI's help pages.
    assert max(map(len, LAYOUTS["pdi"].results.values())) <= 10


# As VAN's contact history is exported: names of ours that are no column of theirs stay where they are.
VAN = f"""VANID,External ID,LastName,DateCanvassed,ContactTypeName,Result
101,{T}.{BLOCK}.1,Doe,3/2/2026 4:05:00 PM,Walk,Canvassed
102,{T}.{BLOCK}.2,Roe,3/13/2026,Walk,Not Home
103,{T}.{STRETCH}.4,Poe,3/3/2026,Walk,Inaccessible
104,{T}.{STRETCH}.5,Low,,,
105,,Moe,3/3/2026,Walk,Moved
106,TA0001X.{BLOCK}.1,Joe,3/3/2026,Walk,Refused
107,{T}.069010401001009.1,Foe,3/3/2026,Walk,Refused
"""


def test_each_row_says_what_it_would_do_and_a_row_without_a_result_is_no_visit() -> None:
    lines = {line.number: line for line in told(VAN)}
    assert lines[2].change == {
        "id": f"{T}.{BLOCK}.1@2026-03-02",
        "turf": T,
        "unit": BLOCK,
        "door": "1",
        "disposition": "spoke",
        "on": "2026-03-02",
        "language": "",
        "again": "",
    }
    assert 5 not in lines, "nobody knocked there"
    assert {number: str(line.verdict) for number, line in lines.items() if number != 2} == dict.fromkeys(
        (3, 4, 6, 7, 8), "refused"
    )
    assert "2026-03-13 lies in the future" in lines[3].reason
    assert "is not in turf" in lines[8].reason


def test_a_word_that_may_mean_several_things_is_asked_and_the_answer_holds() -> None:
    assert table_of(VAN).unknown_words() == {"disposition": ["Inaccessible"]}
    said = Choice(words={"disposition": {"Inaccessible": "not_home", "inaccessible": "not_home"}})
    lines = judge_tool_returns(table_of(VAN, said), HERE, DAY)
    (line,) = [line for line in lines if line.number == 4]
    assert line.change["disposition"] == "not_home"


def test_a_file_counts_once_and_two_words_of_one_door_on_a_day_are_refused() -> None:
    book = CanvassBook(Journal(open_database("sqlite://")), "demo")
    cut = Cut(number=0, turfs=1, doors=5, tolerance=0, worst=0, bound=0)
    book.keep([NewTurf(0, (BLOCK, STRETCH), 5, 5, 15)], cut, "Ana", seen={})
    head = "Contact ID,Interaction Date,Interaction Status\n"
    row = f"{T}.{BLOCK}.1,2026-03-02,Answered\n"
    (line,) = told(head + row)
    assert book.take_in([Visit.make(line.change)], "Ana", seen={}) == 1
    again = TurfsHere(book.unit_names(), book.visit_ids(), book.former_codes(), book.visits_told())
    assert [str(line.verdict) for line in told(head + row, again)] == ["same"]
    both = told(head + row + row.replace("Answered", "Not Home"))
    assert [str(line.verdict) for line in both] == ["refused", "refused"]


def test_what_is_no_code_of_a_door_is_told() -> None:
    for text in ("7", "TA0001M..7", "TA0001M.u"):
        with pytest.raises(SchemaError, match="no code of a door"):
            read_door(text)


def test_no_word_of_a_file_that_may_name_voters_is_kept() -> None:
    assert tool_returns_in("America/Los_Angeles").private
    assert not tool_returns_in("America/Los_Angeles").note
