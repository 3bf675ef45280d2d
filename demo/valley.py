"""The lie of the invented valley: a lattice bent over the ocean, its towns, and its cells (census blocks)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SEED = 20200401  # the day of the census
STATE, COUNTY = "06", "901"
COUNTY_GEOID = STATE + COUNTY
COUNTY_NAME = "Demo"
PUBLISHED_CRS = "EPSG:4269"
METRIC_CRS = "EPSG:3310"

UNITS = 12  # lattice units along a section's side
# Sections along and across the valley, in km.
WIDTHS = (
    3.4, 2.2, 1.5, 1.3, 1.3, 1.4, 1.9, 2.2, 1.7, 1.4, 1.3, 1.4,
    1.8, 2.3, 2.0, 1.6, 1.4, 1.5, 2.0, 2.4, 2.2, 2.0, 2.4, 3.6,
)  # fmt: skip
HEIGHTS = (5.0, 2.8, 1.7, 1.3, 1.2, 1.0, 1.3, 1.6, 1.9, 2.6, 3.6)
COLUMNS, ROWS = len(WIDTHS), len(HEIGHTS)
LAST_I, LAST_J = COLUMNS * UNITS, ROWS * UNITS
CENTER = (-118.90, 32.55)
TILT_DEG = -42.0

# Lattice lines that nobody walks across: j of rail, motorway, canal and river; i of the canal's head.
RAIL_J, MOTORWAY_J, CANAL_J, RIVER_J = 60, 72, 96, 120
CANAL_HEAD_I = 48
HIGHWAY_J, HIGHWAY_I = 48, 156
# Columns (lattice line i / 12) where a street passes over or under.
CROSSINGS: dict[int, frozenset[int]] = {
    RAIL_J: frozenset({1, 3, 4, 5, 8, 10, 11, 13, 16, 17, 19, 21}),
    MOTORWAY_J: frozenset({1, 3, 4, 5, 8, 10, 11, 13, 16, 17, 19, 21}),
    CANAL_J: frozenset({5, 8, 10, 11, 13, 16, 19, 20, 21, 23}),
    RIVER_J: frozenset({3, 7, 13, 14, 19}),
}
CANAL_HEAD_CROSSING_J = 108
# Rectangles on the lattice (i0, j0, i1, j1).
LAKE = (240, 0, 288, 36)
PRISON = (276, 120, 288, 132)


@dataclass(frozen=True, slots=True)
class Town:
    """A town: its center in sections, its reach in sections, and how dense and how poor it is."""

    name: str
    label: str
    column: float
    row: float
    reach: float
    density: float
    hardship: float


TOWNS = (
    Town("Agua Serena", "Agua Serena city", 4.2, 3.8, 1.5, 1.0, -0.25),
    Town("Marlow Springs", "Marlow Springs city", 10.4, 4.4, 1.45, 1.1, 0.0),
    Town("Cielo Verde", "Cielo Verde city", 10.8, 7.0, 1.1, 0.8, 0.1),
    Town("Las Hojas", "Las Hojas city", 16.4, 4.6, 1.3, 1.0, 0.15),
    Town("Tierra Clara", "Tierra Clara CDP", 20.4, 7.0, 0.9, 0.6, 0.25),
    Town("Las Garzas", "Las Garzas CDP", 21.2, 4.3, 0.8, 0.55, 0.25),
    Town("Ferry Bend", "Ferry Bend CDP", 13.6, 10.45, 0.7, 0.6, 0.2),
)


def random_for(seed: int, theme: str) -> np.random.Generator:
    """Return the generator of one theme, so that a change in one leaves the others as they were.

    Examples
    --------
    >>> random_for(1, "people").random() == random_for(1, "people").random()
    True
    """
    return np.random.default_rng([seed, zlib.crc32(theme.encode())])


def to_sections(i: npt.ArrayLike, j: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Lattice units to column and row, in sections."""
    return np.asarray(i, dtype=float) / UNITS, np.asarray(j, dtype=float) / UNITS


