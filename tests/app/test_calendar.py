"""The calendar page: what is due until it is done, series, forums by hand, files for other calendars."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit
from icalendar import Calendar
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.widgets.button import ButtonMixin
from streamlit.testing.v1 import AppTest

from app_pages.parts.markup import SPLIT
from geo import days
from geo.datasets.storage import read_shapes_of
from geo.methods.person_codes import make_code
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import Attendance, Event, EventKind, Question, Race, SpeakingTime
from store.water.kinds import Milestone

ROOT = Path(__file__).resolve().parents[2]
DAY = days.day_in("America/Los_Angeles")
NO_SHEET = "who came is not recorded yet"


@pytest.fixture
def book(demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProgramBook:
    """An empty store of the demo."""
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    return ProgramBook(Journal(open_database()), demo_built)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each button for a file would hand out, by its key."""
    offered: dict[str, Any] = {}
    offer = ButtonMixin.download_button

    def note(holder: DeltaGenerator, label: str, data: Any, *args: Any, **options: Any) -> bool:
        offered[str(options["key"])] = data
        return offer(holder, label, data, *args, **options)

    monkeypatch.setattr(ButtonMixin, "download_button", note)
    monkeypatch.setattr(streamlit, "download_button", partial(note, streamlit._main))
    return offered


def open_page(page: str, name: str = "", **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"region": "demo", **params})
    app.session_state["person.name"] = name
    return app.switch_page(f"app_pages/{page}.py")


def open_record(program: str, tab: str = "Record") -> AppTest:
    app = open_page("program", "Ana", program=program)
    app.session_state["program.tabs"] = tab
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    return next(item for item in app.button if item.label == label).click().run()


def due_of(app: AppTest) -> str:
    return " ".join(item.proto.body for item in app.get("html") if "geo-due" in item.proto.body)


def session(title: str, on: date, **more: object) -> Event:
    fields = {"program": "civic_forums", "event_kind": "session", "title": title, "on": on}
    return Event.make(fields | more)


