"""How far a small system of the invented valley is from the district, along streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.demo.valley import METRIC_CRS

Node = tuple[float, float]
Edge = tuple[Node, Node]
if TYPE_CHECKING:
    Streets = nx.Graph[Node]
else:
    Streets = nx.Graph


@dataclass(frozen=True, slots=True)
class Route:
    """A path along streets from a system to the receiver's area, in m; its edges, to be shared."""

    length_m: float
    edges: frozenset[Edge]


def build_graph(roads: gpd.GeoDataFrame) -> Streets:
    """Streets as a graph in EPSG:3310: nodes are points (m), edges carry ``length_m``."""
    graph: Streets = nx.Graph()
    for line in roads.geometry.to_crs(METRIC_CRS):
        points = [(round(x, 2), round(y, 2)) for x, y in shapely.get_coordinates(line).tolist()]
        for start, end in pairwise(points):
            graph.add_edge(start, end, length_m=float(np.hypot(end[0] - start[0], end[1] - start[1])))
    return graph


def routes_to(graph: Streets, area: BaseGeometry, sites: Sequence[BaseGeometry]) -> list[Route]:
    """Shortest way along streets from each site's nearest node to the area."""
    nodes = sorted(graph)
    points = np.asarray(shapely.points(np.array(nodes)), dtype=object)
    inside = {nodes[number] for number in np.flatnonzero(shapely.intersects(area, points))}
    found = nx.multi_source_dijkstra(graph, inside, weight="length_m")
    lengths, paths = cast(tuple[dict[Node, float], dict[Node, list[Node]]], found)
    nearest = shapely.STRtree(points).nearest(shapely.centroid(np.array(sites, dtype=object)))
    starts = [nodes[int(number)] for number in nearest]
    return [Route(float(lengths[start]), _edges(paths[start])) for start in starts]


def shared_length_m(graph: Streets, routes: Sequence[Route]) -> float:
    """Length of all streets that the routes use, each counted once, in m."""
    edges: frozenset[Edge] = frozenset().union(*(route.edges for route in routes))
    return float(sum(graph.edges[edge]["length_m"] for edge in sorted(edges)))


def _edges(path: Sequence[Node]) -> frozenset[Edge]:
    return frozenset((min(pair), max(pair)) for pair in pairwise(path))
