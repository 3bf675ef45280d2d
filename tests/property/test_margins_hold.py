"""What holds for every estimate and every margin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.methods import margins

ESTIMATES = st.integers(0, 10**7)
MOES = st.integers(0, 10**6)
PAIRS = st.lists(st.tuples(ESTIMATES, MOES), min_size=1, max_size=12)


@given(PAIRS, st.randoms())
def test_the_order_of_a_sum_does_not_matter(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    total, moe = margins.sum_estimates(*zip(*pairs, strict=True))
    assert margins.sum_estimates(*zip(*shuffled, strict=True)) == (total, pytest.approx(moe, rel=1e-12))


@given(PAIRS)
def test_a_sum_is_no_surer_than_its_surest_nor_vaguer_than_all_margins_added(pairs):
    moes = [moe for _, moe in pairs]
    total, moe = margins.sum_estimates(*zip(*pairs, strict=True))
    assert total == sum(estimate for estimate, _ in pairs)
    assert max(moes) * (1 - 1e-12) <= moe <= sum(moes) * (1 + 1e-12)


@given(ESTIMATES, MOES, st.integers(1, 10**7), MOES)
def test_a_proportion_never_fails(part, part_moe, whole, whole_moe):
    share, moe = margins.proportion(part, part_moe, whole, whole_moe)
    ratio = margins.ratio(part, part_moe, whole, whole_moe)
    assert share == ratio.estimate == part / whole
    assert np.isfinite(moe)
    assert 0 <= moe <= ratio.moe * (1 + 1e-12)


@given(ESTIMATES, MOES, ESTIMATES, MOES)
def test_difference_is_symmetric(a, a_moe, b, b_moe):
    assert margins.significantly_different(a, a_moe, b, b_moe) is margins.significantly_different(
        b, b_moe, a, a_moe
    )


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_reliability_follows_the_coefficient_of_variation(estimate, moe):
    cv = margins.coefficient_of_variation(estimate, moe)
    name = margins.reliability(estimate, moe)
    limits = {"reliable": (0, 0.12), "use with caution": (0.12, 0.40), "unreliable": (0.40, np.inf)}
    low, high = limits[name]
    assert low * (1 - 1e-12) <= cv <= high * (1 + 1e-12)
