"""How many maps a walk list needs: an overview, and details where its numbers would lie on each other."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.canvass.walk import Walk

Box = tuple[float, float, float, float]
Size = tuple[float, float]
Places = npt.NDArray[np.int64]
APART_PT = 19.0
DEEPEST = 4
FEW = 3
ROUND_M = 60.0


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
    (-60.0, -60.0, 160.0, 160.0)
    """
    west, south, east, north = (float(side) for side in shapes.total_bounds)
    return west - ROUND_M, south - ROUND_M, east + ROUND_M, north + ROUND_M


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
        points = np.asarray(self.shapes.representative_point(), dtype=object)
        self.points = shapely.get_coordinates(points)

    def extent(self, places: Places) -> Box:
        return extent(gpd.GeoSeries(self.shapes.iloc[places]))

    def crowded(self, places: Places, size: Size) -> Places:
        """Return the stops whose number would stand less than 19 points from another's."""
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
