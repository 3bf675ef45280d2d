"""Moves of one unit to a neighbor's turf, compiled: what they change, and whether a turf stays whole."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.methods.parallel import compiled
from geo.methods.partition.adjacency import Adjacency, Floats, Ints

# Multiplier of the random numbers (xorshift64*, Vigna 2016), and what makes a share of one.
SCRAMBLE = np.uint64(0x2545F4914F6CDD1D)
SHARE = 2.0**-53


# What is compiled is kept on the disk under the names of these two classes.
class Net(NamedTuple):
    """Units and who is next to whom, as flat arrays: row ``u`` of a list is from ``start[u]`` on.

    ``near`` are the neighbors that one can walk to; ``beside`` all that share an edge, of ``shared_m``.
    """

    near_start: Ints
    near: Ints
    beside_start: Ints
    beside: Ints
    shared_m: Floats
    doors: Floats
    area_m2: Floats
    perimeter_m: Floats


class Labeling(NamedTuple):
    """The turf of every unit, and of every turf its sums; changed in place.

    ``seen`` and ``queue`` are room for a walk through a turf; the last of ``seen`` counts the walks.
    """

    labels: Ints
    doors: Floats
    area_m2: Floats
    perimeter_m: Floats
    size: Ints
    seen: Ints
    queue: Ints


# Compiled functions that an earlier version kept on the disk name the class so, and numba looks it up before
# it sees that they are stale.
Labelling = Labeling


def to_net(adjacency: Adjacency, doors: Floats) -> Net:
    """Lay neighbors out in flat arrays.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(x, 0, x + 1, 1) for x in range(3)], crs="EPSG:3310")
    >>> net = to_net(build_adjacency(row), np.ones(3))
    >>> net.near_start.tolist(), net.near.tolist()
    ([0, 1, 3, 4], [1, 0, 2, 1])
    """
    first, second = adjacency.first, adjacency.second
    near = _rows(first[adjacency.passable], second[adjacency.passable], adjacency.size)
    beside = _rows(first, second, adjacency.size)
    lengths = adjacency.shared_m.astype(np.float64)
    return Net(
        near[0],
        near[1],
        beside[0],
        beside[1],
        np.concatenate([lengths, lengths])[beside[2]],
        np.ascontiguousarray(doors, dtype=np.float64),
        np.ascontiguousarray(adjacency.area_m2, dtype=np.float64),
        np.ascontiguousarray(adjacency.perimeter_m, dtype=np.float64),
    )


def _rows(first: Ints, second: Ints, size: int) -> tuple[Ints, Ints, Ints]:
    """Where each unit's row starts, the other units of it, and which pair each comes from."""
    one, other = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((other, one))
    start = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=size))])
    return start.astype(np.int64), other[order].astype(np.int64), order


def label_units(net: Net, labels: npt.ArrayLike, count: int) -> Labeling:
    """Sum up every turf.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(x, 0, x + 1, 1) for x in range(3)], crs="EPSG:3310")
    >>> net = to_net(build_adjacency(row), np.ones(3))
    >>> label_units(net, [0, 1, 1], 2).perimeter_m.tolist()
    [4.0, 6.0]
    """
    turf = np.array(labels, dtype=np.int64)
    units = len(turf)
    owner = np.repeat(np.arange(units), np.diff(net.beside_start))
    inner = turf[owner] == turf[net.beside]

    def total(of: Ints, amounts: Floats) -> Floats:
        return np.bincount(of, amounts, minlength=count).astype(np.float64)

    return Labeling(
        turf,
        total(turf, net.doors),
        total(turf, net.area_m2),
        total(turf, net.perimeter_m) - total(turf[owner][inner], net.shared_m[inner]),
        np.bincount(turf, minlength=count).astype(np.int64),
        np.zeros(units + 1, dtype=np.int64),
        np.zeros(units, dtype=np.int64),
    )


@compiled
def draw(chance: Any) -> Any:
    """Return the next random number from 0 to 1; ``chance`` is one number of 64 bits, not 0."""
    number = chance[0]
    number ^= number >> np.uint64(12)
    number ^= number << np.uint64(25)
    number ^= number >> np.uint64(27)
    chance[0] = number
    return float((number * SCRAMBLE) >> np.uint64(11)) * SHARE


@compiled
def energy(doors: float, perimeter: float, area: float, mean: float, aim: float, weight: float) -> Any:
    """Perimeter of a turf over that of a circle of its area, and what it deviates by beyond the aim."""
    shape = perimeter / math.sqrt(4.0 * math.pi * area)
    excess = abs(doors / mean - 1.0) - aim
    return shape + weight * excess if excess > 0.0 else shape


