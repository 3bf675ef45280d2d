"""A cut that is not kept survives with its undo; a cut again changes codes only where blocks changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.canvass.recut_plan import Recut, RecutWish, doors_left, frozen_codes, plan_recut
from geo.canvass.turf_plan import CutWish, border_units, cut_target, near_turfs, new_turf_rows, with_hours
from geo.canvass.turfs import Step, TurfHistory, merge_turfs, move_unit, split_turf
from geo.errors import ConflictError, StoreError
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.cuts import DraftBook, DraftCut, keep_recut, to_steps
from store.canvass.kinds import Cut, Tally, Volunteer
from store.database import open_database
from store.journal import Journal
from tests.unit.canvass.test_turf_plan import squares


@pytest.fixture
def units() -> gpd.GeoDataFrame:
    return with_hours(squares(12, 4))


@pytest.fixture
def book(tmp_path: Path) -> CanvassBook:
    return CanvassBook(Journal(open_database(f"sqlite:///{tmp_path / 'store.db'}")), "demo")


def kept(book: CanvassBook, units: gpd.GeoDataFrame, n: int = 8) -> list[str]:
    cut = cut_target(units, CutWish("n", n))
    record = Cut(number=book.next_cut(), turfs=n, doors=960, tolerance=0.05, worst=cut.worst, bound=cut.bound)
    return book.keep([NewTurf(**row) for row in new_turf_rows(cut, units)], record, "Ana", seen={})


def planned(book: CanvassBook, units: gpd.GeoDataFrame, dropped: str) -> Recut:
    wish = RecutWish(dropped=(dropped,), out_may_change=True, tolerance=0.3)
    turfs = book.turfs()
    return plan_recut(turfs, units, doors_left(units, book.visits()), frozen_codes(turfs, [], wish), wish)


def test_only_what_changed_gets_a_new_code_and_keeps_its_volunteer(
    book: CanvassBook, units: gpd.GeoDataFrame
) -> None:
    codes = kept(book, units)
    book.save(Volunteer(pseudonym="Heron"), "Ana", seen=0)
    for code in codes:
        book.change(code, {"status": "out", "volunteer": "Heron"}, "Ana", seen=1)
    before = book.units_of()
    plan = planned(book, units, codes[4])
    new = keep_recut(book, 0, plan, "Ana", seen=book.turf_numbers())
    after = book.units_of()
    assert set(new) == set(plan.codes("changed"))
    assert all(after[code] == before[code] for code in plan.codes("same"))
    assert not set(after) & {codes[4], *new}
    assert not set(new.values()) & set(codes)
    assert sorted(unit for members in after.values() for unit in members) == sorted(units.index)
    turfs = book.turfs()
    assert set(turfs.loc[list(new.values()), "volunteer"]) == {"Heron"}
    assert set(turfs.loc[list(new.values()), "status"]) == {"out"}
    assert turfs["doors"].sum() == units["doors"].sum()
    with pytest.raises(StoreError, match="cut again"):
        book.change(codes[4], {"status": "done"}, "Ana", seen=2)
    plan = planned(book, units, next(iter(new.values())))
    again = keep_recut(book, 0, plan, "Ana", seen=book.turf_numbers())
    assert not set(again.values()) & ({*codes, *new.values()})


def test_a_plan_that_came_too_late_writes_nothing(book: CanvassBook, units: gpd.GeoDataFrame) -> None:
    codes = kept(book, units)
    plan, seen = planned(book, units, codes[4]), book.turf_numbers()
    keep_recut(book, 0, plan, "Ana", seen=seen)
    stands = book.units_of()
    with pytest.raises((StoreError, ConflictError)):
        keep_recut(book, 0, plan, "Ben", seen=seen)
    assert book.units_of() == stands


def test_a_turf_that_came_back_on_paper_since_the_plan_is_not_cut_again(
    book: CanvassBook, units: gpd.GeoDataFrame
) -> None:
    codes = kept(book, units)
    plan = planned(book, units, codes[4])
    sheet = {"turf": plan.codes("changed")[0], "on": date(2026, 3, 2), "sheet": "1", "spoke": 4}
    book.save(Tally.make(sheet), "Ben", seen=0)
    stands = book.units_of()
    with pytest.raises(StoreError, match="came back on paper"):
        keep_recut(book, 0, plan, "Ana", seen=book.turf_numbers())
    assert book.units_of() == stands


def test_a_draft_comes_back_with_what_can_be_undone(book: CanvassBook, units: gpd.GeoDataFrame) -> None:
    cut = cut_target(units, CutWish("n", 4))
    history = TurfHistory(cut)
    unit = next(name for name in border_units(cut, 0) if 1 in near_turfs(cut, name))
    history.change(split_turf(cut, 2))
    history.change(move_unit(history.now, unit, 1))
    history.change(merge_turfs(history.now, 0, 1))
    history.undo()
    draft = DraftCut(
        id="x",
        units=tuple(cut.labels.index),
        labels=tuple(map(int, cut.labels)),
        bound=cut.bound,
        tolerance=0.05,
    )
    drafts = DraftBook(book.journal, "demo")
    assert drafts.write(draft, history.steps, len(history.past), "Ana", seen=0) == 1
    found, moved = drafts.drafts()["x"].record, drafts.steps("x").record
    steps = to_steps(found.first(), moved.moves)
    back = TurfHistory.of_steps(cut, steps, moved.at)
    pd.testing.assert_series_equal(back.now.labels, history.now.labels, check_index=False, check_names=False)
    assert back.redo().labels.tolist() == history.redo().labels.tolist()
    for _ in range(3):
        assert back.undo().labels.tolist() == history.undo().labels.tolist()
    assert back.now.turfs["doors"].tolist() == cut.turfs["doors"].tolist()
    drafts.withdraw("x", "Ana", seen=1)
    with pytest.raises(StoreError, match="saved or discarded"):
        drafts.steps("x")


def test_a_turf_that_was_handed_out_since_the_plan_is_not_cut_again(
    book: CanvassBook, units: gpd.GeoDataFrame
) -> None:
    codes = kept(book, units)
    plan, seen = planned(book, units, codes[4]), book.turf_numbers()
    book.change(plan.codes("changed")[0], {"status": "out"}, "Ben", seen=1)
    stands = book.units_of()
    with pytest.raises(ConflictError, match="by Ben"):
        keep_recut(book, 0, plan, "Ana", seen=seen)
    assert book.units_of() == stands


def test_two_who_change_one_draft_do_not_undo_each_other(book: CanvassBook) -> None:
    drafts = DraftBook(book.journal, "demo")
    cut = DraftCut(id="y", units=("a", "b"), labels=(0, 1), bound=0, tolerance=0.05)
    moved = Step(pd.Series({"a": 0, "b": 0}), 0.0)
    seen = drafts.write(cut, [cut.first()], 0, "Ana", seen=0)
    assert drafts.numbers() == {"y": seen}
    drafts.write(cut, [cut.first(), moved], 1, "Ben", seen=seen)
    for write in (
        lambda: drafts.write(cut, [cut.first()], 0, "Ana", seen=seen),
        lambda: drafts.withdraw("y", "Ana", seen=seen),
    ):
        with pytest.raises(ConflictError, match="by Ben"):
            write()
    assert drafts.steps("y").record.at == 1
