"""Where next on the page: totals by another path, ways along roads where they are fit, lists of places."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of
from geo.program.sites import to_sites
from store.database import open_database
from store.journal import Journal
from store.program.book import SiteList, save_sites

Open = Callable[..., AppTest]
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty store."""
    monkeypatch.setenv("GEO_STORE_URL", f"sqlite:///{tmp_path / 'store.db'}")


def open_next(dashboard: Open, region: str, program: str) -> AppTest:
    """Open a program on the section Where next."""
    app = dashboard("program", region=region)
    app.session_state["program.tabs"] = "Where next"
    return app.selectbox(key="program.key").set_value(program).run()


def find(dashboard: Open, region: str, program: str) -> AppTest:
    app = open_next(dashboard, region, program)
    next(item for item in app.button if item.label == "Find sites").click().run()
    assert not app.exception
    return app


def sites(app: AppTest) -> pd.DataFrame:
    return next(item.value for item in app.dataframe if "adds_all" in item.value.columns)


def number(words: str) -> float:
    return float(words.split(" ")[0].replace(",", ""))


def test_the_demo_is_measured_along_roads(dashboard: Open, demo_built: str) -> None:
    app = find(dashboard, "demo", "census_2020")
    tracts = read_shapes_of(demo_built, "tracts_2010")
    hard = tracts[tracts["ca_htc_index"].fillna(0) >= 60]
    total, moe = hard["households"].sum(), hypot(*hard["households_moe"])
    words = " ".join(item.value for item in app.text)
    assert f"Households in hard-to-count tracts: {total:,.0f} ± {moe:,.0f}." in words
    assert "No event with a known place counts as covered." in words
    assert "2.0 miles along roads" in words
    table = sites(app)
    assert table["rank"].tolist() == [1, 2, 3]
    assert [number(item) for item in table["adds"]] == sorted(map(number, table["adds"]), reverse=True)
    assert all(
        number(some) <= number(every) for some, every in zip(table["adds"], table["adds_all"], strict=True)
    )


def test_rough_roads_are_not_measured_along_and_a_list_of_schools_comes_first(
    dashboard: Open, coachella_built: str
) -> None:
    found = to_sites([("Mecca School", -116.077, 33.571), ("Thermal School", -116.139, 33.640)])
    fields = {"title": "Schools", "site_kind": "school", "source": "CDE", "vintage": "2026"}
    record = SiteList.make(fields | {"sites": len(found), "geojson": found.to_json()})
    save_sites(Journal(open_database()), coachella_built, record, "Ana", seen=0)
    app = open_next(dashboard, "coachella", "census_2020")
    assert "add a list below: Parks, Libraries" in " ".join(item.value for item in app.caption)
    chosen = app.multiselect(key="next.kinds")
    assert chosen.value[0] == "Schools (Schools)"
    chosen.set_value(chosen.value[:1])
    app.number_input(key="next.count").set_value(2)
    next(item for item in app.button if item.label == "Find sites").click().run()
    assert set(sites(app)["name"]) == {"Mecca School", "Thermal School"}
    assert "straight line times 1.3" in " ".join(item.value for item in app.text)


def test_more_sites_than_there_are_places_is_told(dashboard: Open, demo_built: str) -> None:
    app = open_next(dashboard, "demo", "census_2020")
    app.multiselect(key="next.kinds").set_value([])
    next(item for item in app.button if item.label == "Find sites").click().run()
    assert "cannot be chosen of 0" in app.error[0].value
