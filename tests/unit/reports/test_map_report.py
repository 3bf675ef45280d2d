"""The printed view: in scale, with title, date, sources and signs, and warned where invented."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
from pyproj import Geod
from reportlab.pdfgen.canvas import Canvas
from shapely import LineString, Point, box

from geo.language import use_language
from layers.drawing import Style
from layers.layer import Entry, Legend
from reports.map_report import PrintedView, view_pdf
from reports.map_symbols import draw_area
from reports.printed_map import Printed, ViewMap, scale_step
from wording.profiles import Figure, Profile

CRS = "EPSG:26911"
BOUNDS = (-116.4, 33.4, -116.0, 33.7)
SHADE = Style("#5a5a5a", fill="#2c7fb8", hatch="lines")


@pytest.fixture
def view() -> PrintedView:
    tracts = gpd.GeoSeries(
        [
            box(-116.4, 33.4, -116.2, 33.7),
            Point(-116.1, 33.5),
            LineString([(-116.4, 33.4), (-116, 33.7)]),
            None,
        ],
        index=["a", "b", "c", "d"],
        crs="EPSG:4326",
    )
    rows = {"a": (0, "Oasis <&>"), "b": (1, "Well"), "c": (2, "Road")}
    signs = [SHADE, Style("#000000", symbol="circle", fill="#ffffff"), Style("#000000", symbol="line")]
    legend = Legend("Uninsured", (Entry("5 to 10 %", SHADE, 7),), "Of everybody.")
    profile = Profile(
        "Oasis", "0653224", (Figure("Uninsured", "445 ± 241", "use with caution", "", "Bureau, 2018"),)
    )
    layers = [Printed(tracts, signs, rows, labeled=True, selected="a")]
    day = date(2026, 11, 24)
    return PrintedView(
        "Uninsured <&>", "Valley", day, layers, BOUNDS, CRS, [legend], profile, ["Bureau, 2018"], True
    )


def pages_of(content: bytes) -> Iterator[str]:
    """Text of each page: the streams that show text, unpacked."""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        raw = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        if b" Tj" in raw:
            yield " ".join(item.decode("latin-1") for item in re.findall(rb"\((.*?)\) Tj", raw))


def test_every_page_says_where_when_and_that_it_is_invented(view: PrintedView) -> None:
    pages = list(pages_of(view_pdf(view)))
    assert len(pages) == 2
    for page in pages:
        assert "INVENTED DATA" in page
        assert "Valley" in page
        assert "2026-11-24" in page
    assert "Uninsured < & >" in pages[0]
    assert "5 to 10 % \\(7\\)" in pages[0]
    assert "Bureau, 2018" in pages[0]
    assert "km" in pages[0]
    assert "445 \\261 241" in pages[1] or "445 ± 241" in pages[1]
    assert "INVENTED" not in "".join(pages_of(view_pdf(replace(view, invented=False))))


def test_it_speaks_spanish(view: PrintedView) -> None:
    use_language("es")
    try:
        pages = " ".join(pages_of(view_pdf(view)))
    finally:
        use_language("en")
    assert "Fuentes" in pages
    assert "DATOS INVENTADOS" in pages


def test_the_map_is_in_scale(view: PrintedView) -> None:
    """Ten kilometers on the ground, by the ellipsoid, are as long as its own scale says."""
    chart = ViewMap(view.layers, BOUNDS, CRS, 500, 400)
    east, north, _back = Geod(ellps="WGS84").fwd(-116.3, 33.5, 90, 10_000)
    ends = gpd.GeoSeries([Point(-116.3, 33.5), Point(east, north)], crs="EPSG:4326")
    first, second = chart.place(ends)
    assert first.distance(second) * chart.meters == pytest.approx(10_000, rel=2e-3)
    corners = chart.place(gpd.GeoSeries([box(*BOUNDS)], crs="EPSG:4326")).total_bounds
    assert (corners[:2] >= -1).all()
    assert (corners[2:] <= (501, 401)).all()


def test_a_scale_bar_fits() -> None:
    for meters in (5.0, 60.0, 400.0, 2_000.0):
        assert scale_step(meters, 1_000.0) * 1_000 / meters <= 200


def test_what_is_uncertain_is_hatched_in_black_and_white() -> None:
    """The hatch is drawn in black lines, which a printer without colors keeps."""
    ring = [(0.0, 0.0), (0.0, 50.0), (50.0, 50.0), (50.0, 0.0)]

    def code(sign: Style) -> str:
        canvas = Canvas("unused.pdf", pageCompression=0)
        draw_area(canvas, [ring], sign, (0, 0, 100, 100))
        return "\n".join(canvas._code)

    slanted, plain = (
        len(re.findall(r"\bl\b", code(replace(SHADE, hatch=hatch)))) for hatch in ("lines", None)
    )
    assert slanted > plain + 10
    assert ".101961 .101961 .101961" in code(SHADE)
    assert len(re.findall(r" c$", code(replace(SHADE, hatch="dots")), re.MULTILINE)) > 50


def test_nothing_to_draw_is_no_fault(view: PrintedView) -> None:
    empty = Printed(gpd.GeoSeries([], crs="EPSG:4326"), [SHADE], {})
    far = Printed(gpd.GeoSeries([Point(10, 50)], index=["x"], crs="EPSG:4326"), [SHADE], None)
    assert view_pdf(replace(view, layers=[empty, far], legends=[], sources=[])).startswith(b"%PDF")
