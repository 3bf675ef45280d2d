"""What an overlay refuses, which pairs it finds, and how much is covered once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo.errors import CRSError, GeometryError, SchemaError
from geo.methods.interpolation.overlay import (
    covered_area,
    flip,
    overlay,
    require_area_crs,
    require_labels,
    require_shapes,
    to_layer,
)
from geo.methods.parallel import in_chunks

TIED = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def frame(*shapes, crs="EPSG:3310", index=None):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=crs, index=index)


def layer(*shapes):
    return to_layer(np.array(shapes, dtype=object))


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("EPSG:4326", "EPSG:4326", "need a projected CRS"),
        (None, "EPSG:3310", "need a projected CRS"),
        ("EPSG:3310", None, "need a projected CRS"),
        ("EPSG:3857", "EPSG:3857", "swell with latitude"),
        ("EPSG:3310", "EPSG:5070", "one frame is in EPSG:5070, another in EPSG:3310"),
    ],
)
def test_a_wrong_crs_raises(first, second, message):
    with pytest.raises(CRSError, match=message):
        require_area_crs(frame(box(0, 0, 1, 1), crs=first), frame(box(0, 0, 1, 1), crs=second))


@pytest.mark.parametrize("crs", ["EPSG:3310", "EPSG:5070", "EPSG:6933", "EPSG:26911"])
def test_projected_crs_of_areas_pass(crs):
    require_area_crs(frame(box(0, 0, 1, 1), crs=crs), frame(crs=crs))


@pytest.mark.parametrize(
    ("shapes", "error", "message"),
    [
        ([TIED] * 7, GeometryError, r"7 geometries of the source are invalid \(0, 1, 2, 3, 4 and 2 more\)"),
        ([None, box(0, 0, 1, 1)], GeometryError, r"1 geometries of the source are missing or empty \(0\)"),
        ([Polygon()], GeometryError, "missing or empty"),
        ([box(0, 0, 1, 1), LineString([(0, 0), (1, 1)])], GeometryError, r"no polygon or multipolygon \(1\)"),
        ([Point(0, 0)], GeometryError, "no polygon"),
    ],
)
def test_what_has_no_area_raises(shapes, error, message):
    with pytest.raises(error, match=message):
        require_shapes(frame(*shapes), "source")


def test_labels_that_stand_twice_raise():
    doubled = frame(box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1), index=["a", "a", "b"])
    with pytest.raises(SchemaError, match=r"1 labels of the target's index stand more than once \(a\)"):
        require_labels(doubled, "target")


def test_pairs_are_ordered_and_touching_is_no_pair():
    left = layer(box(5, 0, 6, 1), box(0, 0, 2, 1))
    right = layer(box(2, 0, 4, 1), box(1, 0, 2, 1), box(0, 0, 7, 1), box(0, 1, 1, 2))
    pairs = overlay(left, right)
    assert list(zip(pairs.left, pairs.right, pairs.area, strict=True)) == [(0, 2, 1), (1, 1, 1), (1, 2, 2)]
    flipped = flip(pairs)
    assert list(zip(flipped.left, flipped.right, strict=True)) == [(1, 1), (2, 0), (2, 1)]


def test_what_is_wholly_inside_has_exactly_its_own_area():
    third = Polygon([(1 / 3, 1 / 3), (1 / 7, 2.2), (2.1, 1.9)])
    pairs = overlay(layer(third), layer(box(-1, -1, 3, 3)))
    assert pairs.area[0] == third.area


def test_an_empty_layer_has_no_pairs():
    some, none = layer(box(0, 0, 1, 1)), layer()
    for left, right in ((some, none), (none, some), (none, none)):
        pairs = overlay(left, right)
        assert len(pairs.left) == 0
        assert covered_area(pairs, left, right).tolist() == [0.0] * len(left.area)


@pytest.mark.parametrize(
    ("rights", "covered"),
    [
        pytest.param([box(0, 0, 4, 1), box(4, 0, 6, 1)], 6, id="side by side"),
        pytest.param([box(0, 0, 4, 1), box(2, 0, 6, 1)], 6, id="two overlap"),
        pytest.param([box(0, 0, 4, 1)] * 2, 4, id="the same twice"),
        pytest.param([box(0, 0, 4, 1)] * 5, 4, id="the same five times"),
        pytest.param([box(0, 0, 4, 1), box(2, 0, 6, 1), box(3, 0, 8, 1)], 8, id="three in one place"),
        pytest.param([box(-1, -1, 11, 2), box(3, 0, 4, 1)], 10, id="wholly inside one"),
        pytest.param([box(20, 0, 24, 1), box(22, 0, 26, 1)], 0, id="overlap elsewhere"),
        pytest.param([MultiPolygon([box(0, 0, 1, 1), box(8, 0, 9, 1)]), box(0, 0, 2, 1)], 3, id="parts"),
    ],
)
def test_overlaps_are_covered_once(rights, covered):
    left, right = layer(box(0, 0, 10, 1)), layer(*rights)
    assert covered_area(overlay(left, right), left, right).item() == pytest.approx(covered, rel=1e-12)


def test_threads_change_nothing():
    rng = np.random.default_rng(1)
    corners = rng.uniform(0, 100, (9_000, 2))
    sizes = rng.uniform(0.1, 2, (9_000, 2))
    left = to_layer(shapely.box(*corners.T, *(corners + sizes).T))
    right = to_layer(shapely.box(*corners[:500].T, *(corners + 3 * sizes)[:500].T))
    one, two = overlay(left, right, threads=1), overlay(left, right, threads=2)
    assert np.array_equal(one.left, two.left)
    assert np.array_equal(one.right, two.right)
    assert np.array_equal(one.area, two.area)


def test_chunks_keep_the_order():
    numbers = np.arange(50_000)
    assert np.array_equal(in_chunks(lambda some: some * 2, numbers, threads=3), numbers * 2)