def to_meters(i: npt.ArrayLike, j: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Lattice units to x and y in EPSG:3310 (m): the bent valley."""
    column, row = to_sections(i, j)
    along = np.interp(column, np.arange(COLUMNS + 1), np.concatenate([[0.0], np.cumsum(WIDTHS)]))
    across = np.interp(row, np.arange(ROWS + 1), np.concatenate([[0.0], np.cumsum(HEIGHTS)]))
    along, across = _bend(along - sum(WIDTHS) / 2, across - sum(HEIGHTS) / 2)
    tilt = np.deg2rad(TILT_DEG)
    x = along * np.cos(tilt) - across * np.sin(tilt)
    y = along * np.sin(tilt) + across * np.cos(tilt)
    x0, y0 = Transformer.from_crs(PUBLISHED_CRS, METRIC_CRS, always_xy=True).transform(*CENTER)
    return x0 + 1000 * x, y0 + 1000 * y


def _bend(along: Floats, across: Floats) -> tuple[Floats, Floats]:
    """Bend the valley into an S, narrow its head, and let its lines waver (km)."""
    narrow = 1.0 + 0.10 * np.tanh(along / 14.0)
    bent = across * narrow + 1.9 * np.sin(2 * np.pi * along / 48.0 + 0.5)
    waver_along = 0.22 * np.sin(2 * np.pi * (across / 7.1 + along / 17.0)) - 0.012 * across**2
    waver_across = 0.20 * np.sin(2 * np.pi * along / 8.7 + across / 5.0)
    return along + waver_along, bent + waver_across


def to_degrees(i: npt.ArrayLike, j: npt.ArrayLike) -> Floats:
    """Lattice units to longitude and latitude (EPSG:4269), to a millionth of a degree."""
    x, y = to_meters(i, j)
    longitude, latitude = Transformer.from_crs(METRIC_CRS, PUBLISHED_CRS, always_xy=True).transform(x, y)
    rounded: Floats = np.round(np.column_stack([longitude, latitude]), 6)
    return rounded


def density_at(column: npt.ArrayLike, row: npt.ArrayLike) -> Floats:
    """How dense the settlement is, 0 (nobody) to about 1 (a town's center), from sections."""
    column, row = np.asarray(column, dtype=float), np.asarray(row, dtype=float)
    total = np.zeros(np.broadcast(column, row).shape)
    for town in TOWNS:
        distance2 = ((column - town.column) / town.reach) ** 2 + ((row - town.row) / town.reach) ** 2
        total += town.density * np.exp(-distance2 / 1.6)
    return total


def smooth_noise(column: npt.ArrayLike, row: npt.ArrayLike, rng: np.random.Generator) -> Floats:
    """Noise that neighbors share, about -1 to 1, from sections."""
    column, row = np.asarray(column, dtype=float), np.asarray(row, dtype=float)
    total = np.zeros(np.broadcast(column, row).shape)
    for _ in range(6):
        angle, phase = rng.uniform(0, 2 * np.pi, 2)
        length = rng.uniform(3.0, 9.0)
        total += np.sin(2 * np.pi * (column * np.cos(angle) + row * np.sin(angle)) / length + phase)
    return total / 3.5


BLOCKS = 900
# How many sections, the densest first, are cut into 4 x 4, 3 x 3, 2 x 2 and 2 x 1 blocks.
CUTS = ((18, (4, 4)), (34, (3, 3)), (44, (2, 2)), (18, (2, 1)))
SHAPE_EVERY = 3  # lattice units between the vertices of a long edge


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A rectangle on the lattice, from (i0, j0) to (i1, j1)."""

    i0: int
    j0: int
    i1: int
    j1: int

    @property
    def middle(self) -> tuple[float, float]:
        """Column and row of its middle, in sections."""
        return (self.i0 + self.i1) / 2 / UNITS, (self.j0 + self.j1) / 2 / UNITS

    def within(self, other: Cell) -> bool:
        """Whether it lies in ``other``."""
        return other.i0 <= self.i0 and other.j0 <= self.j0 and self.i1 <= other.i1 and self.j1 <= other.j1


def build_cells() -> list[Cell]:
    """Cut the valley into 900 cells: small in towns, two sections at a time in the desert.

    Examples
    --------
    >>> len(build_cells())
    900
    """
    cuts = _cuts_by_section()
    cells = [Cell(*LAKE), Cell(*PRISON)]
    desert: list[tuple[int, int]] = []
    for section, cut in cuts.items():
        if cut == (1, 1):
            desert.append(section)
        else:
            cells.extend(_cut(_section(*section), *cut))
    cells.extend(_fill(desert, BLOCKS - len(cells)))
    return sorted(cells, key=lambda cell: (cell.j0, cell.i0))


def _section(column: int, row: int, columns: int = 1) -> Cell:
    return Cell(column * UNITS, row * UNITS, (column + columns) * UNITS, (row + 1) * UNITS)


def _cuts_by_section() -> dict[tuple[int, int], tuple[int, int]]:
    reserved = (Cell(*LAKE), Cell(*PRISON))
    sections = [
        (column, row)
        for column in range(COLUMNS)
        for row in range(ROWS)
        if not any(_section(column, row).within(place) for place in reserved)
    ]
    middles = np.array(sections) + 0.5
    ranked = np.argsort(-density_at(middles[:, 0], middles[:, 1]), kind="stable")
    cuts = dict.fromkeys(sections, (1, 1))
    position = 0
    for count, cut in CUTS:
        for rank in ranked[position : position + count]:
            cuts[sections[int(rank)]] = cut
        position += count
    return cuts


def _cut(cell: Cell, columns: int, rows: int) -> Iterator[Cell]:
    di, dj = (cell.i1 - cell.i0) // columns, (cell.j1 - cell.j0) // rows
    for a in range(columns):
        for b in range(rows):
            i, j = cell.i0 + a * di, cell.j0 + b * dj
            yield Cell(i, j, i + di, j + dj)


def _fill(sections: list[tuple[int, int]], wanted: int) -> list[Cell]:
    """Join desert sections two by two along the valley, the emptiest first, until ``wanted`` are left."""
    left = set(sections)
    pairs = [(c, r) for c, r in sections if c % 2 == 0 and (c + 1, r) in left]
    order = sorted(pairs, key=lambda pair: float(density_at(pair[0] + 1.0, pair[1] + 0.5)))
    surplus = len(sections) - wanted
    if not 0 <= surplus <= len(order):
        raise AssertionError(f"{len(sections)} desert sections do not make {wanted} blocks")
    cells = [_section(column, row, columns=2) for column, row in order[:surplus]]
    joined = {(c + k, r) for c, r in order[:surplus] for k in (0, 1)}
    return cells + [_section(*section) for section in sections if section not in joined]


def edge_vertices(cells: list[Cell]) -> set[tuple[int, int]]:
    """Every lattice point that is a vertex: corners of cells, and points along their long edges."""
    points: set[tuple[int, int]] = set()
    for cell in cells:
        for i in (cell.i0, cell.i1):
            points.update((i, j) for j in range(cell.j0, cell.j1) if j % SHAPE_EVERY == 0)
        for j in (cell.j0, cell.j1):
            points.update((i, j) for i in range(cell.i0, cell.i1) if i % SHAPE_EVERY == 0)
        points.update((i, j) for i in (cell.i0, cell.i1) for j in (cell.j0, cell.j1))
    return points


def to_polygons(cells: list[Cell]) -> list[shapely.Polygon]:
    """Cells as polygons in EPSG:4269 whose common edges share every vertex."""
    points = edge_vertices(cells)
    return [shapely.Polygon(to_degrees(*np.array(_ring(cell, points)).T)) for cell in cells]


def _ring(cell: Cell, points: set[tuple[int, int]]) -> list[tuple[int, int]]:
    south = [(i, cell.j0) for i in range(cell.i0, cell.i1)]
    east = [(cell.i1, j) for j in range(cell.j0, cell.j1)]
    north = [(i, cell.j1) for i in range(cell.i1, cell.i0, -1)]
    west = [(cell.i0, j) for j in range(cell.j1, cell.j0, -1)]
    return [point for point in [*south, *east, *north, *west] if point in points]
