"""What a cost is reckoned on where a system's place is not known, or known to be wrong."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from geo.crs import STORED
from geo.water.known_ways import know_ways, unplaced
from geo.water.routes import METERS_PER_FOOT, cost_systems, measure_ways

UTM = "EPSG:26911"
DISTRICT, PARK, SURE = "CA9009999", "CA9000001", "CA9000002"
MILE_FT = 5280.0
# The district is a square of a kilometer; the park's wrong point lies 10 km to the east of it.
BOUNDARY = box(500_000, 3_700_000, 501_000, 3_701_000)


def systems(quality: str = "point_shared_centroid", neighbors: int = 0) -> gpd.GeoDataFrame:
    """A park at a doubtful point, one at a sure point, neighbors 100, 200, ... m off, the district."""
    near = {f"CA90001{number:02}": Point(501_100 + 100 * number, 3_700_500) for number in range(neighbors)}
    shapes = {PARK: Point(511_000, 3_700_500), SURE: Point(501_500, 3_700_500), **near, DISTRICT: BOUNDARY}
    frame = gpd.GeoDataFrame({"pwsid": list(shapes)}, geometry=list(shapes.values()), crs=UTM)
    return frame.assign(
        location_quality=[quality, *["polygon"] * (len(shapes) - 1)],
        community=["Thermal", "Mecca", *["Thermal"] * neighbors, "Thermal"],
        is_receiver=frame["pwsid"].eq(DISTRICT),
        population=24.0,
        connections=13.0,
        county_geoid="06065",
    ).to_crs(STORED)


def state_row(**given: Any) -> pd.DataFrame:
    """A row of the State's table: a route of 900 ft, that nothing speaks against."""
    row = {
        "row": "7",
        "double_of": None,
        "matched_pwsid": PARK,
        "receiving_pwsid": DISTRICT,
        "is_region_receiver": True,
        "merge_type": "Route",
        "distance_ft": 900.0,
        "distance_miles": 900 / MILE_FT,
        "straight_line_miles": None,
        "was_renamed": False,
        "counties_differ": False,
        "total_cost_usd": 1.0,
    }
    return pd.DataFrame([row | given])


def ways_of(frame: gpd.GeoDataFrame, rows: pd.DataFrame) -> gpd.GeoDataFrame:
    boundary = gpd.GeoSeries([BOUNDARY], crs=UTM).to_crs(STORED).item()
    return know_ways(measure_ways(frame, boundary, UTM), frame, rows, UTM)


@pytest.mark.parametrize("quality", ["polygon", "point_street", "point_published", "polygon_too_coarse"])
def test_a_known_place_is_measured_whatever_the_state_says(quality: str) -> None:
    ways = ways_of(systems(quality), state_row())
    assert ways.loc[PARK, "basis"] == "straight line"
    np.testing.assert_allclose(ways.loc[PARK, "distance_ft"], 10_000 * 1.3 / METERS_PER_FOOT, rtol=1e-3)


@pytest.mark.parametrize(
    "quality", ["point_shared_centroid", "point_shared", "point_outside_county", "polygon_too_wide", "none"]
)
def test_the_state_s_own_way_stands_where_the_place_is_wrong(quality: str) -> None:
    frame = systems(quality)
    ways = ways_of(frame, state_row())
    assert ways.loc[PARK, ["merge_type", "basis"]].tolist() == ["route", "state row"]
    assert ways.loc[PARK, ["low_ft", "distance_ft", "high_ft"]].tolist() == [900.0, 900.0, 900.0]
    assert ways.loc[PARK, "geometry"] is None
    # By the 2024 method, by hand: 1,900 ft and 13 homes in an urban county.
    pipe, service = 1900 * 220 * 1.32, 6200 * 13 * 1.32
    total = (pipe + service + 5437 * 13 + 0.15 * (pipe + service) + 100_000) * 1.481
    np.testing.assert_allclose(cost_systems(frame, ways).loc[PARK, "total_cost_usd"], total)
    assert ways.loc[SURE, "basis"] == "straight line"


@pytest.mark.parametrize(
    "fault",
    [
        {"was_renamed": True},
        {"counties_differ": True},
        {"straight_line_miles": 3.0},
        {"is_region_receiver": False},
        # It agrees with our wrong point, which lies 32,808 ft off: the State had the park there, too.
        {"distance_ft": 40_000.0, "distance_miles": 40_000 / MILE_FT},
    ],
)
def test_a_doubtful_row_of_the_state_gives_no_price(fault: dict[str, Any]) -> None:
    frame = systems()
    ways = ways_of(frame, state_row(**fault))
    costs = cost_systems(frame, ways)
    assert ways.loc[PARK, ["basis", "distance_ft"]].isna().all()
    assert costs.loc[PARK, ["total_cost_usd", "low_cost_usd", "high_cost_usd"]].isna().all()
    assert costs.loc[PARK, "reason"] == "its place is not known, and nothing tells how far it is"


def test_two_rows_of_one_length_are_one_spot() -> None:
    other = state_row(row="8", matched_pwsid=SURE)
    ways = ways_of(systems(), pd.concat([state_row(), other], ignore_index=True))
    assert pd.isna(ways.loc[PARK, "basis"])


def test_a_range_over_the_places_of_its_community_and_no_value() -> None:
    """Five neighbors from 100 to 500 m off: at 1.0 times the nearest, at 1.8 times the farthest."""
    frame = systems(neighbors=5)
    ways = ways_of(frame, pd.DataFrame())
    assert ways.loc[PARK, "basis"] == "possible places"
    assert pd.isna(ways.loc[PARK, "distance_ft"])
    low, high = ways.loc[PARK, "low_ft"], ways.loc[PARK, "high_ft"]
    np.testing.assert_allclose([low, high], [100 / METERS_PER_FOOT, 900 / METERS_PER_FOOT], rtol=2e-3)
    costs = cost_systems(frame, ways).loc[PARK]
    assert pd.isna(costs["total_cost_usd"])
    assert 0 < costs["low_cost_usd"] < costs["high_cost_usd"]
    assert costs["reason"].startswith("its place is not known: the range")


def test_two_neighbors_are_too_few_for_a_range() -> None:
    assert pd.isna(ways_of(systems(neighbors=2), pd.DataFrame()).loc[PARK, "basis"])


def test_whose_place_is_unknown_by_hand() -> None:
    quality = ["polygon", "polygon_circle", "point_outside_county", "none", None]
    assert unplaced(pd.DataFrame({"location_quality": quality})).tolist() == [False, False, True, True, True]
