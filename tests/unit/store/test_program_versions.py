"""A program's own fields changed after it began: a next version, its history, and what it may not lose."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.errors import CatalogError, ConflictError, StoreError
from geo.program.declaration import AreaOption, Program, read_programs
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import Event, MilestoneReached, Reading
from wording.program_history import differences, next_version, tell_program

PLAN = read_programs()["regional_plan"]
HEALTH = read_programs()["health_enrollment"]


@pytest.fixture
def book(tmp_path: Path) -> ProgramBook:
    return ProgramBook(Journal(open_database(f"sqlite:///{tmp_path / 'store.db'}")), "somewhere")


def version(old: Program = PLAN, targets: dict[str, float] | None = None, **changes: Any) -> Program:
    """The version that the form would make, with these fields changed."""
    words = {name: getattr(old, name) for name in ("title", "purpose", "audience", "lead")}
    words |= {"partners": ", ".join(old.partners)}
    words |= {name: changes.pop(name) for name in list(changes) if name in words}
    names = ["key", "title", "unit", "counted", "at_least", "baseline", "target", "how"]
    measures = pd.DataFrame([item.model_dump() for item in old.measures])[names]
    for key, target in (targets or {}).items():
        measures.loc[measures["key"] == key, "target"] = target
    milestones = pd.DataFrame([item.model_dump() for item in old.milestones], columns=["title", "due"])
    given = {"begins": old.begins, "ends": old.ends, "area": None} | changes
    given = {"measures": measures, "milestones": milestones} | given
    return next_version(old, words, **given)


def test_a_form_that_was_not_touched_changes_nothing() -> None:
    """What no form shows (kind, rules, reported results) stays as well."""
    for program in read_programs().values():
        assert version(program) == program


def test_who_leads_a_program_is_named_and_stays_named(book: ProgramBook) -> None:
    named = version(lead="Education team")
    book.revise(named, 0, "Ana", "it was not said")
    assert tell_program(book, "regional_plan").iloc[0]["what"] == "Led by: Education team"
    assert version(book.programs()["regional_plan"], targets={"took_part": 90}).lead == "Education team"


def test_a_shipped_program_stands_anew_and_what_it_was_is_in_its_history(book: ProgramBook) -> None:
    changed = version(targets={"took_part": 120}, audience="Everybody", ends=date(2020, 3, 31))
    book.revise(changed, 0, "Ana", "the plan was late")
    stands = book.programs()["regional_plan"]
    assert stands.measure("took_part").target == 120
    assert stands.measure("all_sessions").result == 70
    assert list(book.programs()) == list(read_programs())
    assert ProgramBook(book.journal, "elsewhere").programs()["regional_plan"] == PLAN
    told = tell_program(book, "regional_plan").iloc[0]
    assert (told["who"], told["why"]) == ("Ana", "the plan was late")
    assert told["what"] == "Audience: Everybody; Ends: 2020-03-31; Residents who took part: Target: 120"
    assert "Residents who took part: Target: no target set" in told["was"]


def test_each_version_is_told_by_what_it_changed(book: ProgramBook) -> None:
    first = version(targets={"took_part": 120})
    book.revise(first, 0, "Ana", "agreed")
    book.revise(version(first, title="Connect SoCal"), 1, "Luis", "shorter")
    assert tell_program(book, "regional_plan")[["who", "what"]].to_numpy().tolist() == [
        ["Luis", "Title: Connect SoCal"],
        ["Ana", "Residents who took part: Target: 120"],
    ]
    now = book.version("regional_plan")
    assert now is not None
    assert (now.number, now.record.program.title) == (2, "Connect SoCal")


def test_the_second_of_two_writes_nothing(book: ProgramBook) -> None:
    book.revise(version(targets={"took_part": 120}), 0, "Ana", "agreed")
    with pytest.raises(ConflictError, match="by Ana"):
        book.revise(version(targets={"took_part": 90}), 0, "Luis", "agreed otherwise")
    assert book.programs()["regional_plan"].measure("took_part").target == 120


def test_no_version_without_a_reason_or_of_what_is_not_there(book: ProgramBook) -> None:
    with pytest.raises(StoreError, match="no reason is given"):
        book.revise(version(), 0, "Ana", " ")
    with pytest.raises(StoreError, match="there is no program 'other'"):
        book.revise(PLAN.model_copy(update={"key": "other"}), 0, "Ana", "why")


def test_what_something_is_recorded_of_cannot_be_left_out(book: ProgramBook) -> None:
    """A told value and a reached milestone would else belong to nothing."""
    told = {"program": HEALTH.key, "measure": "eligible_uninsured", "on": "2014-01-01", "value": 60_000}
    title = HEALTH.milestones[0].title
    reached = {"program": HEALTH.key, "title": title, "on": "2014-10-01"}
    book.add([Reading.make(told), MilestoneReached.make(reached)], "Ana")
    less = HEALTH.model_copy(update={"measures": HEALTH.measures[1:], "milestones": ()})
    with pytest.raises(StoreError, match=f"eligible_uninsured, {title}"):
        book.revise(less, 0, "Ana", "simpler")
    assert book.programs()[HEALTH.key] == HEALTH


def test_events_outside_the_new_period_are_told(book: ProgramBook) -> None:
    fields = {"program": PLAN.key, "event_kind": "session", "title": "One", "on": "2019-11-01"}
    book.hold(Event.make(fields), [], "Ana")
    assert book.outside(version(ends=date(2019, 6, 30))) == ["2019-11-01 · One"]
    assert book.outside(version()) == []


def test_another_title_does_not_part_a_measure_from_its_records() -> None:
    words = {"title": "New", "purpose": "P", "audience": "", "partners": ""}
    rows = [{"key": "took_part", "title": "Who came", "unit": "people", "counted": "people", "how": "h"}]
    rows.append({"title": "Flyers", "unit": "flyers", "counted": "readings", "how": "h"})
    none = pd.DataFrame(columns=["title", "due"])
    found = next_version(PLAN, words, PLAN.begins, None, ("places", "Mecca"), pd.DataFrame(rows), none)
    assert [item.key for item in found.measures] == ["took_part", "flyers"]
    assert found.key == PLAN.key
    assert found.areas == (AreaOption(dataset="places", values=("Mecca",)),)
    assert {item.what for item in differences(PLAN, found)} >= {"Area", "Who came: Measure", "Flyers: Unit"}
    with pytest.raises(CatalogError, match="not filled in yet: What do you want to count"):
        next_version(PLAN, words, PLAN.begins, None, None, pd.DataFrame(rows[:0]), none)
