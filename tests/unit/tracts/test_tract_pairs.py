"""Tracts are paired by the people who live in both, and by area where nobody does."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.tracts.crosswalk import (
    NO_AREAS,
    carry_over,
    combine_pairs,
    official_pairs,
    pairs_by_area,
    pairs_by_people,
    without_slivers,
)
from geo.tracts.residents.points import to_people, to_points

COUNTY = "06065"
ALBERS = "EPSG:3310"
OLD = {"000100": shapely.box(0, 0, 1000, 1000), "000200": shapely.box(1000, 0, 2000, 1000)}
NEW = {
    "000101": shapely.box(0, 0, 500, 1000),
    "000102": shapely.box(500, 0, 1000, 1000),
    "000200": shapely.box(1003, 0, 2000, 1000),
}


def tracts(shapes: dict[str, shapely.Polygon]) -> gpd.GeoDataFrame:
    columns = {"geoid": [COUNTY + code for code in shapes], "county_geoid": COUNTY}
    return gpd.GeoDataFrame(columns, geometry=list(shapes.values()), crs=ALBERS).to_crs("EPSG:4326")


def people(*rows: tuple[str, int, float, float]) -> gpd.GeoDataFrame:
    """Each (code of the 2020 tract, people, x, y)."""
    columns = {
        "tract_geoid": [COUNTY + row[0] for row in rows],
        "county_geoid": COUNTY,
        "population": [row[1] for row in rows],
    }
    place = [shapely.Point(row[2:]) for row in rows]
    return gpd.GeoDataFrame(columns, geometry=place, crs=ALBERS).to_crs("EPSG:4326")


def areas() -> pd.DataFrame:
    return without_slivers(pairs_by_area(tracts(OLD), tracts(NEW), ALBERS))


def shares(pairs: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {(row.geoid_2010[5:], row.geoid_2020[5:]): row.share_of_2010 for row in pairs.itertuples()}


def test_people_and_not_area_split_a_tract() -> None:
    homes = people(("000101", 300, 100, 500), ("000102", 100, 900, 500), ("000200", 50, 1500, 500))
    pairs = combine_pairs(pairs_by_people(homes, tracts(OLD), areas(), ALBERS), areas())
    assert shares(pairs) == {
        ("000100", "000101"): 0.75,
        ("000100", "000102"): 0.25,
        ("000200", "000200"): 1.0,
    }
    assert pairs["method"].eq("people").all()


def test_a_center_in_the_bend_of_its_tract_stays_with_it() -> None:
    stray = people(("000102", 100, 1200, 500), ("000200", 50, 1500, 500))
    pairs = pairs_by_people(stray, tracts(OLD), areas(), ALBERS)
    assert pairs.set_index("geoid_2010")["people"].to_dict() == {
        COUNTY + "000100": 100,
        COUNTY + "000200": 50,
    }


def test_a_tract_of_nobody_is_shared_out_by_area_whole() -> None:
    pairs = combine_pairs(
        pairs_by_people(people(("000200", 50, 1500, 500)), tracts(OLD), areas(), ALBERS), areas()
    )
    assert shares(pairs)[("000100", "000101")] == pytest.approx(0.5)
    by_method = pairs.groupby("method")["share_of_2010"].sum()
    assert by_method.to_dict() == pytest.approx({"area": 1.0, "people": 1.0})


def test_outlines_that_differ_by_meters_make_no_pair() -> None:
    assert (COUNTY + "000200", COUNTY + "000101") not in set(
        zip(areas()["geoid_2010"], areas()["geoid_2020"], strict=True)
    )
    assert len(areas()) == 3


def test_without_polygons_an_old_code_is_the_old_tract() -> None:
    homes = people(("000200", 50, 900, 500), ("000101", 300, 100, 500))
    pairs = pairs_by_people(homes, tracts(OLD), NO_AREAS, ALBERS)
    assert set(zip(pairs["geoid_2010"].str[5:], pairs["geoid_2020"].str[5:], strict=True)) == {
        ("000200", "000200"),
        ("000100", "000101"),
    }


def test_the_official_file_counts_water_and_leaves_out_what_only_touches() -> None:
    rows = {
        "geoid_2010": [COUNTY + "000100", COUNTY + "000100", COUNTY + "000200"],
        "geoid_2020": [COUNTY + "000101", COUNTY + "000102", COUNTY + "000102"],
        "land_part_m2": pd.array([70.0, 10.0, 0.0], dtype="Float64"),
        "water_part_m2": pd.array([0.0, 20.0, 0.0], dtype="Float64"),
    }
    pairs = official_pairs(pd.DataFrame(rows), [COUNTY])
    assert pairs["area_share_of_2010"].tolist() == [0.7, 0.3]


def test_blocks_take_the_place_of_centers_where_they_are_had() -> None:
    centers = pd.DataFrame(
        {
            "geoid": ["060650001001", "060250001001"],
            "population": [90, 70],
            "longitude": -116,
            "latitude": 33.0,
        }
    )
    block = gpd.GeoDataFrame(
        {"geoid": ["060650001001001", "060650001001002"], "population": pd.array([90, 0], dtype="Float64")},
        geometry=[shapely.box(-116, 33, -115.9, 33.1), shapely.box(-116.1, 33, -116, 33.1)],
        crs="EPSG:4326",
    )
    found = to_people(centers, block, ["06065", "06025"])
    assert sorted(found["geoid"]) == ["060250001001", "060650001001001"]
    assert found["tract_geoid"].str.len().eq(11).all()


def test_a_center_without_people_or_place_is_refused() -> None:
    with pytest.raises(ValueError, match="1 centers of population have no place"):
        to_points(pd.DataFrame({"geoid": ["a"], "population": [None], "longitude": [1.0], "latitude": [1.0]}))


def carried() -> tuple[pd.DataFrame, pd.DataFrame]:
    from geo.tracts.crosswalk import carried_indicators

    old = tracts(OLD)
    for item in carried_indicators():
        if item.unit == "share":
            old[item.key] = pd.array([0.5, 0.1], dtype="Float64")
        else:
            old[item.key] = pd.array([400.0, 100.0], dtype="Float64")
        if item.moe:
            old[item.moe] = pd.array([40.0, 10.0], dtype="Float64")
    old["ca_htc_index"], old["index_scored"] = pd.array([60.0, 0.0], dtype="Float64"), [True, False]
    homes = people(("000101", 300, 100, 500), ("000102", 100, 900, 500), ("000200", 50, 1500, 500))
    pairs = combine_pairs(pairs_by_people(homes, old, areas(), ALBERS), areas())
    values, ledger = carry_over(old, pairs, pd.Index(tracts(NEW)["geoid"]))
    return values.rename(index=lambda geoid: geoid[5:]), ledger.lines


def test_counts_are_split_and_scores_are_not() -> None:
    values, lines = carried()
    assert values["population"].to_dict() == {"000101": 300.0, "000102": 100.0, "000200": 100.0}
    assert values["population_moe"].to_dict() == {"000101": 30.0, "000102": 10.0, "000200": 10.0}
    assert values.loc[["000101", "000102"], "ca_htc_index"].tolist() == [60.0, 60.0]
    assert lines.loc["population", ["in", "out", "lost"]].tolist() == [500.0, 500.0, 0.0]


def test_an_index_that_is_no_score_is_not_carried_over() -> None:
    values, _ = carried()
    assert values["index_scored"].to_dict() == {"000101": True, "000102": True, "000200": False}
    assert values["ca_htc_index"].isna().to_dict()["000200"]


def test_shares_with_a_known_universe_are_computed_anew() -> None:
    values, _ = carried()
    assert values["share_mobile_homes"].tolist() == [1.0, 1.0, 1.0]
    assert values["share_poverty"].tolist() == [0.5, 0.5, 0.1]
