"""The State's methods against their published results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.water.cost.connection import connection_cost

RECEIVER = ["CA3310001", "CA3310048", "CA1310011"]
BY_NAME = {
    "J_Sys_PWSID": "pwsid",
    "J_Pop": "population",
    "J_Conn": "connections",
    "MergeType": "merge_type",
    "Distance_Feet": "distance_ft",
}


@pytest.fixture(scope="module")
def published(mirror: Path) -> pd.DataFrame:
    table = pd.read_csv(mirror / "consolidation_2021" / "results_consolidations.csv")
    table = table.rename(columns=BY_NAME)
    return table.assign(merge_type=table["merge_type"].str.lower(), county_geoid="06065")


@pytest.mark.real
def test_the_2021_method_gives_every_published_row_to_the_cent(published: pd.DataFrame) -> None:
    costs = connection_cost(published, method="swrcb_2021")
    assert len(costs) == 233
    np.testing.assert_allclose(costs["total_cost_usd"], published["Total Merger Cost"], rtol=0, atol=0.005)
    np.testing.assert_allclose(costs["pipeline_usd"], published["Pipeline Cost"], rtol=0, atol=0.005)
    np.testing.assert_allclose(costs["contingency_usd"], published["20% Contingency"], rtol=0, atol=0.005)
    assert costs["fundable"].isna().all()
    assert costs["reason"].isna().all()


@pytest.mark.real
def test_the_district_s_83_rows_sum_to_the_published_figures(published: pd.DataFrame) -> None:
    rows = published[published["R_Sys_PWSID"].isin(RECEIVER)]
    costs = connection_cost(rows, method="swrcb_2021")
    assert len(rows) == 83
    assert round(costs["total_cost_usd"].sum(), 2) == 79_568_839.61
    assert round(rows["distance_ft"].sum() / 5280, 4) == 43.2595
    assert rows["population"].sum() == 9_983
    assert costs["connections_used"].sum() == 1_368


def test_the_2024_method_gives_the_worked_case() -> None:
    park = pd.DataFrame(
        {
            "pwsid": ["CA3301380"],
            "population": [122],
            "connections": [37],
            "merge_type": ["intersect"],
            "distance_ft": [0.0],
            "county_geoid": ["06065"],
        }
    )
    cost = connection_cost(park).iloc[0]
    assert round(cost["total_cost_usd"], 2) == 1_345_278.49
    assert round(cost["cost_per_connection_usd"]) == 36_359
    assert bool(cost["fundable"])
    assert cost["connection_fee_usd"] == 201_169
    assert round(cost["administration_usd"], 2) == 88_981.20
