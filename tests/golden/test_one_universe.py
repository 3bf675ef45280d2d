"""One figure, one universe: card, table, Compare and download agree on every tract and on every area."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.tracts.comparison import RATES, of_served, of_tract, of_tracts
from geo.tracts.indicators import INDICATORS
from geo.tracts.residents.estimate import newest_tracts
from wording.tracts import indicator_table

REGIONS = ("coachella", "demo")
TRACTS = ("tracts_2010", "tracts_2020")


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest) -> str:
    built: str = request.getfixturevalue(f"{request.param}_built")
    return built


def rows_of(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


@pytest.mark.parametrize("dataset", TRACTS)
def test_compare_and_table_have_the_share_of_the_tract(region: str, dataset: str) -> None:
    frame = read_shapes_of(region, dataset)
    for key in RATES:
        table = indicator_table(frame, INDICATORS[key]).set_index("geoid")["value"]
        for row in rows_of(frame):
            compared = of_tract(row, dataset)[key].value
            assert (compared is None) == bool(pd.isna(row[key]))
            if compared is not None:
                assert compared == row[key]
                assert table[row["geoid"]] == pytest.approx(100 * compared)


@pytest.mark.real
def test_the_share_of_a_tract_is_the_published_one(coachella_built: str) -> None:
    published = read_table_of(coachella_built, "tract_indicators").set_index("geoid")
    for row in rows_of(read_shapes_of(coachella_built, "tracts_2010")):
        found = of_tract(row, "tracts_2010")
        for key in RATES:
            if (share := found[key].value) is not None:
                assert 100 * share == pytest.approx(published.loc[row["geoid"], f"{key}_percent"], abs=0.051)


def test_the_share_of_one_tract_is_the_same_as_an_area(region: str) -> None:
    """Of a tract alone the sum over tracts gives its own share, whatever universe it has."""
    frame = read_shapes_of(region, "tracts_2010")
    for place in range(0, len(frame), 7):
        one = frame.iloc[[place]]
        summed, own = of_tracts(one), of_tract(rows_of(one)[0], "tracts_2010")
        for key in RATES:
            if own[key].value is not None and own[key].value >= 0.02:
                assert summed[key].value == pytest.approx(own[key].value, abs=0.0006), (
                    one["geoid"].item(),
                    key,
                )


def test_the_share_of_an_area_lies_among_those_of_tracts(region: str) -> None:
    """Of the tracts that areas are told from: those of the newest survey that is whole."""
    frame = newest_tracts(*(read_shapes_of(region, name) for name in TRACTS))
    served = read_table_of(region, "people_served")
    areas = served.groupby(["target_kind", "target_id"])
    for (_kind, identifier), rows in areas:
        found = of_served(rows)
        values = rows.set_index("variable")["estimate"]
        for key, (part, whole) in RATES.items():
            share = found[key].value
            if share is None:
                continue
            assert share == pytest.approx(values[part] / values[whole]), (identifier, key)
            shares = frame[key].dropna().astype(float)
            assert shares.min() - 0.001 <= share <= shares.max() + 0.001, (identifier, key)


def test_a_universe_is_never_more_than_everybody(region: str) -> None:
    served = read_table_of(region, "people_served").pivot_table(
        index=["target_kind", "target_id"], columns="variable", values="estimate", aggfunc="first"
    )
    survey = served.dropna(subset=["population"])
    for _part, whole in RATES.values():
        if whole != "households":
            of_all = (survey[whole] / survey["population"]).dropna().astype(float)
            # The invented survey draws people and universes apart from each other.
            assert (of_all <= (1.001 if region == "coachella" else 1.1)).all(), whole
            assert of_all.median() > 0.9, whole


def test_a_county_has_the_shares_of_its_tracts_together(region: str) -> None:
    frame = read_shapes_of(region, "tracts_2010")
    for _county, tracts in frame.groupby("county_geoid"):
        found = of_tracts(tracts)
        assert found["population"].moe == 0
        assert (found["households"].moe or 0) > 0
        for key, (part, whole) in RATES.items():
            if whole in tracts:
                assert found[key].value == pytest.approx(float(tracts[part].sum() / tracts[whole].sum()))
                continue
            counts, shares = tracts[part].astype(float), tracts[key].astype(float)
            people, total = tracts["population"].astype(float), counts.sum()
            told = shares > 0.0005
            least = (counts[told] / (shares[told] + 0.0005)).sum()
            most = np.minimum(people, counts / (shares - 0.0005)).where(told, people).sum()
            # What the published shares, rounded to 0.1 %, leave open.
            assert 0.99 * total / most <= (found[key].value or 0) <= 1.01 * total / least, key
            assert np.isfinite(found[key].moe)
