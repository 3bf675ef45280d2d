"""The worked examples of the Census Bureau's handbook (chapter 8), held to the digits that it prints.

U.S. Census Bureau, "Understanding and Using American Community Survey Data: What All Data Users Need to
Know", chapters 7 and 8.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.methods import margins


@pytest.mark.parametrize(
    ("estimates", "moes", "total", "moe"),
    [
        pytest.param((135173, 43104, 24842), (3860, 2642, 1957), 203119, 5070.4647715963865, id="three"),
        pytest.param((10154024, 9712936), (3778, 3911), 19866960, 5437.757350231803, id="two"),
        pytest.param((0, 0, 0, 41), (22, 22, 29, 37), 41, 47.01063709417264, id="several zeros"),
    ],
)
def test_sum_estimates(estimates, moes, total, moe):
    for kind in (list, np.array, pd.Series):
        result = margins.sum_estimates(kind(estimates), kind(moes))
        assert result == (total, pytest.approx(moe, rel=1e-14))


@pytest.mark.parametrize(
    ("function", "inputs", "estimate", "moe"),
    [
        pytest.param(
            margins.proportion, (203119, 5070, 630498, 831), 0.32215645410, 0.00803004, id="proportion"
        ),
        pytest.param(margins.ratio, (226840, 5556.539, 203119, 5070), 1.1167837573, 0.03905653, id="ratio"),
        pytest.param(
            margins.product, (74506512, 228238, 0.824, 0.001), 61393365.888, 202288.98902721, id="product"
        ),
        pytest.param(
            margins.percent_change,
            (135173, 3860, 139301, 4047),
            3.0538643072,
            4.1980698523,
            id="percent change",
        ),
    ],
)
def test_derived_estimates(function, inputs, estimate, moe):
    result = function(*inputs)
    assert result.estimate == pytest.approx(estimate, rel=1e-10)
    assert result.moe == pytest.approx(moe, rel=1e-6)
    series = function(*(pd.Series([number, number], index=["a", "b"]) for number in inputs))
    assert series.estimate.tolist() == [result.estimate] * 2
    assert series.moe["b"] == pytest.approx(result.moe, rel=1e-15)


def test_coefficient_of_variation_of_the_sum():
    assert 100 * margins.coefficient_of_variation(203119, 5070.4647715963865) == pytest.approx(
        1.5175, abs=5e-5
    )


def test_a_proportion_falls_back_to_the_ratio_where_the_root_would_be_negative():
    inputs = (90, 5, 100, 20)
    assert margins.proportion(*inputs) == margins.ratio(*inputs)
    assert margins.proportion(*inputs).moe == pytest.approx((25 + 0.81 * 400) ** 0.5 / 100)


def test_two_estimates_differ_beyond_1_645_standard_errors():
    gap = (3.0**2 + 4.0**2) ** 0.5
    assert margins.significantly_different(100, 3, 100 + gap + 1e-9, 4) is True
    assert margins.significantly_different(100, 3, 100 + gap - 1e-9, 4) is False


@pytest.mark.parametrize(
    ("cv", "name"),
    [(0.12, "reliable"), (0.1201, "use with caution"), (0.40, "use with caution"), (0.4001, "unreliable")],
)
def test_reliability_classes(cv, name):
    assert margins.reliability(1000, 1000 * cv * 1.645) == name
