"""Ranks with doubt: how sure it is that an area is among the highest, given its margin of error.

Two questions, two answers. *How likely is this one among the highest tenth?* is answered by drawing all
estimates anew many times, each from a normal distribution with its standard error (moe / 1.645), and
counting. *Which ones cannot be told apart?* is answered by intervals that hold for all areas at once
(Sidak's correction), as in M. Klein, T. Wright and J. Wieczorek, "A joint confidence region for an
overall ranking of populations", J. R. Stat. Soc. C 69 (2020), written for the U.S. Census Bureau.

Errors are taken as independent between areas, as the Bureau does; where neighbors share an error, as in
a model's estimates, ranks are surer or less sure than shown.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from geo.errors import GeoError, SchemaError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.margins import Z_90, to_floats

Highest = Literal["highest", "lowest"]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 4_000
SEED = 2020
CHUNK = 250
LEVEL = 0.90

CLASSES = (N_("very unlikely"), N_("unlikely"), N_("uncertain"), N_("likely"), N_("very likely"))
"""Classes of a probability, lowest first; marked for translation."""

THRESHOLDS = (0.05, 0.30, 0.70, 0.95)
"""Where a class ends: up to 5 % *very unlikely*, up to 30 % *unlikely*, under 70 % *uncertain*, under
95 % *likely*, and from there *very likely* (a 90 % interval leaves 5 % on either side)."""

CLASS_TYPE = pd.CategoricalDtype(list(CLASSES), ordered=True)

COLUMNS = (
    "estimate",
    "moe",
    "probability",
    "class",
    "rank",
    "rank_low",
    "rank_high",
    "joint_rank_low",
    "joint_rank_high",
    "group",
)
"""What :func:`rank_with_doubt` returns."""


def rank_with_doubt(
    estimates: pd.Series[float],
    moes: pd.Series[float],
    *,
    share: float = 0.10,
    of: Highest = "highest",
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Say for each area how likely it is among the highest, and where its rank lies.

    The answer depends on the values alone, not on their order or labels, and is the same at every call.
    An estimate of which the value or the margin is missing (or a Census sentinel) takes no part: its row is
    missing. A margin of 0 means that the value is known.

    Parameters
    ----------
    estimates
        One number an area, of any unit.
    moes
        Their margins of error (90 %), on the same index.
    share
        Which share of the areas counts as the highest (0 to 1): 0.10 is the highest tenth, rounded up to
        whole areas.
    of
        Whether ``highest`` or ``lowest`` values are looked for; rank 1 is that end.
    draws
        How often all are drawn anew. A probability is then within 1 / sqrt(draws) at worst.
    seed
        Where drawing starts.

    Returns
    -------
    pandas.DataFrame
        On the index of ``estimates``: ``estimate``, ``moe``; ``probability`` of being among the highest;
        ``class`` (ordered, :data:`CLASSES`); ``rank`` by the estimate (1 first; equals share the best);
        ``rank_low`` and ``rank_high``, between which the rank lies with 90 %; ``joint_rank_low`` and
        ``joint_rank_high``, which hold for all areas at once; and ``group``, see :func:`group_alike`.

    Raises
    ------
    SchemaError
        The two differ in index, labels stand twice, or a margin is negative.
    GeoError
        ``share`` is not between 0 and 1, or ``of`` is unknown.

    Examples
    --------
    >>> index = pd.Series([95.0, 90.0, 40.0, 10.0], index=["a", "b", "c", "d"])
    >>> moe = pd.Series([20.0, 20.0, 5.0, 5.0], index=index.index)
    >>> ranked = rank_with_doubt(index, moe, share=0.25)
    >>> ranked["class"].tolist()
    ['uncertain', 'uncertain', 'very unlikely', 'very unlikely']
    >>> ranked["group"].tolist(), ranked.loc["a", ["rank_low", "rank_high"]].tolist()
    ([1, 1, 2, 3], [1, 2])
    """
    _check(estimates, moes, share, of)
    sign = 1.0 if of == "highest" else -1.0
    values, margins = to_floats(estimates), to_floats(moes)
    known = ~np.isnan(values + margins)
    order = np.flatnonzero(known)
    order = order[np.lexsort((margins[order], values[order]))]
    answer = pd.DataFrame(index=estimates.index, columns=list(COLUMNS[2:]), dtype=float)
    place = answer.index[order]
    ours, errors = sign * values[order], margins[order] / Z_90
    if len(order):
        answer.loc[place, ["probability", "rank_low", "rank_high"]] = _simulate(
            ours, errors, share, draws, seed
        )
        answer.loc[place, "rank"] = pd.Series(-ours).rank(method="min").to_numpy()
        answer.loc[place, ["joint_rank_low", "joint_rank_high"]] = np.column_stack(joint_ranks(ours, errors))
        answer.loc[place, "group"] = group_alike(ours, errors)
    answer.insert(0, "moe", margins)
    answer.insert(0, "estimate", values)
    answer["class"] = class_of(answer["probability"])
    whole = [name for name in COLUMNS if "rank" in name or name == "group"]
    return answer.astype(dict.fromkeys(whole, "Int64"))[list(COLUMNS)]


