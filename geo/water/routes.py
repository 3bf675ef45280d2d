"""How far a system is from its receiver, along roads or straight, and what its connection costs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geo.crs import STORED, require_projected
from geo.errors import GeometryError, SchemaError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.roads import Node, RoadGraph, attach, require_same_crs, to_road_graph
from geo.water.cost.connection import ITEMS, connection_cost
from geo.water.cost.sensitivity import cost_range

DETOUR = 1.3
DETOUR_RANGE = (1.0, 1.8)
METERS_PER_FOOT = 0.3048


def routes(
    systems: gpd.GeoDataFrame,
    receiver: BaseGeometry,
    *,
    roads: RoadGraph | None = None,
    snap_limit_m: float = 300.0,
    detour: float = DETOUR,
    detour_range: tuple[float, float] = DETOUR_RANGE,
) -> pd.DataFrame:
    """Measure each system's way to the receiver's boundary or mains.

    A system that touches the receiver is an intersect of length 0. Along roads the way runs from the node
    nearest to the system to the nearest point where a road meets the receiver; the step to the road counts.
    Where there is no road within ``snap_limit_m``, or none that leads there, it is the straight line times
    ``detour`` (1.3: the stand-in of the 2024-method script; its range is this project's).

    Parameters
    ----------
    systems
        Points or polygons in a projected CRS in meters, with ``pwsid`` or another index.
    receiver
        Service area (polygon) or mains (lines) in the same CRS.
    roads
        Graph of roads fit for measuring; None where there are none.
    snap_limit_m
        Most between a system and its road. Beyond it the stretch to the road is rough, too: it is
        multiplied by ``detour``, and the road is taken only where that is shorter than the straight line
        times ``detour``.
    detour, detour_range
        Factor on a straight line, and its low and high.

    Returns
    -------
    pandas.DataFrame
        With the index of ``systems``: ``merge_type``, ``basis`` ("intersect", "road", "partly road" or
        "straight line"), ``distance_m``, ``low_m``, ``high_m``, ``distance_ft``, ``straight_m``, ``route``
        (geometry). A system without a geometry is NA throughout.

    Raises
    ------
    CRSError
        No projected CRS, or another than the roads'.
    GeometryError
        An empty receiver.
    SchemaError
        A detour factor outside its range or below 1.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> parks = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(150, 50)], crs=26911)
    >>> routes(parks, box(100, 0, 200, 100))[["basis", "distance_m"]].values.tolist()
    [['straight line', 130.0], ['intersect', 0.0]]
    """
    require_projected(systems)
    if receiver is None or receiver.is_empty:
        raise GeometryError(_("the receiver has no geometry"), _("choose a boundary or mains that have one"))
    if not 1 <= detour_range[0] <= detour <= detour_range[1]:
        raise SchemaError(
            _("detour {detour} is not within {detour_range}").format(
                detour=detour, detour_range=detour_range
            ),
            _("give 1 <= low <= detour <= high"),
        )
    table = _straight(systems, receiver, detour, detour_range)
    if roads is not None:
        require_same_crs(roads, systems)
        _along_roads(table, systems, receiver, roads, snap_limit_m, (detour, *detour_range))
    table["distance_ft"] = table["distance_m"] / METERS_PER_FOOT
    columns = ["merge_type", "basis", "distance_m", "low_m", "high_m", "distance_ft", "straight_m", "route"]
    return table[columns]


def _straight(
    systems: gpd.GeoDataFrame, receiver: BaseGeometry, detour: float, detour_range: tuple[float, float]
) -> pd.DataFrame:
    shapes = systems.geometry
    known = shapes.notna() & ~shapes.is_empty
    straight = shapes.distance(receiver).where(known)
    touching = straight.eq(0)
    table = pd.DataFrame({"straight_m": straight}, index=systems.index)
    table["merge_type"] = pd.Series("route", index=systems.index, dtype="string").mask(touching, "intersect")
    table["basis"] = pd.Series("straight line", index=systems.index, dtype="string").mask(
        touching, "intersect"
    )
    table[["merge_type", "basis"]] = table[["merge_type", "basis"]].mask(~known, pd.NA)
    low, high = detour_range
    for column, factor in (("distance_m", detour), ("low_m", low), ("high_m", high)):
        table[column] = straight * factor
    lines = [
        shapely.shortest_line(shape, receiver) if ok else None
        for shape, ok in zip(shapes, known, strict=True)
    ]
    table["route"] = pd.Series(lines, index=systems.index, dtype=object)
    return table


def _along_roads(
    table: pd.DataFrame,
    systems: gpd.GeoDataFrame,
    receiver: BaseGeometry,
    roads: RoadGraph,
    limit: float,
    factors: tuple[float, float, float],
) -> None:
    """Put the way along roads in place of the straight line, where there is one."""
    wanted = table["basis"].eq("straight line").fillna(False)
    snapped = attach(roads, systems[wanted].geometry)
    graph, sources = with_crossings(roads.graph, receiver)
    if not sources:
        return
    found: tuple[Any, Any] = nx.multi_source_dijkstra(graph, sources, weight="length_m")
    length, path = found
    reached = snapped[snapped["node"].isin(list(length))]
    along, away = reached["node"].map(length).astype(float), reached["distance_m"]
    near = away <= limit
    taken = near | (along + away * factors[0] < table.loc[reached.index, "distance_m"])
    reached, along, away, near = reached[taken], along[taken], away[taken], near[taken]
    for column, factor in zip(("distance_m", "low_m", "high_m"), factors, strict=True):
        table.loc[reached.index, column] = along + away.where(near, away * factor)
    table.loc[reached.index, "basis"] = near.map({True: "road", False: "partly road"})
    lines = [_joined(graph, path[node]) for node in reached["node"]]
    table.loc[reached.index, "route"] = pd.Series(lines, reached.index, dtype=object)


def with_crossings(graph: nx.Graph[Any], receiver: BaseGeometry) -> tuple[nx.Graph[Any], set[Node]]:
    """Cut the roads where they meet the receiver; return the graph and the points of meeting.

    Parameters
    ----------
    graph
        As in :class:`geo.methods.roads.RoadGraph`.
    receiver
        Service area (its nodes inside count, too) or mains, in the same CRS.

    Examples
    --------
    >>> from geo.methods.roads import to_road_graph
    >>> lines = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 10 0)"], crs=26911).to_frame("geometry")
    >>> cut, points = with_crossings(to_road_graph(lines).graph, shapely.box(4, -1, 5, 1))
    >>> sorted(points), cut.number_of_edges()
    ([(4.0, 0.0), (5.0, 0.0)], 3)
    """
    pairs = list(graph.edges)
    lines = np.array([graph.edges[pair]["geometry"] for pair in pairs], dtype=object)
    edge = receiver.boundary if receiver.geom_type.endswith("Polygon") else receiver
    inside = shapely.points(list(graph))
    sources = {node for node, ok in zip(graph, shapely.intersects(receiver, inside), strict=True) if ok}
    cut: nx.Graph[Any] = graph.copy()
    for position in np.flatnonzero(shapely.intersects(lines, edge)):
        start, end = pairs[position]
        if start in sources and end in sources:
            continue
        points = shapely.get_coordinates(shapely.intersection(lines[position], edge))
        sources |= _cut(cut, (start, end), lines[position], points)
    return cut, sources


def _cut(graph: nx.Graph[Any], pair: tuple[Node, Node], line: LineString, points: np.ndarray) -> set[Node]:
    """Replace an edge by its pieces between the ``points`` on it."""
    places = sorted({float(line.project(shapely.Point(point))) for point in points})
    inner = [place for place in places if 0 < place < line.length]
    first = shapely.get_coordinates(line)[0]
    start, end = pair if tuple(first) == pair[0] else pair[::-1]
    stops = [0.0, *inner, line.length]
    middle = [line.interpolate(place) for place in inner]
    nodes = [start, *((float(point.x), float(point.y)) for point in middle), end]
    if inner:
        graph.remove_edge(*pair)
        for (one, two), (low, high) in zip(pairwise(nodes), pairwise(stops), strict=True):
            piece = substring(line, low, high)
            graph.add_edge(one, two, length_m=high - low, geometry=piece)
    ends = {place: node for place, node in zip(stops, nodes, strict=True) if place in places}
    return set(ends.values())


def _joined(graph: nx.Graph[Any], path: list[Node]) -> BaseGeometry:
    pieces = [graph.edges[pair]["geometry"] for pair in pairwise(path)]
    return shapely.line_merge(shapely.union_all(pieces)) if pieces else shapely.Point(path[0])


# A system farther from every road than this gets a straight line, in m.
SNAP_LIMIT_M = 1000.0
NEEDED = ("pwsid", "population", "connections", "merge_type", "distance_ft", "county_geoid", "state_small")
WAY = ("merge_type", "basis", "distance_ft", "low_ft", "high_ft")
# Bases of ways that were not measured: geo.water.known_ways puts them in place of those from a wrong place.
STATE_ROW = "state row"
POSSIBLE = "possible places"
BETWEEN = N_("its place is not known: the range is from where other systems of its community lie")
NO_PLACE = N_("its place is not known, and nothing tells how far it is")


def fit_roads(roads: gpd.GeoDataFrame | None, length_crs: str) -> RoadGraph | None:
    """Make a graph of the roads that are fit for measuring; None where there are none.

    Parameters
    ----------
    roads
        Dataset ``roads`` in EPSG:4326, with ``rough``; None where it is not built.

    Examples
    --------
    >>> from shapely.geometry import LineString
    >>> line = LineString([(-116, 33.5), (-115.9, 33.5)])
    >>> rough = gpd.GeoDataFrame({"rough": [True]}, geometry=[line], crs=4326)
    >>> fit_roads(rough, "EPSG:26911") is None, fit_roads(rough.assign(rough=False), "EPSG:26911") is None
    (True, False)
    """
    if roads is None:
        return None
    fit = roads[~roads["rough"].fillna(True).astype(bool)]
    return None if fit.empty else to_road_graph(fit.to_crs(length_crs))


def measure_ways(
    systems: gpd.GeoDataFrame, boundary: BaseGeometry, length_crs: str, roads: RoadGraph | None = None
) -> gpd.GeoDataFrame:
    """Measure each system's way to a boundary.

    Parameters
    ----------
    systems
        Dataset ``water_systems``, in EPSG:4326.
    boundary
        The receiver's, in EPSG:4326.
    length_crs
        A projected CRS in meters.

    Returns
    -------
    geopandas.GeoDataFrame
        Index pwsid: ``merge_type``, ``basis``, ``distance_ft``, ``low_ft``, ``high_ft`` (NA without a place)
        and the
        way as geometry, in EPSG:4326.
    """
    projected = systems.set_index("pwsid")[["geometry"]].to_crs(length_crs)
    edge = gpd.GeoSeries([boundary], crs=systems.crs).to_crs(length_crs).item()
    found = routes(projected, edge, roads=roads, snap_limit_m=SNAP_LIMIT_M)
    found["low_ft"], found["high_ft"] = found["low_m"] / METERS_PER_FOOT, found["high_m"] / METERS_PER_FOOT
    ways = gpd.GeoSeries(found["route"], index=found.index, crs=length_crs).to_crs(STORED)
    return gpd.GeoDataFrame(found[list(WAY)], geometry=ways)


def cost_systems(
    systems: pd.DataFrame, ways: pd.DataFrame, *, method: str = "swrcb_2024", **changes: float
) -> pd.DataFrame:
    """Cost each system's own connection, with its range.

    The low end takes the shortest way and every parameter at its cheaper end, the high end the opposite: the
    range is wider than what is likely. Where only the range of a way is known, there is only a range of cost.

    Parameters
    ----------
    systems
        ``pwsid``, ``population``, ``connections``, ``county_geoid``; ``system_class`` and
        ``population_estimated`` for :func:`state_small_as_published`.
    ways
        Index pwsid, as of :func:`measure_ways`.

    Returns
    -------
    pandas.DataFrame
        Index pwsid: what :func:`geo.water.cost.connection.connection_cost` returns, ``basis``,
        ``low_cost_usd``, ``high_cost_usd``. A system without a place has NA and a reason.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122.0], "connections": [37.0],
    ...     "county_geoid": ["06065"]})
    >>> way = pd.DataFrame({"merge_type": ["intersect"], "basis": ["intersect"], "distance_ft": [0.0],
    ...     "low_ft": [0.0], "high_ft": [0.0]}, index=["CA3301380"])
    >>> cost_systems(park, way).round(0)[["total_cost_usd", "high_cost_usd"]].values.tolist()
    [[1345278.0, 2624573.0]]
    """
    table = with_ways(systems, ways)
    costs = connection_cost(table[list(NEEDED)], method=method, **changes)
    near, far = (_at_end(table, end)[list(NEEDED)] for end in ("low_ft", "high_ft"))
    costs["low_cost_usd"] = cost_range(near, method=method, **changes)["low_cost_usd"]
    costs["high_cost_usd"] = cost_range(far, method=method, **changes)["high_cost_usd"]
    wayless, possible = table["basis"].isna(), table["basis"].eq(POSSIBLE).fillna(False).astype(bool)
    costs["reason"] = costs["reason"].mask(wayless, NO_PLACE).mask(possible, BETWEEN)
    return costs.assign(basis=table["basis"]).drop(columns="pwsid")


def span_choices(costs: pd.DataFrame, choices: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Widen each system's range of cost by what other choices of the district's boundary would make it.

    Parameters
    ----------
    costs
        As :func:`cost_systems` returns them for the chosen boundary.
    choices
        The same for the others.

    Examples
    --------
    >>> one = pd.DataFrame({"low_cost_usd": [5.0], "high_cost_usd": [9.0]}, index=["CA1"])
    >>> span_choices(one, [one * 10, one / 10]).values.tolist()
    [[0.5, 90.0]]
    """
    every = [costs, *choices]
    low, high = (
        pd.concat([table[end] for table in every], axis=1) for end in ("low_cost_usd", "high_cost_usd")
    )
    return costs.assign(low_cost_usd=low.min(axis=1), high_cost_usd=high.max(axis=1))


