"""Events that repeat: on the right days, a record each, changed from one of them on or not at all."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from geo.errors import ConflictError, StoreError
from geo.methods.person_codes import make_code
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import Event
from store.program.series import (
    Repeat,
    change_from,
    later_in_series,
    repeat_days,
    repeated,
    withdraw_from,
)

FIRST = date(2019, 2, 5)
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.fixture
def book(engine: Engine) -> ProgramBook:
    return ProgramBook(Journal(engine), "demo")


def classes(book: ProgramBook, count: int = 4) -> list[Event]:
    """Classes on Tuesdays at 18:00, recorded."""
    fields = {"program": "regional_plan", "event_kind": "session", "title": "Class", "place": "Mecca"}
    one = Event.make(fields | {"on": FIRST, "begins_at": "18:00", "ends_at": "20:00"})
    made = repeated(one, repeat_days(FIRST, Repeat.WEEK, times=count, until=None))
    book.add(made, "Ana")
    return made


def seen_from(book: ProgramBook, event: Event) -> dict[str, int]:
    kept = book.kept(Event, event.program)
    numbers = {item.record.key: item.number for item in kept}
    later = later_in_series(event, kept)
    return {event.key: numbers[event.key]} | {item.record.key: item.number for item in later}


@pytest.mark.parametrize(
    ("first", "repeat", "times", "until", "days"),
    [
        # Over the night of November 1, 2026, in which clocks go back.
        ("2026-10-25", Repeat.WEEK, 3, None, ["2026-10-25", "2026-11-01", "2026-11-08"]),
        ("2026-10-25", Repeat.TWO_WEEKS, None, "2026-11-22", ["2026-10-25", "2026-11-08", "2026-11-22"]),
        ("2026-08-31", Repeat.MONTH, 4, None, ["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30"]),
        ("2027-12-31", Repeat.MONTH, 3, None, ["2027-12-31", "2028-01-31", "2028-02-29"]),
        # The second Tuesday; the fifth Friday, which is the last where a month has four.
        ("2026-11-10", Repeat.WEEKDAY, 3, None, ["2026-11-10", "2026-12-08", "2027-01-12"]),
        ("2026-10-30", Repeat.WEEKDAY, 3, None, ["2026-10-30", "2026-11-27", "2026-12-25"]),
    ],
)
def test_days_are_those_of_a_calendar(
    first: str, repeat: Repeat, times: int | None, until: str | None, days: list[str]
) -> None:
    last = date.fromisoformat(until) if until else None
    found = repeat_days(date.fromisoformat(first), repeat, times=times, until=last)
    assert [day.isoformat() for day in found] == days


@given(DAYS, st.integers(2, 60))
def test_every_month_has_one_on_the_same_weekday(first: date, times: int) -> None:
    days = repeat_days(first, Repeat.WEEKDAY, times=times, until=None)
    assert {day.weekday() for day in days} == {first.weekday()}
    months = [day.year * 12 + day.month for day in days]
    assert months == list(range(months[0], months[0] + times))
    assert days[0] == first


@given(DAYS, st.integers(2, 60), st.sampled_from(list(Repeat)))
def test_so_many_times_and_until_the_last_of_them_are_the_same(
    first: date, times: int, repeat: Repeat
) -> None:
    days = repeat_days(first, repeat, times=times, until=None)
    assert len(days) == times
    assert repeat_days(first, repeat, times=None, until=days[-1]) == days


@pytest.mark.parametrize(
    ("times", "until"), [(None, None), (3, date(2027, 1, 1)), (1, None), (0, None), (500, None)]
)
def test_what_does_not_say_how_often_is_refused(times: int | None, until: date | None) -> None:
    with pytest.raises(StoreError, match=r"nothing was written"):
        repeat_days(FIRST, Repeat.WEEK, times=times, until=until)


def test_a_change_of_one_leaves_the_others(book: ProgramBook) -> None:
    made = classes(book)
    book.change(made[1].model_copy(update={"place": "Oasis"}), 1, "Ana")
    assert [event.place for event in book.events()] == ["Mecca", "Oasis", "Mecca", "Mecca"]


def test_a_change_from_one_on_keeps_what_a_later_one_has_of_its_own(book: ProgramBook) -> None:
    """The third was moved to the library and counted: it stays there, and takes the new hour and day."""
    made = classes(book)
    own = {"place": "Library", "headcount": 12, "headcount_how": "hands"}
    book.change(made[2].model_copy(update=own), 1, "Luis")
    moved = made[1].model_copy(
        update={"place": "Oasis", "begins_at": time(17), "on": made[1].on + timedelta(days=1)}
    )
    assert change_from(book, moved, seen_from(book, made[1]), "Ana") == 3
    events = book.events()
    assert [event.place for event in events] == ["Mecca", "Oasis", "Library", "Oasis"]
    assert [event.begins_at for event in events] == [time(18), time(17), time(17), time(17)]
    assert [(event.on - FIRST).days for event in events] == [0, 8, 15, 22]
    assert [event.headcount for event in events] == [None, None, 12, None]


def test_where_somebody_was_faster_none_is_changed_or_withdrawn(book: ProgramBook) -> None:
    made = classes(book)
    seen = seen_from(book, made[0])
    book.change(made[3].model_copy(update={"title": "Last class"}), 1, "Luis")
    before = book.events()
    with pytest.raises(ConflictError, match="by Luis"):
        change_from(book, made[0].model_copy(update={"place": "Oasis"}), seen, "Ana")
    with pytest.raises(ConflictError, match="by Luis"):
        withdraw_from(book, seen, "Ana", "no room")
    assert book.events() == before


def test_withdrawn_from_one_on_the_earlier_ones_stay(book: ProgramBook) -> None:
    made = classes(book)
    with pytest.raises(StoreError, match="no reason"):
        withdraw_from(book, seen_from(book, made[2]), "Ana", " ")
    assert len(withdraw_from(book, seen_from(book, made[2]), "Ana", "no room")) == 2
    assert [event.key for event in book.events()] == [event.key for event in made[:2]]


def test_one_that_people_came_to_is_not_withdrawn_with_others(book: ProgramBook) -> None:
    made = classes(book)
    book.attend(made[3], [make_code("QX", 1)], "Ana")
    with pytest.raises(StoreError, match="people are down for 1 of these events"):
        withdraw_from(book, seen_from(book, made[1]), "Ana", "no room")
    assert len(book.events()) == 4


def test_another_series_of_the_program_is_left_alone(book: ProgramBook) -> None:
    made = classes(book, 2)
    other = Event.make(made[1].model_dump() | {"id": "other", "series": "Another"})
    book.add([other, made[1].model_copy(update={"id": "alone", "series": ""})], "Ana")
    assert set(seen_from(book, made[0])) == {event.key for event in made}
