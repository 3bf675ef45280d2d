"""A program's figures, whole: for those who may see counts under ten and free text. Pure.

:mod:`geo.program.public_view` has the same figures for everybody else. A page chooses one of the two by who
looks, once; whoever is handed figures shows what they say, and does not ask for whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

import pandas as pd

from geo.days import day_words
from geo.program.declaration import Measure, Program
from geo.program.enrollment import enrolled_elsewhere
from geo.program.measures import (
    ONCE,
    REGULARS,
    Records,
    Standing,
    at_least_table,
    consistent_rule,
    curve_of,
    held_events,
    recruited_and_consistent,
    retention,
    standing_on,
)
from geo.program.reach import touched
from geo.program.regulars import (
    Regularity,
    came_flags,
    regular_people,
    regulars_by_session,
    within_series,
)

SESSION_COLUMNS = ("session", "on", "people", "back", "others", "new", "share_back", "share_of_first")
"""What a table of sessions shows."""


@dataclass(frozen=True, eq=False)
class ProgramFigures:
    """What the records of one program say on a day.

    ``records`` are the program's own; ``least`` is the smallest count that is told.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> figures = ProgramFigures(read_programs()["school_funding"], Records(), date(2020, 1, 1))
    >>> figures.recruits()
    {'recruited': 0, 'came': 0, 'consistent': 0, 'came_unrecruited': 0}
    """

    program: Program
    records: Records
    day: date

    least: ClassVar[int] = 1

    @property
    def tells_people(self) -> bool:
        """Whether it is seen how many people came at least once."""
        return True

    def curve(self, measure: Measure) -> pd.Series[float]:
        """Return a measure's running value by day; empty where nothing is recorded."""
        return curve_of(measure, self.records, self.day)

    def standing(self, measure: Measure) -> Standing:
        """Say where a measure stands."""
        return standing_on(self.program, measure, self.curve(measure), self.day)

    def standings(self) -> list[Standing]:
        """Say where every measure stands."""
        return [self.standing(measure) for measure in self.program.measures]

    def sessions(self) -> pd.DataFrame:
        """List the sessions that took place, with attendance and retention.

        Returns
        -------
        pandas.DataFrame
            ``session``, ``on``, ``people``, ``back``, ``others``, ``new``, ``share_back``,
            ``share_of_first``; what is hidden is NA, with everything it could be computed from.
            ``begins`` is whether nobody could come back, as it is the first of its series.
        """
        held = held_events(self.records, self.day)
        frame = retention(self.records.attendance, held["event"].tolist(), held["series"].tolist())
        titles = held.assign(session=session_names(held))[["event", "session", "on"]]
        frame = frame.merge(titles, on="event").assign(others=frame["people"] - frame["back"])
        return frame[[*SESSION_COLUMNS, "begins"]]

    def at_least(self) -> pd.DataFrame:
        """Count who came to at least k of the n sessions; a row that tells too much is left out."""
        return at_least_table(self.records.attendance, held_events(self.records, self.day)["event"].tolist())

    def regulars(self) -> list[tuple[Measure, pd.DataFrame]]:
        """List for each measure of regular people how many of them came to each session.

        Returns
        -------
        list
            The measure, and a row a session: ``session``, ``on``, ``regular`` and ``people``.
        """
        return [
            (measure, self.regular(measure.regularity)[1])
            for measure in self.program.measures
            if measure.counted in REGULARS
        ]

    def held(self) -> pd.DataFrame:
        """List the sessions at which somebody was, by day, as :func:`geo.program.measures.held_events`."""
        return held_events(self.records, self.day)

    def regular(self, rule: Regularity) -> tuple[int, pd.DataFrame]:
        """Count who meets a rule, and at each session that it speaks of how many of them were there.

        Returns
        -------
        tuple
            The number of people, and a row a session: ``session``, ``on``, ``regular`` and ``people``.
        """
        held, attendance = self.held(), self.records.attendance
        titles = held.assign(session=session_names(held))[["event", "session", "on"]]
        counts = regulars_by_session(attendance, held, rule)
        table = titles.merge(counts, on="event").drop(columns="event")
        return len(regular_people(attendance, held, rule)), table

    def within_series(self, measure: Measure) -> list[tuple[Regularity, int | None]]:
        """Say of a measure of regular people that names no series how many there are within each one alone.

        Returns
        -------
        list
            The rule of each series, those without one last, and who meets it; None where that is hidden.
            Empty where all sessions are of one series. The counts need not add up to the measure's: somebody
            may be in several, and a row of sessions may go through two series.
        """
        if measure.counted not in REGULARS:
            return []
        rules = within_series(self.held()["series"].tolist(), measure.regularity)
        return [(rule, len(regular_people(self.records.attendance, self.held(), rule))) for rule in rules]

    def people_by_session(self) -> pd.DataFrame:
        """Say of every person, by code, to which of the sessions they came.

        Returns
        -------
        pandas.DataFrame
            By code: a flag for each event that took place, by day (columns are keys of events).
        """
        held = held_events(self.records, self.day)
        people, came = came_flags(self.records.attendance, held)
        return pd.DataFrame(came, index=pd.Index(people, name="person"), columns=held["event"].tolist())

    def recruits(self) -> dict[str, int | None]:
        """Compare who signed up with who comes; None where a count is hidden.

        Returns
        -------
        dict
            ``recruited``, ``came``, ``consistent`` and ``came_unrecruited``, as
            :func:`geo.program.measures.recruited_and_consistent` counts them.
        """
        held = held_events(self.records, self.day)
        came = self.records.attendance[self.records.attendance["event"].isin(held["event"])]
        regular = regular_people(came, held, consistent_rule(self.program) or ONCE)
        return dict(recruited_and_consistent(self.records.recruits, came, regular))

    def headcounts(self) -> pd.DataFrame:
        """List the events at which people were counted without names, beside those who are down by code.

        A headcount is no number of people: who came to two sessions is in both.

        Returns
        -------
        pandas.DataFrame
            A row an event, by day: ``session``, ``on``, ``headcount``, ``with_code``, ``without_code`` (NA
            where fewer were counted than are down; by its sheets where nobody counted) and ``how``.
        """
        return headcount_table(self.records, self.day)

    def touched(self) -> pd.DataFrame:
        """List the tracts that the program reached: ``geoid`` and ``program``, each pair once."""
        return touched(self.records, self.least)

    def readable(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return of records with free text those that may be read."""
        return frame

    def questions(self, questions: pd.DataFrame) -> int | None:
        """Count residents' questions; None where that is hidden."""
        return len(questions)

    def messages(self, messages: pd.DataFrame) -> pd.DataFrame:
        """Return messages with their ``reach``, NA where it is hidden."""
        return messages

    def divisions(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the households of trustee areas or divisions, NA where they are hidden.

        Parameters
        ----------
        table
            ``name`` and ``households``, made of the records' contacts.
        """
        return table

    def enrolled(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return enrollments by tract, NA where they are hidden, with the shares made of them.

        Parameters
        ----------
        table
            As :func:`geo.program.enrollment.enrollment_by_tract` makes it of the records' enrollments.
        """
        return table

    def elsewhere(self, table: pd.DataFrame) -> int | None:
        """Return how many are enrolled in none of a table's tracts; None where that is hidden."""
        return enrolled_elsewhere(table, self.records.enrollments)

    def narrowed(self, contacts: pd.DataFrame) -> Self:
        """Return the figures of some of the contacts alone, where one choice may be held against another."""
        return replace(self, records=replace(self.records, contacts=contacts))


def sessions_to_show(table: pd.DataFrame) -> pd.DataFrame:
    """Return of a table of sessions what is shown: who came back to the first of a series is no number.

    Parameters
    ----------
    table
        As :meth:`ProgramFigures.sessions` gives it.

    Examples
    --------
    >>> row = dict.fromkeys(SESSION_COLUMNS, 0)
    >>> shown = sessions_to_show(pd.DataFrame([row | {"begins": True}, row | {"begins": False}]))
    >>> shown["back"].isna().tolist(), "begins" in shown
    ([True, False], False)
    """
    back = table["back"].astype("Int64").mask(table["begins"].astype(bool))
    return table.assign(back=back)[list(SESSION_COLUMNS)]


def session_names(events: pd.DataFrame) -> list[str]:
    """Name sessions by their titles; those whose title others have too, by title and day.

    Of several on one day the second and later ones are numbered: each name stands once.

    Parameters
    ----------
    events
        ``title`` and ``on``.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-03-03", "2026-03-10", "2026-03-10", "2026-03-17"])
    >>> session_names(pd.DataFrame({"title": ["Plan", "Plan", "Plan", "Last"], "on": days}))
    ['Plan, Mar 3, 2026', 'Plan, Mar 10, 2026', 'Plan, Mar 10, 2026 (2)', 'Last']
    """
    repeated = events["title"].astype(str).duplicated(keep=False)
    return told_apart(
        f"{title}, {day_words(pd.Timestamp(on).date())}" if twice else str(title)
        for title, on, twice in zip(events["title"], events["on"], repeated, strict=True)
    )


def told_apart(names: Iterable[str]) -> list[str]:
    """Tell names apart that stand several times: they are numbered from the second on.

    Examples
    --------
    >>> told_apart(["Forum", "Class", "Forum"])
    ['Forum', 'Class', 'Forum (2)']
    """
    times: Counter[str] = Counter()
    found = []
    for name in names:
        times[name] += 1
        found.append(name if times[name] == 1 else f"{name} ({times[name]})")
    return found


def headcount_table(records: Records, day: date) -> pd.DataFrame:
    """List headcounts as :meth:`ProgramFigures.headcounts` says.

    Examples
    --------
    >>> events = pd.DataFrame({"event": ["a"], "title": ["First"], "on": pd.to_datetime(["2019-02-01"]),
    ...     "headcount": [65], "headcount_how": ["at the door"]})
    >>> came = pd.DataFrame({"event": "a", "person": [str(n) for n in range(62)]})
    >>> found = headcount_table(Records(events=events, attendance=came), date(2020, 1, 1))
    >>> found[["headcount", "with_code", "without_code"]].values.tolist()
    [[65, 62, 3]]
    """
    columns = ["event", "title", "on", "headcount", "headcount_how", "uncoded"]
    events = records.events.reindex(columns=columns)
    has = events["headcount"].notna() | events["uncoded"].notna()
    counted = events[has & (pd.to_datetime(events["on"]) <= pd.Timestamp(day))]
    counted = counted.sort_values(["on", "event"], kind="stable")
    people = records.attendance.drop_duplicates(["event", "person"]).groupby("event").size()
    with_code = counted["event"].map(people).fillna(0).astype("Int64")
    headcount = counted["headcount"].astype("Int64")
    without = (headcount - with_code).mask(headcount < with_code)
    without = without.mask(headcount.isna(), counted["uncoded"].astype("Int64"))
    return pd.DataFrame(
        {
            "session": session_names(counted),
            "on": counted["on"],
            "headcount": headcount,
            "with_code": with_code,
            "without_code": without,
            "how": counted["headcount_how"].fillna("").astype(str),
        }
    ).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class Together:
    """People of several programs: each once, added up, and in more than one; None where hidden."""

    once: int | None
    added: int | None
    several: int | None


def people_together(attendance: pd.DataFrame, programs: Sequence[str]) -> Together:
    """Count the people of some programs, each once.

    Parameters
    ----------
    attendance
        ``program`` and ``person``; the same code in two programs is the same person.

    Examples
    --------
    >>> came = pd.DataFrame({"program": ["x", "y", "y"], "person": ["p", "p", "q"]})
    >>> people_together(came, ["x", "y"])
    Together(once=2, added=3, several=1)
    """
    times = who_came(attendance, programs).sum(axis=1)
    return Together(len(times), int(times.sum()), int((times > 1).sum()))


def who_came(attendance: pd.DataFrame, programs: Sequence[str]) -> pd.DataFrame:
    """Say of every person who came to something of some programs to which: a row a person, a flag each."""
    pairs = attendance.loc[attendance["program"].isin(list(programs)), ["program", "person"]]
    return pd.crosstab(pairs["person"], pairs["program"]).astype(bool)


@dataclass(frozen=True, eq=False)
class RegionFigures:
    """What the records of all programs of a region say on a day.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> figures = RegionFigures(read_programs(), Records(), date(2020, 1, 1))
    >>> figures.of("census_2020").program.key
    'census_2020'
    """

    programs: Mapping[str, Program]
    records: Records
    day: date

    one: ClassVar[type[ProgramFigures]] = ProgramFigures

    @property
    def least(self) -> int:
        """The smallest count that is told."""
        return self.one.least

    def of(self, key: str) -> ProgramFigures:
        """Return one program's figures."""
        return self.one(self.programs[key], self.records.of(key), self.day)

    def each(self) -> Iterator[ProgramFigures]:
        """Give the figures of every program, one after another."""
        return (self.of(key) for key in self.programs)

    def touched(self) -> pd.DataFrame:
        """List the tracts that each program reached: ``geoid`` and ``program``, each pair once."""
        return touched(self.records, self.least)

    def choices(self) -> list[str]:
        """Name the programs of which somebody may choose some to be counted together."""
        return list(self.programs)

    def together(self, keys: Sequence[str]) -> Together:
        """Count the people of some programs, each once."""
        return people_together(self.records.attendance, keys)
