"""What is ahead of a canvass: its pace, its end, which turf helps most; progress as one table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Any, ClassVar

import pandas as pd

from geo.canvass.codes import GOAL_HOUSEHOLDS, TURF_STATUS_TITLES
from geo.canvass.stretches import resolve_counts
from geo.days import day_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.disclosure.small_counts import LEAST, is_small, shown_part, to_tens
from geo.tracts.names import tract_title
from geo.units import is_missing, to_words

ASSUMED_RATE = 0.4
LEAST_KNOCKED = 30
RECENT_DAYS = 28
Z90 = 1.645
WEEKS_TOO_LATE = 52
LEAST_WEEKS, WEEKS_KNOWN = 3, 8


@dataclass(frozen=True)
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
    def hidden(self) -> bool:
        """Whether it is not told how many were reached."""
        return False

    @property
    def share(self) -> float:
        """Share of the goal, at most 1."""
        return min(self.reached / self.goal, 1.0)

    @property
    def tells_recent(self) -> bool:
        """Whether it is told how many were reached lately."""
        return self.recent is not None


class PublicPace(Pace):
    """A pace as everybody may see it: nothing is told from which a small count could be reckoned."""

    @property
    def hidden(self) -> bool:
        """Whether it is not told how many were reached: fewer than ten."""
        return is_small(self.reached)

    @property
    def share(self) -> float:
        """Share of the goal; 0 where it would give a small count away."""
        return 0.0 if self.hidden else super().share

    @property
    def tells_recent(self) -> bool:
        """Whether it is told how many were reached lately: not where few were, or few were not."""
        return self.recent is not None and shown_part(self.recent, self.reached) is not None


def pace_words(found: Pace) -> str:
    """Say how many are reached, how many a week are needed, how many come, and when that is enough.

    Examples
    --------
    >>> end = date(2026, 3, 1)
    >>> print(pace_words(Pace(400, 1000, 600, 6.0, 100.0, 200, 50.0, end, date(2026, 4, 12))))
    400 of 1,000 households reached. 100 a week are needed until Mar 1, 2026; in the last four weeks it was 50 a week. At this pace the goal is reached on Apr 12, 2026, 6 weeks late.
    """  # noqa: E501
    reached = _under() if found.hidden else f"{found.reached:,}"
    words = [_("{reached} of {goal} households reached.").format(reached=reached, goal=f"{found.goal:,}")]
    if found.hidden:
        return words[0]
    if not found.left:
        return " ".join([*words, _("Goal reached.")])
    if found.needed_a_week is None:
        return " ".join([*words, _("The time is over.")])
    needed, end = f"{found.needed_a_week:,.0f}", day_words(found.end)
    if not found.tells_recent:
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
        return _("At this pace you finish more than a year late.")
    if finish <= end:
        words = _("At this pace the goal is reached on {day}, in time.")
    elif weeks < 1:
        words = _("At this pace the goal is reached on {day}, some days late.")
    else:
        words = _("At this pace the goal is reached on {day}, {weeks} weeks late.")
    return words.format(day=day_words(finish), weeks=weeks)


@dataclass(frozen=True, slots=True)
class Rate:
    """Share of doors where somebody spoke, with its margin (90 %); assumed where few were knocked on."""

    value: float
    moe: float | None
    knocked: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Households at the last day at the pace of now, with an interval (90 %), and what would close the gap.

    ``low`` and ``high`` are None where fewer than three weeks are told, or all stands ``in_tens``;
    ``more`` counts volunteers a week beyond those of now, None where none are needed or nobody can tell,
    ``each`` households that one reaches.
    """

    at_end: int
    low: int | None
    high: int | None
    more: int | None
    each: float
    in_tens: bool = field(default=False, repr=False)


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is ahead of a canvass, whole: for those who may see counts under ten.

    Parameters
    ----------
    contacts
        From :func:`geo.canvass.progress.to_contacts`.
    day, end
        Today, and the last day of the canvass.
    goal
        Households to reach.

    Examples
    --------
    >>> one = pd.DataFrame({"on": [pd.Timestamp("2026-01-01")], "knocked": [30], "reached": [10]})
    >>> found = Outlook(one, date(2026, 1, 7), date(2026, 1, 21), goal=40).pace()
    >>> found.needed_a_week, found.a_week, found.finish.isoformat()
    (15.0, 10.0, '2026-01-28')
    """

    contacts: pd.DataFrame
    day: date
    end: date
    goal: int = GOAL_HOUSEHOLDS

    least: ClassVar[int] = 1
    """The smallest count that is told."""
    doors: ClassVar[str] = "left"
    """The column of a turf's doors that a gain is reckoned from."""
    doors_words: ClassVar[str] = N_(
        "{doors} doors left x {share} that did not answer the 2020 Census by themselves x {rate}."
    )

    def pace(self) -> Pace:
        """Tell how many households are reached, how many a week are needed, and when it is done."""
        reached, recent = self._reached()
        return Pace(**self._paced(reached, recent))

    def _reached(self) -> tuple[int, int]:
        """Count the households reached, and those of the last four weeks."""
        lately = self.contacts["on"] > pd.Timestamp(self.day - timedelta(days=RECENT_DAYS))
        return int(self.contacts["reached"].sum()), int(self.contacts.loc[lately, "reached"].sum())

    def _paced(self, reached: int, recent: int | None) -> dict[str, Any]:
        weeks, left = (self.end - self.day).days / 7, max(self.goal - reached, 0)
        first = self.contacts["on"].min()
        lasted = 7 if is_missing(first) else (self.day - first.date()).days + 1
        a_week = (recent or 0) / (min(max(lasted, 7), RECENT_DAYS) / 7)
        return {
            "reached": reached,
            "goal": self.goal,
            "left": left,
            "weeks_left": max(weeks, 0.0),
            "needed_a_week": left / weeks if weeks > 0 else None,
            "recent": recent,
            "a_week": a_week,
            "end": self.end,
            "finish": self.day + timedelta(days=round(7 * left / a_week)) if recent else None,
        }

    def forecast(self, outings: int) -> Forecast | None:
        """Tell how many households there will be at the last day, if it goes on as in the last four weeks.

        The interval is that of the mean of the past weeks and of the weeks to come, by how much the weeks
        differed: 1.645 s sqrt(m + m² / k) for m weeks to come and k past ones, at most eight.

        Parameters
        ----------
        outings
            Turfs with returns so far: each is taken for one volunteer's walk.

        Returns
        -------
        Forecast or None
            None where the time is over, the goal is reached, or nothing came lately.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-01-03", "2026-01-10", "2026-01-17", "2026-01-24"])
        >>> came = pd.DataFrame({"on": days, "knocked": 30, "reached": [10, 14, 8, 12]})
        >>> Outlook(came, date(2026, 1, 24), date(2026, 2, 21), goal=200).forecast(4)
        Forecast(at_end=100, low=88, high=112, more=3, each=11.0)
        """
        pace = self.pace()
        if pace.hidden or pace.finish is None or not pace.left or pace.needed_a_week is None:
            return None
        ahead = pace.weeks_left
        at_end = pace.reached + pace.a_week * ahead
        past = self._weeks()
        half = None
        if len(past) >= LEAST_WEEKS:
            half = Z90 * float(past.std(ddof=1)) * sqrt(ahead + ahead**2 / len(past))
        each = pace.reached / outings if outings else 0.0
        gap = pace.goal - at_end
        more = ceil(gap / ahead / each) if gap > 0 and ahead > 0 and each > 0 else None
        low = None if half is None else max(round(at_end - half), pace.reached)
        return Forecast(round(at_end), low, None if half is None else round(at_end + half), more, each)

    def _weeks(self) -> pd.Series[float]:
        """Count the households reached in each of the past weeks, at most eight, back from today."""
        back = (pd.Timestamp(self.day) - self.contacts["on"]).dt.days // 7
        first = min(int(back.max()) + 1, WEEKS_KNOWN) if len(back) else 0
        sums = self.contacts["reached"].groupby(back).sum()
        return sums.reindex(range(first), fill_value=0).astype("float64")

    def rate(self) -> Rate:
        """Share of doors where somebody spoke; 0.4 is assumed until 30 doors were knocked on.

        The margin is 1.645 sqrt(p (1 - p) / n): that of a share of n independent doors.

        Examples
        --------
        >>> spoken = pd.DataFrame({"knocked": [100], "reached": [50]})
        >>> Outlook(spoken, date(2026, 1, 7), date(2026, 1, 21)).rate()
        Rate(value=0.5, moe=0.08225, knocked=100)
        """
        return _rate(int(self.contacts["knocked"].sum()), int(self.contacts["reached"].sum()))

    def gains(self, turfs: pd.DataFrame, rate: Rate) -> pd.DataFrame:
        """Order turfs by doors left in no plan x share that did not answer by itself x contact rate.

        These are the turfs that are ready, and those that came back, or have a problem, with doors that
        nobody knocked on.

        Parameters
        ----------
        turfs
            ``doors``, ``knocked``, ``status`` and ``share_no_self_response``; a missing share gives NA, last.
        rate
            From :meth:`rate`.

        Returns
        -------
        pandas.DataFrame
            With ``left`` (doors), ``gain`` (households) and ``gain_moe``, which holds the margin of the
            contact rate alone and is NA where that is assumed.

        Examples
        --------
        >>> turfs = pd.DataFrame({"doors": [100], "knocked": [0], "status": ["ready"],
        ...     "share_no_self_response": [0.5]}, index=["T"])
        >>> outlook = Outlook(pd.DataFrame(), date(2026, 1, 7), date(2026, 1, 21))
        >>> outlook.gains(turfs, Rate(0.4, 0.1, 65))[["gain", "gain_moe"]].values.tolist()
        [[20.0, 5.0]]
        """
        open_doors = (turfs["doors"] - turfs["knocked"]).clip(lower=0)
        again = turfs["status"].isin(["returned", "problem"]) & (open_doors > 0)
        return _gains(turfs[(turfs["status"] == "ready") | again], open_doors, rate)

    def gain_words(self, gains: pd.DataFrame, rate: Rate) -> str:
        """Say where the next volunteer helps most, and how that is reckoned.

        Examples
        --------
        >>> turfs = pd.DataFrame({"doors": [100], "knocked": [0], "status": ["ready"],
        ...     "share_no_self_response": [0.5]}, index=["T"])
        >>> outlook = Outlook(pd.DataFrame(), date(2026, 1, 7), date(2026, 1, 21))
        >>> assumed = Rate(0.4, None, 0)
        >>> outlook.gain_words(outlook.gains(turfs, assumed), assumed).split(". ")[0]
        'Turf T: about 20 households'
        """
        if gains.empty or is_missing(gains["gain"].iloc[0]):
            return _("No turf is ready whose tract has a response rate.")
        best = gains.iloc[0]
        about = _("Turf {turf}: about {gain} households.")
        rated = to_words(rate.value, "share", rate.moe)
        told = (
            _("{rate} where somebody speaks (assumed until {least} doors are knocked on)")
            if rate.moe is None
            else _("{rate} where somebody spoke ({knocked} doors so far)")
        )
        words = about.format(turf=gains.index[0], gain=to_words(best["gain"], "people", best["gain_moe"]))
        rest = _(self.doors_words).format(
            doors=f"{int(best['left']):,}",
            share=to_words(best["share_no_self_response"], "share"),
            rate=told.format(rate=rated, least=LEAST_KNOCKED, knocked=f"{rate.knocked:,}"),
        )
        return f"{words} {rest}"


