"""The State's list: every row kept, matched without guessing, its faults marked."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from geo.errors import SchemaError
from geo.pipelines import water_systems
from geo.pipelines.consolidation_candidates import Listed, transform, validate
from geo.region import Region
from geo.sources.catalog import read_catalog
from tests.unit.water.drawn_valley import Make, square, table

RECEIVER = "CA3310001"


@pytest.fixture
def systems(make: Make, region: Region) -> gpd.GeoDataFrame:
    raw = make(
        water_system_boundaries=[
            {"pwsid": RECEIVER, "name": "COACHELLA VWD", "owner_type_code": "L", "county": "RIVERSIDE"},
            {"pwsid": "CA3301717", "name": "VALLEY VIEW TRAILER PARK", "shape": square(20, 0)},
        ],
        state_small_water_systems=[
            {"pwsid": "CA3302009", "name": "Sam's Fence", "county": "RIVERSIDE", "connections": 6},
            {"pwsid": "CA3303105", "name": "Twin Palms"},
            {"pwsid": "CA3303106", "name": "Twin Palms"},
        ],
    )
    return water_systems.transform(raw, region).frame


def listed(systems: gpd.GeoDataFrame, *rows: dict[str, object]) -> Listed:
    fixed = {"receiving_pwsid": RECEIVER, "receiving_county": "RIVERSIDE", "joining_county": "RIVERSIDE"}
    return Listed(table("consolidation_2021", [{**fixed, **row} for row in rows]), systems)


@pytest.mark.parametrize(
    ("pwsid", "name", "match", "matched"),
    [
        ("CA3301717", "ANOTHER NAME", "pwsid", "CA3301717"),
        (None, "SAM S FENCE", "name", "CA3302009"),
        (None, "Valley View TP", "name", "CA3301717"),
        (None, "Twin Palms", "none", None),
        (None, "Sam's Fences", "none", None),
        ("CA3399999", "Sam's Fence", "none", None),
    ],
)
def test_a_row_is_matched_by_identifier_or_by_its_whole_name_or_not(
    systems: gpd.GeoDataFrame, region: Region, pwsid: str | None, name: str, match: str, matched: str | None
) -> None:
    raw = listed(systems, {"joining_pwsid": pwsid, "joining_name": name})
    row = transform(raw, region).frame.iloc[0]
    assert row["match"] == match
    assert row["matched_pwsid"] == matched if matched else pd.isna(row["matched_pwsid"])
    assert row["joining_name"] == name


def test_rows_of_one_system_name_each_other(systems: gpd.GeoDataFrame, region: Region) -> None:
    raw = listed(
        systems,
        {"joining_pwsid": "CA3302009", "joining_name": "SAM S FENCE"},
        {"joining_name": "Sam's Fence"},
        {"joining_name": "RBI Packing, LLC"},
        {"joining_pwsid": "CA3399999", "joining_name": "RBI  PACKING, LLC"},
        {"joining_name": "Twin Palms"},
    )
    frame = transform(raw, region).frame
    assert frame["double_of"].fillna("").tolist() == ["2", "1", "4", "3", ""]
    assert frame["is_double"].tolist() == [True, True, True, True, False]


def test_names_alike_of_two_different_systems_are_no_doubles(make: Make, region: Region) -> None:
    names = {"CA3300001": "VALENCIA TRAILER PARK", "CA3300002": "Valencia Water"}
    rows = [{"pwsid": pwsid, "name": name, "county": "RIVERSIDE"} for pwsid, name in names.items()]
    raw = make(water_system_details=rows)
    systems = water_systems.transform(raw, region).frame
    frame = transform(
        listed(systems, {"joining_name": "Valencia Trailer Park"}, {"joining_name": "VALENCIA WATER"}), region
    ).frame
    assert not frame["is_double"].any()


def test_a_distance_shorter_than_the_straight_line_means_another_place(
    systems: gpd.GeoDataFrame, region: Region
) -> None:
    # The park's square lies 19 km, 11.8 miles, from the receiver's.
    near, far = (
        transform(
            listed(systems, {"joining_pwsid": "CA3301717", "joining_name": "V", "distance_miles": d}), region
        )
        for d in (0.0, 11.5)
    )
    assert near.frame["straight_line_miles"].item() == pytest.approx(11.8, abs=0.05)
    assert near.frame["is_misplaced"].item()
    assert not far.frame["is_misplaced"].item()


def test_a_row_across_a_county_line_is_marked(systems: gpd.GeoDataFrame, region: Region) -> None:
    raw = listed(systems, {"joining_name": "x", "joining_county": "PLACER", "joining_pwsid": "CA3100088"})
    row = transform(raw, region).frame.iloc[0]
    assert (row["counties_differ"], row["match"]) == (True, "none")


def test_a_new_name_without_a_common_word_is_told(systems: gpd.GeoDataFrame, region: Region) -> None:
    raw = listed(systems, {"joining_pwsid": "CA3301717", "joining_name": "SAINT ANTHONY"})
    product = transform(raw, region)
    assert product.frame["was_renamed"].item()
    assert "candidates_renamed" in {finding.check for finding in product.findings}


def test_rows_that_concern_other_counties_alone_are_left_out_and_numbers_stay(
    systems: gpd.GeoDataFrame, region: Region
) -> None:
    kern = {"joining_county": "KERN", "receiving_county": "KERN", "receiving_pwsid": "CA1510001"}
    frame = transform(listed(systems, {"joining_name": "a", **kern}, {"joining_name": "b"}), region).frame
    assert frame["row"].tolist() == ["2"]


def test_a_family_name_is_not_shown_to_the_public(systems: gpd.GeoDataFrame, region: Region) -> None:
    raw = listed(systems, {"joining_name": "Sam's Fence"}, {"joining_name": "Ruben Aceves"})
    shown = transform(raw, region).frame["public_name"].tolist()
    assert shown == ["Riverside County, CA3302009", "Riverside County, row 2"]


def test_the_receivers_rows_are_told_by_the_regions_identifiers(
    systems: gpd.GeoDataFrame, region: Region
) -> None:
    raw = listed(systems, {"joining_name": "a"}, {"joining_name": "b", "receiving_pwsid": "CA3310020"})
    other = replace(region, receiver_pwsids=("CA3310020",))
    assert transform(raw, region).frame["is_region_receiver"].tolist() == [True, False]
    assert transform(raw, other).frame["is_region_receiver"].tolist() == [False, True]


def test_a_negative_cost_is_refused(systems: gpd.GeoDataFrame, region: Region) -> None:
    frame = transform(listed(systems, {"joining_name": "a", "total_cost_usd": -1}), region).frame
    with pytest.raises(SchemaError, match="1 values of total_cost_usd are negative"):
        validate(frame)


def test_the_catalog_has_every_amount_of_the_list() -> None:
    from geo.pipelines.consolidation_candidates import AMOUNTS

    assert set(AMOUNTS) <= set(read_catalog()["consolidation_2021"].layout.number)
