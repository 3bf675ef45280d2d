"""Roads as a graph, cut where they meet and snapped; distances along them, or straight with a detour."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.crs import require_projected
from geo.errors import CRSError, GeometryError, first_ids
from geo.language import gettext as _

Node = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """A graph of roads: nodes are (x, y), edges have ``length_m`` and ``geometry``.

    ``components`` are the sizes of its connected parts, the largest first.
    """

    graph: nx.Graph[Any]
    crs: Any
    snap_m: float
    components: tuple[int, ...] = ()

    @property
    def in_pieces(self) -> bool:
        """Whether some roads cannot be reached from others."""
        return len(self.components) > 1


def to_road_graph(roads: gpd.GeoDataFrame, *, snap_m: float = 1.0) -> RoadGraph:
    """Make a graph of road lines: cut where they meet, on a grid of ``snap_m``.

    Ends that round to the same point of the grid are one node. Lines that cross are joined (bridges are not
    known). Missing and empty geometries are left out. Of parallel pieces the shorter is kept.

    Parameters
    ----------
    roads
        Lines in a projected CRS in meters.
    snap_m
        Size in meters of the grid to which coordinates are rounded.

    Raises
    ------
    CRSError
        No projected CRS.
    GeometryError
        No lines, or geometries of another type.

    Examples
    --------
    >>> lines = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 10 0)", "LINESTRING (5 -5, 5 5)"], crs=26911)
    >>> roads = to_road_graph(lines.to_frame("geometry"))
    >>> roads.graph.number_of_nodes(), roads.components
    (5, (5,))
    """
    require_projected(roads)
    known = roads.geometry.notna() & ~roads.geometry.is_empty
    lines = roads[known].geometry
    odd = known.index[known & ~roads.geom_type.isin(["LineString", "MultiLineString"])]
    if len(odd):
        raise GeometryError(
            _("{count} roads are not lines: {names}").format(count=len(odd), names=first_ids(odd)),
            _("leave them out"),
        )
    if lines.empty:
        raise GeometryError(_("there are no roads"), _("give at least one line, or use straight distances"))
    flat = shapely.force_2d(np.asarray(lines, dtype=object))
    noded = shapely.node(shapely.union_all(flat, grid_size=snap_m))
    graph: nx.Graph[Any] = nx.Graph()
    for piece in shapely.get_parts(noded):
        _add_piece(graph, piece)
    parts = list(nx.connected_components(graph))
    sizes = sorted((len(part) for part in parts), reverse=True)
    return RoadGraph(graph, roads.crs, snap_m, tuple(sizes))


def _add_piece(graph: nx.Graph[Any], piece: BaseGeometry) -> None:
    ends = shapely.get_coordinates(piece)[[0, -1]]
    start, end = ((float(x), float(y)) for x, y in ends)
    known = graph.get_edge_data(start, end)
    if start != end and (known is None or piece.length < known["length_m"]):
        graph.add_edge(start, end, length_m=float(piece.length), geometry=piece)


def attach(roads: RoadGraph, places: gpd.GeoSeries, *, limit_m: float = math.inf) -> pd.DataFrame:
    """Find the road node nearest to each place (a polygon's representative point, else the point itself).

    Parameters
    ----------
    roads
        The graph.
    places
        Points or polygons in the graph's CRS.
    limit_m
        Farther nodes are not taken: ``node`` is then None.

    Returns
    -------
    pandas.DataFrame
        With the index of ``places``: ``node`` ((x, y) or None), ``distance_m`` to it (NaN without a
        geometry), ``part`` (number of its connected part, the largest is 0; -1 without a node).

    Raises
    ------
    CRSError
        The places are in another CRS.

    Examples
    --------
    >>> lines = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 10 0)"], crs=26911).to_frame("geometry")
    >>> attach(to_road_graph(lines), gpd.GeoSeries.from_wkt(["POINT (9 3)"], crs=26911))["node"].item()
    (10.0, 0.0)
    """
    require_same_crs(roads, places)
    nodes = list(roads.graph)
    tree = shapely.STRtree(shapely.points(nodes))
    points = places.representative_point()
    known = points.notna() & ~points.is_empty
    found: dict[object, tuple[Node | None, float]] = dict.fromkeys(places.index, (None, math.nan))
    if known.any():
        (_, nearest), distances = tree.query_nearest(
            np.asarray(points[known], dtype=object), return_distance=True, all_matches=False
        )
        for index, position, distance in zip(points.index[known], nearest, distances, strict=True):
            found[index] = (nodes[position] if distance <= limit_m else None, float(distance))
    parts = _parts(roads.graph)
    frame = pd.DataFrame(index=places.index)
    frame["node"] = pd.Series([node for node, _ in found.values()], index=places.index, dtype=object)
    frame["distance_m"] = [distance for _, distance in found.values()]
    frame["part"] = [-1 if node is None else parts[node] for node, _ in found.values()]
    return frame


def _parts(graph: nx.Graph[Any]) -> dict[Node, int]:
    ordered = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return {node: number for number, part in enumerate(ordered) for node in part}


def require_same_crs(roads: RoadGraph, frame: gpd.GeoSeries | gpd.GeoDataFrame) -> None:
    """Raise unless ``frame`` is in the projected CRS of the roads.

    Raises
    ------
    CRSError
        No CRS, a geographic one, or another.

    Examples
    --------
    >>> lines = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 10 0)"], crs=26911).to_frame("geometry")
    >>> require_same_crs(to_road_graph(lines), lines)
    """
    require_projected(frame)
    if frame.crs != roads.crs:
        raise CRSError(
            _("the places and the roads are in different CRSs"),
            _("use to_crs({crs!r})").format(crs=roads.crs.to_string()),
        )


def cut_off(attached: pd.DataFrame) -> pd.Index[Any]:
    """Name the places that a network in pieces leaves out: without a node, or off the part that most are on.

    Examples
    --------
    >>> cut_off(pd.DataFrame({"part": [0, 1, 0, -1]}, index=["a", "b", "c", "d"])).tolist()
    ['b', 'd']
    """
    held = attached["part"][attached["part"] >= 0]
    main = int(held.mode().min()) if len(held) else -2
    return attached.index[attached["part"].ne(main)]


DETOUR = 1.3
STEP_M = 250.0
CHUNK = 32


@dataclass(frozen=True, slots=True)
class RoadNet:
    """Roads for many distances at once: points on them at most 250 m apart, and the stretches between.

    ``places`` are x and y in meters in ``crs``, ``stretches`` the lengths in meters between neighbors.
    """

    places: NDArray[np.float64]
    stretches: csr_matrix
    crs: Any


def to_road_net(roads: RoadGraph, step_m: float = STEP_M) -> RoadNet:
    """Make a net of a road graph, with a point at least every ``step_m`` meters of a road.

    Examples
    --------
    >>> from geo.methods.roads import to_road_graph
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
        Points in a projected CRS in meters; that of the roads.
    limit_m
        Ways along roads that are longer need not be known: they are infinite.

    Returns
    -------
    numpy.ndarray
        Meters: a row a demand point, a column a site.

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
    """Straight lines in meters: a row a demand point, a column a site.

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
