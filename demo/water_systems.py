"""The water systems of the invented valley: where they lie, what they are, how far from the district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from demo.valley import METRIC_CRS, TOWNS, Floats, Ints, random_for

APART_M = 320.0
SETBACK_M = 35.0


def choose_sites(
    roads: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame, connections: list[int], seed: int
) -> list[shapely.Polygon]:
    """Lay out one site for each number of connections, the poorer and emptier places more likely.

    Returns rectangles beside a street in EPSG:3310 (m), each within one block and apart from others.
    """
    rng = random_for(seed, "sites")
    segments, weights = _segments(roads, blocks)
    order = rng.choice(len(segments), size=len(segments), replace=False, p=weights / weights.sum())
    shapes = np.asarray(blocks.geometry.to_crs(METRIC_CRS).array, dtype=object)
    tree = shapely.STRtree(shapes)
    sites: list[shapely.Polygon] = []
    for number in order:
        if len(sites) == len(connections):
            break
        site = lay_site(segments[number], connections[len(sites)], rng)
        apart = all(site.distance(other) > APART_M for other in sites)
        if apart and len(tree.query(site, predicate="within")):
            sites.append(site)
    if len(sites) < len(connections):
        raise AssertionError(f"only {len(sites)} sites for {len(connections)} systems")
    return sites


def lay_site(segment: Floats, connections: int, rng: np.random.Generator) -> shapely.Polygon:
    """Lay a rectangle beside a street's segment (two points, m), about 450 m2 a connection."""
    start, end = segment
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]]) * rng.choice([-1.0, 1.0])
    area = 2_000.0 + 450.0 * connections * rng.uniform(0.8, 1.3)
    width = np.sqrt(area) * rng.uniform(0.8, 1.4)
    depth = area / width
    corner = start + (end - start) * rng.uniform(0.3, 0.7) + across * SETBACK_M
    bite = rng.uniform(0.2, 0.45)
    outline = [(0, 0), (width, 0), (width, depth * (1 - bite)), (width * 0.7, depth), (0, depth)]
    return shapely.Polygon([corner + along * a + across * b for a, b in outline])


