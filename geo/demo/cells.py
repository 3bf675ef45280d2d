"""The cells of the invented valley: rectangles on the lattice that become census blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.demo.valley import COLUMNS, LAKE, PRISON, ROWS, UNITS, density_at, to_degrees

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
