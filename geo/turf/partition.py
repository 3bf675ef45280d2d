"""A cut while it is being improved: each turf's doors, perimeter and area, kept up move by move."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence

from geo.turf.adjacency import Adjacency

Pair = tuple[int, int]

# What a deviation beyond the aim weighs beside shape when two cuts are compared.
RANK_WEIGHT = 60.0


class Partition:
    """Units of one connected piece in ``count`` turfs, each turf connected.

    The energy of a turf is its perimeter over that of a circle of its area (the inverse root of
    Polsby-Popper), plus ``weight`` times what its deviation exceeds ``aim`` by. Deviation is
    |doors - mean| / mean, with the mean of this piece.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.turf.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(x, 0, x + 1, 1) for x in range(4)], crs="EPSG:3310")
    >>> part = Partition(build_adjacency(row), [1] * 4, [0, 1, 1, 1], aim=0.0)
    >>> part.excesses(), part.removable(2), part.removable(1)
    ((0.5, 0.5), False, True)
    """

    def __init__(
        self,
        adjacency: Adjacency,
        doors: Sequence[float],
        labels: Sequence[int],
        *,
        aim: float,
        fixed: frozenset[int] = frozenset(),
    ) -> None:
        self.neighbours = adjacency.neighbours
        self.doors = [float(number) for number in doors]
        self.labels = [int(label) for label in labels]
        self.count = max(self.labels) + 1
        self.mean = sum(self.doors) / self.count or 1.0
        self.aim, self.weight, self.fixed = aim, 1.0, fixed
        self.unit_perimeter = adjacency.perimeter_m.tolist()
        self.unit_area = adjacency.area_m2.tolist()
        self.shared: list[dict[int, float]] = [{} for _ in self.doors]
        edges = zip(
            adjacency.first.tolist(), adjacency.second.tolist(), adjacency.shared_m.tolist(), strict=True
        )
        for one, other, length in edges:
            both = self.shared[one].get(other, 0.0) + length
            self.shared[one][other] = self.shared[other][one] = both
        self.total()

    def total(self) -> None:
        """Sum doors, perimeter, area and number of units of every turf anew."""
        self.turf_doors = [0.0] * self.count
        self.turf_area = [0.0] * self.count
        self.turf_perimeter = [0.0] * self.count
        self.turf_size = [0] * self.count
        for unit, label in enumerate(self.labels):
            self.turf_doors[label] += self.doors[unit]
            self.turf_area[label] += self.unit_area[unit]
            self.turf_size[label] += 1
            inner = sum(x for other, x in self.shared[unit].items() if self.labels[other] == label)
            self.turf_perimeter[label] += self.unit_perimeter[unit] - inner
        self.weigh(self.weight)

    def weigh(self, weight: float) -> None:
        """Set the weight of imbalance in the energy, and the energies of all turfs by it."""
        self.weight = weight
        sums = zip(self.turf_doors, self.turf_perimeter, self.turf_area, strict=True)
        self.energies = [self._energy(*of_turf) for of_turf in sums]

    def _energy(self, doors: float, perimeter: float, area: float) -> float:
        excess = abs(doors / self.mean - 1.0) - self.aim
        shape = perimeter / math.sqrt(4.0 * math.pi * area)
        return shape + self.weight * excess if excess > 0.0 else shape

    def excesses(self) -> tuple[float, ...]:
        """Say what the turfs deviate by beyond the aim, largest first."""
        beyond = (abs(doors / self.mean - 1.0) - self.aim for doors in self.turf_doors)
        return tuple(sorted((round(max(0.0, excess), 9) for excess in beyond), reverse=True))

    def shape_energy(self) -> float:
        """Sum over the turfs of perimeter over that of a circle of the same area."""
        sums = zip(self.turf_perimeter, self.turf_area, strict=True)
        return sum(perimeter / math.sqrt(4.0 * math.pi * area) for perimeter, area in sums)

    def key(self, slack: float) -> tuple[tuple[float, ...], float]:
        """Rank cuts: worst excesses beyond ``slack`` first, then the energy of balance and shape."""
        beyond = self.excesses()
        gross = tuple(excess for excess in beyond if excess > slack)
        return gross, round(self.shape_energy() + RANK_WEIGHT * sum(beyond), 9)

    def movable_pairs(self) -> list[Pair]:
        """Every unit that may move, with every neighbour whose turf it may move to."""
        return [
            (unit, other)
            for unit, near in enumerate(self.neighbours)
            if unit not in self.fixed
            for other in near
        ]

    def anneal(self, pairs: Sequence[Pair], moves: int, heat: float, rng: random.Random) -> None:
        """Try ``moves`` moves of one unit to a neighbour's turf at the temperature ``heat``."""
        draw, many, labels = rng.random, len(pairs), self.labels
        for _ in range(moves):
            unit, other = pairs[int(draw() * many)]
            if labels[unit] != labels[other]:
                self._try(unit, labels[other], heat, draw())

    def _try(self, unit: int, to: int, heat: float, chance: float) -> None:
        """Move ``unit`` to turf ``to`` if the energy, the chance and connectedness allow it."""
        source = self.labels[unit]
        if self.turf_size[source] == 1:
            return
        left, joined = self._perimeters(unit, source, to)
        doors, area = self.doors[unit], self.unit_area[unit]
        less = self._energy(self.turf_doors[source] - doors, left, self.turf_area[source] - area)
        more = self._energy(self.turf_doors[to] + doors, joined, self.turf_area[to] + area)
        rise = less + more - self.energies[source] - self.energies[to]
        if rise > 0.0 and (heat <= 0.0 or chance >= math.exp(-rise / heat)):
            return
        if not self.removable(unit):
            return
        self.labels[unit] = to
        for label, sign, perimeter, energy in ((source, -1, left, less), (to, 1, joined, more)):
            self.turf_doors[label] += sign * doors
            self.turf_area[label] += sign * area
            self.turf_size[label] += sign
            self.turf_perimeter[label], self.energies[label] = perimeter, energy

    def _perimeters(self, unit: int, source: int, to: int) -> tuple[float, float]:
        """Perimeters of the turfs that ``unit`` would leave and join, after that."""
        with_source = with_to = 0.0
        labels = self.labels
        for other, length in self.shared[unit].items():
            if labels[other] == source:
                with_source += length
            elif labels[other] == to:
                with_to += length
        own = self.unit_perimeter[unit]
        left = self.turf_perimeter[source] - own + 2.0 * with_source
        return left, self.turf_perimeter[to] + own - 2.0 * with_to

    def removable(self, unit: int) -> bool:
        """Whether the turf of ``unit`` stays connected without it, and keeps a unit."""
        labels, source = self.labels, self.labels[unit]
        near = [other for other in self.neighbours[unit] if labels[other] == source]
        if len(near) <= 1:
            return len(near) == 1
        return self._reach(near, set(near), unit) or self._reach(near, None, unit)

    def _reach(self, near: list[int], within: set[int] | None, unit: int) -> bool:
        """Whether ``near`` hang together without ``unit``: within a set, or within their turf."""
        labels, source = self.labels, self.labels[unit]
        wanted, seen, stack = set(near[1:]), {unit, near[0]}, [near[0]]
        while stack and wanted:
            for other in self.neighbours[stack.pop()]:
                if other in seen or labels[other] != source or (within is not None and other not in within):
                    continue
                seen.add(other)
                wanted.discard(other)
                stack.append(other)
        return not wanted

    def turf_neighbours(self) -> list[set[int]]:
        """Of every turf, the turfs that one can walk to."""
        found: list[set[int]] = [set() for _ in range(self.count)]
        for unit, near in enumerate(self.neighbours):
            found[self.labels[unit]].update(self.labels[other] for other in near)
        for label, near_turfs in enumerate(found):
            near_turfs.discard(label)
        return found

    def members(self, turfs: Iterable[int]) -> list[int]:
        """Units of ``turfs``, in rising order."""
        wanted = set(turfs)
        return [unit for unit, label in enumerate(self.labels) if label in wanted]
