"""The one-page report, in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import escape

import pandas as pd
import pytest
from shapely.geometry import box

from app_pages.parts.charts import burn_up
from geo.language import gettext, use_language
from geo.program.area import Area
from geo.program.declaration import read_programs
from geo.program.figures import ProgramFigures, Together
from geo.program.measures import Records
from geo.program.public_view import PublicFigures
from reports.graphics import draw_curve, to_svg
from reports.program_document import Summary, campaigns_pdf
from reports.program_page import to_html, to_pdf
from reports.program_report import make_report
from reports.program_sections import Forums, Section, Told, sections_of
from reports.workbooks import people_workbook, program_workbook
from wording.program import HEADINGS
from wording.program_results import summary_rows, together_words

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


def attended(*counts: int) -> Records:
    """Sessions a month apart, the same people first; so many each."""
    days = pd.date_range("2016-01-15", periods=len(counts), freq="MS")
    events = pd.DataFrame({"event": [f"e{n}" for n in range(len(counts))], "program": "p", "on": days})
    rows = [("p", f"e{n}", f"c{person}") for n, count in enumerate(counts) for person in range(count)]
    return Records(
        events=events.assign(event_kind="session", title=events["event"], series=""),
        attendance=pd.DataFrame(rows, columns=["program", "event", "person"]),
    )


@pytest.mark.parametrize(("language", "words"), [("en", "a little higher"), ("es", "puede ser algo mayor")])
def test_a_page_for_everybody_says_that_its_counts_can_be_a_little_low(language: str, words: str) -> None:
    """98 printed where 104 came is no mistake; the exact page has no such excuse."""
    use_language(language)
    program, records, day = read_programs()["school_funding"], attended(104, 40), date(2026, 1, 1)
    everybody, staff = (
        to_html(make_report(kind(program, records, day), AREA, invented=False)).decode()
        for kind in (PublicFigures, ProgramFigures)
    )
    assert (words in everybody, words in staff) == (True, False)
    [about] = (
        read_workbook(program_workbook(PublicFigures(program, records, day), AREA, invented=False))[title]
        for title in [gettext("About")]
    )
    assert words in about.to_string()


def test_a_workbook_for_others_has_no_small_count() -> None:
    program = read_programs()["school_funding"]
    records, day = attended(30, 7, 25), date(2026, 1, 1)
    full = read_workbook(program_workbook(ProgramFigures(program, records, day), AREA, invented=True))
    assert full["Sessions"]["People"].tolist() == [30, 7, 25]
    said = full["Columns"]
    assert set(said["Sheet"]) == set(full) - {"About", "Columns"}
    assert [name for title in said["Sheet"].unique() for name in full[title].columns] == list(said["Column"])
    assert said.loc[said["What it is"] == "not described", "Column"].tolist() == []
    assert "INVENTED" in full["About"].to_string()
    others = read_workbook(program_workbook(PublicFigures(program, records, day), AREA, invented=False))
    assert others["Sessions"]["People"].tolist()[0] == 30
    counts = tuple(HEADINGS[name] for name in ("people", "back", "others", "new", "value"))
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


def longer(figures: ProgramFigures, **changed: object) -> dict[str, Section]:
    """The longer report's sections by their titles."""
    tracts = pd.DataFrame(
        {"geoid": ["06065045303", "06065045304"], "ca_htc_index": [80.0, 20.0], "by_this": [True, False]}
    ).assign(households=[100.0, 300.0], households_moe=[3.0, 4.0])
    told = {
        "area": AREA,
        "reached": pd.DataFrame({"title": ["Comments handed in"], "on": [pd.Timestamp("2020-01-10")]}),
        "tracts": tracts,
        "map": None,
        "sources": ("Bureau, 2019",),
        "invented": False,
    }
    return {section.title: section for section in sections_of(figures, Told(**(told | changed)))}  # type: ignore[arg-type]


def plan_of_seventy() -> ProgramFigures:
    """Seventy at all of four sessions of 2019, and thirty at the first two and the last of five."""
    days = pd.to_datetime(["2019-02-01", "2019-03-01", "2019-04-01", "2019-05-01"])
    events = pd.DataFrame({"event": list("abcd"), "program": "regional_plan", "on": days, "series": ""})
    rows = [("regional_plan", event, f"p{n}") for event in "abcd" for n in range(70)]
    rows += [("regional_plan", event, f"q{n}") for event in "abd" for n in range(30)]
    records = Records(
        events=events.assign(event_kind="session", title="S " + events["event"], partner="Clinic"),
        attendance=pd.DataFrame(rows, columns=["program", "event", "person"]),
    )
    plan = read_programs()["regional_plan"].aim("took_part", 80, date(2019, 6, 1), "asked for")
    return ProgramFigures(plan, records, date(2020, 6, 1))


