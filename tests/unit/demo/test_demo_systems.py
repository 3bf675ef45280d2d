"""84 small systems, the faults that the checks must find, and the costs of the 2021 method."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pandas as pd
import pytest

from geo.datasets.declared import DATASETS
from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of
from geo.water.cost.connection import connection_cost

pytestmark = pytest.mark.xdist_group("demo")
Shapes = Callable[[str], gpd.GeoDataFrame]
Table = Callable[[str], pd.DataFrame]


def test_there_are_84_small_systems_and_five_large(demo_built: str) -> None:
    systems = read_shapes_of(demo_built, "water_systems")
    small = systems[systems["pwsid"].str.startswith("CA9000")]
    assert len(small) == 84
    assert len(systems) == 89
    assert small["connections"].between(5, 150).all()
    assert systems["pwsid"].is_unique


def test_state_small_systems_have_a_point_and_5_to_14_connections(table: Table) -> None:
    frame = table("state_small_water_systems")
    assert len(frame) == 30
    assert frame["connections"].between(5, 14).all()
    assert (frame["population"] == 0).sum() == 29


def test_status_counts_are_as_promised(table: Table) -> None:
    small = table("safer_risk_assessment")
    small = small[small["pwsid"].str.startswith("CA9000")]
    assert small["safer_status"].value_counts()[["Failing", "At-Risk"]].to_dict() == {
        "Failing": 12,
        "At-Risk": 13,
    }


@pytest.mark.parametrize(
    ("dataset", "check"),
    [
        ("water_systems", "doubled_pwsids"),
        ("water_systems", "shapes_too_coarse"),
        ("water_systems", "shapes_circles"),
        ("water_systems", "points_shared"),
        ("water_systems", "population_zero"),
        ("water_systems", "people_contradict"),
        ("mobile_home_parks", "parks_elsewhere"),
        ("consolidation_candidates", "candidates_doubled"),
        ("consolidation_candidates", "candidates_unmatched"),
        ("consolidation_candidates", "candidates_misplaced"),
        ("tract_indicators", "index_not_scored"),
        ("districts", "boundaries_differ"),
    ],
)
def test_the_checks_find_what_was_hidden(dataset: str, check: str, demo_built: str) -> None:
    sidecar = read_sidecar(demo_built, dataset)
    assert sidecar is not None
    assert check in {finding["check"] for finding in sidecar.record["findings"]}


def test_costs_follow_the_2021_method_to_the_cent(table: Table) -> None:
    saved = table("consolidation_2021")
    systems = pd.DataFrame(
        {
            "pwsid": saved["joining_pwsid"],
            "population": saved["joining_population"],
            "connections": saved["joining_connections"],
            "merge_type": saved["merge_type"].str.lower(),
            "distance_ft": saved["distance_ft"],
            "county_geoid": "06065",
        }
    )
    ours = connection_cost(systems, method="swrcb_2021")["total_cost_usd"].astype(float)
    assert (ours - saved["total_cost_usd"].astype(float)).abs().max() < 0.005


def test_shared_routes_are_shorter_than_routes_apart(table: Table) -> None:
    routes = table("consolidation_routes_2021").iloc[0]
    assert 0 < routes["shared_routes_miles"] < 0.9 * routes["individual_routes_miles"]


def test_all_datasets_are_built(demo_built: str) -> None:
    for name in DATASETS:
        sidecar = read_sidecar(demo_built, name)
        assert sidecar is not None, name
        assert sidecar.built, f"{name}: {sidecar.reason}"
        assert sidecar.record["invented"]
