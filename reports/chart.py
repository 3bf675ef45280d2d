"""A curve with its goal as plain shapes, for a PDF."""

from __future__ import annotations

import pandas as pd
from reportlab.graphics.shapes import Drawing, Line, PolyLine, String
from reportlab.lib.colors import HexColor

WIDTH, HEIGHT, PAD = 460.0, 120.0, 22.0
LINE, GOAL, INK = "#0b5c8a", "#8a1c00", "#333333"


def curve_points(
    curve: pd.Series[float], goal: float | None
) -> tuple[list[tuple[float, float]], float | None]:
    """Place a curve in a box of :data:`WIDTH` by :data:`HEIGHT` points, from below on; and its goal's height.

    Examples
    --------
    >>> days = pd.to_datetime(["2020-01-01", "2020-01-03"])
    >>> points, height = curve_points(pd.Series([0.0, 5.0], index=days), 10.0)
    >>> points[0], points[-1], height
    ((22.0, 22.0), (438.0, 60.0), 98.0)
    """
    days = [day.toordinal() for day in curve.index]
    top = max([*curve.tolist(), goal or 0.0, 1.0])
    span = max(days[-1] - days[0], 1)

    def height(value: float) -> float:
        return PAD + (HEIGHT - 2 * PAD) * value / top

    across = WIDTH - 2 * PAD
    points = [
        (PAD + across * (day - days[0]) / span, height(value))
        for day, value in zip(days, curve.tolist(), strict=True)
    ]
    return points, None if goal is None else height(goal)


def to_drawing(curve: pd.Series[float], goal: float | None, words: str) -> Drawing:
    """Draw it for a PDF."""
    points, level = curve_points(curve, goal)
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.add(Line(PAD, PAD, WIDTH - PAD, PAD, strokeColor=HexColor(INK)))
    drawing.add(PolyLine([n for point in points for n in point], strokeColor=HexColor(LINE), strokeWidth=1.6))
    for (x, _y), day, anchor in _ends(points, curve):
        drawing.add(String(x, 8, day, fontSize=8, textAnchor=anchor, fillColor=HexColor(INK)))
    if level is not None:
        drawing.add(Line(PAD, level, WIDTH - PAD, level, strokeColor=HexColor(GOAL), strokeDashArray=[5, 3]))
        drawing.add(String(PAD + 2, level + 3, words, fontSize=8, fillColor=HexColor(GOAL)))
    return drawing


def _ends(
    points: list[tuple[float, float]], curve: pd.Series[float]
) -> list[tuple[tuple[float, float], str, str]]:
    days = [day.date().isoformat() for day in curve.index]
    first = (points[0], days[0], "start")
    return [first, (points[-1], days[-1], "end")] if len(points) > 1 else [first]
