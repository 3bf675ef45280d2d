"""Improve first cuts by simulated annealing, then mend the worst parts region by region."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.methods.partition.adjacency import Adjacency, Floats, Ints
from geo.methods.partition.moves import anneal_moves, label_units, removable, to_net
from geo.methods.partition.spanning_trees import cut_by_trees

# What a deviation beyond the aim weighs beside shape when two cuts are compared.
RANK_WEIGHT = 60.0
# Spreads seeds over all numbers of 64 bits, none of them 0.
SPREAD = np.uint64(0x9E3779B97F4A7C15)

Ends = tuple[float, float]
Tell = Callable[[float], None]
"""Is told what share of the search is done, from 0 to 1; what it raises ends the search."""
# Of the search: the first cuts, until the worst is mended, and then the shape.
STARTED, MENDED = 0.2, 0.6


def tell_nobody(_share: float) -> None:
    """Take no notice.

    Examples
    --------
    >>> tell_nobody(0.5)
    """


class Partition:
    """Units of one connected piece in ``count`` turfs, each turf connected.

    The energy of a turf is its perimeter over that of a circle of its area (the inverse root of
    Polsby-Popper), plus a weight times what its deviation exceeds ``aim`` by. Deviation is
    |doors - mean| / mean, with the mean of this piece. Units in ``fixed`` never move.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
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
        """Try ``moves`` moves of one unit to a neighbor's turf, among all or some ``turfs``.

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

    def turf_neighbors(self) -> list[set[int]]:
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


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search, in moves of one unit that are tried: nothing depends on the clock.

    Temperatures fall and the weight of imbalance rises geometrically over ``steps``. Several starts
    are annealed; the best of them are mended, one after the other, until one is within the tolerance
    or each had its ``mend_moves``. ``shape_moves`` then go to a better shape and balance of the best.

    Examples
    --------
    >>> Effort().moves(100), Effort().starts_for(100), Effort().starts_for(9_000)
    (300000, 4, 1)
    """

    moves_per_unit: int = 3_000
    moves_least: int = 20_000
    moves_most: int = 40_000_000
    steps: int = 60
    heat: Ends = (0.2, 0.01)
    weight: Ends = (0.5, 20.0)
    starts: int = 4
    starts_moves: int = 24_000_000
    mended: int = 3
    mend_moves: int = 40_000_000
    mend_per_unit: int = 60_000
    shape_moves: int = 40_000_000
    shape_per_unit: int = 40_000

    def moves(self, units: int) -> int:
        """Say how many moves to try on a piece of so many units."""
        return min(max(self.moves_least, self.moves_per_unit * units), self.moves_most)

    def starts_for(self, units: int) -> int:
        """Say how many first cuts to improve."""
        return max(1, min(self.starts, self.starts_moves // self.moves(units)))

    def mending(self, units: int) -> int:
        """Say how many moves may go to mending one start."""
        return min(self.mend_moves, self.mend_per_unit * units)

    def shaping(self, units: int) -> int:
        """Say how many moves go to the shape at the end."""
        return min(self.shape_moves, self.shape_per_unit * units)


USUAL = Effort()
REGION = Effort(600, 3_000, 80_000, 15, (0.6, 0.05), (5.0, 60.0))
# Cuts that single moves do not reach are found in large regions; every so manieth turn starts from scratch.
REGION_TURFS = 10
FRESH_EVERY, FRESH_TREES = 6, 3
# What a turn costs besides its moves is counted as moves too.
TURN_LEAST = 8_000


def anneal(part: Partition, effort: Effort, turfs: list[int] | None = None) -> int:
    """Anneal the partition, or some of its turfs, by the schedule of ``effort``; say how many moves it took.

    Examples
    --------
    >>> part = _example()
    >>> anneal(part, USUAL), part.now.doors.tolist()
    (20000, [2.0, 2.0])
    """
    units = len(part.labels) if turfs is None else int(part.now.size[turfs].sum())
    moves = effort.moves(units)
    part.anneal(moves, effort.steps, effort.heat, effort.weight, turfs)
    return moves


def mend(
    part: Partition,
    moves: int,
    slack: float,
    rng: random.Random,
    *,
    enough: float = -1.0,
    tell: Tell = tell_nobody,
) -> None:
    """Cut regions anew where that makes the worst turfs better, or the shape at no cost.

    It ends after so many ``moves``, or when no turf deviates by more than ``enough`` beyond the aim.

    Examples
    --------
    >>> part = _example()
    >>> mend(part, 10_000, 0.0, random.Random(0))
    >>> part.now.doors.tolist()
    [2.0, 2.0]
    """
    turn, near, budget = 0, part.turf_neighbors(), moves
    while part.count > 1 and moves > 0 and part.excesses()[0] > enough:
        region = _pick_region(part, near, rng)
        before, labels = part.key(slack, region), part.labels.copy()
        if turn % FRESH_EVERY == FRESH_EVERY - 1 and not part.fixed:
            _start_anew(part, region, rng)
        moves -= max(TURN_LEAST, anneal(part, REGION, region))
        if part.key(slack, region) >= before:
            part.relabel(labels)
        else:
            part.relabel(part.labels)
            near = part.turf_neighbors()
        turn += 1
        tell(1.0 - max(moves, 0) / budget)


def _pick_region(part: Partition, near: list[set[int]], rng: random.Random) -> list[int]:
    """Pick turfs that hang together, about the worst one or, if none is beyond the aim, about any."""
    off = part.deviations()
    worst = int(off.argmax())
    first = worst if off[worst] > part.aim and rng.random() < 0.8 else rng.randrange(part.count)
    region = [first]
    for _ in range(rng.randint(1, REGION_TURFS - 1)):
        around = sorted(set().union(*(near[turf] for turf in region)).difference(region))
        if not around:
            break
        region.append(rng.choice(around))
    return region


def _start_anew(part: Partition, region: list[int], rng: random.Random) -> None:
    """Cut a region from scratch."""
    units, labels = part.members(region), part.labels.copy()
    seed, border = np.random.default_rng(rng.getrandbits(32)), rng.choice((0.0, 0.3, 1.0))
    inner = part.adjacency.subset(units)
    fresh = cut_by_trees(inner, part.net.doors[units], len(region), seed, border=border, trees=FRESH_TREES)
    labels[units] = np.array(region)[fresh]
    part.relabel(labels)


def improve_best(
    adjacency: Adjacency,
    doors: Floats,
    first: Callable[[int], Ints],
    *,
    aim: float,
    slack: float = 0.0,
    fixed: frozenset[int] = frozenset(),
    effort: Effort = USUAL,
    seed: int = 0,
    tell: Tell = tell_nobody,
) -> Ints:
    """Improve the first cuts of one connected piece and return the best: worst deviation, then shape.

    Small pieces are started several times over, since that costs little. Deviations below ``aim``
    count as none, and those up to ``slack`` beyond it are weighed against shape. Units in ``fixed``
    stay where they are. The same seed gives the same cut, whoever is told how far it is.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(4)], crs="EPSG:3310")
    >>> bad = np.array([0, 1, 1, 1])
    >>> improve_best(build_adjacency(row), np.ones(4), lambda _: bad, aim=0.0).tolist()
    [0, 0, 1, 1]
    """
    rng = random.Random(seed)  # noqa: S311 - a search, not a secret
    trials, starts = [], effort.starts_for(adjacency.size)
    for start in range(starts):
        trials.append(
            Partition(adjacency, doors, first(start), aim=aim, fixed=fixed, seed=rng.getrandbits(32))
        )
        anneal(trials[-1], effort)
        tell(STARTED * (start + 1) / starts)
    trials = sorted(trials, key=lambda trial: trial.key(slack))[: effort.mended]
    for place, trial in enumerate(trials):
        onward = part_of(tell, *(STARTED + (MENDED - STARTED) * (place + k) / len(trials) for k in (0, 1)))
        mend(trial, effort.mending(adjacency.size), slack, rng, enough=slack, tell=onward)
        if trial.excesses()[0] <= slack:
            break
    best = min(trials, key=lambda trial: trial.key(slack))
    mend(best, effort.shaping(adjacency.size), slack, rng, tell=part_of(tell, MENDED, 1.0))
    return best.labels.copy()


def part_of(tell: Tell, begin: float, end: float) -> Tell:
    """Tell of a part of a search what share of the whole is done.

    Examples
    --------
    >>> part_of(print, 0.5, 1.0)(0.5)
    0.75
    """
    return lambda share: tell(begin + (end - begin) * share)


def _example() -> Partition:
    """Four squares in a row, badly cut, for the examples."""
    import geopandas as gpd
    from shapely.geometry import box

    from geo.methods.partition.adjacency import build_adjacency

    row = gpd.GeoDataFrame(geometry=[box(x, 0, x + 1, 1) for x in range(4)], crs="EPSG:3310")
    return Partition(build_adjacency(row), np.ones(4), [0, 1, 1, 1], aim=0.0)
