"""What a programme's page shows, as tables; small counts hidden for those without rights. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.language import gettext as _
from geo.programme.declared import Measure, Programme
from geo.programme.measures import Records, Standing, curve_of, shown_curve, standing_of
from geo.programme.participation import at_least_table, people_over_time, retention
from geo.suppression import LEAST, is_settled, is_small, shown, shown_part, suppress
from geo.wording import is_missing, to_words


def standings_of(programme: Programme, records: Records, today: date, *, full: bool) -> list[Standing]:
    """Say where every measure of a programme stands; ``records`` are its own."""
    return [standing_of(programme, measure, records, today, full=full) for measure in programme.measures]


def curve_shown(measure: Measure, records: Records, today: date, *, full: bool) -> pd.Series[float]:
    """Return a measure's curve as this viewer may see it."""
    curve = curve_of(measure, records, today)
    return curve if full else shown_curve(measure, curve)


def glance_table(
    programmes: Sequence[Programme], records: Records, today: date, *, full: bool
) -> pd.DataFrame:
    """Put all measures of all programmes into one table: where each was, is to go, and stands.

    ``key`` is the programme's and ``figure`` names both; ``value`` and ``as_of`` are missing where nothing
    is recorded, or hidden; ``trend`` is the curve as a list of values, for a small chart.
    """
    rows = []
    for programme in programmes:
        own = records.of(programme.key)
        for standing in standings_of(programme, own, today, full=full):
            measure = standing.measure
            rows.append(
                {
                    "key": programme.key,
                    "programme": _(programme.title),
                    "measure": _(measure.title),
                    "unit": _(measure.unit),
                    "baseline": measure.baseline,
                    "target": measure.target,
                    "stands": value_words(standing),
                    "value": standing.value,
                    "as_of": standing.as_of,
                    "share_of_way": standing.share_of_way,
                    "trend": curve_shown(measure, own, today, full=full).tolist(),
                    "reported": _(measure.result_words) if measure.result_words else "",
                }
            )
    return pd.DataFrame(rows)


def glance_words(table: pd.DataFrame) -> pd.DataFrame:
    """Write a glance's figures as a person reads them: what is not stated is said, a reported goal marked.

    Returns
    -------
    pandas.DataFrame
        ``key``, ``programme``, ``measure``, ``baseline``, ``goal``, ``stands``, ``as_of``,
        ``share_of_way`` (at most 1), ``trend``.
    """
    goals = [
        words if is_missing(target) and words else stated_words(target)
        for target, words in zip(table["target"], table["reported"], strict=True)
    ]
    shown = table.assign(
        baseline=[stated_words(value) for value in table["baseline"]],
        goal=goals,
        share_of_way=table["share_of_way"].astype("Float64").clip(0.0, 1.0),
    )
    return shown[
        ["key", "programme", "measure", "baseline", "goal", "stands", "as_of", "share_of_way", "trend"]
    ]


def value_words(standing: Standing) -> str:
    """Write where a measure stands: a number, *nothing recorded*, or *hidden*."""
    if standing.hidden:
        return _("fewer than 10: hidden")
    if standing.value is None:
        return _("nothing recorded")
    return to_words(standing.value)


def stated_words(value: float | None) -> str:
    """Write a figure that somebody stated, or that nobody did.

    Examples
    --------
    >>> stated_words(40000), stated_words(None)
    ('40,000', 'none stated')
    """
    return _("none stated") if is_missing(value) else to_words(value)


def pace_words(standing: Standing) -> str:
    """Write the pace in one sentence, or that it is over; empty where there is none."""
    short = standing.share_of_way is not None and standing.share_of_way < 1
    if short and standing.projected_on is None and standing.expected == standing.measure.goal:
        return _("The period is over, and the goal was not reached.")
    if standing.projected_on is None or standing.days_late is None:
        return ""
    if standing.share_of_way is not None and standing.share_of_way >= 1:
        return _("The goal is reached.")
    if standing.days_late > 0:
        return _("At this pace the goal is reached on {day}, {count} days after the end.").format(
            day=standing.projected_on, count=standing.days_late
        )
    return _("At this pace the goal is reached on {day}, in time.").format(day=standing.projected_on)


def sessions_table(records: Records, today: date, *, full: bool) -> pd.DataFrame:
    """List the sessions that took place, with attendance and retention.

    Returns
    -------
    pandas.DataFrame
        ``session``, ``on``, ``place``, ``people``, ``back``, ``others``, ``new``, ``share_back``,
        ``share_of_first``; what is hidden is NA, with everything it could be computed from.
    """
    events = held_events(records, today)
    frame = retention(records.attendance, events["event"].tolist())
    titles = events.assign(session=events["title"].astype(str))[["event", "session", "on"]]
    frame = frame.merge(titles, on="event").assign(others=frame["people"] - frame["back"])
    columns = ["session", "on", "people", "back", "others", "new", "share_back", "share_of_first"]
    if not full:
        every, kept = (len(at_least_shown(records, today, full=which)) for which in (True, False))
        frame = _hide_sessions(frame, one_more=kept < every)
    return frame[columns]


