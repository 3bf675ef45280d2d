"""The canvass book: a return counts once, a correction keeps its history, and a faulty one writes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from geo.canvass.codes import make_turf_code
from geo.errors import ConflictError, StoreError
from store.canvass.book import CanvassBook, NewTurf, record_upon
from store.canvass.kinds import Cut, Goal, Tally, Turf, Visit, Volunteer
from store.journal import Conflict, Journal
from wording.canvass import tell_changes

DAY = date(2026, 3, 2)
FIRST, SECOND = make_turf_code(0, 0), make_turf_code(0, 1)


def cut(number: int = 0) -> Cut:
    return Cut(number=number, turfs=2, doors=30, tolerance=0.05, worst=0.0, bound=0.0)


@pytest.fixture
def book(engine: Engine) -> CanvassBook:
    made = CanvassBook(Journal(engine), "demo")
    turfs = [NewTurf(0, ("a", "b"), 20, 18, 60), NewTurf(1, ("c",), 10, 9, 30)]
    assert made.keep(turfs, cut(), "Ana", seen={}) == [FIRST, SECOND]
    return made


def visit(identifier: str = "one", **fields: object) -> Visit:
    usual = {"id": identifier, "turf": FIRST, "unit": "a", "on": DAY, "disposition": "spoke"}
    return Visit.make({**usual, **fields})


def test_the_same_return_twice_counts_once(book: CanvassBook) -> None:
    assert book.take([visit(), visit(), visit("two")], "Ana") == 2
    assert book.take([visit(), visit("three")], "Ben") == 1
    assert sorted(book.visits()["id"]) == ["one", "three", "two"]


def test_a_correction_is_the_next_number_with_history(book: CanvassBook) -> None:
    book.take([visit()], "Ana")
    book.save(visit(disposition="refused"), "Ben", seen=1, why="misread")
    assert book.visits()["disposition"].tolist() == ["refused"]
    history = book.journal.history("demo", "visit", "one")
    assert [entry.number for entry in history] == [1, 2]
    assert [entry.who for entry in history] == ["Ana", "Ben"]


def test_a_faulty_return_writes_nothing_of_its_file(book: CanvassBook) -> None:
    with pytest.raises(StoreError, match="not in turf"):
        book.take([visit(), visit("two", unit="c")], "Ana")
    with pytest.raises(StoreError, match="no turf"):
        book.take([visit(turf=make_turf_code(3, 0))], "Ana")
    assert book.visits().empty


def test_a_paper_sheet_counts_once_and_not_beyond_its_turf(book: CanvassBook) -> None:
    sheet = {"turf": SECOND, "on": DAY, "sheet": "S1"}
    book.save(Tally.make({**sheet, "spoke": 4, "not_home": 6}), "Ana", seen=0)
    book.save(Tally.make({**sheet, "spoke": 5, "not_home": 5}), "Ana", seen=1)
    assert book.tallies()["spoke"].tolist() == [5]
    with pytest.raises(StoreError, match="11 doors"):
        book.save(Tally.make({**sheet, "spoke": 11}), "Ana", seen=2)
    with pytest.raises(StoreError, match="spoke"):
        Tally.make({**sheet, "spoke": -1})


def test_a_new_cut_replaces_ready_turfs_and_refuses_those_in_hand(book: CanvassBook) -> None:
    assert book.keep([NewTurf(0, ("c",), 10, 9, 30)], cut(1), "Ana", seen=book.turf_numbers()) == [
        make_turf_code(1, 0)
    ]
    assert set(book.units_of()) == {FIRST, make_turf_code(1, 0)}
    with pytest.raises(StoreError, match="cut again"):
        book.take([visit(turf=SECOND, unit="c")], "Ana")
    book.take([visit()], "Ana")
    assert book.in_hand() == {"a", "b"}
    with pytest.raises(StoreError, match=FIRST):
        book.keep([NewTurf(0, ("b", "c"), 20, 18, 60)], cut(2), "Ana", seen={})
    assert book.next_cut() == 2


def test_two_leads_cannot_keep_the_same_cut(book: CanvassBook) -> None:
    with pytest.raises(ConflictError):
        book.keep([NewTurf(0, ("z",), 10, 9, 30)], cut(0), "Ben", seen={})


def test_a_turf_goes_to_a_volunteer_who_is_known(book: CanvassBook) -> None:
    with pytest.raises(StoreError, match="no volunteer"):
        book.change(FIRST, {"volunteer": "Heron"}, "Ana", seen=1)
    book.save(Volunteer.make({"pseudonym": "Heron", "languages": ("es",)}), "Ana", seen=0)
    book.change(FIRST, {"volunteer": "Heron", "status": "out", "out_on": DAY}, "Ana", seen=1)
    assert book.turfs().loc[FIRST, ["status", "volunteer"]].tolist() == ["out", "Heron"]
    assert [entry.number for entry in book.journal.history("demo", Turf.kind, FIRST)] == [1, 2]


def test_who_saw_an_older_state_of_a_turf_does_not_hand_it_out_again(book: CanvassBook) -> None:
    book.save_all([Volunteer.make({"pseudonym": name}) for name in ("Heron", "Wren")], "Ana", seen={})
    seen = book.turf_numbers()[FIRST]
    book.change(FIRST, {"volunteer": "Heron", "status": "out"}, "Ana", seen=seen)
    with pytest.raises(ConflictError, match="Ana"):
        book.change(FIRST, {"volunteer": "Wren", "status": "out"}, "Eva", seen=seen)
    assert book.turfs().loc[FIRST, "volunteer"] == "Heron"


def test_returns_of_most_doors_bring_a_turf_back_and_a_person_ends_it(book: CanvassBook) -> None:
    """Of its twenty doors sixteen are needed; a door twice is one, and a sheet's doors are others."""
    book.save(Volunteer.make({"pseudonym": "Heron"}), "Ana", seen=0)
    book.change(FIRST, {"volunteer": "Heron", "status": "out", "out_on": DAY}, "Ana", seen=1)
    assert book.take([visit()], "Ben") == 1
    assert book.turfs()["status"].tolist() == ["out", "ready"], "one door of twenty"
    book.take([visit(f"v{door}", door=f"{door}") for door in range(11)], "Ben")
    book.take([visit(f"again{door}", door=f"{door}") for door in range(11)], "Ben")
    book.save(Tally.make({"turf": FIRST, "on": DAY, "sheet": "S1", "spoke": 1, "not_home": 2}), "Ben", seen=0)
    assert book.turfs()["status"].tolist() == ["out", "ready"], "fifteen"
    book.take([visit("sixteenth", unit="b", door="1")], "Ben")
    assert book.turfs()["status"].tolist() == ["returned", "ready"]
    book.change(FIRST, {"status": "done"}, "Ana", seen=3)
    book.save(visit("late"), "Ben", seen=0)
    assert book.turfs().loc[FIRST, "status"] == "done"
    told = tell_changes(book, turf=FIRST)
    assert told.loc[told["kind"] == "turf", "now"].tolist() == [
        "done, Heron",
        "returned, Heron",
        "out, Heron",
        "ready",
    ]