def _segments(roads: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> tuple[list[Floats], Floats]:
    """Segments of walkable streets in EPSG:3310, with how likely a park is there."""
    lines = roads.loc[roads["mtfcc"] != "S1100"].geometry.to_crs(METRIC_CRS)
    pairs = [pair for line in lines for pair in _pairs(shapely.get_coordinates(line))]
    middles = shapely.points([pair.mean(axis=0) for pair in pairs])
    centers = shapely.STRtree(np.asarray(blocks.geometry.to_crs(METRIC_CRS).centroid.array, dtype=object))
    near = centers.nearest(middles)
    hardship, density = blocks["hardship"].to_numpy()[near], blocks["density"].to_numpy()[near]
    east = 1.0 / (1.0 + np.exp(-(blocks["column"].to_numpy()[near] - 13.0) / 1.5))
    weights = np.clip(hardship, 0.05, 1) ** 2 * np.exp(-9.0 * density) * (0.06 + east) + 1e-9
    return pairs, np.asarray(weights)


def _pairs(points: Floats) -> list[Floats]:
    pairs = [points[k : k + 2] for k in range(len(points) - 1)]
    return [pair for pair in pairs if np.hypot(*(pair[1] - pair[0])) > 250.0]


PUBLIC, STATE_SMALL = 54, 30
RECEIVER = "CA9010001"
SERVED_DENSITY = 0.10
STATUSES = (("Failing", 12), ("At-Risk", 13), ("Potentially At-Risk", 9), ("Not At-Risk", 17), ("", 3))
WORDS = (
    "Palo Seco", "Los Girasoles", "Sunup", "El Remanso", "Three Wells", "Santa Zarza", "Dry Fork",
    "La Cigarra", "Cottontail", "Mesa Nueva", "El Pozo Hondo", "Windrow", "Los Mirlos", "Date Row",
    "La Gavilla", "Plover", "Rancho Umbral", "Saltgrass", "Dos Acequias", "Hollow Post", "El Tejon Azul",
    "Borderfield", "La Noria Vieja", "Quailrun", "Las Brasas", "Stone Ladder", "Campo Claro", "Millet",
    "La Higuerita", "Farrow", "El Carrizal Chico", "Long Acre", "Los Batanes", "Sandhill", "Vega Corta",
    "Brightwater", "La Tunera", "Ox Bend", "Alamo Torcido", "Pepper Lane", "San Umbelio", "Gourd",
)  # fmt: skip
PARK_KINDS = ("Mobile Home Park", "Trailer Park")
SMALL_KINDS = ("Ranch", "Camp", "Mutual Water", "Mobile Home Park")


@dataclass(frozen=True, slots=True)
class Large:
    """A large system: which towns it serves, and its status."""

    pwsid: str
    name: str
    towns: tuple[str, ...]
    status: str
    owner: str = "L"


LARGE = (
    Large("CA9010001", "Demo Valley Water District", ("Marlow Springs", "Las Hojas", "Las Garzas"), ""),
    Large("CA9010002", "Agua Serena Water Company", ("Agua Serena",), "Not At-Risk", "P"),
    Large("CA9010003", "City of Cielo Verde", ("Cielo Verde",), "Potentially At-Risk"),
    Large("CA9010004", "Ferry Bend County Water District", ("Ferry Bend",), "Failing"),
    Large("CA9010005", "Tierra Clara Water Works", ("Tierra Clara",), "At-Risk", "P"),
)


def build_systems(blocks: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, seed: int) -> gpd.GeoDataFrame:
    """Every system in EPSG:3310 (m): the true facts, from which the State's tables are written.

    Columns: pwsid, name, kind (large, park, school, state_small), connections, population, status
    (empty: not assessed), owner, town, geometry.
    """
    large, small = _large(blocks), _small(blocks, roads, seed)
    frame = pd.concat([large, small], ignore_index=True)
    systems = gpd.GeoDataFrame(frame, geometry="geometry", crs=METRIC_CRS)
    systems["town"] = _nearest_town(systems, blocks)
    return systems


def towns_of(blocks: pd.DataFrame) -> Ints:
    """Find the town that each block lies nearest to, by its reach: positions in ``TOWNS``."""
    column, row = blocks["column"].to_numpy(), blocks["row"].to_numpy()
    far = [((column - town.column) ** 2 + (row - town.row) ** 2) / town.reach**2 for town in TOWNS]
    return np.asarray(np.argmin(np.array(far), axis=0))


def _large(blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    shapes = blocks.geometry.to_crs(METRIC_CRS)
    nearest = np.array([town.name for town in TOWNS], dtype=object)[towns_of(blocks)]
    served = blocks["density"].to_numpy() >= SERVED_DENSITY
    rows = []
    for system in LARGE:
        place = served & np.isin(nearest, system.towns)
        rows.append(
            {
                "pwsid": system.pwsid,
                "name": system.name,
                "kind": "large",
                "connections": int(blocks.loc[place, "housing_units"].sum() * 0.93),
                "population": int(blocks.loc[place, "population"].sum()),
                "status": system.status,
                "owner": system.owner,
                "geometry": shapely.union_all(np.asarray(shapes[place].array, dtype=object)),
            }
        )
    return pd.DataFrame(rows)


def _small(blocks: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    rng = random_for(seed, "systems")
    sizes = np.clip(np.rint(rng.lognormal(3.55, 0.55, PUBLIC)), 15, 150).astype(int)
    connections = [*sizes.tolist(), *rng.integers(5, 15, STATE_SMALL).tolist()]
    sites = choose_sites(roads, blocks, connections, seed)
    per_home = rng.uniform(2.7, 4.6, len(connections))
    frame = pd.DataFrame({"connections": connections})
    frame["pwsid"] = [f"CA9000{101 + 3 * number:03d}" for number in range(len(frame))]
    frame["kind"] = np.where(np.arange(len(frame)) < PUBLIC, "park", "state_small")
    frame.loc[PUBLIC - 1, "kind"] = "school"
    frame.loc[PUBLIC - 1, "connections"] = 6
    frame["population"] = np.rint(frame["connections"] * per_home).astype(int)
    frame.loc[PUBLIC - 1, "population"] = 480
    frame["name"] = _names(frame["kind"].to_list())
    frame["status"] = _statuses(rng)
    frame["owner"] = np.where(frame["kind"] == "school", "L", "P")
    return frame.assign(geometry=pd.Series(sites, dtype=object))


def _names(kinds: list[str]) -> list[str]:
    names = []
    for number, kind in enumerate(kinds):
        word = WORDS[number % len(WORDS)]
        second = number >= len(WORDS)
        if kind == "school":
            names.append(f"{word} Elementary School")
        elif kind == "park":
            names.append(f"{word} {PARK_KINDS[second]}")
        else:
            names.append(f"{word} {SMALL_KINDS[number % len(SMALL_KINDS)]}{' No 2' if second else ''}")
    return names


def _statuses(rng: np.random.Generator) -> list[str]:
    """Deal out the same number of each status whatever the seed; state small systems are not assessed."""
    statuses = [status for status, count in STATUSES for _ in range(count)]
    rng.shuffle(statuses)
    return [*statuses, *[""] * STATE_SMALL]


def _nearest_town(systems: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> list[str]:
    centers = np.asarray(blocks.geometry.to_crs(METRIC_CRS).centroid.array, dtype=object)
    near = shapely.STRtree(centers).nearest(np.asarray(systems.geometry.centroid.array, dtype=object))
    return [TOWNS[number].name for number in towns_of(blocks)[near]]


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
