"""Tribal land is taken of the tribes that agreed, and of no other."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from geo.canvass.target import Filter, choose_units, share_within
from geo.canvass.tribal_land import (
    doors_by_tribe,
    partly_there,
    share_without_permission,
    shares_by_tribe,
)


def units() -> gpd.GeoDataFrame:
    """Four blocks in a row: on land of A, half on A and half on B, on B, on nobody's."""
    squares = [box(100 * place, 0, 100 * place + 100, 100) for place in range(4)]
    counts = {"doors": [10.0, 20.0, 30.0, 40.0], "households": 1.0, "population": 2.0, "ca_htc_index": 90.0}
    more = {"share_limited_english": 0.2, "share_group_quarters": 0.0, "tract_geoid": "1"}
    return gpd.GeoDataFrame(counts | more, geometry=squares, index=list("abcd"), crs="EPSG:3310")


LAND = gpd.GeoDataFrame(
    {"geoid": ["A", "B", "C"]},
    geometry=[box(0, 0, 150, 100), box(150, 0, 300, 100), box(900, 0, 999, 9)],
    crs="EPSG:3310",
)


def test_without_a_permission_the_share_is_that_of_all_tribal_land() -> None:
    shares = shares_by_tribe(units(), LAND)
    assert shares.columns.tolist() == ["A", "B"], "no block is on land of C"
    pd.testing.assert_series_equal(share_without_permission(shares, []), share_within(units(), LAND))


def test_one_tribes_word_holds_for_its_own_land_alone() -> None:
    shares = shares_by_tribe(units(), LAND)
    for agreed, taken, told in (
        ([], "d", {"A": [0, 30], "B": [0, 50]}),
        # Half of b is on land of B, which said nothing.
        (["A"], "ad", {"A": [10, 20], "B": [0, 50]}),
        (["B"], "cd", {"A": [0, 30], "B": [30, 20]}),
        (["A", "B"], "abcd", {"A": [30, 0], "B": [50, 0]}),
        (["C"], "d", {"A": [0, 30], "B": [0, 50]}),
    ):
        target = choose_units(units(), tribal=share_without_permission(shares, agreed))
        assert "".join(target.units.index) == taken
        counts = doors_by_tribe(target, shares)
        assert {tribe: list(row) for tribe, row in zip(counts.index, counts.to_numpy(), strict=True)} == told


def test_what_is_told_to_be_left_out_is_what_this_target_leaves_out() -> None:
    """All of the region's blocks on tribal land were told, wherever the target was."""
    ours = units().assign(ca_htc_index=[90.0, 90.0, 10.0, 90.0])
    land = gpd.GeoDataFrame({"geoid": ["A"]}, geometry=[box(0, 0, 90, 100).union(box(200, 0, 290, 100))])
    shares = shares_by_tribe(ours, land.set_crs("EPSG:3310"))
    share = share_without_permission(shares, [])
    assert share.round(2).tolist() == [0.9, 0.0, 0.9, 0.0]
    target = choose_units(ours, wanted=Filter(least_index=60), tribal=share)
    assert partly_there(target, share).to_dict() == {"inside": 0.0, "outside": 10.0}


def test_a_stretch_of_a_block_lies_where_its_block_does() -> None:
    shares = shares_by_tribe(units(), LAND)
    target = choose_units(units(), tribal=share_without_permission(shares, ["A", "B"]))
    part = target.units.rename(index={"a": "a-1-4-10"}).assign(doors=4.0)
    held = doors_by_tribe(type(target)(gpd.GeoDataFrame(part), target.left_out), shares)
    assert held["taken"].to_dict() == {"A": 8, "B": 8}
