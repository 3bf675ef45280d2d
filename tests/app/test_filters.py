"""Filters of Explore: what is on the screen equals what pandas finds in the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import geopandas as gpd
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts.tracts.downloads import make_file, part_of
from app_pages.parts.tracts.frames import load_indicator_table
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import read_region
from layers.view import read_view

Open = Callable[..., AppTest]
HARDEST = {
    "06065045303": 101,
    "06065044509": 98,
    "06065046102": 96,
    "06065045502": 95,
    "06065044510": 90,
    "06065045706": 90,
    "06065045604": 89,
    "06065046200": 89,
    "06065044907": 88,
    "06065045705": 88,
}
"""The ten of the valley from the published index, ties included."""


def table_of(app: AppTest, key: str = "explore.table.tracts") -> pd.DataFrame:
    return next(element.value for element in app.dataframe if key in element.proto.id)


def captions(app: AppTest) -> str:
    return " | ".join(element.value for element in app.caption)


def valley(region: str) -> gpd.GeoDataFrame:
    table = read_table_of(region, "study_area")
    inside = table.loc[(table["tracts"] == "tracts_2010") & table["inside"], "geoid"]
    frame = read_shapes_of(region, "tracts_2010")
    return frame[frame["geoid"].isin(inside)]


def test_the_ten_hardest_of_the_valley_are_one_click(dashboard: Open, coachella_built: str) -> None:
    app = dashboard(region="coachella", indicator="share_uninsured")
    app.button(key="explore.question.hardest").click().run()
    assert not app.exception
    table = table_of(app)
    assert dict(zip(table["geoid"], table["value"].astype(int), strict=True)) == HARDEST
    assert table.set_index("geoid").loc[["06065046102", "06065045604"], "place"].tolist() == [
        "Blythe",
        "Mecca",
    ]
    assert "10 of 111 tracts" in captions(app)
    assert app.query_params["where"] == "highest_10"
    again = dashboard(**app.query_params)
    assert set(table_of(again)["geoid"]) == set(HARDEST)
    app.button(key="explore.clear").click().run()
    assert len(table_of(app)) == 111
    assert "where" not in app.query_params


@pytest.mark.parametrize(("percent", "indicator"), [(30, "share_uninsured"), (25, "share_poverty")])
def test_for_sure_is_what_pandas_finds(
    dashboard: Open, coachella_built: str, percent: int, indicator: str
) -> None:
    frame = valley(coachella_built).set_index("geoid")
    value, moe = frame[indicator].astype(float), frame[f"{indicator}_moe"].astype(float)
    where = f"least_{percent / 100}_sure"
    app = dashboard(region="coachella", indicator=indicator, where=where)
    sure = set(frame.index[value - moe > percent / 100])
    assert set(table_of(app)["geoid"]) == sure
    more = int((value >= percent / 100).sum()) - len(sure)
    assert f"{len(sure)} of 111 tracts" in captions(app)
    assert f"{more} more only within" in captions(app)
    assert (indicator == "share_uninsured") == (not sure)


def test_failing_systems_near_thermal_are_what_pandas_finds(dashboard: Open, coachella_built: str) -> None:
    places = read_shapes_of(coachella_built, "places").set_index("name")
    systems = read_shapes_of(coachella_built, "water_systems")
    town = gpd.GeoSeries([places.loc["Thermal", "geometry"]], crs=4326).to_crs(26911).item()
    miles = systems.geometry.to_crs(26911).distance(town) / 1609.344
    for within in (5, 20):
        expected = systems[(systems["safer_status"] == "Failing") & (miles <= within)]
        app = dashboard(
            region="coachella", status="failing", near=str(places.loc["Thermal", "geoid"]), miles=str(within)
        )
        app.session_state["explore.tables"] = "Table: water systems"
        app.run()
        assert not app.exception
        table = table_of(app, "explore.table.systems")
        assert set(table["pwsid"]) == set(expected["pwsid"])
        assert len(table) > 0
        assert table["miles"].is_monotonic_increasing
        assert f"{len(table)} of 392 water systems" in captions(app)
        assert f"within {within} miles of Thermal" in captions(app)


@pytest.mark.parametrize("kind", ["place", "school_district", "tribal_area", "program"])
def test_every_kind_of_area_holds_for_the_table(dashboard: Open, demo_built: str, kind: str) -> None:
    app = dashboard(region="demo")
    app.selectbox(key="explore.area").set_value(kind).run()
    assert not app.exception
    assert not app.error
    assert app.query_params["area"].startswith(f"{kind}:")
    chosen = app.query_params["area"]
    again = dashboard(**app.query_params)
    assert again.query_params["area"] == chosen
    assert table_of(again)["geoid"].tolist() == table_of(app)["geoid"].tolist()
    assert 0 < len(table_of(app)) <= len(read_shapes_of(demo_built, "tracts_2020"))
    assert app.query_params["focus"] == "area"


def test_a_pasted_list_is_an_area_and_tells_what_is_not_here(dashboard: Open, coachella_built: str) -> None:
    app = dashboard(region="coachella")
    app.selectbox(key="explore.area").set_value("list").run()
    app.text_area(key="explore.area.list").set_value("445.09, 06065045303; 999.99").run()
    assert table_of(app)["geoid"].tolist() == ["06065045303", "06065044509"]
    assert table_of(app)["rank"].tolist() == [1, 2]
    assert "1 is not a tract here: 999.99" in app.warning[0].value
    assert app.query_params["area"] == "list:06065044509.06065045303"


@pytest.mark.parametrize("area", ["place:9999999", "program:none", "06001"])
def test_an_area_that_is_not_here_is_told_and_none_stands_for_it(
    dashboard: Open, coachella_built: str, area: str
) -> None:
    app = dashboard(region="coachella", area=area)
    assert not app.exception
    assert (area.partition(":")[2] or area) in app.warning[0].value
    assert len(table_of(app)) == 111


def test_corners_that_are_typed_make_an_area_and_bad_ones_are_refused(
    dashboard: Open, coachella_built: str
) -> None:
    app = dashboard(region="coachella")
    app.selectbox(key="explore.area").set_value("drawn").run()
    assert len(table_of(app)) == 111
    app.text_area(key="explore.area.drawn").set_value("33.62, -116.2\n33.62, -116.0\n33.45, -116.0").run()
    assert app.query_params["area"] == "drawn:-116.2_33.62~-116.0_33.62~-116.0_33.45"
    assert "Mecca" in table_of(app)["place"].tolist()
    again = dashboard(**app.query_params)
    assert again.text_area(key="explore.area.drawn").value == app.text_area(key="explore.area.drawn").value
    app.text_area(key="explore.area.drawn").set_value("Mecca").run()
    assert "no latitude and longitude" in app.error[0].value
    app.text_area(key="explore.area.drawn").set_value("-116.2, 33.62\n-116.0, 33.62\n-116, 33.45").run()
    assert "has its longitude first" in app.error[0].value


def test_a_filter_is_named_opened_again_and_sent(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo", where="highest_3")
    shown = table_of(app)["geoid"].tolist()
    app.text_input(key="explore.name").set_value("Three <b>first</b>").run()
    app.button(key="explore.keep").click().run()
    assert app.query_params["title"] == "Three <b>first</b>"
    assert "Three" in captions(dashboard(**app.query_params))
    app.button(key="explore.clear").click().run()
    assert "title" not in app.query_params
    app.button(key="explore.open.0").click().run()
    assert app.query_params["where"] == "highest_3"
    assert table_of(app)["geoid"].tolist() == shown


def test_the_file_holds_the_rows_of_the_table(dashboard: Open, coachella_built: str) -> None:
    region = read_region("coachella")
    view = read_view({"where": "highest_10"})
    part = part_of(region, view, "tracts_2010", load_indicator_table(region, view))
    archive = zipfile.ZipFile(io.BytesIO(make_file(region, "tracts_2010", "csv", "en", part=part)))
    table = pd.read_csv(archive.open("data.csv"), dtype={"geoid": str})
    assert dict(zip(table["geoid"], table["ca_htc_index"].astype(int), strict=True)) == HARDEST
    assert table["place_name"].tolist()[0] == "Indio"
    assert table["tract_name"].tolist()[0] == "Tract 453.03"
    higher = [sum(other > value for other in HARDEST.values()) for value in HARDEST.values()]
    assert table["rank_here"].tolist() == [1 + count for count in higher], (
        "as on the screen: of the study area"
    )
    columns = pd.read_csv(archive.open("columns.csv")).set_index("column")["description"]
    assert "area in its title" in columns["rank_here"]
    assert "counties" in columns["ca_htc_index_region_rank"]
