"""How far a rank of need can be trusted: when weights and margins move, and with any weights at all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.language import gettext as _
from geo.methods.margins import Z_90, to_floats
from geo.water.need import WEIGHTS, check_weights, score_need, to_matrix

DRAWS, SEED = 1000, 0
# A weight moves between a half and the double of what a person set.
FACTOR = 2.0
TAIL = 0.05
FIRST = 10


def rank_stability(
    parts: pd.DataFrame,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Tell between which ranks a system lies.

    ``rank_low`` to ``rank_high`` hold 90 % of ``draws``, and the rank itself: each weight moves between half
    and double of what is set, each part with a margin is drawn anew within it, and each unknown part, which
    the rank leaves out, is drawn from 0 to 1.

    ``rank_least`` to ``rank_most`` hold where one weight at a time is halved or doubled, and nothing else
    moves.

    ``share_first`` is the share of ``draws`` in which a system is among the first ten when the weights are
    drawn anew altogether: all weightings of these parts are alike likely (uniform on those that sum to 1),
    and the score is the weighted mean of what is known, as for the rank.

    ``rank_best`` to ``rank_worst`` hold with any weights above 0 on the parts that have one, and whatever the
    unknown parts are (margins aside): a system stands before another for sure where it is at least as high in
    every part and higher in one; a part that is not known counts against it as 0, and for the other as 1.

    Parameters
    ----------
    parts
        As :func:`geo.water.need.need_parts` returns them.
    weights
        By part; parts of weight 0 are left out.
    draws, seed
        How often all is drawn, and where drawing starts.

    Returns
    -------
    pandas.DataFrame
        On the index of ``parts``, as ``Int64``: ``rank_low``, ``rank_high``, ``rank_least``, ``rank_most``
        (NA where nothing is known), ``rank_best``, ``rank_worst``; ``share_first`` (0 to 1); and
        ``stands``, whether it is among the first ten with any weights, or surely not among them (else NA).

    Raises
    ------
    GeoError
        As :func:`geo.water.need.score_need`.

    Examples
    --------
    >>> parts = pd.DataFrame({"safer": [1.0, 0.5, 0.0], "people": [0.9, 0.4, 0.5]}, index=["a", "b", "c"])
    >>> ranks = rank_stability(parts, {"safer": 1, "people": 1}, draws=200)
    >>> ranks[["rank_best", "rank_worst"]].values.tolist()
    [[1, 1], [2, 3], [2, 3]]
    """
    names = check_weights(parts, weights)
    values = to_matrix(parts, names)
    amounts = np.array([weights[name] for name in names])
    errors = np.column_stack([_errors(parts, name) for name in names])
    low, high = _drawn_ranks(values, errors, amounts, draws, seed)
    rank = to_floats(score_need(parts, weights)["rank"])
    low, high = np.fmin(low, rank), np.fmax(high, rank)
    share = _share_first(values, draws, seed)
    best, worst = ranks_with_any_weights(values)
    table = pd.DataFrame(
        {"rank_low": low, "rank_high": high, "rank_best": best, "rank_worst": worst}, index=parts.index
    ).astype("Int64")
    moved = _one_weight_moved(parts, {name: weights[name] for name in names})
    return table.join(moved).assign(share_first=share, stands=_stands(table))


def ranked(
    parts: pd.DataFrame, weights: Mapping[str, float] = WEIGHTS, *, draws: int = DRAWS
) -> pd.DataFrame:
    """Put score, rank and their stability side by side, highest need first.

    Examples
    --------
    >>> parts = pd.DataFrame({"safer": [0.0, 1.0]}, index=["a", "b"])
    >>> ranked(parts, {"safer": 1}, draws=50).index.tolist()
    ['b', 'a']
    """
    table = score_need(parts, weights).join(rank_stability(parts, weights, draws=draws))
    return table.sort_values(["rank", "score_high"], ascending=[True, False], kind="stable")


