"""Which boundary the State's 2021 rows speak for: the table is worked out again in another way."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from geo.crs import STORED
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import Region, read_region
from geo.water.boundary_fit import FITTED, Fit, fit_boundary, rows_to_fit
from geo.water.known_ways import know_ways
from geo.water.routes import METERS_PER_FOOT, cost_systems, measure_ways, span_choices

DISTRICT = "CA3310001"
UTM, ALBERS = "EPSG:26911", "EPSG:3310"


def fit_of(region: Region) -> Fit:
    return fit_boundary(
        read_shapes_of(region.key, "receiver_boundaries"),
        read_shapes_of(region.key, "water_systems"),
        read_table_of(region.key, "consolidation_candidates"),
        str(region.receiver),
        length_crs=region.length_crs,
        area_crs=region.area_crs,
    )


def drawn() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.DataFrame]:
    """A square district of 20 km; six parks in it, of which the State gives two a route of 1,300 m."""
    square = box(500_000, 3_700_000, 520_000, 3_720_000)
    points = [Point(502_000 + 3_000 * number, 3_710_000) for number in range(6)]
    pwsids = [f"CA900000{number}" for number in range(6)]
    systems = gpd.GeoDataFrame({"pwsid": pwsids, "location_quality": "polygon"}, geometry=points, crs=UTM)
    feet = [0.0, 0.0, 0.0, 0.0, 1300 / METERS_PER_FOOT, 1299 / METERS_PER_FOOT]
    rows = pd.DataFrame({"row": [str(number) for number in range(6)], "matched_pwsid": pwsids})
    rows = rows.assign(
        double_of=None,
        receiving_pwsid=DISTRICT,
        is_region_receiver=True,
        merge_type=["Intersect"] * 4 + ["Route"] * 2,
        distance_ft=feet,
        distance_miles=[length / 5280 for length in feet],
        straight_line_miles=None,
        was_renamed=False,
        counties_differ=False,
    )
    whole = gpd.GeoDataFrame({"boundary_id": [DISTRICT]}, geometry=[square], crs=UTM)
    return whole.to_crs(STORED), systems.to_crs(STORED), rows


def test_by_hand_a_cut_that_is_left_out_gains_nothing() -> None:
    """Two routes 3 km apart do not speak for each other: left out, each park lies in the square again."""
    boundaries, systems, rows = drawn()
    fit = fit_boundary(boundaries, systems, rows, DISTRICT, length_crs=UTM, area_crs=ALBERS)
    assert fit.table["right"].tolist() == [4, 4, 4, 4]
    np.testing.assert_allclose(fit.table["mean_error_ft"], (1300 + 1299) / METERS_PER_FOOT / 6)
    # Nothing is gained, and of equals the receiver's own stands first as it is published.
    assert fit.best == DISTRICT
    assert fit.shape is None


def test_by_hand_neighbors_speak_for_each_other() -> None:
    """Three parks 100 m apart with routes of 1,300 m: of each two others rule out where it lies."""
    boundaries, systems, rows = drawn()
    systems = systems.to_crs(UTM)
    near = [Point(514_000 + 100 * number, 3_710_000) for number in range(3)]
    systems = systems.set_geometry([*systems.geometry[:3], *near]).to_crs(STORED)
    rows["merge_type"] = ["Intersect"] * 3 + ["Route"] * 3
    rows["distance_ft"] = [0.0] * 3 + [length / METERS_PER_FOOT for length in (1300, 1301, 1302)]
    fit = fit_boundary(boundaries, systems, rows, DISTRICT, length_crs=UTM, area_crs=ALBERS)
    best = fit.table.iloc[0]
    assert (fit.best, best["factor"], best["right"]) == (FITTED, 1.3, 6)
    assert fit.table.set_index("factor").loc[np.nan, "right"] == 3
    assert fit.in_range == (DISTRICT, FITTED)
    # Three discs of 1,000 m whose middles are 100 m apart: about pi + 2 x 2 x 0.1 square kilometers.
    square = boundaries.to_crs(ALBERS).area.item() / 1e6
    assert square - fit.area_km2 == pytest.approx(np.pi + 0.4, abs=0.02)


def test_too_few_rows_leave_the_published_boundary() -> None:
    boundaries, systems, rows = drawn()
    fit = fit_boundary(boundaries, systems, rows[:4], DISTRICT, length_crs=UTM, area_crs=ALBERS)
    assert (fit.best, fit.shape, fit.table.empty) == (DISTRICT, None, True)


@pytest.mark.slow
def test_the_valley_s_fit_from_the_state_s_own_file(coachella_built: str, mirror: Path) -> None:
    """42 routes and 33 intersects; held against each row without it, by distances to the discs one by one."""
    (published,) = mirror.rglob("results_consolidations.csv")
    state = pd.read_csv(published)
    ours = state[state["R_Sys_PWSID"].eq(DISTRICT)]
    assert ours["MergeType"].value_counts().to_dict() == {"Route": 42, "Intersect": 33}
    region = read_region(coachella_built)
    fit = fit_of(region)
    assert fit.best == FITTED
    assert fit.in_range == ("district", "service_areas", DISTRICT, FITTED)
    best, table = fit.table.iloc[0], fit.table.set_index(["boundary_id", "factor"])
    assert (best["boundary_id"], best["factor"]) == (DISTRICT, 1.3)
    rows = rows_to_fit(
        read_shapes_of(region.key, "water_systems"),
        read_table_of(region.key, "consolidation_candidates"),
        DISTRICT,
        region.length_crs,
    )
    assert len(rows) == best["rows"] == 37
    # Every published boundary that holds the valley holds all 37, and so is wrong of each route.
    routes = int(rows["is_route"].sum())
    whole = [(name, np.nan) for name in ("district", "service_areas", DISTRICT)]
    assert table.loc[whole, "right"].tolist() == [37 - routes] * 3
    mean = rows["distance_m"].sum() / 37 / METERS_PER_FOOT
    np.testing.assert_allclose(table.loc[whole, "mean_error_ft"].astype(float), mean)
    # A park is right if and only if another's disc reaches all of it (a route) or none does (an intersect).
    held = 0
    for pwsid, row in rows.iterrows():
        others = rows[rows["is_route"] & (rows.index != pwsid)]
        discs = others.geometry.buffer(others["distance_m"] / 1.3)
        covered = discs.union_all().contains(row.geometry)
        held += covered == row["is_route"]
    assert held == best["right"] == 28


@pytest.mark.slow
def test_a_range_of_cost_goes_over_every_boundary_that_may_count(coachella_built: str) -> None:
    """Worked out again boundary by boundary: nobody's range is narrower than any of them makes it."""
    region, systems = read_region(coachella_built), read_shapes_of(coachella_built, "water_systems")
    candidates, fit = read_table_of(coachella_built, "consolidation_candidates"), fit_of(region)
    shapes = read_shapes_of(coachella_built, "receiver_boundaries").set_index("boundary_id").geometry
    assert fit.shape is not None
    costs = {}
    for key in fit.in_range:
        shape = fit.shape if key == FITTED else shapes[key]
        measured = measure_ways(systems, shape, region.length_crs)
        costs[key] = cost_systems(systems, know_ways(measured, systems, candidates, region.length_crs))
    spanned = span_choices(costs[FITTED], [costs[key] for key in fit.in_range if key != FITTED])
    for table in costs.values():
        known = table["low_cost_usd"].notna()
        assert (spanned["low_cost_usd"][known] <= table["low_cost_usd"][known]).all()
        assert (spanned["high_cost_usd"][known] >= table["high_cost_usd"][known]).all()
    wider = spanned["high_cost_usd"] > costs[DISTRICT]["high_cost_usd"]
    assert wider.sum() > 20
    pd.testing.assert_series_equal(spanned["total_cost_usd"], costs[FITTED]["total_cost_usd"])
