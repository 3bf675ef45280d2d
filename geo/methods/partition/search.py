"""From units and neighbors to labels: the search behind every automatic cut."""

from __future__ import annotations

import numpy as np

from geo.errors import InfeasibleError
from geo.language import gettext as _
from geo.methods.partition.adjacency import Adjacency, Floats, Ints
from geo.methods.partition.annealing import USUAL, Effort, Tell, improve_best, part_of, tell_nobody
from geo.methods.partition.bound import prove_bound
from geo.methods.partition.plan import Job, oversize_units, plan_jobs, share_turfs
from geo.methods.partition.spanning_trees import cut_by_trees, grow

# A cut aims for a third of the tolerance, so that one move by hand does not break it.
AIM_SHARE = 1.0 / 3.0
# So near to the bound nobody sees a difference, and the bound itself is only known to 0.0001.
NEAR = 5e-4


def solve(
    adjacency: Adjacency,
    doors: Floats,
    count: int,
    *,
    tolerance: float,
    kept: dict[int, int] | None = None,
    seed: int = 0,
    effort: Effort = USUAL,
    tell: Tell = tell_nobody,
) -> Ints:
    """Label every unit with a turf from 0 to ``count`` - 1, each connected; units in ``kept`` stay put.

    ``tell`` is told what share of the search is done; what it raises ends the search.

    Raises
    ------
    InfeasibleError
        More separate pieces than turfs, or ``kept`` units that cannot be joined.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(4)], crs="EPSG:3310")
    >>> labels = solve(build_adjacency(row), np.ones(4), 2, tolerance=0.05)
    >>> sorted(np.bincount(labels).tolist())
    [2, 2]
    """
    if kept:
        return _solve_kept(adjacency, doors, count, tolerance, kept, seed, effort, tell)
    labels = np.zeros(adjacency.size, dtype=np.int64)
    base, done = 0, 0
    for job in plan_jobs(adjacency, doors, count, tolerance):
        onward = part_of(tell, done / adjacency.size, (done + len(job.units)) / adjacency.size)
        labels[job.units] = base + _solve_job(adjacency, doors, job, tolerance, seed, effort, onward)
        base, done = base + job.count, done + len(job.units)
    return labels


def _solve_job(
    adjacency: Adjacency,
    doors: Floats,
    job: Job,
    tolerance: float,
    seed: int,
    effort: Effort,
    tell: Tell,
) -> Ints:
    """Cut one connected piece, numbered from 0."""
    if job.count == 1:
        return np.zeros(len(job.units), dtype=np.int64)
    if job.count == len(job.units):
        return np.arange(job.count, dtype=np.int64)
    part, own = adjacency.subset(job.units), doors[job.units]
    aim = _aim(part, own, job.count, tolerance)

    def first(start: int) -> Ints:
        return cut_by_trees(part, own, job.count, np.random.default_rng((seed, start)))

    slack = max(NEAR, tolerance - aim)
    return improve_best(part, own, first, aim=aim, slack=slack, effort=effort, seed=seed, tell=tell)


def _solve_kept(
    adjacency: Adjacency,
    doors: Floats,
    count: int,
    tolerance: float,
    kept: dict[int, int],
    seed: int,
    effort: Effort,
    tell: Tell,
) -> Ints:
    """Cut around units that are fixed to a turf."""
    pieces = adjacency.pieces()
    groups = [np.flatnonzero(pieces == piece) for piece in np.unique(pieces)]
    named = [sorted({kept[unit] for unit in units.tolist() if unit in kept}) for units in groups]
    _check_one_piece(named)
    free = sorted(set(range(count)).difference(*named))
    sums, least = [float(doors[units].sum()) for units in groups], [max(1, len(labels)) for labels in named]
    room = [len(labels) + _free(units, kept) for labels, units in zip(named, groups, strict=True)]
    labels, done = np.zeros(adjacency.size, dtype=np.int64), 0
    for units, own, many in zip(groups, named, share_turfs(sums, room, count, least), strict=True):
        fresh, free = free[: many - len(own)], free[many - len(own) :]
        names = np.array(own + fresh, dtype=np.int64)
        place = {label: number for number, label in enumerate(names.tolist())}
        inner = {number: place[kept[unit]] for number, unit in enumerate(units.tolist()) if unit in kept}
        part = adjacency.subset(units)
        first = grow(part, doors[units], _seeds(part, doors[units], inner, len(names), count, tolerance))
        onward = part_of(tell, done / adjacency.size, (done + len(units)) / adjacency.size)
        found = _improve_kept(part, doors[units], first, inner, tolerance, seed, effort, onward)
        labels[units], done = names[found], done + len(units)
    return labels


def _check_one_piece(named: list[list[int]]) -> None:
    every = [label for labels in named for label in labels]
    torn = sorted({label for label in every if every.count(label) > 1})
    if torn:
        raise InfeasibleError(
            _("the units kept in {count} turfs lie in separate pieces: {names}").format(
                count=len(torn), names=torn[:5]
            ),
            _("keep only the units of one piece in a turf"),
        )


def _free(units: Ints, kept: dict[int, int]) -> int:
    return sum(unit not in kept for unit in units.tolist())


def _improve_kept(
    part: Adjacency,
    doors: Floats,
    first: Ints,
    inner: dict[int, int],
    tolerance: float,
    seed: int,
    effort: Effort,
    tell: Tell,
) -> Ints:
    aim = _aim(part, doors, int(first.max()) + 1, tolerance)
    slack = max(NEAR, tolerance - aim)
    fixed = frozenset(inner)
    return improve_best(
        part, doors, lambda _: first, aim=aim, slack=slack, fixed=fixed, effort=effort, seed=seed, tell=tell
    )


def _aim(part: Adjacency, doors: Floats, count: int, tolerance: float) -> float:
    """Deviation that the search is content with: a third of the tolerance, or the bound."""
    if doors.sum() <= 0.0:
        return tolerance
    return max(tolerance * AIM_SHARE, prove_bound(part, doors, count))


def _seeds(
    part: Adjacency, doors: Floats, inner: dict[int, int], many: int, count: int, tolerance: float
) -> list[list[int]]:
    """Units to grow every turf from: those kept; for new turfs oversize units, then the farthest ones."""
    seeds: list[list[int]] = [[] for _ in range(many)]
    for unit, label in inner.items():
        seeds[label].append(unit)
    held = _held(part, seeds)
    large = [unit for unit in oversize_units(doors, count, tolerance).tolist() if unit not in held]
    for label in range(many):
        if not seeds[label]:
            unit = large.pop() if large else _farthest(part, held)
            seeds[label] = [unit]
            held.add(unit)
    return seeds


def _held(part: Adjacency, seeds: list[list[int]]) -> set[int]:
    """Units that the kept turfs have or need to hang together."""
    alone = [seed for seed in seeds if seed]
    if not alone:
        return set()
    joined = grow(part, np.zeros(part.size), alone, spread=False)
    return set(np.flatnonzero(joined >= 0).tolist())


def _farthest(part: Adjacency, held: set[int]) -> int:
    """Find the unit most steps away from all in ``held``; the first one where none is held."""
    hops = dict.fromkeys(sorted(held), 0)
    queue = list(hops)
    for unit in queue:
        for other in part.neighbors[unit]:
            if other not in hops:
                hops[other] = hops[unit] + 1
                queue.append(other)
    loose = [unit for unit in range(part.size) if unit not in held]
    if not loose:
        raise InfeasibleError(
            _("keep leaves no unit for the other turfs"), _("keep fewer units, or cut fewer turfs")
        )
    return max(loose, key=lambda unit: (hops.get(unit, 0), -unit))
