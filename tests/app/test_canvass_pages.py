"""Canvass on the screen: from a target to turfs, to returns, to progress that is right to the household."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of
from store.canvass.book import CanvassBook
from store.database import open_database
from store.journal import Journal

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    return url


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def text_of(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def sign_in(app: AppTest) -> AppTest:
    app.text_input(key="person.name").set_value("Ana").run()
    return app


def test_a_lead_cuts_edits_keeps_assigns_and_takes_back(
    dashboard: Open, demo_built: str, own_store: str
) -> None:
    app = sign_in(dashboard("turfs", region="demo"))
    assert "42,568 households" in text_of(app)
    press(app, "Cut turfs")
    assert "12 turfs" in text_of(app)
    assert "Doors in no turf: 0. Doors in two turfs: 0." in text_of(app)
    press(app, "Move it")
    app.selectbox(key="turfs.merge.other").set_value("2").run()
    press(app, "Merge them")
    assert "11 turfs" in text_of(app)
    press(app, "Undo the last change")
    assert "12 turfs" in text_of(app)
    press(app, "Save these turfs")
    assert "Saved: 12 turfs" in app.success[0].value
    app.text_input(key="volunteer.name").set_value("Heron")
    app.multiselect(key="volunteer.languages").set_value(["es"])
    press(app, "Add the volunteer")
    asked = next(item for item in app.selectbox if str(item.key).startswith("assign.language."))
    asked.set_value("es").run()
    press(app, "Hand it out")
    book = CanvassBook(Journal(open_database(own_store)), "demo")
    turfs = book.turfs()
    assert turfs["status"].value_counts().to_dict() == {"ready": 11, "out": 1}
    blocks = read_shapes_of(demo_built, "blocks").set_index("geoid")
    kept = [unit for units in turfs["units"] for unit in units]
    assert len(kept) == len(set(kept))
    assert turfs["doors"].sum() == blocks.loc[kept, "housing_units"].sum()


def test_without_a_name_nothing_is_written(dashboard: Open, demo_built: str, own_store: str) -> None:
    app = dashboard("turfs", region="demo")
    press(app, "Cut turfs")
    press(app, "Save these turfs")
    assert "write your name first" in app.error[0].value
    assert CanvassBook(Journal(open_database(own_store)), "demo").turfs().empty


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("turfs.index", 136.0, "no doors are left"), ("turfs.way", "draw", "nothing is drawn")],
)
def test_a_target_that_cannot_be_had_is_refused(
    dashboard: Open, demo_built: str, key: str, value: object, words: str
) -> None:
    app = dashboard("turfs", region="demo")
    widget = app.radio(key=key) if key == "turfs.way" else app.number_input(key=key)
    widget.set_value(value).run()
    assert not app.exception
    assert words in app.error[0].value


def test_more_turfs_than_blocks_are_refused(dashboard: Open, demo_built: str) -> None:
    app = dashboard("turfs", region="demo")
    app.number_input(key="turfs.count").set_value(99_999)
    press(app, "Cut turfs")
    assert "99999 turfs were asked for" in app.error[0].value


def test_empty_pages_say_so(dashboard: Open, demo_built: str) -> None:
    app = dashboard("returns", region="demo", lang="es")
    assert "Todavía no hay recorridos guardados" in app.info[0].value
    app.switch_page("app_pages/progress.py").run()
    assert not app.exception
    assert not app.error


def test_the_real_region_names_the_barriers_that_no_source_gave(
    dashboard: Open, coachella_built: str
) -> None:
    app = dashboard("turfs", region="coachella")
    assert not app.exception
    words = " ".join(element.value for element in app.warning).casefold()
    assert "barriers" in words
