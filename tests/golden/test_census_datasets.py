"""The census and boundary datasets of the real region, against published sums and an independent extract."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.datasets.findings import Finding
from geo.datasets.inputs import Inputs
from geo.datasets.record import require_sidecar
from geo.datasets.storage import read_ledgers, read_shapes_of, read_table_of
from geo.methods.geometry import area_km2
from geo.region import read_region
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore
from geo.tracts.crosswalk import pairs_by_area
from geo.tracts.indicators import indicators_of

RIVERSIDE, IMPERIAL = "06065", "06025"
# Below this share of both tracts' area an overlap is the outlines' fault.
SLIVER = 0.005
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def indicators(coachella_built: str) -> pd.DataFrame:
    return read_table_of(coachella_built, "tract_indicators").set_index("geoid")


@pytest.fixture(scope="module")
def tracts_2010(coachella_built: str) -> gpd.GeoDataFrame:
    return read_shapes_of(coachella_built, "tracts_2010").set_index("geoid")


@pytest.fixture(scope="module")
def tracts_2020(coachella_built: str) -> gpd.GeoDataFrame:
    return read_shapes_of(coachella_built, "tracts_2020").set_index("geoid")


@pytest.fixture(scope="module")
def crosswalk(coachella_built: str) -> pd.DataFrame:
    return read_table_of(coachella_built, "crosswalk_2010_2020")


def found(region: str, dataset: str, check: str, subject: str | None = None) -> Finding:
    findings = [item for item in require_sidecar(region, dataset).findings if item.check == check]
    chosen = [item for item in findings if subject in (None, item.subject)]
    assert len(chosen) == 1, [item.check for item in findings]
    return chosen[0]


def test_the_index_has_the_states_published_distribution(indicators: pd.DataFrame) -> None:
    index = indicators["ca_htc_index"]
    assert len(index) == 8057
    assert index.notna().all()
    assert (index.min(), index.max()) == (0, 136)
    assert index.quantile([0.25, 0.5, 0.75, 0.9]).tolist() == [18, 37, 62, 84]


@pytest.mark.parametrize(
    ("county", "tracts", "median", "highest", "population"),
    [(RIVERSIDE, 453, 34, 107, 2_383_286), (IMPERIAL, 31, 70, 115, 180_216)],
)
def test_each_county_has_its_tracts_index_and_people(
    tracts_2010: gpd.GeoDataFrame, county: str, tracts: int, median: int, highest: int, population: int
) -> None:
    ours = tracts_2010[tracts_2010["county_geoid"] == county]
    assert len(ours) == tracts
    assert ours["ca_htc_index"].notna().all()
    assert (ours["ca_htc_index"].median(), ours["ca_htc_index"].max()) == (median, highest)
    assert ours["population"].sum() == population


def test_the_hardest_tracts_of_the_two_valleys(tracts_2010: gpd.GeoDataFrame) -> None:
    hardest = {"06065045303": 101, "06065044509": 98, "06065046102": 96}
    assert tracts_2010.loc[list(hardest), "ca_htc_index"].to_dict() == hardest


def test_zeros_are_told_apart(coachella_built: str, indicators: pd.DataFrame) -> None:
    unscored = found(coachella_built, "tract_indicators", "index_not_scored")
    low = found(coachella_built, "tract_indicators", "index_zero_scored")
    assert (unscored.count, low.count) == (44, 114)
    assert not set(unscored.ids) & set(low.ids)
    assert (indicators.loc[list(unscored.ids), "households"].fillna(0) == 0).all()
    assert indicators["ca_htc_index_state_percentile"].notna().sum() == 8057 - 44
    assert found(coachella_built, "tract_indicators", "index_without_acs").count == 16
    assert found(coachella_built, "tracts_2010", "index_without_polygon").count == 14
    assert found(coachella_built, "tracts_2010", "z_coordinates").count == 8043


def test_recomputed_shares_are_the_published_ones_to_their_last_digit(indicators: pd.DataFrame) -> None:
    for item in indicators_of("tracts_2010"):
        if item.unit == "share":
            gap = (100 * indicators[item.key] - indicators[f"{item.key}_percent"]).abs()
            assert gap.max() <= 0.05 + 1e-9, item.key


@pytest.mark.parametrize(
    "share", ["share_crowded", "share_single_parent", "share_large_buildings", "share_minority"]
)
def test_recomputed_margins_are_the_published_ones(indicators: pd.DataFrame, share: str) -> None:
    gap = (100 * indicators[f"{share}_moe"] - indicators[f"{share}_percent_moe"]).abs()
    assert (gap.dropna() <= 0.06).mean() >= 0.995


def test_estimates_equal_the_extract(indicators: pd.DataFrame, reference: Path) -> None:
    extract = pd.read_parquet(reference / "census" / "acs_2014_2018_svi2018_tracts2010_ca.parquet")
    name = next(column for column in extract if extract[column].astype(str).str.fullmatch(r"06\d{9}").all())
    extract = extract.set_index(name)
    assert len(extract) == 8041
    for ours, theirs in {"population": "E_TOTPOP", "uninsured": "E_UNINSUR", "poverty_moe": "M_POV"}.items():
        mine = indicators.loc[extract.index, ours].astype(float)
        np.testing.assert_array_equal(mine, extract[theirs].astype(float), err_msg=ours)


def test_counties_are_the_extracts_outlines(coachella_built: str, reference: Path) -> None:
    counties = read_shapes_of(coachella_built, "counties").set_index("geoid")
    extract = gpd.read_file(reference / "census" / "counties_ca_dissolved_cb2014.geojson")
    name = next(column for column in extract if extract[column].astype(str).isin([RIVERSIDE]).any())
    theirs = extract.set_index(name).geometry.to_crs("EPSG:3310")
    ours = counties.geometry.to_crs("EPSG:3310")
    for county in (RIVERSIDE, IMPERIAL):
        apart_km2 = ours[county].symmetric_difference(theirs[county]).area / 1e6
        assert apart_km2 < 0.001 * counties.loc[county, "area_km2"]


def test_places_are_those_of_the_extract(coachella_built: str, reference: Path) -> None:
    places = read_shapes_of(coachella_built, "places")
    extract = gpd.read_file(reference / "census" / "places2019_06065_06025.geojson")
    geoid = next(column for column in extract if extract[column].astype(str).str.fullmatch(r"06\d{5}").all())
    assert set(places["geoid"]) == set(extract[geoid])
    assert places["county_geoid"].value_counts().to_dict() == {RIVERSIDE: 74, IMPERIAL: 17}
    assert {"Coachella", "Mecca", "Thermal", "Blythe"} <= set(places["name"])


def test_school_districts_are_those_of_the_extract(coachella_built: str) -> None:
    districts = read_shapes_of(coachella_built, "school_districts").set_index("name")
    assert len(districts) == 42
    land = districts.loc["Coachella Valley Unified School District", "land_m2"] / 1e6
    assert round(land) == 2673
    assert districts["level"].value_counts().to_dict() == {"unified": 25, "elementary": 13, "secondary": 4}


def test_the_2020_tracts_hold_the_count_of_2020(tracts_2020: gpd.GeoDataFrame, reference: Path) -> None:
    assert len(tracts_2020) == 518
    assert tracts_2020["population_2020"].sum() == 2_418_185
    assert tracts_2020["housing_units_2020"].sum() == 848_549
    extract = gpd.read_parquet(reference / "census" / "tracts2020_06065_pl94.parquet")
    geoid = next(
        column for column in extract if extract[column].astype(str).str.fullmatch(r"06065\d{6}").all()
    )
    extract = extract.set_index(geoid).loc[tracts_2020.index]
    assert (tracts_2020["population_2020"] == extract["POPULATION"]).all()
    assert (tracts_2020["vacant_units_2020"] == extract["VACUNITS"]).all()


def test_what_is_carried_over_is_all_there(coachella_built: str, tracts_2020: gpd.GeoDataFrame) -> None:
    (ledger,) = read_ledgers(coachella_built, "tracts_2020")
    lines = ledger.lines
    assert (ledger.imbalance().abs() <= 1e-9 * lines["in"]).all()
    assert lines.loc["population", ["in", "out", "lost"]].tolist() == pytest.approx([2_383_286, 2_383_286, 0])
    assert tracts_2020["population"].sum() == pytest.approx(2_383_286)
    assert tracts_2020["coverage"].min() > 0.99


def test_the_gap_of_imperial_is_said(coachella_built: str) -> None:
    assert found(coachella_built, "tracts_2020", "county_not_here").ids == (IMPERIAL,)


def test_tracts_that_did_not_change_keep_their_index(
    tracts_2010: gpd.GeoDataFrame, tracts_2020: gpd.GeoDataFrame, crosswalk: pd.DataFrame
) -> None:
    same = crosswalk[(crosswalk["share_of_2010"] == 1) & (crosswalk["share_of_2020"] == 1)]
    same = same[same["geoid_2020"].isin(tracts_2020.index)]
    old = tracts_2010.loc[same["geoid_2010"]]
    old_index = old["ca_htc_index"].where(old["index_scored"]).to_numpy(float, na_value=np.nan)
    new_index = tracts_2020.loc[same["geoid_2020"], "ca_htc_index"].to_numpy(float, na_value=np.nan)
    assert len(same) > 350
    np.testing.assert_allclose(new_index, old_index)


def test_self_response_falls_where_the_index_rises(tracts_2020: gpd.GeoDataFrame) -> None:
    scored = tracts_2020[tracts_2020["index_scored"]]
    columns = scored[["ca_htc_index", "share_self_response"]].astype(float)
    assert -0.65 < columns.corr().iloc[0, 1] < -0.45


@pytest.fixture(scope="module")
def official(mirror: Path) -> pd.DataFrame:
    """Pairs of the relationship file in both counties, by hand: shares of all area, land and water."""
    path = mirror / "tract_relationship_2020" / "tab20_tract20_tract10_st06.txt"
    table = pd.read_csv(path, sep="|", dtype={"GEOID_TRACT_20": str, "GEOID_TRACT_10": str})
    ours = table[table["GEOID_TRACT_20"].str[:5].isin([RIVERSIDE, IMPERIAL])]
    area = ours["AREALAND_PART"] + ours["AREAWATER_PART"]
    shares = [area / area.groupby(ours[f"GEOID_TRACT_{year}"]).transform("sum") for year in ("10", "20")]
    large = pd.concat(shares, axis=1).max(axis=1) > SLIVER
    keys = ours[["GEOID_TRACT_10", "GEOID_TRACT_20"]].set_axis(["geoid_2010", "geoid_2020"], axis=1)
    return keys.assign(area=area)[large].set_index(["geoid_2010", "geoid_2020"])


def test_pairs_and_areas_are_the_official_files(crosswalk: pd.DataFrame, official: pd.DataFrame) -> None:
    ours = crosswalk.set_index(["geoid_2010", "geoid_2020"])
    assert crosswalk["official"].all()
    assert crosswalk["geoid_2020"].str[:5].value_counts().to_dict() == {RIVERSIDE: 569, IMPERIAL: 44}
    assert set(ours.index) == set(official.index)
    assert (ours["area_m2"] == official["area"].reindex(ours.index)).all()


def test_crosswalk_by_people_loses_nobody(crosswalk: pd.DataFrame) -> None:
    assert crosswalk["people"].sum() == 2_418_185 + 179_702
    for year in ("2010", "2020"):
        sums = crosswalk.groupby(f"geoid_{year}")[f"share_of_{year}"].sum()
        np.testing.assert_allclose(sums, 1.0)


# The derived extract splits these 2020 tracts in two; the official file says that each lies in one of 2010.
WHOLE_BY_THE_OFFICIAL_FILE = {
    "06065040305",
    "06065041302",
    "06065041904",
    "06065042208",
    "06065042748",
    "06065044606",
    "06065044922",
    "06065045125",
    "06065051302",
    "06065940600",
}


def test_shares_of_people_are_the_extracts_but_where_that_is_wrong(
    crosswalk: pd.DataFrame, official: pd.DataFrame, reference: Path
) -> None:
    path = reference / "census" / "tract2020_tract2010_overlay_06065_DERIVED.csv"
    extract = pd.read_csv(path, dtype={"tract20": str, "tract10": str})
    both = crosswalk[crosswalk["geoid_2020"].str.startswith(RIVERSIDE)].merge(
        extract, left_on=["geoid_2020", "geoid_2010"], right_on=["tract20", "tract10"], how="outer"
    )
    apart = (both["share_of_2020"].fillna(0) - both["share_of_tract20_pop_bgcenters"].fillna(0)).abs() > 0.001
    assert set(both["geoid_2020"].fillna(both["tract20"])[apart]) == WHOLE_BY_THE_OFFICIAL_FILE
    pairs = official.index.get_level_values("geoid_2020").value_counts()
    assert (pairs[list(WHOLE_BY_THE_OFFICIAL_FILE)] == 1).all()


def test_areas_by_overlay_are_the_extracts(
    tracts_2010: gpd.GeoDataFrame, tracts_2020: gpd.GeoDataFrame, reference: Path
) -> None:
    path = reference / "census" / "tract2020_tract2010_overlay_06065_DERIVED.csv"
    extract = pd.read_csv(path, dtype={"tract20": str, "tract10": str})
    old = tracts_2010[tracts_2010["county_geoid"] == RIVERSIDE].reset_index()
    ours = pairs_by_area(old, tracts_2020.reset_index(), read_region("coachella").area_crs)
    both = ours.merge(extract, left_on=["geoid_2020", "geoid_2010"], right_on=["tract20", "tract10"])
    assert len(both) > 700
    assert (both["area_m2_x"] / both["area_m2_y"]).sub(1).abs().quantile(0.95) < 0.01


def test_blocks_of_a_place_hold_its_published_people(coachella_built: str, reference: Path) -> None:
    places = read_table_of(coachella_built, "block_places")
    assert len(places) == 29_144
    assert places["county_geoid"].eq(RIVERSIDE).all()
    assert found(coachella_built, "block_places", "county_not_here").ids == (IMPERIAL,)
    census = reference / "census"
    counted = pd.read_csv(census / "places2020_06065_counts_from_blocks.csv", dtype={"place_geoid": str})
    blocks = pd.read_parquet(census / "blocks2020_06065_pl94_attributes.parquet").set_index("GEOID20")
    columns = ["POP20", "HU20", "HU20_OCCUPIED"]
    sums = blocks[columns].groupby(places.set_index("geoid")["place_geoid"]).sum()
    pd.testing.assert_frame_equal(
        sums, counted.set_index("place_geoid")[columns], check_dtype=False, check_index_type=False
    )


def test_block_groups_hold_everybody(coachella_built: str, reference: Path) -> None:
    groups = read_shapes_of(coachella_built, "block_groups").set_index("geoid")
    by_county = groups.groupby("county_geoid")["population"].agg(["size", "sum"])
    assert by_county.loc[RIVERSIDE].tolist() == [1394, 2_418_185]
    assert by_county.loc[IMPERIAL].tolist() == [114, 179_702]
    assert groups["derived"].all()
    outside = found(coachella_built, "block_groups", "center_outside").ids
    assert sum(geoid.startswith(RIVERSIDE) for geoid in outside) == 15
    path = reference / "census" / "blockgroups2020_popcenters_06065_06025_06071.csv"
    extract = pd.read_csv(path, dtype=str)
    name = next(column for column in extract if extract[column].str.fullmatch(r"06\d{10}").all())
    units = extract.set_index(name)["HU20"].dropna().astype(float)
    assert (groups.loc[units.index, "housing_units"] == units).all()


def test_block_groups_fill_their_tracts(coachella_built: str, tracts_2020: gpd.GeoDataFrame) -> None:
    groups = read_shapes_of(coachella_built, "block_groups")
    ours = groups[groups["county_geoid"] == RIVERSIDE]
    cells = ours.groupby("tract_geoid")["area_km2"].sum()
    np.testing.assert_allclose(cells, tracts_2020.loc[cells.index, "area_km2"].astype(float), rtol=1e-6)


def test_the_states_centers_sum_to_its_count(coachella_built: str) -> None:
    inputs = Inputs(read_region(coachella_built), RawStore("official"), read_catalog())
    assert inputs.table("block_group_centers_2020")["population"].sum() == 39_538_223


def test_daily_self_response_never_falls(coachella_built: str, reference: Path) -> None:
    daily = read_table_of(coachella_built, "self_response_daily")
    assert (len(daily), daily["geoid"].nunique(), daily["response_date"].nunique()) == (87_292, 556, 157)
    assert (daily.groupby("geoid")["share_self_response"].diff().dropna() >= -1e-12).all()
    assert found(coachella_built, "self_response_daily", "days_missing").count == 156
    path = reference / "extra" / "census2020_self_response_tracts_ca_final_2021-01-29.csv"
    final = pd.read_csv(path, dtype={"GEOID": str}).set_index("GEOID")["CRRALL"]
    last = daily.sort_values("response_date").drop_duplicates("geoid", keep="last").set_index("geoid")
    np.testing.assert_allclose(last["share_self_response"].astype(float) * 100, final[last.index])


def test_supervisors_have_their_people(coachella_built: str, tracts_2020: gpd.GeoDataFrame) -> None:
    districts = read_shapes_of(coachella_built, "districts")
    ours = districts[districts["kind"] == "supervisorial district"].sort_values("name")
    points = tracts_2020.set_geometry(tracts_2020.representative_point())[["population_2020", "geometry"]]
    people = gpd.sjoin(points, ours[["name", "geometry"]]).groupby("name")["population_2020"].sum()
    assert people.tolist() == [463_237, 491_502, 503_616, 471_893, 487_937]
    assert found(coachella_built, "districts", "tract_split").count == 56


def test_the_receivers_boundaries_stand_side_by_side(coachella_built: str) -> None:
    districts = read_shapes_of(coachella_built, "districts").set_index("district_id")
    assert round(districts.loc["district-coachella-valley-water-district", "area_km2"]) == 2589
    assert round(districts.loc["system-CA3310001", "area_km2"]) == 1909
    assert found(coachella_built, "districts", "boundaries_differ").count >= 2


def test_transit_is_the_extracts(coachella_built: str, reference: Path) -> None:
    stops = read_shapes_of(coachella_built, "transit_stops")
    extract = gpd.read_parquet(reference / "geometry" / "sunline_bus_stops.parquet")
    assert len(stops) == len(extract) == 628
    routes = read_shapes_of(coachella_built, "transit_routes")
    lines = gpd.read_parquet(reference / "geometry" / "sunline_bus_route_shapes.parquet").to_crs("EPSG:26911")
    near = routes.to_crs("EPSG:26911").union_all().buffer(1.0)
    assert lines.within(near).mean() > 0.99


@pytest.mark.parametrize("dataset", ["places", "school_districts", "tribal_areas", "tracts_2020"])
def test_areas_are_the_publishers_own(coachella_built: str, dataset: str) -> None:
    frame = read_shapes_of(coachella_built, dataset)
    published = (frame["land_m2"] + frame["water_m2"]).astype(float) / 1e6
    assert (frame["area_km2"] / published).sub(1).abs().max() < 0.03
    np.testing.assert_allclose(frame["area_km2"], area_km2(frame.geometry, "EPSG:3310"))


def test_stand_ins_are_marked(coachella_built: str) -> None:
    roads = read_shapes_of(coachella_built, "roads")
    assert roads["rough"].all()
    assert found(coachella_built, "roads", "stand_in").count == len(roads) == 792
    assert read_shapes_of(coachella_built, "area_water")["rough"].all()
