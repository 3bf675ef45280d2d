"""Bounding boxes that overlap, and the areas that pairs of polygons have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.methods.parallel import compiled, in_chunks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of polygons, polygon by polygon, from left to right.

    ``table`` has the columns x1, x2 (x1 < x2), y1, slope, the larger y, and the sign: +1 where the
    polygon lies under the edge, -1 where it lies above. ``starts`` says where each polygon's edges
    begin, ``widest`` is the width of its widest edge, ``bounds`` its box. Units are the CRS's.
    """

    table: Floats
    starts: Ints
    widest: Floats
    bounds: Floats


def to_edges(polygons: Geometries) -> Edges:
    """Take polygons and multipolygons apart into edges. None may be missing or empty.

    Examples
    --------
    >>> to_edges(np.array([shapely.box(0, 0, 2, 1)])).table[:, [0, 1, 4, 5]].tolist()
    [[0.0, 2.0, 1.0, 1.0], [0.0, 2.0, 0.0, -1.0]]
    """
    if not len(polygons):
        return Edges(np.empty((0, 6)), np.zeros(1, np.int64), np.empty(0), np.empty((0, 4)))
    coords, ring_starts, owners, is_shell = _rings(polygons)
    table = np.empty((len(coords) - len(owners), 6))
    counts = np.zeros(len(polygons) + 1, np.int64)
    filled = _fill(table, counts, coords, ring_starts, owners, is_shell)
    starts, bounds = np.cumsum(counts), shapely.bounds(polygons)
    widest = np.empty(len(polygons))
    _sort(table, starts, widest)
    rounding = 4 * np.spacing(np.abs(bounds).max())
    return Edges(table[:filled], starts, widest + rounding, bounds)


def common_areas(first: Edges, second: Edges, i: Ints, j: Ints) -> Floats:
    """Area common to polygon ``i[k]`` of the first and polygon ``j[k]`` of the second, for every k.

    In the square of the CRS's unit. Releases the interpreter's lock, so that threads can share the
    pairs between them.

    Examples
    --------
    >>> squares = to_edges(np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)]))
    >>> common_areas(squares, squares, np.array([0, 0]), np.array([0, 1])).tolist()
    [4.0, 1.0]
    """
    areas = np.zeros(len(i))
    _common_areas(
        (first.table, first.starts, first.widest, first.bounds),
        (second.table, second.starts, second.widest, second.bounds),
        np.ascontiguousarray(i, np.int64),
        np.ascontiguousarray(j, np.int64),
        areas,
    )
    return areas


def _rings(polygons: Geometries) -> tuple[Floats, Ints, Ints, NDArray[np.bool_]]:
    """Coordinates, where each ring starts, whose ring it is, and whether it is a shell.

    Nearly all polygons are one ring and not taken apart: the ring's coordinates are the polygon's.
    """
    is_ring = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    is_ring &= shapely.get_num_interior_rings(polygons) == 0
    simple, complex_ = np.flatnonzero(is_ring), np.flatnonzero(~is_ring)
    parts, of_polygon = shapely.get_parts(polygons[complex_], return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    owners = np.concatenate([simple, complex_[of_polygon[of_part]]])
    is_shell = np.concatenate([np.ones(len(simple), bool), np.diff(of_part, prepend=-1) != 0])
    order = np.argsort(owners, kind="stable")
    rings = np.concatenate([polygons[simple], rings])[order]
    starts = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))])
    return shapely.get_coordinates(rings), starts, owners[order], is_shell[order]


@compiled
def _turn(coords: Any, start: int, stop: int) -> Any:
    """Twice the signed area of a ring: above 0 where it runs counter-clockwise."""
    x, y = coords[start]
    total = 0.0
    for k in range(start, stop - 1):
        total += (coords[k, 0] - x) * (coords[k + 1, 1] - y) - (coords[k + 1, 0] - x) * (coords[k, 1] - y)
    return total


