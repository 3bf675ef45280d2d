"""Pictures of a report's page, drawn once for PDF and for HTML: a curve toward its goal, a map, a bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, cos, floor, log10, radians
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor

from geo.units import to_words

INK, SOFT, RULE, BLUE, PALE, GOAL, SUN, RED = map(
    HexColor, ("#222222", "#5f6b73", "#d5dce1", "#0b5c8a", "#dbe9f2", "#8a1c00", "#f2b705", "#e3b9b0")
)
LEFT, LOW, HIGH, RIGHT = 38.0, 18.0, 14.0, 8.0


def draw_qr(words: str, size: float) -> Drawing:
    """Draw words as a square code that a phone's camera reads, ``size`` points wide.

    Examples
    --------
    >>> draw_qr("QX0017H", 72).width
    72
    """
    code = QrCodeWidget(words, barBorder=1)
    left, low, right, _top = code.getBounds()
    grow = size / (right - left)
    return Drawing(size, size, code, transform=[grow, 0, 0, grow, -left * grow, -low * grow])


def draw_curve(
    curve: pd.Series[float],
    size: tuple[float, float],
    goal: float | None,
    words: str,
    line: pd.Series[float],
) -> Drawing:
    """Draw a running value by day, its goal across, and the straight way to the goal as dots.

    Parameters
    ----------
    size
        Width and height in points.
    words
        What the goal is: a target, or a reported result.

    Examples
    --------
    >>> days = pd.to_datetime(["2020-01-01", "2020-01-03"])
    >>> drawing = draw_curve(pd.Series([0.0, 5.0], index=days), (200, 100), 10.0, "Target", pd.Series())
    >>> "Target" in to_svg(drawing, "Residents")
    True
    """
    width, height = size
    drawing = Drawing(width, height)
    days = [day.toordinal() for part in (curve, line) for day in part.index]
    first, last = min(days), max(max(days), min(days) + 1)
    ticks = _ticks(max([*curve.tolist(), *line.tolist(), goal or 0.0, 1.0]))
    top = ticks[-1]

    def at(day: int, value: float) -> tuple[float, float]:
        across = (day - first) / (last - first)
        return LEFT + (width - LEFT - RIGHT) * across, LOW + (height - LOW - HIGH) * value / top

    for tick in ticks:
        y = at(first, tick)[1]
        drawing.add(Line(LEFT, y, width - RIGHT, y, strokeColor=RULE, strokeWidth=0.5))
        drawing.add(_text(LEFT - 4, y - 2.5, to_words(tick), SOFT, "end"))
    for day, anchor in ((first, "start"), (last, "end")):
        drawing.add(_text(at(day, 0)[0], 5, pd.Timestamp.fromordinal(day).date().isoformat(), SOFT, anchor))
    if len(line):
        ends = [n for day, value in line.items() for n in at(pd.Timestamp(str(day)).toordinal(), value)]
        drawing.add(PolyLine(ends, strokeColor=SOFT, strokeWidth=0.9, strokeDashArray=[1.5, 2.5]))
    drawing.add(PolyLine(_steps(curve, at), strokeColor=BLUE, strokeWidth=1.8))
    # A curve of one day alone is no line: where it ends is marked.
    ends_at = at(curve.index[-1].toordinal(), float(curve.iloc[-1]))
    drawing.add(Circle(*ends_at, 2.2, fillColor=BLUE, strokeColor=None))
    if goal is not None:
        y = at(first, goal)[1]
        drawing.add(Line(LEFT, y, width - RIGHT, y, strokeColor=GOAL, strokeWidth=1, strokeDashArray=[5, 3]))
        drawing.add(_text(LEFT + 3, y + 3, words, GOAL, "start"))
    return drawing


def draw_map(
    area: shapely.Geometry,
    tracts: gpd.GeoDataFrame | None,
    events: gpd.GeoDataFrame,
    size: tuple[float, float],
) -> Drawing:
    """Draw an area with its hard-to-count tracts, reached or not, and events; all in EPSG:4326.

    Parameters
    ----------
    tracts
        ``by_this`` (whether this program reached it); None where they are not built.
    events
        Points.
    size
        Width and height in points.
    """
    place = _fit(area, size)
    drawing = Drawing(*size)
    for ring in _rings(area):
        drawing.add(Polygon(place(ring), fillColor=HexColor("#f4f6f7"), strokeColor=None))
    if tracts is not None:
        # Where nothing is recorded yet, nobody is accused: gray, not red.
        bare = RED if tracts["by_this"].astype(bool).any() else HexColor("#c8cdd0")
        for shape, reached in zip(tracts.geometry, tracts["by_this"], strict=True):
            color = HexColor("#7fb2d1") if reached else bare
            for ring in _rings(shapely.intersection(shape, area)):
                drawing.add(
                    Polygon(place(ring), fillColor=color, strokeColor=HexColor("#ffffff"), strokeWidth=0.3)
                )
    for ring in _rings(area):
        drawing.add(PolyLine(place(ring), strokeColor=INK, strokeWidth=1))
    for west, north in shapely.get_coordinates(events.geometry.to_numpy()).tolist():
        x, y = place([(west, north)])
        drawing.add(Circle(x, y, 3, fillColor=SUN, strokeColor=INK, strokeWidth=0.6))
    return drawing


def draw_bar(share: float, size: tuple[float, float]) -> Drawing:
    """Draw how much of the way is done; more than all of it fills the bar."""
    width, height = size
    drawing = Drawing(width, height)
    drawing.add(Rect(0, 0, width, height, fillColor=RULE, strokeColor=None))
    done = width * min(max(share, 0.0), 1.0)
    drawing.add(Rect(0, 0, done, height, fillColor=BLUE, strokeColor=None))
    return drawing


def to_svg(drawing: Drawing, title: str) -> str:
    """Write a drawing of this module for a web page; ``title`` is what a screen reader says."""
    height = float(drawing.height)
    inside = "".join(_svg_shape(shape, height) for shape in drawing.contents)
    box = f"0 0 {drawing.width:g} {height:g}"
    return f'<svg role="img" aria-label="{escape(title)}" viewBox="{box}">{inside}</svg>'


def _svg_shape(shape: Any, height: float) -> str:
    look = _look(shape)
    if isinstance(shape, Line):
        return (
            f'<line x1="{shape.x1:.1f}" y1="{height - shape.y1:.1f}" x2="{shape.x2:.1f}" '
            f'y2="{height - shape.y2:.1f}"{look}/>'
        )
    if isinstance(shape, Rect):
        y = height - shape.y - shape.height
        size = f'width="{shape.width:.1f}" height="{shape.height:.1f}"'
        return f'<rect x="{shape.x:.1f}" y="{y:.1f}" {size}{look}/>'
    if isinstance(shape, Circle):
        return f'<circle cx="{shape.cx:.1f}" cy="{height - shape.cy:.1f}" r="{shape.r:g}"{look}/>'
    if isinstance(shape, String):
        return (
            f'<text x="{shape.x:.1f}" y="{height - shape.y:.1f}" font-size="{shape.fontSize:g}" '
            f'text-anchor="{shape.textAnchor}" fill="{_hex(shape.fillColor)}">{escape(shape.text)}</text>'
        )
    pairs = zip(shape.points[::2], shape.points[1::2], strict=True)
    points = " ".join(f"{x:.1f},{height - y:.1f}" for x, y in pairs)
    return f'<{"polygon" if isinstance(shape, Polygon) else "polyline"} points="{points}"{look}/>'


def _look(shape: Any) -> str:
    fill = _hex(getattr(shape, "fillColor", None)) if not isinstance(shape, PolyLine) else "none"
    stroke = _hex(getattr(shape, "strokeColor", None))
    dashes = getattr(shape, "strokeDashArray", None)
    words = f' fill="{fill}" stroke="{stroke}" stroke-width="{getattr(shape, "strokeWidth", 1) or 0:g}"'
    return words + (f' stroke-dasharray="{" ".join(map(str, dashes))}"' if dashes else "")


def _hex(color: Color | None) -> str:
    return "none" if color is None else f"#{color.hexval()[2:]}"


def _text(x: float, y: float, words: str, color: Color, anchor: str) -> String:
    return String(x, y, words, fontSize=7, fillColor=color, textAnchor=anchor)


def _ticks(top: float) -> list[float]:
    """Round values from 0 on, three to seven of them; the last is ``top`` or lies above it.

    Examples
    --------
    >>> _ticks(122.0), _ticks(100.0), _ticks(7.0)
    ([0.0, 25.0, 50.0, 75.0, 100.0, 125.0], [0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.0, 2.0, 4.0, 6.0, 8.0])
    """
    power = 10.0 ** floor(log10(top))
    step = next(part * power for part in (0.2, 0.25, 0.5, 1.0, 2.0) if top / (part * power) <= 5)
    step = max(step, 1.0) if top >= 1 else step
    return [step * number for number in range(ceil(top / step) + 1)]


def _steps(curve: pd.Series[float], at: Any) -> list[float]:
    points: list[float] = []
    before: float | None = None
    for day, value in zip(curve.index, curve.tolist(), strict=True):
        x, y = at(day.toordinal(), value)
        points += [x, y if before is None else before, x, y]
        before = y
    return points


def _rings(shape: shapely.Geometry) -> Iterator[Sequence[tuple[float, float]]]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield [(x, y) for x, y, *_ in part.exterior.coords]


def _fit(area: shapely.Geometry, size: tuple[float, float]) -> Any:
    """Return what places degrees in a box of points, north above, with room around."""
    west, south, east, north = shapely.bounds(area).tolist()
    narrow = cos(radians((south + north) / 2))
    width, height = max((east - west) * narrow, 1e-9), max(north - south, 1e-9)
    scale = min((size[0] - 8) / width, (size[1] - 8) / height)
    left, low = (size[0] - width * scale) / 2, (size[1] - height * scale) / 2

    def place(ring: Sequence[tuple[float, float]]) -> list[float]:
        return [n for x, y in ring for n in (left + (x - west) * narrow * scale, low + (y - south) * scale)]

    return place
