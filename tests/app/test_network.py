"""Consolidation network: numbers are those of geo, choices show their effect, refusals say what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import Product, read_shapes_of, require_sidecar, write_dataset
from geo.region import read_region
from geo.units import to_words
from geo.water.cost.connection import connection_cost
from geo.water.receiver import MAINS, read_target, receiver_boundary
from geo.water.routes import NEEDED, fit_roads, measure_ways, with_ways
from store.database import open_database
from store.journal import Journal
from store.water.scenarios import Scenario, save_scenario
from wording.connection_cost import swing_table

Open = Callable[..., AppTest]
DISTRICT = "CA9010001"
AMOUNTS = (
    "trunk_ft",
    "low_ft",
    "high_ft",
    "bound_ft",
    "separate_ft",
    "shared_pipes_usd",
    "separate_pipes_usd",
)
PAIR = ["CA9000155", "CA9000197"]


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own for each test."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    return url


def with_pair(dashboard: Open, pwsids: list[str] = PAIR) -> AppTest:
    app = dashboard("network", region="demo")
    app.multiselect(key="network.list").set_value(pwsids).run()
    assert not app.exception
    return app


def table_with(app: AppTest, *columns: str) -> pd.DataFrame:
    return next(item.value for item in app.dataframe if set(columns) <= set(item.value.columns))


def words_of(app: AppTest) -> str:
    return " ".join(item.value for item in (*app.markdown, *app.text, *app.caption, *app.warning))


def costable(pwsids: list[str], key: str) -> pd.DataFrame:
    region = read_region("demo")
    systems = read_shapes_of("demo", "water_systems")
    target = read_target(region, key, read_shapes_of("demo", "water_mains")).geometry.item()
    roads = fit_roads(read_shapes_of("demo", "roads"), region.length_crs)
    ways = measure_ways(systems, target, region.length_crs, roads)
    return with_ways(systems[systems["pwsid"].isin(pwsids)], ways)


def test_each_boundary_and_the_mains_stand_side_by_side_with_the_costs_of_geo(
    dashboard: Open, demo_built: str
) -> None:
    app = with_pair(dashboard)
    effect = table_with(app, "inside", "miles", "more_usd")
    assert effect["now"].sum() == 1
    assert effect.index[-1].startswith("Water mains: ")
    for title, key in ((effect.index[-1], MAINS), (effect.index[effect["now"]][0], DISTRICT)):
        table = costable(PAIR, key)
        costs = connection_cost(table[list(NEEDED)])
        assert effect.loc[title, "total_cost_usd"] == pytest.approx(costs["total_cost_usd"].sum())
        assert effect.loc[title, "miles"] == pytest.approx(table["distance_ft"].sum() / 5280)
    app.selectbox(key="water.boundary").set_value(MAINS).run()
    assert not app.exception
    assert table_with(app, "inside", "miles", "more_usd")["now"].iloc[-1]
    assert not any("The district's mains are not here" in item.value for item in app.caption)


def test_what_moves_the_cost_of_a_system_stands_on_its_card(dashboard: Open, demo_built: str) -> None:
    pwsid = PAIR[0]
    app = dashboard("water", region="demo").selectbox(key="water.choose").set_value(pwsid).run()
    app.toggle(key="water.doubt").set_value(True).run()
    assert not app.exception
    table = costable([pwsid], DISTRICT)
    expected = swing_table(table, "swrcb_2024", table["low_ft"], table["high_ft"])
    shown = table_with(app, "what", "swing_usd")
    assert shown["what"].tolist() == expected["what"].tolist()
    assert shown["swing_usd"].tolist() == pytest.approx(expected["swing_usd"].tolist())
    what = expected["what"].iloc[0]
    assert f"The biggest unknown: {what[:1].lower()}{what[1:]}." in words_of(app)
    assert "fundable becomes not fundable at" in words_of(app)


def test_a_network_s_review_is_counted_once_line_by_line(dashboard: Open, demo_built: str) -> None:
    app = with_pair(dashboard)
    items = table_with(app, "item", "shared", "separate").set_index("item")
    assert items.loc["Environmental review (CEQA)"].tolist() == [100_000, 200_000, 100_000]
    assert app.table[0].value.loc["Whole cost by the State's method"].tolist()[:2] == [
        to_words(items[kind].sum(), "USD") for kind in ("shared", "separate")
    ]
    assert "Counted once for the 2 systems" in words_of(app)


def test_the_board_says_what_another_boundary_would_mean(dashboard: Open, demo_built: str) -> None:
    app = dashboard("water", region="demo")
    app.radio(key="water.part").set_value("edges").run()
    effect = table_with(app, "inside", "miles", "more_usd")
    board = table_with(app, "rank", "total_cost_usd")
    chosen = effect[effect["now"]].iloc[0]
    assert chosen["total_cost_usd"] == pytest.approx(board["total_cost_usd"].astype(float).sum())
    assert chosen[["inside", "outside", "unknown"]].sum() == len(board)


def test_no_source_gives_mains_is_said_where_it_is_so(dashboard: Open, coachella_built: str) -> None:
    app = dashboard("network", region="coachella")
    assert any("Staff can put mains and tie-in points on the map" in item.value for item in app.caption)


def test_no_pipe_is_laid_to_a_place_that_is_known_to_be_wrong(dashboard: Open, coachella_built: str) -> None:
    """El Mesquite stands on a ZIP area's middle with five others: it is told of, and not connected."""
    app = dashboard("network", region="coachella")
    app.multiselect(key="network.list").set_value(["CA3301119", "CA3303035"]).run()
    assert any("CA3301119" in item.value and "Left out of the network" in item.value for item in app.warning)
    assert "1 systems, 73 people" in words_of(app)
    assert table_with(app, "own_ft", "shared_ft")["pwsid"].tolist() == ["CA3303035"]
    app.multiselect(key="network.list").set_value(["CA3301119"]).run()
    assert not any("people," in item.value for item in app.markdown)
    assert not app.exception


