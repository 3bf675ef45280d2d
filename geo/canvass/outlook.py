"""What is ahead of a canvass: its pace, its end, which turf helps most; progress as one table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import pandas as pd

from geo.canvass.codes import GOAL_HOUSEHOLDS, TURF_STATUS_TITLES
from geo.canvass.stretches import resolve_counts
from geo.language import gettext as _
from geo.methods.disclosure.small_counts import LEAST, is_small, shown_part, to_tens
from geo.units import is_missing, to_words

ASSUMED_RATE = 0.4
LEAST_KNOCKED = 30
RECENT_DAYS = 28
Z90 = 1.645
WEEKS_TOO_LATE = 52


@dataclass(frozen=True, slots=True)
class Pace:
    """Households reached, what is needed to reach the goal in time, and how fast it goes.

    ``needed_a_week`` is None where the time is over; ``recent`` counts the households of the last four weeks
    (None where that would give a small count away), ``a_week`` is their mean over the weeks since the first
    return, ``finish`` the day on which the goal is reached at that pace (None where nothing was reached
    lately, or it is not told).
    """

    reached: int
    goal: int
    left: int
    weeks_left: float
    needed_a_week: float | None
    recent: int | None
    a_week: float
    end: date
    finish: date | None

    @property
    def share(self) -> float:
        """Share of the goal, at most 1."""
        return min(self.reached / self.goal, 1.0)

    def shown_share(self, *, full: bool) -> float:
        """Share of the goal; 0 to others where it would give a small count away."""
        return 0.0 if not full and is_small(self.reached) else self.share


def pace(
    contacts: pd.DataFrame, day: date, end: date, goal: int = GOAL_HOUSEHOLDS, *, full: bool = True
) -> Pace:
    """Tell how many households are reached, how many a week are needed until the end, and when it is done.

    For others all of it is reckoned from tens, so that no figure shows by one return whether it came.

    Parameters
    ----------
    contacts
        From :func:`geo.canvass.progress.to_contacts`.
    day, end
        Today, and the last day of the canvass.
    goal
        Households to reach.
    full
        Whether counts under ten may be seen.

    Examples
    --------
    >>> one = pd.DataFrame({"on": [pd.Timestamp("2026-01-01")], "knocked": [30], "reached": [10]})
    >>> found = pace(one, date(2026, 1, 7), date(2026, 1, 21), goal=40)
    >>> found.needed_a_week, found.a_week, found.finish.isoformat()
    (15.0, 10.0, '2026-01-28')
    """
    reached = int(contacts["reached"].sum())
    lately = contacts["on"] > pd.Timestamp(day - timedelta(days=RECENT_DAYS))
    recent: int | None = int(contacts.loc[lately, "reached"].sum())
    if not full and not is_small(reached):
        recent = shown_part(recent or 0, reached)
        reached, recent = to_tens(reached), None if recent is None else to_tens(recent)
    weeks, left = (end - day).days / 7, max(goal - reached, 0)
    first = contacts["on"].min()
    lasted = 7 if is_missing(first) else (day - first.date()).days + 1
    a_week = (recent or 0) / (min(max(lasted, 7), RECENT_DAYS) / 7)
    finish = day + timedelta(days=round(7 * left / a_week)) if recent else None
    # Beside the goal what is needed a week would tell what is hidden.
    told = full or not is_small(reached)
    needed = left / weeks if weeks > 0 and told else None
    return Pace(reached, goal, left, max(weeks, 0.0), needed, recent, a_week, end, finish)


def pace_words(found: Pace, *, full: bool) -> str:
    """Say how many are reached, how many a week are needed, how many come, and when that is enough.

    To others nothing is said from which a small count could be reckoned.

    Parameters
    ----------
    full
        Whether counts under ten may be seen.

    Examples
    --------
    >>> end = date(2026, 3, 1)
    >>> print(pace_words(Pace(400, 1000, 600, 6.0, 100.0, 200, 50.0, end, date(2026, 4, 12)), full=True))
    400 of 1,000 households reached. 100 a week are needed until 2026-03-01; in the last four weeks it was 50 a week. At this pace the goal is reached on 2026-04-12, 6 weeks late.
    """  # noqa: E501
    reached = f"{found.reached:,}" if full or not is_small(found.reached) else _under()
    words = [_("{reached} of {goal} households reached.").format(reached=reached, goal=f"{found.goal:,}")]
    if not full and is_small(found.reached):
        return words[0]
    if not found.left:
        return " ".join([*words, _("The goal is reached.")])
    if found.needed_a_week is None:
        return " ".join([*words, _("The time is over.")])
    needed, end = f"{found.needed_a_week:,.0f}", found.end.isoformat()
    if found.recent is None or (not full and shown_part(found.recent, found.reached) is None):
        return " ".join([*words, _("{needed} a week are needed until {end}.").format(needed=needed, end=end)])
    told = _("{needed} a week are needed until {end}; in the last four weeks it was {come} a week.")
    words.append(told.format(needed=needed, end=end, come=f"{found.a_week:,.0f}"))
    if found.finish is not None:
        words.append(_finish_words(found.finish, found.end))
    return " ".join(words)


def _under() -> str:
    return _("under {least}").format(least=LEAST)


def _finish_words(finish: date, end: date) -> str:
    weeks = round(abs((finish - end).days) / 7)
    if weeks > WEEKS_TOO_LATE and finish > end:
        return _("At this pace it takes more than a year longer than there is.")
    if finish <= end:
        words = _("At this pace the goal is reached on {day}, in time.")
    elif weeks < 1:
        words = _("At this pace the goal is reached on {day}, some days late.")
    else:
        words = _("At this pace the goal is reached on {day}, {weeks} weeks late.")
    return words.format(day=finish.isoformat(), weeks=weeks)


@dataclass(frozen=True, slots=True)
class Rate:
    """Share of doors where somebody spoke, with its margin (90 %); assumed where few were knocked on."""

    value: float
    moe: float | None
    knocked: int


def contact_rate(contacts: pd.DataFrame, *, full: bool = True) -> Rate:
    """Share of doors where somebody spoke; 0.4 is assumed until 30 doors were knocked on.

    Without ``full`` it is assumed as well while it would tell a small count, and reckoned from tens. The
    margin is 1.645 sqrt(p (1 - p) / n): that of a share of n independent doors.

    Examples
    --------
    >>> contact_rate(pd.DataFrame({"knocked": [100], "reached": [50]}))
    Rate(value=0.5, moe=0.08225, knocked=100)
    """
    knocked, reached = int(contacts["knocked"].sum()), int(contacts["reached"].sum())
    if knocked < LEAST_KNOCKED or (not full and (is_small(reached) or is_small(knocked - reached))):
        return Rate(ASSUMED_RATE, None, knocked)
    if not full:
        knocked, reached = to_tens(knocked), to_tens(reached)
    value = reached / knocked
    return Rate(value, Z90 * sqrt(value * (1 - value) / knocked), knocked)


def expected_gain(turfs: pd.DataFrame, rate: Rate, *, full: bool = True) -> pd.DataFrame:
    """Order turfs by doors left in no plan x share that did not answer by itself x contact rate.

    These are the turfs that are ready, and those that came back with doors that nobody knocked on.

    Parameters
    ----------
    turfs
        ``doors``, ``knocked``, ``status`` and ``share_no_self_response``; a missing share gives NA, last.
    rate
        From :func:`contact_rate`.
    full
        Whether a turf's doors knocked on may be seen; else all doors of a turf that is ready count as left,
        and a turf that came back is passed over.

    Returns
    -------
    pandas.DataFrame
        With ``left`` (doors), ``gain`` (households) and ``gain_moe``, which holds the margin of the contact
        rate alone and is NA where that is assumed.

    Examples
    --------
    >>> turfs = pd.DataFrame({"doors": [100], "knocked": [0], "status": ["ready"],
    ...     "share_no_self_response": [0.5]}, index=["T"])
    >>> expected_gain(turfs, Rate(0.4, 0.1, 65))[["gain", "gain_moe"]].values.tolist()
    [[20.0, 5.0]]
    """
    open_doors = (turfs["doors"] - turfs["knocked"]).clip(lower=0) if full else turfs["doors"]
    again = (turfs["status"] == "returned") & (open_doors > 0) & full
    ready = turfs[(turfs["status"] == "ready") | again]
    left = open_doors.loc[ready.index]
    unanswered = left * pd.to_numeric(ready["share_no_self_response"])
    margin = unanswered * (float("nan") if rate.moe is None else rate.moe)
    found = ready.assign(left=left, gain=unanswered * rate.value, gain_moe=margin)
    return found.sort_values("gain", ascending=False, kind="stable", na_position="last")


def share_words(table: pd.DataFrame, goal: int) -> str:
    r"""Say what a turf's share of the goal is, and whether the turfs hold enough for the goal.

    Parameters
    ----------
    table
        ``households`` by turf.
    goal
        Households.

    Examples
    --------
    >>> print(share_words(pd.DataFrame({"households": [396]}), 40000))
    The goal is 40,000 households, and all turfs together hold 396: each turf's share is all of its households, and 39,604 of the goal are in no turf.
    >>> print(share_words(pd.DataFrame({"households": [300, 100]}), 200).replace("\xa0", " "))
    A turf's share of the goal is by its households: 200 of the 400 that all turfs hold, 50.0 % of each.
    """  # noqa: E501
    whole = int(table["households"].sum())
    numbers = {"goal": f"{goal:,}", "whole": f"{whole:,}", "lacking": f"{goal - whole:,}"}
    if goal > whole:
        return _(
            "The goal is {goal} households, and all turfs together hold {whole}: each turf's share is all of "
            "its households, and {lacking} of the goal are in no turf."
        ).format(**numbers)
    return _(
        "A turf's share of the goal is by its households: {goal} of the {whole} that all turfs hold, "
        "{share} of each."
    ).format(share=to_words(goal / whole, "share"), **numbers)


def left_words(table: pd.DataFrame) -> str:
    """Say how many doors nobody knocked on yet, by how their turf stands.

    Parameters
    ----------
    table
        ``doors``, ``left`` and ``status`` by turf, as somebody may see it who sees small counts.

    Examples
    --------
    >>> table = pd.DataFrame({"doors": [503, 90], "left": [502, 90], "status": ["returned", "out"]})
    >>> left_words(table)
    'Doors left: 592 of 593 (out 90, returned 502).'
    """
    sums = table.groupby("status")["left"].sum()
    parts = [
        f"{_(title)} {int(sums[str(status)]):,}"
        for status, title in TURF_STATUS_TITLES.items()
        if sums.get(str(status), 0)
    ]
    words = _("Doors left: {left} of {doors} ({parts}).") if parts else _("Doors left: {left} of {doors}.")
    left, doors = f"{int(table['left'].sum()):,}", f"{int(table['doors'].sum()):,}"
    return words.format(left=left, doors=doors, parts=", ".join(parts))


def gain_words(gains: pd.DataFrame, rate: Rate, *, full: bool = True) -> str:
    """Say where the next volunteer helps most, and how that is reckoned.

    Examples
    --------
    >>> turfs = pd.DataFrame({"doors": [100], "knocked": [0], "status": ["ready"],
    ...     "share_no_self_response": [0.5]}, index=["T"])
    >>> words = gain_words(expected_gain(turfs, Rate(0.4, None, 0)), Rate(0.4, None, 0))
    >>> words.split(". ")[0]
    'Turf T: about 20 households'
    """
    if gains.empty or is_missing(gains["gain"].iloc[0]):
        return _("No turf is ready whose tract has a response rate.")
    best = gains.iloc[0]
    about = _("Turf {turf}: about {gain} households.")
    left = _("{doors} doors left x {share} that did not answer the 2020 Census by themselves x {rate}.")
    every = _("All {doors} doors x {share} that did not answer the 2020 Census by themselves x {rate}.")
    rated = to_words(rate.value, "share", rate.moe)
    told = (
        _("{rate} where somebody speaks (assumed until {least} doors are knocked on)")
        if rate.moe is None
        else _("{rate} where somebody spoke ({knocked} doors so far)")
    )
    words = about.format(turf=gains.index[0], gain=to_words(best["gain"], "people", best["gain_moe"]))
    rest = (left if full else every).format(
        doors=f"{int(best['left']):,}",
        share=to_words(best["share_no_self_response"], "share"),
        rate=told.format(rate=rated, least=LEAST_KNOCKED, knocked=f"{rate.knocked:,}"),
    )
    return f"{words} {rest}"


_NUMBERS = ("knocked", "reached", "households")
EXPORTED = ["level", "name", "knocked", "reached", "households", "share", "estimated"]


def turf_units(turfs: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return every unit of the turfs with its turf's code, its tract and its doors.

    Examples
    --------
    >>> turfs = pd.DataFrame({"units": [("u",)]}, index=pd.Index(["T"], name="code"))
    >>> turf_units(turfs, pd.DataFrame({"tract_geoid": ["1"], "doors": [4]}, index=["u"])).values.tolist()
    [['T', '1', 4]]
    """
    pairs = [(unit, code) for code, members in turfs["units"].items() for unit in members]
    frame = pd.DataFrame(pairs, columns=["unit", "turf"]).set_index("unit")
    return frame.join(resolve_counts(units[["tract_geoid", "doors"]], list(dict.fromkeys(frame.index))))


