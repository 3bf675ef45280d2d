"""The map of a walk list: blocks, streets with names, the way and the order, drawn as lines."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import shapely
from reportlab.lib import colors
from reportlab.platypus import Flowable

from geo.canvass_walk import Walk

MARGIN = 12.0
NAMES_AT_MOST = 30


class WalkMap(Flowable):  # type: ignore[misc]
    """Draw a walk into a box of ``width`` x ``height`` points; north is up."""

    def __init__(self, walk: Walk, width: float, height: float) -> None:
        super().__init__()
        self.walk, self.width, self.height = walk, width, height
        west, south, east, north = (float(side) for side in walk.stops.total_bounds)
        self.scale = min(
            (width - 2 * MARGIN) / max(east - west, 1.0), (height - 2 * MARGIN) / max(north - south, 1.0)
        )
        self.west, self.south = west, south

    def draw(self) -> None:
        """Draw blocks, streets, the way and the order."""
        clip = self.canv.beginPath()
        clip.rect(0, 0, self.width, self.height)
        self.canv.saveState()
        self.canv.clipPath(clip, stroke=1, fill=0)
        self.lines(self.walk.stops.geometry.boundary, colors.grey, 0.6)
        self.lines(self.walk.streets.geometry, colors.HexColor("#b08d57"), 1.6)
        self.names()
        way = self.walk.path.to_crs(str(self.walk.stops.crs)).geometry
        self.lines(way, colors.HexColor("#0072B2"), 1.2)
        self.order()
        self.canv.restoreState()

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Place on the page of a point in the CRS of the stops."""
        return MARGIN + (x - self.west) * self.scale, MARGIN + (y - self.south) * self.scale

    def lines(self, shapes: gpd.GeoSeries, colour: colors.Color, width: float) -> None:
        """Draw lines."""
        self.canv.setStrokeColor(colour)
        self.canv.setLineWidth(width)
        for line in parts(shapes):
            path = self.canv.beginPath()
            for number, (x, y) in enumerate(shapely.get_coordinates(line)):
                (path.moveTo if number == 0 else path.lineTo)(*self.place(float(x), float(y)))
            self.canv.drawPath(path, stroke=1, fill=0)

    def names(self) -> None:
        """Write the names of the longest streets, once each."""
        here = shapely.box(*self.walk.stops.total_bounds)
        streets = self.walk.streets
        inside = streets.clip(here) if len(streets) else streets
        named = inside[inside["name"].notna()]
        longest = named.assign(length=named.geometry.length).sort_values("length", ascending=False)
        self.canv.setFillColor(colors.HexColor("#5d4a1f"))
        self.canv.setFont("Helvetica", 8)
        for name, shape in longest.drop_duplicates("name")[["name", "geometry"]].head(NAMES_AT_MOST).values:
            point = shape.interpolate(0.5, normalized=True)
            self.canv.drawCentredString(*self.place(point.x, point.y + 3 / self.scale), str(name))

    def order(self) -> None:
        """Write the number of every stop."""
        self.canv.setFillColor(colors.black)
        self.canv.setFont("Helvetica-Bold", 11)
        for stop, shape in self.walk.stops.geometry.items():
            point = shape.representative_point()
            self.canv.drawCentredString(*self.place(point.x, point.y), str(stop))


def parts(shapes: gpd.GeoSeries) -> Iterator[shapely.LineString]:
    """Return the single lines of shapes."""
    for shape in shapes:
        for part in shapely.get_parts(shape):
            if part.geom_type in ("LineString", "LinearRing"):
                yield part
