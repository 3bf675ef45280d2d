"""How sure a rank is: what is known for sure, what cannot be said, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from geo.errors import GeoError, SchemaError
from geo.methods.margins import Z_90
from geo.methods.ranking import CLASSES, COLUMNS, class_of, group_alike, joint_ranks, rank_with_doubt


def series(*values: float | None) -> pd.Series:
    return pd.Series(values, index=[f"t{place}" for place in range(len(values))], dtype="Float64")


def test_known_values_have_certain_ranks() -> None:
    ranked = rank_with_doubt(series(10, 40, 30, 20), series(0, 0, 0, 0), share=0.5)
    assert ranked["probability"].tolist() == [0, 1, 1, 0]
    assert ranked["class"].tolist() == ["very unlikely", "very likely", "very likely", "very unlikely"]
    for name in ("rank", "rank_low", "rank_high", "joint_rank_low", "joint_rank_high", "group"):
        assert ranked[name].tolist() == [4, 1, 2, 3]


def test_of_two_areas_the_probability_is_that_of_a_difference_above_zero() -> None:
    ranked = rank_with_doubt(series(12, 10), series(3, 4), share=0.5, draws=40_000)
    exact = norm.cdf(2 / (np.hypot(3, 4) / Z_90))
    assert ranked.loc["t0", "probability"] == pytest.approx(exact, abs=0.01)
    assert ranked["probability"].sum() == pytest.approx(1)


def test_probabilities_are_those_of_the_exact_sum_over_the_others() -> None:
    """An independent path: over the own value, how many others lie above (Poisson binomial)."""
    values, moes = np.array([50.0, 47, 44, 30, 29, 12]), np.array([8.0, 3, 9, 12, 2, 20])
    errors, chosen = moes / Z_90, 2
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    exact = []
    for i in range(len(values)):
        total = 0.0
        for node, weight in zip(nodes, weights / weights.sum(), strict=True):
            x = values[i] + errors[i] * node
            above = [norm.sf((x - values[j]) / errors[j]) for j in range(len(values)) if j != i]
            counts = np.array([1.0])
            for p in above:
                counts = np.convolve(counts, [1 - p, p])
            total += weight * counts[:chosen].sum()
        exact.append(total)
    ranked = rank_with_doubt(series(*values), series(*moes), share=chosen / 6, draws=40_000)
    assert ranked["probability"].to_numpy() == pytest.approx(exact, abs=0.01)


def test_equals_without_margins_share_their_chances() -> None:
    ranked = rank_with_doubt(series(5, 5, 1), series(0, 0, 0), share=0.3)
    assert ranked["probability"].tolist() == pytest.approx([0.5, 0.5, 0], abs=0.04)
    assert ranked["rank"].tolist() == [1, 1, 3]
    assert ranked["group"].tolist() == [1, 1, 2]


def test_lowest_looks_from_the_other_end() -> None:
    up = rank_with_doubt(series(10, 40, 30), series(0, 0, 0), share=0.3, of="lowest")
    assert up["rank"].tolist() == [1, 3, 2]
    assert up["class"].tolist() == ["very likely", "very unlikely", "very unlikely"]


def test_missing_values_and_margins_take_no_part() -> None:
    ranked = rank_with_doubt(series(10, None, 30, -666666666), series(1, 1, None, 1), share=0.5)
    assert ranked["class"].isna().tolist() == [False, True, True, True]
    assert ranked["rank"].tolist() == [1, pd.NA, pd.NA, pd.NA]
    assert tuple(ranked.columns) == COLUMNS


def test_nothing_to_rank_gives_an_empty_answer() -> None:
    assert rank_with_doubt(series(), series()).empty
    assert rank_with_doubt(series(None), series(None))["probability"].isna().all()


def test_classes_end_where_they_say() -> None:
    given = series(0.05, 0.051, 0.30, 0.31, 0.69, 0.70, 0.949, 0.95, None)
    expected = [0, 1, 1, 2, 2, 3, 3, 4]
    assert class_of(given).tolist()[:-1] == [CLASSES[place] for place in expected]


def test_two_of_one_group_are_never_surely_apart() -> None:
    random = np.random.default_rng(4)
    values, errors = random.normal(50, 20, 200), random.uniform(1, 9, 200)
    low, high = joint_ranks(values, errors)
    groups = group_alike(values, errors)
    assert ((low >= 1) & (low <= high) & (high <= 200)).all()
    for number in np.unique(groups):
        ours = groups == number
        assert low[ours].max() <= high[ours].min()


def test_joint_ranks_hold_the_true_ranks_as_often_as_they_say() -> None:
    random = np.random.default_rng(11)
    truth, errors = np.linspace(0, 40, 30), np.full(30, 3.0)
    true_rank = 30 - np.arange(30)
    hits = 0
    for _ in range(400):
        low, high = joint_ranks(truth + errors * random.standard_normal(30), errors)
        hits += bool(((low <= true_rank) & (true_rank <= high)).all())
    assert hits / 400 >= 0.90


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"share": 0.0}, GeoError, "not between 0 and 1"),
        ({"of": "best"}, GeoError, "no end of a ranking"),
        ({"moes": series(1, -1)}, SchemaError, "1 margins of error are negative \\(t1\\)"),
        ({"moes": series(1)}, SchemaError, "differ in index"),
    ],
)
def test_what_cannot_be_ranked_is_refused(change: dict, error: type[GeoError], message: str) -> None:
    arguments = {"estimates": series(1, 2), "moes": series(1, 1)} | change
    with pytest.raises(error, match=message):
        rank_with_doubt(**arguments)
