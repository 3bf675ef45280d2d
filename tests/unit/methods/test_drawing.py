"""What is drawn is read while a person could have drawn it; more is refused in a sentence, at once."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import mapping

from geo.errors import GeometryError
from geo.methods.drawing import (
    circle_outline,
    corridor_outline,
    drawn_area,
    outline_from_text,
    read_drawings,
)
from geo.methods.geometry import area_km2


def feature(polygon: shapely.Geometry) -> dict[str, Any]:
    return {"geometry": mapping(polygon)}


def needles(count: int, *, lying: bool) -> list[shapely.Geometry]:
    """Thin triangles beside each other, standing or lying."""
    made = []
    for place in range(count):
        at = place / count
        corners = [(at, 0.0), (at + 0.2 / count, 1.0), (at + 0.4 / count, 0.0)]
        made.append(shapely.Polygon([(y, x) for x, y in corners] if lying else corners))
    return made


def test_several_areas_that_a_person_draws_are_taken_together() -> None:
    boxes = [shapely.box(x, 0, x + 2, 1) for x in range(10)]
    assert len(drawn_area([feature(item) for item in boxes])) == 10


@pytest.mark.parametrize(
    ("drawings", "words"),
    [
        ([{"geometry": {"type": "GeometryCollection", "geometries": []}}] * 45_000, "45,000 drawings"),
        ([feature(shapely.box(0, 0, 1, 1))] * 51, "there are 51 drawings"),
        ([{"geometry": {"type": "Polygon"}}], "is no polygon"),
        ([{"geometry": {"type": "Polygon", "coordinates": "x"}}], "is no polygon"),
        ([{"geometry": None}], "is no polygon"),
        ([feature(shapely.Point(0, 0).buffer(1, quad_segs=2_000))], "draw at most 500 in all"),
    ],
)
def test_what_nobody_draws_is_refused(drawings: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        drawn_area(drawings)


def test_few_corners_that_cross_in_many_places_are_refused() -> None:
    """Needles that stand across needles that lie: 480 corners make 6,400 crossings."""
    across = [feature(shapely.MultiPolygon(needles(80, lying=lying))) for lying in (False, True)]
    assert len(read_drawings(across)) == 2
    with pytest.raises(GeometryError, match="crosses itself very often"):
        drawn_area(across)
    few = [feature(shapely.MultiPolygon(needles(20, lying=lying))) for lying in (False, True)]
    assert len(drawn_area(few)) == 2


def area_of(text: str) -> float:
    outline = outline_from_text(text)
    assert outline.is_valid
    return float(area_km2(gpd.GeoSeries([outline], crs="EPSG:4326"), "EPSG:3310").item())


@pytest.mark.parametrize("radius_m", [50.0, 1_000.0, 30_000.0])
def test_a_circle_has_the_area_of_one(radius_m: float) -> None:
    found = area_of(circle_outline((-116.1, 33.6), radius_m, "EPSG:26911"))
    # Corners are kept to a meter.
    assert found == pytest.approx(np.pi * (radius_m / 1_000) ** 2, rel=0.01 + 2 / radius_m)


@pytest.mark.parametrize("width_m", [100.0, 800.0])
def test_a_corridor_has_the_area_of_its_line_and_of_its_round_ends(width_m: float) -> None:
    line = [(-116.2, 33.6), (-116.1, 33.6), (-116.0, 33.6)]
    drawn = gpd.GeoSeries([shapely.LineString(line)], crs="EPSG:4326").to_crs("EPSG:26911")
    length_km = float(drawn.length.item()) / 1_000
    wide_km = width_m / 1_000
    expected = 2 * wide_km * length_km + np.pi * wide_km**2
    assert area_of(corridor_outline(line, width_m, "EPSG:26911")) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("distance_m", [0.0, -5.0, 300_000.0, float("nan")])
def test_a_distance_that_cannot_be_is_refused(distance_m: float) -> None:
    with pytest.raises(GeometryError, match="distance"):
        circle_outline((-116.1, 33.6), distance_m, "EPSG:26911")


def test_a_line_around_something_is_refused_and_does_not_count_in_what_it_goes_around() -> None:
    around = [(-116.1, 33.6), (-116.0, 33.6), (-116.0, 33.7), (-116.1, 33.7), (-116.1, 33.6)]
    with pytest.raises(GeometryError, match="hole"):
        corridor_outline(around, 500.0, "EPSG:26911")
    assert area_of(corridor_outline(around[:-1], 500.0, "EPSG:26911")) < 35


def test_a_line_of_one_point_is_refused() -> None:
    with pytest.raises(GeometryError, match="1 points"):
        corridor_outline([(-116.1, 33.6)], 500.0, "EPSG:26911")
