"""A first cut: halve along balanced edges of random spanning trees, or grow from what is kept."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from geo.errors import InfeasibleError
from geo.language import gettext as _
from geo.methods.partition.adjacency import Adjacency, Floats, Ints

TREES_MOST = 24
TREE_WORK = 60_000


def cut_by_trees(
    adjacency: Adjacency, doors: Floats, count: int, rng: np.random.Generator, *, border: float = 1.0,
    trees: int = TREES_MOST,
) -> Ints:  # fmt: skip
    """Cut a connected piece into ``count`` connected turfs of about the same doors, by halving.

    Of several random spanning trees, the edge is cut that leaves on both sides doors for a whole
    number of turfs, and has a short common border, which weighs ``border`` beside balance. Every
    side keeps at least a unit for each turf. At most so many ``trees`` are tried for each halving.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(6)], crs="EPSG:3310")
    >>> labels = cut_by_trees(build_adjacency(row), np.ones(6), 3, np.random.default_rng(0))
    >>> np.bincount(labels).tolist()
    [2, 2, 2]
    """
    labels = np.zeros(adjacency.size, dtype=np.int64)
    waiting = [(np.arange(adjacency.size), count, 0)]
    while waiting:
        units, many, base = waiting.pop()
        labels[units] = base
        if many > 1:
            part = adjacency.subset(units)
            side, taken = _halve(part, doors[units], many, rng, border, trees)
            waiting += [(units[side], taken, base), (units[~side], many - taken, base + taken)]
    return labels


def _halve(
    part: Adjacency, doors: Floats, count: int, rng: np.random.Generator, border: float, trees: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], int]:
    """Units on one side of the best edge of several trees, and how many turfs they are for."""
    best: tuple[float, Ints, int] | None = None
    scale = float(np.sqrt(part.area_m2.sum()))
    for __ in range(max(3, min(trees, TREE_WORK // part.size))):
        order, parents = _random_tree(part, rng)
        score, place, taken, last = _best_edge(order, parents, doors, count)
        side = order[place : last[place]]
        score += border * _border(part, side) / scale
        if best is None or score < best[0]:
            best = score, side, taken
    assert best is not None  # at least three trees
    chosen = np.zeros(part.size, dtype=bool)
    chosen[best[1]] = True
    return chosen, best[2]


def _random_tree(part: Adjacency, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Depth-first order of a random spanning tree, and the place in it of each one's parent."""
    pairs = (part.first[part.passable], part.second[part.passable])
    weights = rng.random(len(pairs[0])) + 0.5
    tree = minimum_spanning_tree(coo_array((weights, pairs), shape=(part.size, part.size)).tocsr())
    broad, before = breadth_first_order(tree, int(rng.integers(part.size)), directed=False)
    children: list[list[int]] = [[] for _ in range(part.size)]
    for unit in broad[1:].tolist():
        children[before[unit]].append(unit)
    order: list[int] = []
    parents, stack = np.zeros(part.size, dtype=np.int64), [(int(broad[0]), -1)]
    while stack:
        unit, parent = stack.pop()
        parents[len(order)] = parent
        stack.extend((child, len(order)) for child in children[unit])
        order.append(unit)
    return np.array(order, dtype=np.int64), parents


def _best_edge(order: Ints, parents: Ints, doors: Floats, count: int) -> tuple[float, int, int, list[int]]:
    """Score, place and turfs of the subtree to cut off; and where each place's subtree ends."""
    sums, sizes = doors[order].tolist(), [1] * len(order)
    for place in range(len(order) - 1, 0, -1):
        sums[place_up := int(parents[place])] += sums[place]
        sizes[place_up] += sizes[place]
    below, many = np.array(sums), np.array(sizes)
    mean = below[0] / count or 1.0
    lowest = np.maximum(1, count - (many[0] - many))
    turfs = np.clip(np.round(below / mean), lowest, np.minimum(count - 1, many))
    off = np.abs(below / mean - turfs)
    score = off + off / np.minimum(turfs, count - turfs) + 0.3 * np.abs(turfs / count - 0.5)
    score[0] = np.inf
    place = int(np.argmin(score))
    return float(score[place]), place, int(turfs[place]), (np.arange(len(order)) + many).tolist()


