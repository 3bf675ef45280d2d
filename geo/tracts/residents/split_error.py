"""How far a part of a tract differs from its tract: measured on neighbors, added to margins of error.

A margin of error from the Census Bureau says how far a tract's estimate may be off. Where a tract is split,
a second error comes in: its uninsured are spread like its people only by assumption. How wrong that is can
be measured where the answer is known: take a tract and its neighbors together, split them by people, and
look at what the tract really has.

The error, sampling aside, is taken as ``heterogeneity x (s (1 - s))^(EXPONENT / 2)`` of the whole's count,
where s is the part's share of people, and the heterogeneity is the least with which 90 % of such guesses lie
within their margins; ``python -m geo methods`` prints how often they do on tracts that took no part in
measuring it.
An exponent of 1 would be people strewn at random, 2 those who are alike for miles. Both parts of a whole
have the same error, as they must.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import require_projected
from geo.methods.margins import RELIABILITY, Z_90, reliability, to_floats

EXPONENT = 1.7
"""How the squared error grows with s (1 - s): about 1.6 to 1.8 for the counts of California's tracts."""

LEVEL = 0.90
"""Which share of margins is to hold."""

NEIGHBORS = (2, 3, 4)
"""How many tracts are taken together, the nearest ones by their inner points."""

MOSTLY_GUESSWORK = 0.50
"""Share of a figure that may hang on the split of tracts before it is no longer called reliable."""

Floats = NDArray[np.float64]


def measure_heterogeneity(
    tracts: gpd.GeoDataFrame, weight: pd.Series[float], names: Sequence[str]
) -> pd.Series[float]:
    """Measure how unlike neighboring tracts are, beyond what sampling explains.

    Tracts without people, and values or margins that are missing, take no part.

    Parameters
    ----------
    tracts
        Polygons in a projected CRS, with the counts and their ``<name>_moe``.
    weight
        People (or households) by which a whole would be split, on the same index.
    names
        The counts.

    Returns
    -------
    Series
        On ``names``, no unit: 0.2 means that half of a pair has a count that is off by a standard error of
        0.2 x 0.25^(EXPONENT / 2), or 6 %, of the pair's. Missing with fewer than two tracts.

    Raises
    ------
    CRSError
        The tracts have no CRS, or one in degrees.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(x, 0, x + 1, 1) for x in (0, 1, 10, 11, 20, 21)]
    >>> counts = {"people": [10, 30, 10, 30, 10, 30], "people_moe": [1] * 6}
    >>> tracts = gpd.GeoDataFrame(counts, geometry=squares, crs="EPSG:3310")
    >>> measure_heterogeneity(tracts, pd.Series([1.0] * 6), ["people"]).round(1).to_dict()
    {'people': 0.6}
    """
    require_projected(tracts)
    settled = (weight > 0).to_numpy()
    ours, shares = tracts[settled], to_floats(weight)[settled]
    points = ours.geometry.representative_point()
    place = np.column_stack([points.x, points.y]).astype(np.float64)
    sizes = [size for size in NEIGHBORS if size <= len(ours)]
    groups = [np.asarray(cKDTree(place).query(place, k=size)[1]) for size in sizes]
    found = {name: _calibrate([_guess(ours, name, shares, group) for group in groups]) for name in names}
    return pd.Series(found, dtype=float)


def split_variance(counts: Floats, share: Floats, heterogeneity: float) -> Floats:
    """Squared standard error of a part's count that comes from the split alone.

    Where the share is beyond 1, the tract is the part: it tells of a whole that is that many times as large,
    and is as unlike it as any part of this share of a whole.

    Parameters
    ----------
    counts
        The whole's counts.
    share
        The parts' shares of its people; above 1 for what has more people than the tract.
    heterogeneity
        From :func:`measure_heterogeneity`.

    Examples
    --------
    >>> split_variance(np.array([100.0, 100.0, 50.0]), np.array([0.5, 1.0, 2.0]), 0.2).round(1).tolist()
    [37.9, 0.0, 151.6]
    """
    times = np.maximum(share, 1.0)
    inside = np.clip(share, 0.0, 1.0) / times
    variance: Floats = (heterogeneity * counts * times**2) ** 2 * (inside * (1 - inside)) ** EXPONENT
    return variance


