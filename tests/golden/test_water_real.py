"""The real water tables: published sums, and an independent joining of the same sources.

The reference's master table was joined by others, from more sources (408 systems); every difference to it
is explained here.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.datasets.findings import Finding, describe
from geo.datasets.record import require_sidecar
from geo.datasets.storage import read_ledgers, read_shapes_of, read_table_of
from geo.methods.geometry import compactness
from geo.region import read_region
from geo.water.checks import find_shape_faults
from geo.water.receiver import receiver_boundaries, receiver_boundary
from geo.water.service_areas import reaches_in
from wording.profiles import systems_figure

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def systems(coachella_built: str) -> gpd.GeoDataFrame:
    return read_shapes_of(coachella_built, "water_systems").set_index("pwsid", drop=False)


@pytest.fixture(scope="module")
def candidates(coachella_built: str) -> pd.DataFrame:
    return read_table_of(coachella_built, "consolidation_candidates")


@pytest.fixture(scope="module")
def master(reference: Path) -> pd.DataFrame:
    path = reference / "water" / "water_systems_master_riverside_imperial.csv"
    return pd.read_csv(path, dtype={"pwsid": str}).set_index("pwsid")


def findings_of(region: str, dataset: str) -> dict[tuple[str, str], Finding]:
    records = require_sidecar(region, dataset).record["findings"]
    found = [Finding.from_record(record) for record in records]
    return {(finding.check, finding.subject): finding for finding in found}


def test_the_392_identifiers_of_the_five_tables_stand_once_each(
    systems: gpd.GeoDataFrame, mirror: Path
) -> None:
    """Counted from the files themselves, without the project's reading."""
    columns = {
        "water_system_details/water_system_details_2022-05.csv": "Number",
        "state_small_water_systems/state_small_water_systems.csv": "pwsid",
        "safer_risk_assessment/safer_risk_assessment_2025-08.csv": "WATER_SYSTEM_NUMBER",
        "water_quality_violations/hr2w_2019-02.csv": "WATER_SYSTEM_NUMBER",
    }
    expected = {
        value for path, name in columns.items() for value in pd.read_csv(mirror / path, dtype=str)[name]
    }
    shapes = gpd.read_file(mirror / "water_system_boundaries" / "query.geojson", engine="pyogrio")
    expected |= set(shapes["WATER_SYSTEM_NUMBER"])
    assert len(expected) == 392
    assert systems["pwsid"].is_unique
    assert set(systems["pwsid"]) == expected


def test_every_system_is_in_the_master_and_what_it_has_more_is_in_other_sources(
    systems: gpd.GeoDataFrame, master: pd.DataFrame
) -> None:
    more = master.loc[master.index.difference(systems["pwsid"])]
    assert set(systems["pwsid"]) <= set(master.index)
    assert len(more) == 16
    # None of the 16 is in the tables of 2022 or 2025-08, nor has a polygon.
    assert more["status_2022"].isna().all()
    assert more["safer_2025_08"].isna().all()
    assert not more["polygon"].any()


def test_roles_are_those_of_the_independent_table(systems: gpd.GeoDataFrame, master: pd.DataFrame) -> None:
    theirs = master["swrcb2024_role"].reindex(systems.index).fillna("none")
    assert (systems["role"] == theirs).all()
    assert systems["role"].value_counts().to_dict() == {"none": 303, "receiving": 52, "joining": 37}


def test_statuses_are_those_of_the_independent_table(systems: gpd.GeoDataFrame, master: pd.DataFrame) -> None:
    theirs = master["safer_2025_08"].reindex(systems.index)
    assert systems["safer_status"].isna().tolist() == theirs.isna().tolist()
    assert systems["safer_status"].dropna().tolist() == theirs.dropna().tolist()
    riverside = systems.loc[systems["county_geoid"].eq("06065"), "safer_status"].value_counts()
    # As printed for Riverside County, 2025-08.
    assert riverside.to_dict() == {
        "Not At-Risk": 45, "At-Risk": 16, "Potentially At-Risk": 15, "Not Assessed": 11, "Failing": 10,
    }  # fmt: skip