def forecast_words(found: Forecast, pace: Pace) -> str:
    """Say in one sentence where the canvass ends at the pace of now, and what would close the gap.

    Examples
    --------
    >>> end = date(2026, 3, 1)
    >>> pace = Pace(400, 1000, 600, 6.0, 100.0, 200, 50.0, end, date(2026, 4, 12))
    >>> forecast_words(Forecast(700, 640, 760, 5, 10.0), pace)
    'At this pace 700 of 1,000 households by Mar 1, 2026 (640 to 760, in 9 of 10 cases); 5 more volunteers a week, at 10 households each, would close the gap.'
    """  # noqa: E501
    numbers = {"at_end": f"{found.at_end:,}", "goal": f"{pace.goal:,}", "day": day_words(pace.end)}
    words = _("At this pace {at_end} of {goal} households by {day}").format(**numbers)
    if found.in_tens:
        words += " " + _("(from counts rounded down to tens)")
    elif found.low is None or found.high is None:
        words += " " + _("(too few weeks to say how sure that is)")
    else:
        sure = _("({low} to {high}, in 9 of 10 cases)")
        words += " " + sure.format(low=f"{found.low:,}", high=f"{found.high:,}")
    if found.more is None:
        return f"{words}."
    more = ngettext(
        "{count} more volunteer a week, at {each} households each, would close the gap.",
        "{count} more volunteers a week, at {each} households each, would close the gap.",
        found.more,
    )
    return f"{words}; {more.format(count=f'{found.more:,}', each=f'{found.each:.0f}')}"


