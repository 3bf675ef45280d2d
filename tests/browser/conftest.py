"""The dashboard in a real browser, with every address outside blocked and listed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Response, Route, expect, sync_playwright
from shapely.geometry import Point

from tests.serving import serving

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "build" / "screens"
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
# What Chromium and Streamlit say of themselves; no fault of a page.
HARMLESS = (
    "Unrecognized feature",
    "allow-scripts and allow-same-origin",
    # Of a map that was taken off the page while it was starting.
    "for unregistered ComponentInstance",
)
OWN_SEARCH = re.compile(r"//[^/]+/\w+/_stcore/(health|host-config)$")
MAP = "iframe[title='streamlit_folium.st_folium']"
PATIENCE_MS = 90_000
# However long a machine takes that does much else: a test waits for a state.
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visit:
    """A page that is open, with what it asked for outside, what failed, and what it said."""

    page: Page
    address: str
    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    cut_short: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    received: int = 0

    @property
    def drawn(self) -> dict[str, int]:
        """How many shapes of each layer are on the map."""
        text = self.page.frame_locator(MAP).locator("[data-drawn]").get_attribute("data-drawn") or ""
        return {key: int(count) for key, count in (item.split(":") for item in text.split())}

    def wait_for_map(self, least: str = "tracts") -> dict[str, int]:
        """Wait until a layer is drawn."""
        frame = self.page.frame_locator(MAP)
        frame.locator(f"[data-drawn*='{least}:']").wait_for(timeout=PATIENCE_MS)
        return self.drawn

    def rest(self) -> None:
        """Wait until the page has answered, and its maps stand still with all that they draw."""
        settle(self.page)
        self.page.wait_for_load_state("networkidle")
        for frame in self.page.frames:
            if "streamlit_folium" in frame.url:
                frame.wait_for_function(MAP_RESTS, polling=50, timeout=PATIENCE_MS)

    def colors(self, steps: int = 12) -> set[tuple[int, ...]]:
        """Colors that the map's canvas has on a grid over its frame."""
        frame = next(item for item in self.page.frames if "streamlit_folium" in item.url)
        return {tuple(color) for color in frame.evaluate(COLORS, steps)}

    def wait_for_colors(self, least: int) -> None:
        """Wait until the canvas, which is painted after its layers are there, has so many colors."""
        until(lambda: len(self.colors()) >= least, f"fewer than {least} colors on the map", self.page)

    def wait_for_address(self, **choices: str) -> None:
        """Wait until the address names choices; each may be the beginning of what is chosen."""

        def names() -> bool:
            found = parse_qs(urlsplit(self.page.url).query)
            return all(found.get(name, [""])[0].startswith(value) for name, value in choices.items())

        until(names, f"{self.page.url} does not name {choices}", self.page)

    def place_of(self, point: Point) -> tuple[float, float]:
        """Place on the screen of a point in degrees."""
        frame = next(item for item in self.page.frames if "streamlit_folium" in item.url)
        x, y = frame.evaluate(PLACE_OF, [point.y, point.x])
        box = self.page.locator(MAP).bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def quiet(self) -> None:
        """Assert that nothing outside was asked for, nothing failed, and the console is silent.

        A page that is opened by its own address looks for the server below it first: Streamlit's own
        two requests, each answered 404 and told once on the console. A map that is drawn anew while it
        still loads leaves requests cut short: no fault where the same address was answered as well.
        """
        own = [address for address in self.failed if OWN_SEARCH.search(address)]
        told = [words for words in self.said if "404 (Not Found)" in words]
        assert self.outside == []
        assert [address for address in self.failed if address not in own] == []
        assert [address for address in self.cut_short if address not in self.answered] == []
        assert [words for words in self.said if words not in told] == []
        assert len(told) <= len(own) <= 2


