"""Who is next: not knowing never lifts a system, learning never lowers it, only those who wait are ranked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.water.need import LEAST_KNOWN, PARTS, score_need
from store.water.kinds import Service, Stage
from store.water.next_in_line import LEFT_OUT, Listing, who_is_next

NAMES = list(PARTS)
VALUES = st.one_of(st.none(), st.integers(0, 8).map(lambda eighth: eighth / 8))
WEIGHINGS = st.lists(st.integers(1, 6).map(lambda half: half / 2), min_size=len(NAMES), max_size=len(NAMES))
WAITING = st.sampled_from([str(Stage.NOT_RECORDED), str(Stage.PLANNING)])


@st.composite
def boards(draw: st.DrawFn, stages: st.SearchStrategy[str] = WAITING) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A board of some systems with their stages, and their parts of need, many of them unknown."""
    count = draw(st.integers(2, 7))
    rows = draw(st.lists(st.lists(VALUES, min_size=6, max_size=6), min_size=count, max_size=count))
    index = [f"CA900000{number}" for number in range(count)]
    parts = pd.DataFrame(rows, columns=NAMES, index=index).astype("Float64")
    chosen = draw(st.lists(stages, min_size=count, max_size=count))
    return pd.DataFrame({"water_stage": chosen, "is_receiver": False}, index=index), parts


def list_of(table: pd.DataFrame, parts: pd.DataFrame, weights: list[float]) -> pd.DataFrame:
    return who_is_next(table, parts, dict(zip(NAMES, weights, strict=True)), draws=5)


def place_of(table: pd.DataFrame, parts: pd.DataFrame, weights: list[float], pwsid: str) -> float:
    """A system's rank; infinite where it has none, which is never better than any."""
    rank = list_of(table, parts, weights).loc[pwsid, "rank"]
    return np.inf if pd.isna(rank) else float(rank)


@given(boards(), WEIGHINGS, st.data())
@settings(deadline=None, max_examples=40)
def test_hiding_a_value_never_improves_a_rank(
    board: tuple[pd.DataFrame, pd.DataFrame], weights: list[float], data: st.DataObject
) -> None:
    table, parts = board
    pwsid, part = data.draw(st.sampled_from(list(parts.index))), data.draw(st.sampled_from(NAMES))
    hidden = parts.copy()
    hidden.loc[pwsid, part] = pd.NA
    assert place_of(table, hidden, weights, pwsid) >= place_of(table, parts, weights, pwsid)


@given(boards(), WEIGHINGS, st.data())
@settings(deadline=None, max_examples=40)
def test_learning_or_worsening_a_value_never_lowers_a_rank(
    board: tuple[pd.DataFrame, pd.DataFrame], weights: list[float], data: st.DataObject
) -> None:
    """What is learned of a part, whatever it is, and what turns out worse, lowers nobody."""
    table, parts = board
    pwsid, part = data.draw(st.sampled_from(list(parts.index))), data.draw(st.sampled_from(NAMES))
    before = parts.loc[pwsid, part]
    worse = parts.copy()
    worse.loc[pwsid, part] = data.draw(
        st.floats(0.0 if pd.isna(before) else float(before), 1.0), label="as bad or worse"
    )
    on_it = list_of(table, parts, weights)["listing"].eq(Listing.NEXT)
    assume(on_it[pwsid])
    assert place_of(table, worse, weights, pwsid) <= place_of(table, parts, weights, pwsid)


@given(boards(st.sampled_from([str(stage) for stage in Stage])), WEIGHINGS)
@settings(deadline=None, max_examples=40)
def test_ranks_are_of_the_list_and_nobody_else_counts(
    board: tuple[pd.DataFrame, pd.DataFrame], weights: list[float]
) -> None:
    table, parts = board
    listed = list_of(table, parts, weights)
    on_it = listed["listing"].eq(Listing.NEXT)
    assert listed["rank"].notna().eq(on_it).all()
    assert listed["why_not_next"].eq("").eq(on_it).all()
    assert not on_it.any() or listed.loc[on_it, "rank"].min() == 1
    known = score_need(parts, dict(zip(NAMES, weights, strict=True)))["known"]
    assert (known[on_it] >= LEAST_KNOWN - 1e-9).all()
    assert (known[listed["listing"].eq(Listing.LITTLE_KNOWN)] < LEAST_KNOWN).all()
    gone = listed["listing"].isin([str(item) for item in LEFT_OUT])
    alone = list_of(table[~gone], parts, weights)
    pd.testing.assert_series_equal(alone["rank"], listed.loc[~gone, "rank"])


@given(boards())
@settings(deadline=None, max_examples=20)
def test_wastewater_has_no_ranks(board: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    table, parts = board
    listed = who_is_next(
        table.rename(columns={"water_stage": "wastewater_stage"}), parts, service=Service.WASTEWATER
    )
    assert "rank" not in listed
    assert listed["listing"].eq(Listing.NOT_RANKED).all()
