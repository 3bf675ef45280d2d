"""Which systems need it most: six parts, each 0 to 1, and weights that a person moves.

A part that is not known is NA and is said, never 0: the score is the weighted mean of the known parts, with
the range that it would have if every unknown part were 0, or 1. It is this project's own ordering, not
the State's score and not the ranking of any master plan.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.margins import proportion, to_floats

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "safer": N_("SAFER status"),
        "violations": N_("Violations in the State's list"),
        "people": N_("People served"),
        "disadvantage": N_("Economic status of the community"),
        "uninsured": N_("Share without health insurance"),
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
    lies in. All are cut at 1.

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
        On the index of ``parts``: ``score`` (0 to 1, weighted mean of what is known; NA where nothing is),
        ``score_low`` and ``score_high`` (every unknown part 0, or 1), ``known`` (share of the weight whose
        part is known), ``rank`` (1: highest need; equals share the best rank; NA without a score).

    Raises
    ------
    GeoError
        Unknown parts, negative weights, or none above 0.

    Examples
    --------
    >>> parts = pd.DataFrame({"safer": [1.0, None], "people": [0.5, 1.0]}, index=["a", "b"])
    >>> score_need(parts, {"safer": 3, "people": 1})[["score", "score_low", "known", "rank"]].values.tolist()
    [[0.875, 0.875, 1.0, 2], [1.0, 0.25, 0.25, 1]]
    """
    names = check_weights(parts, weights)
    amounts = np.array([weights[name] for name in names])
    values = to_matrix(parts, names)
    known = ~np.isnan(values)
    share = (known * amounts).sum(axis=1) / amounts.sum()
    low = (np.where(known, values, 0.0) * amounts).sum(axis=1) / amounts.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        score = pd.Series(np.where(share > 0, low / share, np.nan), index=parts.index)
    table = pd.DataFrame({"score": score, "score_low": low, "score_high": low + 1 - share, "known": share})
    table["rank"] = score.round(12).rank(method="min", ascending=False).astype("Int64")
    return table


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
    pairs = join[["geoid", "pwsid", "area_m2"]].merge(index_of, on="geoid")
    weighted = (pairs["ca_htc_index"].astype(float) * pairs["area_m2"]).groupby(pairs["pwsid"]).sum()
    mean = weighted / pairs.groupby("pwsid")["area_m2"].sum()
    return (mean / MOST_INDEX).clip(upper=1.0).reindex(index)