def _at_end(table: pd.DataFrame, end: str) -> pd.DataFrame:
    """Take each way at one end of its range; of length 0 there, it is an intersect."""
    touching = table[end].eq(0).fillna(False).astype(bool)
    return table.assign(distance_ft=table[end], merge_type=table["merge_type"].mask(touching, "intersect"))


def with_ways(systems: pd.DataFrame, ways: pd.DataFrame) -> pd.DataFrame:
    """Lay systems out as :func:`connection_cost` wants them, with their ways' range.

    Parameters
    ----------
    systems, ways
        As for :func:`cost_systems`.

    Returns
    -------
    pandas.DataFrame
        Index pwsid: :data:`NEEDED`, ``basis``, ``low_ft``, ``high_ft``.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": ["CA3301380"], "population": [122.0], "connections": [37.0],
    ...     "county_geoid": ["06065"]})
    >>> with_ways(park, pd.DataFrame(columns=list(WAY)))["merge_type"].tolist()
    ['route']
    """
    sizes = systems[["pwsid", "population", "connections", "county_geoid"]]
    sizes = sizes.assign(state_small=state_small_as_published(systems))
    table = sizes.set_index("pwsid", drop=False).join(ways[list(WAY)])
    return table.assign(merge_type=table["merge_type"].fillna("route"))


