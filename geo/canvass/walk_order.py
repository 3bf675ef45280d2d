"""The order in which to visit blocks or doors, with little walking."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Point

from geo.canvass.turfs.check import check_doors
from geo.crs import require_crs, require_projected
from geo.errors import GeometryError, InfeasibleError, SchemaError, first_ids
from geo.language import gettext as _

Floats = npt.NDArray[np.float64]
STEP_M = 20.0
AROUND_M = 1_000.0
# Up to so many points the search goes on from the first local optimum, for so many improvements: fewer where
# there are many points, which takes a third of the time for ways at most 1.3 % longer.
POINTS_GUIDED, POINTS_FEW = 120, 60
IMPROVEMENTS, IMPROVEMENTS_MANY = 400, 150
CM = 100.0
WALKING_KMH = 4.5


@dataclass(frozen=True)
class WalkOrder:
    """Stops in the order of the walk.

    Attributes
    ----------
    stops
        Index of the stops, first to last.
    length_m
        Way between stops in m, with the ways from the start and back where asked for.
    hours
        Walking and, where doors were given, the time at them.
    path
        The walk as a line, in the CRS of the stops.
    off_roads
        Stops that no road leads to; for them the straight line with its detour counts.
    """

    stops: pd.Index[Any]
    length_m: float
    hours: float
    path: LineString
    off_roads: pd.Index[Any]


def order_stops(
    stops: gpd.GeoDataFrame,
    *,
    roads: gpd.GeoDataFrame | None = None,
    start: Point | None = None,
    back: bool = False,
    doors: str | None = None,
    minutes_per_door: float = 5.0,
    walking_kmh: float = WALKING_KMH,
    detour: float = 1.3,
) -> WalkOrder:
    """Order ``stops`` so that the walk through all of them is short.

    The order is that of OR-Tools' routing solver: cheapest arc, then local search, which for up to
    120 points is guided on beyond the first local optimum for a fixed number of improvements.
    Nothing depends on the clock, so the same stops give the same order. It is short, not proven to
    be the shortest. A polygon is visited at its representative point.

    Parameters
    ----------
    stops
        Points or polygons in a projected CRS (m), with a unique index.
    roads
        Lines that can be walked, in the same CRS; they join where they have a vertex in common.
        Stops go to the nearest point on them, to 10 m. Without roads ways are straight lines times
        ``detour``.
    start
        Where the walk starts, in the same CRS; without it at the best stop.
    back
        Whether the walk returns to where it started.
    doors
        Column of doors at each stop; without it only walking counts in ``hours``. NA is refused.
    minutes_per_door, walking_kmh, detour
        Time at a door in minutes, speed in km/h, way over straight line.

    Raises
    ------
    CRSError
        The CRS is missing, not projected, or differs.
    GeometryError
        A stop has no geometry.
    SchemaError
        There are no stops, or doubled ones, or doors are missing or negative.
    InfeasibleError
        The speed or the detour is not positive.

    Examples
    --------
    >>> row = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 200, 100], [0, 0, 0]), crs="EPSG:3310")
    >>> walk = order_stops(row, start=Point(0, 0), detour=1.0)
    >>> walk.stops.tolist(), walk.length_m
    ([0, 2, 1], 200.0)
    """
    _check_stops(stops, walking_kmh, detour)
    if doors is not None:
        check_doors(stops, doors)
    points = np.asarray(stops.geometry.representative_point().array, dtype=object)
    if start is not None:
        points = np.concatenate([points, np.array([start], dtype=object)])
    net = _Net.build(points, roads, stops.crs.to_string() if stops.crs else "", detour)
    order = _route(net.lengths, None if start is None else len(stops), back=back)
    legs = list(pairwise(order))
    length = float(sum(net.lengths[leg] for leg in legs))
    at_doors = 0.0 if doors is None else float(stops[doors].sum()) * minutes_per_door / 60.0
    visited = list(dict.fromkeys(place for place in order if place < len(stops)))
    lost = [place for place in net.off_roads if place < len(stops)]
    return WalkOrder(
        stops=stops.index[visited],
        length_m=round(length, 3),
        hours=length / 1000.0 / walking_kmh + at_doors,
        path=net.path(order),
        off_roads=stops.index[lost],
    )


def _check_stops(stops: gpd.GeoDataFrame, walking_kmh: float, detour: float) -> None:
    require_projected(stops)
    if stops.empty:
        raise SchemaError(_("there are no stops to order"), _("choose a turf with blocks or doors"))
    doubled = stops.index[stops.index.duplicated()]
    if len(doubled):
        raise SchemaError(
            _("{count} stops appear twice: {names}").format(count=len(doubled), names=first_ids(doubled)),
            _("keep one row for each"),
        )
    lacking = stops.geometry.isna() | stops.geometry.is_empty
    if lacking.any():
        fault = _("{count} stops have no geometry: {names}").format(
            count=int(lacking.sum()), names=first_ids(stops.index[lacking])
        )
        raise GeometryError(fault, _("give each a point or a polygon, or leave it out"))
    if walking_kmh <= 0 or detour <= 0:
        raise InfeasibleError(
            _("{walking_kmh:g} km/h and a detour of {detour:g} make no walk").format(
                walking_kmh=walking_kmh, detour=detour
            ),
            _("give numbers above 0"),
        )


@dataclass(frozen=True)
class _Net:
    """Ways between all points: lengths in m, and how they run."""

    points: npt.NDArray[np.object_]
    lengths: Floats
    nodes: Floats
    places: npt.NDArray[np.int64]
    before: npt.NDArray[np.int64]
    off_roads: list[int]

    @classmethod
    def build(
        cls, points: npt.NDArray[np.object_], roads: gpd.GeoDataFrame | None, crs: str, detour: float
    ) -> _Net:
        """Measure the ways between ``points``: over roads where these join them, or straight."""
        here = shapely.get_coordinates(points)
        straight = np.hypot(*(here[:, None, :] - here[None, :, :]).transpose(2, 0, 1)) * detour
        none = np.zeros((len(points), 0), dtype=np.int64)
        if roads is not None:
            require_crs(roads, crs)
            nodes, graph = _road_graph(roads, points)
        if roads is None or not len(nodes):
            return cls(points, straight, np.zeros((0, 2)), none, none, [])
        tree = shapely.STRtree(np.asarray(shapely.points(nodes), dtype=object))
        places = np.asarray(tree.nearest(points), dtype=np.int64)
        ways, before = dijkstra(graph, directed=False, indices=places, return_predecessors=True)
        access = np.hypot(*(here - nodes[places]).T)
        over_roads = ways[:, places] + access[:, None] + access[None, :]
        np.fill_diagonal(over_roads, 0.0)
        alone = np.isinf(over_roads).sum(axis=1) > len(points) / 2
        lengths = np.where(np.isinf(over_roads), straight, over_roads)
        return cls(points, lengths, nodes, places, before, np.flatnonzero(alone).tolist())

    def path(self, order: list[int]) -> LineString:
        """Draw the walk through the points in ``order``."""
        line = [self.points[order[0]].coords[0]]
        for one, other in pairwise(order):
            line += [*self._between(one, other), self.points[other].coords[0]]
        return LineString(line if len(line) > 1 else line * 2)

    def _between(self, one: int, other: int) -> list[tuple[float, float]]:
        """Vertices of the roads from one point to another; none where the way is straight."""
        if not len(self.nodes):
            return []
        node, way = int(self.places[other]), [int(self.places[other])]
        while node != self.places[one]:
            node = int(self.before[one, node])
            if node < 0:
                return []
            way.append(node)
        return [(float(x), float(y)) for x, y in self.nodes[way[::-1]]]


def _road_graph(roads: gpd.GeoDataFrame, points: npt.NDArray[np.object_]) -> tuple[Floats, coo_array]:
    """Vertices of the roads near ``points``, at most 20 m apart, and the lengths between them."""
    near = gpd.GeoSeries(roads.geometry[~roads.geometry.isna()])
    area = shapely.buffer(shapely.box(*shapely.total_bounds(points)), AROUND_M)
    lines = shapely.get_parts(np.asarray(near[near.intersects(area)].array, dtype=object))
    lines = shapely.segmentize(lines[shapely.get_type_id(lines) == 1], STEP_M)
    corners, line = shapely.get_coordinates(lines, return_index=True)
    nodes, number = np.unique(np.round(corners, 3), axis=0, return_inverse=True)
    number = number.reshape(-1)
    same = line[1:] == line[:-1]
    first, second = number[:-1][same], number[1:][same]
    low, high = np.minimum(first, second), np.maximum(first, second)
    pairs = np.unique(np.stack([low, high], axis=1)[low != high], axis=0)
    lengths = np.hypot(*(nodes[pairs[:, 0]] - nodes[pairs[:, 1]]).T)
    return nodes, coo_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=(len(nodes), len(nodes))).tocsr()


def _route(lengths: Floats, start: int | None, *, back: bool) -> list[int]:
    """Order of the points from OR-Tools; a point at no distance from all stands for an open end."""
    many = len(lengths)
    if many == 1:
        return [0]
    free = np.pad(np.round(lengths * CM).astype(np.int64), (0, 1))
    from_node = many if start is None and not back else (start or 0)
    to_node = from_node if back else many
    size = many if back else many + 1
    plan = pywrapcp.RoutingIndexManager(size, 1, [int(from_node)], [int(to_node)])
    model = pywrapcp.RoutingModel(plan)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(free[:size, :size].tolist()))
    found = model.SolveWithParameters(_search(many))
    place, order = model.Start(0), []
    while not model.IsEnd(place):
        order.append(plan.IndexToNode(place))
        place = found.Value(model.NextVar(place))
    order.append(plan.IndexToNode(place))
    return [node for node in order if node < many]


def _search(points: int) -> Any:
    """Parameters of the solver: a fixed number of improvements, so that its result does not vary."""
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    ways = routing_enums_pb2.LocalSearchMetaheuristic
    search.local_search_metaheuristic = ways.GREEDY_DESCENT
    if points <= POINTS_GUIDED:
        search.local_search_metaheuristic = ways.GUIDED_LOCAL_SEARCH
        search.solution_limit = IMPROVEMENTS if points <= POINTS_FEW else IMPROVEMENTS_MANY
    return search
