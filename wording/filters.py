"""What a filter of Explore says: the condition on tracts, which water systems, how many are shown."""

from __future__ import annotations

from collections.abc import Collection

from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.filtering import COUNTED, Condition
from geo.tracts.indicators import Indicator
from geo.units import to_words
from geo.water.filtering import STATUSES

STATUS_TITLES = {
    "failing": N_("Failing"),
    "at_risk": N_("At-Risk"),
    "potentially_at_risk": N_("Potentially At-Risk"),
    "not_at_risk": N_("Not At-Risk"),
    "not_assessed": N_("Not Assessed"),
    "no_status": N_("No SAFER status"),
}
"""What the State calls each status; marked for translation."""


def condition_words(condition: Condition, indicator: Indicator) -> str:
    r"""Say a condition as a person would.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> poverty = indicator_named("share_poverty")
    >>> condition_words(Condition("least", 0.3, sure=True), poverty)
    'more than 30.0\xa0%, even allowing for the margin of error'
    >>> condition_words(Condition("highest", 10), poverty)
    'the 10 highest'
    """
    if condition.kind in COUNTED:
        words = _("the {count} highest") if condition.kind == "highest" else _("the {count} lowest")
        return words.format(count=f"{condition.number:,.0f}")
    value = to_words(condition.number, indicator.unit)
    if condition.sure:
        more = _("more than {value}, even allowing for the margin of error")
        less = _("less than {value}, even allowing for the margin of error")
        return (more if condition.kind == "least" else less).format(value=value)
    return (_("at least {value}") if condition.kind == "least" else _("at most {value}")).format(value=value)


def systems_words(statuses: Collection[str], place: str, miles: float) -> str:
    """Say which water systems are shown; empty where all are.

    Parameters
    ----------
    statuses
        Keys of :data:`geo.water.filtering.STATUSES`; empty for any.
    place
        The name of the place that they are near; empty for anywhere.

    Examples
    --------
    >>> systems_words(["failing"], "Thermal", 5.0)
    'Water systems: Failing, within 5 miles of Thermal'
    >>> systems_words([], "", 5.0)
    ''
    """
    named = [_(STATUS_TITLES[key]) for key in STATUSES if key in statuses]
    near = _("within {miles} miles of {place}").format(miles=f"{miles:g}", place=place) if place else ""
    parts = [part for part in (*named, near) if part]
    return _("Water systems: {which}").format(which=", ".join(parts)) if parts else ""
