"""Agreement with tobler and maup, to 1e-9, where they answer the same question.

tobler keeps its table of areas in single precision, so the layers here have areas that single precision
holds exactly, and beyond those its own table is given to it in double. tobler is asked with
``allocate_total=False``: with True it spreads over the targets what lies outside of them.
"""

# ruff: noqa: PD011 (`.values` is an attribute of the answer here)

from __future__ import annotations

import warnings
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_matrix
from shapely import Point, Polygon, box

from geo.methods.interpolation import interpolate_areal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import maup
    from tobler.area_weighted import area_interpolate

CRS = "EPSG:3310"


@pytest.fixture(scope="module")
def on_whole_numbers():
    """Rectangles on whole numbers, over a part of each other."""
    rng = np.random.default_rng(4)
    source = [box(8 * x, 8 * y, 8 * x + 8, 8 * y + 8) for x in range(8) for y in range(8)]
    edges = [0, 3, 11, 17, 26, 38, 52, 70]
    target = [
        box(west, south, east, north) for west, east in pairwise(edges) for south, north in pairwise(edges)
    ]
    return with_values(source, rng), gpd.GeoDataFrame(geometry=target, crs=CRS)


@pytest.fixture(scope="module")
def irregular():
    """Triangles and discs with curved edges, over a part of each other, none of them over its own kind."""
    rng = np.random.default_rng(5)
    source = []
    for x in range(6):
        for y in range(6):
            a, b, c, d = (x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)
            source += [Polygon([a, b, c]), Polygon([a, c, d])]
    target = [Point(1.1 * k + 0.7, 1.2 * m + 0.4).buffer(0.54) for k in range(5) for m in range(5)]
    return with_values(source, rng), gpd.GeoDataFrame(geometry=target, crs=CRS)


def with_values(shapes, rng):
    columns = {"people": rng.integers(1, 900, len(shapes)).astype(float), "rate": rng.random(len(shapes))}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def double_table(source, target):
    """tobler's table of areas in common, in double precision."""
    pieces = gpd.overlay(
        source.reset_index(names="i")[["i", "geometry"]],
        target.reset_index(names="j")[["j", "geometry"]],
        keep_geom_type=True,
    )
    shape = (len(source), len(target))
    return coo_matrix((pieces.area, (pieces["i"], pieces["j"])), shape=shape).tocsr()


def ask_tobler(source, target, **arguments):
    return area_interpolate(source, target, allocate_total=False, **arguments)


def test_tobler_on_areas_that_single_precision_holds(on_whole_numbers):
    source, target = on_whole_numbers
    theirs = ask_tobler(source, target, extensive_variables=["people"])
    ours = interpolate_areal(source, target, extensive="people").values
    assert ours["people"].to_numpy() == pytest.approx(theirs["people"].to_numpy(), rel=1e-9)


@pytest.mark.parametrize("layers", ["on_whole_numbers", "irregular"])
def test_tobler_with_a_table_in_double_precision(layers, request):
    source, target = request.getfixturevalue(layers)
    table = double_table(source, target)
    theirs = ask_tobler(
        source, target, extensive_variables=["people"], intensive_variables=["rate"], table=table
    )
    ours = interpolate_areal(source, target, extensive="people", intensive="rate").values
    for name in ("people", "rate"):
        assert ours[name].to_numpy() == pytest.approx(theirs[name].to_numpy(), rel=1e-9)


@pytest.mark.parametrize("layers", ["on_whole_numbers", "irregular"])
def test_maup(layers, request):
    source, target = request.getfixturevalue(layers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pieces = maup.intersections(source, target, area_cutoff=0)
        weights = pieces.area / pd.Series(source.area).loc[pieces.index.get_level_values("source")].to_numpy()
        theirs = maup.prorate(pieces, source["people"], weights)
    ours = interpolate_areal(source, target, extensive="people").values["people"]
    assert ours[theirs.index].to_numpy() == pytest.approx(theirs.to_numpy(), rel=1e-9)
    assert ours.drop(theirs.index).isna().all()


def test_four_squares():
    source = gpd.GeoDataFrame(
        {"people": 10.0},
        geometry=[box(x, y, x + 1, y + 1) for x, y in [(0, 0), (0, 1), (1, 0), (1, 1)]],
        index=list("abcd"),
        crs=CRS,
    )
    target = gpd.GeoDataFrame(
        geometry=[Polygon([(1.5, 0.5), (1.5, 2), (0, 2), (0, 0.5)])], index=["town"], crs=CRS
    )
    theirs = area_interpolate(source, target, extensive_variables=["people"], allocate_total=False)
    ours = interpolate_areal(source, target, extensive="people").values
    assert ours["people"].item() == theirs["people"].item() == 22.5