# The browser notes when it asks for a run of the script, and when it hears that a run ended: a page that was
# not yet told that its script runs again looks like one that rests, and of a quick run the page's own mark
# shows nothing. A message that asks for a run begins with 0x5a; the one that tells of an end holds field 6.
WATCH = """() => {
  const seen = window.scriptRuns = { asked: 0, ended: 0 };
  const heard = new WeakSet();
  const fields = (bytes) => {
    const found = new Set();
    let at = 0;
    const number = () => {
      let value = 0, factor = 1;
      for (;;) {
        const byte = bytes[at++];
        value += (byte & 127) * factor;
        if (byte < 128) return value;
        factor *= 128;
      }
    };
    while (at < bytes.length) {
      const tag = number(), kind = tag & 7;
      found.add(Math.floor(tag / 8));
      if (kind === 0) number();
      else if (kind === 2) { const length = number(); at += length; }
      else if (kind === 1) at += 8;
      else if (kind === 5) at += 4;
      else return found;
    }
    return found;
  };
  const hear = (event) => {
    if (event.data instanceof ArrayBuffer && fields(new Uint8Array(event.data)).has(6)) {
      seen.ended = performance.now();
    }
  };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!heard.has(this)) { heard.add(this); this.addEventListener("message", hear); }
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    if (bytes[0] === 0x5a) seen.asked = performance.now();
    return send.call(this, data);
  };
}"""
# Nothing runs, the last run ended after the last was asked for, nothing of the answer before is left: for
# some frames that the browser drew, one after the other.
RESTS = """() => {
  const app = document.querySelector("[data-testid=stApp]"), seen = window.scriptRuns;
  const rests = app && app.dataset.testScriptState === "notRunning" && (!seen || seen.ended >= seen.asked)
    && !document.querySelector("[data-stale=true], [data-testid=stSkeleton]");
  window.framesAtRest = rests ? window.framesAtRest + 1 : 0;
  return window.framesAtRest > 5;
}"""
MAP_RESTS = """() => {
  const map = window.map;
  const moves = map && (map._animatingZoom || (map._panAnim && map._panAnim._inProgress));
  const layers = document.querySelector("[data-drawn]");
  const now = layers ? layers.dataset.drawn : "";
  const rests = map && !moves && now === window.drawnBefore && document.readyState === "complete";
  window.drawnBefore = now;
  window.timesAtRest = rests ? (window.timesAtRest || 0) + 1 : 0;
  return !map || window.timesAtRest > 3;
}"""
COLORS = """(steps) => {
  const box = document.getElementById("map_div").getBoundingClientRect();
  const canvas = document.querySelector("canvas.leaflet-zoom-animated");
  const place = canvas.getBoundingClientRect(), scale = canvas.width / place.width;
  const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = [];
  for (let i = 1; i < steps; i += 1) for (let j = 1; j < steps; j += 1) {
    const x = Math.round((box.left + (i / steps) * box.width - place.left) * scale);
    const y = Math.round((box.top + (j / steps) * box.height - place.top) * scale);
    found.push(Array.from(image.data.slice(4 * (y * image.width + x), 4 * (y * image.width + x) + 4)));
  }
  return found;
}"""
PLACE_OF = """(at) => {
  const point = window.map.latLngToContainerPoint(at);
  const box = document.getElementById("map_div").getBoundingClientRect();
  return [box.left + point.x, box.top + point.y];
}"""


@pytest.fixture(scope="session")
def served(built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard that serves the tests' own data: one for each worker, with its own store."""
    folder = tmp_path_factory.mktemp("served")
    with serving(folder / "dashboard.log", GEO_STORE_URL=f"sqlite:///{folder / 'store.db'}") as server:
        yield server.address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser; the tests of this folder need one."""
    from tests.chromium import find_chromium

    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium or Chrome: continuous integration must have one")
        pytest.skip("no Chromium or Chrome: install one, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(served: str, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open an address of the dashboard, of Explore where no page is named, with a screen of a given size."""
    contexts = []

    def go(path: str = "", screen: dict[str, int] = LAPTOP) -> Visit:
        context = chromium.new_context(viewport=screen)
        contexts.append(context)
        page = context.new_page()
        found = Visit(page, served)
        listen(found)
        page.goto(f"{served}/{'explore' if path.startswith('?') else ''}{path}")
        return found

    yield go
    for context in contexts:
        context.close()


def listen(visit: Visit) -> None:
    """Block what is outside, and note what fails, what is said, and how much comes."""
    page = visit.page

    def route(item: Route) -> None:
        if item.request.url.startswith((visit.address, "data:", "blob:")):
            item.continue_()
        else:
            visit.outside.append(item.request.url)
            item.abort()

    def hear(kind: str, text: str) -> None:
        if not any(words in text for words in HARMLESS):
            visit.said.append(f"{kind}: {text}")

    def count(data: str | bytes) -> None:
        visit.received += len(data)

    def note_failure(request: Request) -> None:
        gone = request.failure == "net::ERR_ABORTED"
        (visit.cut_short if gone else visit.failed).append(request.url)

    def note_answer(answer: Response) -> None:
        if answer.status >= 400:
            visit.failed.append(answer.url)
        else:
            visit.answered.add(answer.url)

    page.add_init_script(f"({WATCH})()")
    page.route("**/*", route)
    page.on("requestfailed", note_failure)
    page.on("response", note_answer)
    page.on("console", lambda message: hear(message.type, message.text))
    page.on("pageerror", lambda error: hear("error", str(error)))
    page.on("websocket", lambda socket_: socket_.on("framereceived", count))


def turn_to(page: Page, title: str) -> None:
    """Open a page by the menu of a wide screen, in whichever of its sections the page stands."""
    link = page.get_by_role("menuitem", name=title, exact=True)
    for section in page.get_by_test_id("stTopNavSection").all():
        section.click(timeout=PATIENCE_MS)
        page.get_by_test_id("stTopNavPopover").wait_for(timeout=PATIENCE_MS)
        if link.count():
            link.click()
            return
        page.keyboard.press("Escape")
        page.get_by_test_id("stTopNavPopover").wait_for(state="detached", timeout=PATIENCE_MS)
    pytest.fail(f"the menu has no {title}")


def until(state: Callable[[], bool], fault: str, page: Page) -> None:
    """Wait for a state, looking again and again; fail where it does not come."""
    for _ in range(PATIENCE_MS // 100):
        if state():
            return
        page.wait_for_timeout(100)
    pytest.fail(fault)


def settle(page: Page) -> None:
    """Wait until the page has answered, and nothing of the answer before is left on it."""
    page.evaluate("() => { window.framesAtRest = 0; }")
    page.wait_for_function(RESTS, timeout=PATIENCE_MS)