def test_parks_that_touch_the_boundary_get_an_answer(dashboard: Open, coachella_built: str) -> None:
    """By the whole service area all touch: the State's lengths stand there, a network is a click away."""
    oasis, thermal, galindo = "CA3303100", "CA3303035", "CA3303003"
    app = dashboard("network", region="coachella")
    app.selectbox(key="water.boundary").set_value("CA3310001").run()
    app.multiselect(key="network.list").set_value([oasis, thermal, galindo]).run()
    assert "No boundary is a map of mains" in words_of(app)
    told = table_with(app, "state_ft", "fitted_ft")["state_ft"]
    # Read in the State's file: two routes, and one that intersects.
    assert told.to_dict() == {oasis: 5029.0, thermal: 4709.0, galindo: 0.0}
    app.button(key="network.start.fitted").click().run()
    assert app.selectbox(key="water.boundary").value == "fitted"
    lengths = table_with(app, "own_ft", "shared_ft").set_index("pwsid")["own_ft"]
    assert lengths[oasis] > 1000 < lengths[thermal]
    assert lengths[galindo] == 0
    assert "Proven" in words_of(app)
    assert not app.exception


def test_the_boundary_that_fits_the_state_s_table_counts_at_first(
    dashboard: Open, coachella_built: str, demo_built: str
) -> None:
    app = dashboard("water", region="coachella")
    assert app.selectbox(key="water.boundary").value == "fitted"
    app.radio(key="water.part").set_value("edges").run()
    fit = table_with(app, "candidate", "right", "mean_error_ft")
    assert fit["right"].iloc[0] == 28
    assert "28 of 37 rows" in words_of(app)
    assert fit.loc[~fit["in_range"], "mean_error_ft"].min() > 14_463  # the State's longest way, in feet
    # Where the district's own service area fits best, it counts.
    app = dashboard("water", region="demo")
    assert app.selectbox(key="water.boundary").value == "CA9010001"