def with_response(table: pd.DataFrame, turfs: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Add to every turf the share of its doors that did not answer the 2020 Census by itself.

    Missing where a tract's share is.

    Examples
    --------
    >>> turfs = pd.DataFrame({"units": [("u",)]}, index=pd.Index(["T"], name="code"))
    >>> known = {"tract_geoid": ["1"], "doors": [4.0], "share_no_self_response": [0.5]}
    >>> units = pd.DataFrame(known, index=["u"])
    >>> with_response(turfs[[]], turfs, units)["share_no_self_response"].tolist()
    [0.5]
    """
    members = turf_units(turfs, units)
    known = units[["doors", "share_no_self_response"]].reindex(members.index).astype("float64")
    parts = known["doors"] * known["share_no_self_response"]
    sums = pd.DataFrame({"parts": parts, "doors": known["doors"].where(parts.notna())})
    totals = sums.groupby(members["turf"]).sum(min_count=1)
    share = (totals["parts"] / totals["doors"]).reindex(table.index)
    return table.assign(share_no_self_response=share)


def export_table(
    pace: Pace, tracts: pd.DataFrame, classes: pd.DataFrame, weeks: pd.DataFrame
) -> pd.DataFrame:
    """Put progress into one table for others: the whole, tracts, index classes and weeks.

    Parameters
    ----------
    pace
        For the whole; a small count is hidden, another one given in tens.
    tracts, classes, weeks
        From :mod:`geo.canvass.coverage`, small counts hidden.

    Returns
    -------
    pandas.DataFrame
        ``level``, ``name``, ``knocked``, ``reached``, ``households``, ``share``; NA where hidden.
        ``estimated`` says of tracts and classes whether totals of paper sheets were shared out to them.

    Examples
    --------
    >>> none = pd.DataFrame(columns=["knocked", "reached"])
    >>> from datetime import date
    >>> whole = Pace(4, 40, 36, 6.0, 6.0, 4, 1.0, date(2026, 3, 1), None)
    >>> export_table(whole, none, none, none)["reached"].isna().tolist()
    [True]
    """
    reached = pd.NA if is_small(pace.reached) else to_tens(pace.reached)
    parts = [pd.DataFrame({"level": ["goal"], "name": [f"{pace.goal}"], "reached": [reached]})]
    parts += [
        table.assign(level=level, name=[_label(name) for name in table.index])
        for level, table in (("tract", tracts), ("index_class", classes), ("week", weeks))
        if len(table)
    ]
    frame = pd.concat([part.reindex(columns=EXPORTED).astype("object") for part in parts], ignore_index=True)
    counts = {name: pd.to_numeric(frame[name]).astype("Int64") for name in _NUMBERS}
    return frame.assign(**counts, share=pd.to_numeric(frame["share"]).astype("Float64").round(3))


def _label(name: object) -> str:
    return name.date().isoformat() if isinstance(name, pd.Timestamp) else str(name)