def test_the_longer_report_says_each_thing_by_its_rule() -> None:
    found = longer(plan_of_seventy())
    aims = {row[0]: row[1:] for row in found["The aim, and where it stands"].rows}
    assert aims["Residents who came to 4 sessions in a row"][1:3] == ("no target set", "70")
    assert "no verdict" in aims["Residents who came to 4 sessions in a row"][3]
    compared = found["Reported results, and what is counted"].rows[1:]
    assert [row[3] for row in compared] == ["The same as reported."]
    back = found["Who came back"]
    assert "70. Who counts: whoever came to 4 sessions in a row" in back.words[0]
    assert back.rows[1:] == (("1 of 4", "100"), ("2 of 4", "100"), ("3 of 4", "100"), ("4 of 4", "70"))
    in_a_row = found["Residents who came to 4 sessions in a row"].rows[1:]
    assert [row[2] for row in in_a_row] == ["70"] * 4
    assert [row[3] for row in in_a_row] == ["100", "100", "70", "100"]
    assert found["Milestones"].rows[1][3] == "reached, 10 days late"
    assert found["Changed targets"].rows[1] == (
        *("2019-06-01", "Residents who took part", "no target set", "80"),
        "asked for",
    )
    assert found["Partners"].rows[1:] == (
        ("Southern California Association of Governments", "0"),
        ("Clinic", "4"),
    )
    classes = found["By hard-to-count index"].rows[1:]
    assert classes == (
        ("80 and above", "1", "1", "100 ± 3", "100 ± 3"),
        ("under 60", "1", "0", "300 ± 4", "0 ± 0"),
    )


def test_what_does_not_apply_is_in_no_report_and_in_no_workbook() -> None:
    figures = ProgramFigures(read_programs()["census_2020"], Records(), date(2026, 1, 1))
    nothing = pd.DataFrame(columns=["title", "on"])
    found = longer(figures, tracts=None, reached=nothing)
    gone = {"Session by session", "Who came back", "Counted without names", "Changed targets"}
    assert not gone & set(found)
    assert set(read_workbook(program_workbook(figures, AREA, invented=False))) == {
        *("About", "Measures"),
        "Columns",
    }