def test_the_same_form_sent_twice_is_one_entry(book: CanvassBook) -> None:
    assert book.save(visit(), "Ana", seen=0)
    assert not book.save(visit(), "Ana", seen=0)
    assert len(book.journal.history("demo", "visit", "one")) == 1


def test_a_visit_that_never_was_is_taken_back_with_a_reason(book: CanvassBook) -> None:
    book.take([visit()], "Ana")
    with pytest.raises(StoreError, match="nothing says why"):
        book.withdraw("one", "Ben", seen=1, why=" ")
    book.withdraw("one", "Ben", seen=1, why="wrong street")
    assert book.visits().empty
    assert tell_changes(book)[["was", "now", "why"]].iloc[0].tolist() == [
        "spoke",
        "withdrawn",
        "wrong street",
    ]
    with pytest.raises(StoreError, match="no such return"):
        book.withdraw("one", "Ben", seen=1, why="again")


def test_a_visit_taken_back_neither_comes_again_nor_holds_up_its_file(book: CanvassBook) -> None:
    book.take([visit()], "Ana")
    book.withdraw("one", "Ben", seen=1, why="wrong street")
    assert book.visit_ids() == {"one"}
    assert book.take([visit(), visit("two")], "Ana") == 1
    assert book.visits()["id"].tolist() == ["two"]


