"""A dataset that is built again is seen at the next click, in the process that runs: on every page, of every
dataset that it shows. What a memory that was emptied gives is what must stand there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from app_pages.parts import loading
from app_pages.parts.canvass.book import load_figures, load_units
from demo.records import demo_places, write_demo_board, write_demo_records
from geo.canvass.target import Target
from geo.datasets.declared import DATASETS
from geo.datasets.record import look_anew, require_sidecar
from geo.datasets.storage import Product, read_shapes_of, read_table_of, write_dataset
from geo.region import read_region
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook

ROOT = Path(__file__).resolve().parents[2]
REGION = "demo"
PAIR = ["CA9000155", "CA9000197"]
PLACE = "0699003"


@pytest.fixture(scope="module")
def written(demo_built: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo's invented records, and turfs that are kept."""
    path = tmp_path_factory.mktemp("rebuilt") / "store.db"
    journal = Journal(open_database(f"sqlite:///{path}"))
    write_demo_records(ProgramBook(journal, demo_built), demo_places(demo_built))
    write_demo_board(journal, demo_built, read_shapes_of(demo_built, "water_systems")["pwsid"].tolist())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_STORE_URL", f"sqlite:///{path}")
        press(press(open_page("turfs", {}, {}), "Cut turfs"), "Save these turfs")
    journal.engine.dispose()
    return path


