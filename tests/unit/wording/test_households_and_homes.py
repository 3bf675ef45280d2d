"""Households above all homes that were counted are said so and never called reliable."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.tracts.comparison import Quantity, of_served, of_tract
from geo.tracts.indicators import indicator_named
from wording.comparison import doubts_of
from wording.profiles import Among, Figure, tract_profile
from wording.tracts import served_figures

SAID = "higher by more than chance than all housing units counted in 2020, 10,069"


def _place(
    households: float, moe: float | None, homes: float | None, homes_moe: float | None
) -> pd.DataFrame:
    both = {"target_kind": "place", "target_id": "0614260", "coverage": 1.0, "share_guesswork": 0.0}
    both["footprint"] = "polygon"
    survey = {"variable": "households", "estimate": households, "moe": moe, "method": "interpolated"}
    counted = {"variable": "housing_units_2020", "estimate": homes, "moe": homes_moe, "method": "counted"}
    if homes_moe:
        counted["method"] = "counted_and_placed"
    return pd.DataFrame([both | survey, both | counted])


def _both(rows: pd.DataFrame) -> tuple[Figure, Quantity]:
    card = {item.title: item for item in served_figures(rows, "places", "0614260")}
    return card["Households"], of_served(rows)["households"]


def test_coachella_has_no_more_households_than_homes() -> None:
    figure, quantity = _both(_place(14_334.0, 376.0, 10_069.0, None))
    assert figure.doubt == "unreliable"
    assert figure.place == SAID
    assert quantity.reliability == "unreliable"
    assert doubts_of(quantity)[:2] == ["unreliable", SAID]


@pytest.mark.parametrize(
    ("households", "moe", "homes", "homes_moe"),
    [
        (10_400.0, 376.0, 10_069.0, None),  # the interval reaches down to 10,024
        (10_445.0, 376.0, 10_069.0, None),  # its lower end is the count itself
        (10_500.0, 376.0, 10_069.0, 250.0),  # the two margins together are 452
        (9_000.0, 376.0, 10_069.0, None),
        (14_334.0, 376.0, None, None),
    ],
)
def test_what_chance_explains_is_left_as_it_is(
    households: float, moe: float, homes: float | None, homes_moe: float | None
) -> None:
    figure, quantity = _both(_place(households, moe, homes, homes_moe))
    assert (figure.doubt, figure.place) == ("", "")
    assert quantity.reliability == "reliable"
    assert not any("counted in 2020" in words for words in doubts_of(quantity))


def test_households_without_a_margin_are_not_tested() -> None:
    figure, quantity = _both(_place(14_334.0, None, 10_069.0, None))
    assert "by more than chance" not in figure.place
    assert quantity.beyond is None


def test_a_tract_is_held_against_its_own_homes() -> None:
    row = {"geoid": "06065045703", "households": 900.0, "households_moe": 60.0, "housing_units_2020": 500}
    assert of_tract(row, "tracts_2020")["households"].beyond == 500.0
    chosen, among = indicator_named("households"), Among("Valley", np.array([True]))
    profile = tract_profile(pd.DataFrame([row]), "06065045703", "nowhere", "tracts_2020", chosen, among)
    assert profile.figures[0].doubt == "unreliable"
    assert "than all housing units counted in 2020, 500" in profile.figures[0].place
