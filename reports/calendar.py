"""Events of programs as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
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
    return bytes(calendar.to_ical())


def _later(event: Event) -> datetime:
    """Take an hour for an event whose end nobody recorded."""
    begins = event.begins_at or time()
    return datetime.combine(event.on, begins, ZONE) + timedelta(hours=1)


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
    entry.add("dtstart", datetime.combine(event.on, event.begins_at, ZONE))
    entry.add("dtend", datetime.combine(event.on, event.ends_at, ZONE) if event.ends_at else _later(event))
    return entry
