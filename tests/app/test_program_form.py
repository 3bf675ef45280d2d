"""A program made and changed on the page, as a coordinator does it who never saw its file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts.program.program_form import DRAWN, Place, drawn_area
from geo.errors import GeoError
from geo.language import use_language
from geo.program.declaration import Counted, Program, read_programs, to_program
from geo.program.draft import usual_measure
from geo.region import read_region
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import Boundary, Event

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def book(tmp_path: Path, demo_built: str, monkeypatch: pytest.MonkeyPatch) -> ProgramBook:
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    return ProgramBook(Journal(open_database()), demo_built)


def open_page(page: str, name: str = "Ana", tab: str = "Current status", **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"region": "demo", **params})
    app.session_state["person.name"] = name
    app.session_state["program.tabs"] = tab
    return app.switch_page(f"app_pages/{page}.py").run()


def press(app: AppTest, label: str) -> AppTest:
    next(item for item in app.button if item.label == label).click().run()
    assert not app.exception
    return app


def test_what_is_missing_is_named_and_nothing_is_written(book: ProgramBook) -> None:
    app = press(open_page("programs"), "Make the program")
    assert app.error[0].value.startswith(
        "not filled in yet: Title (what people call it), Begins (its first day)"
    )
    app.multiselect(key="new.0..counted").set_value([]).run()
    app.text_input(key="new.0..title").set_value("Fall forums")
    app.date_input(key="new.0..begins").set_value(date(2027, 9, 1))
    app.date_input(key="new.0..ends").set_value(date(2027, 8, 1))
    press(app, "Make the program")
    assert "What do you want to count? (choose at least one)" in app.error[0].value
    app.multiselect(key="new.0..counted").set_value(["events"]).run()
    press(app, "Make the program")
    assert "it ends (2027-08-01) before it begins (2027-09-01)" in app.error[0].value
    assert list(book.programs()) == list(read_programs())


def test_title_day_and_goal_are_enough_for_a_program(book: ProgramBook) -> None:
    """What nobody was asked about is usual; the form begins anew for the next program."""
    app = open_page("programs")
    app.text_input(key="new.0..title").set_value("Fall forums")
    app.date_input(key="new.0..begins").set_value(date(2027, 9, 1))
    app.number_input(key="new.0..people.goal").set_value(250)
    press(app, "Make the program")
    assert "Made: Fall forums." in [item.value for item in app.success]
    assert "Made: Fall forums." in [item.value for item in app.toast]
    assert not [item for item in app.text_input if item.key == "new.1..title"]
    made = book.programs()["fall_forums"]
    assert made.measures == (usual_measure(Counted.PEOPLE).model_copy(update={"target": 250, "baseline": 0}),)
    assert (made.purpose, made.ends, made.own_report) == ("", None, False)
    app.button(key="programs.new.again").click().run()
    assert not app.text_input(key="new.1..title").value
    rows = app.dataframe[0].value.set_index("key")
    assert rows.loc["fall_forums", "aim"] == ""
    shown = open_page("program", program="fall_forums")
    assert not shown.exception
    assert "250" in [item.value for item in shown.metric if item.label == "Target"]


def test_a_template_gives_all_but_its_days_goals_and_results(book: ProgramBook) -> None:
    app = open_page("programs")
    app.selectbox(key="new.0.template").set_value("health_enrollment").run()
    tag = "new.0.health_enrollment"
    assert app.multiselect(key=f"{tag}.counted").value == ["eligible_uninsured", "enrolled"]
    app.text_input(key=f"{tag}.title").set_value("Coverage 2027")
    app.date_input(key=f"{tag}.begins").set_value(date(2027, 1, 1))
    app.number_input(key=f"{tag}.enrolled.goal").set_value(900)
    press(app, "Make the program")
    made, template = book.programs()["coverage_2027"], read_programs()["health_enrollment"]
    assert made.measure("enrolled").target == 900
    uninsured = made.measure("eligible_uninsured")
    assert (uninsured.baseline, uninsured.target, uninsured.result) == (None, None, None)
    assert (made.kind, made.eligibility, made.areas) == ("enrollment", template.eligibility, template.areas)
    assert (made.begins, made.ends, made.purpose) == (date(2027, 1, 1), None, template.purpose)
    assert [item.due for item in made.milestones] == [None]


def test_a_template_in_spanish_keeps_the_words_that_were_not_touched(book: ProgramBook) -> None:
    app = open_page("programs", lang="es")
    use_language("es")
    app.selectbox(key="new.0.template").set_value("school_funding").run()
    app.text_input(key="new.0.school_funding.title").set_value("Fondos escolares 2027")
    app.date_input(key="new.0.school_funding.begins").set_value(date(2027, 1, 1))
    press(app, "Crear el programa")
    use_language("en")
    made, template = book.programs()["fondos_escolares_2027"], read_programs()["school_funding"]
    assert [item.title for item in made.measures] == [item.title for item in template.measures]
    assert (made.audience, made.milestones[0].title) == (template.audience, template.milestones[0].title)


def test_two_ways_to_count_of_one_kind_and_a_regular_one(book: ProgramBook) -> None:
    app = open_page("programs")
    app.multiselect(key="new.0..counted").set_value(["people", "in_a_row", "households"]).run()
    assert any("residents at 4 sessions one after another" in item.value for item in app.caption)
    app.text_input(key="new.0..title").set_value("Plan 2027")
    app.date_input(key="new.0..begins").set_value(date(2027, 1, 1))
    app.number_input(key="new.0..in_a_row.at_least").set_value(3)
    app.text_input(key="new.0..in_a_row.title").set_value("Came to three in a row")
    press(app, "Make the program")
    made = book.programs()["plan_2027"]
    assert [item.key for item in made.measures] == ["people", "in_a_row", "households"]
    rule = made.measure("in_a_row")
    assert (rule.title, rule.regularity.least, rule.regularity.in_a_row) == (
        "Came to three in a row",
        3,
        True,
    )


def a_program() -> Program:
    measure = usual_measure(Counted.PEOPLE).model_dump()
    fields = {"key": "own", "title": "Own", "purpose": "", "begins": "2027-01-01", "measures": [measure]}
    return to_program(fields | {"areas": [{"focus": True}]})


def test_a_drawn_area_comes_with_its_program_or_neither(book: ProgramBook) -> None:
    region, program = read_region("demo"), a_program()
    west, south, east, north = region.focus[0].bounds
    corners = [[west, south], [east, south], [east, north], [west, south]]
    drawing = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [corners]}}
    with pytest.raises(GeoError, match="draw"):
        drawn_area(region, program, Place(DRAWN, []))
    boundary = drawn_area(region, program, Place(DRAWN, [drawing]))
    book.make(program, "Ana", boundary)
    [kept] = book.kept(Boundary, "own")
    assert (kept.record.drawn, kept.who) == (True, "Ana")
    app = open_page("program", program="own")
    assert any("drawn by hand on this page" in item.value for item in app.warning)


def test_a_goal_changes_with_a_day_and_a_reason_that_everybody_reads(book: ProgramBook) -> None:
    app = open_page("program", tab="Change", program="regional_plan")
    tag = "goal.regional_plan.0"
    app.number_input(key=f"{tag}.goal").set_value(120)
    app.date_input(key=f"{tag}.on").set_value(date(2019, 3, 4))
    press(app, "Change the target")
    assert "no reason is given" in app.error[0].value
    assert book.version("regional_plan") is None
    app.text_input(key=f"{tag}.why").set_value("two more towns joined")
    press(app, "Change the target")
    assert not app.error
    words = (
        "Target changed from Mar 4, 2019: Residents who took part, no target set to 120. "
        "Why: two more towns joined"
    )
    visitor = open_page("program", name="", program="regional_plan")
    assert words in [item.value for item in visitor.caption]
    tag = "goal.regional_plan.1"
    again = open_page("program", tab="Change", program="regional_plan")
    again.number_input(key=f"{tag}.goal").set_value(120)
    again.text_input(key=f"{tag}.why").set_value("the same")
    press(again, "Change the target")
    assert "the target is 120 already" in again.error[0].value
    again.number_input(key=f"{tag}.goal").set_value(None)
    press(again, "Change the target")
    changes = book.programs()["regional_plan"].goal_changes
    assert [(item.before, item.after) for item in changes] == [(None, 120), (120, None)]


def test_who_sets_a_target_after_the_end_reads_before_and_after_that_it_judges_nothing(
    book: ProgramBook,
) -> None:
    app = open_page("program", tab="Change", program="regional_plan")
    assert any("a target set from a later day gets no verdict" in item.value for item in app.warning)
    app.number_input(key="goal.regional_plan.0.goal").set_value(120)
    app.text_input(key="goal.regional_plan.0.why").set_value("for the next plan")
    press(app, "Change the target")
    captions = [item.value for item in open_page("program", program="regional_plan").caption]
    [told] = [words for words in captions if "Originally:" in words]
    assert "Originally: no target." in told
    assert "The target was set after the period ended: no verdict." in told
    assert "not reached" not in " ".join(captions)
    app = open_page("program", tab="Change", program="infrastructure_task_force")
    assert not any("gets no verdict" in item.value for item in app.warning)


def test_of_two_who_change_a_goal_the_second_decides_and_both_changes_stand(book: ProgramBook) -> None:
    """The one before is then what the first made of it, and the day is the second's own."""
    app = open_page("program", tab="Change", program="regional_plan")
    plan = book.programs()["regional_plan"]
    book.revise(plan.aim("took_part", 90, date(2019, 2, 1), "agreed"), 0, "Luis", "agreed")
    app.number_input(key="goal.regional_plan.0.goal").set_value(120)
    app.date_input(key="goal.regional_plan.0.on").set_value(date(2019, 3, 4))
    app.text_input(key="goal.regional_plan.0.why").set_value("more towns")
    press(app, "Change the target")
    assert "Luis changed this in the meantime" in app.error[0].value
    app.button(key="program.conflict.mine").click().run()
    assert not app.exception
    found = [
        (item.before, item.after, item.on, item.why) for item in book.programs()["regional_plan"].goal_changes
    ]
    assert found == [
        (None, 90, date(2019, 2, 1), "agreed"),
        (90, 120, date(2019, 3, 4), "more towns"),
    ]


def test_a_measure_is_taken_off_and_another_put_on_by_its_name(book: ProgramBook) -> None:
    event = {"program": "civic_forums", "event_kind": "forum", "title": "F", "on": "2018-10-01"}
    book.hold(Event.make(event), [], "Ana")
    app = open_page("program", tab="Change", program="civic_forums")
    tag = "revise.civic_forums.0"
    chosen = app.multiselect(key=f"{tag}.counted").value
    assert chosen == ["forums", "questions", "took_part", "turnout_doors"]
    app.multiselect(key=f"{tag}.counted").set_value(["forums", "took_part", "consistent"]).run()
    app.text_input(key=f"{tag}.why").set_value("simpler")
    press(app, "Record the new version")
    assert not app.error
    made, shipped = book.programs()["civic_forums"], read_programs()["civic_forums"]
    assert [item.key for item in made.measures] == ["forums", "took_part", "consistent"]
    assert made.measures[:2] == (shipped.measure("forums"), shipped.measure("took_part"))
    assert (made.kind, made.areas, made.partners) == (shipped.kind, shipped.areas, shipped.partners)