def test_sheets_of_a_table_are_written_all_or_none(book: CanvassBook) -> None:
    good = Tally.make({"turf": SECOND, "on": DAY, "sheet": "1", "spoke": 4})
    with pytest.raises(StoreError, match="11 doors"):
        book.save_all(
            [good, Tally.make({"turf": SECOND, "on": DAY, "sheet": "2", "spoke": 11})], "Ana", seen={}
        )
    assert book.tallies().empty
    assert book.save_all([good], "Ana", seen={}, source="sheets.csv") == 1
    assert book.save_all([good], "Ana", seen={}, source="sheets.csv") == 0
    assert book.tally_counts()[(SECOND, "2026-03-02", "1")]["spoke"] == 4


def test_a_code_that_was_cut_again_is_known_as_such(book: CanvassBook) -> None:
    book.keep([NewTurf(0, ("c",), 10, 9, 30)], cut(1), "Ana", seen=book.turf_numbers())
    assert book.former_codes() == {SECOND}


def test_hours_of_turfs_that_are_out_are_taken(book: CanvassBook) -> None:
    book.save(Volunteer.make({"pseudonym": "Heron", "hours_a_week": 6}), "Ana", seen=0)
    book.keep([NewTurf(0, ("z",), 10, 9, 30, 2.5)], cut(1), "Ana", seen={})
    book.change(make_turf_code(1, 0), {"volunteer": "heron", "status": "out"}, "Ana", seen=1)
    assert book.volunteers().loc["Heron", "hours_taken"] == 2.5


def goal(households: int) -> Goal:
    return Goal(households=households, last_day=DAY, source="grant")


def test_an_old_form_does_not_replace_what_somebody_recorded_since(book: CanvassBook) -> None:
    sheet = Tally.make({"turf": SECOND, "on": DAY, "sheet": "S1", "spoke": 4})
    book.save_all([goal(41_000), visit(), sheet], "Ana", seen={})
    book.save(Volunteer.make({"pseudonym": "Heron"}), "Ana", seen=0)
    theirs = [
        goal(50_000),
        visit(disposition="refused"),
        sheet.model_copy(update={"spoke": 5}),
        Volunteer.make({"pseudonym": "Heron", "languages": ("es",)}),
    ]
    mine = [
        goal(41_500),
        visit(disposition="moved"),
        sheet.model_copy(update={"spoke": 6}),
        Volunteer.make({"pseudonym": "Heron", "area": "Mecca"}),
    ]
    book.save_all(theirs, "Ben", seen={record.key: 1 for record in theirs})
    for record in mine:
        with pytest.raises(ConflictError, match="Ben"):
            book.save(record, "Ana", seen=1)
        with pytest.raises(ConflictError, match="Ben"):
            book.save(record, "Ana", seen=0)
    with pytest.raises(ConflictError, match="4 records"):
        book.save_all(mine, "Ana", seen={record.key: 1 for record in mine})
    for kind, key in ((Visit, "one"), (Tally, sheet.key)):
        with pytest.raises(ConflictError, match="Ben"):
            book.withdraw(key, "Ana", seen=1, why="never was", kind=kind)
    assert book.kept(Goal)["goal"].record.households == 50_000
    stands = [book.kept(type(record))[record.key].record for record in theirs]
    assert stands == theirs


