"""What is drawn is read while a person could have drawn it; more is refused in a sentence, at once."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from shapely.geometry import mapping

from geo.errors import GeometryError
from geo.methods.drawing import drawn_area, read_drawings


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