@pytest.mark.parametrize("way", ["headcount", "sheet"])
def test_an_event_is_reminded_of_from_the_day_after_until_somebody_says_who_came(
    book: ProgramBook, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded on its day, nothing is due; the day passes; a headcount or a list; nothing is due."""
    app = open_record("civic_forums")
    app.text_input(key="event.title").set_value("Evening in Oasis")
    app.date_input(key="event.on").set_value(DAY)
    press(app, "Record the event")
    assert not app.error
    assert NO_SHEET not in due_of(open_page("calendar", "Ana").run())
    later = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(days, "now", lambda: later)
    for page in ("calendar", "home", "programs"):
        told = due_of(open_page(page, "Ana").run())
        assert f'Evening in Oasis, <span class="late">{NO_SHEET}, 1 day ago' in told, page
        assert NO_SHEET not in due_of(open_page(page).run()), page
    app = open_page("calendar", "Ana").run()
    (event,) = book.events("civic_forums")
    if way == "headcount":
        press(app, "Record the headcount")
        assert "missing: Headcount (people, without names); How it was counted" in app.error[0].value
        app.number_input(key=f"headcount.{event.key}.people").set_value(31)
        app.text_input(key=f"headcount.{event.key}.how").set_value("hands were raised, by Luis")
        press(app, "Record the headcount")
        assert "Recorded: 31 at Evening in Oasis." in [item.value for item in app.success]
        (event,) = book.events("civic_forums")
        assert (event.headcount, event.headcount_how) == (31, "hands were raised, by Luis")
        assert book.people_at(event.key) == frozenset()
    else:
        press(app, "Open its sign-in sheet")
        assert app.session_state["sheet.event"] == event.key
        # The next run would go back to the page that the test opened.
        app.switch_page("app_pages/program.py").run()
        codes = [make_code("QX", number) for number in range(3)]
        area = next(item for item in app.text_area if item.label == "Or a typed list: a person a line")
        area.set_value("\n".join(codes)).run()
        app.button(key="sheet.confirm").click().run()
        assert book.people_at(event.key) == frozenset(codes)
    assert not app.exception
    for page in ("calendar", "home", "programs"):
        assert NO_SHEET not in due_of(open_page(page, "Ana").run()), page
    assert not [item for item in open_page("calendar", "Ana").run().button if item.key == "headcount.sheet"]


def test_a_headcount_never_overwrites_what_somebody_else_recorded(book: ProgramBook) -> None:
    book.add([session("One", DAY - timedelta(days=2))], "Ana")
    app = open_page("calendar", "Ana").run()
    (event,) = book.events()
    app.number_input(key=f"headcount.{event.key}.people").set_value(31)
    app.text_input(key=f"headcount.{event.key}.how").set_value("hands")
    book.change(event.model_copy(update={"place": "Mecca"}), 1, "Luis")
    press(app, "Record the headcount")
    assert "changed in the meantime" in app.error[0].value
    assert [(item.place, item.headcount) for item in book.events()] == [("Mecca", None)]


def test_an_event_without_a_day_is_refused_by_name(book: ProgramBook) -> None:
    """No day is filled in by itself: an event of last week would else be one of today."""
    app = open_record("civic_forums")
    assert app.date_input(key="event.on").value is None
    press(app, "Record the event")
    assert "2 fields need a correction (Title: is missing, Day: is missing)" in app.error[0].value
    app.text_input(key="event.title").set_value("One")
    press(app, "Record the event")
    assert "1 field needs a correction (Day: is missing)" in app.error[0].value
    assert book.events() == []


def test_a_known_place_comes_with_its_point(book: ProgramBook) -> None:
    """Of an earlier event, or of a list that was added; what is typed needs a point of its own."""
    at = {"place": "Library", "longitude": -116.07661, "latitude": 33.5712}
    book.add([session("First", DAY - timedelta(days=9), **at)], "Ana")
    app = open_record("civic_forums")
    app.selectbox(key="event.place").set_value("Library").run()
    assert "It is known: 33.57120, -116.07661 (latitude, longitude)." in [item.value for item in app.caption]
    app.text_input(key="event.title").set_value("Second")
    app.date_input(key="event.on").set_value(DAY)
    app.text_input(key="event.why").set_value("the place lies outside")
    press(app, "Record the event")
    assert not app.error
    second = next(item for item in book.events() if item.title == "Second")
    assert (second.place, second.longitude, second.latitude) == ("Library", -116.07661, 33.5712)


def test_known_places_outside_the_area_come_last_and_say_so(book: ProgramBook) -> None:
    """What is offered unmarked is taken without a reason; a marked one is kept under its own name."""
    mark = " (outside the program's area)"
    inner = next(iter(open_record("civic_forums").selectbox(key="event.place").options))
    assert not inner.endswith(mark)
    at = {"place": "A far library", "longitude": -100.0, "latitude": 33.5712}
    book.add([session("First", DAY - timedelta(days=9), **at)], "Ana")
    app = open_record("civic_forums")
    options = app.selectbox(key="event.place").options
    marked = [option.endswith(mark) for option in options]
    assert marked == sorted(marked)
    assert f"A far library{mark}" in options
    assert options[0] == inner
    for place, why in (("A far library", "it was there"), (inner, "")):
        app.selectbox(key="event.place").set_value(place).run()
        app.text_input(key="event.title").set_value(f"At {place}")
        app.date_input(key="event.on").set_value(DAY)
        app.text_input(key="event.why").set_value(why)
        press(app, "Record the event")
        assert not app.error
    assert {(item.title, item.place) for item in book.events()} == {
        ("First", "A far library"),
        ("At A far library", "A far library"),
        (f"At {inner}", inner),
    }


def test_classes_of_four_weeks_are_recorded_at_once_and_withdrawn_from_the_third_on(
    book: ProgramBook, files: dict[str, Any]
) -> None:
    """What was withdrawn is canceled in the calendars that have it, and stands on ours no more."""
    app = open_record("civic_forums")
    first = DAY + timedelta(days=3)
    app.text_input(key="event.title").set_value("Class")
    app.date_input(key="event.on").set_value(first)
    app.number_input(key="event.times").set_value(4)
    press(app, "Record the event")
    assert "it is not said how the event repeats" in app.error[0].value
    app.selectbox(key="event.repeat").set_value("week")
    app.number_input(key="event.headcount").set_value(7)
    press(app, "Record the event")
    assert "people or a headcount are given with an event that repeats" in app.error[0].value
    app.number_input(key="event.headcount").set_value(None)
    press(app, "Record the event")
    assert not app.error
    events = book.events("civic_forums")
    assert [(item.on - first).days for item in events] == [0, 7, 14, 21]
    assert {item.series for item in events} == {"Class"}
    app = open_record("civic_forums", "Change")
    app.selectbox(key="change.event").set_value(events[2].key).run()
    tag = f"change.{events[2].key}.1"
    app.toggle(key=f"{tag}.far").set_value(True)
    app.text_input(key=f"{tag}.why").set_value("no room")
    press(app, "Withdraw it")
    assert not app.exception
    assert "Withdrawn: 2 events." in app.success[0].value
    assert [item.key for item in book.events("civic_forums")] == [item.key for item in events[:2]]
    app = open_page("calendar", "Ana")
    app.session_state["calendar.view"] = "list"
    app.run()
    assert sum(item.value["title"].eq("Class").sum() for item in app.dataframe) == 2
    told = Calendar.from_ical(files["calendar.download.shown"]()).walk("VEVENT")
    classes = sorted((str(item["uid"]), str(item["status"])) for item in told if "Class" in item["summary"])
    canceled = {item.key for item in events[2:]}
    assert classes == sorted(
        (f"{item.key}@programmes", "CANCELLED" if item.key in canceled else "CONFIRMED") for item in events
    )


def test_an_event_with_people_is_withdrawn_only_by_who_says_so(book: ProgramBook) -> None:
    """Somebody who had another event in mind loses nobody's attendance by one click."""
    event = session("Forum", DAY)
    people = [Attendance(program=event.program, event=event.key, person=make_code("ZX", n)) for n in range(3)]
    book.add([event], "Ana")
    book.add(people, "Ana")
    app = open_record("civic_forums", "Change")
    app.selectbox(key="change.event").set_value(event.key).run()
    tag = f"change.{event.key}.1"
    app.text_input(key=f"{tag}.why").set_value("the wrong one")
    press(app, "Withdraw it")
    assert "people who came stand at this event" in app.error[0].value
    assert [item.key for item in book.events("civic_forums")] == [event.key]
    box = app.checkbox(key=f"{tag}.attendance")
    assert box.label == "To withdraw: the 3 people who came go with it"
    box.set_value(True)
    press(app, "Withdraw it")
    assert not app.error
    assert book.events("civic_forums") == []


def test_one_of_a_series_is_changed_by_itself_or_from_there_on(book: ProgramBook) -> None:
    days_of = [DAY + timedelta(days=7 * week) for week in (1, 2, 3)]
    book.add([session(f"Class {n}", on, series="Class") for n, on in enumerate(days_of)], "Ana")
    events = book.events()
    app = open_record("civic_forums", "Change")
    for event, far, place in ((events[0], False, "Mecca"), (events[1], True, "Oasis")):
        app.selectbox(key="change.event").set_value(event.key).run()
        tag = f"change.{event.key}.1"
        app.text_input(key=f"{tag}.place").set_value(place)
        app.toggle(key=f"{tag}.far").set_value(far)
        press(app, "Record the change")
        assert not app.exception
        assert not app.error
    assert [item.place for item in book.events()] == ["Mecca", "Oasis", "Oasis"]
    assert [item.title for item in book.events()] == ["Class 0", "Class 1", "Class 2"]


def test_one_program_one_kind_or_one_entry_is_taken_along(book: ProgramBook, files: dict[str, Any]) -> None:
    other = session("Elsewhere", DAY + timedelta(days=5))
    plan = session("Planned", DAY + timedelta(days=6), program="school_funding", begins_at="18:00")
    book.add([other, plan], "Ana")
    app = open_page("calendar", "Ana").run()
    assert {"Elsewhere", "Planned"} <= summaries(files)
    app.multiselect(key="calendar.programs").set_value(["school_funding"]).run()
    assert "Planned" in summaries(files)
    assert "Elsewhere" not in summaries(files)
    app.multiselect(key="calendar.kinds").set_value(["milestone"]).run()
    assert "Planned" not in summaries(files)
    app.multiselect(key="calendar.kinds").set_value([]).run()
    app.selectbox(key="calendar.reminder").set_value("day")
    app.selectbox(key="calendar.one").set_value(f"session/{plan.key}").run()
    content = files["calendar.download.one"]()
    (entry,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(entry["uid"]) == f"{plan.key}@programmes"
    assert [alarm["trigger"].dt for alarm in entry.walk("VALARM")] == [timedelta(days=-1)]
    assert b"TZID:America/Los_Angeles" in content
    assert content.count(b"BEGIN:VTIMEZONE") == 1


def summaries(files: dict[str, Any]) -> set[str]:
    told = Calendar.from_ical(files["calendar.download.shown"]()).walk("VEVENT")
    return {str(item["summary"]).rpartition(": ")[2].removesuffix(" (invented)") for item in told}


def test_a_month_is_a_table_of_its_days_and_another_is_one_press_away(book: ProgramBook) -> None:
    """The first month shown is this one; every day that holds something says its whole date and kind."""
    on = (DAY.replace(day=1) + timedelta(days=31)).replace(day=9)
    book.add([session("<b>Next</b>", on, begins_at="18:00")], "Ana")
    app = open_page("calendar").run()
    assert "<caption>" in month_of(app)
    assert "Next" not in month_of(app)
    press(app, "Next month")
    shown = month_of(app)
    assert "6:00 PM &lt;b&gt;Next&lt;/b&gt;" in shown
    assert f"{on:%A, %B} 9, {on.year}" in shown
    assert shown.count('<th scope="col">') == 7
    press(app, "This month")
    assert 'aria-current="date"' in month_of(app)
    press(app, "Previous month")
    assert "Nothing is on the calendar this month." in [item.value for item in app.caption]


def month_of(app: AppTest) -> str:
    (found,) = [item.proto.body for item in app.get("html") if "<caption>" in item.proto.body]
    return re.sub(r"<style>.*?</style>", "", found, flags=re.DOTALL)


def test_visitors_see_neither_notes_nor_counts_nor_small_systems_names(
    book: ProgramBook, files: dict[str, Any]
) -> None:
    systems = read_shapes_of("demo", "water_systems")
    withheld = systems[systems["name"].ne(systems["public_name"])].iloc[0]
    hidden = {"note": "ask the heron", "headcount": 7, "headcount_how": "by the egret"}
    book.add([session("Seen", DAY - timedelta(days=1), **hidden)], "Ana", why="the stork said so")
    plan = {"service": "water", "title": "Design", "planned_for": DAY}
    book.journal.append([Milestone.make(plan | {"pwsid": withheld["pwsid"]}).draft("demo", "Ana")])
    for name, sees in (("", False), ("Ana", True)):
        app = open_page("calendar", name)
        app.session_state["calendar.view"] = "list"
        app.run()
        shown = " ".join(item.value.to_csv() for item in app.dataframe) + due_of(app)
        file = files["calendar.download.shown"]().decode().replace("\r\n ", "")
        for text in (shown, file):
            assert "Seen" in text
            assert "Design" in text
            assert not [word for word in ("heron", "egret", "stork") if word in text]
            assert (str(withheld["name"]) in text) == sees


def test_a_forum_is_written_down_by_hand_in_one_form(book: ProgramBook) -> None:
    """Who was invited, who came, how long each spoke and what residents asked; the rest stays unknown."""
    forum = session("Forum", DAY - timedelta(days=1), event_kind="forum")
    race = Race.make(
        {
            "program": "civic_forums",
            "title": "Board",
            "district": "D",
            "on": DAY,
            "candidates": ["A", "B", "C"],
        }
    )
    book.add([forum, race], "Ana")
    app = open_record("civic_forums")
    key = f"times.{forum.key}.{race.key}"
    app.number_input(key=f"{key}.A").set_value(2.5)
    app.selectbox(key=f"{key}.B.came").set_value(False)
    app.checkbox(key=f"{key}.C.invited").set_value(False)
    app.text_area(key=f"{key}.questions").set_value("When does the bus run?\n\nWho pays?")
    press(app, "Record the forum")
    assert not app.exception
    assert not app.error
    rows = {item.record.candidate: item.record for item in book.kept(SpeakingTime)}
    assert {name: (row.invited, row.attended, row.seconds) for name, row in rows.items()} == {
        "A": (True, True, 150),
        "B": (True, False, None),
        "C": (False, None, None),
    }
    asked = [item.record for item in book.kept(Question)]
    assert {item.text for item in asked} == {"When does the bus run?", "Who pays?"}
    assert {(item.event, item.race, item.on) for item in asked} == {(forum.key, race.key, forum.on)}
    app = open_record("civic_forums", "Current status")
    table = next(item.value for item in app.dataframe if "invited" in item.value.columns)
    assert table.set_index("candidate")["invited"].to_dict() == {"A": True, "B": True, "C": False}
    totals = next(item.value for item in app.dataframe if "difference_minutes" in item.value.columns)
    assert totals["timed"].tolist() == [1]


def test_a_forum_of_two_races_is_recorded_whole_from_the_event_on(book: ProgramBook) -> None:
    """The event leads to its races, and one form holds the candidates of both."""
    app = open_record("civic_forums")
    app.text_input(key="event.title").set_value("Candidates' night")
    app.selectbox(key="event.kind").set_value(EventKind.FORUM)
    app.date_input(key="event.on").set_value(DAY - timedelta(days=3))
    press(app, "Record the event")
    assert "Add the races and times of this forum: Candidates' night." in " ".join(
        item.value.replace(SPLIT, "") for item in app.info
    )
    for title, names in (("Area 1", "A\nB"), ("Area 2", "C\nD")):
        turn = max(str(item.key).split(".")[2] for item in app.text_input if "forum.race" in str(item.key))
        key = f"forum.race.{turn}"
        app.text_input(key=f"{key}.title").set_value(title)
        app.selectbox(key=f"{key}.district").select_index(0)
        app.date_input(key=f"{key}.on").set_value(DAY)
        app.text_area(key=f"{key}.candidates").set_value(names)
        press(app, "Record the race")
        assert not app.error
    [event] = book.events("civic_forums")
    races = [item.record for item in book.kept(Race)]
    assert app.selectbox(key="times.event").value == event.key
    for race in races:
        for place, name in enumerate(race.candidates):
            app.number_input(key=f"times.{event.key}.{race.key}.{name}").set_value(2.0 + place)
        app.text_area(key=f"times.{event.key}.{race.key}.questions").set_value(f"Who pays in {race.title}?")
    press(app, "Record the forum")
    assert not app.exception
    assert not app.error
    kept = [item.record for item in book.kept(SpeakingTime)]
    wanted = {(race.key, name): 120 + 60 * n for race in races for n, name in enumerate(race.candidates)}
    assert {(item.race, item.candidate): item.seconds for item in kept} == wanted
    assert len(book.kept(Question)) == 2
