"""The calendar's entries and what is due, from records of every page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from geo.program.declaration import read_programs, to_program
from geo.program.figures import RegionFigures
from geo.program.measures import Records, without_attendance
from store.canvass.kinds import Cut, Goal, Turf
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import Event, MilestoneReached, Race
from store.water.kinds import Milestone
from store.water.meetings import Meeting
from wording.agenda import Dated, list_dated, standing_on_calendar, to_take_along
from wording.due import list_due

DAY = date(2026, 11, 30)
PLAN = {"regional_plan": read_programs()["regional_plan"]}
CUT = {"turfs": 14, "doors": 1_433, "tolerance": 0.05, "worst": 0.0, "bound": 0.0}


@pytest.fixture
def book(tmp_path: Path) -> ProgramBook:
    return ProgramBook(Journal(open_database(f"sqlite:///{tmp_path / 'store.db'}")), "demo")


def titled(dated: list[Dated]) -> list[tuple[str, str]]:
    return [(str(item.kind), item.title) for item in dated]


def event(on: str, **fields: object) -> Event:
    plain = {"program": "regional_plan", "event_kind": "session", "title": "One", "on": on}
    return Event.make(plain | fields)


def test_one_calendar_has_what_every_page_dates(book: ProgramBook) -> None:
    race = {"program": "regional_plan", "title": "Board", "district": "D", "candidates": ["A"]}
    turf = {"cut": 0, "units": ["u"], "doors": 9, "households": 9, "population": 9, "status": "out"}
    records = [
        event("2019-03-01", begins_at="18:00"),
        Race.make(race | {"on": "2019-11-05"}),
        Meeting(held_on=date(2019, 4, 1), note="the heron"),
        Milestone(pwsid="CA9010002", service="water", title="Design", planned_for=date(2019, 5, 1)),
        Milestone(pwsid="CA9010003", service="water", title="Hidden", planned_for=date(2019, 5, 2)),
        Milestone(pwsid="CA9010002", service="water", title="Undated"),
        Turf.make(turf | {"code": "TA0001M", "out_on": "2019-06-01", "volunteer": "Zunzuncito"}),
        Cut.make({**CUT, "number": 0, "planned_on": "2019-06-15"}),
        Cut.make({**CUT, "number": 1}),
        Goal(households=900, last_day=date(2019, 7, 1), source="s"),
    ]
    book.journal.append([record.draft("demo", "Ana") for record in records])
    dated = list_dated(book, PLAN, DAY, {"CA9010002": "Oasis"})
    assert titled(dated) == [
        ("session", "One"),
        ("meeting", "Meeting of the water task force"),
        ("water_milestone", "Oasis: Design"),
        ("turfs", "1 turf was handed out"),
        ("canvass_day", "Canvass day: 1,433 doors"),
        ("canvass_goal", "The canvass ends (target: 900 households)"),
        ("election", "Board"),
        ("milestone", "Comments handed in"),
    ]
    assert not [word for word in ("heron", "Zunzuncito", "Hidden", "Ana") if word in str(dated)]


def test_what_was_withdrawn_stands_on_no_calendar_of_ours_and_is_told_to_others(book: ProgramBook) -> None:
    one = event("2019-03-01")
    book.add([one], "Ana")
    book.withdraw(Event, one.key, 1, "Ana", "rained out")
    dated = list_dated(book, {"regional_plan": PLAN["regional_plan"]}, DAY, {})
    assert [item.key for item in dated if item.gone] == [one.key]
    assert not [item for item in standing_on_calendar(dated) if item.is_event]
    book.add([one], "Ana")
    assert not [item for item in list_dated(book, PLAN, DAY, {}) if item.gone]


def records_of(book: ProgramBook) -> RegionFigures:
    return RegionFigures(PLAN, book.records(), DAY)


def test_nothing_is_late_where_nothing_is_recorded(book: ProgramBook) -> None:
    """A program of which nobody wrote down anything is not accused; once begun it says how late."""
    assert list_due(list_dated(book, PLAN, DAY, {}), records_of(book), [], DAY) == []
    one = event("2019-03-01")
    book.hold(one, ["QX0017H"], "Ana")
    (due,) = list_due(list_dated(book, PLAN, DAY, {}), records_of(book), [], DAY)
    # From December 31, 2019, to November 30, 2026: 7 years with 2 leap days, less 31 days.
    assert (due.title, due.words) == ("Comments handed in", "6 years and 10 months late")
    book.add([MilestoneReached(program="regional_plan", title="Comments handed in", on=DAY)], "Ana")
    assert list_due(list_dated(book, PLAN, DAY, {}), records_of(book), [], DAY) == []


def test_what_is_late_comes_before_what_is_due_soon(book: ProgramBook) -> None:
    days = {"A": -40, "B": -1, "C": 0, "D": 30, "E": 31}
    milestones = [
        Milestone(
            pwsid="CA9010002", service="water", title=name, planned_for=DAY + timedelta(days=days[name])
        )
        for name in days
    ]
    book.journal.append([item.draft("demo", "Ana") for item in milestones])
    due = list_due(list_dated(book, {}, DAY, {"CA9010002": "O"}), RegionFigures({}, Records(), DAY), [], DAY)
    told = [(item.title, item.words, item.is_late) for item in due]
    assert told == [
        ("O: B", "1 day late", True),
        ("O: A", "40 days late", True),
        ("O: C", "due today", False),
        ("O: D", "due in 30 days", False),
    ]


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("2026-12-10", "target of 50 not reached yet: now 20; 10 days are left"),
        ("2026-11-29", "target of 50 not reached: now 20; its period ended 1 day ago"),
        ("2027-06-01", None),
        ("2026-01-01", None),
    ],
)
def test_a_target_whose_period_ends_is_told_until_it_is_reached(ends: str, words: str | None) -> None:
    fields = PLAN["regional_plan"].model_dump(mode="json")
    measure = fields["measures"][0] | {"target": 50, "counted": "households"}
    plan = to_program(
        fields | {"measures": [measure], "milestones": [], "ends": ends, "begins": "2025-01-01"}
    )
    for households, told in ((20, words), (50, None)):
        contacts = {"program": plan.key, "on": pd.to_datetime(["2025-02-01"]), "households": households}
        figures = RegionFigures(
            {plan.key: plan}, Records(contacts=pd.DataFrame(contacts | {"geoid": "a"})), DAY
        )
        assert [item.words for item in list_due([], figures, [], DAY)] == ([told] if told else [])


def test_who_came_is_asked_once_the_day_is_over_and_until_something_says_so(book: ProgramBook) -> None:
    """A code, a headcount (nobody, too), a word on it, or doors of a canvass day."""
    codes = {"program": "regional_plan", "event_kind": "session"}
    events = {
        name: Event.make(codes | {"id": name, "title": name, "on": "2019-03-01"} | more)
        for name, more in {
            "unknown": {},
            "coded": {},
            "counted": {"headcount": 12},
            "empty": {"headcount": 0, "headcount_how": "nobody came"},
            "word": {"headcount_how": "nobody counted"},
            "doors": {"event_kind": "canvass_day", "on": "2019-03-02"},
            "no doors": {"event_kind": "canvass_day", "on": "2019-03-03"},
            "today": {"on": "2019-03-05"},
        }.items()
    }
    book.add(list(events.values()), "Ana")
    book.attend(events["coded"], ["QX0017H"], "Ana")
    contact = {
        "program": "regional_plan",
        "on": pd.to_datetime(["2019-03-02"]),
        "households": 30,
        "geoid": "a",
    }
    records = Records(**{**vars(book.records()), "contacts": pd.DataFrame(contact)})
    found = {key.partition("/")[2] for key in without_attendance(records, date(2019, 3, 5))}
    assert found == {"unknown", "no doors"}
    later = {key.partition("/")[2] for key in without_attendance(records, date(2019, 3, 6))}
    assert later - found == {"today"}
    assert without_attendance(Records(), DAY) == []


@pytest.mark.parametrize(
    ("role", "area", "place"),
    [
        ("trustee area", "5", "Desert College: trustee area 5"),
        ("division", "North", "Desert College: North"),
        ("area", "", "Desert College"),
    ],
)
def test_an_election_names_its_place_by_more_than_a_number(
    book: ProgramBook, role: str, area: str, place: str
) -> None:
    race = {"program": "regional_plan", "title": "Board", "district": "Desert College", "on": "2026-11-03"}
    book.add([Race.make(race | {"candidates": ["A"], "role": role, "area": area})], "Ana")
    assert [item.place for item in list_dated(book, PLAN, DAY, {}) if item.kind == "election"] == [place]


def test_what_nobody_marked_for_a_year_goes_to_no_other_calendar_and_what_was_reached_does(
    book: ProgramBook,
) -> None:
    """Also where a program has ended nothing is said to be years late."""
    [plan] = PLAN.values()
    recent = plan.model_copy(update={"key": "p", "ends": None, "milestones": plan.milestones})
    programs = PLAN | {"p": recent}
    dated = list_dated(book, programs, DAY, {})
    assert {item.program: item.state for item in dated} == {
        "regional_plan": "not marked as reached",
        "p": "not marked as reached, 6 years and 10 months over",
    }
    assert to_take_along(dated, DAY) == []
    assert to_take_along(dated, date(2020, 12, 30)) == dated
    book.add([MilestoneReached.make({"program": "regional_plan", "title": dated[0].title, "on": DAY})], "Ana")
    told = to_take_along(list_dated(book, PLAN, DAY, {}), DAY)
    assert [item.title for item in told] == [dated[0].title]
