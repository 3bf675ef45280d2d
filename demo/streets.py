"""Streets, rail, canal and river of the invented valley, as lines on the lattice.

Local streets run on the edges of blocks; where they meet a highway, rail, canal or river they end short
of it, except at the crossings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

from demo.valley import (
    CANAL_HEAD_CROSSING_J,
    CANAL_HEAD_I,
    CANAL_J,
    CROSSINGS,
    HIGHWAY_I,
    HIGHWAY_J,
    LAKE,
    LAST_I,
    LAST_J,
    MOTORWAY_J,
    PUBLISHED_CRS,
    RAIL_J,
    RIVER_J,
    UNITS,
    Cell,
    Floats,
    density_at,
    edge_vertices,
    to_degrees,
)

STREET_DENSITY = 0.035  # a street lies between two blocks where one is at least so dense
SHORT_DEG = 0.0004  # a street ends so far from what it cannot cross: about 40 m
EVERY_DESERT_ROAD = 3  # sections between the roads of the desert
# Names for streets, all invented.
NAMES = (
    "Alba", "Brezo", "Cobre", "Duna", "Encina", "Faro", "Garza", "Higuera", "Iris", "Junco", "Laurel",
    "Mirto", "Nogal", "Olmo", "Palma", "Quarry", "Retama", "Sauce", "Tule", "Umber", "Verbena", "Willow",
    "Yarrow", "Zinnia", "Arena", "Bronze", "Cedar", "Dalia", "Ember", "Flint", "Grove", "Heron",
)  # fmt: skip
KINDS = ("St", "Ln", "Rd", "Dr", "Way")
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Street:
    """A street: its name, TIGER class, lattice points, and which of its ends are cut short."""

    name: str
    mtfcc: str
    points: tuple[Point, ...]
    short_start: bool = False
    short_end: bool = False


def build_roads(cells: Sequence[Cell]) -> gpd.GeoDataFrame:
    """Roads in EPSG:4269 with ``name`` and ``mtfcc``: one network, in one piece.

    S1100 motorway, S1200 highway, S1400 local street.
    """
    vertices = edge_vertices(list(cells))
    streets = [_motorway(vertices), *_highways(vertices), *_locals(cells, vertices)]
    lines = [to_line(street) for street in streets]
    frame = gpd.GeoDataFrame(
        {"name": [s.name for s in streets], "mtfcc": [s.mtfcc for s in streets]},
        geometry=lines,
        crs=PUBLISHED_CRS,
    )
    return frame[in_largest_piece(frame)].reset_index(drop=True)


def build_barriers(cells: Sequence[Cell]) -> gpd.GeoDataFrame:
    """Rail (R1011), canal (H3020) and river (H3010) in EPSG:4269 with ``name`` and ``mtfcc``."""
    vertices = edge_vertices(list(cells))
    canal = [(CANAL_HEAD_I, j) for j in range(RIVER_J, CANAL_J, -1)]
    canal += [(i, CANAL_J) for i in range(CANAL_HEAD_I, LAST_I + 1)]
    paths = {
        ("Demo Valley RR", "R1011"): _along(RAIL_J, vertices),
        ("Serena Canal", "H3020"): tuple(point for point in canal if point in vertices),
        ("Rio Callado", "H3010"): _along(RIVER_J, vertices),
    }
    return gpd.GeoDataFrame(
        {"name": [name for name, _ in paths], "mtfcc": [code for _, code in paths]},
        geometry=[to_line(Street("", "", points)) for points in paths.values()],
        crs=PUBLISHED_CRS,
    )


def to_line(street: Street) -> shapely.LineString:
    """Draw a street as a line in EPSG:4269."""
    line = to_degrees(*np.array(street.points).T)
    if street.short_start:
        line[0] = _toward(line[0], line[1])
    if street.short_end:
        line[-1] = _toward(line[-1], line[-2])
    return shapely.LineString(line)


def in_largest_piece(roads: gpd.GeoDataFrame) -> list[bool]:
    """Which roads belong to the largest connected piece; roads meet where they share a vertex."""
    graph: nx.Graph[tuple[float, ...]] = nx.Graph()
    for number, line in enumerate(roads.geometry):
        graph.add_edges_from(((number,), point) for point in line.coords)
    largest = max(nx.connected_components(graph), key=len)
    return [(number,) in largest for number in range(len(roads))]


def _toward(end: Floats, inner: Floats) -> Floats:
    step = inner - end
    moved: Floats = np.round(end + step * min(SHORT_DEG / float(np.hypot(*step)), 0.4), 6)
    return moved


def _along(j: int, vertices: set[Point], first: int = 0, last: int = LAST_I) -> tuple[Point, ...]:
    return tuple((i, j) for i in range(first, last + 1) if (i, j) in vertices)


def _motorway(vertices: set[Point]) -> Street:
    return Street("Valle Callado Fwy", "S1100", _along(MOTORWAY_J, vertices))


def _highways(vertices: set[Point]) -> list[Street]:
    across = tuple((HIGHWAY_I, j) for j in range(LAST_J + 1) if (HIGHWAY_I, j) in vertices)
    along = _along(HIGHWAY_J, vertices)
    return [Street("State Hwy 901", "S1200", along), Street("State Hwy 986", "S1200", across)]


def _locals(cells: Sequence[Cell], vertices: set[Point]) -> Iterator[Street]:
    for j in range(LAST_J + 1):
        if j not in (RAIL_J, MOTORWAY_J, CANAL_J, RIVER_J, HIGHWAY_J):
            used = _edges(cells, "j", j)
            for number, run in enumerate(_runs(used)):
                points = tuple((i, j) for i in run if (i, j) in vertices)
                yield from _cut(_name_along(j, number), points)
    for i in range(LAST_I + 1):
        if i != HIGHWAY_I:
            used = _edges(cells, "i", i)
            for number, run in enumerate(_runs(used)):
                points = tuple((i, j) for j in run if (i, j) in vertices)
                yield from _cut(_name_across(i, number), points)


def _edges(cells: Sequence[Cell], axis: str, at: int) -> Floats:
    """Which unit edges of a lattice line lie between blocks of which one is dense enough."""
    size = LAST_I if axis == "j" else LAST_J
    found = np.zeros(size)
    if at in (0, LAST_J if axis == "j" else LAST_I):
        return found
    for cell in cells:
        low, high = (cell.j0, cell.j1) if axis == "j" else (cell.i0, cell.i1)
        if at in (low, high):
            first, last = (cell.i0, cell.i1) if axis == "j" else (cell.j0, cell.j1)
            found[first:last] = np.maximum(found[first:last], _openness(cell, axis, at))
    return found


def _openness(cell: Cell, axis: str, at: int) -> float:
    if cell == Cell(*LAKE):
        return 0.0
    desert_road = at % (EVERY_DESERT_ROAD * UNITS) == 0 and axis == "i"
    desert_road = desert_road or (axis == "j" and at in (24, 84, 108))
    return 1.0 if desert_road else float(density_at(*cell.middle) >= STREET_DENSITY)


def _runs(used: Floats) -> Iterator[range]:
    """Stretches of lattice points joined by used edges."""
    padded = np.concatenate([[0.0], used, [0.0]])
    starts = np.flatnonzero((padded[1:] > 0) & (padded[:-1] == 0))
    ends = np.flatnonzero((padded[1:] == 0) & (padded[:-1] > 0))
    for start, end in zip(starts, ends, strict=True):
        yield range(int(start), int(end) + 1)


def _cut(name: str, points: Sequence[Point]) -> Iterator[Street]:
    """Cut a street where it meets what it cannot cross."""
    stops = [k for k, point in enumerate(points) if _blocked(points, point)]
    for first, last in pairwise(sorted({0, len(points) - 1, *stops})):
        piece = tuple(points[first : last + 1])
        if len(piece) > 1:
            short = (first in stops, last in stops)
            straight = len(piece) == 2 and all(short)
            if not straight:
                yield Street(name, "S1400", piece, *short)


def _blocked(points: Sequence[Point], point: Point) -> bool:
    """Whether a street in the direction of ``points`` meets a line there that it cannot cross."""
    i, j = point
    across = points[0][0] == points[-1][0]
    if across:
        inside = j != CANAL_J or i > CANAL_HEAD_I
        return j in CROSSINGS and inside and not (i % UNITS == 0 and i // UNITS in CROSSINGS[j])
    return i == CANAL_HEAD_I and CANAL_J < j < RIVER_J and j != CANAL_HEAD_CROSSING_J


def _name_along(j: int, number: int) -> str:
    if j % UNITS == 0:
        return f"Ave {30 + 2 * j // UNITS}"
    return f"{NAMES[(j * 7 + number * 11) % len(NAMES)]} {KINDS[(j + number) % len(KINDS)]}"


def _name_across(i: int, number: int) -> str:
    if i % UNITS == 0:
        return f"{NAMES[(5 * i // UNITS) % len(NAMES)]} Blvd"
    return f"{NAMES[(i * 5 + number * 3 + 1) % len(NAMES)]} {KINDS[(i + number) % len(KINDS)]}"