def test_people_differ_from_the_master_only_where_a_newer_table_was_taken(
    systems: gpd.GeoDataFrame, master: pd.DataFrame
) -> None:
    """The master prefers the register of 2025-03 to the assessment of 2025-08."""
    both = systems.join(master[["population", "population_source", "pop_safer25"]].add_suffix("_theirs"))
    differs = both.loc[~both["population_estimated"] & both["population"].ne(both["population_theirs"])]
    newer = differs["population_source"].eq("safer_risk_assessment")
    assert (differs.loc[newer, "population"] == differs.loc[newer, "pop_safer25_theirs"]).all()
    # CA1300661 has no row of 2025 in the mirror; CA3302079 had 0, which means unknown.
    assert set(differs.index[~newer]) == {"CA1300661", "CA3302079"}


def test_estimated_people_are_unknown_or_nought_in_the_master(
    systems: gpd.GeoDataFrame, master: pd.DataFrame
) -> None:
    ours = systems.loc[systems["population_estimated"]]
    assert len(ours) == 82
    theirs = master["population"].reindex(ours.index)
    assert theirs.fillna(0).eq(0).all()
    assert np.allclose(ours["population"].astype(float), 3.3 * ours["connections"].astype(float))


def test_polygons_are_those_of_the_best_boundaries(systems: gpd.GeoDataFrame, reference: Path) -> None:
    path = reference / "water" / "water_system_boundaries_best_riverside_imperial.parquet"
    best = gpd.read_parquet(path).set_index("pwsid").to_crs("EPSG:3310")
    ours = systems.loc[systems["boundary_area_km2"].notna()].to_crs("EPSG:3310")
    assert set(ours.index) == set(best.index)
    ratio = ours.geometry.area / best.geometry.area.reindex(ours.index)
    # The mirror's coordinates are rounded to 1e-7 degrees.
    assert ratio.to_numpy() == pytest.approx(1.0, abs=1e-3)


def test_an_empty_place_is_one_that_the_master_lacks_too(
    systems: gpd.GeoDataFrame, master: pd.DataFrame
) -> None:
    """But for one, whose point stands in a source that the mirror lacks."""
    nowhere = systems.index[systems["location_quality"].eq("none")]
    theirs = master["location_quality"].reindex(nowhere)
    assert len(nowhere) == 133
    assert theirs[theirs.ne("none")].tolist() == ["system coordinate"]


def test_findings_on_the_systems_count_what_is_known_to_be_wrong(coachella_built: str) -> None:
    found = findings_of(coachella_built, "water_systems")
    counts = {check: finding.count for (check, _), finding in found.items()}
    assert found["doubled_pwsids", "water_system_details"].ids == ("CA3301491", "CA3301512", "CA3301529")
    assert found["points_shared", "state_small_water_systems"].values["most"] == 6  # noqa: PD011
    assert found["population_zero", "state_small_water_systems"].count == 93
    assert found["identifiers_reused", "water_system_details"].ids == ("CA3301055", "CA3301380")
    assert found["people_contradict", "water_system_details"].of == 156
    assert found["shapes_outside", "water_system_boundaries"].ids == ("CA3301477",)
    assert counts["points_centroid"] == 6
    assert counts["shapes_too_coarse"] == 26
    assert counts["shapes_too_wide"] == 3
    assert counts["sells_to_others"] == 2


def test_the_fourteen_circles_of_2022_are_found(reference: Path) -> None:
    path = reference / "water" / "mhp_water_system_polygons_riverside_imperial_2022-01.parquet"
    parks = gpd.read_parquet(path)
    assert (compactness(parks.to_crs("EPSG:26911")) > 0.99).sum() == 14
    parks["published_area_web_mercator_m2"] = pd.Series(pd.NA, index=parks.index, dtype="Float64")
    found = {f.check: f.count for f in find_shape_faults(parks, read_region("coachella"))}
    assert found["shapes_circles"] == 14


def test_the_water_board_list_is_kept_row_by_row(candidates: pd.DataFrame, mirror: Path) -> None:
    path = mirror / "consolidation_2021" / "results_consolidations.csv"
    published = pd.read_csv(path, dtype={"J_Sys_PWSID": str})
    assert len(candidates) == len(published) == 233
    assert candidates["joining_name"].tolist() == published["J_Sys_Name"].str.strip().tolist()
    assert np.allclose(candidates["total_cost_usd"].astype(float), published["Total Merger Cost"])


