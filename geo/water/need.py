"""Which systems need it most: six weighted parts, and between which ranks each system lies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.margins import Z_90, proportion, to_floats

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "safer": N_("SAFER status"),
        "violations": N_("Violations of water quality limits"),
        "people": N_("People served"),
        "disadvantage": N_("Economic status of the community"),
        "uninsured": N_("Percent uninsured"),
        "hard_to_count": N_("Hard-to-count index"),
    }
)
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "safer": 3.0,
        "violations": 2.0,
        "people": 1.0,
        "disadvantage": 1.0,
        "uninsured": 1.0,
        "hard_to_count": 1.0,
    }
)
# The State's words, as parts of 1; "Not Assessed" is not known.
SAFER = MappingProxyType({"Failing": 1.0, "At-Risk": 2 / 3, "Potentially At-Risk": 1 / 3, "Not At-Risk": 0.0})
ECONOMIC = MappingProxyType({"SDAC": 1.0, "DAC": 0.5, "Non-DAC": 0.0})
# Sizes that no survey gave (:mod:`geo.tracts.residents.areas`).
SIZES = ("published", "estimated_size")
# Where a count or a share reaches 1: ends that stay where they are when systems come and go.
MOST_VIOLATIONS, MOST_PEOPLE, MOST_UNINSURED, MOST_INDEX = 50.0, 5000.0, 0.5, 100.0


def need_parts(
    systems: pd.DataFrame, served: pd.DataFrame, join: pd.DataFrame, tracts: pd.DataFrame
) -> pd.DataFrame:
    """Measure the parts of need of each system.

    SAFER status: Failing 1, At-Risk 2/3, Potentially At-Risk 1/3, Not At-Risk 0, else NA. Violations:
    ``log(1 + n) / log(51)``, NA where a system is not listed. People: ``log(1 + n) / log(5001)``. Economic
    status: severely disadvantaged 1, disadvantaged 1/2, not 0, else NA. Without insurance: the share of
    its residents over 0.5. Hard to count: the State's index over 100, by area over the tracts that a system
    lies in, or that of the tract of its point. All are cut at 1.

    Parameters
    ----------
    systems
        Dataset ``water_systems``.
    served
        Dataset ``people_served``; an empty frame where it is not built.
    join
        Dataset ``tract_system_join``.
    tracts
        Dataset ``tracts_2010``.

    Returns
    -------
    pandas.DataFrame
        Index pwsid; a column for each of :data:`PARTS` (Float64), and ``<part>_moe`` (90 %, on the same
        scale, NA where none is known) for those with a margin.

    Examples
    --------
    >>> systems = pd.DataFrame({"pwsid": ["CA1"], "safer_status": ["Failing"], "violations_count": [None],
    ...     "population": [5000.0], "economic_status": ["DAC"]})
    >>> empty = pd.DataFrame()
    >>> parts = need_parts(systems, empty, empty, empty)
    >>> parts.loc["CA1", ["safer", "people", "disadvantage"]].tolist(), parts["violations"].isna().item()
    ([1.0, 1.0, 0.5], True)
    """
    ours = systems.set_index("pwsid")
    parts = pd.DataFrame(index=ours.index)
    parts["safer"] = ours["safer_status"].map(SAFER)
    parts["violations"] = _on_log_scale(ours["violations_count"], MOST_VIOLATIONS)
    parts["people"] = _on_log_scale(ours["population"], MOST_PEOPLE)
    parts["disadvantage"] = ours["economic_status"].map(ECONOMIC)
    parts["uninsured"], parts["uninsured_moe"] = _uninsured(served, ours.index)
    parts["hard_to_count"] = _hard_to_count(join, tracts, ours.index)
    return parts.astype("Float64")


def score_need(parts: pd.DataFrame, weights: Mapping[str, float] = WEIGHTS) -> pd.DataFrame:
    """Weigh the parts, and rank.

    Parameters
    ----------
    parts
        As :func:`need_parts` returns them.
    weights
        By part, 0 or more; at least one above 0.

    Returns
    -------
    pandas.DataFrame
        On the index of ``parts``: ``score`` (0 to 1, weighted mean in which an unknown part adds nothing; NA
        where nothing is known), ``score_low`` and ``score_high`` (every unknown part 0, or 1), ``known``
        (share of the weight whose part is known), ``rank`` (1: highest need; equals share the best rank; NA
        without a score). So learning a part never lowers a system, and not knowing one never lifts it.

    Raises
    ------
    GeoError
        Unknown parts, negative weights, or none above 0.

    Examples
    --------
    >>> parts = pd.DataFrame({"safer": [1.0, None], "people": [0.5, 1.0]}, index=["a", "b"])
    >>> score_need(parts, {"safer": 3, "people": 1})[["score", "score_low", "known", "rank"]].values.tolist()
    [[0.875, 0.875, 1.0, 1], [0.25, 0.25, 0.25, 2]]
    """
    names = check_weights(parts, weights)
    amounts = np.array([weights[name] for name in names])
    values = to_matrix(parts, names)
    known = ~np.isnan(values)
    share = (known * amounts).sum(axis=1) / amounts.sum()
    low = (np.where(known, values, 0.0) * amounts).sum(axis=1) / amounts.sum()
    score = pd.Series(np.where(share > 0, low, np.nan), index=parts.index)
    table = pd.DataFrame({"score": score, "score_low": low, "score_high": low + 1 - share, "known": share})
    table["rank"] = score.round(12).rank(method="min", ascending=False).astype("Int64")
    return table


LEAST_KNOWN = 0.5
"""Share of the weight whose parts must be known for a rank: with less, more is unknown than is known."""


def enough_known(known: pd.Series[float]) -> pd.Series[bool]:
    """Tell which systems may have a rank: those of which at least :data:`LEAST_KNOWN` of the weight is known.

    Examples
    --------
    >>> enough_known(pd.Series([1 / 3, 0.5, None])).tolist()
    [False, True, False]
    """
    return pd.Series(known.astype(float).round(9).ge(LEAST_KNOWN), index=known.index, dtype=bool)


def unknown_parts(parts: pd.DataFrame, weights: Mapping[str, float] = WEIGHTS) -> pd.Series[str]:
    """Name of each system the parts that would have to be learned, those that weigh most first.

    Examples
    --------
    >>> parts = pd.DataFrame({"people": [0.4, 0.2], "safer": [None, 1.0], "violations": [None, 0.1]})
    >>> unknown_parts(parts, {"people": 1, "violations": 2, "safer": 3}).tolist()
    ['SAFER status, Violations of water quality limits', '']
    """
    names = sorted(check_weights(parts, weights), key=lambda name: -weights[name])
    titles = {name: _(PARTS[name]) for name in names}
    missing = parts[names].isna()
    words = [", ".join(titles[name] for name in names if row[name]) for row in missing.to_dict("records")]
    return pd.Series(words, index=parts.index, dtype="string")


def check_weights(parts: pd.DataFrame, weights: Mapping[str, float]) -> list[str]:
    """Return the parts that have a weight.

    Raises
    ------
    GeoError
        As :func:`score_need`.

    Examples
    --------
    >>> check_weights(pd.DataFrame({"safer": [1.0]}), {"safer": 1.0, "people": 0.0})
    ['safer']
    """
    wrong = [f"{name} = {weight}" for name, weight in weights.items() if not 0 <= weight < math.inf]
    if wrong:
        raise GeoError(
            _("{count} weights are negative or not finite ({names})").format(
                count=len(wrong), names=", ".join(wrong)
            ),
            _("give 0 or more"),
        )
    names = [name for name, weight in weights.items() if weight > 0]
    unknown = [name for name in names if name not in parts]
    if unknown:
        raise GeoError(
            _("there is no part of need called {names}").format(names=", ".join(unknown)),
            _("use {choices}").format(choices=", ".join(PARTS)),
        )
    if not names:
        raise GeoError(_("no weight is above 0"), _("move at least one weight up"))
    return names


def to_matrix(parts: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Return the parts as an array, NaN where they are not known.

    Examples
    --------
    >>> to_matrix(pd.DataFrame({"safer": [1.0, None]}), ["safer"]).tolist()
    [[1.0], [nan]]
    """
    return np.column_stack([to_floats(parts[name]) for name in names])


