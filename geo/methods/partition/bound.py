"""How even a cut can be at most: a worst deviation that no cut of these units can go below.

For a worst deviation d every turf has doors between (1 - d) and (1 + d) times the mean. Where
one of these necessary conditions fails, d is out of reach:

- *pieces*: every connected piece takes a whole number of turfs, and the numbers add up;
- *grain*: doors that are all multiples of g give turfs that are multiples of g;
- *packing*: units too large to share a turf each need one of their own, and the rest must do for
  the other turfs;
- *surroundings*: every unit needs a connected set about it that is neither too small nor too
  large and leaves pieces behind that can themselves be cut; looked at for units that are large
  beside a turf, up to a limit of steps, beyond which nothing is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geo.methods.partition.adjacency import Adjacency, Floats

STEPS_MOST = 4_000
TRIALS_MOST = 400
STEPS_ALL = 60_000
TRIAL_STEPS = 200
LARGE_SHARE = 0.2
LARGE_PIECE = 3.0
PRECISION = 1e-4
SLACK = 1e-9


@dataclass(frozen=True)
class _Window:
    """Least and most doors of a turf."""

    least: float
    most: float

    def turfs(self, doors: float) -> tuple[int, int]:
        """Fewest and most turfs that ``doors`` in one piece can make; fewest > most where none."""
        fewest = max(1, math.ceil(doors / self.most - SLACK)) if self.most > 0 else 1
        most = math.floor(doors / self.least + SLACK) if self.least > SLACK else 10**9
        return fewest, most

    def holds(self, doors: float) -> bool:
        """Whether a turf may have so many doors."""
        return self.least - SLACK <= doors <= self.most + SLACK


def prove_bound(adjacency: Adjacency, doors: Floats, count: int) -> float:
    """Greatest worst deviation proven to be out of reach below, by bisection to 0.0001.

    Deviation is |doors - mean| / mean over all ``count`` turfs. No cut into connected turfs that
    cover every unit has a smaller worst deviation; whether one reaches it is not said.

    Parameters
    ----------
    adjacency
        Which units are neighbors.
    doors
        Of every unit, not negative, without missing values.
    count
        Number of turfs.

    Examples
    --------
    Three units in a row with 1, 4 and 1 doors, in two turfs: the mean is 3, the best 5 and 1.

    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(3)], crs="EPSG:3310")
    >>> round(prove_bound(build_adjacency(row), np.array([1.0, 4.0, 1.0]), 2), 3)
    0.667
    """
    mean = float(doors.sum()) / count
    low, high = 0.0, max(float(doors.sum()) / mean - 1.0, 1.0)
    grain = _grain(doors)
    if _possible(adjacency, doors, count, _window(mean, low, grain)):
        return low
    while high - low > PRECISION:
        middle = (low + high) / 2.0
        if _possible(adjacency, doors, count, _window(mean, middle, grain)):
            high = middle
        else:
            low = middle
    return low


def _grain(doors: Floats) -> float:
    """Greatest number that every count of doors is a multiple of; 0 where they are not whole."""
    if not np.all(doors == np.round(doors)):
        return 0.0
    return float(np.gcd.reduce(doors.astype(np.int64)))


def _window(mean: float, deviation: float, grain: float) -> _Window:
    """Doors of a turf for a deviation, narrowed to multiples of the grain."""
    least, most = (1.0 - deviation) * mean, (1.0 + deviation) * mean
    if grain > 0.0:
        least, most = grain * math.ceil(least / grain - SLACK), grain * math.floor(most / grain + SLACK)
    return _Window(max(least, 0.0), most)


def _possible(adjacency: Adjacency, doors: Floats, count: int, window: _Window) -> bool:
    """Whether none of the conditions rules the window out."""
    if window.least > window.most or float(doors.max()) > window.most + SLACK:
        return False
    pieces = adjacency.pieces()
    fewest = most = 0
    for piece in range(int(pieces.max()) + 1):
        here = doors[pieces == piece]
        low, high = _packed(here, window)
        if low > high:
            return False
        fewest, most = fewest + low, most + min(high, len(here))
    if not fewest <= count <= most:
        return False
    return _surroundings_possible(adjacency, doors, window)


def _packed(doors: Floats, window: _Window) -> tuple[int, int]:
    """Fewest and most turfs of one piece: units that cannot share a turf have one each."""
    total = float(doors.sum())
    fewest, most = window.turfs(total)
    alone = doors[doors > window.most / 2.0 + SLACK]
    taken = float(np.maximum(alone, window.least).sum())
    if taken > total + SLACK:
        return 1, 0
    if window.least > SLACK:
        most = min(most, len(alone) + math.floor((total - taken) / window.least + SLACK))
    return max(fewest, len(alone)), most


def _surroundings_possible(adjacency: Adjacency, doors: Floats, window: _Window) -> bool:
    """Whether every large unit has a set about it that fits the window and leaves what can be cut."""
    counts, left = doors.tolist(), STEPS_ALL
    for unit in np.argsort(-doors, kind="stable").tolist():
        if counts[unit] < LARGE_SHARE * window.most or left <= 0:
            return True
        found, steps = _has_surroundings(adjacency.neighbors, counts, unit, window)
        if not found:
            return False
        left -= steps
    return True


def _has_surroundings(
    neighbors: Sequence[Sequence[int]], doors: Sequence[float], unit: int, window: _Window
) -> tuple[bool, int]:
    """Say whether such a set was found about ``unit``, or not all could be looked at; and the steps taken."""
    trials = step = 0
    for members, total in _sets_about(neighbors, doors, unit, window.most):
        step += 1
        if step >= STEPS_MOST or trials >= TRIALS_MOST:
            break
        if window.holds(total):
            trials += 1
            if _rest_possible(neighbors, doors, members, window):
                break
    else:
        return False, step
    return True, step + TRIAL_STEPS * trials


@dataclass(slots=True)
class _Grown:
    """A connected set, its doors, the units that may join it next, and those that may not any more."""

    members: frozenset[int]
    total: float
    front: list[int]
    barred: set[int]
    at: int = 0


def _sets_about(
    neighbors: Sequence[Sequence[int]], doors: Sequence[float], unit: int, most: float
) -> Iterator[tuple[frozenset[int], float]]:
    """Every connected set with ``unit`` and at most ``most`` doors, each once, large units first."""
    around = sorted(neighbors[unit], key=lambda other: -doors[other])
    stack = [_Grown(frozenset((unit,)), doors[unit], around, {unit})]
    yield stack[0].members, stack[0].total
    while stack:
        here = stack[-1]
        if here.at >= len(here.front):
            stack.pop()
            continue
        other = here.front[here.at]
        here.at += 1
        here.barred.add(other)
        if here.total + doors[other] <= most + SLACK:
            fresh = [near for near in neighbors[other] if near not in here.barred and near not in here.front]
            front = here.front[here.at :] + fresh
            stack.append(_Grown(here.members | {other}, here.total + doors[other], front, set(here.barred)))
            yield stack[-1].members, stack[-1].total


def _rest_possible(
    neighbors: Sequence[Sequence[int]], doors: Sequence[float], members: frozenset[int], window: _Window
) -> bool:
    """Whether each small piece left beside ``members`` can be cut; large ones are taken to be."""
    known = set(members)
    for start in sorted({other for unit in members for other in neighbors[unit]}.difference(members)):
        if start in known:
            continue
        piece, whole = _piece(neighbors, doors, start, members, LARGE_PIECE * window.most)
        known |= piece
        if not whole:
            continue
        fewest, most = window.turfs(sum(doors[unit] for unit in piece))
        if fewest > most:
            return False
    return True


def _piece(
    neighbors: Sequence[Sequence[int]],
    doors: Sequence[float],
    start: int,
    without: frozenset[int],
    most: float,
) -> tuple[set[int], bool]:
    """Walk the connected piece about ``start`` outside ``without``, and say whether it is whole.

    The search ends early, and the piece is not whole, once it has more than ``most`` doors.
    """
    piece, stack, total = {start}, [start], 0.0
    while stack:
        unit = stack.pop()
        total += doors[unit]
        if total > most:
            return piece, False
        fresh = set(neighbors[unit]).difference(piece, without)
        piece |= fresh
        stack.extend(fresh)
    return piece, True