@compiled
def _fill(table: Any, counts: Any, coords: Any, ring_starts: Any, owners: Any, is_shell: Any) -> Any:
    """Write the edges of all rings, those that stand upright left out, and count them by polygon."""
    row = 0
    for ring in range(len(owners)):
        start, stop = ring_starts[ring], ring_starts[ring + 1]
        over = 1.0 if (_turn(coords, start, stop) > 0) == is_shell[ring] else -1.0
        for k in range(start, stop - 1):
            x1, y1, x2, y2 = coords[k, 0], coords[k, 1], coords[k + 1, 0], coords[k + 1, 1]
            if x1 == x2:
                continue
            if x1 < x2:
                table[row, 0], table[row, 1], table[row, 2], table[row, 5] = x1, x2, y1, -over
            else:
                table[row, 0], table[row, 1], table[row, 2], table[row, 5] = x2, x1, y2, over
            table[row, 3] = (y2 - y1) / (x2 - x1)
            table[row, 4] = max(y1, y2)
            counts[owners[ring] + 1] += 1
            row += 1
    return row


@compiled
def _sort(table: Any, starts: Any, widest: Any) -> None:
    """Sort each polygon's edges from left to right, and note the widest."""
    for k in range(len(widest)):
        edges = table[starts[k] : starts[k + 1]]
        edges[:] = edges[np.argsort(edges[:, 0])]
        widest[k] = (edges[:, 1] - edges[:, 0]).max()


@compiled
def _mean_of_lower(e_a: float, e_b: float, f_a: float, f_b: float) -> Any:
    """Mean of the lower of two straight lines, given where each of them begins and ends."""
    gap_a, gap_b = e_a - f_a, e_b - f_b
    if gap_a <= 0 and gap_b <= 0:
        return (e_a + e_b) / 2
    mean = (f_a + f_b) / 2
    if gap_a < 0:
        mean += gap_a * gap_a / (gap_a - gap_b) / 2
    elif gap_b < 0:
        mean += gap_b * gap_b / (gap_b - gap_a) / 2
    return mean


@compiled
def _under_both(table: Any, low: int, high: int, edge: Any, floor: float) -> Any:
    """Signed area over the floor that lies under one edge and under those of a polygon."""
    x1, x2, y, slope = edge
    total = 0.0
    for m in range(low, high):
        start = table[m, 0]
        if start >= x2:
            break
        if table[m, 1] <= x1 or table[m, 4] < floor:
            continue
        a, b = max(x1, start), min(x2, table[m, 1])
        other, other_slope = table[m, 2] - floor, table[m, 3]
        total += (
            table[m, 5]
            * (b - a)
            * _mean_of_lower(
                y + (a - x1) * slope,
                y + (b - x1) * slope,
                other + (a - start) * other_slope,
                other + (b - start) * other_slope,
            )
        )
    return total


@compiled
def _common_area(e: Any, f: Any, e_rows: Any, f_rows: Any, e_wide: float, f_wide: float, box: Any) -> Any:
    """Area common to two polygons, whose edges are some rows of two tables.

    Edges that lie wholly under the box (not on its lower side) add nothing.
    """
    left, floor, right = box
    total = 0.0
    low, high = f_rows
    low += np.searchsorted(f[low:high, 0], left - f_wide)
    for k in range(e_rows[0] + np.searchsorted(e[e_rows[0] : e_rows[1], 0], left - e_wide), e_rows[1]):
        x1, x2 = e[k, 0], e[k, 1]
        if x1 >= right:
            break
        if x2 <= left or e[k, 4] < floor:
            continue
        while low < high and f[low, 0] < x1 - f_wide:
            low += 1
        total += e[k, 5] * _under_both(f, low, high, (x1, x2, e[k, 2] - floor, e[k, 3]), floor)
    return total


@compiled
def _common_areas(first: Any, second: Any, i: Any, j: Any, areas: Any) -> None:
    e, e_starts, e_widest, e_bounds = first
    f, f_starts, f_widest, f_bounds = second
    for k in range(len(i)):
        a, b = i[k], j[k]
        left, floor = max(e_bounds[a, 0], f_bounds[b, 0]), max(e_bounds[a, 1], f_bounds[b, 1])
        right, top = min(e_bounds[a, 2], f_bounds[b, 2]), min(e_bounds[a, 3], f_bounds[b, 3])
        if right > left and top > floor:
            e_rows, f_rows = (e_starts[a], e_starts[a + 1]), (f_starts[b], f_starts[b + 1])
            areas[k] = _common_area(e, f, e_rows, f_rows, e_widest[a], f_widest[b], (left, floor, right))


