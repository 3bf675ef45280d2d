"""Classes of a map: limits, codes, no data, and what a person writes."""

from __future__ import annotations

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SchemaError
from geo.methods.classify import FEWEST, MOST, NO_DATA, SCHEMES, classify, parse_limits

NUMBERS = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6).map(lambda x: round(x, 3))), max_size=60)


@settings(deadline=None)
@given(NUMBERS, st.sampled_from(sorted(SCHEMES)), st.integers(FEWEST, MOST))
def test_every_value_lies_in_its_class(numbers: list[float | None], scheme: str, count: int) -> None:
    values = pd.Series(numbers, dtype="Float64")
    classes = classify(values, scheme, count, limits=(0.0, 10.0))
    assert list(classes.limits) == sorted(set(classes.limits))
    assert sum(classes.sizes) + classes.without_data == len(values)
    for value, code in zip(numbers, classes.codes, strict=True):
        if value is None:
            assert code == NO_DATA
        else:
            lower, upper = classes.intervals[code]
            assert lower <= value <= upper
            assert code == 0 or value > lower


@settings(deadline=None)
@given(NUMBERS, st.sampled_from(sorted(SCHEMES)))
def test_order_of_rows_does_not_matter(numbers: list[float | None], scheme: str) -> None:
    values = pd.Series(numbers, dtype="Float64")
    forward, backward = classify(values, scheme), classify(values[::-1], scheme)
    np.testing.assert_allclose(forward.limits, backward.limits)


@pytest.mark.parametrize("count", range(FEWEST, MOST + 1))
def test_limits_are_those_of_mapclassify(count: int) -> None:
    values = pd.Series(np.random.default_rng(count).gamma(2, 10, 484))
    peers = {"quantiles": mapclassify.Quantiles, "equal_intervals": mapclassify.EqualInterval}
    for scheme, peer in peers.items():
        classes = classify(values, scheme, count)
        theirs = peer(values.to_numpy(), k=count)
        np.testing.assert_allclose(classes.limits, theirs.bins, rtol=1e-12)
        assert classes.sizes == theirs.counts.tolist()


def test_quantiles_have_as_many_each() -> None:
    assert classify(pd.Series(range(100)), "quantiles", 5).sizes == [20] * 5


def test_natural_breaks_find_the_clusters() -> None:
    values = pd.Series([1, 2, 3, 50, 51, 52, 99, 100, 101])
    assert classify(values, "natural_breaks", 3).limits == (3.0, 52.0, 101.0)


def test_natural_breaks_are_the_same_every_time() -> None:
    values = pd.Series(np.random.default_rng(1).gamma(2, 10, 400))
    assert classify(values, "natural_breaks", 7).limits == classify(values, "natural_breaks", 7).limits


def test_fixed_limits_are_kept_within_the_values() -> None:
    classes = classify(pd.Series([0.02, 0.07, 0.4]), "fixed", limits=(0.05, 0.1, 0.2, 0.9))
    assert classes.limits == (0.05, 0.1, 0.2, 0.4)


def test_all_missing_has_no_class() -> None:
    classes = classify(pd.Series([None, None], dtype="Float64"))
    assert classes.count == 0
    assert classes.codes.tolist() == [-1, -1]


def test_one_value_is_one_class() -> None:
    assert classify(pd.Series([3.0, 3.0]), "natural_breaks", 5).limits == (3.0,)


@pytest.mark.parametrize(("scheme", "count"), [("none", 5), ("quantiles", 2), ("quantiles", 8)])
def test_refuses_what_cannot_be_read(scheme: str, count: int) -> None:
    with pytest.raises(SchemaError):
        classify(pd.Series([1.0]), scheme, count)


@pytest.mark.parametrize("text", ["", "5", "5; x", "1 2 3 4 5 6 7 8 9", "inf 1 2"])
def test_refuses_limits_that_make_no_classes(text: str) -> None:
    with pytest.raises(SchemaError):
        parse_limits(text)
