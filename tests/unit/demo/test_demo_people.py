"""Counts agree with each other, estimates carry margins, and need lies where it should."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from demo.census import LAKE_TRACT, PRISON_TRACT
from demo.people import HOUSEHOLDS, PRISONERS
from demo.valley import COUNTY_GEOID
from geo.sources.catalog import read_catalog

pytestmark = pytest.mark.xdist_group("demo")
Table = Callable[[str], pd.DataFrame]
LAKE, PRISON = COUNTY_GEOID + LAKE_TRACT, COUNTY_GEOID + PRISON_TRACT


def test_counts_agree_from_block_to_county(table: Table) -> None:
    blocks, groups = table("pl94_blocks_2020"), table("block_group_centers_2020").set_index("geoid")
    by_group = blocks.groupby(blocks["geoid"].str[:12])["population"].sum()
    pd.testing.assert_series_equal(by_group, groups["population"].sort_index(), check_names=False)
    by_tract = blocks.groupby(blocks["geoid"].str[:11])["population"].sum()
    supervisors = table("supervisorial_districts_2021").set_index("geoid")["population_2020"]
    pd.testing.assert_series_equal(by_tract, supervisors.sort_index(), check_names=False)
    assert blocks["occupied_units"].sum() == HOUSEHOLDS
    assert (blocks["housing_units"] == blocks["occupied_units"] + blocks["vacant_units"]).all()


def test_tracts_have_the_size_of_tracts(table: Table) -> None:
    people = table("acs_svi_2018").set_index("geoid")["population"].drop([LAKE, PRISON])
    assert people.between(900, 7_500).all()
    assert 2_000 < people.mean() < 5_000


@pytest.mark.parametrize(("key", "tracts"), [("acs_svi_2018", 60), ("acs_5year", 64)])
def test_every_estimate_has_a_margin(key: str, tracts: int, table: Table) -> None:
    frame = table(key)
    names = [name for name in frame if f"{name}_moe" in frame]
    assert len(frame) == tracts
    assert len(names) > 20
    for name in names:
        known = frame[name].notna()
        assert (frame.loc[known, f"{name}_moe"] > 0).all(), name


def test_margins_are_as_wide_as_real_ones(table: Table) -> None:
    frame = table("acs_svi_2018").set_index("geoid").drop([LAKE, PRISON])
    relative = {name: (frame[f"{name}_moe"] / frame[name]).median() for name in ("population", "poverty")}
    assert 0.04 < relative["population"] < 0.2
    assert 0.2 < relative["poverty"] < 0.7


def test_a_variable_that_no_one_can_tell_is_missing_not_a_number(table: Table) -> None:
    frame = table("acs_5year").set_index("geoid")
    assert pd.isna(frame.loc[LAKE, "median_household_income_usd"])
    assert pd.isna(frame.loc[LAKE, "median_household_income_usd_moe"])
    assert frame["population"].notna().all()


def test_every_variable_of_the_catalog_is_given(table: Table) -> None:
    assert set(read_catalog()["acs_5year"].layout.columns) <= set(table("acs_5year"))


def test_estimates_stay_near_the_counts(table: Table) -> None:
    blocks, survey = table("pl94_blocks_2020"), table("acs_5year").set_index("geoid")
    people = blocks.groupby(blocks["geoid"].str[:11])["population"].sum()
    off = (survey["population"] - people).abs() / survey["population_moe"]
    assert off.max() < 1.4


def test_index_follows_need_and_response_follows_the_index(table: Table) -> None:
    index = table("ca_htc_index_2019").set_index("geoid")["ca_htc_index"].astype(float)
    survey = table("acs_svi_2018").set_index("geoid").astype({"poverty": float, "population": float})
    lived_in = index.drop([LAKE, PRISON]).index
    poverty = survey["poverty"] / survey["population"]
    assert index.loc[[LAKE, PRISON]].eq(0).all()
    assert index.loc[lived_in].between(1, 136).all()
    assert index.loc[lived_in].max() - index.loc[lived_in].min() > 50
    assert np.corrcoef(index[lived_in], poverty[lived_in])[0, 1] > 0.8
    response = table("self_response_2020").set_index("geoid")["self_response_percent"].astype(float)
    both = [geoid for geoid in lived_in if geoid in response.index]
    assert np.corrcoef(index[both], response[both])[0, 1] < -0.7


def test_forty_thousand_households_are_hard_to_count(table: Table) -> None:
    index = table("ca_htc_index_2019").set_index("geoid")["ca_htc_index"]
    households = table("acs_svi_2018").set_index("geoid")["households"]
    assert households[index >= 50].sum() > 40_000


def test_the_prison_has_people_but_no_homes(table: Table) -> None:
    blocks = table("pl94_blocks_2020")
    prison = blocks[blocks["geoid"].str[:11] == PRISON]
    assert prison["population"].sum() == PRISONERS
    assert prison["housing_units"].sum() == 0


def test_daily_response_rises_to_the_final_one(table: Table) -> None:
    daily = table("self_response_daily_2020").sort_values(["geoid", "response_date"])
    steps = daily.groupby("geoid")["self_response_percent"].diff().dropna()
    assert (steps >= -1e-3).all()
    last = daily.groupby("geoid")["self_response_percent"].last().astype(float)
    final = table("self_response_2020").set_index("geoid")["self_response_percent"].astype(float)
    assert np.allclose(last.sort_index(), final.sort_index(), atol=0.06)
    days = daily["response_date"].drop_duplicates().sort_values()
    assert (days.diff().dt.days.iloc[1:-1] > 1).any(), "some days are missing, as in the real file"


def test_environment_scores_are_ranks_among_the_demo(table: Table) -> None:
    frame = table("calenviroscreen_4")
    assert frame["ces_percentile"].max() == 100
    assert frame["ces_score"].between(0, 100).sum() >= 58
