"""A slow, independent way to the same numbers, on random polygons that overlap as they like.

The oracle knows nothing of edges, trees or threads: it intersects each polygon with each by GEOS, one pair
at a time, and unites what it needs united.
"""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, unary_union

from geo.methods.interpolation import interpolate_areal, interpolate_weighted

CRS = "EPSG:3310"


def random_polygon(rng):
    """A star-shaped polygon, sometimes with a hole, sometimes in two parts, often on whole numbers."""
    center, corners = rng.uniform(0, 50, 2), rng.integers(3, 16)
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
    ring = center + rng.uniform(2, 18, corners)[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    shape = Polygon(np.round(ring) if rng.random() < 0.5 else ring).buffer(0)
    if rng.random() < 0.4:
        shape = shape.difference(Point(center).buffer(1.5, quad_segs=3))
    if rng.random() < 0.2:
        shape = shape.union(Point(*rng.uniform(0, 50, 2)).buffer(2, quad_segs=2))
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.area > 1]
    return MultiPolygon(parts) if len(parts) > 1 else (parts or [Point(*center).buffer(3)])[0]


def layer(rng, count, prefix, **columns):
    shapes = [random_polygon(rng) for _ in range(count)]
    labels = [f"{prefix}{k}" for k in range(count)]
    return gpd.GeoDataFrame(columns, index=labels, geometry=shapes, crs=CRS)


@st.composite
def cases(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m, k = draw(st.integers(1, 9)), draw(st.integers(1, 7)), draw(st.integers(1, 9))
    people = np.where(rng.random(n) < 0.15, np.nan, rng.integers(0, 500, n))
    source = layer(rng, n, "s", people=people, margin=rng.uniform(1, 9, n), rate=rng.uniform(0, 1, n))
    weights = layer(rng, k, "w", load=rng.integers(0, 20, k).astype(float))
    return source, layer(rng, m, "t"), weights


def common(*shapes):
    area = shapes[0]
    for shape in shapes[1:]:
        area = area.intersection(shape)
    return area


def areal_weights(source, targets):
    """Weight of every source unit in every target, in any target, and in all."""
    pairs = [[common(s, t).area for t in targets] for s in source]
    covered = [common(s, unary_union(list(targets))).area for s in source]
    return pairs, covered, [s.area for s in source]


def block_weights(source, targets, blocks, loads):
    def held(*shapes):
        return sum(
            load * common(block, *shapes).area / block.area for block, load in zip(blocks, loads, strict=True)
        )

    everything = unary_union(list(targets))
    return (
        [[held(s, t) for t in targets] for s in source],
        [held(s, everything) for s in source],
        [held(s) for s in source],
    )


def expect(frame, target, weights):
    """Values, margins and the ledger of people, and the mean of the rate, by the definitions."""
    source, targets = list(frame.geometry), list(target.geometry)
    areas = areal_weights(source, targets)
    pairs, covered, whole = (
        areas if weights is None else block_weights(source, targets, list(weights.geometry), weights["load"])
    )
    rows, totals = [], {"in": 0.0, "lost": 0.0, "received": 0.0}
    share = np.zeros((len(source), len(targets)))
    for i, people in enumerate(frame["people"]):
        by = (pairs, covered, whole) if whole[i] > 0 else areas
        share[i] = np.array(by[0][i]) / by[2][i]
        if not math.isnan(people):
            totals["in"] += people
            totals["lost"] += people * (1 - by[1][i] / by[2][i])
            totals["received"] += people * share[i].sum()
    for j, shape in enumerate(targets):
        meets = [i for i in range(len(source)) if common(source[i], shape).area > 1e-9]
        known = [i for i in meets if not math.isnan(frame["people"].iloc[i])]
        load = sum(pairs[i][j] for i in meets)
        people = sum(share[i, j] * frame["people"].iloc[i] for i in known) if known else math.nan
        root = (
            math.sqrt(sum((share[i, j] * frame["margin"].iloc[i]) ** 2 for i in known)) if known else math.nan
        )
        rate = sum(pairs[i][j] * frame["rate"].iloc[i] for i in meets) / load if load > 1e-9 else math.nan
        rows.append([people, root, rate, common(shape, unary_union(source)).area / shape.area])
    return np.array(rows), totals


@pytest.mark.parametrize("way", ["areal", "weighted"])
@settings(deadline=None, max_examples=80)
@given(case=cases())
def test_it_agrees_with_the_slow_way(way, case):
    source, target, weights = case
    arguments = {"extensive": "people", "intensive": "rate", "moe": {"people": "margin"}}
    if way == "areal":
        moved, weights = interpolate_areal(source, target, **arguments), None
    else:
        moved = interpolate_weighted(source, target, weights, weight="load", **arguments)
    rows, totals = expect(source, target, weights)
    assert list(moved.values) == ["people", "people_moe", "rate", "coverage"]
    assert np.allclose(moved.values, rows, rtol=1e-8, atol=1e-8, equal_nan=True)
    line = moved.ledger.loc["people"]
    assert line["in"] == pytest.approx(totals["in"])
    assert line["lost"] == pytest.approx(totals["lost"], rel=1e-8, abs=1e-7)
    assert line["out"] == pytest.approx(totals["received"], rel=1e-8, abs=1e-7)
    assert line["in"] - line["out"] - line["lost"] + line["counted_more_than_once"] == pytest.approx(
        0, abs=1e-7
    )
