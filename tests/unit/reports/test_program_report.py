"""The one-page report and the calendar, in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from html import escape

import pandas as pd
import pytest
from icalendar import Calendar
from shapely.geometry import box

from geo.language import gettext, use_language
from geo.program.area import Area
from geo.program.declaration import read_programs
from geo.program.figures import ProgramFigures
from geo.program.measures import Records
from geo.program.public_view import PublicFigures
from reports.calendar import to_icalendar
from reports.graphics import draw_curve, to_svg
from reports.program_page import to_html, to_pdf
from reports.program_report import make_report
from reports.workbooks import program_workbook
from store.program.kinds import Event

AREA = Area("<b>District</b>", box(0, 0, 1, 1), "a stand-in")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Reported by the organization"), ("es", "Informado por")]
)
@pytest.mark.parametrize("key", list(read_programs()))
def test_every_program_has_one_page(key: str, language: str, words: str) -> None:
    use_language(language)
    program = read_programs()[key]
    report = make_report(PublicFigures(program, Records(), date(2026, 1, 1)), AREA, invented=True)
    page = to_html(report).decode()
    assert (words in page) == any(measure.result is not None for measure in program.measures)
    assert all(escape(gettext(measure.title)) in page for measure in program.measures)
    assert f'lang="{language}"' in page
    assert "&lt;b&gt;District" in page
    assert "http" not in page
    content = to_pdf(report)
    assert len(re.findall(rb"/Type /Page\b", content)) == 1


def test_a_calendar_can_be_read_back() -> None:
    fields = {"program": "p", "event_kind": "forum", "title": "One", "on": "2026-11-30", "place": "Oasis"}
    events = [Event.make(fields), Event.make(fields | {"begins_at": "18:00", "ends_at": "20:00"})]
    found = Calendar.from_ical(to_icalendar(events, {"p": "P"}, invented=True)).walk("VEVENT")
    assert [str(item["summary"]) for item in found] == ["P: One (invented)"] * 2
    assert found[0].decoded("dtstart") == date(2026, 11, 30)
    assert found[1].decoded("dtstart").isoformat() == "2026-11-30T18:00:00-08:00"


def test_a_calendar_says_where_and_until_when() -> None:
    fields = {"program": "p", "event_kind": "forum", "title": "One", "on": "2026-07-01", "partner": "CVUSD"}
    placed = fields | {"longitude": -116.1, "latitude": 33.6, "begins_at": "18:00"}
    found = Calendar.from_ical(to_icalendar([Event.make(placed)], {"p": "P"})).walk("VEVENT")[0]
    assert (found["geo"].latitude, found["geo"].longitude) == (33.6, -116.1)
    assert found.decoded("dtend").isoformat() == "2026-07-01T19:00:00-07:00"
    assert "CVUSD" in str(found["description"])


def attended(*counts: int) -> Records:
    """Sessions a month apart, the same people first; so many each."""
    days = pd.date_range("2016-01-15", periods=len(counts), freq="MS")
    events = pd.DataFrame({"event": [f"e{n}" for n in range(len(counts))], "program": "p", "on": days})
    rows = [("p", f"e{n}", f"c{person}") for n, count in enumerate(counts) for person in range(count)]
    return Records(
        events=events.assign(event_kind="session", title=events["event"], series=""),
        attendance=pd.DataFrame(rows, columns=["program", "event", "person"]),
    )


def test_a_workbook_for_others_has_no_small_count() -> None:
    program = read_programs()["school_funding"]
    records, day = attended(30, 7, 25), date(2026, 1, 1)
    full = read_workbook(program_workbook(ProgramFigures(program, records, day), AREA, invented=True))
    assert full["Sessions"]["people"].tolist() == [30, 7, 25]
    said = full["Columns"]
    assert set(said["Sheet"]) == set(full) - {"About", "Columns"}
    assert [name for title in said["Sheet"].unique() for name in full[title].columns] == list(said["Column"])
    assert said.loc[said["What it is"] == "not described", "Column"].tolist() == []
    assert "INVENTED" in full["About"].to_string()
    others = read_workbook(program_workbook(PublicFigures(program, records, day), AREA, invented=False))
    assert others["Sessions"]["people"].tolist()[0] == 30
    counts = ("people", "back", "others", "new", "value")
    found = [value for sheet in others.values() for name in counts if name in sheet for value in sheet[name]]
    assert len([value for value in found if value >= 10]) > 4
    assert not [value for value in found if 0 < value < 10]
    assert "INVENTED" not in others["About"].to_string()


def read_workbook(content: bytes) -> dict[str, pd.DataFrame]:
    return pd.read_excel(io.BytesIO(content), sheet_name=None)


def test_a_curve_is_drawn_alike_for_both() -> None:
    """The goal's height, the first and the last point stand where the values say."""
    days = pd.to_datetime(["2020-01-01", "2020-01-11"])
    line = pd.Series([0.0, 10.0], index=days)
    drawing = draw_curve(pd.Series([0.0, 5.0], index=days), (246, 132), 10.0, "Target", line)
    svg = to_svg(drawing, "Residents <b>")
    assert 'aria-label="Residents &lt;b&gt;"' in svg
    assert 'points="38.0,114.0 38.0,114.0 238.0,114.0 238.0,64.0"' in svg
    assert 'points="38.0,114.0 238.0,14.0"' in svg