def test_no_sentence_of_the_longer_report_stays_english_in_spanish() -> None:
    """What is the same in both languages holds no English word that is not a name."""
    figures = plan_of_seventy()

    def said(language: str) -> list[str]:
        use_language(language)
        parts = []
        for section in longer(figures).values():
            parts += [section.title, *section.words, *(cell for row in section.rows for cell in row)]
        return parts

    english, spanish = said("en"), said("es")
    same = {a for a, b in zip(english, spanish, strict=True) if a == b and re.search(r"[A-Za-z]{3}", a)}
    assert len(english) > 80
    assert same == {
        *("Southern California Association of Governments", "Clinic"),
        # As the test gave them.
        *("asked for", "a stand-in", "Bureau, 2019"),
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_several_programs_are_one_summary_and_a_page_each(language: str) -> None:
    use_language(language)
    every = [PublicFigures(program, Records(), date(2026, 1, 1)) for program in read_programs().values()]
    reports = [make_report(figures, AREA, invented=True) for figures in every]
    notes = [together_words(Together(90, 120, 25), 6)]
    content = campaigns_pdf(
        Summary("Valley", date(2026, 1, 1), summary_rows(every), notes, "INVENTED DATA"), reports
    )
    assert len(re.findall(rb"/Type /Page\b", content)) == 1 + len(every)


def test_people_by_session_are_codes_and_the_same_seventy_every_time() -> None:
    figures = plan_of_seventy()
    book = read_workbook(people_workbook(figures, invented=True))
    table = book["People by session"].fillna("")
    sessions = [name for name in table if str(name).startswith("2019-")]
    regular = table[table["Residents who came to 4 sessions in a row"] == "x"]
    assert len(sessions) == 4
    assert len(regular) == 70
    assert (regular[sessions] == "x").all(axis=None)
    assert table["Sessions attended"].tolist() == (table[sessions] == "x").sum(axis=1).tolist()
    assert "INVENTED" in book["About"].to_string()
    public = PublicFigures(figures.program, figures.records, figures.day)
    assert read_workbook(people_workbook(public, invented=True))["People by session"].empty


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
    now, reason, before, on = (gettext(name) for name in ("Now", "Reason", "Before", "Day"))
    assert sheet[[now, reason]].to_numpy().tolist() == [[120, "<two> more towns"]]
    assert sheet[before].isna().all()
    assert pd.to_datetime(sheet[on]).dt.date.tolist() == [date(2019, 3, 4)]


def test_the_chart_of_several_in_a_row_stands_first_and_one_value_alone_is_no_chart() -> None:
    figures = plan_of_seventy()
    four = figures.program.measure("all_sessions")
    report = make_report(figures, AREA, invented=False)
    assert report.curves == (), "all seventy are there from the first session, and at the fourth"
    early = four.model_copy(update={"at_least": 2})
    measures = [early if item.key == four.key else item for item in figures.program.measures]
    program = figures.program.model_copy(update={"measures": tuple(measures)})
    came = figures.records.attendance
    late = came["person"].isin(sorted(came["person"].unique())[:10])
    records = replace(figures.records, attendance=came[~(late & (came["event"] == came["event"].min()))])
    found = make_report(ProgramFigures(program, records, figures.day), AREA, invented=False)
    assert [title for title, _chart in found.curves] == [
        "Residents who came to 4 sessions in a row (people)",
        "Residents who took part (people)",
    ]


def test_what_nobody_counted_is_a_dash_to_staff_and_hidden_to_others() -> None:
    figures = plan_of_seventy()
    counted = {"headcount": [75.0, None, 80.0, 71.0], "uncoded": [None, 2.0, None, None]}
    records = replace(
        figures.records, events=figures.records.events.assign(headcount_how="by Luis", **counted)
    )
    rows = longer(ProgramFigures(figures.program, records, figures.day))["Counted without names"].rows
    assert len(rows) == 5
    assert "hidden" not in str(rows)
    assert rows[2][2] == "–"


@pytest.mark.parametrize(("kind", "reads"), [(ProgramFigures, True), (PublicFigures, False)])
def test_the_longer_report_lists_races_candidates_and_minutes_and_questions_to_those_who_may_read_them(
    kind: type[ProgramFigures], reads: bool
) -> None:
    day = pd.Timestamp("2018-10-01")
    race = {"on": pd.Timestamp("2018-11-06"), "title": "Board", "district": "D", "area": "Area 1"}
    spoken = {"on": day, "event": "Forum", "race": "Board", "candidate": ["A", "B"]}
    asked = {"on": [day] * 12, "text": [f"Who pays {n}?" for n in range(12)], "race": "Board"}
    forums = Forums(
        pd.DataFrame([race | {"candidates": ("A", "B")}]),
        pd.DataFrame(spoken | {"attended": [True, False], "minutes": [6.5, None]}),
        pd.DataFrame(asked),
    )
    found = longer(kind(read_programs()["civic_forums"], Records(), date(2026, 1, 1)), forums=forums)
    assert found["Races and their candidates"].rows[1:] == (("2018-11-06", "Board", "D: Area 1", "A, B"),)
    times = found["The same time for every candidate"].rows[1:]
    assert [row[3:] for row in times] == [("A", "yes", "6.5"), ("B", "no", "–")]
    questions = found["Questions collected from residents"]
    assert (len(questions.rows), questions.words) == ((13, ()) if reads else (0, ("12",)))
    assert ("Who pays 3?" in str(found.values())) == reads
    none = longer(kind(read_programs()["census_2020"], Records(), date(2026, 1, 1)))
    assert "Races and their candidates" not in none


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_milestone_of_a_program_that_has_ended_is_not_told_as_years_late(language: str) -> None:
    """A funder would read of what was reported as reached that it is more than ten years over."""
    use_language(language)
    figures = PublicFigures(read_programs()["health_enrollment"], Records(), date(2026, 1, 1))
    report = make_report(figures, AREA, invented=False)
    assert report.milestones[1][3] == gettext("not marked as reached")


def test_days_of_a_few_weeks_are_each_named_once_on_the_axis() -> None:
    """Left alone, the axis said the same month at every tick."""
    figures = plan_of_seventy()
    measure = figures.program.measure("took_part")
    for days, form, step in (
        (["2026-09-05", "2026-09-12", "2026-10-03"], "%b %-d, %Y", {"interval": "day", "step": 4}),
        (["2019-02-01", "2019-06-01"], "%b %Y", {"interval": "month", "step": 1}),
        (["2015-02-01", "2024-06-01"], "%b %Y", {"interval": "month", "step": 12}),
    ):
        curve = pd.Series(range(10, 10 + len(days)), index=pd.to_datetime(days), dtype=float)
        chart = burn_up(measure, curve, pd.Series(dtype=float)).to_dict()
        axis = chart["layer"][0]["encoding"]["x"]["axis"]
        assert (axis["format"], axis["tickCount"]) == (form, step)
