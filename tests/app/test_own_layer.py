"""A person's own layer on Explore: on the map of the one who brought it, and of nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts.people import KEPT
from app_pages.parts.tracts.own_layer import ShownLayer
from geo.datasets.storage import read_shapes_of
from store.database import open_database
from store.journal import Journal
from store.own_layers import SavedLayer, saved_layers

Open = Callable[..., AppTest]
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(autouse=True)
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has recorded anything."""
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")


def bring(app: AppTest, content: str, name: str = "own.csv") -> AppTest:
    app.file_uploader[0].set_value((name, content.encode(), "text/csv"))
    return app.run()


@pytest.fixture
def somewhere(demo_built: str) -> tuple[float, float, str]:
    """A point in a tract of the demo: longitude, latitude, and the tract."""
    row = read_shapes_of("demo", "tracts_2020").iloc[2]
    point = row["geometry"].representative_point()
    return point.x, point.y, str(row["geoid"])


def test_a_table_with_coordinates_is_joined_and_stands_in_no_link(
    dashboard: Open, somewhere: tuple[float, float, str]
) -> None:
    x, y, geoid = somewhere
    quoted = HOSTILE.replace('"', '""')
    app = bring(dashboard("explore", region="demo"), f'name,lat,lon,beds\n"{quoted}",{y},{x},4\n')
    assert not app.exception
    assert not app.error, [e.value for e in app.error]
    table = next(item.value for item in app.dataframe if "beds" in item.value)
    assert table["2020 tract"].tolist() == [geoid]
    assert table["beds"].tolist() == [4]
    assert not any(HOSTILE in str(item.proto.body) for item in app.get("html")), "a name is text, never HTML"
    assert str(x) not in json.dumps(dict(app.query_params))


def test_it_is_saved_under_a_name_by_whoever_says_theirs(
    dashboard: Open, somewhere: tuple[float, float, str]
) -> None:
    x, y, _geoid = somewhere
    app = bring(dashboard("explore", region="demo"), f"name,lat,lon\nClinic,{y},{x}\n")
    app.text_input(key="own.name").set_value("Clinics")
    save = next(button for button in app.button if button.label == "Save the layer")
    save.click().run()
    assert "name" in app.error[0].value, "nobody is named"
    journal = Journal(open_database())
    assert not saved_layers(journal, "demo")
    app.session_state[KEPT] = "Ana"
    app.text_input(key="own.name").set_value("Clinics")
    next(button for button in app.button if button.label == "Save the layer").click().run()
    assert [(item.record.name, item.who) for item in saved_layers(journal, "demo")] == [("Clinics", "Ana")]
    stranger = dashboard("explore", region="demo")
    assert "own.saved" not in [box.key for box in stranger.selectbox], "who says no name sees none"


@pytest.mark.parametrize("setting", [None, "http://127.0.0.1:9/addressbatch"])
def test_addresses_without_a_geocoder_are_refused_in_a_sentence(
    dashboard: Open, demo_built: str, monkeypatch: pytest.MonkeyPatch, setting: str | None
) -> None:
    if setting:
        monkeypatch.setenv("GEO_GEOCODER", setting)
    app = bring(dashboard("explore", region="demo"), "address,city\n1 Main St,Indio\n")
    if setting:
        assert not app.error, "nothing is sent before somebody says so"
        app.button(key="own.locate").click().run()
    assert not app.exception
    assert ("cannot be reached" if setting else "addresses is switched off") in app.error[0].value


def test_what_is_made_from_addresses_cannot_be_saved(
    dashboard: Open, somewhere: tuple[float, float, str]
) -> None:
    x, y, _geoid = somewhere
    app = bring(dashboard("explore", region="demo"), f"name,lat,lon\nHome,{y},{x}\n")
    shown = app.session_state["own.shown"]
    private = ShownLayer(shown.region, shown.number, shown.title, shown.frame, private=True)
    app.session_state["own.shown"] = private
    app.run()
    assert not any(button.label == "Save the layer" for button in app.button)


def test_a_saved_layer_is_read_back_as_it_was() -> None:
    layer = SavedLayer(name="  Clinics  ", geojson='{"type": "FeatureCollection", "features": []}')
    assert layer.key == "clinics"
    assert SavedLayer.model_validate(layer.model_dump(mode="json")) == layer
