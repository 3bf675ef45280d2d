"""What is known of an area, laid out to be compared: missing stays missing, and nothing is made surer."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from geo.tracts.acs_indicators import UNIVERSES, with_universes
from geo.tracts.comparison import Quantity, change, contrast, of_served, of_tract, of_tracts, of_vintages
from wording.comparison import doubts_of, sentence, vintage_notes, vintage_titles


def served(method: str, moe: float | None, size_moe: float | None) -> pd.DataFrame:
    doubt = {"coverage": 1.0, "share_guesswork": 0.5}
    rows = [
        {"variable": "population", "estimate": 400.0, "moe": size_moe, "method": "published", **doubt},
        {"variable": "poverty", "estimate": 100.0, "moe": moe, "method": method, **doubt},
        {"variable": "poverty_universe", "estimate": 400.0, "moe": 30.0, "method": method, **doubt},
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("size", ["published", "estimated_size"])
def test_a_share_of_a_systems_own_size_has_the_margin_of_its_part(size: str) -> None:
    rows = served("rates_of_surroundings", 40.0, None).replace({"method": {"published": size}})
    found = of_served(rows)
    assert found["share_poverty"].value == 0.25
    assert found["share_poverty"].moe == pytest.approx(0.1)
    assert "poverty_universe" not in found, "a universe is no figure of its own"
    assert found["population"].moe is None
    assert found["population"].source == ""
    assert "no margin of error is known" in doubts_of(found["population"])


def test_what_is_not_told_of_visitors_is_missing_and_not_zero() -> None:
    rows = served("not_residents", None, None).assign(estimate=[400.0, None, None])
    found = of_served(rows)
    assert found["poverty"].value is None
    assert found["share_poverty"].value is None
    assert doubts_of(found["poverty"])[0].startswith("serves visitors, pupils or workers")
    words = sentence(contrast(found["poverty"], found["poverty"]), "A", "B")
    assert words == "Cannot be tested: A has no figure."


def test_sums_leave_out_what_is_missing_and_say_how_much() -> None:
    tracts = pd.DataFrame(
        {
            "poverty": pd.array([30.0, 40.0, 0.0, 0.0, None], dtype="Float64"),
            "poverty_moe": pd.array([3.0, 4.0, 12.0, 9.0, None], dtype="Float64"),
        }
    )
    total = of_tracts(tracts)["poverty"]
    assert (total.value, total.coverage) == (70.0, 0.8)
    assert total.moe == pytest.approx(math.sqrt(3**2 + 4**2 + 12**2))
    nothing = of_tracts(tracts.iloc[4:])["poverty"]
    assert (nothing.value, nothing.moe, nothing.coverage) == (None, None, 0.0)


def test_a_full_count_has_a_margin_of_zero_and_an_index_none() -> None:
    row = {"population_2020": 900.0, "ca_htc_index": 0.0, "index_scored": False, "coverage": 1.0}
    found = of_tract(row, "tracts_2020")
    assert found["population_2020"].moe == 0.0
    assert doubts_of(found["population_2020"]) == ["a full count, no sample"]
    assert found["ca_htc_index"].value is None


def county(**columns: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(values, dtype="Float64") for name, values in columns.items()})


def test_what_the_survey_of_a_county_is_held_to_has_no_sampling_error() -> None:
    """Of its people and homes; households are sampled, and so are the people of a tract."""
    names = ("population", "housing_units", "households")
    tracts = county(**{name: [30.0, 40.0] for name in names}, **{f"{name}_moe": [3.0, 4.0] for name in names})
    found = of_tracts(tracts)
    assert [found[name].moe for name in ("population", "households")] == [0.0, 5.0]
    words = doubts_of(found["population"])
    assert "a full count, no sample" not in words
    assert words[-1] == "the survey is held to the Census Bureau's own estimate of it: no sampling error"
    part = of_tracts(tracts.assign(population=pd.array([30.0, None], dtype="Float64")))["population"]
    assert (part.moe, part.method, part.coverage) == (3.0, "", 0.5), "part of a county is no county"


def test_a_universe_is_what_the_published_share_is_of() -> None:
    """47.3 % of those of five and over: 946 of 2,000, not of the 2,184 who live there."""
    tracts = county(
        population=[2184.0, 1000.0, 900.0, 300.0],
        population_moe=[200.0, 90.0, 80.0, 40.0],
        limited_english_persons=[946.0, 95.0, 0.0, 0.0],
        limited_english_persons_moe=[150.0, 60.0, 12.0, 12.0],
        share_limited_english=[0.473, 0.1, 0.0, None],
        share_limited_english_moe=[0.06, 0.06, 0.02, None],
    )
    full = with_universes(tracts)
    universe = full["aged_5_and_over"]
    assert universe.round().tolist()[:2] == [2000, 950]
    assert universe[2] == pytest.approx(900 * 2950 / 3184), "no share, so as large a part as elsewhere"
    assert universe[3] == 0, "nobody is of it"
    assert (full["aged_5_and_over_moe"] <= tracts["population_moe"]).all()
    share = of_tracts(tracts)["share_limited_english"]
    assert share.value == pytest.approx(1041 / universe.sum())
    one = of_tracts(tracts.iloc[:1])["share_limited_english"]
    assert one.value == pytest.approx(0.473)
    assert one.moe == pytest.approx(0.06, abs=0.002)


def test_a_share_too_small_to_tell_its_universe_does_not_decide_it() -> None:
    tracts = county(population=[1000.0, 1000.0], population_moe=[9.0, 9.0])
    tracts = tracts.join(county(poverty=[500.0, 2.0], poverty_moe=[50.0, 2.0]))
    tracts = tracts.join(county(share_poverty=[0.5, 0.001], share_poverty_moe=[0.05, 0.002]))
    assert with_universes(tracts)["poverty_universe"].tolist() == [1000, 1000]
    assert set(UNIVERSES) == {"poverty_universe", "uninsured_universe", "aged_5_and_over"}


@pytest.mark.parametrize(
    ("shared", "moe", "verdict"), [(0.0, 0.05, "alike"), (0.6, 0.05 * math.sqrt(0.4), "different")]
)
def test_shared_years_make_a_change_surer(shared: float, moe: float, verdict: str) -> None:
    before, after = Quantity("poverty", 0.30, 0.03), Quantity("poverty", 0.26, 0.04)
    found = change(before, after, shared)
    assert found.moe == pytest.approx(moe)
    assert found.verdict == verdict


def test_what_was_carried_over_from_parts_is_not_tested() -> None:
    row = {"variable": "share_poverty", "moe": 0.03, "carried_from": pd.NA}
    new = row | {"source": "acs_5year_2024", "vintage": "2020-2024", "estimate": 0.2, "same_tract": True}
    old = row | {"source": "acs_svi_2018", "vintage": "2014-2018", "estimate": 0.4, "same_tract": False}
    rows = pd.DataFrame([old | {"carried_from": "06065045603 06065045604"}, new])
    found = of_vintages(rows)
    assert list(found) == ["acs_5year_2024", "acs_svi_2018"], "the newest first"
    split = change(found["acs_svi_2018"]["share_poverty"], found["acs_5year_2024"]["share_poverty"], 0.0)
    assert (split.verdict, split.difference) == ("split", pytest.approx(-0.2))
    assert sentence(split, "A", "B").startswith("Cannot be tested: the older figure was carried over")
    notes = list(vintage_notes(rows, "acs_svi_2018", 0.0))
    assert notes[0] == "The earlier figures were carried over from 2010 tracts: 456.03, 456.04."
    assert vintage_titles(rows, list(found)) == {"acs_5year_2024": "2020-2024", "acs_svi_2018": "2014-2018"}


def test_dollars_of_two_years_are_not_compared() -> None:
    row = {"source": "a_2024", "vintage": "2020-2024", "estimate": 9.0, "moe": 1.0, "same_tract": True}
    names = ("income_per_capita_usd", "share_single_parent", "poverty")
    assert list(of_vintages(pd.DataFrame([row | {"variable": name} for name in names]))["a_2024"]) == [
        "poverty"
    ]
