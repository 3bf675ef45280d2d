"""Pairs of bounding boxes that overlap.

Boxes are laid in strips from south to north, about as high as a box, and each strip is swept from west to
east. Unlike a search tree it does not return boxes that merely touch, which in a tiling of the plane are
nearly all; and it takes the time of a sort, whatever the sizes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.compiled import compiled
from geo.threads import in_chunks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
