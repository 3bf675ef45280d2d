"""Four unit squares with ten in each, and a polygon of area 2.25 over them: 22.5 (checks of the domain)."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point, Polygon, box

from geo.methods.interpolation import apply_crosswalk, crosswalk, interpolate_areal, interpolate_weighted

CRS = "EPSG:3310"


@pytest.fixture
def squares():
    corners = {"a": (0, 0), "b": (0, 1), "c": (1, 0), "d": (1, 1)}
    return gpd.GeoDataFrame(
        {"people": 10, "people_moe": 4, "age": [20.0, 30.0, 40.0, 50.0]},
        index=list(corners),
        geometry=[box(x, y, x + 1, y + 1) for x, y in corners.values()],
        crs=CRS,
    )


@pytest.fixture
def town():
    polygon = Polygon([(1.5, 0.5), (1.5, 2), (0, 2), (0, 0.5)])
    return gpd.GeoDataFrame(index=["town"], geometry=[polygon], crs=CRS)


SHARES = {"a": 0.5, "b": 1.0, "c": 0.25, "d": 0.5}


def test_areal(squares, town):
    moved = interpolate_areal(
        squares,
        town,
        extensive=["people"],
        intensive=["age"],
        moe={"people": "people_moe", "age": "people_moe"},
    )
    row = moved.values.loc["town"]
    root = sum(share**2 for share in SHARES.values()) ** 0.5
    assert row["people"] == 22.5
    assert row["people_moe"] == pytest.approx(4 * root, rel=1e-12)
    assert row["age"] == pytest.approx((0.5 * 20 + 30 + 0.25 * 40 + 0.5 * 50) / 2.25, rel=1e-12)
    assert row["age_moe"] == pytest.approx(4 * root / 2.25, rel=1e-12)
    assert row["coverage"] == 1
    line = moved.ledger.loc["people"]
    assert (line["in"], line["out"], line["lost"], line["counted_more_than_once"]) == (40, 22.5, 17.5, 0)
    assert (line["units_lost"], line["units_repeated"], line["missing"]) == (["a", "c", "d"], [], 0)


def test_crosswalk(squares, town):
    table = crosswalk(squares, town)
    assert dict(zip(table["source"], table["share_of_source"], strict=True)) == SHARES
    assert table["area_m2"].sum() == 2.25
    assert table["share_of_target"].sum() == pytest.approx(1, rel=1e-15)
    moved = apply_crosswalk(table, squares, extensive="people", intensive="age")
    direct = interpolate_areal(squares, town, extensive="people", intensive="age")
    assert moved.values.equals(direct.values)
    assert moved.ledger.loc["people"].equals(direct.ledger.loc["people"])


def test_weighted_by_the_squares_themselves_is_areal(squares, town):
    moved = interpolate_weighted(squares, town, squares, weight="people", extensive="people", intensive="age")
    areal = interpolate_areal(squares, town, extensive="people", intensive="age")
    assert moved.values.loc["town"].tolist() == pytest.approx(areal.values.loc["town"].tolist(), rel=1e-12)


def test_weighted_by_points_follows_the_points(squares, town):
    homes = gpd.GeoDataFrame(
        {"homes": [3, 1, 2, 5]},
        geometry=[Point(0.5, 0.25), Point(0.5, 0.75), Point(0.5, 1.5), Point(1.75, 0.25)],
        crs=CRS,
    )
    moved = interpolate_weighted(squares, town, homes, weight="homes", extensive="people", intensive="age")
    # a: a quarter of its homes; b: all; c: none; d has no homes and goes by area: half
    assert moved.values.loc["town", "people"] == pytest.approx(2.5 + 10 + 0 + 5, rel=1e-12)
    assert moved.values.loc["town", "age"] == pytest.approx((1 * 20 + 2 * 30) / 3, rel=1e-12)
    assert moved.ledger.loc["people", "lost"] == pytest.approx(22.5, rel=1e-12)
    assert moved.ledger.loc["people", "units_lost"] == ["a", "c", "d"]
