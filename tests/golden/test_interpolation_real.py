"""Riverside County's people of 2020 (2,418,185) between real layers: each is accounted for."""

# ruff: noqa: PD011 (`.values` is an attribute of the answer here)

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.methods.interpolation import interpolate_areal, interpolate_weighted

pytestmark = pytest.mark.real

CRS = "EPSG:3310"
RIVERSIDE_2020 = 2_418_185


def read_shapes(path, key):
    frame = gpd.read_file(path).rename(columns={key: "geoid"}).set_index("geoid")
    return frame[["geometry"]].to_crs(CRS)


@pytest.fixture(scope="module")
def centers(mirror):
    """Block-group centers of population of the county, with their tract."""
    path = mirror / "block_group_centers_2020/CenPop2020_Mean_BG06.txt"
    table = pd.read_csv(path, dtype={"STATEFP": str, "COUNTYFP": str, "TRACTCE": str}, encoding="utf-8-sig")
    table = table[table["COUNTYFP"] == "065"]
    points = gpd.points_from_xy(table["LONGITUDE"], table["LATITUDE"], crs="EPSG:4326").to_crs(CRS)
    columns = {
        "people": table["POPULATION"],
        "tract": table["STATEFP"] + table["COUNTYFP"] + table["TRACTCE"],
    }
    return gpd.GeoDataFrame(columns, geometry=points)


@pytest.fixture(scope="module")
def tracts(mirror, centers):
    frame = read_shapes(mirror / "tracts_2020/tl_2020_06065_tract20.zip", "GEOID20")
    return frame.assign(people=centers.groupby("tract")["people"].sum().reindex(frame.index, fill_value=0))


@pytest.fixture(scope="module")
def tracts_2010(mirror):
    return read_shapes(mirror / "tracts_2010/cb_2014_06_tract_500k.zip", "GEOID")


@pytest.fixture(scope="module")
def places(mirror):
    return read_shapes(mirror / "places_2019/tl_2019_06_place.zip", "GEOID")


def test_people_move_to_the_tracts_of_2010(tracts, tracts_2010, centers):
    areal = interpolate_areal(tracts, tracts_2010, extensive="people")
    weighted = interpolate_weighted(tracts, tracts_2010, centers, weight="people", extensive="people")
    for moved in (areal, weighted):
        line = moved.ledger.loc["people"]
        assert line["in"] == RIVERSIDE_2020
        assert moved.to_ledger("people", "2020", "2010").imbalance().abs().max() < 1e-6
        # the tracts of 2010 are drawn coarsely (1:500,000): what is lost lies along the county's edge
        assert line["lost"] < 0.001 * RIVERSIDE_2020
        assert line["counted_more_than_once"] < 1
        assert moved.values["people"].sum() == pytest.approx(RIVERSIDE_2020, rel=0.001)


def test_towns_are_what_geopandas_makes_of_them(tracts, places):
    moved = interpolate_areal(tracts, places, extensive="people")
    pieces = gpd.overlay(
        tracts.assign(whole=tracts.area), places.reset_index(names="place"), keep_geom_type=True
    )
    people = (pieces["people"] * pieces.area / pieces["whole"]).groupby(pieces["place"]).sum()
    people = people[people > 1e-9]  # Anaheim touches the county: a sliver of rounding
    assert np.allclose(moved.values.loc[people.index, "people"], people, rtol=1e-9, atol=1e-6)
    assert moved.values["people"].drop(people.index).isna().all()


def test_the_coverage_is_that_of_the_united_county(tracts, places):
    coverage = interpolate_areal(tracts, places).values["coverage"]
    county = tracts.union_all()
    expected = places.intersection(county).area / places.area
    assert np.allclose(coverage, expected, rtol=1e-8, atol=1e-8)
