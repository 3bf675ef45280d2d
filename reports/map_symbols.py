"""The signs of a printed map: areas, lines and symbols, with hatches that print in black and white."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

Ring = Sequence[tuple[float, float]]
Box = tuple[float, float, float, float]

LINES_APART, DOTS_APART, DOT_RADIUS = 5.0, 6.5, 0.65
SWATCH_WIDTH, SWATCH_HEIGHT = 20.0, 11.0


class Sign(Protocol):
    """How one kind of thing is drawn, as ``layers.drawing.Style`` has it; widths and radius in points."""

    @property
    def color(self) -> str:
        """Of the line, ``#rrggbb``."""

    @property
    def weight(self) -> float:
        """Width of the line."""

    @property
    def fill(self) -> str | None:
        """Color of the area; None for none."""

    @property
    def fill_opacity(self) -> float:
        """0 to 1."""

    @property
    def dashes(self) -> str | None:
        """Lengths of dashes and gaps."""

    @property
    def hatch(self) -> str | None:
        """``lines``, ``dots`` or None."""

    @property
    def symbol(self) -> str:
        """``area``, ``line``, or what stands for a point."""

    @property
    def radius(self) -> float:
        """Of a symbol."""

    @property
    def smallest(self) -> float:
        """Size below which an area is drawn as a square."""

    @property
    def outline_from(self) -> float:
        """Size from which an area is drawn as a line."""


def take_pen(canvas: Canvas, sign: Sign, *, weight: float | None = None) -> None:
    """Take a sign's colors and its width, or another width."""
    canvas.setStrokeColor(colors.HexColor(sign.color))
    canvas.setLineWidth(sign.weight if weight is None else weight)
    canvas.setDash([float(item) for item in sign.dashes.split()] if sign.dashes else [])
    if sign.fill is not None:
        canvas.setFillColor(colors.HexColor(sign.fill), alpha=sign.fill_opacity)


def draw_area(canvas: Canvas, rings: Iterable[Ring], sign: Sign, page: Box) -> None:
    """Fill, hatch and outline an area; holes are left open.

    Parameters
    ----------
    rings
        In points, outer rings and holes.
    page
        The box that is printed: left, bottom, right, top in points.
    """
    closed = [ring for ring in rings if len(ring) > 2]
    if not closed:
        return
    take_pen(canvas, sign)
    # 0 is the even-odd rule, by which a hole is one whichever way it runs.
    canvas.drawPath(_to_path(canvas, closed), stroke=0, fill=int(sign.fill is not None), fillMode=0)
    if sign.hatch:
        canvas.saveState()
        canvas.clipPath(_to_path(canvas, closed), stroke=0, fill=0, fillMode=0)
        draw_hatch(canvas, _box_of(closed, page), sign.hatch)
        canvas.restoreState()
    canvas.drawPath(_to_path(canvas, closed), stroke=1, fill=0)


def draw_lines(canvas: Canvas, lines: Iterable[Ring], sign: Sign) -> None:
    """Draw lines in a sign's color."""
    take_pen(canvas, sign)
    for line in lines:
        canvas.drawPath(_to_path(canvas, [line], closed=False), stroke=1, fill=0)


def draw_symbol(canvas: Canvas, sign: Sign, x: float, y: float, radius: float, symbol: str) -> None:
    """Draw a symbol around a point: ``circle``, ``square``, ``triangle`` or ``diamond``."""
    take_pen(canvas, sign, weight=min(sign.weight, 0.9))
    fill = int(sign.fill is not None)
    if symbol == "circle":
        canvas.circle(x, y, radius, stroke=1, fill=fill)
        return
    corners = {
        "triangle": [(0, 1.2), (1.1, -0.9), (-1.1, -0.9)],
        "diamond": [(0, 1.3), (1.3, 0), (0, -1.3), (-1.3, 0)],
    }.get(symbol, [(-1, -1), (-1, 1), (1, 1), (1, -1)])
    ring = [(x + right * radius, y + up * radius) for right, up in corners]
    canvas.drawPath(_to_path(canvas, [ring]), stroke=1, fill=fill)


def draw_hatch(canvas: Canvas, box: Box, hatch: str) -> None:
    """Draw slanting lines or dots over a box in points; the grid is the same for every box."""
    canvas.setDash([])
    if hatch == "dots":
        for color, radius in (("#ffffff", 1.7 * DOT_RADIUS), ("#1a1a1a", DOT_RADIUS)):
            canvas.setFillColor(colors.HexColor(color), alpha=1)
            for x, y in _dots(box):
                canvas.circle(x, y, radius, stroke=0, fill=1)
        return
    slants = [(x, box[1], x + box[3] - box[1], box[3]) for x in _starts(box)]
    for color, width in (("#ffffff", 2.0), ("#1a1a1a", 0.8)):
        canvas.setStrokeColor(colors.HexColor(color))
        canvas.setLineWidth(width)
        canvas.lines(slants)


class Swatch(Flowable):  # type: ignore[misc]
    """A sign as a legend shows it."""

    def __init__(self, sign: Sign) -> None:
        super().__init__()
        self.sign, self.width, self.height = sign, SWATCH_WIDTH, SWATCH_HEIGHT

    def draw(self) -> None:
        """Draw the sign in its box."""
        middle = self.height / 2
        if self.sign.symbol == "line":
            draw_lines(self.canv, [[(0, middle), (self.width, middle)]], self.sign)
        elif self.sign.symbol == "area":
            box = (0.5, 0.5, self.width - 0.5, self.height - 0.5)
            left, bottom, right, top = box
            draw_area(
                self.canv, [[(left, bottom), (left, top), (right, top), (right, bottom)]], self.sign, box
            )
        else:
            draw_symbol(self.canv, self.sign, self.width / 2, middle, 4.0, self.sign.symbol)


def _to_path(canvas: Canvas, rings: Iterable[Ring], *, closed: bool = True) -> PDFPathObject:
    path = canvas.beginPath()
    for ring in rings:
        for number, (x, y) in enumerate(ring):
            (path.lineTo if number else path.moveTo)(x, y)
        if closed:
            path.close()
    return path


def _box_of(rings: Sequence[Ring], page: Box) -> Box:
    """Box around rings, no larger than the page."""
    xs, ys = ([corner[axis] for ring in rings for corner in ring] for axis in (0, 1))
    left, bottom, right, top = page
    return max(min(xs), left), max(min(ys), bottom), min(max(xs), right), min(max(ys), top)


def _starts(box: Box) -> Iterator[float]:
    """Where slanting lines start at the lower edge of a box, on a grid that all boxes share."""
    left, bottom, right, top = box
    start = (left - bottom - (top - bottom)) // LINES_APART * LINES_APART + bottom
    while start <= right:
        yield start
        start += LINES_APART


def _dots(box: Box) -> Iterator[tuple[float, float]]:
    left, bottom, right, top = box
    y = bottom // DOTS_APART * DOTS_APART
    while y <= top:
        shift = DOTS_APART / 2 * (round(y / DOTS_APART) % 2)
        x = left // DOTS_APART * DOTS_APART + shift
        while x <= right:
            yield x, y
            x += DOTS_APART
        y += DOTS_APART
