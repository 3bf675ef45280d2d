"""The page Turfs as a lead asks on a Thursday: a place's own doors, and the volunteers of a Saturday."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.canvass.place_doors import with_places
from geo.canvass.recut_plan import RecutWish, doors_left, fine_turfs, frozen_codes, plan_recut
from geo.canvass.stretches import resolve_units
from geo.canvass.target import to_units
from geo.datasets.storage import read_shapes_of
from geo.region import read_region
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.cuts import keep_recut
from store.canvass.kinds import Cut, Visit
from store.database import open_database
from store.journal import Journal

Open, Agree = Callable[..., AppTest], Callable[[str], None]
MECCA, NORTH_SHORE, RIPLEY = "places:0646660", "places:0652302", "places:0661012"


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    return url


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def text_of(app: AppTest) -> str:
    told = [*app.markdown, *app.caption, *app.warning, *app.error, *app.success, *app.info]
    return " ".join(element.value for element in told)


@pytest.mark.parametrize(("areas", "doors"), [(f"{MECCA},{NORTH_SHORE}", "2,883"), (RIPLEY, "270")])
def test_a_place_has_its_own_doors_where_there_are_only_block_groups(
    dashboard: Open, coachella_built: str, all_tribes_agreed: Agree, areas: str, doors: str
) -> None:
    """Published by block: 2,001 in Mecca and 882 in North Shore, 270 in Ripley."""
    all_tribes_agreed("coachella")
    app = dashboard("turfs", region="coachella", way="place", areas=areas, index="0")
    assert not app.exception
    assert f"{doors} doors, " in text_of(app)
    assert "none of its" not in text_of(app)


def test_a_kept_turf_of_a_whole_block_group_still_stands(
    dashboard: Open, coachella_built: str, own_store: str, all_tribes_agreed: Agree
) -> None:
    """Block group 456.12-1 lies in Mecca and North Shore: a turf from before holds both parts."""
    book = CanvassBook(Journal(open_database(own_store)), "coachella")
    cut = Cut(number=0, turfs=1, doors=433, tolerance=0.05, worst=0.0, bound=0.0)
    book.keep([NewTurf(0, ("060650456121",), 433, 400, 1_500)], cut, "Ana", seen={})
    book.change("TA0001M", {"status": "out"}, "Ana", seen=1)
    all_tribes_agreed("coachella")
    app = dashboard("turfs", region="coachella", way="place", areas=f"{MECCA},{NORTH_SHORE}", index="0")
    assert not app.exception
    # 87 doors of it stand in Mecca and 275 in North Shore.
    assert f"{2_883 - 87 - 275:,} doors, " in text_of(app)


def figures(app: AppTest, column: str) -> pd.DataFrame:
    """Return the table that has a column, as the page was given it."""
    return next(element.value for element in app.dataframe if column in element.value.columns)


def plan(app: AppTest) -> None:
    app.text_input(key="person.name").set_value("Ana").run()
    press(app, "Plan this day")


def book_of(url: str, region: str = "demo") -> CanvassBook:
    return CanvassBook(Journal(open_database(url)), region)


def doors_by_block(book: CanvassBook) -> Counter[tuple[str, int]]:
    """Every door of the turfs that stand, by block and number, counted one by one."""
    found: Counter[tuple[str, int]] = Counter()
    for units in book.units_of().values():
        for unit in units:
            name, _dash, rest = unit.partition("-")
            first, last, _of = map(int, rest.split("-")) if rest else (0, 0, 0)
            found.update((name, door) for door in range(first, last + 1))
    return found


def test_fourteen_volunteers_of_three_hours_get_fourteen_turfs_of_stretches(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    app = dashboard("turfs", region="demo", way="filter")
    assert app.number_input(key="turfs.volunteers").value == 14
    assert app.number_input(key="turfs.hours").value == 3.0
    plan(app)
    words = text_of(app)
    assert "14 turfs of about 3.0 hours for 14 volunteers" in words
    assert "Left of the target for other days: " in words
    assert "Doors in two turfs: 0." in words
    balance = figures(app, "compactness")
    assert len(balance) == 14
    assert balance["hours"].between(2.7, 3.3).all()
    press(app, "Save these turfs")
    book = book_of(own_store)
    turfs = book.turfs()
    assert len(turfs) == 14
    day = app.date_input(key="turfs.day.on").value
    assert [kept.record.planned_on for kept in book.kept(Cut).values()] == [day], "it stands on the calendar"
    doors = doors_by_block(book)
    assert max(doors.values()) == 1, "a door in two turfs"
    assert sum(doors.values()) == turfs["doors"].sum() == balance["doors"].sum()
    # A volunteer's list says which doors of which block, in few rows.
    assert turfs["units"].map(len).max() <= 8
    assert turfs["units"].map(len).mean() < balance["units"].mean()
    # What is in hand stays out of the next plan, door by door.
    for code, number in book.turf_numbers().items():
        book.change(code, {"status": "out"}, "Ana", seen=number)
    again = dashboard("turfs", region="demo", way="filter")
    plan(again)
    press(again, "Save these turfs")
    assert len(book.turfs()) == 28
    assert max(doors_by_block(book).values()) == 1


def test_moved_joined_and_undone_stretches_lose_no_door(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    app = dashboard("turfs", region="demo", way="filter", volunteers="5", hours="2")
    plan(app)
    whole = figures(app, "compactness")["doors"].sum()
    for act in ("Move it", "Merge them", "Undo the last change"):
        press(app, act)
        assert figures(app, "compactness")["doors"].sum() == whole, act
        assert "Doors in two turfs: 0" in text_of(app)
    # A reload finds the cut as it stands.
    other = dashboard("turfs", region="demo", way="filter")
    press(other, "Continue")
    assert figures(other, "compactness")["doors"].tolist() == figures(app, "compactness")["doors"].tolist()
    other.text_input(key="person.name").set_value("Ana").run()
    press(other, "Save these turfs")
    doors = doors_by_block(book_of(own_store))
    assert (max(doors.values()), sum(doors.values())) == (1, whole)


def test_a_kept_day_is_walked_returned_and_cut_again(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    app = dashboard("turfs", region="demo", way="filter", volunteers="4", hours="2")
    plan(app)
    press(app, "Save these turfs")
    book = book_of(own_store)
    before, (code, units) = doors_by_block(book), next(iter(book.units_of().items()))
    told = {"turf": code, "unit": units[0], "door": "1", "on": date(2026, 3, 2), "disposition": "spoke"}
    book.take([Visit.make(told)], "Ana")
    for page in ("returns", "progress", "turfs"):
        shown = dashboard(page, region="demo")
        assert not shown.exception, page
    # A volunteer does not come: the other turfs take those doors, none is lost and none is in two.
    region, gone = read_region("demo"), list(book.units_of())[-1]
    tracts, blocks, counted = (
        read_shapes_of("demo", name) for name in ("tracts_2020", "blocks", "counted_areas")
    )
    known = to_units(with_places(blocks, counted), tracts, region.area_crs)
    turfs, wish = book.turfs(), RecutWish(dropped=(gone,))
    fine = fine_turfs(turfs, known["doors"], set(book.visits()["unit"]))
    rows = resolve_units(known, [name for members in fine["units"] for name in members])
    recut = plan_recut(fine, rows, doors_left(rows, book.visits()), frozen_codes(turfs, set(), wish), wish)
    keep_recut(book, 0, recut, "Ana", seen=book.turf_numbers())
    assert doors_by_block(book) == before
    assert len(book.units_of()) == 3


def test_without_blocks_there_are_areas_to_choose_and_no_walk(
    dashboard: Open, coachella_built: str, all_tribes_agreed: Agree
) -> None:
    all_tribes_agreed("coachella")
    app = dashboard("turfs", region="coachella", way="place", areas=f"{MECCA},{NORTH_SHORE}", index="0")
    plan(app)
    assert "guessed edges" in app.error[0].value
    words = text_of(app)
    assert "14 volunteers of 3 hours knock on about" in words
    table = figures(app, "answered")
    assert table["doors"].sum() == 2_883
    assert table["today"].sum() + table["left"].sum() == 2_883
    assert table["index"].is_monotonic_decreasing
    # Fourteen times three hours at five minutes a door are 504 doors, were there no way between them.
    assert 200 < table["today"].sum() <= 504
    assert "units" not in words.replace("block groups", "")
    app.number_input(key="turfs.index").set_value(97).run()
    assert not any("guessed edges" in item.value for item in app.error), (
        "it was the answer for another target"
    )
