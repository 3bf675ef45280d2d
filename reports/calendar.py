"""Events of programs as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry

from geo.language import gettext as _
from store.program.kinds import EVENT_TITLES, Event

ZONE = ZoneInfo("America/Los_Angeles")


def to_icalendar(events: Sequence[Event], titles: dict[str, str], *, invented: bool = False) -> bytes:
    """Write events as iCalendar; a day without hours is an all-day entry.

    Parameters
    ----------
    titles
        Titles of the programs, by key.

    Examples
    --------
    >>> fields = {"program": "p", "id": "a", "event_kind": "forum", "title": "F"}
    >>> event = Event.make(fields | {"on": "2026-11-30"})
    >>> b"DTSTART;VALUE=DATE:20261130" in to_icalendar([event], {"p": "P"})
    True
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Programs//EN")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(_entry(event, titles.get(event.program, event.program), invented=invented))
    # RFC 5545, 3.6.5: a zone that times name is told with its offsets, for readers that know no names.
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def to_moment(day: date, at: time) -> datetime:
    """Return the moment of a time; one that clocks skip in spring is the hour after.

    Examples
    --------
    >>> to_moment(date(2026, 3, 8), time(2, 30)).isoformat()
    '2026-03-08T03:30:00-07:00'
    """
    return datetime.combine(day, at, ZONE).astimezone(UTC).astimezone(ZONE)


def _ends(event: Event, begins: datetime) -> datetime:
    """Return when an event ends: an hour after it begins where nobody recorded it, and never before."""
    ends = begins + timedelta(hours=1) if event.ends_at is None else to_moment(event.on, event.ends_at)
    return ends if ends > begins else ends + timedelta(days=1)


def _entry(event: Event, program: str, *, invented: bool) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.key}@programmes")
    entry.add("dtstamp", datetime.now(UTC))
    mark = _("(invented)") if invented or event.invented else ""
    entry.add("summary", f"{program}: {event.title} {mark}".strip())
    entry.add("categories", [_(EVENT_TITLES[event.event_kind])])
    if event.place:
        entry.add("location", event.place)
    if event.longitude is not None and event.latitude is not None:
        entry.add("geo", (event.latitude, event.longitude))
    if event.partner:
        entry.add("description", _("with {partners}").format(partners=event.partner))
    if event.begins_at is None:
        entry.add("dtstart", event.on)
        entry.add("dtend", event.on + timedelta(days=1))
        return entry
    begins = to_moment(event.on, event.begins_at)
    entry.add("dtstart", begins)
    entry.add("dtend", _ends(event, begins))
    return entry