def grade(estimate: float, moe: float, guesswork: float | None = None) -> str:
    """Class a figure by its margin, and never as reliable where most of it hangs on how tracts were split.

    Parameters
    ----------
    estimate, moe
        The figure and its margin of error (90 %), in one unit.
    guesswork
        Share of it that comes from tracts which are only partly inside (0 to 1); missing where none is.

    Returns
    -------
    str
        One of :data:`geo.methods.margins.RELIABILITY`; empty where the figure or its margin is missing.

    Examples
    --------
    >>> grade(1000.0, 50.0), grade(1000.0, 50.0, 1.0), grade(10.0, 9.0, 1.0)
    ('reliable', 'use with caution', 'unreliable')
    """
    found = reliability(estimate, moe)
    if pd.isna(found):
        return ""
    guessed = guesswork is not None and not pd.isna(guesswork) and guesswork > MOSTLY_GUESSWORK
    return RELIABILITY[1] if guessed and found == RELIABILITY[0] else str(found)


def exceeds(
    estimate: float | None, moe: float | None, whole: float | None, whole_moe: float | None = None
) -> bool:
    """Tell whether an estimate is above the whole that it is a part of by more than chance, which cannot be.

    Parameters
    ----------
    estimate, moe
        The survey's figure, such as households, and its margin of error (90 %).
    whole, whole_moe
        The count that it is a part of, such as all housing units; its margin is missing where it is known.

    Returns
    -------
    bool
        False where the figure, its margin or the whole is missing.

    Examples
    --------
    >>> exceeds(14_334.0, 376.0, 10_069.0), exceeds(10_300.0, 376.0, 10_069.0)
    (True, False)
    """
    ours, error, all_of_it, its_error = to_floats([estimate, moe, whole, whole_moe])
    return bool(ours - all_of_it > np.hypot(error, np.nan_to_num(its_error)))


def check_split(
    tracts: gpd.GeoDataFrame, weight: pd.Series[float], names: Sequence[str], size: int
) -> dict[str, dict[str, float]]:
    """Check margins where the answer is known: guess each tract's count from it and its neighbors together.

    Every other tract (in order of place) measures the heterogeneity, the others are guessed, so that no
    tract is judged by itself.

    Parameters
    ----------
    tracts, weight, names
        As in :func:`measure_heterogeneity`.
    size
        How many tracts make a whole.

    Returns
    -------
    dict
        By name: the share of guesses whose margin (90 %) holds the tract's own count, ``with_split`` and with
        the ``sampling_only``; and how many ``tracts`` were guessed. Empty where there are too few.
    """
    settled = (weight > 0).to_numpy()
    ours, shares = tracts[settled], to_floats(weight)[settled]
    if len(ours) < 2 * size:
        return {}
    points = ours.geometry.representative_point()
    place = np.column_stack([points.x, points.y]).astype(np.float64)
    group = np.asarray(cKDTree(place).query(place, k=size)[1])
    learns = np.argsort(np.argsort(place[:, 0])) % 2 == 0
    found = {}
    for name in names:
        guess = _guess(ours, name, shares, group)
        part = _Guess(*(field[learns] for field in guess))
        split = _calibrate([part]) ** 2 * guess.scale
        judged = ~learns & ~np.isnan(guess.error + guess.sampling)
        for_all = {"with_split": guess.sampling + split, "sampling_only": guess.sampling}
        within = {
            key: round(float((np.abs(guess.error) <= Z_90 * np.sqrt(variance))[judged].mean()), 3)
            for key, variance in for_all.items()
        }
        found[name] = {**within, "tracts": int(judged.sum())}
    return found


class _Guess(NamedTuple):
    """Of each tract: error of its guess, variance of sampling, and that of a split of heterogeneity 1."""

    error: Floats
    sampling: Floats
    scale: Floats


def _guess(tracts: pd.DataFrame, name: str, weight: Floats, group: NDArray[np.int64]) -> _Guess:
    """Guess each tract's count as its share of the people of its group."""
    values, errors = to_floats(tracts[name]), to_floats(tracts[f"{name}_moe"]) / Z_90
    whole = values[group].sum(axis=1)
    share = weight / weight[group].sum(axis=1)
    others = (errors[group] ** 2).sum(axis=1) - errors**2
    sampling = ((1 - share) * errors) ** 2 + share**2 * others
    return _Guess(values - share * whole, sampling, split_variance(whole, share, 1.0))


def _calibrate(guesses: Sequence[_Guess]) -> float:
    """Find the least heterogeneity with which 90 % of all guesses lie within their margins."""
    parts: list[Floats] = []
    for guess in guesses:
        known = ~np.isnan(guess.error + guess.sampling) & (guess.scale > 0)
        beyond = np.maximum((guess.error / Z_90) ** 2 - guess.sampling, 0.0)
        parts.append(beyond[known] / guess.scale[known])
    needed = np.concatenate(parts) if parts else np.array([])
    return float(np.sqrt(np.quantile(needed, LEVEL, method="higher"))) if len(needed) else float("nan")
