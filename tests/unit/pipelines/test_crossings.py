"""A street crosses a barrier where it goes on at the other side, and only there."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import LineString

from geo.errors import CRSError
from geo.pipelines.barriers import find_crossings

METERS = "EPSG:26911"
CANAL = LineString([(0, 0), (1000, 0)])


def lines(*shapes: LineString, crs: str = METERS) -> gpd.GeoDataFrame:
    names = [f"Street {number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"name": names, "barrier_class": "canal"}, geometry=list(shapes), crs=crs)


@pytest.mark.parametrize(
    ("streets", "expected"),
    [
        ([LineString([(100, -50), (100, 50)])], [(100.0, 0.0)]),
        ([LineString([(100, 0), (100, 50)])], []),
        ([LineString([(100, 40), (100, 80)])], []),
        ([LineString([(100, -50), (100, 0)]), LineString([(100, 0), (100, 50)])], [(100.0, 0.0)]),
        ([LineString([(100, -3), (100, 50)])], []),
        ([LineString([(100, -50), (100, 50), (200, 50), (200, -50)])], [(100.0, 0.0), (200.0, 0.0)]),
        ([LineString([(100, -50), (100, 0), (300, 0), (300, 50)])], []),
    ],
    ids=["over", "ends at it", "short of it", "two streets meet", "a stub", "twice", "along it"],
)
def test_where_a_street_crosses(streets: list[LineString], expected: list[tuple[float, float]]) -> None:
    found = find_crossings(lines(CANAL), lines(*streets))
    assert sorted((point.x, point.y) for point in found.geometry) == expected


def test_a_road_that_crosses_two_classes_crosses_each() -> None:
    barriers = lines(CANAL, LineString([(0, 4), (1000, 4)]))
    barriers["barrier_class"] = ["canal", "rail"]
    found = find_crossings(barriers, lines(LineString([(100, -50), (100, 50)])))
    assert sorted(found["barrier_class"]) == ["canal", "rail"]


def test_without_barriers_or_streets_there_is_no_crossing() -> None:
    none = lines(CANAL).iloc[:0]
    street = lines(LineString([(100, -50), (100, 50)]))
    assert find_crossings(none, street).empty
    assert find_crossings(lines(CANAL), street.iloc[:0]).empty


@pytest.mark.parametrize(("barriers", "streets"), [("EPSG:4326", "EPSG:4326"), (METERS, "EPSG:3310")])
def test_another_crs_is_refused(barriers: str, streets: str) -> None:
    with pytest.raises(CRSError):
        find_crossings(lines(CANAL, crs=barriers), lines(CANAL, crs=streets))
