"""The rule for a real difference, against the Bureau's own worked example and by another path."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from geo.tracts.comparison import Quantity, contrast, tally, to_float


def by_z(first: Quantity, second: Quantity) -> str:
    """Decide by the two-sided probability of a normal distribution, not by comparing margins."""
    errors = [to_float(item.moe) / 1.645 for item in (first, second)]
    gap = to_float(first.value) - to_float(second.value)
    z = gap / math.sqrt(sum(error**2 for error in errors))
    return "different" if 2 * norm.sf(abs(z)) < 2 * norm.sf(1.645) else "alike"


def test_the_handbooks_estimates_cannot_be_told_apart() -> None:
    """135,173 (3,860) and 139,301 (4,047), chapter 8: their Z is 1.214, and 1.645 is needed (chapter 7)."""
    first, second = Quantity("a", 135_173.0, 3_860.0), Quantity("a", 139_301.0, 4_047.0)
    found = contrast(first, second)
    assert found.verdict == "alike"
    assert found.difference == 4_128
    assert 1.645 * 4_128 / to_float(found.moe) == pytest.approx(1.2142, abs=5e-5)
    assert contrast(first, Quantity("a", 135_173.0 + 5_593, 4_047.0)).verdict == "different"


def test_every_verdict_agrees_with_the_normal_distribution() -> None:
    random = np.random.default_rng(7)
    seen = set()
    for value, other, moe, other_moe in random.uniform(1, 100, size=(2_000, 4)):
        first, second = Quantity("a", value, moe), Quantity("a", other, other_moe)
        found = contrast(first, second)
        assert found.verdict == by_z(first, second)
        assert contrast(second, first).verdict == found.verdict
        seen.add(found.verdict)
    assert seen == {"different", "alike"}


def test_of_figures_that_are_truly_the_same_one_in_ten_differs() -> None:
    random = np.random.default_rng(20)
    drawn = 1_000 + random.standard_normal((4_000, 2)) * 50
    moe = 1.645 * 50
    found = [contrast(Quantity("a", one, moe), Quantity("a", two, moe)) for one, two in drawn]
    counted = tally(found)
    assert counted.by_chance == 400
    assert counted.different == pytest.approx(400, abs=60)


@pytest.mark.parametrize("missing", [(None, 1.0), (None, None)])
def test_missing_is_never_zero(missing: tuple[float | None, float | None]) -> None:
    found = contrast(Quantity("a", *missing), Quantity("a", 0.0, 0.0))
    assert (found.difference, found.moe, found.verdict) == (None, None, "missing")


def test_what_is_fair_to_ask_comes_before_the_answer() -> None:
    far, near = Quantity("a", 900.0, 1.0, coverage=0.94), Quantity("a", 5.0, 1.0, coverage=1.0)
    assert contrast(far, near).verdict == "little_covered"
    assert contrast(Quantity("a", 900.0, 1.0, coverage=0.96), near).verdict == "different"
    assert contrast(Quantity("a", 900.0, None), near).verdict == "no_margin"


def test_full_counts_differ_where_they_are_not_equal() -> None:
    assert contrast(Quantity("a", 5.0, 0.0), Quantity("a", 5.0, 0.0)).verdict == "equal"
    assert contrast(Quantity("a", 5.0, 0.0), Quantity("a", 6.0, 0.0)).verdict == "different"
