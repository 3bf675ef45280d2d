"""How far people travel: along roads where there are roads fit for it, else the straight line times a factor.

Lengths in metres, in one projected CRS. Speeds, buses and one-way streets are not known here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from geo.crs import require_projected
from geo.errors import CRSError
from geo.joining.road_graph import RoadGraph
from geo.language import gettext as _

DETOUR = 1.3
STEP_M = 250.0
CHUNK = 32


@dataclass(frozen=True, slots=True)
class RoadNet:
    """Roads for many distances at once: points on them at most 250 m apart, and the stretches between.

    ``places`` are x and y in metres in ``crs``, ``stretches`` the lengths in metres between neighbours.
    """

    places: NDArray[np.float64]
    stretches: csr_matrix
    crs: Any


def to_road_net(roads: RoadGraph, step_m: float = STEP_M) -> RoadNet:
    """Make a net of a road graph, with a point at least every ``step_m`` metres of a road.

    Examples
    --------
    >>> from geo.joining.road_graph import to_road_graph
    >>> line = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 1000 0)"], crs=26911).to_frame("geometry")
    >>> len(to_road_net(to_road_graph(line)).places)
    5
    """
    numbers = {node: number for number, node in enumerate(roads.graph)}
    places = [np.array(list(numbers), dtype=float)]
    rows: list[tuple[int, int, float]] = []
    count = len(numbers)
    for start, end, edge in roads.graph.edges(data=True):
        parts = max(math.ceil(edge["length_m"] / step_m), 1)
        between = _between(edge["geometry"], parts, start)
        chain = [numbers[start], *range(count, count + parts - 1), numbers[end]]
        rows += [(one, two, edge["length_m"] / parts) for one, two in pairwise(chain)]
        places.append(between)
        count += parts - 1
    one, two, length = (np.array(column) for column in zip(*rows, strict=True))
    stretches = csr_matrix((length, (one, two)), shape=(count, count))
    return RoadNet(np.concatenate(places), stretches, roads.crs)


def _between(line: shapely.LineString, parts: int, start: tuple[float, float]) -> NDArray[np.float64]:
    """Points that cut a line into equal parts, in the order from ``start``."""
    shares = np.arange(1, parts) / parts
    if tuple(line.coords[0]) != start:
        shares = 1 - shares
    return shapely.get_coordinates(shapely.line_interpolate_point(line, shares, normalized=True))


def travel_m(
    demand: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, roads: RoadNet | None = None, limit_m: float = math.inf
) -> NDArray[np.float64]:
    """Measure the way from every point to every site.

    Along roads: from the nearest point of a road to that of the site, and the steps to the road times
    :data:`DETOUR`. Two that share that point of the road, or whose roads do not meet, are as far apart as
    the straight line times that factor; so is everything where there are no roads.

    Parameters
    ----------
    demand, sites
        Points in a projected CRS in metres; that of the roads.
    limit_m
        Ways along roads that are longer need not be known: they are infinite.

    Returns
    -------
    numpy.ndarray
        Metres: a row a demand point, a column a site.

    Raises
    ------
    CRSError
        The points are not in the roads' CRS.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 300], [0, 400]), crs="EPSG:26911")
    >>> travel_m(points[:1], points).tolist()
    [[0.0, 650.0]]
    """
    straight = straight_m(demand, sites) * DETOUR
    if roads is None:
        return straight
    for frame in (demand, sites):
        _require_crs_of(roads, frame)
    tree = cKDTree(roads.places)
    step_here, from_place = tree.query(_xy(demand))
    step_there, to_place = tree.query(_xy(sites))
    ways = np.add.outer(step_here, step_there) * DETOUR
    for columns in _chunks(len(sites)):
        along = dijkstra(roads.stretches, directed=False, indices=to_place[columns], limit=limit_m)
        ways[:, columns] += along[:, from_place].T
    part = connected_components(roads.stretches, directed=False)[1]
    apart = np.not_equal.outer(part[from_place], part[to_place])
    return np.where(apart | np.equal.outer(from_place, to_place), straight, ways)


def _require_crs_of(roads: RoadNet, frame: gpd.GeoDataFrame) -> None:
    require_projected(frame)
    if frame.crs != roads.crs:
        raise CRSError(
            _("the places and the roads are in different CRSs"),
            _("use to_crs({crs!r})").format(crs=roads.crs.to_string()),
        )


def straight_m(demand: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Straight lines in metres: a row a demand point, a column a site.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 300], [0, 400]), crs="EPSG:26911")
    >>> straight_m(points[:1], points).tolist()
    [[0.0, 500.0]]
    """
    here, there = _xy(demand), _xy(sites)
    return np.hypot(*(np.subtract.outer(here[:, axis], there[:, axis]) for axis in (0, 1)))


def _xy(points: gpd.GeoDataFrame) -> NDArray[np.float64]:
    return np.column_stack([points.geometry.x.to_numpy(dtype=float), points.geometry.y.to_numpy(dtype=float)])


def _chunks(count: int) -> Iterator[slice]:
    return (slice(first, first + CHUNK) for first in range(0, count, CHUNK))
