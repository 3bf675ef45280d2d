"""Our estimate of the index: what it learns from, what it holds out, what it says where it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.tracts.hard_to_count.estimates import (
    COLUMNS,
    agreement,
    can_learn,
    compare_response,
    estimate_2010,
    estimate_2020,
    learn,
)
from geo.tracts.hard_to_count.features import FEATURES, to_features
from geo.tracts.hard_to_count.training import FOLDS, apply, assign_folds, to_factors, to_interval, train

COUNTIES = 8


def state(tracts: int = 400, seed: int = 5) -> pd.DataFrame:
    """An invented state whose index is known but for a little noise."""
    random = np.random.default_rng(seed)
    hardship = random.uniform(0, 1, tracts)
    county = [f"06{1 + 2 * (place % COUNTIES):03}" for place in range(tracts)]
    frame = pd.DataFrame(
        {
            "county_geoid": county,
            "population": random.integers(2_000, 6_000, tracts).astype(float),
            "households": random.integers(700, 2_000, tracts).astype(float),
            "share_poverty": 0.4 * hardship,
            "share_crowded": 0.2 * hardship**2 + random.normal(0, 0.01, tracts),
            "share_uninsured": random.uniform(0, 0.3, tracts),
            "ca_htc_index": (120 * hardship + random.normal(0, 4, tracts)).clip(0, 136).round(),
            "index_scored": True,
        },
        index=pd.Index([f"{code}{place:06}" for place, code in enumerate(county)], name="geoid"),
    )
    frame["housing_units"] = frame["households"] * 1.1
    return frame.convert_dtypes()


@pytest.fixture(scope="module")
def trained():
    frame = state()
    return train(to_features(frame), frame["ca_htc_index"], frame["county_geoid"])


def test_each_county_is_estimated_by_a_model_that_has_not_seen_it(trained) -> None:
    assert trained.fold.groupby(trained.fold.index.str[:5]).nunique().eq(1).all()
    assert trained.fold.nunique() == FOLDS
    assert trained.notes["folds_by_county"] is True


def test_scores_change_nothing_in_their_own_county(trained) -> None:
    """The held-out county's scores are set to nonsense; its own estimates must not move."""
    frame = state()
    county = frame["county_geoid"].iloc[0]
    ours = frame["county_geoid"] == county
    fold = trained.fold[ours].iloc[0]
    of_fold = trained.fold == fold
    wrong = frame["ca_htc_index"].where(~of_fold, 0.0)
    other = train(to_features(frame), wrong, frame["county_geoid"])
    pd.testing.assert_series_equal(
        trained.estimates["estimate"][of_fold], other.estimates["estimate"][of_fold]
    )


def test_what_can_be_known_is_found_and_what_does_nothing_is_told(trained) -> None:
    assert trained.notes["r2"] > 0.95
    effects = trained.notes["effects"]
    assert effects["share_poverty"]["points"] > 20
    assert abs(effects["share_uninsured"]["points"]) < 4
    assert effects["share_poverty"]["importance"] > 20 * abs(effects["share_uninsured"]["importance"])
    assert set(trained.notes["peers"]) == {"linear", "boosting_as_it_comes"}


def test_intervals_hold_as_often_as_they_say(trained) -> None:
    assert 0.85 <= trained.notes["interval"]["coverage"] <= 0.95
    ours = trained.estimates
    assert ((ours["lower"] >= 0) & (ours["upper"] <= 136) & (ours["lower"] <= ours["estimate"])).all()


def test_the_same_tracts_are_estimated_alike_when_they_come_again(trained) -> None:
    frame = state()
    again = apply(trained, to_features(frame), frame["county_geoid"])
    pd.testing.assert_frame_equal(again, trained.estimates)


def test_training_twice_gives_the_same(trained) -> None:
    frame = state()
    again = train(to_features(frame), frame["ca_htc_index"], frame["county_geoid"])
    pd.testing.assert_frame_equal(again.estimates, trained.estimates)
    assert again.notes == trained.notes


