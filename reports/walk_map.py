"""The maps of a walk list: blocks, streets, the way and its order, and how many sheets it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, log10, sin
from string import ascii_uppercase
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from reportlab.lib import colors
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from geo.canvass.walk import Walk
from geo.language import gettext as _

Box = tuple[float, float, float, float]
Size = tuple[float, float]
Places = npt.NDArray[np.int64]
DEEPEST = 4
FEW = 3
ROUND_M = 40.0
FAR_BEYOND = 1.4


@dataclass(frozen=True, slots=True)
class Detail:
    """A part of a walk that has a map of its own: its letter, what it covers (m), and its stops."""

    letter: str
    bounds: Box
    stops: tuple[int, ...]


def extent(shapes: gpd.GeoSeries) -> Box:
    """Return what a map of shapes covers, with a little room around, in their CRS (m).

    Examples
    --------
    >>> extent(gpd.GeoSeries([shapely.box(0, 0, 100, 100)]))
    (-40.0, -40.0, 140.0, 140.0)
    """
    west, south, east, north = (float(side) for side in shapes.total_bounds)
    return west - ROUND_M, south - ROUND_M, east + ROUND_M, north + ROUND_M


def whole_extent(walk: Walk) -> Box:
    """Return what the map of a whole walk covers: the turf's edge, unless that lies far beyond its doors."""
    stops, edge = extent(walk.stops.geometry), extent(walk.edge)
    larger = max((edge[2] - edge[0]) / (stops[2] - stops[0]), (edge[3] - edge[1]) / (stops[3] - stops[1]))
    return edge if larger <= FAR_BEYOND else stops


def find_details(walk: Walk, whole: Size, part: Size) -> list[Detail]:
    """Find the parts whose numbers would lie on each other on one map; sizes of maps in points.

    Crowded stops are halved along the longer side until their numbers stand apart, or few are left.
    """
    ground = _Ground(walk)
    every = np.arange(len(walk.stops))
    crowded = ground.crowded(every, whole)
    groups = ground.halve(crowded, part, 0) if len(crowded) else []
    groups.sort(key=lambda places: int(places.min()))
    return [
        Detail(letter, ground.extent(places), tuple(int(place) + 1 for place in places))
        for letter, places in zip(ascii_uppercase, groups, strict=False)
    ]


