"""Home and the menu in a real browser: one click to work, old links, sections by keyboard, and a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PATIENCE_MS, PHONE, SCREENS, Visit, settle, turn_to

pytestmark = [pytest.mark.browser]
Open = Callable[..., Visit]
DOORS = {"Open the map": "explore", "Open the water board": "water", "Open the turfs": "turfs"}


def at_home(visit: Open, screen: dict[str, int] = LAPTOP) -> Visit:
    """Open the first page by the address of its name, which leads to the root."""
    found = visit("home?region=demo", screen)
    found.page.get_by_label("Find a place").wait_for(timeout=PATIENCE_MS)
    settle(found.page)
    assert found.page.url.startswith(f"{found.address}/?")
    return found


def wait_for_page(page: Page, name: str) -> None:
    page.wait_for_url(f"**/{name}?**", timeout=PATIENCE_MS)


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("door", DOORS)
def test_each_door_is_one_click_from_work(
    visit: Open, demo_built: str, door: str, screen: dict[str, int]
) -> None:
    found = at_home(visit, screen)
    found.page.screenshot(path=SCREENS / f"home-{'phone' if screen is PHONE else 'laptop'}.png")
    found.page.get_by_role("link", name=door).click()
    wait_for_page(found.page, DOORS[door])
    found.wait_for_map("target" if door == "Open the turfs" else "systems")
    assert "region=demo" in found.page.url
    found.quiet()


def test_an_old_link_to_the_map_shows_what_it_showed(visit: Open, demo_built: str) -> None:
    """The first page stands where Explore stood; the server leads by the script, so no address is lost."""
    found = visit("explore")
    sent = (
        "region=demo&lang=es&indicator=share_poverty&scheme=equal_intervals&classes=4&layers=places.systems"
    )
    found.page.goto(f"{found.address}/?{sent}")
    wait_for_page(found.page, "explore")
    assert set(found.wait_for_map("places")) == {"tracts", "places", "systems"}
    found.wait_for_address(indicator="share_poverty", classes="4", lang="es", layers="places.systems")


def test_what_is_found_opens_on_the_map_and_going_back_comes_home(visit: Open, demo_built: str) -> None:
    found = at_home(visit)
    found.page.get_by_label("Find a place").click()
    found.page.keyboard.type("Las Hojas")
    found.page.get_by_role("option", name="Las Hojas (Places").click()
    wait_for_page(found.page, "explore")
    expect(found.page.locator(".geo-card h3")).to_contain_text("Las Hojas", timeout=PATIENCE_MS)
    found.wait_for_address(selected="places:")
    found.rest()
    found.page.get_by_role("link", name="Home", exact=True).click()
    expect(found.page.get_by_label("Find a place")).to_be_visible(timeout=PATIENCE_MS)
    found.quiet()


def test_sections_of_the_menu_open_by_keyboard_alone(visit: Open, demo_built: str) -> None:
    page = at_home(visit).page
    section = page.get_by_test_id("stTopNavSection").filter(has_text="Canvass")
    section.focus()
    page.keyboard.press("Enter")
    returns = page.get_by_role("menuitem", name="Returns", exact=True)
    expect(returns).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("ArrowDown")
    expect(returns).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    wait_for_page(page, "returns")
    expect(page.locator(".geo-purpose")).to_contain_text("Record what came back", timeout=PATIENCE_MS)


def test_on_a_phone_the_menu_shuts_when_a_page_was_chosen(visit: Open, demo_built: str) -> None:
    page = at_home(visit, screen=PHONE).page
    for title, name in (("Calendar", "calendar"), ("Programs", "programs"), ("Data sources", "data")):
        menu = page.locator(".st-key-menu")
        menu.get_by_text("Menu", exact=True).click(timeout=PATIENCE_MS)
        expect(menu.get_by_text("Outreach", exact=True)).to_be_visible(timeout=PATIENCE_MS)
        # A page that is still being drawn draws its menu anew, and a press on the old one is lost.
        settle(page)
        menu.get_by_role("link", name=title, exact=True).click()
        wait_for_page(page, name)
        settle(page)
        expect(menu.get_by_text("Outreach", exact=True)).to_be_hidden(timeout=PATIENCE_MS)
        assert "region=demo" in page.url


def test_the_menu_leads_from_page_to_page(visit: Open, demo_built: str) -> None:
    page = at_home(visit).page
    for title, name in (("Water board", "water"), ("Progress", "progress")):
        turn_to(page, title)
        wait_for_page(page, name)
        settle(page)
        assert "region=demo" in page.url
