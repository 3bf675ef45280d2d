"""The calendar's file, read by others: by icalendar, and its time zone by dateutil."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from reports.calendar import to_icalendar
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import Event
from wording.agenda import Dated, Other, list_dated

PACIFIC = "America/Los_Angeles"
TITLES = {"p": "P"}


def made(on: date, begins: time | None = None, ends: time | None = None, **more: object) -> Dated:
    return Dated("forum", "p/a", on, "One", "p", begins, ends, **more)  # type: ignore[arg-type]


def told_moments(content: bytes) -> Iterator[tuple[datetime, datetime]]:
    """Beginning and end of each event in UTC, as a reader has them who knows only what the file says.

    The hours are read from the lines, the zone from the file's own rules by dateutil.
    """
    text = content.decode().replace("\r\n ", "")
    zones = tz.tzical(io.StringIO(re.search(r"BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n", text, re.DOTALL)[0]))  # type: ignore[index]
    for event in re.findall(r"BEGIN:VEVENT.*?END:VEVENT", text, re.DOTALL):
        pairs = re.findall(r"DT(?:START|END);TZID=([^:]+):(\d{8}T\d{6})", event)
        begins, ends = (
            datetime.strptime(hour, "%Y%m%dT%H%M%S").replace(tzinfo=zones.get(name)).astimezone(UTC)
            for name, hour in pairs
        )
        yield begins, ends


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "begins", "ends"),
    [
        # Clocks go back on Sunday, November 1, 2026, at 2:00: before it is 7 hours to UTC, after it 8.
        (made(date(2026, 11, 1), time(0, 30), time(0, 50)), utc(1, 7, 30), utc(1, 7, 50)),
        (made(date(2026, 11, 1), time(18), time(20)), utc(2, 2), utc(2, 4)),
        (made(date(2026, 10, 31), time(18), time(20)), utc(1, 1), utc(1, 3)),
        (made(date(2026, 11, 1), time(0, 30), time(2, 30)), utc(1, 7, 30), utc(1, 10, 30)),
        # They go forward on March 8 at 2:00; 2:30 is not there, and is read as 3:30.
        (made(date(2026, 3, 8), time(18, 30), time(20)), utc(9, 1, 30, 3), utc(9, 3, 0, 3)),
        (made(date(2026, 3, 8), time(1, 30), time(3)), utc(8, 9, 30, 3), utc(8, 10, 0, 3)),
        (made(date(2026, 3, 8), time(2, 30), time(3, 30)), utc(8, 10, 30, 3), utc(8, 11, 30, 3)),
        # An hour where nobody recorded the end, past midnight too.
        (made(date(2026, 12, 1), time(23, 30)), utc(2, 7, 30, 12), utc(2, 8, 30, 12)),
    ],
)
def test_hours_are_those_that_clocks_show_there(item: Dated, begins: datetime, ends: datetime) -> None:
    """Each told by hand; the reader knows nothing of the zone but what stands in the file."""
    assert list(told_moments(to_icalendar([item], TITLES, PACIFIC))) == [(begins, ends)]


@given(st.datetimes(datetime(2018, 6, 1), datetime(2040, 12, 31), timezones=st.just(UTC)))
def test_the_files_own_rules_are_those_of_the_zone(moment: datetime) -> None:
    """Beyond the years of the file's events too: the last rule goes on."""
    text = to_icalendar([made(date(2019, 1, 5), time(9)), made(date(2026, 1, 5), time(9))], {}, PACIFIC)
    part = re.search(r"BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n", text.decode(), re.DOTALL)
    assert part
    here = moment.astimezone(ZoneInfo(PACIFIC))
    # The hour that is there twice is told by its clock alone; a reader may take either.
    wall = here.replace(tzinfo=None)
    again = (moment + timedelta(hours=1)).astimezone(ZoneInfo(PACIFIC)).replace(tzinfo=None)
    before = (moment - timedelta(hours=1)).astimezone(ZoneInfo(PACIFIC)).replace(tzinfo=None)
    if wall not in (again, before):
        assert tz.tzical(io.StringIO(part[0])).get(PACIFIC).utcoffset(wall) == here.utcoffset()