def test_the_times_of_each_forum_can_be_told_apart_and_none_is_left_out_in_silence() -> None:
    """Two forums of one race look the same without day and event; a race told as fair must be."""
    days = pd.date_range("2018-01-01", periods=8, freq="MS")
    rows = {
        "event": [f"Forum {place}" for place in range(8)],
        "race": "Board <A>",
        "candidates": 3,
        "timed": 2,
    }
    minutes = {"mean_minutes": 10.25, "difference_minutes": 0.5, "fair": [True] * 7 + [False]}
    figures = ProgramFigures(read_programs()["civic_forums"], Records(), date(2026, 1, 1))

    def page(times: pd.DataFrame) -> str:
        report = make_report(figures, AREA, invented=False, times=times)
        assert len(re.findall(rb"/Type /Page\b", to_pdf(report))) == 1
        return to_html(report).decode()

    times = pd.DataFrame(rows | minutes | {"on": days})
    whole = page(times)
    last = "<td>2018-08-01</td><td>Forum 7</td><td>Board &lt;A&gt;</td><td>2 of 3</td><td>10.25</td>"
    assert f"{last}<td>0.5</td><td>no</td>" in whole
    assert whole.count("<td>yes</td>") == 5
    assert "The last 6 of 8 races and events" in whole
    assert "not timed is in no average" in whole
    assert "The last" not in page(times.tail(6))


@pytest.mark.parametrize(("language", "title"), [("en", "Changed targets"), ("es", "Metas cambiadas")])
def test_a_changed_target_stands_in_report_and_workbook_with_its_day_and_reason(
    language: str, title: str
) -> None:
    use_language(language)
    plan = read_programs()["regional_plan"].aim("took_part", 120, date(2019, 3, 4), "<two> more towns")
    figures = PublicFigures(plan, Records(), date(2026, 1, 1))
    page = to_html(make_report(figures, AREA, invented=False)).decode()
    told = re.search(r"[^>]*120[^<]*&lt;two&gt; more towns", page)
    assert told is not None
    assert "2019" in told[0]
    assert to_pdf(make_report(figures, AREA, invented=False)).startswith(b"%PDF-")
    sheet = pd.read_excel(io.BytesIO(program_workbook(figures, AREA, invented=False)), sheet_name=title)
    assert sheet[["after", "why"]].to_numpy().tolist() == [[120, "<two> more towns"]]
    assert sheet["before"].isna().all()
    assert pd.to_datetime(sheet["on"]).dt.date.tolist() == [date(2019, 3, 4)]
