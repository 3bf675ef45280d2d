"""The book of programs: nobody counts twice, nothing is half-written, nothing right is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from shapely.geometry import box
from sqlalchemy import Engine

from geo.errors import ConflictError, StoreError
from geo.methods.person_codes import make_code
from geo.program.area import Area
from geo.program.declaration import read_programs
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.checks import require_fit
from store.program.kinds import Attendance, Enrollment, Event, Race, Recruit, speaking_times

CODES = [make_code("QX", number) for number in range(70)]


@pytest.fixture
def book(engine: Engine) -> ProgramBook:
    return ProgramBook(Journal(engine), "demo")


def event(number: int = 1, on: str = "2019-02-01", **fields: object) -> Event:
    plain = {"program": "regional_plan", "id": f"s{number}", "event_kind": "session", "title": f"S{number}"}
    return Event.make(plain | {"on": on} | fields)


def test_a_session_and_its_people_are_recorded_together(book: ProgramBook) -> None:
    assert book.hold(event(), [*CODES, *CODES[:5]], "Ana") == 70
    assert len(book.people_at(event().key)) == 70


def test_a_sheet_that_comes_twice_counts_once(book: ProgramBook) -> None:
    book.hold(event(), CODES[:10], "Ana")
    assert book.attend(event(), CODES[5:15], "Ana") == 5
    assert book.attend(event(), CODES[5:15], "Ana") == 0
    assert len(book.people_at(event().key)) == 15


def test_more_than_the_room_holds_is_refused_whole_unless_there_is_a_reason(book: ProgramBook) -> None:
    small = event(room_holds=60)
    with pytest.raises(StoreError, match="70 people are more than the room holds"):
        book.hold(small, CODES, "Ana")
    assert book.events() == []
    book.hold(small, CODES[:50], "Ana")
    with pytest.raises(StoreError, match="70 people are more"):
        book.attend(small, CODES, "Ana")
    assert len(book.people_at(small.key)) == 50
    assert book.attend(small, CODES, "Ana", why="the yard was open too") == 20


def test_fewer_counted_than_are_down_by_code_is_refused_whole_unless_there_is_a_reason(
    book: ProgramBook,
) -> None:
    counted = event(headcount=40)
    with pytest.raises(StoreError, match="70 people are down by code, and 40 were counted"):
        book.hold(counted, CODES, "Ana")
    assert book.events() == []
    book.hold(counted, CODES[:40], "Ana")
    with pytest.raises(StoreError, match="41 people are down by code"):
        book.attend(counted, CODES[:41], "Ana")
    assert book.attend(counted, CODES[:41], "Ana", why="one came late") == 1
    with pytest.raises(StoreError, match="41 people are down by code, and 12 were counted"):
        book.change(event(headcount=12), 1, "Ana")


def test_nobody_is_counted_at_what_is_still_to_come(book: ProgramBook) -> None:
    later = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    with pytest.raises(StoreError, match="has not taken place yet"):
        book.hold(event(on=later, headcount=30), [], "Ana")


def test_an_event_outside_period_or_area_is_told_and_needs_a_reason() -> None:
    program = read_programs()["regional_plan"]
    late = event(on="2020-02-01", longitude=-100.0, latitude=30.0)
    area = Area("the valley", box(-117, 33, -115, 34))
    with pytest.raises(StoreError, match=r"outside the program: 2019.*outside the program's area"):
        require_fit(late, program, area, "")
    require_fit(late, program, area, "a visit to the capital")


def test_nobody_comes_to_what_is_still_to_come(book: ProgramBook) -> None:
    later = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    with pytest.raises(StoreError, match="has not taken place yet"):
        book.hold(event(on=later), CODES[:1], "Ana")
    assert book.hold(event(on=later), [], "Ana") == 0


@pytest.mark.parametrize("code", ["QX0017A", "Maria Lopez", ""])
def test_codes_in_another_form_are_refused(code: str) -> None:
    with pytest.raises(StoreError, match="person"):
        Attendance.make({"program": "p", "event": "p/e", "person": code})


def test_unknown_programs_and_events_are_refused_whole(book: ProgramBook) -> None:
    recruits = [Recruit(program=key, person=CODES[0], on="2019-02-01") for key in ("regional_plan", "other")]
    with pytest.raises(StoreError, match="1 program is unknown"):
        book.add(recruits, "Ana")
    with pytest.raises(StoreError, match="1 event is unknown"):
        book.add([Attendance(program="regional_plan", event="no/ne", person=CODES[0])], "Ana")
    assert book.history("regional_plan") == []


def test_the_same_person_is_enrolled_once(book: ProgramBook) -> None:
    one = Enrollment(program="health_enrollment", person=CODES[0], on="2014-02-01")
    book.add([one], "Ana")
    with pytest.raises(ConflictError):
        book.add([one], "Ben")
    assert book.records().enrollments["people"].sum() == 1


def test_a_correction_keeps_what_was(book: ProgramBook) -> None:
    book.hold(event(), CODES[:3], "Ana")
    book.change(event(place="Oasis"), 1, "Ben", why="the place was missing")
    assert book.events()[0].place == "Oasis"
    assert [entry.who for entry in book.history("regional_plan") if entry.kind == "event"] == ["Ana", "Ben"]


def test_a_program_can_be_made_and_not_twice(book: ProgramBook) -> None:
    mine = read_programs()["regional_plan"].model_copy(update={"key": "mine", "title": "Mine"})
    book.make(mine, "Ana")
    assert book.programs()["mine"].title == "Mine"
    with pytest.raises(StoreError, match="there is a program 'mine' already"):
        book.make(mine, "Ana")


def test_the_second_of_two_who_change_an_event_is_told_and_nothing_is_written(book: ProgramBook) -> None:
    book.hold(event(), CODES[:3], "Ana")
    book.change(event(place="Oasis"), 1, "Ben")
    with pytest.raises(ConflictError, match="Ben") as caught:
        book.change(event(place="Mecca"), 1, "Ana")
    theirs = caught.value.conflicts[0].theirs
    assert theirs is not None
    assert (theirs.who, (theirs.body or {})["place"]) == ("Ben", "Oasis")
    assert book.events()[0].place == "Oasis"


def test_an_event_with_people_moves_neither_into_the_future_nor_into_a_small_room(
    book: ProgramBook,
) -> None:
    book.hold(event(), CODES[:30], "Ana")
    later = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    with pytest.raises(StoreError, match="has not taken place yet"):
        book.change(event(on=later), 1, "Ana")
    with pytest.raises(StoreError, match="30 people are more than the room holds"):
        book.change(event(room_holds=20), 1, "Ana")
    book.change(event(room_holds=20), 1, "Ana", why="with the yard")


def test_what_is_withdrawn_counts_no_more_and_can_be_recorded_again(book: ProgramBook) -> None:
    book.hold(event(), CODES[:12], "Ana")
    key = f"{event().key}/{CODES[0]}"
    with pytest.raises(StoreError, match="no reason is given"):
        book.withdraw(Attendance, key, 1, "Ana", " ")
    book.withdraw(Attendance, key, 1, "Ana", "another person's code")
    assert len(book.people_at(event().key)) == 11
    assert book.attend(event(), CODES[:12], "Ben") == 1
    book.withdraw(Event, event().key, 1, "Ana", "it was canceled")
    assert book.events() == []
    assert book.records().attendance.empty
    book.add([event()], "Ana")
    assert len(book.records().attendance) == 12
    assert [entry.body is None for entry in book.history("regional_plan") if entry.kind == "event"] == [
        False,
        True,
        False,
    ]


def test_only_candidates_of_the_race_have_a_time(book: ProgramBook) -> None:
    forum = Event.make(
        {"program": "civic_forums", "id": "f", "event_kind": "forum", "title": "F", "on": "2018-10-01"}
    )
    fields = {"program": "civic_forums", "id": "r", "title": "Board", "district": "D", "on": "2018-11-06"}
    race = Race.make(fields | {"candidates": ["A", "B"]})
    book.add([forum, race], "Ana")
    with pytest.raises(StoreError, match="not a candidate of this race: C"):
        book.add(speaking_times(forum, race, {"A": 10, "C": 12}), "Ana")
    assert len(book.add(speaking_times(forum, race, {"A": 10, "B": None}), "Ana")) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"role": "division"}, "name the trustee area or the division"),
        ({"area": "Division 4"}, "choose under"),
        ({"candidates": ["A", "B", "A"]}, "candidates stand twice: A"),
        ({"candidates": []}, "candidates"),
    ],
)
def test_a_race_names_its_area_and_each_candidate_once(fields: dict[str, object], words: str) -> None:
    plain = {"program": "p", "title": "R", "district": "D", "on": "2018-11-06", "candidates": ["A", "B"]}
    with pytest.raises(StoreError, match=words):
        Race.make(plain | fields)


def test_a_wrong_code_is_corrected_with_a_reason_and_both_stay_in_the_history(book: ProgramBook) -> None:
    book.hold(event(), CODES[:3], "Ana")
    kept = {item.record.person: item for item in book.kept(Attendance)}
    wrong = kept[CODES[0]]
    right = wrong.record.model_copy(update={"person": CODES[9]})
    with pytest.raises(StoreError, match="no reason is given"):
        book.recode(wrong.record, wrong.number, right, "Ana", " ")
    twice = wrong.record.model_copy(update={"person": CODES[1]})
    with pytest.raises(StoreError, match="this person is down already"):
        book.recode(wrong.record, wrong.number, twice, "Ana", "misread")
    assert book.people_at(event().key) == frozenset(CODES[:3])
    book.recode(wrong.record, wrong.number, right, "Ana", "misread")
    assert book.people_at(event().key) == frozenset([*CODES[1:3], CODES[9]])
    changes = [(entry.body is None, entry.why) for entry in book.history("regional_plan")[-2:]]
    assert changes == [(True, "misread"), (False, "misread")]
    with pytest.raises(ConflictError):
        book.recode(wrong.record, wrong.number, right.model_copy(update={"person": CODES[8]}), "Luis", "late")
    # And back again: what was withdrawn may be recorded once more.
    now = next(item for item in book.kept(Attendance) if item.record.person == CODES[9])
    book.recode(now.record, now.number, wrong.record, "Ana", "it was right")
    assert book.people_at(event().key) == frozenset(CODES[:3])


def test_a_recruits_code_is_corrected_and_the_rest_of_the_record_stays(book: ProgramBook) -> None:
    fields = {"program": "regional_plan", "on": "2019-03-01", "geoid": "06065045609"}
    book.enlist(Recruit, fields, CODES[:2], "Ana")
    item = next(item for item in book.kept(Recruit) if item.record.person == CODES[0])
    book.recode(item.record, item.number, item.record.model_copy(update={"person": CODES[5]}), "Ana", "typo")
    found = {item.record.person: item.record.geoid for item in book.kept(Recruit)}
    assert found == {CODES[1]: "06065045609", CODES[5]: "06065045609"}
