"""The meeting: what stands on the wall is what the board says, and closing it tells what was decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of
from store.database import open_database
from store.journal import Journal
from store.water.book import Board, Change
from store.water.kinds import Status
from store.water.meetings import list_meetings

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of its own for each test."""
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")


def board() -> Board:
    systems = read_shapes_of("demo", "water_systems")
    return Board(Journal(open_database()), "demo", systems["pwsid"])


def html_of(app: AppTest) -> str:
    return " ".join(item.proto.body for item in app.get("html"))


def named(app: AppTest, label: str) -> object:
    return next(item for item in app.button if item.label == label)


def test_the_wall_tells_how_many_are_connected_and_ten_who_are_next(dashboard: Open, demo_built: str) -> None:
    status = Status(pwsid="CA9000155", service="water", stage="connected", reached_on="2024-05-01")
    board().record([Change(status, seen=0)], who="Ana")
    app = dashboard("meeting", region="demo")
    assert not app.exception
    html = html_of(app)
    assert ">1 of " in html
    listed = html.split("Who is next for water")[1].split("</ol>")[0]
    assert listed.count("<li>") == 10
    assert "CA9000155" not in listed
    assert listed.count("SAFER status") == 10


def test_a_decision_stands_in_the_agenda_until_the_meeting_is_closed_with_who_was_there(
    dashboard: Open, demo_built: str
) -> None:
    app = dashboard("meeting", region="demo")
    app.radio(key="meeting.view").set_value("agenda").run()
    app.text_input(key="who").set_value("Ana").run()
    app.text_area(key="meeting.text.0").set_value("Apply for SAFER <b>")
    app.text_input(key="meeting.lead.0").set_value("CVWD")
    named(app, "Record it").click().run()
    assert not app.exception
    assert "Apply for SAFER &lt;b&gt; · lead: CVWD" in html_of(app)
    app.text_input(key="water.close.attended").set_value("CVWD, Alianza")
    named(app, "Record that the meeting was held").click().run()
    assert not app.exception
    (held,) = list_meetings(board())
    assert held.record.attended == "CVWD, Alianza"
    assert "Apply for SAFER &lt;b&gt; · lead: CVWD" not in html_of(app)
    assert any(item.value.startswith("Nothing was recorded since then") for item in app.text)


def test_a_place_that_staff_put_on_the_map_is_there_with_its_source(dashboard: Open, demo_built: str) -> None:
    pwsid = "CA9000155"
    app = dashboard("water", region="demo")
    app.text_input(key="who").set_value("Ana").run()
    app.selectbox(key="water.choose").set_value(pwsid).run()
    point = read_shapes_of("demo", "water_systems").set_index("pwsid").geometry[pwsid].representative_point()
    app.text_area(key=f"water.place.{pwsid}.text.0").set_value(f"{point.y + 0.01}, {point.x}").run()
    app.text_input(key=f"water.place.{pwsid}.source").set_value("field visit")
    named(app, "Put it on the map").click().run()
    assert not app.exception
    assert any("On record: point" in item.value and "field visit" in item.value for item in app.text)
    assert "place confirmed by staff: a point" in html_of(app)
