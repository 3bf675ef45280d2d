"""Explore's PDF: offered in both languages, made from what the screen shows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from app_pages.parts.tracts.downloads import describe, make_print
from geo.datasets.storage import read_shapes_of
from geo.language import current_language
from geo.region import read_region
from geo.tracts.indicators import indicator_named
from layers.layer import Layer
from layers.registry import LAYERS
from layers.tracts import Shading, choropleth
from layers.view import View
from layers.water import AT_RISK
from reports.map_report import PAPERS, to_picture

Open = Callable[..., AppTest]
INDICATOR = indicator_named("share_uninsured")


def layers_of(*keys: str) -> list[Layer]:
    return [choropleth(Shading(INDICATOR), "tracts_2010"), *(LAYERS[key] for key in keys)]


def test_the_page_offers_it_in_both_languages(dashboard: Open, demo_built: str) -> None:
    """After a press alone the server knows where the map looks: a file is offered of that very view."""
    app = dashboard(region="demo", at="32.9_-118.9_11_900x500")
    app.button(key="explore.print.prepare").click().run()
    for language in ("English", "Español"):
        app.radio(key="explore.print.language").set_value({"English": "en"}.get(language, "es")).run()
        assert not app.exception
        labels = [item.proto.label for item in app.get("download_button")]
        assert f"Download this view (PDF, Letter, {language})" in labels
    app.query_params["at"] = "32.8_-118.9_11_900x500"
    app.run()
    assert not [item for item in app.get("download_button") if "this view" in item.proto.label]


@pytest.mark.parametrize("paper", list(PAPERS))
def test_every_paper_has_its_size_and_a_picture(demo_built: str, paper: str) -> None:
    region = read_region("demo")
    shown = layers_of("places", "systems")
    view = View(indicator=INDICATOR.key)
    document = make_print(region, view, shown, INDICATOR, region.bounds, "en", "pdf", paper)
    wide, high = (float(item) for item in re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", document)[0])
    assert (wide, high) == pytest.approx((PAPERS[paper].width, PAPERS[paper].height), abs=0.1)
    picture = Image.open(io.BytesIO(to_picture(document)))
    assert picture.size[0] / picture.size[1] == pytest.approx(wide / high, rel=0.01)


def test_what_the_screen_leaves_out_is_left_out_on_paper(demo_built: str) -> None:
    """Of water systems those to look after, of roads the highways: by the published columns themselves."""
    region, systems, roads = (
        read_region("demo"),
        read_shapes_of("demo", "water_systems"),
        read_shapes_of("demo", "roads"),
    )
    shown = [layers_of()[0], LAYERS["highways"], AT_RISK]
    printed = describe(region, View(indicator=INDICATOR.key), shown, INDICATOR, region.bounds)
    at_risk = systems.loc[systems["safer_status"].isin(["Failing", "At-Risk"]), "pwsid"]
    highways = roads.loc[roads["road_class"].isin(["primary", "secondary"]), "road_id"]
    assert set(printed.layers[2].shapes.index) == set(at_risk.astype(str))
    assert set(printed.layers[1].shapes.index) == set(highways.astype(str))


def test_a_drawn_area_is_printed_with_its_outline_and_its_figures(demo_built: str) -> None:
    region, places = read_region("demo"), read_shapes_of("demo", "places")
    west, south, east, north = places.total_bounds.round(3)
    area = f"drawn:{west}_{south}~{east}_{south}~{east}_{north}~{west}_{north}"
    view = View(indicator=INDICATOR.key, selected=area)
    printed = describe(region, view, layers_of("places"), INDICATOR, region.bounds)
    assert "Area drawn on the map" in printed.profile.subtitle
    assert any("±" in figure.words for figure in printed.profile.figures)
    assert len(printed.layers) == 3


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_is_made_from_what_is_shown(demo_built: str, language: str) -> None:
    region = read_region("demo")
    places = read_shapes_of("demo", "places")
    view = View(indicator=INDICATOR.key, selected=f"places:{places['geoid'].iloc[0]}")
    shown = layers_of("places", "area_water", "systems")
    content = make_print(region, view, shown, INDICATOR, region.bounds, language)
    assert len(re.findall(rb"/Type /Page\b", content)) >= 2
    assert current_language() == "en"


def test_it_tells_the_profile_the_sources_and_the_choice(demo_built: str) -> None:
    region, places = read_region("demo"), read_shapes_of("demo", "places")
    geoid = str(places["geoid"].iloc[0])
    view = View(indicator=INDICATOR.key, selected=f"places:{geoid}")
    printed = describe(region, view, layers_of("places"), INDICATOR, region.bounds)
    assert printed.invented
    assert printed.profile.title.startswith(str(places["name"].iloc[0]))
    assert "2014-2018" in printed.sources[0]
    assert len(printed.sources) == len(set(printed.sources)) > 1
    assert [layer.selected for layer in printed.layers] == [None, geoid]
    hatched = [sign.hatch for sign in printed.layers[0].signs]
    assert {"lines", "dots", None} == set(hatched)
    assert printed.legends[0].title.startswith("Percent uninsured")
