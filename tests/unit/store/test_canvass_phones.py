"""What phones send: each visit once, in any order and however often; only doors of that volunteer's turfs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.canvass.codes import Disposition
from geo.canvass.returns import Submission
from geo.errors import StoreError
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Visit, Volunteer
from store.canvass.phones import Outcome, Phones, Sent, Standing, take_sent, to_checksum
from store.database import make_engine, migrate
from store.journal import Journal

DAY = date(2026, 3, 7)
FIRST = Submission("a", "TA0001M", "u1", Disposition.NOT_HOME, door="1", on=DAY)
SECOND = replace(FIRST, id="b", former="a", disposition=Disposition.SPOKE)
THIRD = replace(FIRST, id="c", former="b", disposition=Disposition.REFUSED)


def make_book() -> CanvassBook:
    engine = make_engine("sqlite://")
    migrate(engine)
    book = CanvassBook(Journal(engine), "demo")
    turfs = [NewTurf(0, ("u1", "u2"), 40, 36, 100), NewTurf(1, ("u3",), 20, 18, 50)]
    book.keep(turfs, Cut(number=0, turfs=2, doors=60, tolerance=0, worst=0, bound=0), "Ana", seen={})
    for name, code in zip(("Heron", "Quail"), book.turf_numbers(), strict=True):
        book.save(Volunteer(pseudonym=name), "Ana", seen=0)
        out = {"volunteer": name, "status": "out"}
        book.change(code, out, "Ana", seen=book.turf_numbers()[code])
    return book


def send(book: CanvassBook, *said: Submission, who: str = "Heron", day: date = DAY) -> list[Outcome]:
    return [answer.outcome for answer in take_sent(book, [Sent(item, who, "test") for item in said], day)]


def stands(book: CanvassBook) -> list[tuple[str, str]]:
    return [(kept.record.door, str(kept.record.disposition)) for kept in book.kept(Visit).values()]


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, THIRD])))
@pytest.mark.parametrize("together", [True, False])
def test_edits_in_any_order_leave_one_visit_that_says_the_last(
    order: tuple[Submission, ...], together: bool
) -> None:
    book = make_book()
    for said in [order] if together else [(item,) for item in order]:
        assert Outcome.REFUSED not in send(book, *said)
    assert stands(book) == [("1", "refused")]
    assert set(send(book, *order)) == {Outcome.SAME}
    assert stands(book) == [("1", "refused")]


@given(st.lists(st.sampled_from([FIRST, SECOND, THIRD]), min_size=1, max_size=8), st.data())
def test_repeats_change_nothing(extra: list[Submission], data: st.DataObject) -> None:
    order = data.draw(st.permutations([FIRST, SECOND, THIRD, *extra]))
    book = make_book()
    cuts = data.draw(st.lists(st.integers(0, len(order)), max_size=3))
    edges = [0, *sorted(cuts), len(order)]
    for first, last in pairwise(edges):
        send(book, *order[first:last])
    assert stands(book) == [("1", "refused")]


def test_a_repeat_undoes_no_correction_and_brings_back_nothing_that_was_taken_back() -> None:
    book = make_book()
    assert send(book, FIRST) == [Outcome.NEW]
    number = book.visit_numbers()["a"]
    moved = {**book.kept(Visit)["a"].record.model_dump(), "disposition": "moved"}
    book.save(Visit.make(moved), "Ana", seen=1)
    assert send(book, FIRST) == [Outcome.SAME]
    assert stands(book) == [("1", "moved")]
    book.withdraw("a", "Ana", seen=number + 1, why="practice")
    assert send(book, FIRST, SECOND) == [Outcome.SAME, Outcome.SAME]
    assert stands(book) == []


def test_a_phone_sends_only_doors_of_its_own_turfs() -> None:
    book = make_book()
    other = replace(FIRST, id="x", turf=list(book.turf_numbers())[1], unit="u3")
    assert send(book, other) == [Outcome.REFUSED]
    assert send(book, replace(FIRST, unit="u3")) == [Outcome.REFUSED]
    assert send(book, other, who="Quail") == [Outcome.NEW]
    # Nor does it edit what another phone sent, though it knew its name.
    assert send(book, replace(FIRST, id="y", former="x")) == [Outcome.REFUSED]
    assert stands(book) == [("1", "not_home")]


def test_what_was_walked_before_a_turf_was_cut_again_is_not_lost() -> None:
    book = make_book()
    code = next(iter(book.turf_numbers()))
    back = {"volunteer": "", "status": "ready", "out_on": None}
    book.change(code, back, "Ana", seen=book.turf_numbers()[code])
    assert send(book, FIRST) == [Outcome.NEW]
    book.withdraw("a", "Ana", seen=1, why="for this test")
    cut = Cut(number=1, turfs=1, doors=40, tolerance=0, worst=0, bound=0)
    (now,) = book.keep([NewTurf(0, ("u1", "u2"), 40, 36, 100)], cut, "Ana", seen=book.turf_numbers())
    assert send(book, replace(FIRST, id="z", unit="u2")) == [Outcome.NEW]
    assert [kept.record.turf for kept in book.kept(Visit).values()] == [now]


def test_a_phone_whose_clock_is_wrong_is_dated_today_and_told() -> None:
    book = make_book()
    send(book, replace(FIRST, on=date(2027, 1, 1)), replace(FIRST, id="k", door="2", on=date(2001, 1, 1)))
    assert {(kept.record.on, kept.why) for kept in book.kept(Visit).values()} == {
        (DAY, "the clock of the phone said another day")
    }


def test_a_code_is_kept_as_a_checksum_and_ends() -> None:
    book = make_book()
    phones = Phones(book)
    first = phones.give("Heron", "Ana")
    assert phones.find(first) == (Standing.VALID, "Heron")
    second = phones.give("heron", "Ana")
    assert phones.find(first) == (Standing.ENDED, "")
    assert phones.find(second) == (Standing.VALID, "heron")
    with book.journal.engine.connect() as connection:
        raw = str(connection.exec_driver_sql("SELECT * FROM journal").all())
    assert first not in raw
    assert second not in raw
    assert to_checksum(second) in raw
    assert phones.end("Heron", "Ana") == 1
    assert phones.find(second) == (Standing.ENDED, "")
    assert phones.find("guess") == (Standing.UNKNOWN, "")
    with pytest.raises(StoreError, match="no volunteer"):
        phones.give("Nobody", "Ana")


def test_answers_are_kept_with_the_visit() -> None:
    book = make_book()
    send(book, replace(FIRST, answers={"internet": "yes"}))
    assert book.kept(Visit)["a"].record.answers == {"internet": "yes"}
    send(book, replace(SECOND, answers={"internet": "no"}))
    assert book.kept(Visit)["a"].record.answers == {"internet": "no"}
    assert [entry.number for entry in book.journal.history("demo", Visit.kind)] == [1, 2]


def test_what_others_write_meanwhile_is_seen_and_what_a_restore_took_away_comes_in_again() -> None:
    book = make_book()
    assert send(book, FIRST) == [Outcome.NEW]
    # A lead deletes it on the page: an edit that comes later does not bring it back.
    book.withdraw("a", "Ana", seen=1, why="practice")
    assert send(book, SECOND) == [Outcome.SAME]
    assert send(book, replace(FIRST, id="n", door="2")) == [Outcome.NEW]
    # A backup from before is put back into the same database: what is in memory of it is no proof.
    with book.journal.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM journal WHERE kind = 'visit' AND key = 'n'")
    assert send(book, replace(FIRST, id="n", door="2")) == [Outcome.NEW]
    assert stands(book) == [("2", "not_home")]


def test_a_turf_is_returned_once_most_of_its_doors_came_from_a_phone() -> None:
    book = make_book()
    code = next(iter(book.turf_numbers()))
    for start in (0, 20):
        send(book, *(replace(FIRST, id=f"d{n}", door=str(n)) for n in range(start, start + 20)))
        assert (str(book.turfs()["status"][code]) == "returned") == (start == 20)
