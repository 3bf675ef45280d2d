"""Overlaps across the seams of partitions are covered once, whatever the partitions."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from geo.methods.interpolation.overlay import covered_area, flip, overlay, to_layer, to_shapes
from geo.methods.interpolation.partitions import add_coverage, exposed_units, foreign_boxes, to_patches
from geo.methods.interpolation.shares import to_shares

CRS = "EPSG:3310"


def coverage_of_parts(parts, target):
    shares = [to_shares(part, target) for part in parts]
    bounds = np.array([part.total_bounds for part in parts])
    exposed = [
        exposed_units(some, part, np.delete(bounds, place, axis=0))
        for place, (some, part) in enumerate(zip(shares, parts, strict=True))
    ]
    boxes = [units.bounds.to_numpy() for units in exposed]
    patches = [
        to_patches(units, target, foreign)
        for units, foreign in zip(exposed, foreign_boxes(boxes), strict=True)
        if len(foreign)
    ]
    covered = [pd.Series(some.target_covered, index=target.index) for some in shares]
    return add_coverage(covered, patches, target), patches


@pytest.mark.parametrize("seed", range(25))
def test_it_is_the_coverage_of_the_whole(seed):
    rng = np.random.default_rng(seed)
    spots, sizes = rng.uniform(0, 30, (60, 2)), rng.uniform(0.5, 4, 60)
    shapes = [Point(*xy).buffer(size, quad_segs=4) for xy, size in zip(spots, sizes, strict=True)]
    source = gpd.GeoDataFrame(geometry=shapes, crs=CRS)
    discs = [Point(*xy).buffer(5) for xy in rng.uniform(0, 30, (12, 2))]
    target = gpd.GeoDataFrame(index=[f"t{k}" for k in range(12)], geometry=discs, crs=CRS)
    parts = [source.iloc[some] for some in np.array_split(rng.permutation(60), rng.integers(1, 6))]
    left, right = to_layer(to_shapes(target)), to_layer(to_shapes(source))
    whole = covered_area(flip(overlay(right, left)), left, right) / left.area
    assert coverage_of_parts(parts, target)[0] == pytest.approx(whole, rel=1e-9, abs=1e-12)


def test_tiles_that_only_touch_need_no_patches():
    tiles = gpd.GeoDataFrame(geometry=[box(x, 0, x + 1, 1) for x in range(10)], crs=CRS)
    target = gpd.GeoDataFrame(geometry=[box(2.5, 0, 7.5, 2)], crs=CRS)
    coverage, patches = coverage_of_parts([tiles.iloc[:5], tiles.iloc[5:]], target)
    assert coverage.tolist() == [0.5]
    assert patches == []