def gains_outside(units: pd.DataFrame, members: pd.DataFrame, rate: Rate) -> pd.DataFrame:
    """Order tracts by what their doors in no turf would give, as :meth:`Outlook.gains` does.

    Parameters
    ----------
    units
        ``tract_geoid``, ``doors`` and ``share_no_self_response`` by unit, of the whole region.
    members
        From :func:`turf_units`.
    rate
        From :meth:`Outlook.rate`.

    Returns
    -------
    pandas.DataFrame
        By tract: ``left`` (doors in no turf), ``share_no_self_response`` and ``gain``, NA where the share is.

    Examples
    --------
    >>> known = {"tract_geoid": ["1", "2"], "doors": [100.0, 50.0], "share_no_self_response": [0.5, 0.4]}
    >>> units = pd.DataFrame(known, index=["u", "v"])
    >>> ours = pd.DataFrame({"turf": "T", "tract_geoid": "1", "doors": [90.0]}, index=["u-1-90-100"])
    >>> gains_outside(units, ours, Rate(0.4, None, 0))[["left", "gain"]].values.tolist()
    [[50.0, 8.0], [10.0, 2.0]]
    """
    doors = units["doors"].astype("float64").groupby(units["tract_geoid"]).sum()
    taken = members["doors"].astype("float64").groupby(members["tract_geoid"]).sum()
    left = (doors - taken.reindex(doors.index).fillna(0.0)).clip(lower=0.0)
    share = pd.to_numeric(units["share_no_self_response"]).groupby(units["tract_geoid"]).first()
    found = pd.DataFrame({"left": left, "share_no_self_response": share.reindex(left.index)})
    found = found.assign(gain=found["left"] * found["share_no_self_response"] * rate.value)
    return found[found["left"] > 0].sort_values("gain", ascending=False, kind="stable", na_position="last")


