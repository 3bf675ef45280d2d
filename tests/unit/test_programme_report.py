"""The one-page report and the calendar, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from icalendar import Calendar
from shapely.geometry import box

from geo.language import use_language
from geo.measures import Records
from geo.programme import read_programmes
from geo.programme_area import Area
from reports.calendar import to_icalendar
from reports.programme import make_report, to_html, to_pdf
from store.programmes import Event

AREA = Area("<b>District</b>", box(0, 0, 1, 1), "a stand-in")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Reported by the organisation"), ("es", "Informado por")]
)
@pytest.mark.parametrize("key", list(read_programmes()))
def test_every_programme_has_one_page(key: str, language: str, words: str) -> None:
    use_language(language)
    report = make_report(read_programmes()[key], AREA, Records(), date(2026, 1, 1), full=False, invented=True)
    page = to_html(report).decode()
    assert words in page
    assert f'lang="{language}"' in page
    assert "&lt;b&gt;District" in page
    assert "http" not in page
    content = to_pdf(report)
    assert len(re.findall(rb"/Type /Page\b", content)) == 1


def test_a_calendar_can_be_read_back() -> None:
    fields = {"programme": "p", "event_kind": "forum", "title": "One", "on": "2026-11-30", "place": "Oasis"}
    events = [Event.make(fields), Event.make(fields | {"begins_at": "18:00", "ends_at": "20:00"})]
    found = Calendar.from_ical(to_icalendar(events, {"p": "P"}, invented=True)).walk("VEVENT")
    assert [str(item["summary"]) for item in found] == ["P: One (invented)"] * 2
    assert found[0].decoded("dtstart") == date(2026, 11, 30)
    assert found[1].decoded("dtstart").isoformat() == "2026-11-30T18:00:00-08:00"
