"""Two figures side by side, and whether their difference is real or may come from the samples alone.

The rule is the Census Bureau's (:func:`geo.margins.significantly_different`, 90 %). Before it is asked, it
has to be fair to ask: a figure that is missing, that has no margin, or whose area is only partly covered
is not compared. What hangs on a split of tracts is compared, and said to be mostly guesswork.

Both samples are taken as independent. Where two areas overlap, the same households are in both; then the
true margin of the difference is smaller, and the answer errs on the careful side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from geo.margins import reliability, significantly_different
from geo.wording import is_missing

Verdict = Literal["different", "alike", "equal", "missing", "no_margin", "little_covered"]

LITTLE_COVERED = 0.95
"""Share of an area below which what is known of it does not speak for the whole."""

MOSTLY_GUESSWORK = 0.50
"""Share of a figure that may hang on the split of tracts before the sentence says so."""

CHANCE = 0.10
"""Of figures that are truly the same, so many look different at the 90 % level."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of one area, with all that is known of its doubt.

    Attributes
    ----------
    key
        What it is: an indicator's key or a key of :data:`geo.comparing.areas.RATES`.
    value
        In ``unit``; None where it is missing, never 0.
    moe
        Margin of error (90 %) in the same unit; 0 for a full count, None where none is known.
    coverage
        Share of the area that is covered by data (0 to 1); None where the question does not arise.
    guesswork
        Share of the figure that hangs on the split of tracts (0 to 1); None as above.
    unit
        As in :mod:`geo.indicator`.
    source
        Key of the source in the catalogue.
    method
        Key of :data:`geo.served.estimate.METHODS`; empty for what the source itself gives.
    """

    key: str
    value: float | None
    moe: float | None
    unit: str = ""
    coverage: float | None = None
    guesswork: float | None = None
    source: str = ""
    method: str = ""

    @property
    def reliability(self) -> str:
        """Reliability by the coefficient of variation; empty where there is no margin, or none needed.

        Examples
        --------
        >>> Quantity("poverty", 100.0, 60.0).reliability, Quantity("population_2020", 100.0, 0.0).reliability
        ('use with care', '')
        """
        if self.value is None or not self.moe:
            return ""
        return str(reliability(self.value, self.moe))


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two quantities and what can be said of their difference.

    ``difference`` is second minus first with ``moe`` (90 %), both in the unit; None where either is missing.
    """

    first: Quantity
    second: Quantity
    difference: float | None
    moe: float | None
    verdict: Verdict

    @property
    def tested(self) -> bool:
        """Whether the rule could be asked."""
        return self.verdict in ("different", "alike")

    @property
    def mostly_guesswork(self) -> bool:
        """Whether either figure hangs mostly on the split of tracts.

        Examples
        --------
        >>> sure, split = Quantity("poverty", 9.0, 1.0), Quantity("poverty", 5.0, 1.0, guesswork=0.8)
        >>> contrast(sure, split).mostly_guesswork
        True
        """
        parts = (self.first.guesswork, self.second.guesswork)
        return any(part is not None and part > MOSTLY_GUESSWORK for part in parts)


def contrast(first: Quantity, second: Quantity) -> Contrast:
    """Compare two quantities of one unit.

    Missing stays missing: no difference is told, and no zero is put in its place. Two full counts (margins
    of 0) differ where they are not equal.

    Parameters
    ----------
    first, second
        Values and margins (90 %) in one unit.

    Returns
    -------
    Contrast
        The difference, second minus first, its margin sqrt(moe_A^2 + moe_B^2), and the verdict.

    Examples
    --------
    >>> found = contrast(Quantity("a", 135173.0, 3860.0), Quantity("a", 139301.0, 4047.0))
    >>> found.difference, round(found.moe, 1), found.verdict
    (4128.0, 5592.7, 'alike')
    >>> contrast(Quantity("a", 10.0, 3.0), Quantity("a", 20.0, 4.0)).verdict
    'different'
    >>> contrast(Quantity("a", None, None), Quantity("a", 20.0, 4.0)).verdict
    'missing'
    """
    if first.value is None or second.value is None:
        return Contrast(first, second, None, None, "missing")
    difference = second.value - first.value
    if first.moe is None or second.moe is None:
        return Contrast(first, second, difference, None, "no_margin")
    moe = float(np.hypot(first.moe, second.moe))
    return Contrast(first, second, difference, moe, _verdict(first, second, moe))


def contrasts(first: Mapping[str, Quantity], second: Mapping[str, Quantity]) -> list[Contrast]:
    """Compare what both have, in the order of the first.

    Examples
    --------
    >>> here = {"a": Quantity("a", 1.0, 0.0), "b": Quantity("b", 1.0, 0.0)}
    >>> [item.verdict for item in contrasts(here, {"b": Quantity("b", 2.0, 0.0)})]
    ['different']
    """
    return [contrast(quantity, second[key]) for key, quantity in first.items() if key in second]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many figures could be tested, how many differ, and how many would by chance alone."""

    compared: int
    tested: int
    different: int
    by_chance: int


def tally(found: Iterable[Contrast]) -> Tally:
    """Count what a list of contrasts says; full counts do not differ by chance.

    Examples
    --------
    >>> real = contrast(Quantity("a", 10.0, 3.0), Quantity("a", 20.0, 4.0))
    >>> tally([real] * 20)
    Tally(compared=20, tested=20, different=20, by_chance=2)
    """
    items = list(found)
    tested = [item for item in items if item.tested]
    sampled = [item for item in tested if item.moe]
    different = sum(item.verdict == "different" for item in tested)
    return Tally(len(items), len(tested), different, round(CHANCE * len(sampled)))


def to_number(value: Any) -> float | None:
    """Read a cell of a frame: None where it is missing.

    Examples
    --------
    >>> to_number(float("nan")), to_number(3)
    (None, 3.0)
    """
    return None if is_missing(value) else float(value)


def to_float(value: float | None) -> float:
    """Write what is missing as NaN, for :mod:`geo.margins`.

    Examples
    --------
    >>> to_float(None), to_float(2.0)
    (nan, 2.0)
    """
    return float("nan") if value is None else value


def _verdict(first: Quantity, second: Quantity, moe: float) -> Verdict:
    covered = (first.coverage, second.coverage)
    if any(share is not None and share < LITTLE_COVERED for share in covered):
        return "little_covered"
    if moe == 0 and first.value == second.value:
        return "equal"
    pairs = (first.value, first.moe, second.value, second.moe)
    answer = significantly_different(*(to_float(number) for number in pairs))
    return "different" if answer else "alike"