def _border(part: Adjacency, side: Ints) -> float:
    """Length of the border between ``side`` and the rest in m."""
    inside = np.zeros(part.size, dtype=bool)
    inside[side] = True
    return float(part.shared_m[inside[part.first] != inside[part.second]].sum())


def grow(adjacency: Adjacency, doors: Floats, seeds: Sequence[Sequence[int]], *, spread: bool = True) -> Ints:
    """Grow turfs from ``seeds`` over a connected piece: always the one with fewest doors takes a unit.

    Without ``spread`` each seed only takes what joins its own units; the others have label -1.

    Raises
    ------
    InfeasibleError
        A seed's units cannot be joined without the units of another.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(6)], crs="EPSG:3310")
    >>> grow(build_adjacency(row), np.ones(6), [[0], [5]]).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    labels = np.full(adjacency.size, -1, dtype=np.int64)
    for label, seed in enumerate(seeds):
        labels[list(seed)] = label
    for label, seed in enumerate(seeds):
        _join_up(adjacency, labels, label, list(seed))
    if spread:
        _spread(adjacency, doors, labels, len(seeds))
    return labels


def _spread(adjacency: Adjacency, doors: Floats, labels: Ints, count: int) -> None:
    """Let the turf with fewest doors take the next unit until none is free."""
    fronts: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for unit in np.flatnonzero(labels >= 0).tolist():
        _push(adjacency, labels, fronts, unit, 0)
    sums = np.bincount(labels[labels >= 0], doors[labels >= 0], minlength=count)
    turns = [(float(total), label) for label, total in enumerate(sums)]
    heapq.heapify(turns)
    while turns:
        total, label = heapq.heappop(turns)
        taken = _take(adjacency, labels, fronts, label)
        if taken is not None:
            heapq.heappush(turns, (total + float(doors[taken]), label))


def _push(
    adjacency: Adjacency, labels: Ints, fronts: list[list[tuple[int, int]]], unit: int, hops: int
) -> None:
    """Put the free neighbors of ``unit`` on the front of its turf."""
    for other in adjacency.neighbors[unit]:
        if labels[other] < 0:
            heapq.heappush(fronts[labels[unit]], (hops + 1, other))


def _take(adjacency: Adjacency, labels: Ints, fronts: list[list[tuple[int, int]]], label: int) -> int | None:
    """Give ``label`` the free unit fewest steps from its seed; None where its front is empty."""
    while fronts[label]:
        hops, unit = heapq.heappop(fronts[label])
        if labels[unit] < 0:
            labels[unit] = label
            _push(adjacency, labels, fronts, unit, hops)
            return unit
    return None


def _join_up(adjacency: Adjacency, labels: Ints, label: int, seed: list[int]) -> None:
    """Join the units of one seed by shortest ways over free units, which it takes."""
    while True:
        path = _way_to_rest(adjacency, labels, label, seed)
        if path is None:
            return
        labels[path] = label


def _way_to_rest(adjacency: Adjacency, labels: Ints, label: int, seed: list[int]) -> list[int] | None:
    """Free units between the part of the turf around ``seed[0]`` and the next part; None if it is one."""
    home = _reached(adjacency, labels, [seed[0]], (label,))
    if set(home).issuperset(seed):
        return None
    before = _reached(adjacency, labels, list(home), (-1, label))
    ends = [unit for unit in before if labels[unit] == label and unit not in home]
    if ends:
        return _trace(before, before[ends[0]])
    raise InfeasibleError(
        _("the {count} units kept in one turf cannot be joined").format(count=len(seed)),
        _("keep fewer of them, or let others go"),
    )


def _reached(
    adjacency: Adjacency, labels: Ints, queue: list[int], allowed: tuple[int, ...]
) -> dict[int, int]:
    """Units reached from ``queue`` over ``allowed`` labels, each with the one before it (-1: none)."""
    before = dict.fromkeys(queue, -1)
    for unit in queue:
        for other in adjacency.neighbors[unit]:
            if other not in before and labels[other] in allowed:
                before[other] = unit
                queue.append(other)
    return before


def _trace(before: dict[int, int], unit: int) -> list[int]:
    """Free units on the way back from ``unit``."""
    path = []
    while before[unit] >= 0:
        path.append(unit)
        unit = before[unit]
    return path