def test_a_zone_whose_rule_is_the_last_sunday_is_written_too() -> None:
    item = made(date(2026, 10, 25), time(18), time(19))
    assert next(told_moments(to_icalendar([item], {}, "Europe/Madrid")))[0] == utc(25, 17, 0, 10)
    assert next(told_moments(to_icalendar([made(date(2026, 7, 1), time(18))], {}, "Asia/Tokyo")))[0] == utc(
        1, 9, 0, 7
    )


def test_a_day_without_hours_is_a_whole_day_and_needs_no_zone() -> None:
    content = to_icalendar([made(date(2026, 11, 30), place="Oasis")], TITLES, PACIFIC, invented=True)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]) == "P: One (invented)"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 11, 30), date(2026, 12, 1))
    assert b"VTIMEZONE" not in content


def test_a_calendar_says_where_with_whom_and_until_when() -> None:
    item = made(date(2026, 7, 1), time(18), place="Salón #2, Mecca", point=(-116.1, 33.6), partner="CVUSD")
    (event,) = Calendar.from_ical(to_icalendar([item], TITLES, PACIFIC)).walk("VEVENT")
    assert (event["geo"].latitude, event["geo"].longitude) == (33.6, -116.1)
    assert event.decoded("dtend").isoformat() == "2026-07-01T19:00:00-07:00"
    assert str(event["location"]) == "Salón #2, Mecca"
    assert "CVUSD" in str(event["description"])


def test_a_calendar_follows_an_event_through_its_changes(tmp_path: Path) -> None:
    """One identifier, a rising sequence, the day of the last change; withdrawn, it is canceled there."""
    book = ProgramBook(Journal(open_database(f"sqlite:///{tmp_path / 'store.db'}")), "demo")
    fields = {"program": "regional_plan", "id": "a", "event_kind": "session", "title": "Foro; uno, dos"}
    event = Event.make(fields | {"on": "2019-03-01", "note": "the heron", "headcount": 7})
    seen = []
    book.add([event], "Ana")
    seen.append(told(book))
    book.change(event.model_copy(update={"place": "Mecca"}), 1, "Ana")
    seen.append(told(book))
    book.withdraw(Event, event.key, 2, "Ana", "rained out")
    seen.append(told(book))
    uids, sequences, states, changed, titles = zip(*seen, strict=True)
    assert set(uids) == {"regional_plan/a@programmes"}
    assert sequences == (0, 1, 2)
    assert states == ("CONFIRMED", "CONFIRMED", "CANCELLED")
    assert list(changed) == sorted(changed)
    assert set(titles) == {"Foro; uno, dos"}


def told(book: ProgramBook) -> tuple[str, int, str, datetime, str]:
    dated = list_dated(book, {"regional_plan": book.programs()["regional_plan"]}, date(2019, 6, 1), {})
    content = to_icalendar([item for item in dated if item.is_event], {}, PACIFIC, remind=timedelta(days=1))
    for hidden in (b"heron", b"rained", b"Ana", b"headcount"):
        assert hidden not in content
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert len(event.walk("VALARM")) == (0 if event["status"] == "CANCELLED" else 1)
    stamp = event["last-modified"].dt
    return str(event["uid"]), int(event["sequence"]), str(event["status"]), stamp, str(event["summary"])


def test_a_reminder_comes_as_long_before_as_was_chosen() -> None:
    content = to_icalendar([made(date(2026, 12, 1), time(9))], {}, PACIFIC, remind=timedelta(hours=1))
    (alarm,) = Calendar.from_ical(content).walk("VALARM")
    assert (str(alarm["action"]), alarm["trigger"].dt) == ("DISPLAY", timedelta(hours=-1))
    assert b"VALARM" not in to_icalendar([made(date(2026, 12, 1), time(9))], {}, PACIFIC)


def test_what_is_no_event_keeps_its_identifier_and_is_another_in_another_region() -> None:
    milestone = Dated(Other.MILESTONE, "p/Report", date(2026, 12, 1), "Report", "p")
    first, again = (to_icalendar([milestone], {}, PACIFIC, region="demo") for _ in range(2))
    other = to_icalendar([milestone], {}, PACIFIC, region="coachella")
    uids = [str(Calendar.from_ical(item).walk("VEVENT")[0]["uid"]) for item in (first, again, other)]
    assert uids[0] == uids[1] != uids[2]