def class_of(probability: pd.Series[float]) -> pd.Series[str]:
    """Class a probability: very likely, likely, uncertain, unlikely, very unlikely; missing stays missing.

    Parameters
    ----------
    probability
        0 to 1; where a class ends stands in :data:`THRESHOLDS`.

    Returns
    -------
    Series
        An ordered Categorical of :data:`CLASSES`, to be translated where it is shown.

    Examples
    --------
    >>> class_of(pd.Series([1.0, 0.8, 0.5, 0.1, 0.05, None])).tolist()
    ['very likely', 'likely', 'uncertain', 'unlikely', 'very unlikely', nan]
    """
    values = to_floats(probability)
    low, some, much, high = THRESHOLDS
    codes = np.select([values >= high, values >= much, values > some, values > low], [4, 3, 2, 1], 0)
    codes = np.where(np.isnan(values), -1, codes)
    classes = pd.Categorical.from_codes(codes.tolist(), dtype=CLASS_TYPE)
    return pd.Series(classes, index=probability.index)


def joint_ranks(values: Floats, errors: Floats, level: float = LEVEL) -> tuple[Ints, Ints]:
    """Ranks that hold for all areas at once with probability ``level``; 1 is the highest.

    Each area has an interval of its own, wide enough that all of them hold together (Sidak). As many
    as lie wholly above an area come before it for sure, as many as lie wholly below come after it.

    Parameters
    ----------
    values, errors
        Estimates and their standard errors, none missing.
    level
        0 to 1.

    Returns
    -------
    tuple of arrays
        The best and the worst rank.

    Examples
    --------
    >>> low, high = joint_ranks(np.array([95.0, 90.0, 10.0]), np.array([12.0, 12.0, 3.0]))
    >>> low.tolist(), high.tolist()
    ([1, 1, 3], [2, 2, 3])
    """
    lower, upper = _joint_intervals(values, errors, level)
    above = len(values) - np.searchsorted(np.sort(lower), upper, side="right")
    below = np.searchsorted(np.sort(upper), lower, side="left")
    return above + 1, len(values) - below


def group_alike(values: Floats, errors: Floats, level: float = LEVEL) -> Ints:
    """Put areas into groups within which no two can be told apart; 1 is the highest.

    The rule: every area has an interval, all of which hold together (as in :func:`joint_ranks`). A group is
    a set of intervals with a point in common, so no two of it differ for sure; there are as few groups as
    can be (the interval that begins highest of those left opens a group, at its lower end). Two areas of
    different groups may still be alike: look at their joint ranks.

    Parameters
    ----------
    values, errors
        Estimates and their standard errors, none missing.
    level
        0 to 1.

    Returns
    -------
    array
        The group of each area.

    Examples
    --------
    >>> group_alike(np.array([95.0, 90.0, 10.0]), np.array([12.0, 12.0, 3.0])).tolist()
    [1, 1, 2]
    """
    lower, upper = _joint_intervals(values, errors, level)
    group = np.zeros(len(values), dtype=np.int64)
    common, number = np.inf, 0
    for place in np.argsort(-lower, kind="stable"):
        if upper[place] < common:
            common, number = lower[place], number + 1
        group[place] = number
    return group


def _joint_intervals(values: Floats, errors: Floats, level: float) -> tuple[Floats, Floats]:
    each = level ** (1 / max(len(values), 1))
    z = float(ndtri((1 + each) / 2))
    return values - z * errors, values + z * errors


def _simulate(values: Floats, errors: Floats, share: float, draws: int, seed: int) -> Floats:
    """Probability of being among the highest, and the 90 % interval of the rank, by drawing."""
    count = len(values)
    chosen = int(np.ceil(share * count - 1e-9))
    ranks = np.empty((count, draws), dtype=np.int32)
    random = np.random.default_rng(seed)
    # What is known for sure still needs an order among equals: it is drawn, too.
    tiny = 1e-9 * max(float(np.ptp(values)), 1.0)
    spread = np.maximum(errors, tiny)
    for start in range(0, draws, CHUNK):
        size = min(CHUNK, draws - start)
        drawn = values + spread * random.standard_normal((size, count))
        order = np.argsort(-drawn, axis=1)
        places = np.empty_like(order)
        np.put_along_axis(places, order, np.arange(1, count + 1)[None, :], axis=1)
        ranks[:, start : start + size] = places.T
    tail = (1 - LEVEL) / 2
    low = np.quantile(ranks, tail, axis=1, method="lower")
    high = np.quantile(ranks, 1 - tail, axis=1, method="higher")
    return np.column_stack([(ranks <= chosen).mean(axis=1), low, high])


def _check(estimates: pd.Series[float], moes: pd.Series[float], share: float, of: str) -> None:
    if not estimates.index.equals(moes.index):
        raise SchemaError(_("estimates and margins differ in index"), _("give both on the same labels"))
    if not estimates.index.is_unique:
        doubled = estimates.index[estimates.index.duplicated()].unique()
        raise SchemaError(
            _("{count} labels stand more than once ({names})").format(
                count=len(doubled), names=first_ids(doubled)
            ),
            _("give every area its own"),
        )
    negative = estimates.index[to_floats(moes) < 0]
    if len(negative):
        raise SchemaError(
            _("{count} margins of error are negative ({names})").format(
                count=len(negative), names=first_ids(negative)
            ),
            _("write what stands for a missing margin as NA"),
        )
    if not 0 < share < 1:
        raise GeoError(
            _("a share of {share} is not between 0 and 1").format(share=share),
            _("give 0.10 for the highest tenth"),
        )
    if of not in get_args(Highest):
        raise GeoError(_("{of!r} is no end of a ranking").format(of=of), _("use highest or lowest"))
