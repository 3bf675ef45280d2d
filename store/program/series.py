"""Events that repeat: the days on which they take place, and a change from one of them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, rrule, weekday

from geo.errors import StoreError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from store.journal import Draft, Entry
from store.program.book import ProgramBook
from store.program.checks import require_headcount, require_past, require_room
from store.program.kinds import Event
from store.records import Kept, new_id

MOST = 120
"""Events that are recorded at once."""
OWN = frozenset({"id", "on", "headcount", "headcount_how", "note"})
"""What each event of a series has of its own: a change from one on does not reach it."""


class Repeat(StrEnum):
    """How an event repeats."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"
    WEEKDAY = "weekday"


REPEAT_TITLES: dict[Repeat, str] = {
    Repeat.WEEK: N_("every week"),
    Repeat.TWO_WEEKS: N_("every two weeks"),
    Repeat.MONTH: N_("every month on the same date"),
    Repeat.WEEKDAY: N_("every month on the same weekday (say, the second Tuesday)"),
}


def repeat_days(first: date, repeat: Repeat, *, times: int | None, until: date | None) -> list[date]:
    """List the days of what repeats, the first one among them.

    A month without the date has its last day instead; a fifth weekday is the last one of its month.

    Parameters
    ----------
    times
        How many there are in all; None where ``until`` says when it ends.
    until
        The last day that may be one of them; None where ``times`` says how many.

    Raises
    ------
    StoreError
        Both are given, or neither; or there would be fewer than two, or more than :data:`MOST`.

    Examples
    --------
    >>> days = repeat_days(date(2026, 1, 31), Repeat.MONTH, times=3, until=None)
    >>> [day.isoformat() for day in days]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    >>> days = repeat_days(date(2026, 11, 10), Repeat.WEEKDAY, times=None, until=date(2027, 1, 31))
    >>> [day.isoformat() for day in days]
    ['2026-11-10', '2026-12-08', '2027-01-12']
    """
    if (times is None) == (until is None):
        raise StoreError(
            _("it is not said how often the event repeats"),
            _("give how many times, or until when: one of the two; nothing was written"),
        )
    days: list[date] = []
    while len(days) <= MOST and len(days) != times:
        day = _day_of(first, repeat, len(days))
        if until is not None and day > until:
            break
        days.append(day)
    if not 2 <= len(days) <= MOST:
        raise StoreError(
            _("this makes {count} events").format(count=len(days) if len(days) < 2 else f"> {MOST}"),
            _("let it repeat from 2 to {most} times; nothing was written").format(most=MOST),
        )
    return days


def _day_of(first: date, repeat: Repeat, place: int) -> date:
    if repeat in (Repeat.WEEK, Repeat.TWO_WEEKS):
        return first + timedelta(weeks=place * (1 if repeat is Repeat.WEEK else 2))
    month: date = first + relativedelta(months=place)
    if repeat is Repeat.MONTH:
        return month
    nth = (first.day - 1) // 7 + 1
    same = weekday(first.weekday())(nth if nth < 5 else -1)
    found: date = rrule(MONTHLY, dtstart=month.replace(day=1), byweekday=same, count=1)[0].date()
    return found


def repeated(event: Event, days: Sequence[date]) -> list[Event]:
    """Make an event for each day, all of one series: a record of its own each.

    A series that nobody named bears the event's title.

    Examples
    --------
    >>> fields = {"program": "p", "event_kind": "session", "title": "Class", "on": "2026-11-30"}
    >>> made = repeated(Event.make(fields), [date(2026, 11, 30), date(2026, 12, 7)])
    >>> [(item.on.isoformat(), item.series) for item in made], made[0].key == made[1].key
    ([('2026-11-30', 'Class'), ('2026-12-07', 'Class')], False)
    """
    series = event.series or event.title
    return [event.model_copy(update={"id": new_id(), "on": day, "series": series}) for day in days]


def later_in_series(event: Event, kept: Sequence[Kept[Event]]) -> list[Kept[Event]]:
    """Return the events of its series that take place after an event, by day; none without a series."""
    if not event.series:
        return []
    later = [
        item
        for item in kept
        if (item.record.program, item.record.series) == (event.program, event.series)
        and (item.record.on, item.record.key) > (event.on, event.key)
    ]
    return sorted(later, key=lambda item: (item.record.on, item.record.key))


def carried(before: Event, after: Event, later: Sequence[Event]) -> list[Event]:
    """Carry a change of an event on to later ones.

    What was the same in both is changed in both; where a later one differed already it stays as it is. A
    day moves by as many days.

    Examples
    --------
    >>> fields = {"program": "p", "event_kind": "session", "title": "One", "on": "2026-11-30", "place": "A"}
    >>> one = Event.make(fields)
    >>> two = Event.make(fields | {"title": "Two", "on": "2026-12-07"})
    >>> moved = Event.make(fields | {"title": "First", "place": "B", "on": "2026-12-01"})
    >>> [(item.title, item.place, item.on.isoformat()) for item in carried(one, moved, [two])]
    [('Two', 'B', '2026-12-08')]
    """
    days = after.on - before.on
    made = []
    for event in later:
        update = {
            name: getattr(after, name)
            for name in Event.model_fields
            if name not in OWN and getattr(event, name) == getattr(before, name)
        }
        made.append(Event.make(event.model_dump() | update | {"on": event.on + days}))
    return made


def change_from(
    book: ProgramBook,
    changed: Event,
    seen: Mapping[str, int],
    who: str,
    *,
    why: str = "",
    source: str = "",
) -> int:
    """Change an event and those after it in its series: all of them, or none; return how many.

    Parameters
    ----------
    seen
        The number of the event and of each later one that was shown, by key; others are left alone.

    Raises
    ------
    StoreError
        One of them would lie in the future though people came, or in too small a room.
    ConflictError
        Somebody else changed one of them since; nothing is written.
    """
    kept = {item.record.key: item for item in book.kept(Event, changed.program)}
    before = kept[changed.key].record if changed.key in kept else changed
    later = [item.record for key, item in kept.items() if key in seen and key != changed.key]
    made = [changed, *carried(before, changed, later)]
    for event in made:
        people = len(book.people_at(event.key))
        require_past(event, max(people, event.headcount or 0))
        require_room(event, people, why)
        require_headcount(event, people, why)
    drafts = [event.draft(book.region, who, seen=seen[event.key], why=why, source=source) for event in made]
    return len(book.journal.append(drafts))


def withdraw_from(book: ProgramBook, seen: Mapping[str, int], who: str, why: str) -> list[Entry]:
    """Withdraw an event and those after it in its series: all of them, or none.

    Parameters
    ----------
    seen
        Numbers of the events that were shown, by key.

    Raises
    ------
    StoreError
        No reason is given, or people came to one of them.
    ConflictError
        Somebody else changed one of them since; nothing is written.
    """
    if not why.strip():
        raise StoreError(_("no reason is given"), _("give a reason; nothing was withdrawn"))
    attended = [key for key in seen if book.people_at(key)]
    if attended:
        raise StoreError(
            ngettext(
                "people are down for {count} of these events",
                "people are down for {count} of these events",
                len(attended),
            ).format(count=len(attended)),
            _("withdraw these one by one; nothing was withdrawn"),
        )
    rows = [Draft(book.region, Event.kind, key, None, who, number, why) for key, number in seen.items()]
    return book.journal.append(rows)
