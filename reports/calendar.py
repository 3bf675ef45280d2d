"""What stands on the calendar as an iCalendar file (RFC 5545), with its time zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar import Event as Entry

from geo.days import now
from geo.language import gettext as _
from wording.agenda import KIND_TITLES, Dated

SUFFIX = "@programmes"
"""The end by which a calendar knows an event again."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOUR = timedelta(hours=1)


def to_icalendar(
    dated: Sequence[Dated],
    titles: Mapping[str, str],
    timezone: str,
    *,
    region: str = "",
    remind: timedelta | None = None,
    invented: bool = False,
) -> bytes:
    """Write a calendar as iCalendar; a day without hours is an all-day entry.

    What was withdrawn is told as canceled, under the same identifier and with a higher sequence, so that a
    calendar that has it strikes it out.

    Parameters
    ----------
    titles
        Titles of the programs, by key.
    timezone
        Name of the time zone (IANA) whose hours these are; its rules are in the file.
    region
        Key of the region, of which what is no event has its identifier.
    remind
        How long before to remind of what is still to come; None for not at all.

    Examples
    --------
    >>> day = Dated("forum", "p/a", date(2026, 11, 30), "F", program="p")
    >>> b"DTSTART;VALUE=DATE:20261130" in to_icalendar([day], {"p": "P"}, "America/Los_Angeles")
    True
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Programs//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    zone = ZoneInfo(timezone)
    timed = [item.on.year for item in dated if item.begins_at is not None]
    if timed:
        calendar.add_component(_to_timezone(zone, min(timed) - 1, max(timed) + 1))
    for item in dated:
        entry = _to_entry(item, titles.get(item.program, ""), zone, region, invented=invented)
        if remind is not None and not item.gone:
            entry.add_component(_to_alarm(str(entry["summary"]), remind))
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _to_entry(item: Dated, program: str, zone: ZoneInfo, region: str, *, invented: bool) -> Entry:
    entry = Entry()
    at = item.at or now()
    entry.add("uid", _identifier(item, region))
    entry.add("dtstamp", at)
    entry.add("last-modified", at)
    entry.add("sequence", max(item.number - 1, 0))
    entry.add("status", "CANCELLED" if item.gone else "CONFIRMED")
    mark = _("(invented)") if invented or item.invented else ""
    entry.add("summary", f"{program}: {item.title} {mark}".removeprefix(": ").strip())
    entry.add("categories", [_(KIND_TITLES[item.kind])])
    if item.place:
        entry.add("location", item.place)
    if item.point is not None:
        entry.add("geo", (item.point[1], item.point[0]))
    told = [_("with {partners}").format(partners=item.partner) if item.partner else "", item.state]
    if any(told):
        entry.add("description", "\n".join(part for part in told if part))
    for name, value in zip(("dtstart", "dtend"), _span(item, zone), strict=True):
        entry.add(name, value)
    return entry


def _identifier(item: Dated, region: str) -> str:
    if item.is_event:
        return f"{item.key}{SUFFIX}"
    return f"{uuid5(NAMESPACE_URL, f'{region}/{item.kind}/{item.key}')}{SUFFIX}"


def _span(item: Dated, zone: ZoneInfo) -> tuple[date, date]:
    """Return when it begins and ends: whole days, or moments that exist in the zone.

    Where nobody recorded the end it takes an hour.
    """
    if item.begins_at is None:
        return item.on, item.on + timedelta(days=1)
    begins = _moment(item.on, item.begins_at, zone)
    start = datetime.combine(item.on, item.begins_at)
    end = datetime.combine(item.on, item.ends_at) if item.ends_at else start + HOUR
    ends = _moment(end.date(), end.time(), zone)
    if ends.astimezone(UTC) <= begins.astimezone(UTC):
        # In the night in which clocks skip an hour an end may fall together with its beginning.
        ends = (begins.astimezone(UTC) + (end - start)).astimezone(zone)
    return begins, ends


def _moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return a moment; an hour that clocks skip is read as the one they show instead, as RFC 5545 says."""
    return datetime.combine(day, hour, zone).astimezone(UTC).astimezone(zone)


def _to_alarm(words: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -before)
    return alarm


def _to_timezone(zone: ZoneInfo, first: int, last: int) -> Timezone:
    """Write a zone's rules for some years; the last rule of each kind goes on.

    Onsets are in the hours that count until then (RFC 5545, 3.6.5), which is why they are made here:
    :meth:`icalendar.Calendar.add_missing_timezones` gives those of spring in the hours that count after.
    """
    part = Timezone()
    part.add("tzid", zone.key)
    changes = list(_changes(zone, first, last))
    if not changes:
        whole = TimezoneStandard()
        start = datetime(first, 1, 1)
        _set_offsets(whole, start, start.replace(tzinfo=zone))
        part.add_component(whole)
    changes.sort(key=_kind_of_change)
    for _kind, some in groupby(changes, key=_kind_of_change):
        for rule in _rules(list(some), last):
            part.add_component(rule)
    return part


Change = tuple[datetime, datetime]
"""The onset in the hours that count until then, without a zone; and a moment after it."""


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (first, last + 1))
    for day in range((end - begin).days):
        start = begin + timedelta(days=day)
        if _offset(start, zone) != _offset(start + timedelta(days=1), zone):
            yield from _changes_of_day(zone, start)


def _changes_of_day(zone: ZoneInfo, start: datetime) -> Iterator[Change]:
    for part in range(48):
        moment, before = start + (part + 1) * HOUR / 2, _offset(start + part * HOUR / 2, zone)
        if _offset(moment, zone) != before:
            yield moment.replace(tzinfo=None) + before, moment.astimezone(zone)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _kind_of_change(change: Change) -> tuple[timedelta, timedelta, str]:
    onset, after = change
    offset = after.utcoffset() or timedelta()
    return onset - after.astimezone(UTC).replace(tzinfo=None), offset, after.tzname() or ""


def _rules(changes: Sequence[Change], last: int) -> Iterator[TimezoneStandard | TimezoneDaylight]:
    """Gather onsets of one kind into yearly rules: the same weekday of the same month, from the first on."""
    for (month, nth), some in groupby(changes, key=lambda change: _weekday_of_month(change[0])):
        run = list(some)
        onset, after = run[0]
        part = TimezoneDaylight() if after.dst() else TimezoneStandard()
        _set_offsets(part, onset, after, _kind_of_change(run[0])[0])
        rule = {"freq": "yearly", "bymonth": month, "byday": f"{nth}{WEEKDAYS[onset.weekday()]}"}
        if run[-1][0].year < last:
            rule["until"] = run[-1][1].astimezone(UTC)
        part.add("rrule", rule)
        yield part


def _weekday_of_month(onset: datetime) -> tuple[int, int]:
    """Return the month and which of its weekdays this is; -1 for the last."""
    last = (onset + timedelta(days=7)).month != onset.month
    return onset.month, -1 if last else (onset.day - 1) // 7 + 1


def _set_offsets(
    part: TimezoneStandard | TimezoneDaylight,
    onset: datetime,
    after: datetime,
    before: timedelta | None = None,
) -> None:
    offset = after.utcoffset() or timedelta()
    part.add("dtstart", onset)
    part.add("tzoffsetfrom", offset if before is None else before)
    part.add("tzoffsetto", offset)
    part.add("tzname", after.tzname() or "")