@compiled
def removable(net: Any, cut: Any, unit: int) -> Any:
    """Whether the turf of ``unit`` stays connected without it, and keeps a unit."""
    turf, wanted, begin = cut.labels[unit], 0, -1
    walk = cut.seen[-1] + 2
    cut.seen[-1] = walk
    for place in range(net.near_start[unit], net.near_start[unit + 1]):
        other = net.near[place]
        if cut.labels[other] == turf:
            cut.seen[other] = walk - 1
            wanted, begin = wanted + 1, other
    return wanted == 1 or (wanted > 1 and _all_reached(net, cut, unit, begin, wanted))


@compiled
def _all_reached(net: Any, cut: Any, unit: int, begin: int, wanted: int) -> Any:
    """Whether all ``wanted`` units, marked with the walk before, are reached from one without ``unit``."""
    turf, walk = cut.labels[unit], cut.seen[-1]
    cut.seen[unit], cut.seen[begin], cut.queue[0] = walk, walk, begin
    left, at, end = wanted - 1, 0, 1
    while at < end:
        here = cut.queue[at]
        at += 1
        for place in range(net.near_start[here], net.near_start[here + 1]):
            other = net.near[place]
            if cut.labels[other] != turf or cut.seen[other] == walk:
                continue
            left -= cut.seen[other] == walk - 1
            if left == 0:
                return True
            cut.seen[other], cut.queue[end] = walk, other
            end += 1
    return False


@compiled
def _perimeters(net: Any, cut: Any, unit: int, to: int) -> Any:
    """Perimeters of the turfs that ``unit`` would leave and join, after that."""
    source, with_source, with_to = cut.labels[unit], 0.0, 0.0
    for place in range(net.beside_start[unit], net.beside_start[unit + 1]):
        turf = cut.labels[net.beside[place]]
        if turf == source:
            with_source += net.shared_m[place]
        elif turf == to:
            with_to += net.shared_m[place]
    own = net.perimeter_m[unit]
    return cut.perimeter_m[source] - own + 2.0 * with_source, cut.perimeter_m[to] + own - 2.0 * with_to


@compiled
def try_move(net: Any, cut: Any, unit: int, to: int, balance: Any, heat: float, chance: Any) -> Any:
    """Move ``unit`` to turf ``to`` if its turf stays whole and the energy (mean, aim, weight) allows it."""
    source = cut.labels[unit]
    if cut.size[source] == 1:
        return
    mean, aim, weight = balance
    left, joined = _perimeters(net, cut, unit, to)
    doors, area = net.doors[unit], net.area_m2[unit]
    rise = (
        energy(cut.doors[source] - doors, left, cut.area_m2[source] - area, mean, aim, weight)
        + energy(cut.doors[to] + doors, joined, cut.area_m2[to] + area, mean, aim, weight)
        - energy(cut.doors[source], cut.perimeter_m[source], cut.area_m2[source], mean, aim, weight)
        - energy(cut.doors[to], cut.perimeter_m[to], cut.area_m2[to], mean, aim, weight)
    )
    if rise > 0.0 and (heat <= 0.0 or draw(chance) >= math.exp(-rise / heat)):
        return
    if not removable(net, cut, unit):
        return
    cut.labels[unit] = to
    cut.perimeter_m[source], cut.perimeter_m[to] = left, joined
    for turf, sign in ((source, -1), (to, 1)):
        cut.doors[turf] += sign * doors
        cut.area_m2[turf] += sign * area
        cut.size[turf] += sign


@compiled
def try_moves(
    net: Any, cut: Any, units: Any, others: Any, moves: int, balance: Any, heat: float, chance: Any
) -> None:
    """Try so many moves of one of ``units`` to the turf of the one of ``others`` at the same place."""
    for _ in range(moves):
        place = int(draw(chance) * len(units))
        unit, to = units[place], cut.labels[others[place]]
        if cut.labels[unit] != to:
            try_move(net, cut, unit, to, balance, heat, chance)


@compiled
def anneal_moves(
    net: Any, cut: Any, units: Any, others: Any, moves: int, steps: int, balance: Any, heats: Any,
    weights: Any, chance: Any,
) -> None:  # fmt: skip
    """Try moves while the heat falls and the weight of imbalance rises, each geometrically; then downhill."""
    mean, aim = balance
    for step in range(steps):
        share = step / (steps - 1)
        heat = heats[0] * (heats[1] / heats[0]) ** share
        weight = weights[0] * (weights[1] / weights[0]) ** share
        try_moves(net, cut, units, others, moves // steps, (mean, aim, weight), heat, chance)
    try_moves(net, cut, units, others, 4 * len(units), (mean, aim, weights[1]), 0.0, chance)