def ranks_with_any_weights(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst rank of each row with any weights above 0 on the columns.

    Examples
    --------
    >>> best, worst = ranks_with_any_weights(np.array([[1.0, 1.0], [0.0, np.nan], [0.0, 0.5]]))
    >>> best.tolist(), worst.tolist()
    ([1, 2, 2], [1, 3, 3])
    """
    low, high = np.where(np.isnan(values), 0.0, values), np.where(np.isnan(values), 1.0, values)
    ahead = (low[:, None, :] >= high[None, :, :]).all(axis=2) & (low[:, None, :] > high[None, :, :]).any(
        axis=2
    )
    return ahead.sum(axis=0) + 1, len(values) - ahead.sum(axis=1)


def _one_weight_moved(parts: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Rank with each weight halved and doubled in turn; return the best and the worst rank."""
    moved = [weights] + [
        {**weights, name: weight * factor}
        for name, weight in weights.items()
        for factor in (1 / FACTOR, FACTOR)
    ]
    ranks = pd.concat([score_need(parts, chosen)["rank"] for chosen in moved], axis=1)
    return pd.DataFrame({"rank_least": ranks.min(axis=1), "rank_most": ranks.max(axis=1)}).astype("Int64")


def _drawn_ranks(
    values: np.ndarray, errors: np.ndarray, weights: np.ndarray, draws: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rank in each draw of weights, margins and unknown parts."""
    random = np.random.default_rng(seed)
    count = len(values)
    if not count:
        return np.empty(0), np.empty(0)
    ranks = np.empty((draws, count), dtype=np.int32)
    for draw in range(draws):
        moved = weights * FACTOR ** random.uniform(-1, 1, size=len(weights))
        drawn = np.clip(values + errors * random.standard_normal(values.shape), 0.0, 1.0)
        drawn = np.where(np.isnan(values), random.uniform(size=values.shape), drawn)
        ranks[draw, np.argsort(-(drawn @ moved), kind="stable")] = np.arange(1, count + 1)
    low = np.quantile(ranks, TAIL, axis=0, method="lower")
    high = np.quantile(ranks, 1 - TAIL, axis=0, method="higher")
    return low, high


def _share_first(values: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Tell in which share of random weightings each row is among the first ten by what is known."""
    weights = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), size=draws).T
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = np.where(known, values, 0.0) @ weights / (known @ weights)
    scores = np.nan_to_num(scores, nan=-1.0).round(12)
    place = len(values) - min(FIRST, len(values))
    tenth = np.sort(scores, axis=0)[place] if len(values) else np.zeros(draws)
    shares: np.ndarray = ((scores >= tenth) & (scores >= 0)).mean(axis=1)
    return shares


def _errors(parts: pd.DataFrame, name: str) -> np.ndarray:
    moe = f"{name}_moe"
    if moe not in parts:
        return np.zeros(len(parts))
    return np.nan_to_num(to_floats(parts[moe])) / Z_90


def _stands(table: pd.DataFrame) -> pd.Series[bool]:
    inside, outside = table["rank_worst"] <= FIRST, table["rank_best"] > FIRST
    stands = pd.Series(pd.NA, index=table.index, dtype="boolean")
    return stands.mask(inside.fillna(False), True).mask(outside.fillna(False), False)


def stands_words(ranks: pd.DataFrame) -> str:
    """Say how far the first ten places stand: one weight moved, weights drawn anew, any weights at all.

    Parameters
    ----------
    ranks
        As :func:`ranked` returns them.

    Examples
    --------
    >>> parts = pd.DataFrame({"safer": [0.0, 1.0, 0.5], "people": [0.1, 0.9, None]}, index=["a", "b", "c"])
    >>> stands_words(ranked(parts, {"safer": 2, "people": 1}, draws=50))[:72]
    'With one weight halved or doubled, 3 of the first ten stay among them. A'
    """
    first = ranks[ranks["rank"].le(FIRST).fillna(False)]
    stay = int(first["rank_most"].le(FIRST).sum())
    often, seldom = int(ranks["share_first"].ge(1 - TAIL).sum()), int(ranks["share_first"].le(TAIL).sum())
    inside, outside = int(ranks["stands"].eq(True).sum()), int(ranks["stands"].eq(False).sum())
    return _(
        "With one weight halved or doubled, {stay} of the first ten stay among them. Among the first ten "
        "with random weights: {often} systems in at least 95 of 100 cases, {seldom} in at most 5, {open} "
        "depending on the weights. With any weights at all and whatever is not known: {inside} stand among "
        "the first ten, {outside} do not."
    ).format(
        stay=stay,
        often=often,
        seldom=seldom,
        open=len(ranks) - often - seldom,
        inside=inside,
        outside=outside,
    )
