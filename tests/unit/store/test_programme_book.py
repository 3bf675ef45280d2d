"""The book of programmes: nobody counts twice, nothing is half-written, nothing right is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from shapely.geometry import box
from sqlalchemy import Engine

from geo.errors import ConflictError, StoreError
from geo.person_code import make_code
from geo.programme import read_programmes
from geo.programme_area import Area
from store.journal import Journal
from store.programme_book import ProgrammeBook, require_fit
from store.programmes import Attendance, Enrolment, Event, Recruit

CODES = [make_code("QX", number) for number in range(70)]


@pytest.fixture
def book(engine: Engine) -> ProgrammeBook:
    return ProgrammeBook(Journal(engine), "demo")


def event(number: int = 1, on: str = "2019-02-01", **fields: object) -> Event:
    plain = {"programme": "regional_plan", "id": f"s{number}", "event_kind": "session", "title": f"S{number}"}
    return Event.make(plain | {"on": on} | fields)


def test_a_session_and_its_people_are_recorded_together(book: ProgrammeBook) -> None:
    assert book.hold(event(), [*CODES, *CODES[:5]], "Ana") == 70
    assert len(book.people_at(event().key)) == 70


def test_a_sheet_that_comes_twice_counts_once(book: ProgrammeBook) -> None:
    book.hold(event(), CODES[:10], "Ana")
    assert book.attend(event(), CODES[5:15], "Ana") == 5
    assert book.attend(event(), CODES[5:15], "Ana") == 0
    assert len(book.people_at(event().key)) == 15


def test_more_than_the_room_holds_is_refused_whole_unless_there_is_a_reason(book: ProgrammeBook) -> None:
    small = event(room_holds=60)
    with pytest.raises(StoreError, match="70 people are more than the room holds"):
        book.hold(small, CODES, "Ana")
    assert book.events() == []
    book.hold(small, CODES[:50], "Ana")
    with pytest.raises(StoreError, match="70 people are more"):
        book.attend(small, CODES, "Ana")
    assert len(book.people_at(small.key)) == 50
    assert book.attend(small, CODES, "Ana", why="the yard was open too") == 20


def test_an_event_outside_period_or_area_is_told_and_needs_a_reason() -> None:
    programme = read_programmes()["regional_plan"]
    late = event(on="2020-02-01", longitude=-100.0, latitude=30.0)
    area = Area("the valley", box(-117, 33, -115, 34))
    with pytest.raises(StoreError, match=r"outside the programme: 2019.*outside the programme's area"):
        require_fit(late, programme, area, "")
    require_fit(late, programme, area, "a visit to the capital")


def test_nobody_comes_to_what_is_still_to_come(book: ProgrammeBook) -> None:
    later = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()
    with pytest.raises(StoreError, match="has not taken place yet"):
        book.hold(event(on=later), CODES[:1], "Ana")
    assert book.hold(event(on=later), [], "Ana") == 0


@pytest.mark.parametrize("code", ["QX0017A", "Maria Lopez", ""])
def test_codes_in_another_form_are_refused(code: str) -> None:
    with pytest.raises(StoreError, match="person"):
        Attendance.make({"programme": "p", "event": "p/e", "person": code})


def test_unknown_programmes_and_events_are_refused_whole(book: ProgrammeBook) -> None:
    recruits = [
        Recruit(programme=key, person=CODES[0], on="2019-02-01") for key in ("regional_plan", "other")
    ]
    with pytest.raises(StoreError, match="1 programmes are unknown"):
        book.add(recruits, "Ana")
    with pytest.raises(StoreError, match="1 events are unknown"):
        book.add([Attendance(programme="regional_plan", event="no/ne", person=CODES[0])], "Ana")
    assert book.history("regional_plan") == []


def test_the_same_person_is_enrolled_once(book: ProgrammeBook) -> None:
    one = Enrolment(programme="health_enrolment", person=CODES[0], on="2014-02-01")
    book.add([one], "Ana")
    with pytest.raises(ConflictError):
        book.add([one], "Ben")
    assert book.records().enrolments["people"].sum() == 1


def test_a_correction_keeps_what_was(book: ProgrammeBook) -> None:
    book.hold(event(), CODES[:3], "Ana")
    book.add([event(place="Oasis")], "Ben", seen=1, why="the place was missing")
    assert book.events()[0].place == "Oasis"
    assert [entry.who for entry in book.history("regional_plan") if entry.kind == "event"] == ["Ana", "Ben"]


def test_a_programme_can_be_made_and_not_twice(book: ProgrammeBook) -> None:
    mine = read_programmes()["regional_plan"].model_copy(update={"key": "mine", "title": "Mine"})
    book.make(mine, "Ana")
    assert book.programmes()["mine"].title == "Mine"
    with pytest.raises(StoreError, match="there is a programme 'mine' already"):
        book.make(mine, "Ana")
