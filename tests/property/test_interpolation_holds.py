"""What holds for every partition: totals, order, labels, ranges, and how finely the source is cut."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPoint, box

from geo.methods.interpolation import apply_crosswalk, crosswalk, interpolate_areal, interpolate_weighted

CRS = "EPSG:3310"
SIDE = 100
FRAME = box(0, 0, SIDE, SIDE)
SITES = st.lists(
    st.tuples(st.integers(1, SIDE - 1), st.integers(1, SIDE - 1)), min_size=2, max_size=12, unique=True
)


def cells(sites, prefix, rng=None):
    """Voronoi cells of the sites: a partition of the frame."""
    found = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(sites), extend_to=FRAME))
    clipped = shapely.intersection(found, FRAME)
    labels = [f"{prefix}{k}" for k in range(len(clipped))]
    frame = gpd.GeoDataFrame(index=labels, geometry=clipped, crs=CRS)
    if rng is not None:
        frame["people"] = rng.integers(0, 1_000, len(frame)).astype(float)
        frame["margin"] = rng.uniform(0, 50, len(frame))
        frame["rate"] = rng.uniform(-5, 5, len(frame))
    return frame


@st.composite
def layers(draw):
    """A source with values and a target, both partitions of the same frame, and points with weights."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    points = rng.uniform(0, SIDE, (draw(st.integers(0, 60)), 2))
    homes = gpd.GeoDataFrame(
        {"homes": rng.integers(0, 9, len(points)).astype(float)}, geometry=shapely.points(points), crs=CRS
    )
    return cells(draw(SITES), "s", rng), cells(draw(SITES), "t"), homes


def both_ways(source, target, homes):
    arguments = {"extensive": "people", "intensive": "rate", "moe": {"people": "margin", "rate": "margin"}}
    return (
        interpolate_areal(source, target, **arguments),
        interpolate_weighted(source, target, homes, weight="homes", **arguments),
    )


@settings(deadline=None, max_examples=60)
@given(layers())
def test_totals_are_kept(frames):
    for moved in both_ways(*frames):
        total = frames[0]["people"].sum()
        assert moved.values["people"].sum() == pytest.approx(total, rel=1e-9, abs=1e-9)
        line = moved.ledger.loc["people"]
        assert line["in"] == pytest.approx(total, rel=1e-12)
        assert line["lost"] == pytest.approx(0, abs=1e-9 * (1 + total))
        assert line["counted_more_than_once"] == pytest.approx(0, abs=1e-9 * (1 + total))
        assert moved.values["coverage"].to_numpy() == pytest.approx(1, rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(layers())
def test_intensive_values_stay_inside_the_range_of_the_source(frames):
    rate = frames[0]["rate"]
    for moved in both_ways(*frames):
        known = moved.values["rate"].dropna()
        assert (known >= rate.min() - 1e-9).all()
        assert (known <= rate.max() + 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(layers(), st.integers(0, 2**32 - 1))
def test_order_and_labels_do_not_matter(frames, seed):
    rng = np.random.default_rng(seed)
    source, target, _ = frames
    shuffled = tuple(frame.sample(frac=1, random_state=rng) for frame in frames)
    renamed = shuffled[0].set_axis(rng.permutation(len(source)) + 7)
    for one, two in zip(both_ways(*frames), both_ways(renamed, *shuffled[1:]), strict=True):
        again = two.values.loc[target.index]
        assert np.allclose(one.values, again, rtol=1e-9, atol=1e-9, equal_nan=True)


@settings(deadline=None, max_examples=40)
@given(layers(), st.floats(1, SIDE - 1))
def test_splitting_a_source_changes_no_estimate(frames, cut):
    source, target, _ = frames
    pieces = source.overlay(
        gpd.GeoDataFrame(geometry=[box(0, 0, cut, SIDE), box(cut, 0, SIDE, SIDE)], crs=CRS),
        how="intersection",
    )
    pieces["whole"] = source.loc[
        [source.index[source.contains(point)][0] for point in pieces.representative_point()]
    ].area.to_numpy()
    pieces["people"] *= pieces.area / pieces["whole"]
    arguments = {"extensive": "people", "intensive": "rate"}
    one = interpolate_areal(source, target, **arguments).values
    two = interpolate_areal(pieces, target, **arguments).values
    assert np.allclose(one, two, rtol=1e-8, atol=1e-8)


@settings(deadline=None, max_examples=40)
@given(layers())
def test_a_crosswalk_gives_the_same_again(frames):
    source, target, homes = frames
    areal, weighted = both_ways(*frames)
    arguments = {"extensive": "people", "intensive": "rate", "moe": {"people": "margin", "rate": "margin"}}
    for direct, table in (
        (areal, crosswalk(source, target)),
        (weighted, crosswalk(source, target, homes, weight="homes")),
    ):
        again = apply_crosswalk(table, source, target_index=target.index, **arguments)
        assert np.allclose(direct.values, again.values, rtol=1e-12, atol=1e-12, equal_nan=True)


@settings(deadline=None, max_examples=40)
@given(layers())
def test_weights_in_proportion_to_area_change_nothing(frames):
    source, target, _ = frames
    weights = cells([(20, 30), (70, 60), (40, 80)], "w")
    weights["load"] = weights.area
    areal = interpolate_areal(source, target, extensive="people", intensive="rate").values
    weighted = interpolate_weighted(
        source, target, weights, weight="load", extensive="people", intensive="rate"
    ).values
    assert np.allclose(areal, weighted, rtol=1e-8, atol=1e-8)