def test_who_has_seen_the_other_version_may_record_theirs_upon_it(book: CanvassBook) -> None:
    book.save(goal(50_000), "Ben", seen=0)
    with pytest.raises(ConflictError) as caught:
        book.save(goal(41_000), "Ana", seen=0)
    conflict = caught.value.conflicts[0]
    assert isinstance(conflict, Conflict)
    assert conflict.theirs is not None
    record_upon(book, conflict.mine, "Ana", seen=conflict.theirs.number, why="the grant says so")
    assert book.kept(Goal)["goal"].record.households == 41_000
    assert [entry.who for entry in book.journal.history("demo", Goal.kind)] == ["Ben", "Ana"]


def test_a_sheet_or_a_list_that_was_withdrawn_can_be_recorded_anew(book: CanvassBook) -> None:
    sheet = Tally.make({"turf": SECOND, "on": DAY, "sheet": "S1", "spoke": 4})
    book.save(sheet, "Ana", seen=0)
    book.withdraw(sheet.key, "Ana", seen=1, why="another turf's", kind=Tally)
    assert book.save(sheet, "Ana", seen=0)
    assert book.tallies()["spoke"].tolist() == [4]


def test_a_cut_takes_no_turf_away_that_was_not_seen(book: CanvassBook) -> None:
    seen = book.turf_numbers()
    book.keep([NewTurf(0, ("c",), 10, 9, 30)], cut(1), "Ben", seen=seen)
    with pytest.raises(ConflictError, match="by Ben"):
        book.keep([NewTurf(0, ("b", "c"), 20, 18, 60)], cut(2), "Ana", seen=seen)
    assert set(book.units_of()) == {FIRST, make_turf_code(1, 0)}
    rests = {FIRST: None}
    codes = book.keep(
        [NewTurf(0, ("b", "c"), 20, 18, 60)], cut(2), "Ana", seen=book.turf_numbers(), rests=rests
    )
    assert set(book.units_of()) == set(codes)


def test_a_cut_drops_no_door_of_another_turf_in_silence(book: CanvassBook) -> None:
    """It covers one of the first turf's two blocks: what becomes of the other must be said."""
    book.change(FIRST, {"note": "two dogs", "language": "tsz"}, "Ana", seen=1)
    seen, new = book.turf_numbers(), [NewTurf(0, ("b",), 12, 11, 40)]
    unsaid: list[dict[str, NewTurf | None]] = [{}, {SECOND: None}, {FIRST: NewTurf(1, ("c",), 8, 7, 20)}]
    for rests in unsaid:
        with pytest.raises(StoreError, match=f"1 ready turfs have blocks outside of this cut \\({FIRST}"):
            book.keep(new, cut(1), "Ana", seen=seen, rests=rests)
    assert set(book.units_of()) == {FIRST, SECOND}
    codes = book.keep(new, cut(1), "Ana", seen=seen, rests={FIRST: NewTurf(1, ("a",), 8, 7, 20)})
    assert book.units_of() == {SECOND: ("c",), codes[0]: ("b",), codes[1]: ("a",)}
    turfs = book.turfs()
    assert turfs.loc[codes[1], ["doors", "status", "note", "language"]].tolist() == [
        8,
        "ready",
        "two dogs",
        "tsz",
    ]
    assert turfs["doors"].sum() == 30


PARTS = {"g": ("g-p", "g-none")}


def test_a_turf_of_a_block_group_that_is_divided_now_stays_valid(engine: Engine) -> None:
    """Turfs were kept with whole block groups; a place's part of one is a unit of its own since."""
    old = CanvassBook(Journal(engine), "demo")
    old.keep([NewTurf(0, ("g", "h"), 20, 18, 60)], cut(), "Ana", seen={})
    now = CanvassBook(Journal(engine), "demo", PARTS)
    assert now.units_of() == {FIRST: ("g-p", "g-none", "h")}
    assert set(now.turfs()["units"].iloc[0]) == {"g-p", "g-none", "h"}
    now.take([visit("of the old list", unit="g"), visit("of the new one", unit="g-none")], "Ana")
    assert sorted(now.visits()["unit"]) == ["g-none", "g-p"]
    assert now.in_hand() == {"g-p", "g-none", "h"}
    assert {"g", "g-p"} <= set(now.unit_names()[FIRST])
    with pytest.raises(StoreError, match="not in turf"):
        now.take([visit("elsewhere", unit="k")], "Ana")


