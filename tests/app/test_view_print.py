"""Explore's PDF: offered in both languages, made from what the screen shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
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

Open = Callable[..., AppTest]
INDICATOR = indicator_named("share_uninsured")


def layers_of(*keys: str) -> list[Layer]:
    return [choropleth(Shading(INDICATOR), "tracts_2010"), *(LAYERS[key] for key in keys)]


def test_the_page_offers_it_in_both_languages(dashboard: Open, demo_built: str) -> None:
    app = dashboard(region="demo")
    assert not app.exception
    labels = [item.proto.label for item in app.get("download_button")]
    assert {"This view as a PDF (English)", "This view as a PDF (Español)"} <= set(labels)


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
