"""Units, and values as they are written: numbers with unit and margin of error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from geo.language import gettext as _
from geo.language import mark as N_

Unit = Literal["people", "households", "housing units", "share", "points", "percent", "USD"]


UNIT_TITLES: dict[Unit, str] = {
    "people": N_("people"),
    "households": N_("households"),
    "housing units": N_("housing units"),
    "share": N_("share"),
    "points": N_("points"),
    "percent": N_("percent"),
    "USD": N_("US dollars"),
}


RELIABILITY_TITLES: Mapping[str, str] = {
    "reliable": N_("reliable"),
    "use with caution": N_("use with caution"),
    "unreliable": N_("unreliable"),
}
_IN_PERCENT = ("share", "percent")
_FINE = ("points", "km2")


def is_missing(value: Any) -> bool:
    """Whether a value is None, NaN or NA.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing(0)
    (True, True, False)
    """
    return value is None or type(value).__name__ in ("NAType", "NaTType") or bool(value != value)


def factor_of(unit: str) -> float:
    """By what a value is multiplied to be shown: a share is shown in percent."""
    return 100.0 if unit == "share" else 1.0


def to_percent(share: float) -> float:
    """Return a share as it is shown.

    Examples
    --------
    >>> to_percent(0.024)
    2.4
    """
    return round(100 * share, 6)


def from_percent(percent: float) -> float:
    """Return what was typed in percent as a share.

    Examples
    --------
    >>> from_percent(2.4)
    0.024
    """
    return round(percent / 100, 8)


def suffix_of(unit: str) -> str:
    """Return what stands after a number of this unit where space is short."""
    return "\N{NO-BREAK SPACE}%" if unit in _IN_PERCENT else ""


def unit_title(unit: Unit) -> str:
    """Name the unit that is shown, in the chosen language.

    Examples
    --------
    >>> unit_title("share"), unit_title("people")
    ('percent', 'people')
    """
    shown: Unit = "percent" if unit == "share" else unit
    return _(UNIT_TITLES[shown])


def to_words(value: Any, unit: str = "", moe: Any = None) -> str:
    r"""Write a number with its margin of error (90 %).

    Examples
    --------
    >>> to_words(0.1234, "share", 0.02)
    '12.3 ± 2.0\xa0%'
    >>> to_words(1234, "people"), to_words(None, "people"), to_words(20500.4, "USD")
    ('1,234', 'no data', '$20,500')

    A margin that would round to nothing is said to be less than what can be shown:

    >>> to_words(3, "people", 0.2), to_words(0.5, "share", 0.0001)
    ('3 ± <1', '50.0 ± <0.1\xa0%')
    """
    if is_missing(value):
        return _("no data")
    number = _digits(value, unit)
    margin = "" if is_missing(moe) else f" ± {_margin(moe, unit)}"
    return f"{'$' if unit == 'USD' else ''}{number}{margin}{suffix_of(unit)}"


def interval_to_words(lower: float, upper: float, unit: str) -> str:
    r"""Write a class's limits.

    Examples
    --------
    >>> interval_to_words(0.05, 0.1, "share")
    '5.0 – 10.0\xa0%'
    """
    if lower == upper:
        return to_words(upper, unit)
    sign = "$" if unit == "USD" else ""
    return f"{sign}{_digits(lower, unit)} – {sign}{_digits(upper, unit)}{suffix_of(unit)}"


def _margin(moe: Any, unit: str) -> str:
    """Write a margin; one above zero is never written as zero."""
    words = _digits(moe, unit)
    if float(moe) == 0 or float(words.replace(",", "")) > 0:
        return words
    return "<" + ("0.1" if "." in words else "1")


def _digits(value: Any, unit: str) -> str:
    number = float(value) * factor_of(unit)
    if unit in _IN_PERCENT:
        return f"{number:,.1f}"
    decimals = 1 if unit in _FINE and number != round(number) else 0
    return f"{number:,.{decimals}f}"


def limits_to_words(limits: Sequence[float], unit: str) -> str:
    """Write limits as a person would, in the unit that is shown.

    Examples
    --------
    >>> limits_to_words((0.05, 0.125), "share")
    '5; 12.5'
    """
    return "; ".join(f"{limit * factor_of(unit):g}" for limit in limits)


def limits_from_shown(limits: Sequence[float], unit: str) -> tuple[float, ...]:
    """Turn limits in the unit that is shown into the values' own.

    Examples
    --------
    >>> limits_from_shown((5.0, 12.5), "share")
    (0.05, 0.125)
    """
    return tuple(limit / factor_of(unit) for limit in limits)