class _Ground:
    """Where the stops of a walk lie, by their place in its order."""

    def __init__(self, walk: Walk) -> None:
        self.shapes = gpd.GeoSeries(walk.stops.geometry)
        self.points = shapely.get_coordinates(np.asarray(walk.stops["spot"], dtype=object))

    def extent(self, places: Places) -> Box:
        return extent(gpd.GeoSeries(self.shapes.iloc[places]))

    def crowded(self, places: Places, size: Size) -> Places:
        """Return the stops whose number would stand less than :data:`APART_PT` points from another's."""
        west, south, east, north = self.extent(places)
        scale = min(size[0] / (east - west), size[1] / (north - south))
        points = self.points[places] * scale
        away = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
        np.fill_diagonal(away, np.inf)
        close: Places = places[away.min(axis=1, initial=np.inf) < APART_PT]
        return close

    def halve(self, places: Places, size: Size, depth: int) -> list[Places]:
        if depth == DEEPEST or len(places) <= FEW or not len(self.crowded(places, size)):
            return [places]
        points = self.points[places]
        along = points[:, int(np.argmax(np.ptp(points, axis=0)))]
        order = places[np.argsort(along, kind="stable")]
        parts = order[: len(order) // 2], order[len(order) // 2 :]
        return [group for part in parts for group in self.halve(np.sort(part), size, depth + 1)]


NAMES_AT_MOST, NAME_PT, NUMBER_PT, DISC_PT = 40, 12, 13, 10.5
APART_PT = 2 * DISC_PT
MARK_PT = 10
"""Size of what is no street: bus stops and the like."""
ARROW_EVERY_PT = 70.0
METERS_A_MILE, FEET_A_METER = 1609.344, 3.28084
# Printed in black on white and read at dusk: what differs does so by width and dashes, never by color.
STREET = colors.HexColor("#b4b4b4")
BLOCK = colors.HexColor("#707070")
EDGE = colors.HexColor("#a6a6a6")
HALO = colors.Color(1, 1, 1, alpha=0.9)
BOLD, ITALIC = "Helvetica-Bold", "Helvetica-Oblique"


class WalkMap(Flowable):  # type: ignore[misc]
    """Draw a walk, or one detail of it, into a box of ``width`` x ``height`` points; north is up."""

    def __init__(
        self,
        walk: Walk,
        width: float,
        height: float,
        *,
        detail: Detail | None = None,
        details: Sequence[Detail] = (),
    ) -> None:
        super().__init__()
        self.walk, self.width, self.height = walk, width, height
        self.detail, self.details = detail, details
        self.bounds: Box = detail.bounds if detail else whole_extent(walk)
        west, south, east, north = self.bounds
        self.scale = min(width / (east - west), height / (north - south))
        self.left = (width - self.scale * (east - west)) / 2
        self.low = (height - self.scale * (north - south)) / 2
        self.taken: list[shapely.Geometry] = []

    def draw(self) -> None:
        """Draw all, numbers last, so that nothing hides them."""
        frame = self.canv.beginPath()
        frame.rect(0, 0, self.width, self.height)
        self.canv.saveState()
        self.canv.clipPath(frame, stroke=1, fill=0)
        self.lines(self.walk.streets.geometry, STREET, 3.6)
        self.lines(self.walk.empty, BLOCK, 0.5, dashes=(1, 2))
        self.lines(self.walk.stops.geometry, BLOCK, 0.7, dashes=(3, 2))
        self.lines(self.walk.landmarks.geometry, BLOCK, 0.8, dashes=(1, 2))
        self.lines(self.walk.edge, EDGE, 5)
        self.way(self.walk.back, dashes=(3, 3))
        self.way(self.walk.path)
        self.sides()
        self.places_of_stops()
        self.start()
        self.boxes()
        self.scale_bar()
        self.arrow_north()
        self.names()
        self.landmarks()
        self.order()
        self.canv.restoreState()

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Place on the page of a point in the CRS of the stops."""
        return self.left + (x - self.bounds[0]) * self.scale, self.low + (y - self.bounds[1]) * self.scale

    def window(self) -> shapely.Polygon:
        """Return what the whole frame covers, in the CRS of the stops."""
        west, south = self.bounds[0] - self.left / self.scale, self.bounds[1] - self.low / self.scale
        return shapely.box(west, south, west + self.width / self.scale, south + self.height / self.scale)

    def lines(
        self, shapes: gpd.GeoSeries, color: colors.Color, width: float, dashes: Sequence[float] = ()
    ) -> None:
        """Draw lines, and the edges of areas."""
        self.canv.setStrokeColor(color)
        self.canv.setLineWidth(width)
        self.canv.setDash(list(dashes))
        for line in parts(shapes):
            path = self.canv.beginPath()
            for number, (x, y) in enumerate(shapely.get_coordinates(line)):
                (path.moveTo if number == 0 else path.lineTo)(*self.place(float(x), float(y)))
            self.canv.drawPath(path, stroke=1, fill=0)
        self.canv.setDash([])

    def way(self, leg: gpd.GeoDataFrame, dashes: Sequence[float] = ()) -> None:
        """Draw a way, with arrows in its direction."""
        way = leg.to_crs(str(self.walk.stops.crs)).geometry
        self.lines(way, colors.black, 1.5, dashes)
        spots = [self.place(float(x), float(y)) for x, y in shapely.get_coordinates(way.iloc[0])]
        gone = ARROW_EVERY_PT / 2
        for (x, y), (to_x, to_y) in pairwise(spots):
            gone += hypot(to_x - x, to_y - y)
            if gone >= ARROW_EVERY_PT:
                gone = 0.0
                self.arrow((x + to_x) / 2, (y + to_y) / 2, atan2(to_y - y, to_x - x))

    def sides(self) -> None:
        """Draw the side of a block along which the doors of a stretch lie, with an arrow at its last door."""
        self.lines(self.walk.sides, colors.black, 4.5)
        for side in self.walk.sides:
            for share in (0.3, 0.8):
                ends = (side.interpolate(share + step, normalized=True) for step in (-0.01, 0.01))
                (x, y), (to_x, to_y) = (self.place(end.x, end.y) for end in ends)
                self.arrow(to_x, to_y, atan2(to_y - y, to_x - x), 11)
                self.taken.append(shapely.Point(to_x, to_y).buffer(10))

    def arrow(self, x: float, y: float, turn: float, size: float = 5) -> None:
        """Draw the head of an arrow that points along ``turn`` (radians)."""
        path = self.canv.beginPath()
        path.moveTo(x + size * cos(turn), y + size * sin(turn))
        for side in (2.5, -2.5):
            path.lineTo(x + size * cos(turn + side), y + size * sin(turn + side))
        path.close()
        self.canv.setFillColor(colors.black)
        self.canv.drawPath(path, stroke=0, fill=1)

    def start(self) -> None:
        """Write where the walk starts and ends, beside the first stop: there the car stands."""
        stops = self.shown()
        if 1 not in stops.index:
            return
        x, y = self.place(*stops.loc[1].coords[0])
        words = _("START / CAR")
        wide = stringWidth(words, "Helvetica-Bold", MARK_PT + 1) + 8
        left = x + DISC_PT + 1 if x + DISC_PT + wide < self.width else x - DISC_PT - wide - 1
        self.canv.setFillColor(colors.black)
        self.canv.rect(left, y - 8, wide, 16, stroke=0, fill=1)
        self.canv.setFillColor(colors.white)
        self.canv.setFont("Helvetica-Bold", MARK_PT + 1)
        self.canv.drawString(left + 4, y - 4, words)
        self.taken.append(shapely.box(left, y - 8, left + wide, y + 8))

    def places_of_stops(self) -> None:
        """Keep the room of the numbers free of names."""
        for x, y in shapely.get_coordinates(np.asarray(self.shown(), dtype=object)):
            self.taken.append(shapely.Point(*self.place(float(x), float(y))).buffer(DISC_PT))

    def shown(self) -> pd.Series[Any]:
        """Return where the numbers of this map's stops stand: a detail's own, and others with room."""
        shapes = self.walk.stops["spot"]
        if self.detail is None:
            inside = [stop for detail in self.details for stop in detail.stops]
            return shapes.drop(inside)
        ours = list(self.detail.stops)
        points = {int(str(stop)): self.place(*shape.coords[0]) for stop, shape in shapes.items()}
        for stop in shapes.index.difference(ours):
            if all(hypot(x - points[stop][0], y - points[stop][1]) >= APART_PT for x, y in _at(points, ours)):
                ours.append(stop)
        return shapes[ours]

    def boxes(self) -> None:
        """Draw the frames of details, each with its letter."""
        for detail in self.details:
            (left, low), (right, top) = self.place(*detail.bounds[:2]), self.place(*detail.bounds[2:])
            self.canv.setStrokeColor(colors.black)
            self.canv.setLineWidth(1.6)
            self.canv.rect(left, low, right - left, top - low, stroke=1, fill=0)
            self.tag(left, top, detail.letter)

    def tag(self, x: float, y: float, letter: str) -> None:
        """Write a detail's letter on black."""
        self.canv.setFillColor(colors.black)
        self.canv.rect(x - 1, y - 1, 15, 15, stroke=0, fill=1)
        self.canv.setFillColor(colors.white)
        self.canv.setFont("Helvetica-Bold", NUMBER_PT)
        self.canv.drawCentredString(x + 6.5, y + 2.5, letter)
        self.taken.append(shapely.box(x - 1, y - 1, x + 14, y + 14))

    def names(self) -> None:
        """Write names of streets along them, the longest first, where there is room."""
        streets = self.walk.streets
        inside = streets.clip(self.window()) if len(streets) else streets
        named = inside[inside["name"].notna() & ~inside.geometry.is_empty]
        longest = named.assign(length=named.geometry.length).sort_values("length", ascending=False)
        first = longest.drop_duplicates("name").head(NAMES_AT_MOST)
        for name, shape in zip(first["name"], first.geometry, strict=True):
            line = max(shapely.get_parts(shape), key=shapely.length)
            any(self.name_along(line, str(name), share) for share in (0.5, 0.3, 0.7, 0.15, 0.85))

    def name_along(self, line: shapely.LineString, name: str, share: float) -> bool:
        """Write a name along a line at a share of its length, if that place is free."""
        point = line.interpolate(share, normalized=True)
        around = [line.interpolate(line.project(point) + step / self.scale) for step in (-20, 20)]
        turn = degrees(atan2(around[1].y - around[0].y, around[1].x - around[0].x))
        turn = (turn + 90) % 180 - 90
        return self.write(name, *self.place(point.x, point.y), turn)

    def landmarks(self) -> None:
        """Write names of landmarks, where there is room."""
        inside = self.walk.landmarks[self.walk.landmarks.intersects(self.window())]
        points = inside[inside.geom_type == "Point"]
        for name, point in zip(points["name"], points.geometry, strict=True):
            x, y = self.place(*shapely.get_coordinates(point)[0])
            self.canv.setFillColor(colors.black)
            self.canv.rect(x - 1.5, y - 1.5, 3, 3, stroke=0, fill=1)
            half = stringWidth(str(name), ITALIC, MARK_PT) / 2
            self.write(str(name), x, y + 9, 0.0, ITALIC, MARK_PT) or self.write(
                str(name), x + half + 5, y, 0.0, ITALIC, MARK_PT
            )

    def write(
        self, words: str, x: float, y: float, turn: float, font: str = BOLD, size: float = NAME_PT
    ) -> bool:
        """Write words about a point on a light ground, unless something stands there already."""
        half = stringWidth(words, font, size) / 2
        room = shapely.box(x - half, y - size / 2, x + half, y + size / 2)
        room = shapely.affinity.rotate(room, turn, origin=(x, y))
        frame = shapely.box(0, 0, self.width, self.height)
        if not frame.contains(room) or any(room.intersects(other) for other in self.taken):
            return False
        self.taken.append(room)
        self.canv.saveState()
        self.canv.translate(x, y)
        self.canv.rotate(turn)
        self.canv.setFillColor(HALO)
        self.canv.rect(-half - 1, -size / 2 - 0.5, 2 * half + 2, size + 1, stroke=0, fill=1)
        self.canv.setFillColor(colors.black)
        self.canv.setFont(font, size)
        self.canv.drawCentredString(0, -size / 3, words)
        self.canv.restoreState()
        return True

    def order(self) -> None:
        """Write the number of every stop on white."""
        self.canv.setStrokeColor(colors.black)
        self.canv.setLineWidth(1.2)
        self.canv.setFont("Helvetica-Bold", NUMBER_PT)
        for stop, shape in self.shown().items():
            x, y = self.place(*shape.coords[0])
            self.canv.setFillColor(colors.white)
            self.canv.circle(x, y, DISC_PT, stroke=1, fill=1)
            self.canv.setFillColor(colors.black)
            self.canv.drawCentredString(x, y - NUMBER_PT / 3, str(stop))

    def scale_bar(self) -> None:
        """Draw a length on the ground, in feet or miles."""
        feet = nice_length(110 / self.scale * FEET_A_METER)
        miles = nice_length(max(110 / self.scale / METERS_A_MILE, 1.0))
        in_feet = 110 / self.scale < METERS_A_MILE
        length = feet / FEET_A_METER if in_feet else miles * METERS_A_MILE
        words = _("{feet} feet").format(feet=f"{feet:,.0f}") if in_feet else _("{miles} mi").format(
            miles=f"{miles:g}"
        )  # fmt: skip
        self.canv.setFillColor(colors.white)
        self.canv.rect(3, 3, max(length * self.scale, 100) + 12, 24, stroke=0, fill=1)
        self.canv.setFillColor(colors.black)
        self.canv.rect(8, 7, length * self.scale, 4, stroke=0, fill=1)
        self.canv.setFont("Helvetica-Bold", 10)
        self.canv.drawString(8, 14, words)
        self.taken.append(shapely.box(3, 3, max(length * self.scale, 100) + 15, 27))

    def arrow_north(self) -> None:
        """Draw an arrow that points north."""
        x, y = self.width - 18, self.height - 34
        self.canv.setFillColor(colors.white)
        self.canv.rect(x - 12, y - 4, 26, 36, stroke=0, fill=1)
        path = self.canv.beginPath()
        path.moveTo(x, y + 18)
        path.lineTo(x + 7, y)
        path.lineTo(x, y + 5)
        path.lineTo(x - 7, y)
        path.close()
        self.canv.setFillColor(colors.black)
        self.canv.drawPath(path, stroke=0, fill=1)
        self.canv.setFont("Helvetica-Bold", 11)
        self.canv.drawCentredString(x, y + 20, _("N"))
        self.taken.append(shapely.box(x - 12, y - 4, x + 14, y + 32))


def _at(points: Mapping[int, tuple[float, float]], stops: Sequence[int]) -> list[tuple[float, float]]:
    return [points[stop] for stop in stops]


def nice_length(meters: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not above ``meters``.

    Examples
    --------
    >>> nice_length(730.0), nice_length(1999.0)
    (500.0, 1000.0)
    """
    power: float = 10.0 ** int(log10(meters))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= meters)


def parts(shapes: gpd.GeoSeries) -> Iterator[shapely.LineString]:
    """Return the single lines of shapes, and the edges of areas."""
    for shape in shapes:
        for part in shapely.get_parts(shape):
            edge = part.boundary if part.geom_type == "Polygon" else part
            for line in shapely.get_parts(edge):
                if line.geom_type in ("LineString", "LinearRing"):
                    yield line
