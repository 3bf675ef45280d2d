"""Water board and Consolidation network on a laptop and a phone: read aloud, reached by keyboard, an area
drawn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from geo.datasets.storage import read_shapes_of
from geo.water.known_ways import unplaced
from geo.water.receiver import inside_drawing
from tests.browser.conftest import LAPTOP, MAP, PATIENCE_MS, PHONE, SCREENS, Visit, settle, turn_to

pytestmark = [pytest.mark.browser]
FOCUSED = """() => {
  const item = document.activeElement, row = item.closest("[data-testid='stElementContainer']");
  return (item.getAttribute("aria-label") || "") + " " + (row ? row.innerText : "");
}"""
PAGES = {
    "en": {"water": "Water board", "network": "Consolidation network"},
    "es": {"water": "Tablero del agua", "network": "Red de consolidación"},
}
Open = Callable[..., Visit]


def enter(visit: Open, page: str, screen: dict[str, int], language: str = "en") -> Visit:
    """Open a page by its link, after the first has come to rest."""
    found = visit(f"?region=demo&lang={language}", screen)
    found.wait_for_map("tracts")
    turn_to(found.page, PAGES[language][page])
    found.wait_for_map("systems")
    found.rest()
    return found


@pytest.mark.parametrize("page", ["water", "network"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing_serious(visit: Open, demo_built: str, page: str, language: str) -> None:
    found = enter(visit, page, LAPTOP, language)
    frames = [found.page, next(item for item in found.page.frames if "streamlit_folium" in item.url)]
    violations = [item for frame in frames for item in Axe().run(frame).response["violations"]]
    serious = [
        (item["id"], [node["html"][:160] for node in item["nodes"]][:3])
        for item in violations
        if item["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("page", ["water", "network"])
def test_a_phone_does_not_scroll_sideways(visit: Open, demo_built: str, page: str) -> None:
    found = visit(f"{page}?region=demo", PHONE)
    found.wait_for_map("systems")
    found.rest()
    wide = found.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    found.page.screenshot(path=SCREENS / f"{page}-phone.png")
    assert wide <= 0


def test_the_keyboard_reaches_every_control_of_the_board(visit: Open, demo_built: str) -> None:
    found = enter(visit, "water", LAPTOP)
    settle(found.page)
    names: set[str] = set()
    for _ in range(120):
        found.page.keyboard.press("Tab")
        names.add(found.page.evaluate(FOCUSED))
    for wanted in (
        "Your name (task force)",
        "Stage",
        "SAFER status",
        "Where district pipes are assumed to be",
        "System",
    ):
        assert any(wanted in name for name in names), (wanted, names)


def test_an_area_drawn_around_systems_chooses_those_inside(visit: Open, demo_built: str) -> None:
    found = enter(visit, "network", {"width": 1366, "height": 1400})
    frame = found.page.frame_locator(MAP)
    frame.locator(".leaflet-draw-draw-rectangle").click()
    box = found.page.locator(MAP).bounding_box()
    assert box is not None
    start = (box["x"] + 0.45 * box["width"], box["y"] + 0.35 * box["height"])
    end = (box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"])
    found.page.mouse.move(*start)
    found.page.mouse.down()
    found.page.mouse.move(*end, steps=8)
    found.page.mouse.up()
    expect(found.page.get_by_role("heading", name="feet of shared pipe")).to_be_visible(timeout=PATIENCE_MS)
    ring = next(item for item in found.page.frames if "streamlit_folium" in item.url).evaluate(
        "() => window.__GLOBAL_DATA__.last_active_drawing.geometry"
    )
    systems = read_shapes_of("demo", "water_systems")
    # Where a place is not known no pipe is laid: the page names those that it leaves out.
    inside = inside_drawing(systems[~unplaced(systems)], ring)
    assert len(inside) > 2
    words = f"{len(inside)} systems,"
    expect(found.page.get_by_role("heading", name=words)).to_be_visible(timeout=PATIENCE_MS)
    found.page.screenshot(path=SCREENS / "network-drawn.png", full_page=True)
    found.quiet()


def test_a_row_shows_its_card_beside_it_and_the_wheel_is_the_page_s_until_the_map_is_pressed(
    visit: Open, demo_built: str
) -> None:
    """On a projector: nobody scrolls between the list and the card, and nobody gets stuck on the map."""
    found = enter(visit, "water", {"width": 1920, "height": 1080})
    frame = next(item for item in found.page.frames if "streamlit_folium" in item.url)
    zoom = "() => window.map.getZoom()"
    before = frame.evaluate(zoom)
    box = found.page.locator(MAP).bounding_box()
    assert box is not None
    found.page.mouse.move(box["x"] + 200, box["y"] + 200)
    found.page.mouse.wheel(0, -300)
    found.page.wait_for_timeout(500)
    assert frame.evaluate(zoom) == before > 0
    inside = found.page.frame_locator(MAP)
    inside.locator(".leaflet-control-zoom-in").click()
    inside.locator(".leaflet-control-zoom-in").click()
    found.page.wait_for_timeout(500)
    assert frame.evaluate(zoom) > before
    inside.get_by_role("button", name="Back to the whole area").click()
    found.page.wait_for_timeout(500)
    assert frame.evaluate(zoom) == before
    table = found.page.locator(".st-key-water-table canvas[tabindex='0']").first
    table.scroll_into_view_if_needed()
    table.focus()
    found.page.keyboard.press("ArrowDown")
    found.page.keyboard.press("Shift+Space")
    card = found.page.locator(".st-key-water_card section[aria-label]").first
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    found.rest()
    found.page.screenshot(path=SCREENS / "water-row.png")
    expect(card).to_be_in_viewport()
    expect(table).to_be_in_viewport()
    found.quiet()