def meeting_boxes(first: Floats, second: Floats, threads: int | None = None) -> tuple[Ints, Ints]:
    """Find the pairs of boxes (west, south, east, north) whose insides overlap, as positions, in order.

    Examples
    --------
    >>> boxes = np.array([[0.0, 0.0, 2.0, 2.0], [2.0, 0.0, 3.0, 1.0], [1.0, 1.0, 4.0, 4.0]])
    >>> [positions.tolist() for positions in meeting_boxes(boxes, boxes[:2])]
    [[0, 1, 2], [0, 1, 0]]
    """
    if not len(first) or not len(second):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    grid = _strips(first, second)
    laid = [_lay(boxes, np.argsort(boxes[:, 0]), *grid) for boxes in (first, second)]
    pairs = in_chunks(
        lambda strips: _sweep(strips[0], strips[-1] + 1, first, second, *laid, grid),
        np.arange(grid[2]),
        threads=threads,
    )
    order = np.argsort(pairs[:, 0] * len(second) + pairs[:, 1])
    return pairs[order, 0], pairs[order, 1]


def _strips(first: Floats, second: Floats) -> tuple[float, float, int]:
    """Where the southernmost strip begins, how high strips are, and how many there are."""
    south, north = (
        min(first[:, 1].min(), second[:, 1].min()),
        max(first[:, 3].max(), second[:, 3].max()),
    )
    boxes = len(first) + len(second)
    mean = ((first[:, 3] - first[:, 1]).sum() + (second[:, 3] - second[:, 1]).sum()) / boxes
    height = max(mean, (north - south) / boxes)
    return float(south), float(height), int((north - south) / height) + 1


@compiled
def _strip(y: float, south: float, height: float, count: int) -> Any:
    return min(int((y - south) / height), count - 1)


@compiled
def _lay(boxes: Any, order: Any, south: float, height: float, count: int) -> Any:
    """List for each strip the boxes that reach into it, in the order given."""
    starts = np.zeros(count + 1, np.int64)
    for k in order:
        low, high = _strip(boxes[k, 1], south, height, count), _strip(boxes[k, 3], south, height, count)
        starts[low + 1 : high + 2] += 1
    starts = np.cumsum(starts)
    filled, members = starts[:-1].copy(), np.empty(starts[-1], np.int64)
    for k in order:
        low, high = _strip(boxes[k, 1], south, height, count), _strip(boxes[k, 3], south, height, count)
        for strip in range(low, high + 1):
            members[filled[strip]] = k
            filled[strip] += 1
    return starts, members


@compiled
def _scan(box: Any, others: Any, members: Any, k: int, end: int, place: Any, found: Any) -> Any:
    """Note which others, from west to east, begin before a box ends and overlap it in this strip."""
    strip, south, height, count = place
    low, east, high, hits = box[1], box[2], box[3], 0
    while k < end and others[members[k], 0] < east:
        other = members[k]
        bottom = max(low, others[other, 1])
        if min(high, others[other, 3]) > bottom and _strip(bottom, south, height, count) == strip:
            found[hits] = other
            hits += 1
        k += 1
    return hits


@compiled
def _sweep(begin: int, end: int, first: Any, second: Any, laid_1: Any, laid_2: Any, grid: Any) -> Any:
    """Sweep some strips, and return the pairs of positions found."""
    (starts_1, members_1), (starts_2, members_2), (south, height, count) = laid_1, laid_2, grid
    pairs, total = np.empty((1_024, 2), np.int64), 0
    found = np.empty(max(len(first), len(second)), np.int64)
    for strip in range(begin, end):
        p, p_end, q, q_end = starts_1[strip], starts_1[strip + 1], starts_2[strip], starts_2[strip + 1]
        place = (strip, south, height, count)
        while p < p_end and q < q_end:
            i, j = members_1[p], members_2[q]
            first_is_west = first[i, 0] <= second[j, 0]
            if first_is_west:
                hits = _scan(first[i], second, members_2, q, q_end, place, found)
                p += 1
            else:
                hits = _scan(second[j], first, members_1, p, p_end, place, found)
                q += 1
            while total + hits > len(pairs):
                pairs = np.concatenate((pairs, np.empty_like(pairs)))
            for k in range(hits):
                pairs[total, 0], pairs[total, 1] = (i, found[k]) if first_is_west else (found[k], j)
                total += 1
    return pairs[:total]
