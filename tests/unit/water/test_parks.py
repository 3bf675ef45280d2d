"""Parks: none is dropped for a bad place, it is marked."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from geo.errors import SchemaError
from geo.pipelines.mobile_home_parks import Parks, transform, validate
from geo.region import Region
from tests.unit.water.drawn_valley import table

HERE = {"latitude": 33.5, "longitude": -116.1, "county": "RIVERSIDE", "geocode_match": "Good"}


def parks(counties: gpd.GeoDataFrame, *rows: dict[str, object]) -> Parks:
    numbered = [{"park_id": f"33-{n:04}-MP", "name": "a", **HERE, **row} for n, row in enumerate(rows, 1)]
    return Parks(table("mobile_home_parks", numbered), counties)


@pytest.mark.parametrize(
    ("row", "quality", "check"),
    [
        ({}, "point_street", None),
        ({"latitude": 40.032, "longitude": -124.076}, "point_outside_county", "parks_elsewhere"),
        ({"county": "IMPERIAL"}, "point_street", "parks_county_contradicts"),
    ],
)
def test_a_park_is_kept_and_its_place_judged(
    counties: gpd.GeoDataFrame, region: Region, row: dict[str, object], quality: str, check: str | None
) -> None:
    product = transform(parks(counties, row), region)
    validate(product.frame)
    assert product.frame["location_quality"].tolist() == [quality]
    assert [finding.check for finding in product.findings] == ([check] if check else [])


def test_parks_on_one_point_count_one_another(counties: gpd.GeoDataFrame, region: Region) -> None:
    frame = transform(parks(counties, {}, {}, {"latitude": 33.6}), region).frame
    assert frame["shared_spot"].tolist() == [2, 2, 1]
    assert frame["location_quality"].tolist() == ["point_shared", "point_shared", "point_street"]


def test_spaces_and_lots_are_counted_apart(counties: gpd.GeoDataFrame, region: Region) -> None:
    row = {"spaces": 9, "rv_lots_with_drains": 32, "rv_lots_without_drains": 1}
    frame = transform(parks(counties, row), region).frame
    assert (frame["spaces"].item(), frame["rv_lots"].item()) == (9, 33)


def test_sizes_are_those_of_todays_register_and_what_moved_is_told(
    counties: gpd.GeoDataFrame, region: Region
) -> None:
    raw = parks(
        counties, {"spaces": 9, "rv_lots_with_drains": 3, "rv_lots_without_drains": 0}, {"spaces": 20}
    )
    today = [
        {"park_id": "33-0001-MP", "spaces": 11, "rv_lots_with_drains": 0},
        {"park_id": "33-0077-MP", "spaces": 30},
        {"park_id": "15-0001-MP", "spaces": 99},
    ]
    product = transform(raw._replace(today=table("mobile_home_parks_register", today)), region)
    validate(product.frame)
    assert product.frame["spaces"].tolist() == [11, 20]
    assert product.frame["rv_lots"].iloc[0] == 0
    found = {finding.check: finding.ids for finding in product.findings}
    assert found["parks_new"] == ("33-0077-MP",)
    assert found["parks_gone"] == ("33-0002-MP",)


def test_a_park_without_a_point_is_refused(counties: gpd.GeoDataFrame, region: Region) -> None:
    frame = transform(parks(counties, {"latitude": None}), region).frame
    with pytest.raises(SchemaError, match=r"1 rows have no geometry \(33-0001-MP\)"):
        validate(frame)


@pytest.mark.parametrize("name", ["LOPEZ TRAILER PARK", "Lopez TP", "LOPEZ MOBILEHOME PARK"])
def test_a_park_does_not_tell_the_withheld_name_of_its_system(
    counties: gpd.GeoDataFrame, region: Region, name: str
) -> None:
    systems = pd.DataFrame(
        {"name": ["Lopez Mobile Home Park", "OASIS PARK"], "public_name": ["Thermal, CA1", "OASIS PARK"]}
    )
    raw = parks(counties, {"name": name, "city": "THERMAL"}, {"name": "OASIS PARK"})
    frame = transform(raw._replace(systems=systems), region).frame
    assert frame["public_name"].tolist() == ["Thermal, 33-0001-MP", "OASIS PARK"]
    assert frame["name"].tolist() == [name, "OASIS PARK"]
