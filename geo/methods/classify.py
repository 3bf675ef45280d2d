"""Classes of values for a map: quantiles, natural breaks, equal intervals, or limits of one's own.

Quantiles and equal steps by numpy; natural breaks by scikit-learn's k-means with a fixed seed, so that the
same values always give the same map. A value on a limit belongs to the lower class. No data is no class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import SchemaError
from geo.language import gettext as _
from geo.language import mark as N_

Scheme = Literal["quantiles", "natural_breaks", "equal_intervals", "fixed"]
SCHEMES: dict[Scheme, str] = {
    "quantiles": N_("Quantile (equal count)"),
    "natural_breaks": N_("Natural breaks"),
    "equal_intervals": N_("Equal interval"),
    "fixed": N_("Manual breaks"),
}
# More shades than seven cannot be told apart by everybody (tests/contract/test_palette.py).
FEWEST, MOST = 3, 7
# Limits that a person starts from, in the values' own unit, by the unit of an indicator.
DEFAULT_LIMITS: dict[str, tuple[float, ...]] = {
    "share": (0.05, 0.1, 0.2, 0.3),
    "points": (20, 40, 60, 80),
    "USD": (15_000, 25_000, 35_000, 50_000),
}
COUNT_LIMITS = (250.0, 500.0, 1000.0, 2500.0)
NO_DATA = -1


@dataclass(frozen=True, slots=True)
class Classes:
    """Values put into classes.

    Attributes
    ----------
    scheme
        How the limits were found.
    lowest
        The lowest value; NaN where there is none.
    limits
        Upper limit of each class, in the values' unit; one more number than there are gaps between classes.
    codes
        Class of each value, from 0; -1 where there is no data.
    """

    scheme: Scheme
    lowest: float
    limits: tuple[float, ...]
    codes: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self.limits)

    @property
    def intervals(self) -> list[tuple[float, float]]:
        """Lower and upper limit of each class."""
        return list(zip((self.lowest, *self.limits[:-1]), self.limits, strict=True)) if self.limits else []

    @property
    def sizes(self) -> list[int]:
        """How many values are in each class."""
        return [int((self.codes == code).sum()) for code in range(self.count)]

    @property
    def without_data(self) -> int:
        """How many values are missing."""
        return int((self.codes == NO_DATA).sum())


def classify(
    values: pd.Series[Any], scheme: Scheme = "quantiles", count: int = 5, limits: Sequence[float] = ()
) -> Classes:
    """Put values into classes.

    Parameters
    ----------
    values
        Numbers of any unit; missing ones get the code -1.
    scheme
        How to find the limits.
    count
        How many classes, 3 to 7; fewer where there are fewer different values.
    limits
        For ``fixed``: the limits between classes, rising.

    Returns
    -------
    Classes
        Limits and codes; without classes where every value is missing.

    Raises
    ------
    SchemaError
        No such scheme, or too few or too many classes.

    Examples
    --------
    >>> classes = classify(pd.Series([1, 2, 3, 4, None, 6]), "equal_intervals", 5)
    >>> classes.limits, classes.codes.tolist()
    ((2.0, 3.0, 4.0, 5.0, 6.0), [0, 0, 1, 2, -1, 4])
    """
    _require(scheme, count)
    numbers = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
    here = numbers[np.isfinite(numbers)]
    if not here.size:
        return Classes(scheme, float("nan"), (), np.full(len(numbers), NO_DATA))
    found = np.unique(_limits(here, scheme, min(count, len(np.unique(here))), limits))
    codes = np.minimum(np.searchsorted(found, numbers, side="left"), len(found) - 1)
    codes = np.where(np.isfinite(numbers), codes, NO_DATA)
    return Classes(scheme, float(here.min()), tuple(found.tolist()), codes)


def default_limits(unit: str) -> tuple[float, ...]:
    """Return the limits to start from for values of a unit.

    Examples
    --------
    >>> default_limits("share"), default_limits("people")
    ((0.05, 0.1, 0.2, 0.3), (250.0, 500.0, 1000.0, 2500.0))
    """
    return DEFAULT_LIMITS.get(unit, COUNT_LIMITS)


def parse_limits(text: str) -> tuple[float, ...]:
    """Read limits that a person wrote, as ``10; 20; 35`` or ``10 20 35``.

    Raises
    ------
    SchemaError
        There is something that is no number, or fewer than 2 or more than 6 limits.

    Examples
    --------
    >>> parse_limits("20; 10, 35")
    (10.0, 20.0, 35.0)
    """
    words = text.replace(";", " ").replace(",", " ").split()
    try:
        numbers = sorted({float(word) for word in words})
    except ValueError as error:
        raise SchemaError(
            _("the breaks {text!r} are not all numbers").format(text=text),
            _("write them as 10; 20; 35, with a point for decimals"),
        ) from error
    if not FEWEST - 1 <= len(numbers) < MOST or not np.isfinite(numbers).all():
        raise SchemaError(
            _("{count} break values were given").format(count=len(numbers)),
            _("enter 2 to 6 break values, e.g. 30; 60; 90"),
        )
    return tuple(numbers)


def _require(scheme: str, count: int) -> None:
    if scheme not in SCHEMES:
        raise SchemaError(
            _("there is no classification {scheme!r}").format(scheme=scheme),
            _("use one of {choices}").format(choices=", ".join(SCHEMES)),
        )
    if not FEWEST <= count <= MOST:
        raise SchemaError(
            _("{count} classes cannot be told apart").format(count=count),
            _("choose {least} to {most}").format(least=FEWEST, most=MOST),
        )


def _limits(
    values: NDArray[np.float64], scheme: Scheme, count: int, limits: Sequence[float]
) -> NDArray[np.float64]:
    if scheme == "fixed" and limits:
        inner = [limit for limit in limits if limit > values.min()]
        return np.asarray([*[limit for limit in inner if limit < values.max()], values.max()])
    if count == 1:
        return np.asarray([values.max()])
    if scheme == "natural_breaks":
        return _natural_breaks(values, count)
    if scheme == "quantiles":
        return np.quantile(values, np.arange(1, count + 1) / count)
    return np.linspace(values.min(), values.max(), count + 1)[1:]


def _natural_breaks(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    from sklearn.cluster import KMeans

    column = values.reshape(-1, 1)
    groups = KMeans(n_clusters=count, n_init=10, random_state=0).fit_predict(column)
    return np.asarray([values[groups == group].max() for group in np.unique(groups)])
