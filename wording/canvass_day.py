"""A day's canvass in sentences: how many doors, which come first, what is left for other days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil

import pandas as pd

from geo.canvass.codes import unit_name
from geo.canvass.saturday import DayPlan, DayWish
from geo.days import day_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
TRACT_DIGITS = 11


def day_title(day: date) -> str:
    """Name a day.

    Examples
    --------
    >>> day_title(date(2026, 12, 5))
    'Saturday, Dec 5, 2026'
    """
    return f"{_(WEEKDAYS[day.weekday()])}, {day_words(day)}"


def plan_words(plan: DayPlan, wish: DayWish, day: date) -> list[str]:
    """Say what a plan's day reaches, in which tracts, and what is left for others.

    Parameters
    ----------
    plan
        From :func:`geo.canvass.saturday.plan_day`.
    """
    turfs = plan.cut.turfs["doors"]
    words = [
        _("{day}: {turfs} turfs of about {hours} hours for {volunteers} volunteers: {doors} doors.").format(
            day=day_title(day),
            turfs=len(turfs),
            hours=f"{turfs.mean():.1f}",
            volunteers=wish.volunteers,
            doors=f"{plan.today:,}",
        )
    ]
    if len(turfs) < wish.volunteers:
        told = _("The target has no more doors: {count} volunteers have no turf.")
        words.append(told.format(count=wish.volunteers - len(turfs)))
    ours = plan.tracts[plan.tracts["today"] > 0]
    told = ngettext(
        "They lie in {count} tract that comes first: the highest index, then the fewest answers to the 2020 "
        "Census, then the fewest reached before.",
        "They lie in {count} tracts that come first: the highest index, then the fewest answers to the 2020 "
        "Census, then the fewest reached before.",
        len(ours),
    )
    words.append(told.format(count=len(ours)))
    words.append(left_words(plan.doors - plan.today, plan.hours - float(turfs.sum()), wish))
    return words


def left_words(doors: float, hours: float, wish: DayWish) -> str:
    """Say how many doors are left, how many hours they take, and how many days like this one that makes.

    Examples
    --------
    >>> left_words(900, 60.0, DayWish(14, 3.0))
    'Left of the target for other days: 900 doors, about 60 hours: 2 days of 14 volunteers for 3 hours each.'
    >>> left_words(0, 0.0, DayWish(14, 3.0))
    'Nothing of the target is left for other days.'
    """
    if doors < 1:
        return _("Nothing of the target is left for other days.")
    days = max(1, ceil(hours / wish.time))
    words = ngettext(
        "Left of the target for other days: {doors} doors, about {work} hours: {count} day of {volunteers} "
        "volunteers for {hours} hours each.",
        "Left of the target for other days: {doors} doors, about {work} hours: {count} days of {volunteers} "
        "volunteers for {hours} hours each.",
        days,
    )
    return words.format(
        doors=f"{doors:,.0f}",
        work=f"{hours:,.0f}",
        count=f"{days:,}",
        volunteers=wish.volunteers,
        hours=f"{wish.hours:g}",
    )


def guessed_words() -> str:
    """Say that block groups are areas to choose and no walk.

    Examples
    --------
    >>> guessed_words()[:51]
    'These are areas to choose from, with guessed edges:'
    """
    return _(
        "These are areas to choose from, with guessed edges: no walk. No source here gives the blocks and "
        "streets, so no turf of a few hours can be cut. Choose an area, and divide it among the volunteers "
        "with a street map."
    )


def areas_words(
    areas: pd.DataFrame, wish: DayWish, day: date, places: Mapping[str, str] | None = None
) -> list[str]:
    """Say how many doors the volunteers reach, and in which areas they would begin.

    Parameters
    ----------
    areas
        From :func:`geo.canvass.saturday.first_areas`.
    places
        Names of places by GEOID.

    Examples
    --------
    >>> row = {"doors": [900.0], "hours": [90.0], "today": [420.0]}
    >>> areas_words(pd.DataFrame(row, index=["060650456121"]), DayWish(14, 3.0), date(2026, 12, 5))[1]
    'They come first in 1 area, 456.12-1; the list has them all in order.'
    """
    today = areas["today"].sum()
    first = areas.index[areas["today"] > 0]
    words = [
        _("{day}: {volunteers} volunteers of {hours} hours knock on about {doors} doors.").format(
            day=day_title(day),
            volunteers=wish.volunteers,
            hours=f"{wish.hours:g}",
            doors=f"{today:,.0f}",
        )
    ]
    told = ngettext(
        "They come first in {count} area, {names}; the list has them all in order.",
        "They come first in {count} areas, {names}; the list has them all in order.",
        len(first),
    )
    names = "; ".join(area_title(str(name), places) for name in first[:3])
    words.append(told.format(count=len(first), names=names))
    spent = (areas["hours"] * areas["today"] / areas["doors"].where(areas["doors"] > 0)).sum()
    words.append(left_words(areas["doors"].sum() - today, areas["hours"].sum() - spent, wish))
    return words


def area_title(name: str, places: Mapping[str, str] | None = None) -> str:
    """Name a tract, a block group, or the part of one in a place by the place's name.

    Examples
    --------
    >>> area_title("06065045612"), area_title("060650456121")
    ('tract 456.12', '456.12-1')
    >>> area_title("060650456121-0652302", {"0652302": "North Shore"})
    '456.12-1 in North Shore'
    """
    group, _dash, place = name.partition("-")
    if places and place in places:
        return _("{area} in {place}").format(area=unit_name(group), place=places[place])
    if len(name) != TRACT_DIGITS or not name.isdigit():
        return unit_name(name)
    return _("tract {number}").format(number=f"{int(name[5:9])}.{name[9:]}")


def tract_rows(areas: pd.DataFrame, places: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Lay areas out for a table, in their order: those of the day first, then what is left.

    Examples
    --------
    >>> row = {"doors": [900.0], "hours": [90.0], "ca_htc_index": [80.0], "share_no_self_response": [0.4]}
    >>> row |= {"reached": [0.0], "today": [420.0]}
    >>> tract_rows(pd.DataFrame(row, index=["06065045612"]))[["area", "answered", "left"]].values.tolist()
    [['tract 456.12', 0.6, 480.0]]
    """
    return pd.DataFrame(
        {
            "area": [area_title(str(name), places) for name in areas.index],
            "index": areas["ca_htc_index"].to_numpy(),
            "answered": 1.0 - areas["share_no_self_response"].to_numpy(),
            "reached": areas["reached"].to_numpy(),
            "doors": areas["doors"].to_numpy(),
            "today": areas["today"].to_numpy(),
            "left": (areas["doors"] - areas["today"]).to_numpy(),
            "hours": areas["hours"].to_numpy(),
        }
    )
