"""All programs on one page, a row each: its aim, where it stands, what is next, and who leads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from geo.days import day_words
from geo.language import gettext as _
from geo.program.declaration import Counted, Program
from geo.program.figures import ProgramFigures, RegionFigures
from geo.program.measures import Standing
from wording.program import pace_words, value_words
from wording.program import reported_words as of_measure

COLUMNS = ("key", "program", "aim", "stands", "trend", "next", "lead", "begun")


def program_rows(figures: RegionFigures, reached: pd.DataFrame) -> pd.DataFrame:
    """Put every program into one row.

    Parameters
    ----------
    figures
        As everybody may see them: under one heading all read the same.
    reached
        Milestones that were reached: ``program``, ``title`` and ``on``.

    Returns
    -------
    pandas.DataFrame
        ``key``, ``program`` (its title up to a colon), ``aim``, ``stands`` (where its leading measure stands,
        in words), ``trend`` (that measure's curve, a list), ``next``, ``lead`` and ``begun`` (whether
        anything is recorded).

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> from geo.program.measures import Records
    >>> every = RegionFigures(read_programs(), Records(), date(2026, 1, 1))
    >>> rows = program_rows(every, pd.DataFrame(columns=["program", "title", "on"])).set_index("key")
    >>> print(rows.loc["school_funding", "stands"])
    Reported by the organization: nearly 400 (Residents recruited); more than 50 (Residents who take part consistently).
    """  # noqa: E501
    rows = [_row(own, reached[reached["program"] == own.program.key]) for own in figures.each()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(figures: ProgramFigures, reached: pd.DataFrame) -> dict[str, object]:
    program, standings = figures.program, figures.standings()
    begun = any(has_begun(standing) for standing in standings)
    first = leading(standings)
    return {
        "key": program.key,
        "program": _(program.title).partition(":")[0],
        "aim": _(program.purpose),
        "stands": f"{stands_words(first)} {others_words(program, standings, first)}".strip()
        if begun
        else reported_words(program),
        "trend": figures.curve(first.measure).tolist(),
        "next": next_words(figures, reached, begun=begun),
        "lead": program.lead or _("not named"),
        "begun": begun,
    }


def has_begun(standing: Standing) -> bool:
    """Whether something is recorded of a measure, be it hidden or not."""
    return standing.value is not None or standing.hidden


def leading(standings: list[Standing]) -> Standing:
    """Return the measure that speaks for a program: with a figure and a target, else with a figure."""
    return max(
        standings,
        key=lambda item: (item.value is not None, has_begun(item), item.measure.target is not None),
    )


def stands_words(standing: Standing) -> str:
    """Say where a measure stands, how that is on the way to its target, and when it gets there.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> measure = read_programs()["census_2020"].measure("households")
    >>> stands_words(Standing(measure, 10_000.0, share_of_way=0.25))
    'Households reached by the canvass: 10,000. Target: 40,000 (25 % of the way).'
    """
    measure = standing.measure
    words = [_("{measure}: {value}.").format(measure=_(measure.title), value=value_words(standing))]
    if measure.target is not None:
        target = f"{measure.target:,.0f}"
        way = standing.share_of_way
        words.append(
            _("Target: {target}.").format(target=target)
            if way is None
            else _("Target: {target} ({share} of the way).").format(
                target=target, share=f"{100 * min(max(way, 0.0), 1.0):.0f} %"
            )
        )
    return " ".join(part for part in (*words, pace_words(standing)) if part)


def others_words(program: Program, standings: list[Standing], first: Standing) -> str:
    """Say of a program of enrollment how many enrolled, where another measure leads; else nothing.

    How many are still without coverage says nothing of what the program did.
    """
    told = [
        _("{measure}: {value}.").format(measure=_(item.measure.title), value=value_words(item))
        for item in standings
        if item.measure.counted is Counted.ENROLLMENTS and item is not first
    ]
    return " ".join(told) if program.kind == "enrollment" else ""


def reported_words(program: Program) -> str:
    """Say what the organization reported of a program; that nothing is recorded where it reported nothing.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> reported_words(read_programs()["civic_forums"])
    'Nothing is recorded here yet.'
    """
    told = [f"{words} ({_(item.title)})" for item in program.measures if (words := of_measure(item))]
    if not told:
        return _("Nothing is recorded here yet.")
    return _("Reported by the organization: {results}.").format(results="; ".join(told))


def next_words(figures: ProgramFigures, reached: pd.DataFrame, *, begun: bool) -> str:
    """Say what comes next: the next event, the next milestone; how to begin where nothing is recorded."""
    parts = [*_next_event(figures), *_next_milestone(figures.program, reached, figures.day, begun=begun)]
    if parts:
        return " ".join(parts)
    if not begun:
        return _("To begin: open it, choose Record, and write down an event and who came.")
    ends = figures.program.ends
    if ends is not None and ends < figures.day:
        return _("Ended on {day}: its report is under Report.").format(day=day_words(ends))
    return _("Nothing is planned: add the next event under Record.")


def _next_event(figures: ProgramFigures) -> Iterator[str]:
    events = figures.records.events
    ahead = events[pd.to_datetime(events["on"]) >= pd.Timestamp(figures.day)]
    if len(ahead):
        first = ahead.sort_values(["on", "event"], kind="stable").iloc[0]
        yield _("{title}, {day}.").format(
            title=first["title"], day=day_words(pd.Timestamp(first["on"]).date())
        )


def _next_milestone(program: Program, reached: pd.DataFrame, day: date, *, begun: bool) -> Iterator[str]:
    """Name the milestone that is due first of those not reached; none as late where nothing is recorded."""
    open_ones = [item for item in program.milestones if item.title not in set(reached["title"])]
    late = [item for item in open_ones if item.due is not None and item.due < day]
    ahead = sorted((item for item in open_ones if item not in late), key=lambda item: item.due or date.max)
    if late and begun:
        last = max(late, key=lambda item: item.due or date.min)
        yield _("Milestone not marked as reached: {title} (due {day}).").format(
            title=_(last.title), day="" if last.due is None else day_words(last.due)
        )
    elif ahead:
        yield _("Milestone: {title} (due {day}).").format(
            title=_(ahead[0].title), day=day_words(ahead[0].due) if ahead[0].due else _("no day set")
        )


def exact_table(shared: pd.DataFrame, exact: pd.DataFrame) -> pd.DataFrame:
    """Set the exact figures, for staff, beside those that everybody reads.

    Parameters
    ----------
    shared, exact
        Two tables of :func:`wording.program.glance_table`, of the same programs.

    Returns
    -------
    pandas.DataFrame
        ``program``, ``measure``, ``everybody`` and ``exact``, in words, and ``as_of`` of the exact one.
    """
    return pd.DataFrame(
        {
            "program": [str(title).partition(":")[0] for title in exact["program"]],
            "measure": exact["measure"],
            "everybody": shared["stands"],
            "exact": exact["stands"],
            "as_of": exact["as_of"],
        }
    )