def _hide_sessions(frame: pd.DataFrame, *, one_more: bool) -> pd.DataFrame:
    many = _mask(shown(n) is not None for n in frame["people"].tolist())
    if one_more:
        many &= ~_beside_rows(frame["people"].tolist(), many)
    safe = many & np.append(True, many)[:-1]
    safe &= _mask(_is_safe(*row) for row in frame[["people", "back", "before", "new"]].to_numpy().tolist())
    alone = many & _mask(_is_part(*row) for row in frame[["new", "people"]].to_numpy().tolist())
    alone &= suppress(frame["new"]).notna().to_numpy()
    wholes = frame[["of_first", "first", "people"]].to_numpy().tolist()
    first = many & many[:1].all() & _mask(_is_part(a, b) and _is_part(a, c) for a, b, c in wholes)
    hidden = {
        "people": ~many,
        "back": ~safe,
        "others": ~safe,
        "new": ~alone,
        "share_back": ~safe,
        "share_of_first": ~first,
    }
    return frame.assign(**{name: _hide(frame[name], mask) for name, mask in hidden.items()})


def _hide(values: pd.Series[Any], mask: NDArray[np.bool_]) -> pd.Series[Any]:
    whole = values.astype("Float64").mask(mask)
    return whole if str(values.name).startswith("share") else whole.astype("Int64")


def _mask(flags: Iterable[bool]) -> NDArray[np.bool_]:
    return np.array(list(flags), dtype=bool)


def _is_part(part: int, whole: int) -> bool:
    return shown_part(part, whole) is not None


def _is_safe(people: int, back: int, before: int, new: int) -> bool:
    """Whether who came back can be shown: not of how few were away in between, or were there before only."""
    return _is_part(back, people) and not is_small(before - back) and not is_small(people - back - new)


def _beside_rows(people: Sequence[int], many: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose a session to hide where a row of *at least so many* is: both add up to the same sum.

    The first is the last to be chosen: its people are the first step of the running total.
    """
    chosen = np.zeros(len(people), dtype=bool)
    hidden = sum(count for count, is_many in zip(people, many, strict=True) if not is_many)
    rest = [place for place, count in enumerate(people) if many[place] and count]
    if hidden < LEAST and rest:
        chosen[min(rest, key=lambda place: (place == 0, people[place]))] = True
    return chosen


def at_least_shown(records: Records, today: date, *, full: bool) -> pd.DataFrame:
    """Count who came to at least k of the n sessions.

    For others, rows are left out whose step is a small count, or whose running total as they see it ends
    a small step before.
    """
    held = held_events(records, today)
    table = at_least_table(records.attendance, held["event"].tolist())
    if full:
        return table
    kept, last = [], 0
    for place, people in reversed(list(enumerate(table["people"].tolist()))):
        curve = people_over_time(records.attendance, held, place + 1).astype(float)
        if people == 0 or (people - last >= 10 and is_settled(people, curve)):
            kept.append(place)
            last = people
    return table.iloc[sorted(kept)]


def held_events(records: Records, today: date) -> pd.DataFrame:
    """Return the events up to today at which somebody was, by day."""
    events = records.events.sort_values(["on", "event"], kind="stable")
    came = events["event"].isin(records.attendance["event"])
    return events[came & (events["on"] <= pd.Timestamp(today))]


def enrolment_shown(table: pd.DataFrame, *, full: bool, elsewhere: int = 0) -> pd.DataFrame:
    """Hide small enrolments, with the shares made of them, from others.

    Parameters
    ----------
    table
        As :func:`geo.programme.eligibility.enrolment_by_tract` gives it.
    elsewhere
        Those in none of its tracts: a part of the same total, which a measure shows.
    """
    if full:
        return table
    enrolled = _enrolled_parts(table, elsewhere).iloc[:-1].set_axis(table.index)
    hidden = enrolled.isna()
    shares = {name: table[name].mask(hidden) for name in ("share", "share_moe")}
    return table.assign(enrolled=enrolled, **shares)


def elsewhere_shown(table: pd.DataFrame, elsewhere: int, *, full: bool) -> int | None:
    """Return how many are enrolled in none of a table's tracts; None where that is hidden from others.

    Examples
    --------
    >>> table = pd.DataFrame({"enrolled": [60, 40]})
    >>> elsewhere_shown(table, 4, full=False), elsewhere_shown(table, 14, full=False)
    (None, 14)
    """
    rest = _enrolled_parts(table, elsewhere).iloc[-1]
    return elsewhere if full else None if is_missing(rest) else int(rest)


def _enrolled_parts(table: pd.DataFrame, elsewhere: int) -> pd.Series[int]:
    return suppress(pd.Series([*table["enrolled"], elsewhere], dtype="Int64"))


def milestones_table(programme: Programme, reached: pd.DataFrame, today: date) -> pd.DataFrame:
    """List a programme's milestones: due, reached, and the state in words."""
    days = dict(zip(reached["title"], reached["on"].dt.date, strict=True)) if len(reached) else {}
    rows = []
    for milestone in programme.milestones:
        day = days.get(milestone.title)
        late = day is None and milestone.due is not None and milestone.due < today
        state = _("reached") if day else _("not recorded as reached") if late else _("open")
        rows.append((_(milestone.title), milestone.due, day, state))
    return pd.DataFrame(rows, columns=["title", "due", "reached", "state"])