def _on_log_scale(amounts: pd.Series[float], most: float) -> pd.Series[float]:
    values = np.log1p(to_floats(amounts)) / math.log1p(most)
    return pd.Series(np.minimum(values, 1.0), index=amounts.index)


def _uninsured(served: pd.DataFrame, index: pd.Index[str]) -> tuple[pd.Series[float], pd.Series[float]]:
    if served.empty:
        blank = pd.Series(np.nan, index=index)
        return blank, blank
    ours = served[served["target_kind"].eq("water_system") & served["method"].ne("not_residents")]
    wide = {
        name: ours[ours["variable"].eq(name)].set_index("target_id").reindex(index)
        for name in ("uninsured", "population")
    }
    whole = wide["population"]
    # A size that no survey gave has no margin: it is taken as it stands, as where rates are compared.
    whole_moe = whole["moe"].mask(whole["method"].isin(SIZES), 0.0)
    share, moe = proportion(
        wide["uninsured"]["estimate"], wide["uninsured"]["moe"], whole["estimate"], whole_moe
    )
    return (share / MOST_UNINSURED).clip(upper=1.0), moe / MOST_UNINSURED


def _hard_to_count(join: pd.DataFrame, tracts: pd.DataFrame, index: pd.Index[str]) -> pd.Series[float]:
    if join.empty or "ca_htc_index" not in tracts:
        return pd.Series(np.nan, index=index)
    # An index of 0 where nobody lives is not a score.
    scored = tracts["index_scored"].fillna(False).astype(bool) if "index_scored" in tracts else True
    index_of = tracts.loc[tracts["ca_htc_index"].notna() & scored, ["geoid", "ca_htc_index"]]
    # A point lies in one tract, so that any weight is as good; one that says little has no part.
    known = join.loc[join["known_by"] != "doubtful_point", ["geoid", "pwsid", "area_m2"]]
    pairs = known.assign(area_m2=known["area_m2"].astype(float).fillna(1.0)).merge(index_of, on="geoid")
    weighted = (pairs["ca_htc_index"].astype(float) * pairs["area_m2"]).groupby(pairs["pwsid"]).sum()
    mean = weighted / pairs.groupby("pwsid")["area_m2"].sum()
    return (mean / MOST_INDEX).clip(upper=1.0).reindex(index)


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
    adds nothing to the rank, is drawn from 0 to 1.

    ``rank_least`` to ``rank_most`` hold where one weight at a time is halved or doubled, and nothing else
    moves.

    ``share_first`` is the share of ``draws`` in which a system is among the first ten when the weights are
    drawn anew altogether: all weightings of these parts are alike likely (uniform on those that sum to 1),
    and an unknown part adds nothing, as for the rank.

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
    """Tell in which share of random weightings each row is among the first ten; the unknown adds nothing."""
    weights = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), size=draws).T
    known = ~np.isnan(values)
    scores = (np.where(known, values, 0.0) @ weights).round(12)
    scores[~known.any(axis=1)] = -1.0
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
    'If one factor counts half or double, 3 of the top ten stay there. Howeve'
    """
    first = ranks[ranks["rank"].le(FIRST).fillna(False)]
    stay = int(first["rank_most"].le(FIRST).sum())
    often, seldom = int(ranks["share_first"].ge(1 - TAIL).sum()), int(ranks["share_first"].le(TAIL).sum())
    inside, outside = int(ranks["stands"].eq(True).sum()), int(ranks["stands"].eq(False).sum())
    return _(
        "If one factor counts half or double, {stay} of the top ten stay there. However you weigh, "
        "{often} systems are in the top ten; {open} could be."
    ).format(
        stay=stay,
        often=often,
        seldom=seldom,
        open=len(ranks) - often - seldom,
        inside=inside,
        outside=outside,
    )
