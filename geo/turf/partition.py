"""A cut while it is being improved: each turf's doors, perimeter and area, kept up move by move."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from geo.turf.adjacency import Adjacency, Floats, Ints
from geo.turf.moves import anneal_moves, label_units, removable, to_net

# What a deviation beyond the aim weighs beside shape when two cuts are compared.
RANK_WEIGHT = 60.0
# Spreads seeds over all numbers of 64 bits, none of them 0.
SPREAD = np.uint64(0x9E3779B97F4A7C15)

Ends = tuple[float, float]


class Partition:
    """Units of one connected piece in ``count`` turfs, each turf connected.

    The energy of a turf is its perimeter over that of a circle of its area (the inverse root of
    Polsby-Popper), plus a weight times what its deviation exceeds ``aim`` by. Deviation is
    |doors - mean| / mean, with the mean of this piece. Units in ``fixed`` never move.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.turf.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(x, 0, x + 1, 1) for x in range(4)], crs="EPSG:3310")
    >>> part = Partition(build_adjacency(row), np.ones(4), [0, 1, 1, 1], aim=0.0)
    >>> part.excesses(), part.removable(2), part.removable(1)
    ((0.5, 0.5), False, True)
    """

    def __init__(
        self,
        adjacency: Adjacency,
        doors: Floats,
        labels: npt.ArrayLike,
        *,
        aim: float,
        fixed: frozenset[int] = frozenset(),
        seed: int = 0,
    ) -> None:
        self.adjacency, self.aim, self.fixed = adjacency, aim, fixed
        self.net = to_net(adjacency, doors)
        self.relabel(np.asarray(labels, dtype=np.int64))
        self.mean = float(self.net.doors.sum()) / self.count or 1.0
        owner = np.repeat(np.arange(len(self.labels)), np.diff(self.net.near_start))
        free = ~np.isin(owner, sorted(fixed))
        self.pairs = owner[free], self.net.near[free]
        self.chance = np.array([2 * seed + 1], dtype=np.uint64) * SPREAD

    @property
    def labels(self) -> Ints:
        """Turf of every unit."""
        return self.now.labels

    @property
    def count(self) -> int:
        """How many turfs there are."""
        return len(self.now.size)

    def relabel(self, labels: Ints) -> None:
        """Take other turfs for all units, and sum them up anew."""
        self.now = label_units(self.net, labels, int(labels.max()) + 1)

    def anneal(
        self, moves: int, steps: int, heat: Ends, weight: Ends, turfs: Collection[int] | None = None
    ) -> None:
        """Try ``moves`` moves of one unit to a neighbour's turf, among all or some ``turfs``.

        ``heat`` falls and the ``weight`` of imbalance rises from the first to the second of its ends.
        """
        units, others = self.pairs
        if turfs is not None:
            inside = np.isin(self.labels, list(turfs))
            ours = inside[units] & inside[others]
            units, others = units[ours], others[ours]
        if len(units) and self.count > 1:
            balance = (self.mean, self.aim)
            anneal_moves(self.net, self.now, units, others, moves, steps, balance, heat, weight, self.chance)

    def deviations(self) -> Floats:
        """Say what every turf deviates by."""
        return np.abs(self.now.doors / self.mean - 1.0)

    def excesses(self, turfs: Sequence[int] | None = None) -> tuple[float, ...]:
        """Say what the turfs, or some of them, deviate by beyond the aim, largest first."""
        beyond = np.maximum(self.deviations() - self.aim, 0.0)
        return tuple(np.sort(np.round(beyond if turfs is None else beyond[turfs], 9))[::-1].tolist())

    def shape_energy(self, turfs: Sequence[int] | None = None) -> float:
        """Sum over turfs of perimeter over that of a circle of the same area."""
        shapes = self.now.perimeter_m / np.sqrt(4.0 * np.pi * self.now.area_m2)
        return float((shapes if turfs is None else shapes[turfs]).sum())

    def key(self, slack: float, turfs: Sequence[int] | None = None) -> tuple[tuple[float, ...], float]:
        """Rank cuts: worst excesses beyond ``slack`` first, then the energy of balance and shape."""
        beyond = self.excesses(turfs)
        gross = tuple(excess for excess in beyond if excess > slack)
        return gross, round(self.shape_energy(turfs) + RANK_WEIGHT * sum(beyond), 9)

    def removable(self, unit: int) -> bool:
        """Whether the turf of ``unit`` stays connected without it, and keeps a unit."""
        return bool(removable(self.net, self.now, unit))

    def turf_neighbours(self) -> list[set[int]]:
        """Of every turf, the turfs that one can walk to."""
        found: list[set[int]] = [set() for _ in range(self.count)]
        ways = self.adjacency.passable
        ends = self.labels[self.adjacency.first[ways]], self.labels[self.adjacency.second[ways]]
        for code in np.unique(ends[0] * self.count + ends[1]).tolist():
            one, other = divmod(code, self.count)
            if one != other:
                found[one].add(other)
                found[other].add(one)
        return found

    def members(self, turfs: Collection[int]) -> Ints:
        """Units of ``turfs``, in rising order."""
        return np.flatnonzero(np.isin(self.labels, list(turfs)))