@pytest.fixture
def own_data(
    written: Path, built_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The built demo region and its records, to be changed."""
    built = built_data / "data" / "processed" / REGION
    shutil.copytree(built, tmp_path / "processed" / REGION)
    shutil.copy(written, tmp_path / "store.db")
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    yield tmp_path
    open_database().dispose()


def rebuild(name: str, factor: float = 0.8) -> None:
    """Build a dataset again from other data: all numbers smaller, all shapes moved by a mile."""
    record = dict(require_sidecar(REGION, name).record)
    frame = read_shapes_of(REGION, name) if record["crs"] else read_table_of(REGION, name)
    numbers = frame.select_dtypes("number").columns
    frame = frame.copy()
    for column in numbers:
        smaller = frame[column] * factor
        whole = bool((frame[column].dropna().astype(float) % 1 == 0).all())
        frame[column] = smaller.round().astype(frame[column].dtype) if whole else smaller
    if isinstance(frame, gpd.GeoDataFrame):
        frame = frame.set_geometry(frame.geometry.translate(0.02, 0.01))
    write_dataset(REGION, name, Product(frame), record | {"fingerprint": "another"})


def forget() -> None:
    """Do what a restart does."""
    st.cache_resource.clear()
    look_anew()


def open_page(page: str, params: dict[str, str], state: dict[str, Any]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"region": REGION, **params})
    for key, value in {"person.name": "Ana", **state}.items():
        app.session_state[key] = value
    return app.switch_page(f"app_pages/{page}.py").run()


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def seen(app: AppTest) -> list[str]:
    """All that stands on a page, the map included, as text; numbers that are drawn by chance aside."""
    assert not app.exception, app.exception[0].value
    return [re.sub(r"[0-9a-f]{32,64}", "#", text) for text in _texts(app.main)]


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Block):
        for child in node.children.values():
            yield from _texts(child)
    elif node.type == "arrow_data_frame":
        yield str(node.value.to_json())
    else:
        yield str(node.proto)


SYSTEM = {"water.choose": PAIR[0], "water.doubt": True}
PAGES: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "home": ("home", {}, {}),
    "explore, a place": ("explore", {"selected": f"places:{PLACE}"}, {}),
    "explore, ranks": ("explore", {"indicator": "share_uninsured", "highest": "10"}, {}),
    "explore, who lives where": ("explore", {}, {"explore.tables": "People by area"}),
    "compare": ("compare", {"a": f"place:{PLACE}", "b": "county:06901"}, {}),
    "water": ("water", {}, SYSTEM),
    "water, boundaries": ("water", {}, {"water.part": "edges"}),
    "network": ("network", {}, {"network.chosen": PAIR}),
    "turfs": ("turfs", {}, {"turfs.way": "place", "turfs.areas": [f"places:{PLACE}"]}),
    "programs": ("programs", {}, {}),
    "program": ("program", {"program": "health_enrollment"}, {}),
    "census": ("program", {"program": "census_2020"}, {}),
    "progress": ("progress", {}, {}),
    "data": ("data", {}, {}),
}


@pytest.fixture
def datasets_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the datasets that something kept was made from, from now on.

    Every page looks whether any dataset is lost, which shows nothing of it.
    """
    names: set[str] = set()
    asked = loading.stamps_of

    def note(region: str, wanted: Sequence[str]) -> dict[str, str]:
        names.update(wanted)
        return asked(region, wanted)

    monkeypatch.setattr(loading, "stamps_of", note)
    return names


ALONE = ("explore, a place", "water")
"""Pages that are held against a restart after each dataset, the others after all of them."""


@pytest.mark.slow
@pytest.mark.parametrize("title", PAGES)
def test_a_page_shows_what_was_built_again(own_data: Path, datasets_read: set[str], title: str) -> None:
    page = PAGES[title]
    before = seen(open_page(*page))
    names = [name for name in DATASETS if name in datasets_read or title == "data"]
    assert names
    for built in [[name] for name in names] if title in ALONE else [names]:
        for name in built:
            rebuild(name)
        here = seen(open_page(*page))
        forget()
        assert here == seen(open_page(*page)), f"{title} shows old {built}"
    assert here != before


def words_of(app: AppTest) -> str:
    return " ".join(item.proto.body for item in app.get("html"))


def board_of(app: AppTest) -> pd.DataFrame:
    """The table of the whole board; the list of who is next stands above it."""
    found: pd.DataFrame = next(item.value for item in app.dataframe if "water.table" in item.proto.id)
    return found


def test_the_board_follows_the_district_that_moved(own_data: Path) -> None:
    app = open_page("water", {}, {})
    old = words_of(app), board_of(app)
    frame = read_shapes_of(REGION, "receiver_boundaries")
    record = require_sidecar(REGION, "receiver_boundaries").record
    moved = frame.set_geometry(frame.geometry.translate(0.15, 0.1))
    write_dataset(REGION, "receiver_boundaries", Product(moved), record)
    app.run()
    here = words_of(app), board_of(app)
    assert here[0] != old[0], "fewer systems are near the district, and fewer people"
    assert here[1]["total_cost_usd"].sum() != old[1]["total_cost_usd"].sum()
    forget()
    fresh = open_page("water", {}, {})
    assert here[0] == words_of(fresh)
    pd.testing.assert_frame_equal(here[1], board_of(fresh))


def test_the_units_of_a_canvass_follow_their_tracts(own_data: Path) -> None:
    region = read_region(REGION)
    index, target = load_units(region)["ca_htc_index"].mean(), Target(load_units(region), pd.DataFrame())
    people = load_figures(region, target)
    rebuild("tracts_2020", 0.5)
    assert load_units(region)["ca_htc_index"].mean() == pytest.approx(index / 2)
    halved = load_figures(region, target)
    assert not halved.equals(people), "the survey of tracts of 2020 is the newest that is whole"
    rebuild("tracts_2010", 0.5)
    assert load_figures(region, target)["value"].tolist()[0] == halved["value"].tolist()[0]


def test_sites_that_were_found_in_older_data_are_not_shown(own_data: Path) -> None:
    page = "program", {"program": "health_enrollment"}, {"program.tabs": "Where next"}
    app = press(open_page(*page), "Find sites")
    assert [item for item in app.dataframe if "adds" in item.value]
    rebuild("people_points")
    app.run()
    assert not app.exception
    assert not [item for item in app.dataframe if "adds" in item.value]


def test_a_session_s_own_cut_is_taken_up_anew(own_data: Path) -> None:
    app = open_page("turfs", {}, {"turfs.way": "place", "turfs.areas": [f"places:{PLACE}"]})
    press(app, "Cut turfs")
    was = app.session_state["canvass.cut"]
    rebuild("block_groups")
    rebuild("blocks", 0.5)
    app.run()
    assert not app.exception
    now = app.session_state["canvass.cut"]
    assert now.draft == was.draft
    assert now.history.now.labels.equals(was.history.now.labels)
    assert now.units["doors"].sum() == pytest.approx(was.units["doors"].sum() / 2, rel=0.01)
