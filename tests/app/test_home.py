"""Home: figures are those of the data and the store, others see no small count, and every way leads there."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of, read_table_of
from geo.language import use_language
from layers.view import read_view
from store.database import open_database
from store.journal import Journal
from store.members import Members, Role
from store.water.book import Board, Change
from store.water.kinds import Service, Stage, Status
from tests.app.planted import plant_canvass
from tests.app.test_explore import html_of

Open = Callable[..., AppTest]
ROOT = Path(__file__).resolve().parents[2]
FIGURE = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>")
# What an address of Explore can say, each in a link as it was sent when Explore stood at the root.
OLD_LINKS = (
    {"indicator": "share_poverty", "scheme": "equal_intervals", "classes": "4", "layers": "places.systems"},
    {"dataset": "tracts_2020"},
    {"scheme": "fixed", "limits": "20_40_60"},
    {"selected": "places:0699004"},
    {"focus": "places:0699004"},
    {"area": "06901"},
    {"indicator": "share_uninsured", "highest": "20"},
    {"layers": "-"},
)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """An empty store."""
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    return Journal(open_database())


def bodies(app: AppTest) -> str:
    assert not app.exception
    assert [item.value for item in app.error] == []
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def figures(app: AppTest) -> dict[str, str]:
    return {unescape(title): unescape(value) for title, value in FIGURE.findall(bodies(app))}


def link_named(app: AppTest, label: str) -> tuple[str, dict[str, str]]:
    """The page that a link leads to, and what its address says."""
    proto = next(item.proto for item in app.main.get("page_link") if item.proto.label == label)
    return proto.page, {name: values[0] for name, values in parse_qs(proto.query_string).items()}


def test_figures_of_the_demo_are_those_of_its_data(
    dashboard: Open, demo_built: str, journal: Journal
) -> None:
    seen = figures(dashboard("home", region="demo"))
    assert seen["Census tracts"] == str(len(read_shapes_of("demo", "tracts_2020"))), "of the newest survey"
    people = sum(int(value) for value in read_shapes_of("demo", "tracts_2020")["population_2020"])
    assert seen["People (2020 Census)"] == f"{people:,}"
    assert seen["Water systems"] == str(len(read_shapes_of("demo", "water_systems")))


@pytest.mark.real
def test_figures_of_the_real_region_speak_of_its_study_area(
    dashboard: Open, coachella_built: str, journal: Journal
) -> None:
    study = read_table_of("coachella", "study_area").query("inside")
    ours = set(study.loc[study["tracts"] == "tracts_2020", "geoid"])
    counted = read_shapes_of("coachella", "tracts_2020").set_index("geoid")["population_2020"]
    people = sum(int(value) for geoid, value in counted.items() if geoid in ours)
    app = dashboard("home", region="coachella")
    seen = figures(app)
    assert seen["Census tracts"] == "111"
    assert seen["People (2020 Census)"] == f"{people:,}"
    assert not [item for item in app.main.get("page_link") if "insured" in item.proto.label]


def test_what_is_recorded_on_the_board_is_told(dashboard: Open, demo_built: str, journal: Journal) -> None:
    systems = read_shapes_of("demo", "water_systems").set_index("pwsid")
    small = systems.query("connections < 200 and system_class == 'community' and not is_receiver")
    private = small.index[small["name"] != small["public_name"]][:3]
    board = Board(journal, "demo", systems.index)
    stages = (Stage.CONNECTED, Stage.CONNECTED, Stage.DESIGN)
    for pwsid, stage in zip(private, stages, strict=True):
        status = Status(pwsid=pwsid, service=Service.WATER, stage=stage, note="ask the owner's son")
        board.record([Change(status, seen=0)], who="Ana")
    app = dashboard("home", region="demo")
    assert figures(app)["Connected so far"] == "2"
    told = unescape(bodies(app))
    for pwsid, stage in zip(private, ("connected", "connected", "design"), strict=True):
        assert f"{systems['public_name'][pwsid]}, water: {stage}" in told
        assert systems["name"][pwsid] not in told
    assert "owner" not in told


def test_others_see_no_small_count_of_the_canvass(dashboard: Open, demo_built: str, journal: Journal) -> None:
    """One door and a sheet of seven were spoken with: eight households, of the usual goal."""
    plant_canvass(journal, "demo")
    app = dashboard("home", region="demo")
    seen = figures(app)
    assert (seen["Turfs"], seen["Handed out"]) == ("2", "1")
    assert seen["Households reached"] == "under 10 of 40,000"
    assert "households reached" not in bodies(app)
    app.text_input(key="person.name").set_value("Ana").run()
    assert figures(app)["Households reached"] == "8 of 40,000"
    assert "8 households reached" in bodies(app)


def test_a_closed_installation_tells_nobody_more_than_others(
    dashboard: Open, demo_built: str, journal: Journal
) -> None:
    plant_canvass(journal, "demo")
    Members(journal).add("Eva", Role.CANVASS_LEAD, "nine brown dogs at the well", by="Ana")
    app = dashboard("home", region="demo")
    assert figures(app)["Households reached"] == "under 10 of 40,000"
    app.text_input(key="signed.name").set_value("Eva")
    app.text_input(key="signed.passphrase").set_value("nine brown dogs at the well")
    next(button for button in app.button if button.label == "Sign in").click().run()
    assert figures(app)["Households reached"] == "8 of 40,000"


@pytest.mark.parametrize("said", OLD_LINKS, ids=lambda said: "+".join(said))
def test_a_link_to_the_map_as_it_stood_at_the_root_leads_to_explore(
    dashboard: Open, demo_built: str, said: dict[str, str]
) -> None:
    app = dashboard("home", region="demo", lang="es", **said)
    direct = dashboard("explore", region="demo", lang="es", **said)
    assert not app.exception
    assert app.session_state["view"] == direct.session_state["view"]
    wanted = read_view(said)
    assert all(getattr(app.session_state["view"], name) == getattr(wanted, name) for name in said)
    assert app.query_params == direct.query_params
    assert app.subheader[0].value == direct.subheader[0].value


def test_language_and_region_alone_stay_at_the_first_page(dashboard: Open, demo_built: str) -> None:
    app = dashboard("home", region="demo", lang="es")
    assert "view" not in app.session_state
    assert "Explorar el valle" in " ".join(item.value for item in app.markdown)


def test_what_is_found_opens_on_the_map(dashboard: Open, demo_built: str) -> None:
    app = dashboard("home", region="demo")
    place = read_shapes_of("demo", "places").iloc[0]
    app.selectbox(key="home.search").set_value(f"places:{place['geoid']}").run()
    assert "geo-card" in bodies(app)
    assert str(place["name"]) in bodies(app)
    assert app.session_state["view"].selected == f"places:{place['geoid']}"


def test_a_link_goes_before_the_view_that_was_left(dashboard: Open, demo_built: str) -> None:
    app = dashboard("explore", region="demo", indicator="share_poverty")
    app.query_params.clear()
    app.switch_page("app_pages/home.py").run()
    app.switch_page("app_pages/explore.py").run()
    assert app.session_state["view"].indicator == "share_poverty"
    app.query_params.clear()
    app.switch_page("app_pages/home.py").run()
    app.query_params.update(link_named(app, UNINSURED)[1])
    app.switch_page("app_pages/explore.py").run()
    assert app.session_state["view"].indicator == "share_uninsured"
    assert app.selectbox(key="explore.indicator").value == "share_uninsured"


UNINSURED = "Where are the most people uninsured, and how sure is that?"


def test_each_door_of_the_demo_has_an_example_that_shows_something(
    dashboard: Open, demo_built: str, journal: Journal
) -> None:
    home = dashboard("home", region="demo")
    page, said = link_named(home, UNINSURED)
    shown = dashboard(page, **said)
    assert "very likely" in html_of(shown)
    page, said = link_named(home, "A failing system: what it needs, and what a pipe to it costs")
    systems = read_shapes_of("demo", "water_systems").set_index("pwsid")
    assert systems["safer_status"][said["system"]] == "Failing"
    shown = dashboard(page, **said)
    assert shown.query_params["system"] == said["system"]
    assert said["system"] in bodies(shown)
    page, said = link_named(home, "Where it is hardest to count: cut a canvass for it")
    shown = dashboard(page, **said)
    assert (shown.radio(key="turfs.way").value, shown.number_input(key="turfs.index").value) == ("filter", 80)


def test_every_program_has_a_row_that_opens_it(dashboard: Open, demo_built: str) -> None:
    app = dashboard("home", region="demo")
    linked = [
        item.proto.query_string for item in app.main.get("page_link") if "program=" in item.proto.query_string
    ]
    named = {parse_qs(said)["program"][0] for said in linked}
    assert named == {path.stem for path in (ROOT / "programs").glob("*.toml")}


def test_a_region_without_data_has_its_doors_all_the_same(
    dashboard: Open, demo_built: str, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "none"))
    app = dashboard("home", region="demo")
    assert not app.exception
    pages = {item.proto.page for item in app.main.get("page_link")}
    assert {"explore", "water", "turfs", "data"} <= pages
    use_language("en")
