"""The graph on which pipes can lie: roads that are fit for it, else straight lines times a detour factor.

Lengths in feet. The receiving district is one node, ``RECEIVER``, which the water leaves anywhere on its
boundary, or its mains, at no cost; each system is a node named by its PWSID. A system that touches the
district is a leaf: no other leads its pipe through it, since it could as well begin at the district.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import geopandas as gpd
import networkx as nx
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import require_projected
from geo.errors import GeometryError, InfeasibleError, first_ids
from geo.language import gettext as _
from geo.methods.roads import RoadGraph, attach, require_same_crs
from geo.water.costs import SNAP_LIMIT_M
from geo.water.routes import DETOUR, DETOUR_RANGE, METRES_PER_FOOT, with_crossings

RECEIVER = "receiver"
Node = Hashable


@dataclass(frozen=True, slots=True)
class Ground:
    """Where pipes can lie.

    Attributes
    ----------
    graph
        Edges with ``length_ft``, ``low_ft`` and ``high_ft`` (between what it may be: apart only where the
        length is an estimate) and ``geometry`` (in ``crs``).
    basis
        "road", or "straight line": then all lengths are straight times 1.3, and may be from 1.0 to 1.8 times.
    off_road
        Systems more than 1,000 m from every road: straight lines times 1.3 lead from them to the nearest
        road and to the receiver.
    crs
        The projected CRS of the geometries.
    inside
        Systems that touch the receiver: an intersect by the State's method.
    """

    graph: nx.Graph[Any] = field(repr=False)
    basis: str
    crs: Any
    inside: frozenset[str]
    off_road: frozenset[str] = frozenset()

    def range_of(self, edges: Iterable[tuple[Node, Node]]) -> tuple[float, float]:
        """Return how long some edges may be together at least and at most, in feet.

        Examples
        --------
        >>> graph = nx.Graph([("a", "corner", {"low_ft": 100.0, "high_ft": 180.0}),
        ...     ("corner", "receiver", {"low_ft": 50.0, "high_ft": 50.0})])
        >>> Ground(graph, "road", None, frozenset()).range_of(graph.edges)
        (150.0, 230.0)
        """
        ways = [self.graph.edges[edge] for edge in edges]
        return math.fsum(way["low_ft"] for way in ways), math.fsum(way["high_ft"] for way in ways)


def lay_ground(systems: gpd.GeoDataFrame, receiver: BaseGeometry, roads: RoadGraph | None = None) -> Ground:
    """Make the graph for some systems.

    Parameters
    ----------
    systems
        Index pwsid, geometry in a projected CRS in metres.
    receiver
        The chosen boundary in the same CRS.
    roads
        Roads fit for measuring; None: straight lines.

    Raises
    ------
    CRSError
        No projected CRS, or another than the roads'.
    GeometryError
        An empty receiver.
    InfeasibleError
        Systems without a place, by PWSID.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> parks = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(0, 100)], index=["a", "b"], crs=26911)
    >>> ground = lay_ground(parks, box(1000, 0, 2000, 100))
    >>> ground.basis, round(ground.graph.edges["a", "receiver"]["length_ft"])
    ('straight line', 4265)
    """
    require_projected(systems)
    if receiver is None or receiver.is_empty:
        raise GeometryError(_("the receiver has no geometry"), _("choose a boundary that has one"))
    lost = systems.index[systems.geometry.isna() | systems.geometry.is_empty]
    if len(lost):
        raise InfeasibleError(
            _("{count} systems have no known place: {names}").format(count=len(lost), names=first_ids(lost)),
            _("leave them out, or find their place"),
        )
    inside = frozenset(systems.index[systems.intersects(receiver)].astype(str))
    outside = systems[~systems.index.isin(inside)]
    graph, far = _along_roads(outside, receiver, roads) if roads is not None else _straight(outside)
    for pwsid, shape in systems.geometry.items():
        if pwsid in inside or pwsid in far:
            factor = 0.0 if pwsid in inside else DETOUR
            _add(graph, pwsid, RECEIVER, shapely.shortest_line(shape, receiver), factor)
    basis, off_road = ("straight line", frozenset[str]()) if roads is None else ("road", far)
    return Ground(graph, basis, systems.crs, inside, off_road)


def check_reachable(ground: Ground, pwsids: list[str]) -> None:
    """Raise where the receiver cannot be reached from some systems.

    Raises
    ------
    InfeasibleError
        Names the systems: the roads lie in pieces.

    Examples
    --------
    >>> check_reachable(Ground(nx.Graph([("receiver", "a")]), "road", None, frozenset()), ["a"])
    """
    reached = nx.node_connected_component(ground.graph, RECEIVER) if RECEIVER in ground.graph else set()
    lost = [pwsid for pwsid in pwsids if pwsid not in reached]
    if lost:
        parts = nx.number_connected_components(ground.graph)
        raise InfeasibleError(
            _(
                "{count} systems cannot be reached from the district along the roads, "
                "which lie in {parts} pieces: {names}"
            ).format(count=len(lost), parts=parts, names=first_ids(lost)),
            _("leave them out, choose another boundary, or add the roads that are missing"),
        )


def _straight(systems: gpd.GeoDataFrame) -> tuple[nx.Graph[Any], frozenset[str]]:
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from([RECEIVER, *systems.index])
    points = systems.representative_point()
    for (one, start), (two, end) in combinations(points.items(), 2):
        _add(graph, one, two, shapely.shortest_line(start, end), DETOUR)
    return graph, frozenset(systems.index.astype(str))


def _along_roads(
    outside: gpd.GeoDataFrame, receiver: BaseGeometry, roads: RoadGraph
) -> tuple[nx.Graph[Any], frozenset[str]]:
    """Lay the roads beyond the receiver; tell which systems lie far from all of them."""
    require_same_crs(roads, outside)
    cut, sources = with_crossings(roads.graph, receiver)
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_node(RECEIVER)
    for start, end, edge in cut.edges(data=True):
        if not (start in sources and end in sources):
            _add(graph, start, end, edge["geometry"], 1.0)
    for node in sources & set(graph):
        _add(graph, node, RECEIVER, shapely.Point(node), 0.0)
    snapped = attach(roads, outside.geometry)
    points = outside.representative_point()
    far: set[str] = set()
    for pwsid, point, node, away in zip(
        outside.index, points, snapped["node"], snapped["distance_m"], strict=True
    ):
        if node not in graph:
            _add(graph, node, RECEIVER, shapely.Point(node), 0.0)
        rough = away > SNAP_LIMIT_M
        _add(graph, pwsid, node, shapely.shortest_line(point, shapely.Point(node)), DETOUR if rough else 1.0)
        far |= {str(pwsid)} if rough else set()
    return graph, frozenset(far)


def _add(graph: nx.Graph[Any], start: Node, end: Node, line: BaseGeometry, factor: float) -> None:
    feet = line.length / METRES_PER_FOOT
    low, high = DETOUR_RANGE if factor == DETOUR else (factor, factor)
    ends = {"low_ft": feet * low, "high_ft": feet * high}
    graph.add_edge(start, end, length_ft=feet * factor, **ends, geometry=line)


def lines_of(ground: Ground, trunk: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a trunk's pipes as lines in EPSG:4326, those of no length left out.

    Parameters
    ----------
    trunk
        As :func:`geo.water.trunk.size_trunk` returns it.

    Returns
    -------
    geopandas.GeoDataFrame
        ``pipe_id``, ``length_ft``, ``flow_gpm``, ``diameter_in``, ``cost_usd``, ``system_count`` and
        geometry.
    """
    shapes = [ground.graph.edges[pair]["geometry"] for pair in zip(trunk["start"], trunk["end"], strict=True)]
    pipes = gpd.GeoDataFrame(
        trunk[["length_ft", "flow_gpm", "diameter_in", "cost_usd"]].assign(
            system_count=trunk["systems"].map(len)
        ),
        geometry=shapes,
        crs=ground.crs,
    )
    shown = pipes[pipes.length > 0].reset_index(drop=True)
    shown.insert(0, "pipe_id", [f"pipe {number}" for number in range(1, len(shown) + 1)])
    return shown.to_crs("EPSG:4326")
