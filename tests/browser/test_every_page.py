"""Every page on a laptop and a phone with all outside blocked: it is quiet, its controls have names, the
keyboard reaches them, and it is no wider than the screen."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Frame, expect

from tests.browser.conftest import LAPTOP, MAP, PATIENCE_MS, PHONE, Visit, listen, settle

pytestmark = [pytest.mark.browser]
ROOT = Path(__file__).resolve().parents[2]
SCREENS = {"laptop": LAPTOP, "phone": PHONE}
CONTROLS = {
    "button",
    "checkbox",
    "combobox",
    "link",
    "listbox",
    "menuitem",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
}
# A group of radio buttons, or of tabs, is one stop: arrows move inside it.
MARK_CONTROLS = """() => {
  const seen = item => item.checkVisibility({visibilityProperty: true}) && !item.closest("[inert]")
    && item.getClientRects().length > 0;
  const all = "a[href], button, input, select, textarea, [role=tab], [tabindex='0']";
  const stops = {};
  for (const item of document.querySelectorAll(all)) {
    if (item.disabled || item.ariaDisabled === "true" || !seen(item) || item.type === "file") continue;
    const group = item.closest("[role=radiogroup], [role=tablist]");
    const owner = group || item;
    if (!group && item.tabIndex < 0) continue;
    owner.dataset.stop ??= String(Object.keys(stops).length);
    stops[owner.dataset.stop] = (owner.ariaLabel || item.ariaLabel || item.innerText || item.outerHTML)
      .trim().slice(0, 80);
  }
  return stops;
}"""
STOPPED_AT = """() => {
  const item = document.activeElement;
  return item === document.body ? null : (item.closest("[data-stop]") || item).dataset.stop || "";
}"""
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"
Go = Callable[[str, str], Visit]


def paths() -> list[str]:
    """Addresses of all pages, as the dashboard lists them; the first has the dashboard's own."""
    tree = ast.parse((ROOT / "dashboard.py").read_text(encoding="utf-8"))
    pages = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PAGES"
    )
    assert isinstance(pages, ast.Tuple)
    files = [item.elts[0].value for item in pages.elts if isinstance(item, ast.Tuple)]  # type: ignore[attr-defined]
    return ["", *(Path(file).stem for file in files[1:])]


@pytest.fixture(scope="module")
def contexts(chromium: Browser) -> Iterator[dict[str, BrowserContext]]:
    """A browser's memory for each screen, kept from page to page as a person's is."""
    found = {name: chromium.new_context(viewport=size) for name, size in SCREENS.items()}
    yield found
    for context in found.values():
        context.close()


@pytest.fixture
def go(contexts: dict[str, BrowserContext], served: str, demo_built: str) -> Iterator[Go]:
    """Open a page of the demo on a screen, and wait until it has drawn all."""
    pages = []

    def start(path: str, screen: str) -> Visit:
        page = contexts[screen].new_page()
        pages.append(page)
        visit = Visit(page, served)
        listen(visit)
        page.goto(f"{served}/{path}?region=demo&lang=en")
        page.get_by_role("alert").filter(has_text="Invented data").wait_for(timeout=PATIENCE_MS)
        settle(page)
        if page.locator(MAP).count():
            page.frame_locator(MAP).first.locator("[data-drawn*=':']").first.wait_for(timeout=PATIENCE_MS)
        return visit

    yield start
    for page in pages:
        page.close()


def frames_of(visit: Visit) -> list[Frame]:
    """The page itself, and its maps."""
    maps = [frame for frame in visit.page.frames if "streamlit_folium" in frame.url]
    return [visit.page.main_frame, *maps]


def unnamed(visit: Visit) -> list[str]:
    """Controls for which the browser finds no name to tell a screen reader."""
    session = visit.page.context.new_cdp_session(visit.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        f"{node['role']['value']}: {node.get('description', {}).get('value', '')}"
        for node in nodes
        if not node["ignored"]
        and node["role"]["value"] in CONTROLS
        and not node.get("name", {}).get("value", "").strip()
    ]


def grave(visit: Visit) -> list[tuple[str, list[str]]]:
    """What axe calls serious or critical, on the page and on its maps."""
    return [
        (item["id"], [node["html"][:160] for node in item["nodes"]][:3])
        for frame in frames_of(visit)
        for item in Axe().run(frame).response["violations"]
        if item["impact"] in ("serious", "critical")
    ]


def not_reached(visit: Visit) -> list[str]:
    """Controls at which the Tab key does not stop."""
    stops: dict[str, str] = visit.page.evaluate(MARK_CONTROLS)
    assert {"Skip to main content", "Language / Idioma", "Region"} <= set(stops.values()), "the page stands"
    left, presses = set(stops), 0
    while left and presses < 3 * len(stops) + 60:
        visit.page.keyboard.press("Tab")
        left.discard(visit.page.evaluate(STOPPED_AT))
        presses += 1
    return sorted(stops[stop] for stop in left)


@pytest.mark.parametrize("screen", list(SCREENS))
@pytest.mark.parametrize("path", paths())
def test_a_page_can_be_seen_heard_and_reached(go: Go, path: str, screen: str) -> None:
    visit = go(path, screen)
    assert grave(visit) == []
    assert unnamed(visit) == []
    assert visit.page.evaluate(WIDER) <= 0
    assert visit.page.locator(".geo-purpose").count() == (1 if path else 0)
    sign = visit.page.locator("link[rel~=icon]").first.get_attribute("href") or ""
    assert sign.startswith("data:"), "the sign in the tab comes from here"
    if screen == "laptop":
        assert not_reached(visit) == []
    visit.quiet()


CARD = ".geo-card h3"


@pytest.mark.parametrize(
    ("path", "title"), [("explore", "Map of Demo valley"), ("water", "Map of the water board")]
)
def test_without_the_map_a_row_is_chosen_by_keyboard_alone(go: Go, path: str, title: str) -> None:
    visit = go(path, "laptop")
    told = visit.page.frame_locator(MAP).get_by_role("region", name=title)
    assert "By keyboard" in str(told.get_attribute("aria-label"))
    before = visit.page.locator(CARD).all_inner_texts()
    table = visit.page.locator("[data-testid=stDataFrame] canvas[tabindex='0']").first
    for _ in range(120):
        visit.page.keyboard.press("Tab")
        if table.evaluate("item => item === document.activeElement"):
            break
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Shift+Space")
    expect(visit.page.locator(CARD)).not_to_have_text(before, timeout=PATIENCE_MS)
