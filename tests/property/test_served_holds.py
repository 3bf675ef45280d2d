"""What holds of who lives where: parts add up to the whole, and more doubt never narrows a margin."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tracts.residents.estimate import VARIABLES, PeopleMap, estimate, to_crosswalks
from geo.tracts.residents.split_error import split_variance

CRS = "EPSG:3310"
SIDE = 1_000.0


def people_map(seed: int, heterogeneity: float = 0.3) -> PeopleMap:
    """Nine square tracts of four blocks each."""
    random = np.random.default_rng(seed)
    tracts = [shapely.box(x, y, x + 2, y + 2) for x in (0, 2, 4) for y in (0, 2, 4)]
    blocks = [shapely.box(x, y, x + 1, y + 1) for x in range(6) for y in range(6)]
    counts = {name: random.integers(0, 900, 9).astype(float) for name in VARIABLES}
    margins = {f"{name}_moe": random.integers(1, 200, 9).astype(float) for name in VARIABLES}
    weights = {name: random.integers(0, 90, 36).astype(float) for name in ("people", "homes")}
    frame = gpd.GeoDataFrame(counts | margins, geometry=tracts, index=list("abcdefghi"), crs=CRS)
    where = gpd.GeoDataFrame(weights, geometry=blocks, index=[f"w{n}" for n in range(36)], crs=CRS)
    return PeopleMap(_scaled(frame), _scaled(where), pd.Series(heterogeneity, index=list(VARIABLES)))


def _scaled(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(frame.geometry.affine_transform([SIDE, 0, 0, SIDE, 0, 0]))


def halves(cut: float) -> gpd.GeoDataFrame:
    """The whole square in two parts, cut from north to south."""
    parts = [shapely.box(0, 0, cut, 6), shapely.box(cut, 0, 6, 6)]
    return _scaled(gpd.GeoDataFrame(geometry=parts, index=["west", "east"], crs=CRS))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.floats(0.1, 5.9))
def test_two_parts_have_the_whole_between_them(seed: int, cut: float) -> None:
    people = people_map(seed)
    rows, _ = estimate(people, to_crosswalks(people, halves(cut)))
    sums = rows.groupby("variable")["estimate"].sum()
    for name in VARIABLES:
        assert sums[name] == pytest.approx(people.tracts[name].sum())


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.floats(0.1, 5.9))
def test_more_unlike_neighbors_widen_margins_and_change_nothing_else(seed: int, cut: float) -> None:
    alike, unlike = people_map(seed, 0.1), people_map(seed, 0.6)
    shares = to_crosswalks(alike, halves(cut))
    first, second = estimate(alike, shares)[0], estimate(unlike, shares)[0]
    assert (second["moe"] >= first["moe"] - 1e-9).all()
    assert (first["moe"] >= first["moe_sampling"] - 1e-9).all()
    same = ["estimate", "moe_sampling", "coverage", "share_guesswork", "share_by_area"]
    pd.testing.assert_frame_equal(first[same], second[same])


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.floats(0.1, 5.9), st.integers(0, 99))
def test_order_does_not_matter(seed: int, cut: float, mix: int) -> None:
    people = people_map(seed)
    random = np.random.default_rng(mix)
    mixed = PeopleMap(
        people.tracts.iloc[random.permutation(9)],
        people.weights.iloc[random.permutation(36)],
        people.heterogeneity,
    )
    key = ["target_id", "variable"]
    first = estimate(people, to_crosswalks(people, halves(cut)))[0].set_index(key)
    second = estimate(mixed, to_crosswalks(mixed, halves(cut)))[0].set_index(key)
    pd.testing.assert_frame_equal(first, second.loc[first.index])


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1e5))
def test_both_parts_of_a_whole_are_off_by_the_same(share: float, heterogeneity: float, count: float) -> None:
    counts, shares = np.array([count, count]), np.array([share, 1 - share])
    one, other = split_variance(counts, shares, heterogeneity)
    assert one == pytest.approx(other, rel=1e-6, abs=1e-9)
    assert one >= 0
