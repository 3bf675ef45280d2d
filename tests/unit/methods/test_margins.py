"""What the margins do with missing values, shapes and labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import SchemaError
from geo.methods import margins

PAIRED = (margins.ratio, margins.proportion, margins.product, margins.percent_change)
MISSING = [None, np.nan, pd.NA, -666666666, -222222222, -999999999.0]


@pytest.mark.parametrize("missing", MISSING)
@pytest.mark.parametrize("function", PAIRED)
@pytest.mark.parametrize("place", range(4))
def test_missing_in_missing_margin_out(function, place, missing):
    inputs = [50, 5, 100, 10]
    inputs[place] = missing
    result = function(*inputs)
    assert np.isnan(result.moe)
    assert np.isnan(result.estimate) == (place in (0, 2))


@pytest.mark.parametrize("missing", MISSING)
def test_a_missing_part_makes_the_sum_missing(missing):
    assert np.isnan(margins.sum_estimates([1, missing], [1, 1]).estimate)
    assert np.isnan(margins.sum_estimates([0, 3], [missing, 1]).moe)
    assert margins.sum_estimates([0, 3], [missing, 1]).estimate == 3


def test_rows_of_a_frame_are_summed_on_their_index():
    counts = pd.DataFrame({"men": [10, 0], "women": [20, 0]}, index=["a", "b"])
    moes = pd.DataFrame({"men_moe": [3, 12], "women_moe": [4, 5]}, index=["a", "b"])
    total, moe = margins.sum_estimates(counts, moes)
    assert total.to_dict() == {"a": 30, "b": 0}
    assert moe.to_dict() == {"a": 5, "b": 12}


def test_nothing_sums_to_an_exact_zero():
    assert margins.sum_estimates([], []) == (0, 0)


def test_division_by_zero_is_missing():
    for function in (margins.ratio, margins.proportion):
        assert np.isnan(function(1, 1, 0, 1)).all()
    assert np.isnan(margins.percent_change(0, 1, 5, 1)).all()
    assert np.isnan(margins.coefficient_of_variation(0, 12))


def test_arrays_give_arrays_and_numbers_spread_over_series():
    array = margins.ratio(np.array([1.0, 2.0]), np.array([0.1, 0.1]), 2, 0)
    assert isinstance(array.estimate, np.ndarray)
    series = margins.ratio(pd.Series([1, 2], index=["a", "b"], dtype="Int64"), 0, 2, 0)
    assert series.estimate.to_dict() == {"a": 0.5, "b": 1.0}
    assert series.moe.to_dict() == {"a": 0.0, "b": 0.0}


def test_difference_and_class_of_series_keep_the_index_and_what_is_missing():
    first, second = pd.Series([10, 10, None], index=list("abc")), pd.Series([20, 11, 5], index=list("abc"))
    different = margins.significantly_different(first, 3, second, 4)
    assert different.dtype == "boolean"
    assert different.fillna(False).to_dict() == {"a": True, "b": False, "c": False}
    assert different.isna().to_dict() == {"a": False, "b": False, "c": True}
    classes = margins.reliability(first, pd.Series([0, 16.45, 1], index=list("abc")))
    assert classes.dtype == margins.RELIABILITY_TYPE
    assert classes["a"] == "reliable"
    assert classes.isna().tolist() == [False, False, True]
    assert margins.reliability(None, 2) is pd.NA
    assert margins.significantly_different(None, 2, 3, 4) is pd.NA
    assert margins.reliability(np.array([100.0, 0.0]), 1).tolist() == ["reliable", "unreliable"]


def test_exact_numbers_differ_where_they_are_not_equal():
    assert margins.significantly_different(5, 0, 6, 0) is True
    assert margins.significantly_different(5, 0, 5, 0) is False


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: margins.sum_estimates([1, 2], [1]), "2 estimates have 1 margins"),
        (lambda: margins.ratio(1, -3, 2, 1), "1 margins of error are negative \\(-3.0\\)"),
        (lambda: margins.ratio("many", 1, 2, 1), "not every value of a column is a number"),
        (
            lambda: margins.ratio(pd.Series([1]), pd.Series([1], index=["a"]), 2, 1),
            "differ in index",
        ),
    ],
)
def test_refusals(call, message):
    with pytest.raises(SchemaError, match=message):
        call()