def outside_words(found: pd.DataFrame, rate: Rate) -> str:
    r"""Say how many doors are in no turf, and where they would give most; empty where all are in one.

    Examples
    --------
    >>> told = {"left": [50.0], "share_no_self_response": [0.4], "gain": [8.0]}
    >>> words = outside_words(pd.DataFrame(told, index=["06065045303"]), Rate(0.4, None, 0))
    >>> print(words.replace("\xa0", " "))
    In no turf: 50 doors. Most in Tract 453.03: about 8 households (50 doors x 40.0 % x 40.0 %).
    """
    if found.empty:
        return ""
    words = _("In no turf: {doors} doors.").format(doors=f"{found['left'].sum():,.0f}")
    best = found.iloc[0]
    if is_missing(best["gain"]):
        return words
    where = _("Most in {tract}: about {gain} households ({doors} doors x {share} x {rate}).").format(
        tract=tract_title(str(found.index[0])),
        gain=to_words(best["gain"], "people"),
        doors=f"{best['left']:,.0f}",
        share=to_words(best["share_no_self_response"], "share"),
        rate=to_words(rate.value, "share"),
    )
    return f"{words} {where}"


class PublicOutlook(Outlook):
    """What is ahead of a canvass as everybody may see it.

    All of it is reckoned from tens, so that no figure shows by one return whether it came.

    Examples
    --------
    >>> one = pd.DataFrame({"on": [pd.Timestamp("2026-01-01")], "knocked": [30], "reached": [18]})
    >>> PublicOutlook(one, date(2026, 1, 7), date(2026, 1, 21), goal=40).pace().reached
    10
    """

    least = LEAST
    doors = "doors"
    doors_words = N_(
        "All {doors} doors x {share} that did not answer the 2020 Census by themselves x {rate}."
    )

    def pace(self) -> PublicPace:
        """Tell how the canvass goes, from tens; what is small is not told, nor what would tell it."""
        reached, recent = self._reached()
        if is_small(reached):
            # Beside the goal what is needed a week would tell what is hidden.
            return PublicPace(**{**self._paced(reached, recent), "needed_a_week": None})
        part = shown_part(recent, reached)
        return PublicPace(**self._paced(to_tens(reached), None if part is None else to_tens(part)))

    def forecast(self, outings: int) -> Forecast | None:
        """Tell how many there will be from tens alone: how weeks differed would tell small counts."""
        found = super().forecast(0)
        return None if found is None else Forecast(to_tens(found.at_end), None, None, None, 0.0, in_tens=True)

    def rate(self) -> Rate:
        """Share of doors where somebody spoke, from tens; assumed as well while it would tell few."""
        knocked, reached = int(self.contacts["knocked"].sum()), int(self.contacts["reached"].sum())
        if knocked < LEAST_KNOCKED or is_small(reached) or is_small(knocked - reached):
            return Rate(ASSUMED_RATE, None, knocked)
        # Tens of thirty doors or more are thirty at least: what follows is no assumption.
        return _rate(to_tens(knocked), to_tens(reached))

    def gains(self, turfs: pd.DataFrame, rate: Rate) -> pd.DataFrame:
        """Order turfs that are ready by all their doors: how many of them are done is not told."""
        return _gains(turfs[turfs["status"] == "ready"], turfs["doors"], rate)


def _rate(knocked: int, reached: int) -> Rate:
    if knocked < LEAST_KNOCKED:
        return Rate(ASSUMED_RATE, None, knocked)
    value = reached / knocked
    return Rate(value, Z90 * sqrt(value * (1 - value) / knocked), knocked)


def _gains(turfs: pd.DataFrame, doors: pd.Series[int], rate: Rate) -> pd.DataFrame:
    left = doors.loc[turfs.index]
    unanswered = left * pd.to_numeric(turfs["share_no_self_response"])
    margin = unanswered * (float("nan") if rate.moe is None else rate.moe)
    found = turfs.assign(left=left, gain=unanswered * rate.value, gain_moe=margin)
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
    # A stretch of a block has the share of its block.
    found = resolve_counts(units[["doors", "share_no_self_response"]], list(dict.fromkeys(members.index)))
    known = found.reindex(members.index).astype("float64")
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
