"""Cuts and shapes whose best is known: unit grids, compactness of squares, rectangles, triangles."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Polygon, box

from geo.canvass.turfs import cut_turfs, polsby_popper, reock

CRS = "EPSG:3310"
SQUARE, RECTANGLE = box(0, 0, 1, 1), box(0, 0, 2, 1)
TRIANGLE = Polygon([(0, 0), (1, 0), (0.5, 0.75**0.5)])


def test_compactness_of_known_shapes() -> None:
    shapes = gpd.GeoSeries([SQUARE, RECTANGLE, TRIANGLE], crs=CRS)
    expected = [0.785398163397, 0.698131700798, 0.604599788078]
    assert polsby_popper(shapes).tolist() == pytest.approx(expected, abs=1e-11)
    assert reock(shapes).tolist()[:2] == pytest.approx([0.636619772368, 0.509295817894], abs=1e-11)


@pytest.mark.parametrize(("side", "n", "least"), [(12, 2, 12), (12, 4, 24), (12, 9, 48), (8, 4, 16)])
def test_smallest_cuts_of_unit_grids(side: int, n: int, least: int) -> None:
    shapes = [box(x, y, x + 1, y + 1) for x in range(side) for y in range(side)]
    units = gpd.GeoDataFrame({"doors": np.ones(len(shapes))}, geometry=shapes, crs=CRS)
    cut = cut_turfs(units, doors="doors", n=n)
    labels, pairs = cut.labels.to_numpy(), cut.ground.adjacency
    assert int((labels[pairs.first] != labels[pairs.second]).sum()) == least
    assert cut.worst == 0.0
    assert cut.bound == 0.0
