"""The area two polygons have in common, against GEOS's own intersection."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from geo.methods.interpolation.intersections import common_areas, to_edges

FRAME = box(0, 0, 10, 10).difference(box(2, 2, 8, 8))
STAR = Polygon([(5, 0), (6, 4), (10, 5), (6, 6), (5, 10), (4, 6), (0, 5), (4, 4)])
PAIR = MultiPolygon([box(0, 0, 3, 3), box(5, 5, 9, 9)])
SHAPES = {
    "square": box(1, 1, 4, 4),
    "frame": FRAME,
    "frame, clockwise": Polygon(FRAME.exterior.coords[::-1], [FRAME.interiors[0].coords[::-1]]),
    "star": STAR,
    "two parts": PAIR,
    "triangle": Polygon([(0, 0), (10, 1), (3, 7)]),
    "with heights": Polygon([(0, 0, 5), (4, 0, 6), (4, 4, 7), (0, 4, 8)]),
    "inside the hole": box(3, 3, 7, 7),
    "fills the hole": box(2, 2, 8, 8),
    "apart": box(20, 20, 21, 21),
}


def area(first, second):
    edges = to_edges(np.array([first, second]))
    return common_areas(edges, edges, np.array([0]), np.array([1])).item()


@pytest.mark.parametrize("first", SHAPES)
@pytest.mark.parametrize("second", SHAPES)
@pytest.mark.parametrize("shift", [0.0, 4_000_000.0])
def test_it_is_the_area_of_the_intersection(first, second, shift):
    one, two = (
        shapely.transform(SHAPES[name], lambda xy: xy + shift, include_z=False) for name in (first, second)
    )
    assert area(one, two) == pytest.approx(one.intersection(two).area, abs=2e-9 if shift else 1e-13)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(box(0, 0, 1, 1), box(1, 0, 2, 1), id="common edge"),
        pytest.param(box(0, 0, 1, 1), box(1, 1, 2, 2), id="common corner"),
        pytest.param(box(0, 0, 1, 1), box(0, 1, 1, 2), id="one above the other"),
        pytest.param(FRAME, SHAPES["fills the hole"], id="hole and filling"),
        pytest.param(STAR, box(0, 0, 10, 10).difference(STAR), id="shape and complement"),
    ],
)
def test_what_only_touches_has_nothing_in_common(first, second):
    assert area(first, second) == pytest.approx(0, abs=1e-13)


def test_a_polygon_has_its_own_area_in_common_with_itself():
    for shape in SHAPES.values():
        assert area(shape, shape) == pytest.approx(shape.area, rel=1e-14)


def test_a_small_unit_in_a_large_polygon_keeps_its_area():
    state = shapely.Point(0, 0).buffer(500_000, quad_segs=5_000)
    block = box(123_456, 98_765, 123_556, 98_865)
    assert area(block, state) == pytest.approx(10_000, rel=1e-12)


def test_no_polygons_no_areas():
    nothing, positions = to_edges(np.empty(0, object)), np.empty(0, np.int64)
    assert len(common_areas(nothing, nothing, positions, positions)) == 0
