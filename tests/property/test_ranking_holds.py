"""What holds of every ranking: order and labels do not matter, chances add up, surer data are surer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.methods.ranking import rank_with_doubt

AREAS = st.lists(st.tuples(st.integers(0, 136), st.integers(0, 40)), min_size=2, max_size=25)


def to_series(areas: list[tuple[int, int]]) -> tuple[pd.Series, pd.Series]:
    frame = pd.DataFrame(areas, columns=["estimate", "moe"], dtype=float)
    return frame["estimate"], frame["moe"]


@settings(max_examples=40, deadline=None)
@given(AREAS, st.integers(0, 1000))
def test_order_and_labels_do_not_matter(areas: list[tuple[int, int]], seed: int) -> None:
    estimates, moes = to_series(sorted(set(areas)))
    mixed = np.random.default_rng(seed).permutation(len(estimates))
    ranked = rank_with_doubt(estimates, moes, share=0.3, draws=500)
    other = rank_with_doubt(estimates.iloc[mixed], moes.iloc[mixed], share=0.3, draws=500)
    pd.testing.assert_frame_equal(other.loc[ranked.index], ranked)


@settings(max_examples=40, deadline=None)
@given(AREAS, st.floats(0.05, 0.95))
def test_chances_add_up_to_the_number_of_the_highest(areas: list[tuple[int, int]], share: float) -> None:
    estimates, moes = to_series(areas)
    ranked = rank_with_doubt(estimates, moes, share=share, draws=500)
    assert ranked["probability"].sum() == pytest.approx(np.ceil(share * len(areas) - 1e-9))
    assert (ranked["rank_low"] <= ranked["rank_high"]).all()
    assert (ranked["joint_rank_low"] <= ranked["rank"]).all()
    assert (ranked["joint_rank_low"] <= ranked["joint_rank_high"]).all()


@settings(max_examples=30, deadline=None)
@given(AREAS)
def test_a_shift_of_all_values_changes_nothing(areas: list[tuple[int, int]]) -> None:
    estimates, moes = to_series(areas)
    ranked = rank_with_doubt(estimates, moes, draws=500).drop(columns="estimate")
    moved = rank_with_doubt(estimates + 64, moes, draws=500).drop(columns="estimate")
    assert (ranked["probability"] - moved["probability"]).abs().max() <= 0.02
    pd.testing.assert_series_equal(ranked["rank"], moved["rank"])
