"""What holds for every set of tracts and systems, and every name and identifier."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.water.identifiers import (
    are_akin,
    county_geoid_of,
    is_pwsid,
    normalize_name,
    to_public_names,
    to_pwsid,
)
from geo.water.service_areas import account_overlaps, overlap_pairs
from geo.water.systems import to_roles

METRIC, STORED = "EPSG:3310", "EPSG:4326"
X0, Y0, SIDE = 355_000.0, -490_000.0, 1_000.0
corner = st.floats(-500, 2_500)
side = st.floats(1, 3_000)
boxes = st.lists(st.tuples(corner, corner, side, side), min_size=1, max_size=6)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def to_layer(key: str, names: list[str], shapes: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    placed = gpd.GeoSeries(shapes, crs=METRIC).to_crs(STORED)
    return gpd.GeoDataFrame({key: names}, geometry=placed, crs=STORED)


def to_tracts() -> gpd.GeoDataFrame:
    """Three by three squares of a kilometer."""
    places = [(x, y) for x in range(3) for y in range(3)]
    shapes = [
        shapely.box(X0 + x * SIDE, Y0 + y * SIDE, X0 + (x + 1) * SIDE, Y0 + (y + 1) * SIDE) for x, y in places
    ]
    return to_layer("geoid", [f"{x}{y}" for x, y in places], shapes)


def to_systems(drawn: list[tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    shapes = [shapely.box(X0 + x, Y0 + y, X0 + x + width, Y0 + y + height) for x, y, width, height in drawn]
    return to_layer("pwsid", [f"CA330{n:04}" for n in range(len(drawn))], shapes)


@few
@given(boxes)
def test_areas_are_those_of_a_slow_independent_way(drawn: list[tuple[float, float, float, float]]) -> None:
    tracts, systems = to_tracts(), to_systems(drawn)
    fast = overlap_pairs(tracts, systems, METRIC).set_index(["geoid", "pwsid"])["area_m2"]
    ours, theirs = tracts.to_crs(METRIC), systems.to_crs(METRIC)
    for _, tract in ours.iterrows():
        for _, system in theirs.iterrows():
            # By inclusion and exclusion, without any intersection.
            one, other = tract.geometry, system.geometry
            slow = one.area + other.area - one.union(other).area
            assert fast.get((tract["geoid"], system["pwsid"]), 0.0) == pytest.approx(slow, abs=1e-3)


@few
@given(boxes)
def test_nothing_is_lost_without_being_named(drawn: list[tuple[float, float, float, float]]) -> None:
    tracts, systems = to_tracts(), to_systems(drawn)
    pairs = overlap_pairs(tracts, systems, METRIC)
    ledger = account_overlaps(pairs, tracts, systems, METRIC)
    assert ledger.imbalance().abs().max() <= 1e-3
    ours, theirs = tracts.to_crs(METRIC), systems.to_crs(METRIC)
    outside = theirs.geometry.difference(ours.geometry.union_all()).area.sum()
    bare = ours.geometry.difference(theirs.geometry.union_all()).area.sum()
    lost = ledger.lines["lost"]
    assert lost["system_area_m2"] == pytest.approx(outside, abs=1e-3)
    assert lost["tract_area_m2"] == pytest.approx(bare, abs=1e-3)


@few
@given(boxes)
def test_shares_of_a_system_sum_to_what_lies_within(drawn: list[tuple[float, float, float, float]]) -> None:
    pairs = overlap_pairs(to_tracts(), to_systems(drawn), METRIC)
    assert pairs[["share_of_tract", "share_of_system"]].to_numpy().min(initial=0) >= 0
    assert (pairs.groupby("pwsid")["share_of_system"].sum() <= 1 + 1e-9).all()
    assert (pairs["share_of_tract"] <= 1 + 1e-9).all()


@few
@given(boxes, st.randoms(use_true_random=False))
def test_order_does_not_matter(drawn: list[tuple[float, float, float, float]], chance) -> None:
    tracts, systems = to_tracts(), to_systems(drawn)
    order = list(range(len(systems)))
    chance.shuffle(order)
    one = overlap_pairs(tracts, systems, METRIC)
    other = overlap_pairs(tracts.iloc[::-1], systems.iloc[order], METRIC)
    pd.testing.assert_frame_equal(one, other)


@given(st.integers(0, 9_999_999))
def test_identifiers_round_trip(number: int) -> None:
    pwsid = f"CA{number:07}"
    assert is_pwsid(to_pwsid(str(pwsid).lower()))
    assert to_pwsid(f"{number:07}") == pwsid
    assert county_geoid_of(pwsid).startswith("06")


@given(st.text("ABCabc 1-#.&'", max_size=30))
def test_a_name_written_the_one_way_stays_so(name: str) -> None:
    once = normalize_name(name)
    assert normalize_name(once) == once
    assert are_akin(name, name)
    assert normalize_name(name.lower()) == once


@given(
    st.sampled_from(["private", None]),
    st.one_of(st.none(), st.floats(0, 199)),
    st.sampled_from(["community", "state_small", "transient", "unknown"]),
    st.sampled_from(["FAMILY", "AMEZCUA - GARCIA WATER", "FAMILY RANCH WATER SYSTEM #2", ""]),
)
def test_no_small_private_systems_name_is_shown(
    owner: str | None, connections: float | None, kind: str, name: str
) -> None:
    row = {"pwsid": "CA3302079", "name": name, "community": None, "county_name": "Riverside"}
    frame = pd.DataFrame([{**row, "system_class": kind, "owner_type": owner}]).astype("string")
    frame["connections"] = pd.Series([connections], dtype="Float64")
    assert to_public_names(frame).item() == "Riverside County, CA3302079"


@pytest.mark.parametrize(
    ("name", "connections", "is_named"),
    [
        ("ANZA MUTUAL WATER CO.", 85, True),
        ("Date Gardens MHP", 72, True),
        ("Date Gardens MHP", 49, False),
        ("AMEZCUA - GARCIA WATER", 79, False),
        ("SOUTH MESA WATER", 200, True),
    ],
)
def test_a_place_or_an_enterprise_of_fifty_connections_keeps_its_name(
    name: str, connections: float, is_named: bool
) -> None:
    row = {"pwsid": "CA3302079", "name": name, "community": None, "county_name": "Riverside"}
    frame = pd.DataFrame([{**row, "system_class": "community", "owner_type": "private"}]).astype("string")
    frame["connections"] = pd.Series([connections], dtype="Float64")
    assert (to_public_names(frame).item() == name) == is_named


@given(
    st.sampled_from(["Failing", "At-Risk", "Potentially At-Risk", "Not At-Risk", "Not Assessed", None]),
    st.integers(1, 200_000),
)
def test_no_system_both_joins_and_receives_and_size_decides(status: str | None, connections: int) -> None:
    sizes = pd.Series([connections, connections + 1_000], dtype="Float64")
    roles = to_roles(pd.Series([status] * 2, dtype="string"), sizes)
    assert roles.isin(["joining", "receiving", "none"]).all()
    assert roles.iloc[1] == "receiving"
    assert roles.iloc[0] == "receiving" or connections <= 1_000
