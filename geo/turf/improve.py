"""Improve a first cut by simulated annealing, then mend the worst turfs region by region."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.turf.adjacency import Adjacency, Floats, Ints
from geo.turf.partition import Partition
from geo.turf.start import cut_by_trees


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search, in moves of one unit that are tried: nothing depends on the clock.

    Temperatures fall and the weight of imbalance rises geometrically over ``steps``.
    ``mend_moves`` are spent while a turf is beyond the tolerance, half of them while one is beyond
    the aim, and ``shape_moves`` on shorter borders after that.

    Examples
    --------
    >>> Effort().moves(100), Effort().starts_for(100), Effort().starts_for(5_000)
    (150000, 4, 1)
    """

    moves_per_unit: int = 1500
    moves_least: int = 20_000
    moves_most: int = 6_000_000
    steps: int = 60
    heat: tuple[float, float] = (0.2, 0.01)
    weight: tuple[float, float] = (0.5, 20.0)
    starts: int = 4
    starts_moves: int = 1_200_000
    mend_moves: int = 10_000_000
    mend_per_unit: int = 20_000
    shape_moves: int = 1_500_000
    shape_per_unit: int = 5_000

    def moves(self, units: int) -> int:
        """Say how many moves to try on a piece of so many units."""
        return min(max(self.moves_least, self.moves_per_unit * units), self.moves_most)

    def starts_for(self, units: int) -> int:
        """Say how many first cuts to improve, of which the best is taken."""
        return max(1, min(self.starts, self.starts_moves // self.moves(units)))


USUAL = Effort()
REGION = Effort(600, 3_000, 40_000, 15, (0.4, 0.05), (5.0, 40.0))
REGION_TURFS = 6


def anneal(part: Partition, effort: Effort, rng: random.Random) -> None:
    """Anneal the whole partition by the schedule of ``effort``.

    Examples
    --------
    >>> part, _ = _example()
    >>> anneal(part, USUAL, random.Random(0))
    >>> part.turf_doors
    [2.0, 2.0]
    """
    pairs = part.movable_pairs()
    if not pairs or part.count < 2:
        return
    moves = effort.moves(len(part.labels)) // effort.steps
    for step in range(effort.steps):
        share = step / (effort.steps - 1)
        part.weigh(_between(effort.weight, share))
        part.anneal(pairs, moves, _between(effort.heat, share), rng)
    part.anneal(pairs, 4 * len(pairs), 0.0, rng)


def _between(ends: tuple[float, float], share: float) -> float:
    return float(ends[0] * (ends[1] / ends[0]) ** share)


def mend(part: Partition, adjacency: Adjacency, effort: Effort, slack: float, rng: random.Random) -> None:
    """Cut small regions anew where that makes the worst turfs better, or the shape at no cost.

    Examples
    --------
    >>> part, adjacency = _example()
    >>> mend(part, adjacency, USUAL, 0.0, random.Random(0))
    >>> part.turf_doors
    [2.0, 2.0]
    """
    spent = turn = 0
    while part.count > 1 and spent < _moves_left(part, effort, slack):
        region = _pick_region(part, rng)
        spent += REGION.moves(sum(part.turf_size[turf] for turf in region))
        _mend_region(part, adjacency, region, turn, slack, rng)
        turn += 1


def _moves_left(part: Partition, effort: Effort, slack: float) -> int:
    """Say how many moves may be spent on mending, by how uneven the cut still is."""
    worst, units = part.excesses()[0], len(part.labels)
    if worst <= 0.0:
        return min(effort.shape_moves, effort.shape_per_unit * units)
    moves = min(effort.mend_moves, effort.mend_per_unit * units)
    return moves if worst > slack else moves // 2


def _pick_region(part: Partition, rng: random.Random) -> list[int]:
    """Pick two to six turfs that hang together, about the worst one or, if none is beyond the aim, any."""
    off = [abs(doors / part.mean - 1.0) for doors in part.turf_doors]
    worst = max(range(part.count), key=off.__getitem__)
    first = worst if off[worst] > part.aim and rng.random() < 0.8 else rng.randrange(part.count)
    near = part.turf_neighbours()
    region = [first]
    for _ in range(rng.randint(1, REGION_TURFS - 1)):
        around = sorted(set().union(*(near[turf] for turf in region)).difference(region))
        if not around:
            break
        region.append(rng.choice(around))
    return region


def _mend_region(
    part: Partition, adjacency: Adjacency, region: list[int], turn: int, slack: float, rng: random.Random
) -> None:
    """Cut ``region`` anew, from scratch or from how it stands; keep it if it is better."""
    units = part.members(region)
    place = {turf: number for number, turf in enumerate(region)}
    now = [place[part.labels[unit]] for unit in units]
    fixed = frozenset(number for number, unit in enumerate(units) if unit in part.fixed)
    doors = np.array([part.doors[unit] for unit in units])
    inner = adjacency.subset(units)
    trial = _region_of(part, inner, doors, now, fixed)
    before = trial.key(slack)
    if turn % 2 and not fixed:
        seed, border = np.random.default_rng(rng.getrandbits(32)), rng.choice((0.0, 0.3, 1.0))
        fresh = cut_by_trees(inner, doors, len(region), seed, border=border)
        trial = _region_of(part, inner, doors, fresh.tolist(), fixed)
    anneal(trial, REGION, rng)
    if trial.key(slack) >= before:
        return
    for unit, number in zip(units, trial.labels, strict=True):
        part.labels[unit] = region[number]
    part.total()


def _region_of(
    part: Partition, inner: Adjacency, doors: Floats, labels: list[int], fixed: frozenset[int]
) -> Partition:
    """Make a partition of a region, balanced to the mean of the whole."""
    trial = Partition(inner, doors.tolist(), labels, aim=part.aim, fixed=fixed)
    trial.mean = part.mean
    trial.total()
    return trial


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
) -> Ints:
    """Improve the first cuts of one connected piece and return the best: worst deviation, then shape.

    Small pieces are started several times over, since that costs little. Deviations below ``aim``
    count as none, and those up to ``slack`` beyond it are weighed against shape. Units in ``fixed``
    stay where they are. The same seed gives the same cut.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.turf.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(4)], crs="EPSG:3310")
    >>> bad = np.array([0, 1, 1, 1])
    >>> improve_best(build_adjacency(row), np.ones(4), lambda _: bad, aim=0.0).tolist()
    [0, 0, 1, 1]
    """
    rng = random.Random(seed)  # noqa: S311 - a search, not a secret
    trials = []
    for start in range(effort.starts_for(adjacency.size)):
        trials.append(Partition(adjacency, doors.tolist(), first(start).tolist(), aim=aim, fixed=fixed))
        anneal(trials[-1], effort, rng)
    best = min(trials, key=lambda trial: trial.key(slack))
    mend(best, adjacency, effort, slack, rng)
    return np.array(best.labels, dtype=np.int64)


def _example() -> tuple[Partition, Adjacency]:
    """Four squares in a row, badly cut, for the examples."""
    import geopandas as gpd
    from shapely.geometry import box

    from geo.turf.adjacency import build_adjacency

    row = gpd.GeoDataFrame(geometry=[box(x, 0, x + 1, 1) for x in range(4)], crs="EPSG:3310")
    adjacency = build_adjacency(row)
    return Partition(adjacency, [1.0] * 4, [0, 1, 1, 1], aim=0.0), adjacency