def test_the_83_rows_to_the_receiver_sum_to_what_is_published(candidates: pd.DataFrame) -> None:
    rows = candidates.loc[candidates["is_region_receiver"]]
    assert len(rows) == 83
    assert rows["total_cost_usd"].sum() == pytest.approx(79_568_839.61, abs=0.005)
    assert rows["distance_miles"].sum() == pytest.approx(43.2595, abs=5e-5)
    assert rows["joining_population"].sum() == 9_983
    assert rows["joining_connections"].sum() == 1_368
    assert rows["joining_pwsid"].isna().sum() == 53
    assert rows["receiving_pwsid"].value_counts().to_dict() == {
        "CA3310001": 75, "CA3310048": 4, "CA1310011": 4,
    }  # fmt: skip


def test_matches_are_those_of_the_independent_list(candidates: pd.DataFrame, reference: Path) -> None:
    theirs = pd.read_csv(reference / "water" / "cvwd_2021_joining_systems_located.csv", dtype=str)
    ours = candidates.loc[candidates["is_region_receiver"]]
    by_name = dict(zip(theirs["J_Sys_Name"], theirs["pwsid_matched"], strict=True))
    matched = ours["matched_pwsid"].fillna("none")
    expected = ours["joining_name"].map(by_name).fillna("none")
    differing = ours.loc[matched.ne(expected), "joining_name"]
    # Identifiers that stand on the list alone: they are in none of the five tables.
    assert set(differing) == {"CVUSD, WESTSIDE SCHOOL", "USFS SILVER CREEK CAMPGROUND"}
    assert ours["match"].value_counts().to_dict() == {"name": 46, "pwsid": 28, "none": 9}


def test_known_misplacements_and_doubles_are_marked(candidates: pd.DataFrame) -> None:
    rows = candidates.set_index("joining_name")
    assert rows.loc["100 PALMS MARKET", "is_misplaced"]
    assert rows.loc["100 PALMS MARKET", "counties_differ"]
    assert rows.loc["USFS SILVER CREEK CAMPGROUND", "counties_differ"]
    assert rows.loc["SAINT ANTHONY TRAILER PARK", "was_renamed"]
    for name in ("Sam's Fence", "RBI Packing, LLC", "Jack In The Box", "Thousand Trails - Palm Springs"):
        assert rows.loc[name, "is_double"]
    assert not rows.loc["OASIS GARDENS WATER CO.", "is_double"]


def test_shared_routes_of_the_receiver(coachella_built: str) -> None:
    rows = read_table_of(coachella_built, "consolidation_routes").set_index("receiving_pwsid")
    ours = rows.loc["CA3310001"]
    assert (ours["joining_systems"], ours["joining_connections"]) == (42, 706)
    assert ours["individual_routes_miles"] == pytest.approx(30.85, abs=0.005)
    assert ours["shared_routes_miles"] == pytest.approx(22.06, abs=0.005)


def test_the_receivers_boundaries_are_the_known_ones(coachella_built: str) -> None:
    region = read_region(coachella_built)
    areas = {choice.key: choice.area_km2 for choice in receiver_boundaries(region)}
    assert areas["district"] == pytest.approx(2_588.9, abs=0.1)
    assert areas["CA3310001"] == pytest.approx(1_909, abs=1)
    assert len(receiver_boundary(region, "district")) == 1


def test_violations_are_117_in_132_rows(coachella_built: str) -> None:
    frame = read_table_of(coachella_built, "violations")
    assert len(frame) == 117
    assert frame["enforcement_actions"].sum() == 132
    assert frame["pwsid"].nunique() == 10
    found = findings_of(coachella_built, "violations")
    # 124 MG/L of TTHM would be 1,550 times the limit: micrograms were meant.
    assert "CA1310013 1214046" in found["violations_implausible", "water_quality_violations"].ids


def test_parks_are_all_there_and_the_one_in_humboldt_is_marked(coachella_built: str) -> None:
    parks = read_shapes_of(coachella_built, "mobile_home_parks").set_index("park_id")
    assert len(parks) == 414
    assert parks["spaces"].sum() == 37_129
    humboldt = parks.loc["33-0481-MP"]
    assert humboldt.geometry.y > 40
    assert humboldt["location_quality"] == "point_outside_county"
    assert pd.isna(humboldt["located_county_geoid"])
    centroid = parks.loc[["33-0044-MP", "33-0146-MP", "33-0211-MP"]]
    assert centroid["location_quality"].eq("point_shared_centroid").all()


