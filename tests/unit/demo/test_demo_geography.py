"""Blocks nest in block groups, tracts and the county, and share their edges exactly."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

pytestmark = pytest.mark.xdist_group("demo")
Shapes = Callable[[str], gpd.GeoDataFrame]
Table = Callable[[str], pd.DataFrame]
AREAS = "EPSG:3310"


def test_there_are_as_many_as_promised(shapes: Shapes, table: Table) -> None:
    assert len(shapes("blocks_2020")) == 900
    assert len(shapes("tracts_2010")) == 60
    assert 60 < len(shapes("tracts_2020")) < 70
    assert 100 <= len(table("block_group_centers_2020")) <= 200


@pytest.mark.parametrize("key", ["blocks_2020", "tracts_2010", "tracts_2020"])
def test_shapes_are_a_valid_coverage(key: str, shapes: Shapes) -> None:
    frame = shapes(key)
    assert frame.is_valid.all()
    assert (frame.geom_type == "Polygon").all()
    assert shapely.coverage_is_valid(frame.geometry.to_numpy())


def test_blocks_fill_their_tract(shapes: Shapes) -> None:
    blocks, tracts = shapes("blocks_2020"), shapes("tracts_2020").set_index("geoid").sort_index()
    joined = blocks.assign(tract=blocks["geoid"].str[:11]).dissolve("tract").sort_index()
    assert list(joined.index) == list(tracts.index)
    gap = joined.geometry.to_crs(AREAS).symmetric_difference(tracts.geometry.to_crs(AREAS))
    assert gap.area.max() < 1.0


def test_both_vintages_cover_the_same_county(shapes: Shapes) -> None:
    old, new = (shapes(key).geometry.to_crs(AREAS) for key in ("tracts_2010", "tracts_2020"))
    assert shapely.symmetric_difference(old.union_all(), new.union_all()).area < 1.0


def test_block_groups_are_those_of_the_blocks(shapes: Shapes, table: Table) -> None:
    centers = table("block_group_centers_2020")
    assert set(shapes("blocks_2020")["geoid"].str[:12]) == set(centers["geoid"])
    points = gpd.GeoSeries.from_xy(centers["longitude"], centers["latitude"], crs="EPSG:4326")
    county = shapes("tracts_2020").geometry.union_all()
    assert points.within(county).all()


def test_published_areas_are_those_of_the_shapes(shapes: Shapes) -> None:
    for key in ("blocks_2020", "tracts_2010", "tracts_2020"):
        frame = shapes(key)
        stated = (frame["land_m2"] + frame["water_m2"]).to_numpy(dtype=float)
        assert np.allclose(stated, frame.geometry.to_crs(AREAS).area, rtol=1e-5, atol=20)


def test_the_relationship_accounts_for_all_land(shapes: Shapes, table: Table) -> None:
    parts = table("tract_relationship_2020")
    for year in ("2020", "2010"):
        land = parts.groupby(f"geoid_{year}")["land_part_m2"].sum()
        tracts = shapes(f"tracts_{year}").set_index("geoid")["land_m2"]
        assert (land.sort_index() - tracts.sort_index()).abs().max() <= 1


def test_some_tracts_are_split_joined_and_shifted(table: Table) -> None:
    parts = table("tract_relationship_2020")
    pieces = parts.groupby("geoid_2010").size()
    sources = parts.groupby("geoid_2020").size()
    shifted = parts[parts["geoid_2010"].map(pieces).gt(1) & parts["geoid_2020"].map(sources).gt(1)]
    assert (pieces > 1).sum() >= 8
    assert (sources > 1).sum() >= 4
    assert len(shifted) >= 2


def test_districts_of_schools_do_not_overlap(shapes: Shapes) -> None:
    unified = shapes("school_districts_unified_2021").geometry.to_crs(AREAS)
    elementary = shapes("school_districts_elementary_2021").geometry.to_crs(AREAS)
    secondary = shapes("school_districts_secondary_2021").geometry.to_crs(AREAS)
    county = shapes("tracts_2020").geometry.to_crs(AREAS).union_all()
    for level in (elementary, secondary):
        whole = shapely.union_all([*unified, *level])
        assert whole.area == pytest.approx(unified.area.sum() + level.area.sum(), rel=1e-6)
        assert whole.area == pytest.approx(county.area, rel=1e-6)
