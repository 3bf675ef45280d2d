"""What is known of an area, laid out to be compared: missing stays missing, and nothing is made surer."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from geo.tracts.comparison import contrast, of_served, of_tract, of_tracts
from wording.comparison import doubts_of, sentence


def served(method: str, moe: float | None, size_moe: float | None) -> pd.DataFrame:
    doubt = {"coverage": 1.0, "share_guesswork": 0.5}
    rows = [
        {"variable": "population", "estimate": 400.0, "moe": size_moe, "method": "published", **doubt},
        {"variable": "poverty", "estimate": 100.0, "moe": moe, "method": method, **doubt},
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("size", ["published", "estimated_size"])
def test_a_share_of_a_systems_own_size_has_the_margin_of_its_part(size: str) -> None:
    rows = served("rates_of_surroundings", 40.0, None).replace({"method": {"published": size}})
    found = of_served(rows)
    assert found["poverty_of_all"].value == 0.25
    assert found["poverty_of_all"].moe == pytest.approx(0.1)
    assert found["population"].moe is None
    assert found["population"].source == ""
    assert "no margin of error is known" in doubts_of(found["population"])


def test_what_is_not_told_of_visitors_is_missing_and_not_zero() -> None:
    rows = served("not_residents", None, None).assign(estimate=[400.0, None])
    found = of_served(rows)
    assert found["poverty"].value is None
    assert found["poverty_of_all"].value is None
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
    total = of_tracts(tracts, "tracts_2010")["poverty"]
    assert (total.value, total.coverage) == (70.0, 0.8)
    assert total.moe == pytest.approx(math.sqrt(3**2 + 4**2 + 12**2))
    nothing = of_tracts(tracts.iloc[4:], "tracts_2010")["poverty"]
    assert (nothing.value, nothing.moe, nothing.coverage) == (None, None, 0.0)


def test_a_full_count_has_a_margin_of_zero_and_an_index_none() -> None:
    row = {"population_2020": 900.0, "ca_htc_index": 0.0, "index_scored": False, "coverage": 1.0}
    found = of_tract(row, "tracts_2020")
    assert found["population_2020"].moe == 0.0
    assert doubts_of(found["population_2020"]) == ["a full count, no sample"]
    assert found["ca_htc_index"].value is None