def test_the_join_of_tracts_and_systems_balances(coachella_built: str, systems: gpd.GeoDataFrame) -> None:
    pairs = read_table_of(coachella_built, "tract_system_join").query("known_by == 'outline'")
    ledger = read_ledgers(coachella_built, "tract_system_join")[0]
    assert (ledger.imbalance().abs() <= 1e-9 * ledger.lines["in"]).all()
    line = ledger.lines.loc["system_area_m2"]
    assert line["in"] == pytest.approx(1e6 * systems["boundary_area_km2"].sum(), rel=1e-9)
    assert line["missing"] == 233
    # South Mesa lies in San Bernardino for three fifths; 100 Palms' shape lies there altogether.
    assert {"CA3310017", "CA3301477"} <= set(line["units_lost"])
    assert line["counted_more_than_once"] < 1.0
    whole = pairs.groupby("pwsid")["share_of_system"].sum()
    assert (whole <= 1 + 1e-9).all()
    assert whole.drop(line["units_lost"], errors="ignore").to_numpy() == pytest.approx(1.0)


def test_a_tracts_systems_are_those_of_a_slow_independent_way(
    coachella_built: str, systems: gpd.GeoDataFrame
) -> None:
    """The tract with most systems, by geopandas' own clip in another equal-area system."""
    pairs = read_table_of(coachella_built, "tract_system_join").query("known_by == 'outline'")
    tracts = read_shapes_of(coachella_built, "tracts_2010").set_index("geoid")
    geoid = str(pairs["geoid"].value_counts().index[0])
    ours = pairs.loc[pairs["geoid"].eq(geoid)].set_index("pwsid")["area_m2"]
    tract = tracts.loc[[geoid]].to_crs("EPSG:5070")
    polygons = systems.loc[systems.geom_type.isin(["Polygon", "MultiPolygon"])].to_crs("EPSG:5070")
    slow = gpd.clip(polygons, tract).geometry.area
    slow = slow[slow > 1.0]
    assert set(slow.index) == set(ours.index)
    assert ours.reindex(slow.index).to_numpy() == pytest.approx(slow.to_numpy(), rel=2e-3, abs=100)


def test_every_point_lies_in_the_tract_that_contains_it(
    coachella_built: str, systems: gpd.GeoDataFrame
) -> None:
    """An independent path: plain containment, tract by tract; doubtful points are told apart."""
    pairs = read_table_of(coachella_built, "tract_system_join").query("known_by != 'outline'")
    points = systems[systems.geom_type == "Point"]
    tracts = read_shapes_of(coachella_built, "tracts_2010").set_index("geoid").geometry
    slow = {(geoid, pwsid) for geoid, shape in tracts.items() for pwsid in points.index[points.within(shape)]}
    assert set(zip(pairs["geoid"], pairs["pwsid"], strict=True)) == slow
    assert len(slow) > 90
    vague = ["point_shared", "point_shared_centroid", "point_outside_county"]
    doubtful = set(points.index[points["location_quality"].isin(vague)])
    assert set(pairs.loc[pairs["known_by"] == "doubtful_point", "pwsid"]) <= doubtful
    assert set(pairs.loc[pairs["known_by"] == "point", "pwsid"]).isdisjoint(doubtful)


def test_tracts_and_systems_name_one_another_by_one_rule(
    coachella_built: str, systems: gpd.GeoDataFrame
) -> None:
    """What the card of each tract of the study area counts is what the join holds for it."""
    pairs = read_table_of(coachella_built, "tract_system_join")
    known = pairs[reaches_in(pairs)].groupby("geoid")["pwsid"].nunique()
    tracts = read_shapes_of(coachella_built, "tracts_2010").set_index("geoid").geometry
    study = read_table_of(coachella_built, "study_area").query("tracts == 'tracts_2010' and inside")
    frame = read_shapes_of(coachella_built, "water_systems")
    for geoid in study["geoid"]:
        told = systems_figure(frame, tracts[geoid], "EPSG:3310").words
        assert int(told) == int(known.get(geoid, 0)), geoid


@pytest.mark.parametrize("region", ["coachella_built", "demo_built"])
def test_every_finding_on_water_has_words(region: str, request: pytest.FixtureRequest) -> None:
    import geo.water.findings  # noqa: F401

    key = request.getfixturevalue(region)
    for dataset in (
        "water_systems",
        "violations",
        "mobile_home_parks",
        "tract_system_join",
        "consolidation_candidates",
        "receiver_boundaries",
    ):
        for finding in findings_of(key, dataset).values():
            words = describe(finding)
            assert str(finding.count) in words, finding.check
            assert "{" not in words
            assert words != finding.check
