"""Two people with the same form open: the second is told, both versions are shown, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of
from geo.days import day_in
from geo.region import read_region
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Goal, Tally, Visit, Volunteer
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook, SiteList, list_sites, save_sites
from store.program.kinds import AreaRole, Boundary

Open = Callable[..., AppTest]
TODAY = day_in("America/Los_Angeles")
TOLD = "changed this in the meantime"


@pytest.fixture
def book(demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CanvassBook:
    """One turf of the demo, out of two blocks."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    made = CanvassBook(Journal(open_database(url)), "demo")
    units = tuple(read_shapes_of(demo_built, "blocks").query("housing_units > 40")["geoid"].head(2))
    cut = Cut(number=0, turfs=1, doors=90, tolerance=0.05, worst=0.0, bound=0.0)
    made.keep([NewTurf(0, units, 90, 80, 240, 6.0)], cut, "Ana", seen={})
    return made


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def opened_by(dashboard: Open, name: str, page: str, **params: str) -> AppTest:
    app = dashboard(page, region="demo", **params)
    app.text_input(key="person.name").set_value(name).run()
    return app


def said(app: AppTest) -> str:
    return " ".join(str(item.value) for kind in (app.error, app.success, app.text) for item in kind)


def set_goal(app: AppTest, households: int, seen: int) -> None:
    app.number_input(key=f"progress.goal.{seen}").set_value(households)
    app.text_input(key=f"progress.source.{seen}").set_value("grant")
    press(app, "Change the goal")


def test_an_old_form_of_the_goal_does_not_replace_a_newer_goal(dashboard: Open, book: CanvassBook) -> None:
    ana, ben = opened_by(dashboard, "Ana", "progress"), opened_by(dashboard, "Ben", "progress")
    set_goal(ben, 50_000, 0)
    set_goal(ana, 41_000, 0)
    assert f"Ben {TOLD}" in said(ana)
    assert "50,000 households" in said(ana)
    assert "41,000 households" in said(ana)
    assert book.kept(Goal)["goal"].record.households == 50_000
    press(ana, "Keep theirs")
    assert ana.number_input(key="progress.goal.1").value == 50_000
    set_goal(ana, 42_000, 1)
    set_goal(ben, 43_000, 1)
    assert f"Ana {TOLD}" in said(ben)
    press(ben, "Record mine")
    assert [entry.who for entry in book.journal.history("demo", Goal.kind)] == ["Ben", "Ana", "Ben"]


def test_two_who_correct_one_visit_are_told(dashboard: Open, book: CanvassBook) -> None:
    code, units = next(iter(book.units_of().items()))
    fields = {"turf": code, "unit": units[0], "on": TODAY, "disposition": "spoke"}
    book.take([Visit.make(fields | {"id": "one"})], "Eva")
    ana = opened_by(dashboard, "Ana", "returns", turf=code)
    book.save(Visit.make(fields | {"id": "one", "disposition": "refused"}), "Ben", seen=1, why="misread")
    ana.selectbox(key="mend.result.one.1").set_value("moved")
    press(ana, "Correct it")
    assert f"Ben {TOLD}" in said(ana)
    assert book.visits()["disposition"].tolist() == ["refused"]
    press(ana, "Record mine")
    assert book.visits()["disposition"].tolist() == ["moved"]
    assert [entry.number for entry in book.journal.history("demo", Visit.kind, "one")] == [1, 2, 3]


def test_a_visit_is_not_taken_back_in_place_of_the_one_that_was_chosen(
    dashboard: Open, book: CanvassBook
) -> None:
    code, units = next(iter(book.units_of().items()))
    fields = {"turf": code, "unit": units[0], "on": TODAY, "disposition": "spoke"}
    for name in ("one", "two"):
        book.take([Visit.make(fields | {"id": name, "door": name})], "Eva")
    ana = opened_by(dashboard, "Ana", "returns", turf=code)
    ana.selectbox(key="mend.visit").set_value("one").run()
    book.withdraw("one", "Ben", seen=1, why="wrong street")
    ana.text_input(key="mend.why").set_value("wrong street")
    press(ana, "Delete this visit (entered by mistake)")
    assert "has changed in the meantime" in said(ana)
    assert book.visits()["id"].tolist() == ["two"]


def test_two_who_write_one_sheet_are_told(dashboard: Open, book: CanvassBook) -> None:
    code = next(iter(book.units_of()))
    ana = opened_by(dashboard, "Ana", "returns", turf=code)
    sheet = Tally.make({"turf": code, "on": TODAY, "sheet": "1", "spoke": 30})
    book.save(sheet, "Ben", seen=0)
    ana.number_input(key="paper.spoke").set_value(12)
    ana.text_input(key="paper.sheet").set_value("1")
    press(ana, "Record the totals")
    assert f"Ben {TOLD}" in said(ana)
    press(ana, "Keep theirs")
    assert book.tallies()["spoke"].tolist() == [30]
    book.save(sheet.model_copy(update={"spoke": 31}), "Ben", seen=1)
    ana.text_input(key="paper.why").set_value("copied twice")
    press(ana, "Delete this sheet (entered by mistake)")
    assert f"Ben {TOLD}" in said(ana)
    assert book.tallies()["spoke"].tolist() == [31]


