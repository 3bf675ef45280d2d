"""Compare and the rank with doubt in a real browser, without any address outside: drawn, sent, and read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from geo.datasets.storage import read_shapes_of
from geo.tracts.comparison import rank_indicator
from geo.tracts.indicators import indicator_named

Visit = Callable[..., object]
pytestmark = [pytest.mark.browser]
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
SCREENS = "build/screens"
PATIENCE_MS = 60_000
FRAME = "iframe[title='streamlit_folium.st_folium']"


@pytest.mark.parametrize("screen", [LAPTOP, PHONE])
def test_two_places_stand_side_by_side(visit: Visit, demo_built: str, screen: dict[str, int]) -> None:
    page = visit("compare?region=demo&how=areas", screen)
    table = page.page.locator(".geo-compare table")
    expect(table).to_contain_text("Statistically different:", timeout=PATIENCE_MS)
    expect(page.page.get_by_text("rates and scores differ significantly")).to_be_visible()
    wide = page.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= screen["width"]
    box = table.bounding_box()
    assert box["x"] + box["width"] <= screen["width"]
    page.page.screenshot(path=f"{SCREENS}/compare-{screen['width']}.png", full_page=True)
    page.quiet()


def test_a_drawn_rectangle_is_told_and_stands_in_the_address(visit: Visit, demo_built: str) -> None:
    page = visit("compare?region=demo&a=drawn:")
    frame = page.page.frame_locator(FRAME)
    expect(page.page.get_by_text("no area is drawn yet")).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_map("places")
    frame.locator(".leaflet-draw-draw-rectangle").click()
    box = page.page.locator(FRAME).bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.page.mouse.move(middle[0] - 40, middle[1] - 40)
    page.page.mouse.down()
    page.page.mouse.move(middle[0] + 40, middle[1] + 40, steps=6)
    page.page.mouse.up()
    expect(page.page.locator(".geo-compare thead")).to_contain_text("Drawn area", timeout=PATIENCE_MS)
    page.page.wait_for_url("**a=drawn%3A-*", timeout=PATIENCE_MS)
    page.page.screenshot(path=f"{SCREENS}/compare-drawn.png", full_page=True)
    sent = visit(page.page.url.removeprefix(f"{page.address}/"))
    expect(sent.page.locator(".geo-compare thead")).to_contain_text("Drawn area", timeout=PATIENCE_MS)
    page.quiet()


def test_a_screen_reader_can_read_it(visit: Visit, demo_built: str) -> None:
    page = visit("compare?region=demo&how=areas")
    expect(page.page.locator(".geo-compare")).to_be_visible(timeout=PATIENCE_MS)
    found = Axe().run(page.page, context=".geo-compare")
    assert found.violations_count == 0, found.generate_report()


def test_the_map_shades_how_sure_a_rank_is(visit: Visit, demo_built: str) -> None:
    page = visit("?region=demo&indicator=share_uninsured&highest=10&layers=-")
    drawn = page.wait_for_map()
    assert drawn["tracts"] == 60
    ranked = rank_indicator(read_shapes_of("demo", "tracts_2010"), indicator_named("share_uninsured"), 10)
    legend = page.page.frame_locator(FRAME).locator(".geo-legend")
    for name, count in ranked["class"].value_counts().items():
        item = legend.locator("li").filter(has_text=re.compile(rf"^\s*{re.escape(str(name))}\b"))
        expect(item).to_contain_text(f"({count})", timeout=PATIENCE_MS)
    page.rest()
    page.wait_for_colors(5)
    page.page.screenshot(path=f"{SCREENS}/rank-classes.png")
    page.quiet()
