"""Shapes are repaired without losing area, measured in a named CRS, and shared out without gaps."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import CRSError, GeometryError
from geo.methods.geometry import area_km2, compactness, repair_shapes, shared_area_m2, voronoi_cells

ALBERS = "EPSG:3310"


def test_only_invalid_shapes_are_touched_and_missing_ones_stay() -> None:
    square, bow = shapely.box(0, 0, 1, 1), shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    mended, repaired = repair_shapes(gpd.GeoSeries([square, bow, None], index=list("abc"), crs=ALBERS))
    assert repaired.tolist() == [False, True, False]
    assert mended["a"].equals(square)
    assert mended["c"] is None
    assert mended.index.tolist() == list("abc")
    assert mended.crs == ALBERS


def test_of_a_shape_that_falls_apart_only_areas_are_kept() -> None:
    spike = shapely.from_wkt("POLYGON ((0 0, 2 0, 2 2, 2 5, 2 2, 0 2, 0 0))")
    mended, _ = repair_shapes(gpd.GeoSeries([spike], crs=ALBERS))
    assert mended.geom_type.item() in ("Polygon", "MultiPolygon")
    assert mended.area.item() == 4


def test_shapes_without_a_crs_have_no_area() -> None:
    with pytest.raises(CRSError, match="no CRS"):
        area_km2(gpd.GeoSeries([shapely.box(0, 0, 1, 1)]), ALBERS)
    with pytest.raises(CRSError, match="projected"):
        area_km2(gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=ALBERS), "EPSG:4326")


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (shapely.box(0, 0, 1, 1), 0.785398163397),
        (shapely.box(0, 0, 2, 1), 0.698131700798),
        (shapely.Polygon([(0, 0), (1, 0), (0.5, 3**0.5 / 2)]), 0.604599788078),
    ],
)
def test_compactness_of_known_shapes(shape: shapely.Polygon, expected: float) -> None:
    assert compactness(gpd.GeoSeries([shape], crs=ALBERS)).item() == pytest.approx(expected)


def test_cells_fill_the_area_and_hold_what_is_nearest() -> None:
    rng = np.random.default_rng(7)
    points = gpd.GeoSeries.from_xy(*rng.uniform(0, 10, (2, 30)), crs=ALBERS)
    area = shapely.Point(5, 5).buffer(4)
    cells = voronoi_cells(points, area)
    assert cells.area.sum() == pytest.approx(area.area)
    for place in shapely.points(rng.uniform(2.5, 7.5, (200, 2))):
        nearest = points.distance(place).idxmin()
        assert cells[nearest].distance(place) < 1e-9


def test_two_points_on_one_spot_cannot_share() -> None:
    points = gpd.GeoSeries.from_xy([1, 1, 2], [1, 1, 2], index=["a", "b", "c"], crs=ALBERS)
    with pytest.raises(GeometryError, match="2 points lie on one spot \\(a, b\\)"):
        voronoi_cells(points, shapely.box(0, 0, 3, 3))


def test_one_point_gets_everything() -> None:
    area = shapely.box(0, 0, 3, 3)
    assert voronoi_cells(gpd.GeoSeries.from_xy([9], [9], crs=ALBERS), area).item().equals(area)


def test_what_is_covered_twice_counts_once() -> None:
    shapes = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 1), None], crs=ALBERS).to_crs("EPSG:4326")
    area = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1)], crs=ALBERS).to_crs("EPSG:4326")
    assert shared_area_m2(shapes, area, ALBERS).round(6).tolist() == [1.0, 0.0]