def test_a_table_of_sheets_replaces_none_that_came_since_its_preview(
    dashboard: Open, book: CanvassBook
) -> None:
    code = next(iter(book.units_of()))
    ana = opened_by(dashboard, "Ana", "returns", turf=code)
    rows = f"turf,on,sheet,spoke\n{code},{TODAY},1,12\n".encode()
    ana.file_uploader(key="paper.file.0").set_value(("sheets.csv", rows, "text/csv")).run()
    book.save(Tally.make({"turf": code, "on": TODAY, "sheet": "1", "spoke": 30}), "Ben", seen=0)
    press(ana, "Record 1 change")
    assert "1 record was changed in the meantime" in said(ana)
    assert book.tallies()["spoke"].tolist() == [30]


def test_a_pseudonym_that_is_taken_is_seen_before_it_is_changed(dashboard: Open, book: CanvassBook) -> None:
    ana = opened_by(dashboard, "Ana", "turfs")
    heron = Volunteer.make({"pseudonym": "Heron", "languages": ("es",), "has_car": True})
    book.save(heron, "Ben", seen=0)
    ana.text_input(key="volunteer.name").set_value("heron")
    press(ana, "Add the volunteer")
    assert f"Ben {TOLD}" in said(ana)
    assert book.kept(Volunteer)["heron"].record == heron
    press(ana, "Keep theirs")
    assert book.kept(Volunteer)["heron"].record == heron


def test_two_who_change_one_cut_are_told(dashboard: Open, book: CanvassBook) -> None:
    ana = opened_by(dashboard, "Ana", "turfs")
    press(ana, "Cut turfs")
    name = ana.query_params["cut"]
    ben = dashboard("turfs", region="demo")
    ben.query_params["cut"] = name
    ben.run()
    ben.text_input(key="person.name").set_value("Ben").run()
    press(ana, "Move it")
    press(ben, "Merge them")
    assert f"Ana {TOLD}" in said(ben)
    assert "Every change is kept" not in " ".join(item.value for item in ben.caption)
    press(ben, "Keep theirs")
    assert "1 change by hand" in " ".join(item.value for item in ben.markdown)
    assert "12 turfs" in " ".join(item.value for item in ben.markdown)
    press(ben, "Merge them")
    press(ana, "Undo the last change")
    assert f"Ben {TOLD}" in said(ana)
    press(ana, "Record mine")
    assert "0 changes by hand" in " ".join(item.value for item in ana.markdown)


def test_a_boundary_is_not_withdrawn_in_place_of_another(
    dashboard: Open, demo_built: str, book: CanvassBook
) -> None:
    programs = ProgramBook(book.journal, "demo")
    key = next(iter(programs.programs()))
    shapes = read_shapes_of(demo_built, "tracts_2010").head(1)[["geoid", "geometry"]]
    geojson = shapes.rename(columns={"geoid": "name"}).to_json()
    for title in ("First", "Second"):
        fields = {"program": key, "title": title, "role": AreaRole.TRUSTEE_AREA, "geojson": geojson}
        programs.add([Boundary.make(fields | {"id": title.lower()})], "Eva")
    ana = opened_on(dashboard, key, "Record")
    first = f"{key}/first"
    ana.selectbox(key="boundary.which").set_value(first)
    ana.text_input(key="boundary.why").set_value("an old one")
    programs.withdraw(Boundary, first, 1, "Ben", "an old one")
    press(ana, "Withdraw it")
    assert "has changed in the meantime" in said(ana)
    assert [item.record.title for item in programs.kept(Boundary, key)] == ["Second"]


def opened_on(dashboard: Open, key: str, tab: str) -> AppTest:
    """Open a section of a program's page."""
    app = opened_by(dashboard, "Ana", "program", program=key)
    app.session_state["program.tabs"] = tab
    return app.run()


def test_a_list_of_places_replaces_none_that_was_not_seen(dashboard: Open, book: CanvassBook) -> None:
    key = next(iter(ProgramBook(book.journal, "demo").programs()))
    west, south, east, north = read_region("demo").bounds
    place = f"{(south + north) / 2},{(west + east) / 2}"
    fields = {"title": "Schools", "site_kind": "school", "source": "CDE", "vintage": "2026", "sites": 1}
    theirs = SiteList.make(fields | {"geojson": '{"type": "FeatureCollection", "features": []}'})
    ana = opened_on(dashboard, key, "Where next")
    rows = f"name,latitude,longitude\nA,{place}\n".encode()
    ana.file_uploader(key="sites.file.0").set_value(("a.csv", rows, "text/csv")).run()
    save_sites(book.journal, "demo", theirs, "Ben", seen=0)
    for name in ("title", "source", "vintage"):
        ana.text_input(key=f"sites.{name}").set_value("schools" if name == "title" else "2025")
    press(ana, "Add the list")
    assert f"Ben {TOLD}" in said(ana)
    assert [item.record.vintage for item in list_sites(book.journal, "demo")] == ["2026"]
    press(ana, "Record mine")
    assert [item.record.vintage for item in list_sites(book.journal, "demo")] == ["2025"]
