"""The board on an earlier day: what was true then, or what had been recorded by then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from geo.days import DateSpan, day_in
from store.journal import Entry, Journal
from store.records import Kept, Record, to_kept

R = TypeVar("R", bound=Record)
T = TypeVar("T")


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
    step = next((name for name in STEPS if name in kind.model_fields), "")
    dated = not {"reached_on", "on"}.isdisjoint(kind.model_fields)
    found = []
    for _key, versions in groupby(ordered, key=lambda entry: entry.key):
        # Bodies are compared as they are written; only the one that counts is read as a record.
        course = true_course(
            to_versions(versions),
            lambda entry: _known(entry, past.timezone),
            # What has no day of its own was, until somebody changed it, what it said then.
            lambda entry: _step(entry, step) if dated else entry.number,
        )
        then = [entry for day, entry in course if day <= past.day]
        found += [to_kept(kind, entry) for entry in then[-1:]]
    return found


# What moves with time in a record; a version that leaves it as it is corrects the one before.
STEPS = ("stage", "status", "reached_on")


def _step(entry: Entry, name: str) -> object:
    return (entry.body or {}).get(name) if name else None


def _known(entry: Entry, timezone: str) -> date:
    body = entry.body or {}
    return _sure_day(body.get("reached_on") or body.get("on"), day_in(timezone, entry.at))


def _sure_day(own: object, recorded: date) -> date:
    return DateSpan.read(own).sure_by(recorded) if own else recorded


def to_versions(entries: Iterable[Entry]) -> list[Entry]:
    """Return the versions of one record that stand: what was withdrawn or taken back never was.

    Parameters
    ----------
    entries
        Of one record, oldest first.
    """
    # A list of versions and how many of them stand: what is only appended to is not copied.
    versions: list[Entry] = []
    count = 0
    stood: dict[int, tuple[list[Entry], int]] = {}
    for entry in entries:
        if entry.body is None:
            versions, count = [], 0
        elif restored := entry.body.get("restores"):
            versions, count = stood.get(int(restored), ([], 0))
        else:
            if count < len(versions):
                versions = versions[:count]
            versions.append(entry)
            count += 1
        stood[entry.number] = (versions, count)
    return versions[:count]


def true_course(
    versions: Iterable[T], day_of: Callable[[T], date], step_of: Callable[[T], object]
) -> list[tuple[date, T]]:
    """Lay the versions of a record out by the days from which each was true.

    A later version corrects those that say the same (the same stage, the same step of money), and those that
    would come after it by their days.

    Examples
    --------
    >>> versions = [("planning", 2012), ("connected", 2015), ("connected", 2014)]
    >>> course = true_course(versions, lambda told: date(told[1], 12, 31), lambda told: told[0])
    >>> [(str(day), stage) for day, (stage, _year) in course]
    [('2012-12-31', 'planning'), ('2014-12-31', 'connected')]
    """
    course: list[tuple[date, object, T]] = []
    for version in versions:
        day, step = day_of(version), step_of(version)
        while course and (course[-1][0] > day or course[-1][1] == step):
            course.pop()
        course.append((day, step, version))
    return [(day, version) for day, _step_of, version in course]


def known_by(kept: Kept[Any], timezone: str) -> date:
    """Return the day by which a version was so: its own, or where it has none, when it was recorded.

    A month or a year counts from its end, by which it was so for sure.
    """
    recorded = day_in(timezone, kept.at)
    own = getattr(kept.record, "reached_on", None) or getattr(kept.record, "on", None)
    return _sure_day(own, recorded)
