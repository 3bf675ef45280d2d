"""Explore in a real browser, without any address outside: drawn, clicked, typed, sent, and read aloud."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from shapely.geometry import Point

from geo.datasets.storage import read_shapes_of
from geo.tracts.names import tract_title
from geo.units import to_words
from tests.browser.conftest import MAP, turn_to, until

Visit = Callable[..., object]
pytestmark = [pytest.mark.browser]
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
SCREENS = "build/screens"
PATIENCE_MS = 60_000


def params_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize(
    ("region", "area", "tracts"), [("demo", "", 60), ("coachella", "", 111), ("coachella", "region", 484)]
)
def test_tracts_are_drawn_and_colored_with_nothing_outside(
    visit: Visit, demo_built: str, coachella_built: str, region: str, area: str, tracts: int
) -> None:
    """Of the real region those of the study area first, and all of both counties where they are chosen."""
    page = visit(f"?region={region}&area={area}")
    drawn = page.wait_for_map()
    assert drawn["tracts"] == tracts
    assert set(drawn) == {"tracts", "places", "highways", "systems"}
    page.rest()
    page.wait_for_colors(6)
    page.page.screenshot(path=f"{SCREENS}/explore-{region}{area}.png")
    page.quiet()


@pytest.mark.parametrize("region", ["demo", "coachella"])
def test_a_click_opens_the_right_card(
    visit: Visit, demo_built: str, coachella_built: str, region: str
) -> None:
    page = visit(f"?region={region}&area=region&indicator=share_uninsured&layers=-")
    page.wait_for_map()
    frame = read_shapes_of(region, "tracts_2010").set_index("geoid")
    inside = frame.sort_values("area_km2", ascending=False).representative_point()
    known = (frame["share_uninsured"] > 0).fillna(False).astype(bool)
    geoid = next(item for item in inside.index if known[item] and in_view(page, inside[item]))
    page.page.mouse.click(*page.place_of(inside[geoid]))
    card = page.page.locator(".geo-card")
    expect(card.locator("h3")).to_have_text(tract_title(geoid), timeout=PATIENCE_MS)
    row = frame.loc[geoid]
    expect(card).to_contain_text(to_words(row["share_uninsured"], "share", row["share_uninsured_moe"]))
    page.page.wait_for_url(f"**selected=tracts%3A{geoid}*", timeout=PATIENCE_MS)
    page.page.screenshot(path=f"{SCREENS}/card-{region}.png")
    page.quiet()


def test_an_area_is_drawn_on_the_map_with_its_layers_and_handed_to_compare(
    visit: Visit, demo_built: str
) -> None:
    west, south, east, north = read_shapes_of("demo", "places").total_bounds.round(3)
    page = visit(f"?region=demo&area=drawn:{west}_{north}~{east}_{north}~{east}_{south}")
    assert {"outline", "tracts", "systems"} <= set(page.wait_for_map())
    page.rest()
    use_tool(page, "polygon")
    corners = ((250, 150), (400, 150), (400, 240), (250, 240), (250, 150))
    click_at(page, *corners)
    # The triangle of the link has three corners, the new area four.
    page.page.wait_for_function(
        "() => new URLSearchParams(location.search).get('area').split('~').length === 4", timeout=PATIENCE_MS
    )
    area = params_of(page.page)["area"][0]
    assert area.startswith("drawn:")
    assert area.count("~") == 3
    page.page.get_by_text("who lives there?").click()
    page.page.wait_for_url("**/compare*", timeout=PATIENCE_MS)
    expect(page.page.get_by_text("Population").first).to_be_visible(timeout=PATIENCE_MS)
    assert params_of(page.page)["a"] == [area]


def use_tool(page: object, name: str) -> None:
    page.page.frame_locator("iframe").first.locator(f"[data-tool={name}]").click()
    page.page.wait_for_timeout(800)


def click_at(page: object, *places: tuple[int, int]) -> None:
    """Click places of the map, in pixels from its corner."""
    box = page.page.locator("iframe[title='streamlit_folium.st_folium']").bounding_box()
    for right, down in places:
        page.page.mouse.click(box["x"] + right, box["y"] + down)
        page.page.wait_for_timeout(300)


def test_what_is_drawn_has_a_card_and_moving_the_map_asks_nothing(visit: Visit, demo_built: str) -> None:
    """A corridor gets its card; pointing, zooming, measuring and the legend send nothing to the server."""
    page = visit("?region=demo")
    page.wait_for_map()
    page.rest()
    page.quiet()
    page.failed.clear()
    page.said.clear()
    asked: list[object] = []
    page.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.append(frame)))
    page.page.reload()
    page.wait_for_map()
    page.rest()
    before = len(asked)
    box = page.page.locator("iframe[title='streamlit_folium.st_folium']").bounding_box()
    page.page.mouse.move(box["x"] + 300, box["y"] + 200, steps=4)
    # The wheel is the page's until the map was pressed somewhere.
    page.page.frame_locator("iframe").first.locator(".leaflet-control-zoom-in").click()
    page.page.mouse.move(box["x"] + 300, box["y"] + 200, steps=4)
    page.page.mouse.wheel(0, -200)
    page.page.wait_for_timeout(1_000)
    page.page.frame_locator("iframe").first.locator("summary").first.click()
    use_tool(page, "measure")
    click_at(page, (200, 200), (300, 260))
    expect(page.page.frame_locator("iframe").first.locator(".geo-said")).to_contain_text(" mi (")
    page.page.keyboard.press("Escape")
    page.page.wait_for_timeout(500)
    assert len(asked) == before
    assert "at=" in page.page.url
    use_tool(page, "corridor")
    click_at(page, (150, 200), (300, 250), (450, 220), (450, 220))
    page.page.wait_for_url("**selected=drawn*", timeout=PATIENCE_MS)
    expect(page.page.locator(".geo-card .sub")).to_contain_text("Area drawn on the map", timeout=PATIENCE_MS)
    page.quiet()


def in_view(page: object, point: Point) -> bool:
    box = page.page.locator("iframe[title='streamlit_folium.st_folium']").bounding_box()
    x, y = page.place_of(point)
    bottom = min(box["y"] + box["height"], LAPTOP["height"])
    legend = page.page.frame_locator(MAP).locator(".geo-legend-box").bounding_box()
    if legend is not None and x > legend["x"] - 20 and y > legend["y"] - 20:
        return False
    return box["x"] + 60 < x < box["x"] + box["width"] - 60 and box["y"] + 60 < y < bottom - 60


def test_a_system_can_be_clicked(visit: Visit, demo_built: str) -> None:
    page = visit("?region=demo")
    page.wait_for_map("systems")
    systems = read_shapes_of("demo", "water_systems").set_index("pwsid")
    drawn = systems[systems["safer_status"].isin(["Failing", "At-Risk"])]
    points = drawn.geometry[drawn.geom_type == "Point"]
    page.page.mouse.click(*page.place_of(next(point for point in points if in_view(page, point))))
    page.page.wait_for_url("**selected=systems*", timeout=PATIENCE_MS)
    expect(page.page.locator(".geo-card .sub")).to_contain_text("PWSID", timeout=PATIENCE_MS)
    page.quiet()


def test_another_indicator_sends_values_and_no_shapes(visit: Visit, coachella_built: str) -> None:
    page = visit("?region=coachella")
    page.wait_for_map()
    page.rest()
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    before = page.received
    page.page.get_by_role("combobox", name="Indicator", exact=True).click()
    page.page.get_by_role("option", name="Poverty rate", exact=True).click()
    expect(page.page.get_by_role("heading", name="Poverty rate")).to_be_visible(timeout=PATIENCE_MS)
    page.rest()
    assert not [address for address in asked if "/shapes/" in address]
    assert page.received - before < 600_000
    page.quiet()


def test_the_shapes_come_once_and_stay(visit: Visit, demo_built: str) -> None:
    page = visit("?region=demo")
    page.wait_for_map()
    turn_to(page.page, "Data sources")
    expect(page.page.get_by_role("heading", name="Data sources and known issues")).to_be_visible(
        timeout=PATIENCE_MS
    )
    turn_to(page.page, "Explore")
    page.wait_for_map()
    page.quiet()


def test_the_address_restores_the_view(visit: Visit, demo_built: str) -> None:
    page = visit(
        "?region=demo&indicator=share_poverty&scheme=equal_intervals&classes=4&layers=places.systems"
    )
    page.wait_for_map()
    page.page.get_by_label("Search a place").click()
    page.page.keyboard.type("Las Hojas")
    page.page.get_by_role("option", name="Las Hojas (Places").click()
    expect(page.page.locator(".geo-card h3")).to_contain_text("Las Hojas", timeout=PATIENCE_MS)
    page.rest()
    page.wait_for_address(selected="places:", indicator="share_poverty", at="32.52")
    again = visit(page.page.url.removeprefix(f"{page.address}/"))
    drawn = again.wait_for_map("places")
    assert set(drawn) == {"tracts", "places", "systems"}
    expect(again.page.get_by_role("heading", name="Poverty rate")).to_be_visible()
    expect(again.page.locator(".geo-card h3")).to_contain_text("Las Hojas")
    until(lambda: params_of(again.page) == params_of(page.page), "the link restores another view", again.page)
    page.quiet()
    again.quiet()


def test_the_keyboard_reaches_every_control(visit: Visit, demo_built: str) -> None:
    page = visit("?region=demo")
    page.wait_for_map()
    seen: set[str] = set()
    for _ in range(110):
        page.page.keyboard.press("Tab")
        seen.add(page.page.evaluate(FOCUSED))
    for words in WANTED:
        assert any(words in item for item in seen), f"{words!r} is not among {sorted(seen)}"


FOCUSED = """() => {
  const item = document.activeElement;
  const label = item.getAttribute("aria-label") || item.getAttribute("title") || "";
  const row = item.closest("[data-testid='stCheckbox'], [data-testid='stElementContainer']");
  return item.tagName + " " + label + " " + (row ? row.innerText : item.innerText || "");
}"""
WANTED = (
    "Region",
    "Indicator",
    "Map style",
    "Layers",
    "Water systems",
    "Search a place",
    "streamlit_folium",
    "CSV",
)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_serious(
    visit: Visit, demo_built: str, language: str, screen: dict[str, int]
) -> None:
    page = visit(f"?region=demo&lang={language}&indicator=share_uninsured&selected=places:none", screen)
    page.wait_for_map()
    page.rest()
    frames = [page.page, next(item for item in page.page.frames if "streamlit_folium" in item.url)]
    found = [item for frame in frames for item in Axe().run(frame).response["violations"]]
    serious = [item for item in found if item["impact"] in ("serious", "critical")]
    told = [
        (item["id"], item["help"], [node["html"][:160] for node in item["nodes"]][:3]) for item in serious
    ]
    assert told == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_phone_shows_the_map_without_scrolling_sideways(
    visit: Visit, demo_built: str, language: str
) -> None:
    page = visit(f"?region=demo&lang={language}", PHONE)
    page.wait_for_map()
    page.rest()
    page.page.screenshot(path=f"{SCREENS}/phone-{language}.png")
    wide = page.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    box = page.page.locator("iframe[title='streamlit_folium.st_folium']").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_spanish_is_spoken_on_the_screen(visit: Visit, demo_built: str) -> None:
    page = visit("?region=demo&lang=es")
    page.wait_for_map()
    title = "Índice estatal de áreas difíciles de contar"
    expect(page.page.get_by_role("heading", name=title).first).to_be_visible()
    expect(page.page.get_by_text("Datos inventados")).to_be_visible()
    page.quiet()
