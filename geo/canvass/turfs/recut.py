"""Cut again when volunteers drop out or doors are done: as few turfs as possible, never a finished one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment

from geo.canvass.turfs.check import check_doors
from geo.canvass.turfs.cut import TurfCut, to_cut, with_doors
from geo.errors import InfeasibleError, SchemaError, first_ids
from geo.language import gettext as _
from geo.methods.partition.adjacency import Ints
from geo.methods.partition.search import solve


@dataclass(frozen=True)
class _Task:
    """What is open, what goes and comes, and how even it must be."""

    cut: TurfCut
    turfs: tuple[int, ...]
    dropped: frozenset[int]
    added: int
    limit: float
    shift: float
    seed: int

    @property
    def mean(self) -> float:
        """Doors of an average turf after the re-cut."""
        return self.doors_of(self.turfs) / (len(self.turfs) - len(self.dropped) + self.added)

    def doors_of(self, turfs: Iterable[int]) -> float:
        """Doors in ``turfs``."""
        return float(self.cut.turfs.loc[list(turfs), "doors"].sum())

    def parts(self, region: Collection[int]) -> int:
        """Turfs that the ``region`` is to be cut into."""
        return len(region) - len(self.dropped) + self.added

    def off(self, turf: int) -> float:
        """Deviation of a turf as it stands from the coming mean."""
        return abs(self.doors_of([turf]) / self.mean - 1.0)


def recut_turfs(
    cut: TurfCut,
    *,
    doors: pd.Series[float] | None = None,
    dropped: Collection[int] = (),
    finished: Collection[int] = (),
    added: int = 0,
    tolerance: float | None = None,
    seed: int = 0,
) -> TurfCut:
    """Cut again around what changed; turfs that need not change keep their units and their number.

    The mean is that of the turfs that are open afterwards; finished turfs are outside of it and are
    never changed. A region is grown from the dropped turfs and those that are beyond the tolerance,
    turf by turf, until it can be cut anew within the tolerance: so as few turfs change as this
    search finds (that fewer are impossible is not proven). A turf that is left alone may be beyond
    the tolerance by as much as the mean itself has moved. Where no region can be cut within the
    tolerance, the least deviation counts; a larger tolerance changes fewer turfs. New turfs get new
    numbers, and the number of a dropped one is not used again.

    Parameters
    ----------
    cut
        What is in people's hands.
    doors
        Doors still to do for every unit; without it those of the cut. NA is refused.
    dropped
        Turfs whose volunteer is gone: their units go to other turfs.
    finished
        Turfs that are done, beside those that were so already.
    added
        Turfs more, for new volunteers.
    tolerance
        Deviation that is acceptable; without it that of the cut.
    seed
        Of the search.

    Raises
    ------
    SchemaError
        Unknown turfs or units, or doors that are missing or negative.
    InfeasibleError
        A turf is both dropped and finished, none is left, or a dropped one touches no open turf.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.canvass.turfs import cut_turfs
    >>> squares = [box(i, 0, i + 1, 1) for i in range(6)]
    >>> row = gpd.GeoDataFrame({"doors": [1] * 6}, geometry=squares, crs="EPSG:3310")
    >>> before = cut_turfs(row, doors="doors", n=3)
    >>> after = recut_turfs(before, dropped=[before.labels[0]])
    >>> sorted(after.turfs["doors"])
    [3.0, 3.0]
    """
    cut.require_turfs([*dropped, *finished])
    done = cut.finished | {int(turf) for turf in finished}
    fresh = _with_state(cut, doors, done)
    task = _task(fresh, {int(turf) for turf in dropped}, added, tolerance, cut, seed)
    labels = _grow_region(task)
    _require_gone(task, labels)
    return to_cut(fresh.ground, labels, fresh.tolerance if tolerance is None else tolerance, finished=done)


def changed_turfs(before: TurfCut, after: TurfCut) -> list[int]:
    """Turfs of either cut whose units are not the same in both, in rising order.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.canvass.turfs import cut_turfs, merge_turfs
    >>> squares = [box(i, 0, i + 1, 1) for i in range(4)]
    >>> row = gpd.GeoDataFrame({"doors": [1] * 4}, geometry=squares, crs="EPSG:3310")
    >>> cut = cut_turfs(row, doors="doors", n=2)
    >>> changed_turfs(cut, merge_turfs(cut, 0, 1))
    [0, 1]
    """
    moved = before.labels != after.labels.loc[before.labels.index]
    return sorted({*before.labels[moved].tolist(), *after.labels[moved].tolist()})


def _with_state(cut: TurfCut, doors: pd.Series[float] | None, done: frozenset[int]) -> TurfCut:
    """Bring the doors still to do and the turfs that are done into the cut."""
    ground = cut.ground
    if doors is not None:
        lacking = ground.units.index.difference(doors.index)
        if len(lacking):
            fault = _("{count} units have no doors given: {names}").format(
                count=len(lacking), names=first_ids(lacking)
            )
            raise SchemaError(fault, _("give each unit its doors, 0 where all are done"))
        check_doors(doors.loc[ground.units.index].to_frame("doors"), "doors")
        ground = with_doors(ground, doors)
    return to_cut(ground, cut.labels, cut.tolerance, bound=0.0, finished=done)


def _task(
    fresh: TurfCut, dropped: set[int], added: int, tolerance: float | None, before: TurfCut, seed: int
) -> _Task:
    """Check the demands; the limit is the tolerance, or what the cut had before where that was worse."""
    both = sorted(dropped & fresh.finished)
    if both:
        raise InfeasibleError(
            _("turf {names} is finished and cannot be dropped").format(names=first_ids(both)),
            _("leave it out"),
        )
    turfs = tuple(fresh.open_turfs)
    if added < 0 or len(turfs) - len(dropped) + added < 1:
        raise InfeasibleError(
            _("no turf is left that may change: the others are out, finished or given up"),
            _("let turfs that are out change too, or add one for a new volunteer"),
        )
    if fresh.turfs.loc[list(turfs), "doors"].sum() <= 0:
        raise InfeasibleError(_("the open turfs have no doors left"), _("call the cut finished"))
    wanted = before.tolerance if tolerance is None else tolerance
    alone = before.labels.loc[before.oversize].unique()
    usual = before.turfs.loc[~before.turfs.index.isin(alone), "deviation"].max()
    limit = max(wanted, 0.0 if pd.isna(usual) else float(usual))
    task = _Task(fresh, turfs, frozenset(dropped), added, limit + 1e-9, 0.0, seed)
    moved = abs(before.mean_doors / task.mean - 1.0) if before.open_turfs else 0.0
    return replace(task, shift=moved)


def _grow_region(task: _Task) -> pd.Series[int]:
    """Labels from the smallest region found that can be cut within the limit, or from the best one."""
    region = _first_region(task)
    best, labels = (np.inf, 0), task.cut.labels
    while region:
        if task.parts(region) > 0 and _mean_fits(task, region):
            tried = _try_region(task, region)
            rank = (_worst(task, tried, region), len(region))
            best, labels = min((best, labels), (rank, tried), key=lambda pair: pair[0])
            if rank[0] <= task.limit:
                return tried
        following = _next_turf(task, region)
        if following is None:
            return labels
        region.append(following)
    return labels


def _first_region(task: _Task) -> list[int]:
    """Start with the dropped turfs and those beyond the limit; or a large one for a new volunteer."""
    sizes = task.cut.turfs["units"]
    out = [
        turf
        for turf in task.turfs
        if task.off(turf) > task.limit + task.shift and not _must_be(task, turf, int(sizes[turf]))
    ]
    region = sorted(task.dropped.union(out))
    if task.added and not region:
        region = [max(task.turfs, key=lambda turf: (task.doors_of([turf]), -turf))]
    return region


def _must_be(task: _Task, turf: int, size: int) -> bool:
    """Whether the turf is a single unit that is too large: nothing makes that better."""
    return size == 1 and task.doors_of([turf]) > task.mean and turf not in task.dropped


def _mean_fits(task: _Task, region: list[int]) -> bool:
    """Whether an even cut of the region is within the limit, or nothing is left to add to it."""
    even = task.doors_of(region) / task.parts(region)
    return abs(even / task.mean - 1.0) <= task.limit or _next_turf(task, region) is None


def _next_turf(task: _Task, region: list[int]) -> int | None:
    """Find the open turf next to the region that brings its mean nearest to that of all."""
    labels = task.cut.labels.to_numpy()
    inside = np.isin(labels, region)
    adjacency = task.cut.ground.adjacency
    first, second = adjacency.first[adjacency.passable], adjacency.second[adjacency.passable]
    edge = inside[first] != inside[second]
    near = {*labels[first[edge]].tolist(), *labels[second[edge]].tolist()}.difference(region)
    choice = sorted(near.intersection(task.turfs))

    def off(turf: int) -> tuple[float, int]:
        parts = max(task.parts([*region, turf]), 1)
        return abs(task.doors_of([*region, turf]) / parts - task.mean), turf

    return min(choice, key=off) if choice else None


def _try_region(task: _Task, region: list[int]) -> pd.Series[int]:
    """Labels with the region cut anew; as they were where it cannot be cut."""
    labels = task.cut.labels.to_numpy(copy=True)
    members = np.flatnonzero(np.isin(labels, region))
    part, doors = task.cut.ground.adjacency.subset(members), task.cut.ground.doors[members]
    tolerance = min(task.limit, 0.99)
    try:
        found = solve(part, doors, task.parts(region), tolerance=tolerance, seed=task.seed)
    except InfeasibleError:
        return task.cut.labels
    kept = [turf for turf in region if turf not in task.dropped]
    labels[members] = _matched(labels[members], found, kept, int(labels.max()) + 1)
    return pd.Series(labels, index=task.cut.labels.index)


def _matched(before: npt.NDArray[np.integer[Any]], found: Ints, kept: list[int], following: int) -> Ints:
    """Name the parts found: each of the ``kept`` turfs the part it has most units in, then new numbers."""
    count = int(found.max()) + 1
    shared = np.array([np.bincount(found[before == turf], minlength=count) for turf in kept])
    names: dict[int, int] = {}
    if kept:
        rows, columns = linear_sum_assignment(shared, maximize=True)
        names = {int(column): kept[row] for row, column in zip(rows, columns, strict=True)}
    for part in range(count):
        if part not in names:
            names[part] = following
            following += 1
    return np.array([names[part] for part in found.tolist()], dtype=np.int64)


def _worst(task: _Task, labels: pd.Series[int], region: list[int]) -> float:
    """Worst deviation of the parts of the region after a trial; endless if a dropped turf is still there."""
    if labels.isin(task.dropped).any():
        return float("inf")
    ours = task.cut.labels.isin(region)
    sums = task.cut.ground.units["doors"][ours].groupby(labels[ours].to_numpy()).sum()
    return float((sums / task.mean - 1.0).abs().max())


def _require_gone(task: _Task, labels: pd.Series[int]) -> None:
    left = sorted(task.dropped.intersection(labels))
    if left:
        raise InfeasibleError(
            _("{count} dropped turfs touch no open turf ({names})").format(
                count=len(left), names=first_ids(turf + 1 for turf in left)
            ),
            _("give them to new volunteers (turfs more), or let a neighbor change"),
        )
