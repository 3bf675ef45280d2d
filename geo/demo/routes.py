"""How far a small system of the invented valley is from the district, along streets."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

from geo.demo.valley import METRIC_CRS

Node = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """A path along streets from a system to the receiver's area, in m; its edges, to be shared."""

    length_m: float
    edges: frozenset[tuple[Node, Node]]


def build_graph(roads: gpd.GeoDataFrame) -> nx.Graph:
    """Streets as a graph in EPSG:3310: nodes are points (m), edges carry ``length_m``."""
    graph = nx.Graph()
    for line in roads.geometry.to_crs(METRIC_CRS):
        points = [(round(x, 2), round(y, 2)) for x, y in line.coords]
        for start, end in zip(points, points[1:], strict=False):
            graph.add_edge(start, end, length_m=float(np.hypot(end[0] - start[0], end[1] - start[1])))
    return graph


def routes_to(graph: nx.Graph, area: shapely.Geometry, sites: list[shapely.Geometry]) -> list[Route]:
    """Shortest way along streets from each site's nearest node to the area."""
    nodes = sorted(graph)
    points = shapely.points(nodes)
    inside = [node for node, hit in zip(nodes, shapely.intersects(area, points), strict=True) if hit]
    lengths, paths = nx.multi_source_dijkstra(graph, set(inside), weight="length_m")
    tree = shapely.STRtree(points)
    starts = [nodes[int(tree.nearest(site.centroid))] for site in sites]
    return [Route(float(lengths[start]), _edges(paths[start])) for start in starts]


def shared_length_m(graph: nx.Graph, routes: list[Route]) -> float:
    """Length of all streets that the routes use, each counted once, in m."""
    edges = frozenset().union(*(route.edges for route in routes))
    return float(sum(graph.edges[edge]["length_m"] for edge in sorted(edges)))


def _edges(path: list[Node]) -> frozenset[tuple[Node, Node]]:
    return frozenset((min(pair), max(pair)) for pair in zip(path, path[1:], strict=False))
