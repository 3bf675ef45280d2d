"""How an area stands beside a larger one is tested, and a rate of many tracts is that of their counts."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.methods.margins import significantly_different
from geo.tracts.comparison import Quantity
from geo.tracts.indicators import INDICATORS
from geo.tracts.standing import THEMES, Peer, lay_profile, rates_of, stand
from wording.area_profile import standing_words
from wording.definitions import definition_of

SHARES = st.floats(0.001, 1.0)
MARGINS = st.floats(0.0, 0.5)


@given(SHARES, MARGINS, SHARES, MARGINS)
def test_a_phrase_says_different_only_where_the_bureaus_test_does(
    ours: float, moe: float, theirs: float, their_moe: float
) -> None:
    item = stand(Quantity("a", ours, moe, "share"), Quantity("a", theirs, their_moe, "share"))
    different = item.kind in ("times", "higher", "lower", "slightly")
    if moe or their_moe:
        assert different == bool(significantly_different(ours, moe, theirs, their_moe))
    assert not different or item.is_higher == (ours > theirs)
    if item.kind == "times":
        times = ours / theirs
        error = math.sqrt(moe**2 + times**2 * their_moe**2) / theirs
        assert item.rung / 1.31 <= times - error <= times + error <= item.rung * 1.31


@pytest.mark.parametrize(
    ("ours", "moe", "words"),
    [
        (0.300, 0.02, "about twice"),
        (0.300, 0.14, "higher than"),
        (0.152, 0.01, "about the same as"),
        (0.160, 0.10, "not statistically different"),
        (0.075, 0.01, "about half"),
        (0.130, 0.008, "slightly lower"),
    ],
)
def test_phrases(ours: float, moe: float, words: str) -> None:
    county = Quantity("share_poverty", 0.15, 0.004, "share")
    assert standing_words(stand(Quantity("share_poverty", ours, moe, "share"), county), "Here").startswith(
        words
    )


@pytest.mark.parametrize("missing", [Quantity("a", None, None), Quantity("a", 0.2, None)])
def test_what_has_no_value_or_margin_is_not_compared(missing: Quantity) -> None:
    assert stand(missing, Quantity("a", 0.1, 0.01)).kind == "untested"


def test_a_rate_of_tracts_is_that_of_their_people_counted_one_by_one() -> None:
    generator = np.random.default_rng(5)
    people = generator.integers(500, 5_000, 40)
    uninsured = generator.binomial(people, 0.17)
    frame = pd.DataFrame({"population": people, "population_moe": 90.0, "uninsured": uninsured})
    frame = frame.assign(uninsured_moe=40.0, share_uninsured=uninsured / people, share_uninsured_moe=0.02)
    rate = rates_of(frame)["share_uninsured"]
    assert rate.value == pytest.approx(uninsured.sum() / people.sum())
    assert rate.moe == pytest.approx(40.0 * math.sqrt(40) / people.sum())


def test_a_tract_without_a_figure_takes_no_part() -> None:
    frame = pd.DataFrame(
        {
            "population": [1000.0, 1000.0],
            "population_moe": [10.0, 10.0],
            "poverty": [200.0, None],
            "poverty_moe": [30.0, None],
            "share_poverty": [0.2, None],
        }
    )
    rate = rates_of(frame)["share_poverty"]
    assert (rate.value, rate.coverage) == (pytest.approx(0.2), 0.5)


def test_every_indicator_has_one_theme_or_stands_beside_its_share_and_is_explained() -> None:
    themed = [key for _title, keys in THEMES.values() for key in keys]
    assert len(themed) == len(set(themed))
    counts = {item.count for item in INDICATORS.values()}
    assert set(INDICATORS) - set(themed) <= counts
    assert all(definition_of(key) for key in INDICATORS)


def test_a_theme_of_which_nothing_is_known_is_left_out() -> None:
    laid = lay_profile({"share_uninsured": Quantity("share_uninsured", None, None)}, [Peer("County", {})])
    assert laid == {}


def test_where_nobody_was_counted_and_no_share_is_given_nobody_belongs_to_the_universe() -> None:
    # A prison's tract: 5,000 people, none of whom the survey asks for insurance.
    frame = pd.DataFrame(
        {
            "uninsured": [200.0, 0.0],
            "uninsured_moe": [60.0, 12.0],
            "share_uninsured": [0.2, None],
            "population": [1_000.0, 5_000.0],
        }
    )
    rate = rates_of(frame)["share_uninsured"]
    assert rate.value == pytest.approx(0.2)