def test_zeros_that_were_never_scored_are_left_out() -> None:
    frame = state()
    frame.loc[frame.index[:10], ["ca_htc_index", "index_scored", "households"]] = [0, False, 0]
    frame.loc[frame.index[10:15], "population"] = pd.NA
    usable = can_learn(frame)
    assert (~usable).sum() == 15
    learned = learn(frame)
    assert learned is not None
    assert learned.notes["tracts"] == len(frame) - 15
    told = estimate_2010(learned, frame)
    assert ("geoid", *told.columns) == ("geoid", *(name for name in COLUMNS if name != "geoid"))
    assert told["estimate"].iloc[:10].isna().all()
    assert told["official_index"].iloc[:10].isna().all()
    assert told["official_from"].iloc[:10].isna().all()
    assert told["estimate"].iloc[15:].notna().all()


def test_too_few_tracts_leave_every_estimate_missing() -> None:
    frame = state(20)
    assert learn(frame) is None
    told = estimate_2010(None, frame)
    assert told["estimate"].isna().all()
    assert told["official_index"].notna().all()
    assert told["official_within"].isna().all()


def test_one_county_is_checked_on_every_fifth_tract() -> None:
    frame = state(60)
    fold, by_county = assign_folds(frame, pd.Series("06901", frame.index))
    assert not by_county
    assert np.bincount(fold).tolist() == [12] * 5
    learned = learn(frame.assign(county_geoid="06901"))
    assert learned is not None
    assert learned.model == "ridge"
    assert learned.fold_of_county == {}


def test_2020_tracts_get_what_only_2010_tracts_have_from_the_crosswalk() -> None:
    frame = state().assign(daytime_population=lambda tracts: tracts["population"] * 0.8)
    frame["linguistic_isolation_percent"] = (frame["share_poverty"] * 50).astype("Float64")
    learned = learn(frame)
    old = frame.index[:3]
    new = frame.loc[old].drop(columns=["daytime_population", "linguistic_isolation_percent"])
    new = new.assign(estimates_from="2014-2018, 2010 tracts")
    pairs = pd.DataFrame(
        {"geoid_2010": old, "geoid_2020": old, "people": 1000.0, "area_m2": 1.0, "share_of_2010": 1.0}
    ).assign(area_share_of_2020=1.0, covered_2020=1.0)
    told = estimate_2020(learned, new, frame, pairs)
    same = estimate_2010(learned, frame).loc[old]
    assert told["estimate"].to_list() == pytest.approx(same["estimate"].to_list())
    assert told["official_from"].eq("carried over from 2010 tracts").all()


def test_all_variables_of_the_index_are_taken_where_a_table_has_them() -> None:
    frame = state().assign(renter_households=lambda tracts: tracts["households"] * 0.4)
    assert "share_renters" in to_features(frame)
    assert "share_renters" not in to_features(state())
    assert set(to_features(frame)) <= set(FEATURES)


def test_factors_come_from_the_other_folds() -> None:
    apart = np.where(np.arange(100) % 5 == 0, 100.0, 1.0)
    factors = to_factors(apart, np.ones(100), np.arange(100) % 5)
    assert factors[0] == 1.0
    assert (factors[1:] == 100.0).all()


def test_intervals_end_where_the_index_ends() -> None:
    told = to_interval(np.array([-3.0, 140.0]), np.array([5.0, 5.0]), pd.Index(["a", "b"]))
    assert told.loc["a"].to_dict() == {"estimate": 0, "moe": 5, "lower": 0, "upper": 5}
    assert told.loc["b"].to_dict() == {"estimate": 136, "moe": 5, "lower": 131, "upper": 136}


def test_comparisons_need_something_to_compare() -> None:
    nothing = pd.DataFrame({"official_index": [None], "estimate": [1.0], "official_within": [None]})
    assert agreement(nothing) is None
    assert compare_response(nothing, pd.Series([50.0])) is None