def test_failing_counts_less_by_a_slider_and_shows_who_moved(dashboard: Open, demo_built: str) -> None:
    app = dashboard("water", region="demo")
    before = table_with(app, "rank", "moved").set_index("pwsid")
    assert before["moved"].eq("").all()
    app.slider(key="water.weight.safer").set_value(1.0).run()
    after = table_with(app, "rank", "moved").set_index("pwsid")
    steps = (before["rank"] - after["rank"].reindex(before.index)).dropna()
    shown = after["moved"].reindex(steps.index)
    told = shown[steps.ne(0)].str.extract(r"(\d+)")[0].astype(int)
    assert told.tolist() == steps[steps.ne(0)].abs().tolist()
    assert shown[steps.eq(0)].eq("").all()
    assert steps.ne(0).any()
    assert "If one factor counts half or double" in words_of(app)


@pytest.fixture
def changed_demo(built_data: Path, demo_built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo's data, to be spoiled."""
    folder = tmp_path / "data" / "processed" / "demo"
    shutil.copytree(built_data / "data" / "processed" / "demo", folder)
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    return folder


def spoil(name: str, frame: gpd.GeoDataFrame) -> None:
    write_dataset("demo", name, Product(frame), require_sidecar("demo", name).record)


def test_roads_in_pieces_name_the_system_and_what_to_do(dashboard: Open, changed_demo: Path) -> None:
    region = read_region("demo")
    systems = read_shapes_of("demo", "water_systems").set_index("pwsid").to_crs(region.length_crs)
    point = systems.geometry[PAIR[1]].representative_point()
    roads = read_shapes_of("demo", "roads")
    alone = gpd.GeoSeries([LineString([point, (point.x + 50, point.y)])], crs=region.length_crs)
    near = receiver_boundary(region, DISTRICT).geometry.item()
    kept = roads[roads.intersects(near)].iloc[:40].copy()
    kept.loc[kept.index[0], "geometry"] = alone.to_crs(4326).item()
    spoil("roads", kept)
    app = with_pair(dashboard, [PAIR[1]])
    assert PAIR[1] in app.error[0].value
    assert "cannot be reached" in app.error[0].value
    assert "leave them out" in app.error[0].value


def test_a_county_without_a_multiplier_is_named_on_the_page(dashboard: Open, changed_demo: Path) -> None:
    systems = read_shapes_of("demo", "water_systems")
    systems.loc[systems["pwsid"].eq(PAIR[0]), "county_geoid"] = "06999"
    spoil("water_systems", systems)
    app = with_pair(dashboard)
    assert any(f"{PAIR[0]} (county 06999 has no multiplier" in item.value for item in app.warning)
    assert app.table[0].value.loc["Whole cost by the State's method"].tolist()[0] == "no data"
    app.button(key="network.ask").click().run()
    assert PAIR[0] in app.error[0].value
    assert "leave them out" in app.error[0].value


def test_a_kept_scenario_of_what_is_gone_says_so(dashboard: Open, demo_built: str, own_store: str) -> None:
    amounts = dict.fromkeys(AMOUNTS, 1.0)
    old = Scenario.make(
        {"name": "Old", "pwsids": (PAIR[0], "CA9099999"), "boundary": "gone", "basis": "road", "people": 5.0}
        | {"method": "swrcb_1999", **amounts}
    )
    save_scenario(Journal(open_database(own_store)), "demo", old, "Ana", seen=0)
    app = dashboard("network", region="demo")
    app.button(key="network.open.old").click().run()
    assert not app.exception
    told = " ".join(item.value for item in app.warning)
    assert "CA9099999" in told
    assert "gone is not here any more" in told
    assert "swrcb_1999 is not here any more" in told
    assert app.multiselect(key="network.list").value == [PAIR[0]]
