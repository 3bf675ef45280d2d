"""Totals of paper shared out to tracts: whole, adding up, in no order, within what doors allow."""

from __future__ import annotations

from itertools import product

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.canvass.codes import Disposition
from geo.canvass.progress import UNKNOWN, reached_range, share_out

SPOKE, REST = str(Disposition.SPOKE), str(Disposition.NOT_HOME)
Sheet = tuple[int, int]
turfs = st.lists(st.integers(0, 6), min_size=1, max_size=4)
sheets = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5)


def units_of(doors: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {"turf": "T", "tract_geoid": [f"{place}" for place in range(len(doors))], "doors": doors}
    )


def tallies_of(counts: list[Sheet]) -> pd.DataFrame:
    days = pd.date_range("2026-03-02", periods=len(counts))
    frame = pd.DataFrame(0, index=range(len(counts)), columns=[str(item) for item in Disposition])
    spoke, rest = zip(*counts, strict=True)
    return frame.assign(**{SPOKE: spoke, REST: rest}, turf="T", on=days)


@settings(max_examples=80, deadline=None)
@given(turfs, sheets)
def test_every_sheet_keeps_its_sums_and_no_part_has_more_reached_than_knocked_on(
    doors: list[int], counts: list[Sheet]
) -> None:
    rows = share_out(tallies_of(counts), units_of(doors))
    sums = rows.groupby("on")[["knocked", "reached"]].sum()
    assert sums.to_numpy().tolist() == [[spoke + rest, spoke] for spoke, rest in counts]
    assert (rows["reached"].between(0, rows["knocked"])).all()
    assert rows["estimated"].any() == (sum(count > 0 for count in doors) > 1)


@settings(max_examples=60, deadline=None)
@given(turfs, sheets, st.randoms(use_true_random=False))
def test_tracts_do_not_depend_on_the_order_in_which_sheets_come(
    doors: list[int], counts: list[Sheet], random: object
) -> None:
    other = list(counts)
    random.shuffle(other)  # type: ignore[attr-defined]
    first, second = (
        share_out(tallies_of(some), units_of(doors)).fillna({"tract_geoid": UNKNOWN})
        for some in (counts, other)
    )
    columns = ["knocked", "reached"]
    assert first.groupby("tract_geoid")[columns].sum().equals(second.groupby("tract_geoid")[columns].sum())


@settings(max_examples=60, deadline=None)
@given(turfs, sheets)
def test_the_range_is_that_of_all_ways_in_which_the_doors_can_hold_the_households(
    doors: list[int], counts: list[Sheet]
) -> None:
    spoke = min(sum(count for count, _rest in counts), sum(doors))
    contacts = share_out(tallies_of([(spoke, 0)]), units_of(doors))
    found = reached_range(contacts, units_of(doors))
    ways = [way for way in product(*(range(count + 1) for count in doors)) if sum(way) == spoke]
    for tract, row in found.iterrows():
        held = [way[int(str(tract))] for way in ways]
        assert (row["least"], row["most"]) == (min(held), max(held))
    by_tract = contacts.groupby("tract_geoid")["reached"].sum()
    assert (by_tract.reindex(found.index) == found["shared_out"]).all()
    assert found["shared_out"].between(found["least"], found["most"]).all()


def test_a_turf_that_is_not_here_and_doors_in_no_tract_are_unknown() -> None:
    tallies = tallies_of([(6, 3)])
    assert share_out(tallies.assign(turf="gone"), units_of([4]))["tract_geoid"].isna().all()
    half = pd.DataFrame({"turf": "T", "tract_geoid": ["1", None], "doors": [5, 5]})
    parts = share_out(tallies, half)
    assert parts["reached"].tolist() == [3, 3]
    assert parts["tract_geoid"].isna().tolist() == [False, True]
