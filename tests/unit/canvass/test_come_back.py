"""Who is knocked on again, who is left alone, and who goes where: held against the slow way to the same."""

from __future__ import annotations

from itertools import permutations

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from geo.canvass.codes import Disposition
from geo.canvass.come_back import AGAIN, doors_again, last_visits, second_pass, spared_doors
from geo.canvass.volunteers import Need, language_name, propose_all, to_language
from geo.errors import InfeasibleError

UNITS_OF = {"T1": ("a", "b"), "T2": ("c",)}
visit = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from([str(item) for item in Disposition]),
    st.integers(0, 4),
)


def visits_of(rows: list[tuple[str, str, str, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["unit", "door", "disposition", "day"])
    on = pd.Timestamp("2026-03-01") + pd.to_timedelta(frame["day"], unit="D")
    ids = [str(place) for place in range(len(frame))]
    return frame.assign(on=on, id=ids, turf="T9", language="", again="")


@given(st.lists(visit, min_size=1, max_size=25))
def test_a_door_is_on_the_list_by_its_latest_visit_and_never_once_it_asked_to_be_left_alone(
    rows: list[tuple[str, str, str, int]],
) -> None:
    told = visits_of(rows)
    listed = doors_again(told, UNITS_OF, most=100)
    found = set(zip(listed["unit"], listed["door"], strict=True))
    spared = {pair for pairs in spared_doors(told, UNITS_OF).values() for pair in pairs}
    for unit, door in {(unit, door) for unit, door, _said, _day in rows}:
        ours = [row for row in rows if row[:2] == (unit, door)]
        latest = sorted(ours, key=lambda row: row[3])[-1][2]
        alone = any(row[2] == Disposition.DO_NOT_KNOCK for row in ours)
        assert ((unit, door) in spared) == alone
        assert ((unit, door) in found) == (not alone and latest in AGAIN)
    # A visit counts in the turf that has its block now.
    assert set(listed["turf"]) <= {"T1", "T2"}
    assert last_visits(told, UNITS_OF)["attempts"].sum() == len(rows)


@pytest.mark.parametrize(
    ("told_as", "written", "now", "found"),
    [
        ("b", "7", {"X": ("b-1-4-9",), "Y": ("b-5-9-9",)}, ("Y", "b-5-9-9")),
        ("b-5-9-9", "07", {"Z": ("b",)}, ("Z", "b")),
        ("b-5-9-9", " 7 ", {"X": ("b-1-6-9",), "Y": ("b-7-9-9",)}, ("Y", "b-7-9-9")),
        ("b", "gate", {"X": ("b-1-4-9",), "Y": ("b-5-9-9",)}, ("X", "b-1-4-9")),
        ("gone", "7", {"X": ("b",)}, ("T9", "gone")),
    ],
)
def test_a_door_that_wants_to_be_left_alone_is_so_after_its_block_was_cut_again(
    told_as: str, written: str, now: dict[str, tuple[str, ...]], found: tuple[str, str]
) -> None:
    told = visits_of([(told_as, written, "do_not_knock", 0)])
    turf, unit = found
    door = written.strip().lstrip("0")
    assert spared_doors(told, now) == {turf: [(unit, door)]}
    later = visits_of([(told_as, written, "do_not_knock", 0), (unit, door, "not_home", 2)])
    assert doors_again(later, now).empty


def test_after_three_times_nobody_home_a_door_is_left_out_unless_it_said_when() -> None:
    rows = [("a", door, "not_home", day) for door in "12" for day in range(3)]
    told = visits_of(rows)
    assert doors_again(told, UNITS_OF).empty
    told.loc[0, "again"] = "after 6 pm"
    assert doors_again(told, UNITS_OF)[["door", "again"]].to_numpy().tolist() == [["1", "after 6 pm"]]


@pytest.mark.parametrize("lists", [1, 3, 7])
def test_lists_of_a_second_pass_hold_every_door_once_and_differ_by_one_at_most(lists: int) -> None:
    squares = [box(100 * place, 0, 100 * place + 100, 100) for place in range(6)]
    units = gpd.GeoDataFrame(geometry=squares, index=list("abcdef"), crs="EPSG:3310")
    doors = pd.DataFrame({"unit": list("aaaabbcdddeefffff")})
    counts = second_pass(doors, units, lists).value_counts()
    assert counts.sum() == len(doors)
    assert len(counts) == lists
    assert counts.max() - counts.min() <= 1


def test_doors_of_blocks_that_are_gone_are_told_and_none_is_refused() -> None:
    units = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], index=["a"], crs="EPSG:3310")
    found = second_pass(pd.DataFrame({"unit": ["a", "gone"]}), units, 2)
    assert found.isna().tolist() == [False, True]
    with pytest.raises(InfeasibleError, match="no door"):
        second_pass(pd.DataFrame({"unit": []}), units, 1)


PEOPLE = pd.DataFrame(
    {
        "languages": [("en",), ("en", "es"), ("es",), ("en", "tsz")],
        "area": ["Mecca", "Oasis", "", "Mecca"],
        "hours_a_week": [4.0, 4.0, 2.0, None],
        "has_car": [True, None, False, True],
        "hours_taken": 0.0,
        "near_home": [None, None, None, True],
        "together": ["", "", "Heron", ""],
    },
    index=["Quail", "Heron", "Finch", "Wren"],
)
NEEDS = {
    "T1": Need("es", ("Mecca",), True, 3.0),
    "T2": Need("en", ("Oasis",), False, 3.0),
    "T3": Need("tsz", ("Mecca",), True, 3.0),
    "T4": Need("zh", ("Mecca",), True, 3.0),
}


def test_as_many_turfs_as_can_be_get_somebody_who_speaks_and_gets_there() -> None:
    found = propose_all(NEEDS, PEOPLE)
    given_names = [name for name in found["volunteer"] if name]
    assert len(given_names) == len(set(given_names))
    speaks = {name: set(row) for name, row in PEOPLE["languages"].items()}
    assert all(NEEDS[code].language in speaks[name] for code, name in found["volunteer"].items() if name)
    # The slow way: every order of people over turfs.
    most = max(
        sum(NEEDS[code].language in speaks[name] for code, name in zip(NEEDS, order, strict=True))
        for order in permutations(PEOPLE.index)
    )
    assert len(given_names) == most == 3
    assert found.loc["T4"].tolist() == ["", ""]


def test_who_walks_near_home_alone_gets_nothing_elsewhere() -> None:
    far = {"T1": Need("en", ("Thermal",), True, 3.0)}
    assert propose_all(far, PEOPLE.loc[["Wren"]])["volunteer"].tolist() == [""]


def test_those_who_come_together_get_turfs_near_each_other() -> None:
    people = PEOPLE.loc[["Heron", "Finch", "Quail"]].assign(languages=[("es",)] * 3, near_home=None)
    needs = {"T1": Need("es", ("Oasis",)), "T2": Need("es"), "T3": Need("es")}
    spots = {"T1": (0.0, 0.0), "T2": (40_000.0, 0.0), "T3": (500.0, 0.0)}
    found = propose_all(needs, people, spots)["volunteer"]
    # Heron is from Oasis, Finch comes with Heron.
    assert found.to_dict() == {"T1": "Heron", "T2": "Quail", "T3": "Finch"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Spanish", "es"),
        ("español", "es"),
        ("Espanol", "es"),
        ("Mixteco", "mix"),
        ("purepecha", "tsz"),
        ("en", "en"),
    ],
)
def test_a_language_is_found_however_it_is_typed_and_shown_by_its_name(typed: str, code: str) -> None:
    assert to_language(typed) == code
    assert code not in language_name(code).split()
