"""The printed map: layers in their signs, names, a frame, a scale bar and an arrow to the north."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from reportlab.lib import colors
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from geo.language import gettext as _
from geo.region import Bounds
from reports.map_symbols import Box, Ring, Sign, draw_area, draw_lines, draw_symbol

KM, MILE = 1_000.0, 1_609.344
STEPS = (1, 2, 5, 10, 20, 50, 100, 200)
NAME_SIZE, NAMES_AT_MOST = 6.5, 40
FILLED, STROKED = 0, 1
"""How PDF renders text."""

ROUND = 1
"""How PDF joins lines, without spikes."""

INK, CASING = colors.HexColor("#1a1a1a"), colors.white
LEAST_DETAIL = 0.25
"""Points: what is finer is not seen in print."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One layer of a printed map.

    Attributes
    ----------
    shapes
        In EPSG:4326, on their identifiers.
    signs
        The signs that ``rows`` point into.
    rows
        By identifier: the place of its sign, then its name; None: all in the first sign.
    order
        Lower is drawn below.
    labeled
        Whether names are written.
    selected
        Identifier of the one that is chosen.
    """

    shapes: gpd.GeoSeries
    signs: Sequence[Sign]
    rows: Mapping[str, Sequence[Any]] | None
    order: int = 0
    labeled: bool = False
    selected: str | None = None


class ViewMap(Flowable):  # type: ignore[misc]
    """Draw layers into a box of ``width`` x ``height`` points; the paper's upper edge is north.

    Parameters
    ----------
    layers
        Drawn from the lowest order up.
    bounds
        West, south, east, north in degrees: what is shown at least.
    crs
        A projected CRS in meters in which the map is drawn, and measured by its scale bar.
    """

    def __init__(
        self, layers: Sequence[Printed], bounds: Bounds, crs: str, width: float, height: float
    ) -> None:
        super().__init__()
        self.layers, self.crs = sorted(layers, key=lambda layer: layer.order), crs
        self.width, self.height = width, height
        self.page: Box = (0.0, 0.0, width, height)
        west, south, east, north = (
            gpd.GeoSeries([shapely.box(*bounds)], crs="EPSG:4326").to_crs(crs).total_bounds
        )
        self.meters = max((east - west) / width, (north - south) / height)
        middle = (west + east) / 2, (south + north) / 2
        self.left = middle[0] - self.meters * width / 2
        self.bottom = middle[1] - self.meters * height / 2
        self.names: list[Box] = []

    def draw(self) -> None:
        """Draw all of it."""
        canvas = self.canv
        canvas.saveState()
        frame = canvas.beginPath()
        frame.rect(0, 0, self.width, self.height)
        canvas.clipPath(frame, stroke=0, fill=0)
        canvas.setFillColor(colors.HexColor("#eef1f4"))
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        placed = [(layer, self.place(layer.shapes)) for layer in self.layers]
        for layer, shapes in placed:
            for identifier, shape in shapes.items():
                self.draw_shape(shape, layer.signs[self.row_of(layer, str(identifier))[0]])
        for layer, shapes in placed:
            self.draw_selected(layer, shapes)
            if layer.labeled:
                self.draw_names(layer, shapes)
        canvas.restoreState()
        self.draw_scale()
        self.draw_north()
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)

    def place(self, shapes: gpd.GeoSeries) -> gpd.GeoSeries:
        """Bring what is in sight onto the paper, in points."""
        known = gpd.GeoSeries(shapes[shapes.notna() & ~shapes.is_empty]).to_crs(self.crs)
        seen = shapely.box(
            self.left,
            self.bottom,
            self.left + self.meters * self.width,
            self.bottom + self.meters * self.height,
        )
        near = gpd.GeoSeries(known[known.intersects(seen.buffer(20 * self.meters))])
        scale = 1 / self.meters
        paper = near.affine_transform([scale, 0, 0, scale, -self.left * scale, -self.bottom * scale])
        simple = shapely.simplify(paper.to_numpy(), LEAST_DETAIL)
        return gpd.GeoSeries(simple, index=near.index)

    def row_of(self, layer: Printed, identifier: str) -> Sequence[Any]:
        """Row of an identifier: the place of its sign, and its name."""
        return (0,) if layer.rows is None else layer.rows.get(identifier, (0,))

    def draw_shape(self, shape: Any, sign: Sign) -> None:
        """Draw an area, a line or a point; areas too small to be seen as squares, large ones as outlines."""
        kind = shape.geom_type
        if "Point" in kind:
            for point in shapely.get_parts(shape):
                symbol = sign.symbol if sign.symbol not in ("area", "line") else "circle"
                draw_symbol(self.canv, sign, point.x, point.y, 0.62 * sign.radius, symbol)
        elif "Polygon" not in kind or sign.symbol == "line":
            draw_lines(self.canv, rings_of(shape), sign)
        elif size_of(shape) < sign.smallest:
            middle = shape.centroid
            draw_symbol(self.canv, sign, middle.x, middle.y, 0.31 * sign.smallest, "square")
        elif sign.outline_from and size_of(shape) >= sign.outline_from:
            self.draw_outline(shape, sign)
        else:
            draw_area(self.canv, rings_of(shape), sign, self.page)

    def draw_outline(self, shape: Any, sign: Sign) -> None:
        """Draw a large area as a cased line, so that what lies below it is seen."""
        for color, width in (
            (sign.color, sign.weight + 1.6),
            (sign.fill or sign.color, sign.weight + 0.4),
        ):
            self.canv.setStrokeColor(colors.HexColor(color))
            self.canv.setLineWidth(width)
            self.canv.setDash([])
            for ring in rings_of(shape):
                path = self.canv.beginPath()
                for number, (x, y) in enumerate(ring):
                    (path.lineTo if number else path.moveTo)(x, y)
                self.canv.drawPath(path, stroke=1, fill=0)

    def draw_selected(self, layer: Printed, shapes: gpd.GeoSeries) -> None:
        """Draw a heavy line around the one that is chosen."""
        if layer.selected is None or layer.selected not in shapes.index:
            return
        shape = shapes.loc[layer.selected]
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(2.4)
        self.canv.setDash([])
        if "Point" in shape.geom_type:
            self.canv.circle(shape.centroid.x, shape.centroid.y, 7, stroke=1, fill=0)
            return
        for ring in rings_of(shape):
            path = self.canv.beginPath()
            for number, (x, y) in enumerate(ring):
                (path.lineTo if number else path.moveTo)(x, y)
            self.canv.drawPath(path, stroke=1, fill=0)

    def draw_names(self, layer: Printed, shapes: gpd.GeoSeries) -> None:
        """Write names where no other name stands, those of large things first."""
        seen = shapely.box(*self.page)
        inside = gpd.GeoSeries(shapes[shapes.intersects(seen)])
        largest = inside.area.sort_values(ascending=False, kind="stable").index[:NAMES_AT_MOST]
        written: set[str] = set()
        for identifier, shape in inside.loc[largest].items():
            row = self.row_of(layer, str(identifier))
            if len(row) > 1 and row[1] not in written:
                written.add(row[1])
                middle = shape.intersection(seen).representative_point()
                self.draw_name(str(row[1]), middle.x, middle.y)

    def draw_name(self, name: str, x: float, y: float) -> None:
        """Write one name with a casing, if there is room for it."""
        width = stringWidth(name, "Helvetica-Bold", NAME_SIZE)
        box: Box = (x - width / 2 - 1, y - 3, x + width / 2 + 1, y + NAME_SIZE)
        outside = box[0] < 0 or box[2] > self.width or box[1] < 0 or box[3] > self.height
        if outside or any(overlap(box, other) for other in self.names):
            return
        self.names.append(box)
        self.canv.setStrokeColor(CASING)
        self.canv.setLineWidth(2.0)
        self.canv.setLineJoin(ROUND)
        self.canv.setDash([])
        self.canv.setFillColor(INK, alpha=1)
        self.canv.setFont("Helvetica-Bold", NAME_SIZE)
        for mode in (STROKED, FILLED):
            self.canv.drawString(x - width / 2, y, name, mode=mode)

    def draw_scale(self) -> None:
        """Draw a bar in kilometers and one in miles."""
        rows = [(scale_step(self.meters, unit), unit, word) for unit, word in ((KM, "km"), (MILE, "mi"))]
        longest = max(step * unit / self.meters for step, unit, _word in rows)
        self.canv.setFillColor(colors.white, alpha=0.9)
        self.canv.rect(6, 6, longest + 44, 27, stroke=0, fill=1)
        self.canv.setFillColor(INK, alpha=1)
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(1.2)
        self.canv.setDash([])
        self.canv.setFont("Helvetica", 7)
        for (step, unit, word), y in zip(rows, (22.0, 11.0), strict=True):
            length = step * unit / self.meters
            self.canv.lines(
                [(12, y, 12 + length, y), (12, y - 2, 12, y + 3), (12 + length, y - 2, 12 + length, y + 3)]
            )
            self.canv.drawString(16 + length, y - 2, f"{step} {word}")

    def draw_north(self) -> None:
        """Draw an arrow to the north."""
        x, y = self.width - 18, self.height - 34
        self.canv.setFillColor(colors.white, alpha=0.9)
        self.canv.rect(x - 10, y - 6, 20, 36, stroke=0, fill=1)
        self.canv.setFillColor(INK, alpha=1)
        arrow = self.canv.beginPath()
        for number, (right, up) in enumerate([(0, 17), (5, 0), (0, 4), (-5, 0)]):
            (arrow.lineTo if number else arrow.moveTo)(x + right, y + up)
        arrow.close()
        self.canv.drawPath(arrow, stroke=0, fill=1)
        self.canv.setFont("Helvetica-Bold", 8)
        self.canv.drawCentredString(x, y + 20, _("N"))


def scale_step(meters: float, unit: float) -> int:
    """Length of a scale bar in whole units: the longest step of up to 90 points.

    Parameters
    ----------
    meters
        Of ground in one point of paper.
    unit
        Meters in one unit.

    Examples
    --------
    >>> scale_step(200.0, 1_000.0), scale_step(200.0, 1_609.344)
    (10, 10)
    """
    return max((step for step in STEPS if step * unit / meters <= 90), default=STEPS[0])


def size_of(shape: Any) -> float:
    """Longer side of the box around a shape."""
    west, south, east, north = shape.bounds
    return float(max(east - west, north - south))


def overlap(first: Box, second: Box) -> bool:
    """Whether two boxes have a point in common.

    Examples
    --------
    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3)), overlap((0, 0, 1, 1), (2, 0, 3, 1))
    (True, False)
    """
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def rings_of(shape: Any) -> Iterator[Ring]:
    """Return the rings of areas, outer ones and holes, or the lines of lines."""
    for part in shapely.get_parts(shape):
        lines = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for line in lines:
            yield [(float(x), float(y)) for x, y in np.asarray(line.coords)[:, :2]]
