"""Need: unknown is said and never 0, weights move ranks, and what stands with any weights does stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.water.need import (
    PARTS,
    WEIGHTS,
    need_parts,
    rank_stability,
    ranked,
    ranks_with_any_weights,
    score_need,
)


def systems(**columns: list[object]) -> pd.DataFrame:
    base = {
        "pwsid": ["CA9000001", "CA9000002"],
        "safer_status": ["Failing", "Not Assessed"],
        "violations_count": [50, None],
        "population": [100.0, None],
        "economic_status": ["SDAC", None],
    }
    return pd.DataFrame({**base, **columns}).convert_dtypes()


def test_what_is_not_known_is_missing_and_never_0() -> None:
    parts = need_parts(systems(), pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    assert parts.loc["CA9000002", list(PARTS)].isna().all()
    assert parts.loc["CA9000001", ["safer", "violations", "disadvantage"]].tolist() == [1.0, 1.0, 1.0]
    scored = score_need(parts)
    assert pd.isna(scored.loc["CA9000002", "score"])
    assert scored.loc["CA9000002", ["score_low", "score_high", "known"]].tolist() == [0.0, 1.0, 0.0]
    assert pd.isna(scored.loc["CA9000002", "rank"])


def test_the_uninsured_come_with_their_margin() -> None:
    row = {"target_kind": "water_system", "target_id": "CA9000001", "method": "interpolated"}
    served = pd.DataFrame(
        [
            {**row, "variable": "uninsured", "estimate": 30.0, "moe": 10.0},
            {**row, "variable": "population", "estimate": 120.0, "moe": 20.0},
        ]
    )
    parts = need_parts(systems(), served, pd.DataFrame(), pd.DataFrame())
    assert parts.loc["CA9000001", "uninsured"] == pytest.approx(0.25 / 0.5)
    root = np.sqrt(10.0**2 - 0.25**2 * 20.0**2)
    assert parts.loc["CA9000001", "uninsured_moe"] == pytest.approx(root / 120 / 0.5)


def test_a_size_that_no_survey_gave_keeps_the_margin_of_the_uninsured() -> None:
    row = {"target_kind": "water_system", "target_id": "CA9000001"}
    served = pd.DataFrame(
        [
            {
                **row,
                "method": "rates_of_surroundings",
                "variable": "uninsured",
                "estimate": 30.0,
                "moe": 10.0,
            },
            {**row, "method": "published", "variable": "population", "estimate": 120.0, "moe": np.nan},
        ]
    )
    parts = need_parts(systems(), served, pd.DataFrame(), pd.DataFrame())
    assert parts.loc["CA9000001", "uninsured_moe"] == pytest.approx(10 / 120 / 0.5)


def test_pupils_and_visitors_are_no_residents() -> None:
    row = {"target_kind": "water_system", "target_id": "CA9000001", "method": "not_residents"}
    served = pd.DataFrame([{**row, "variable": "uninsured", "estimate": 30.0, "moe": 10.0}])
    parts = need_parts(systems(), served, pd.DataFrame(), pd.DataFrame())
    assert parts["uninsured"].isna().all()


def test_the_index_is_weighed_by_area_and_leaves_out_what_is_not_scored() -> None:
    join = pd.DataFrame(
        {"geoid": ["a", "b", "c"], "pwsid": ["CA9000001"] * 3, "area_m2": [100.0, 300.0, 900.0]}
    ).assign(known_by="outline")
    tracts = pd.DataFrame({"geoid": ["a", "b", "c"], "ca_htc_index": [20.0, 60.0, None]})
    parts = need_parts(systems(), pd.DataFrame(), join, tracts)
    assert parts.loc["CA9000001", "hard_to_count"] == pytest.approx(0.5)
    empty = tracts.assign(ca_htc_index=[20.0, 60.0, 0.0], index_scored=[True, True, False])
    parts = need_parts(systems(), pd.DataFrame(), join, empty)
    assert parts.loc["CA9000001", "hard_to_count"] == pytest.approx(0.5)


def test_a_points_index_is_that_of_its_tract_unless_the_point_says_little() -> None:
    pairs = {"geoid": ["a", "b"], "pwsid": ["CA9000001", "CA9000002"], "area_m2": [None, None]}
    join = pd.DataFrame(pairs | {"known_by": ["point", "doubtful_point"]})
    tracts = pd.DataFrame({"geoid": ["a", "b"], "ca_htc_index": [20.0, 60.0]})
    found = need_parts(systems(), pd.DataFrame(), join, tracts)["hard_to_count"]
    assert found["CA9000001"] == pytest.approx(0.2)
    assert pd.isna(found.get("CA9000002"))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"safer": -1.0}, "negative"),
        ({"safer": 0.0}, "no weight is above 0"),
        ({"rain": 1.0}, "no part of need called rain"),
    ],
)
def test_weights_that_do_not_hold_are_refused(weights: dict[str, float], message: str) -> None:
    parts = need_parts(systems(), pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    with pytest.raises(GeoError, match=message):
        score_need(parts, weights)


def test_a_weight_that_is_moved_moves_the_rank() -> None:
    parts = pd.DataFrame({"safer": [1.0, 0.0], "people": [0.0, 1.0]}, index=["a", "b"])
    assert ranked(parts, {"safer": 3, "people": 1}, draws=20).index[0] == "a"
    assert ranked(parts, {"safer": 1, "people": 3}, draws=20).index[0] == "b"


MATRICES = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 4).map(lambda n: n / 4)), min_size=3, max_size=3),
    min_size=2,
    max_size=7,
)


@given(MATRICES, st.lists(st.floats(0.01, 5), min_size=3, max_size=3), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_no_weights_and_no_filling_in_lead_out_of_the_range(
    rows: list[list[float | None]], weights: list[float], seed: int
) -> None:
    values = np.array(rows, dtype=float)
    best, worst = ranks_with_any_weights(values)
    filled = np.where(np.isnan(values), np.random.default_rng(seed).uniform(size=values.shape), values)
    scores = (filled @ np.array(weights)).round(9)
    first = np.array([(scores > score).sum() + 1 for score in scores])
    last = np.array([(scores >= score).sum() for score in scores])
    assert (best <= last).all()
    assert (first <= worst).all()


def test_shares_of_random_weightings_and_one_weight_moved_say_how_far_a_place_stands() -> None:
    """First in both parts: always among the first. In one part only: as often as that part weighs most."""
    parts = pd.DataFrame({"safer": [1.0, 0.9, 0.0], "people": [1.0, 0.0, 0.9]}, index=["a", "b", "c"])
    others = pd.DataFrame(0.95, index=[f"o{number}" for number in range(9)], columns=["safer", "people"])
    table = rank_stability(pd.concat([parts, others]), {"safer": 2, "people": 1}, draws=4000)
    assert table.loc["a", "share_first"] == 1
    assert table.loc[["b", "c"], "share_first"].tolist() == [0, 0]
    alone = rank_stability(parts, {"safer": 2, "people": 1}, draws=200)
    assert alone.loc["b", ["rank_least", "rank_most"]].tolist() == [2, 2]
    assert alone["share_first"].eq(1).all()
    close = pd.concat([parts, others.iloc[:8]])
    shares = rank_stability(close, {"safer": 2, "people": 1}, draws=4000)["share_first"]
    assert shares[["b", "c"]].tolist() == pytest.approx([0.5, 0.5], abs=0.03)


def test_what_is_not_known_stays_out_of_random_weightings() -> None:
    parts = pd.DataFrame({"safer": [None, 0.5], "people": [None, None]}, index=["a", "b"], dtype="Float64")
    shares = rank_stability(parts, {"safer": 1, "people": 1}, draws=100)["share_first"]
    assert shares.tolist() == [0, 1]


def test_the_same_seed_gives_the_same_ranks_and_missing_parts_widen_them() -> None:
    random = np.random.default_rng(1)
    parts = pd.DataFrame(random.uniform(size=(12, len(WEIGHTS))), columns=list(WEIGHTS))
    one, two = rank_stability(parts, draws=200), rank_stability(parts, draws=200)
    pd.testing.assert_frame_equal(one, two)
    holes = parts.mask(parts.index.to_series().eq(0), np.nan)
    wide = rank_stability(holes, draws=200)
    assert wide.loc[0, ["rank_best", "rank_worst"]].tolist() == [1, 12]
    narrow = one.loc[0, "rank_high"] - one.loc[0, "rank_low"]
    assert wide.loc[0, "rank_high"] - wide.loc[0, "rank_low"] > narrow
