"""Names are drawn in their own letters, and what no font has is told in its place."""

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from reportlab.platypus import SimpleDocTemplate

from reports.calendar import to_icalendar
from reports.letters import to_markup, to_runs
from reports.water_meeting import to_table, to_text
from store.program.kinds import Event
from store.records import Kept
from wording.agenda import event_dated


@pytest.mark.parametrize(
    ("words", "fonts"),
    [
        ("Peña – “comillas” • ½ € ≥ → ✓", {""}),
        ("Łukasz Gęsiarski", {"NotoSans", ""}),
        ("ʔísily", {"NotoSans"}),
        ("Qawíšmal ṭáxliswet", {"NotoSans", ""}),
        ("P'urhépecha ïrheta", {""}),
        ("مياه", {"NotoSansArabic"}),
        ("水務 中国", {"MicroHei", ""}),
        ("Nguyễn", {"NotoSans"}),
    ],
)
def test_a_name_is_set_in_a_font_that_has_its_letters(words: str, fonts: set[str]) -> None:
    runs = to_runs(words)
    assert {font for text, font in runs if text.strip() or "" in fonts} == fonts
    assert "[U+" not in "".join(text for text, _font in runs)


def test_arabic_is_joined_and_runs_from_the_right_and_what_is_beside_it_does_not() -> None:
    drawn = "".join(text for text, _font in to_runs("Well 3: ماء Oasis"))
    assert drawn.startswith("Well 3: ")
    assert drawn.endswith(" Oasis")
    inside = drawn.removeprefix("Well 3: ").removesuffix(" Oasis")
    # Mim begins the word and is drawn last, in the form that joins to the alif before which it stands.
    assert unicodedata.name(inside[-1]) == "ARABIC LETTER MEEM INITIAL FORM"
    assert "HAMZA" in unicodedata.name(inside[0])


def test_a_letter_that_no_font_has_is_told_by_its_number_and_markup_is_escaped() -> None:
    assert to_markup("done 😀 <b>&") == "done [U+1F600] &lt;b&gt;&amp;"


def test_the_fonts_go_into_the_pdf() -> None:
    made = io.BytesIO()
    words = ["ʔísily <i>", "水務", "مياه", "😀"]
    SimpleDocTemplate(made).build(
        [to_table([words], [1, 1, 1, 1]), *(to_text(word, "Title") for word in words)]
    )
    for font in (b"NotoSans-Regular", b"NotoSansArabic", b"MicroHei"):
        assert font in made.getvalue()


def calendar_of(*events: Event) -> Calendar:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    dated = [event_dated(Kept(event, 1, made, "Ana", "", "")) for event in events]
    return Calendar.from_ical(to_icalendar(dated, {}, "America/Los_Angeles"))


def events_of(*times: str) -> list[datetime]:
    fields = {"program": "p", "id": "a", "event_kind": "forum", "title": "F", "on": "2026-03-08"}
    named = dict(zip(("begins_at", "ends_at"), times, strict=False))
    (found,) = calendar_of(Event.make(fields | named)).walk("VEVENT")
    return [found["DTSTART"].dt, found["DTEND"].dt]


def test_a_calendar_tells_its_zone_with_both_offsets() -> None:
    fields = {"program": "p", "id": "a", "event_kind": "forum", "title": "F", "begins_at": "18:00"}
    written = [Event.make(fields | {"on": day, "id": day}) for day in ("2026-01-15", "2026-07-15")]
    (zone,) = calendar_of(*written).walk("VTIMEZONE")
    offsets = {part.name: part["TZOFFSETTO"].td for part in zone.subcomponents}
    assert offsets == {"STANDARD": timedelta(hours=-8), "DAYLIGHT": timedelta(hours=-7)}
    bare = Event.make(
        {name: value for name, value in fields.items() if name != "begins_at"} | {"on": "2026-01-15"}
    )
    assert not calendar_of(bare).walk("VTIMEZONE")


def test_an_hour_that_clocks_skip_is_the_one_after() -> None:
    begins, ends = events_of("02:30")
    assert (begins.hour, begins.minute) == (3, 30)
    assert ends - begins == timedelta(hours=1)