def test_a_stretch_of_a_block_replaces_its_doors_in_a_ready_turf_and_no_others(book: CanvassBook) -> None:
    """Of 12 doors in b the new cut takes 4; the other 8 and all of a must be settled."""
    mine = [NewTurf(0, ("b-1-4-12",), 4, 4, 9)]
    with pytest.raises(StoreError, match="outside of this cut"):
        book.keep(mine, cut(1), "Ana", seen=book.turf_numbers())
    rests: dict[str, NewTurf | None] = {FIRST: NewTurf(1, ("a", "b-5-12-12"), 16, 14, 51)}
    codes = book.keep(mine, cut(1), "Ana", seen=book.turf_numbers(), rests=rests)
    assert book.units_of() == {
        SECOND: ("c",),
        codes[0]: ("b-1-4-12",),
        codes[1]: ("a", "b-5-12-12"),
    }
    book.take([visit(turf=codes[0], unit="b-1-4-12", door="3")], "Ana")
    assert book.in_hand() == {"b-1-4-12"}
    with pytest.raises(StoreError, match="not ready"):
        book.keep([NewTurf(0, ("b",), 12, 11, 30)], cut(2), "Ana", seen=book.turf_numbers())
    with pytest.raises(StoreError, match="not in turf"):
        book.take([visit("other", turf=codes[0], unit="b-5-12-12")], "Ana")


def test_turfs_are_handed_out_together_or_not_at_all(book: CanvassBook) -> None:
    book.save(Volunteer(pseudonym="Quail"), "Ana", seen=0)
    seen = book.turf_numbers()
    out = {"volunteer": "Quail", "status": "out", "out_on": DAY}
    with pytest.raises(StoreError, match="no volunteer Wren"):
        book.change_all({FIRST: out, SECOND: out | {"volunteer": "Wren"}}, "Ana", seen=seen, why={})
    book.change(SECOND, {"note": "a dog"}, "Ben", seen=seen[SECOND])
    with pytest.raises(ConflictError):
        book.change_all({FIRST: out, SECOND: out}, "Ana", seen=seen, why={})
    assert set(book.turfs()["status"]) == {"ready"}
    book.change_all({FIRST: out, SECOND: out}, "Ana", seen=book.turf_numbers(), why={FIRST: "near"})
    assert set(book.turfs()["status"]) == {"out"}


def test_a_record_of_before_reads_with_nothing_said_of_what_is_new(book: CanvassBook) -> None:
    before = {"pseudonym": "Quail", "languages": ["en"], "area": "", "hours_a_week": 4.0, "has_car": None}
    told = Volunteer.make(before)
    assert (told.near_home, told.together, told.shifts) == (None, "", ())
    sheet = Tally.make({"turf": FIRST, "on": DAY, "sheet": "1", "spoke": 2})
    assert (sheet.do_not_knock, sheet.doors) == (0, 2)
    assert visit().again == ""


def test_a_door_outside_of_its_part_of_a_block_is_a_slip_of_the_pen(book: CanvassBook) -> None:
    """Door 500 of doors 120 to 134 was one door more on every list."""
    cut = Cut(number=7, turfs=1, doors=15, tolerance=0, worst=0, bound=0)
    (code,) = book.keep([NewTurf(0, ("z-120-134-191",), 15, 12, 40)], cut, "Ana", seen={})
    fields = {"turf": code, "unit": "z-120-134-191", "on": DAY, "disposition": "spoke"}
    for door in ("500", "119", "1"):
        with pytest.raises(StoreError, match=f"door {door} is not of this part"):
            book.save(Visit.make({**fields, "id": door, "door": door}), "Ana", seen=0)
    for door in ("120", "134", "", "gate"):
        assert book.save(Visit.make({**fields, "id": f"v{door}", "door": door}), "Ana", seen=0)
