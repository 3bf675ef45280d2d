"""The board on an earlier day: what was true then, or what had been recorded by then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from geo.days import DateSpan, day_in
from store.journal import Entry, Journal
from store.records import Kept, Record, to_kept

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Past:
    """The end of an earlier day, and how it is looked back at.

    Attributes
    ----------
    day
        As people in ``timezone`` count it.
    moment
        When it ended, UTC.
    recorded
        What had been recorded by then; else what was true then, by all that is known today: a stage counts
        from when it was reached, also where somebody wrote that down later.
    """

    day: date
    moment: datetime
    timezone: str
    recorded: bool = False

    @classmethod
    def at_end_of(cls, day: date, timezone: str, *, recorded: bool = False) -> Self:
        """Look back at the end of a day.

        Examples
        --------
        >>> Past.at_end_of(date(2026, 3, 1), "America/Los_Angeles").moment.isoformat()
        '2026-03-02T07:59:59.999999+00:00'
        """
        ended = datetime.combine(day, time.max, tzinfo=ZoneInfo(timezone))
        return cls(day, ended.astimezone(UTC), timezone, recorded)


def read_past(journal: Journal, region: str, kind: type[R], past: Past) -> list[Kept[R]]:
    """Return the records of a kind as they stood on an earlier day, by key.

    Of what is dated (a stage, money, a rate, a milestone), what was true counts by its own day, as
    :func:`known_by` finds it; of what is not, by the day on which it was recorded.
    """
    if past.recorded:
        entries = journal.latest(region, kind.kind, as_of=past.moment)
        return [to_kept(kind, entry) for entry in entries]
    ordered = sorted(journal.history(region, kind.kind), key=lambda entry: (entry.key, entry.number))
    found = []
    for _key, versions in groupby(ordered, key=lambda entry: entry.key):
        course = true_course(to_versions(kind, versions), lambda kept: known_by(kept, past.timezone))
        then = [kept for day, kept in course if day <= past.day]
        found += then[-1:]
    return found


def to_versions(kind: type[R], entries: Iterable[Entry]) -> list[Kept[R]]:
    """Return the versions of one record that stand: what was withdrawn or taken back never was.

    Parameters
    ----------
    entries
        Of one record, oldest first.
    """
    versions: list[Kept[R]] = []
    stood: dict[int, list[Kept[R]]] = {}
    for entry in entries:
        if entry.body is None:
            versions = []
        elif restored := entry.body.get("restores"):
            versions = stood.get(int(restored), [])
        else:
            versions = [*versions, to_kept(kind, entry)]
        stood[entry.number] = versions
    return versions


def true_course(versions: Sequence[Kept[R]], day_of: Callable[[Kept[R]], date]) -> list[tuple[date, Kept[R]]]:
    """Lay the versions of a record out by the days from which each was true.

    A later version corrects those that say the same (the same stage, the same step of money), and those that
    would come after it by their days.

    Examples
    --------
    >>> from store.water.kinds import Status
    >>> def told(number, stage, reached):
    ...     status = Status(pwsid="CA9010002", service="water", stage=stage, reached_on=reached)
    ...     return Kept(status, number, datetime(2026, 1, 1, tzinfo=UTC), "Ana", "", "")
    >>> versions = [told(1, "planning", "2012"), told(2, "connected", "2015"), told(3, "connected", "2014")]
    >>> course = true_course(versions, lambda kept: known_by(kept, "UTC"))
    >>> [(str(day), str(kept.record.stage)) for day, kept in course]
    [('2012-12-31', 'planning'), ('2014-12-31', 'connected')]
    """
    course: list[tuple[date, Kept[R]]] = []
    for kept in versions:
        day = day_of(kept)
        while course and (course[-1][0] > day or _step(course[-1][1].record) == _step(kept.record)):
            course.pop()
        course.append((day, kept))
    return course


def known_by(kept: Kept[Any], timezone: str) -> date:
    """Return the day by which a version was so: its own, or where it has none, when it was recorded.

    A month or a year counts from its end, by which it was so for sure.
    """
    recorded = day_in(timezone, kept.at)
    own = getattr(kept.record, "reached_on", None) or getattr(kept.record, "on", None)
    return DateSpan.read(own).sure_by(recorded) if own else recorded


def _step(record: Record) -> object:
    """Return what moves with time in a record; a version that leaves it as it is corrects the one before."""
    for name in ("stage", "status", "reached_on"):
        if name in type(record).model_fields:
            return getattr(record, name)
    return None
