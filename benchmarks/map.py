"""Explore's map beside a plain streamlit-folium page of the same data, in real Chromium, in one run.

    python benchmarks/map.py [region ...]

The plain page is fixed: one ``folium.GeoJson`` of the same simplified shapes, the same columns for color and
tooltip, scripts served here, one ``st_folium``. Of each page the first map after the server's start, a first
map (a new visitor), a return (the same visitor loads the page again) and another indicator: seconds until
every tract is drawn, and megabytes that came over the socket. Seconds differ from machine to machine: the
ratio of the two pages in one run is what counts. Regions that are not built are left out.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from geo.datasets.record import read_sidecar  # noqa: E402
from geo.datasets.storage import read_shapes_of  # noqa: E402
from geo.settings import static_dir  # noqa: E402
from tests.chromium import find_chromium  # noqa: E402
from tests.serving import OURS, serving  # noqa: E402

PATIENCE_MS = 300_000
STEPS = ("first map after a start", "first map", "return", "another indicator")
FIRST, OTHER = ("ca_htc_index", "California Hard-to-Count Index (2019)"), ("share_poverty", "Poverty rate")
PLAIN = """
import json, sys
sys.path.insert(0, {root!r})
import folium
import pandas as pd
import streamlit as st
from branca.colormap import linear
from streamlit_folium import st_folium
from app_pages.parts.loading import shapes_address
from geo.datasets.storage import read_shapes_of
from geo.settings import static_dir
from layers.assets import use_served_assets

use_served_assets()
st.set_page_config(layout="wide")
region = st.query_params["region"]
titles = {titles!r}
key = st.selectbox("Indicator", list(titles), format_func=titles.get)
tracts = read_shapes_of(region, "tracts_2010").set_index("geoid")
shapes = json.loads((static_dir() / shapes_address(region, "tracts_2010")).read_text())
color = linear.YlGnBu_05.scale(float(tracts[key].min()), float(tracts[key].max()))
for feature in shapes["features"]:
    value = tracts[key].get(feature["id"])
    feature["properties"] = {{"geoid": feature["id"], "value": None if pd.isna(value) else float(value)}}

def style(feature):
    value = feature["properties"]["value"]
    return {{"fillColor": "#d9d9d9" if value is None else color(value), "weight": 0.8, "fillOpacity": 0.75}}

west, south, east, north = tracts.total_bounds
chart = folium.Map(location=((south + north) / 2, (west + east) / 2), zoom_start=8, tiles=None)
folium.GeoJson(shapes, style_function=style, tooltip=folium.GeoJsonTooltip(["geoid", "value"])).add_to(chart)
st_folium(chart, use_container_width=True, height=520)
"""
PLAIN_DRAWN = "least => !window.old && document.querySelectorAll('path.leaflet-interactive').length >= least"
OURS_DRAWN = """([least, title]) => {
  const item = window.geoShapes && geoShapes.drawn.get("tracts");
  return item && item.count >= least && item.drawing.title === title;
}"""


@contextmanager
def plain_server(folder: Path) -> Iterator[str]:
    """Serve the plain page."""
    script = folder / "plain.py"
    script.write_text(PLAIN.format(root=str(ROOT), titles=dict((FIRST, OTHER))), encoding="utf-8")
    (folder / "static").symlink_to(static_dir())
    how = ("-m", "streamlit", "run", str(script))
    options = ("--server.headless", "true", "--server.enableStaticServing", "true")
    with serving(folder / "plain.log", how=how, options=options) as server:
        yield server.address


class Watched:
    """A visitor's page, with what came over its sockets."""

    def __init__(self, browser: Browser) -> None:
        self.page: Page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        self.received = 0
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, data: str | bytes) -> None:
        self.received += len(data)

    def until(self, drawn: str, *wanted: object) -> None:
        """Wait until a frame of the map says that all is drawn."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < end:
            for frame in self.page.frames:
                if "streamlit_folium" in frame.url and self._says(frame, drawn, wanted):
                    return
            self.page.wait_for_timeout(25)
        raise TimeoutError(drawn)

    @staticmethod
    def _says(frame: object, drawn: str, wanted: tuple[object, ...]) -> bool:
        try:
            return bool(frame.evaluate(drawn, wanted[0] if len(wanted) == 1 else list(wanted)))  # type: ignore[attr-defined]
        except Exception:
            return False

    def timed(self, act: Callable[[], object], drawn: str, *wanted: object) -> tuple[float, float]:
        """Return the seconds until all is drawn, and the megabytes that came."""
        before, start = self.received, time.perf_counter()
        act()
        self.until(drawn, *wanted)
        return time.perf_counter() - start, (self.received - before) / 1e6


def choose(page: Page) -> None:
    """Choose the other indicator; a frame that is there is marked, so that it is not taken for the next."""
    for frame in page.frames:
        if "streamlit_folium" in frame.url:
            frame.evaluate("() => { window.old = true; }")
    page.get_by_label("Indicator", exact=True).first.click()
    page.get_by_role("option", name=OTHER[1], exact=True).click()


def visits(
    browser: Browser, address: str, drawn: str, first: list[object], other: list[object]
) -> list[tuple[float, float]]:
    """Measure the four steps on a server that just started."""
    found = []
    for _visitor in range(2):
        watched = Watched(browser)
        found.append(watched.timed(lambda: watched.page.goto(address, wait_until="commit"), drawn, *first))  # noqa: B023
    found.append(watched.timed(lambda: watched.page.reload(wait_until="commit"), drawn, *first))
    found.append(watched.timed(lambda: choose(watched.page), drawn, *other))
    return found


def measure(browser: Browser, region: str, folder: Path) -> None:
    """Measure a region on both pages and print its rows."""
    least = len(read_shapes_of(region, "tracts_2010"))
    with plain_server(folder) as address:
        plain = visits(browser, f"{address}/?region={region}", PLAIN_DRAWN, [least], [least])
    # The whole region, not only what its study area holds.
    query = f"region={region}&area=region&indicator={FIRST[0]}"
    with serving(folder / "ours.log", how=OURS, GEO_STORE_URL=f"sqlite:///{folder / 'store.db'}") as server:
        ours = visits(
            browser, f"{server.address}/explore?{query}", OURS_DRAWN, [least, FIRST[1]], [least, OTHER[1]]
        )
    for step, (theirs_s, theirs_mb), (ours_s, ours_mb) in zip(STEPS, plain, ours, strict=True):
        bytes_ = f"{theirs_mb:.2f} | {ours_mb:.2f} | {ours_mb / max(theirs_mb, 1e-6):.2f}"
        seconds = f"{theirs_s:.1f} | {ours_s:.1f} | {ours_s / theirs_s:.2f}"
        print(f"| {region}, {step} | {seconds} | {bytes_} |", flush=True)


def main(regions: list[str]) -> None:
    print("| region and step | plain, s | ours, s | ratio | plain, MB | ours, MB | ratio |")
    print("|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for region in regions:
            built = read_sidecar(region, "tracts_2010")
            if built is None or not built.built:
                print(f"| {region}: not built | | | | | | |")
                continue
            with tempfile.TemporaryDirectory() as folder:
                measure(browser, region, Path(folder))
        browser.close()
    print(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["coachella", "california"])