def state_small_as_published(systems: pd.DataFrame) -> pd.Series[bool]:
    """Tell which systems are state small where people are our own estimate; NA where people are published.

    The State's methods ask for fewer than 26 people. People estimated at 3.3 a connection would make nearly
    every state small system too large for it (13 homes: 42.9 people), so its published class decides there.

    Parameters
    ----------
    systems
        ``system_class`` and ``population_estimated``; all NA where they are not given.

    Examples
    --------
    >>> parks = pd.DataFrame({"system_class": ["state_small", "community", "state_small"],
    ...     "population_estimated": [True, True, False]})
    >>> state_small_as_published(parks).tolist()
    [True, False, <NA>]
    """
    if not {"system_class", "population_estimated"} <= set(systems.columns):
        return pd.Series(pd.NA, index=systems.index, dtype="boolean")
    by_class = systems["system_class"].eq("state_small").astype("boolean")
    return by_class.where(systems["population_estimated"].astype("boolean").fillna(False))


def line_items(cost: pd.Series[float]) -> pd.Series[float]:
    """Return a system's line items that are not 0, in USD.

    Examples
    --------
    >>> line_items(pd.Series({name: float(name == "ceqa_usd") for name in ITEMS})).to_dict()
    {'ceqa_usd': 1.0}
    """
    items = cost[list(ITEMS)].astype(float)
    return items[items.ne(0)]
