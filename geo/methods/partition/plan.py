"""Which units are cut into how many parts: small islands joined, oversize units alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import InfeasibleError
from geo.language import gettext as _
from geo.methods.partition.adjacency import Adjacency, Floats, Ints, barrier_band

SMALL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Link:
    """A unit of a small island, the unit it is joined to, the gap in m, and whether a barrier is between."""

    unit: int
    joined_to: int
    gap_m: float
    over_barrier: bool


def link_islands(
    units: gpd.GeoDataFrame,
    adjacency: Adjacency,
    doors: Floats,
    count: int,
    barriers: gpd.GeoDataFrame | None = None,
) -> tuple[Adjacency, list[Link]]:
    """Join small islands to what is nearest, so that no turf is cut for a handful of doors.

    The rule: a piece with fewer doors than half a turf is joined to the nearest unit over the
    shortest gap that no barrier crosses. Where all gaps are barred it stays a turf of its own,
    unless it has no doors (the middle of a motorway): then it goes with the nearest unit. A larger
    piece is joined only while there are more pieces than turfs.

    Raises
    ------
    InfeasibleError
        Barriers leave more pieces with doors than there are turfs.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> squares = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(4, 0, 5, 1)]
    >>> units = gpd.GeoDataFrame(geometry=squares, crs="EPSG:3310")
    >>> _, links = link_islands(units, build_adjacency(units), np.array([9.0, 9.0, 1.0]), 2)
    >>> links
    [Link(unit=2, joined_to=1, gap_m=2.0, over_barrier=False)]
    """
    shapes = np.asarray(units.geometry.array, dtype=object)
    walls = barrier_band(barriers, float(np.sqrt(np.median(adjacency.area_m2))))
    pieces = adjacency.pieces()
    links: list[Link] = []
    closed: set[int] = set()
    while (piece := _next_island(pieces, doors, count, closed)) is not None:
        link = _nearest(shapes, pieces, piece, walls, over=float(doors[pieces == piece].sum()) <= 0.0)
        if link is None:
            closed.add(int(np.flatnonzero(pieces == piece)[0]))
            continue
        links.append(link)
        pieces[pieces == piece] = pieces[link.joined_to]
    many = len(np.unique(pieces))
    if many > count:
        raise InfeasibleError(
            _("barriers leave {pieces} separate pieces for {count} turfs").format(pieces=many, count=count),
            _("ask for more turfs, or add the crossings that are missing"),
        )
    return _with_links(adjacency, links), links


def _next_island(pieces: Ints, doors: Floats, count: int, closed: set[int]) -> int | None:
    """Find the piece with fewest doors that should be joined to another; None where all are well."""
    sums = np.bincount(pieces, doors)
    there = np.unique(pieces)
    if len(there) < 2:
        return None
    limit = np.inf if len(there) > count else SMALL_SHARE * float(doors.sum()) / count
    shut = {int(pieces[unit]) for unit in closed}
    small = [piece for piece in there.tolist() if sums[piece] < limit and piece not in shut]
    return min(small, key=lambda piece: (sums[piece], piece)) if small else None


def _nearest(
    shapes: npt.NDArray[np.object_],
    pieces: Ints,
    piece: int,
    walls: tuple[shapely.Geometry, shapely.Geometry, float] | None,
    *,
    over: bool,
) -> Link | None:
    """Find the shortest link from ``piece`` to another that no wall bars, or any if ``over`` one."""
    inside, outside = np.flatnonzero(pieces == piece), np.flatnonzero(pieces != piece)
    lines = shapely.shortest_line(shapely.union_all(shapes[inside]), shapes[outside])
    gaps = shapely.length(lines)
    barred = np.zeros(len(lines), dtype=bool)
    if walls is not None:
        band, crossings, reach = walls
        barred = shapely.intersects(lines, band) & ~shapely.dwithin(lines, crossings, reach)
    best = int(np.argmin(np.where(barred, np.inf, gaps))) if not barred.all() else int(np.argmin(gaps))
    if barred[best] and not over:
        return None
    own = int(inside[np.argmin(shapely.distance(shapes[inside], lines[best]))])
    return Link(own, int(outside[best]), round(float(gaps[best]), 3), bool(barred[best]))


def _with_links(adjacency: Adjacency, links: list[Link]) -> Adjacency:
    """Add the links, as passable pairs without a common edge."""
    if not links:
        return adjacency
    low = np.array([min(link.unit, link.joined_to) for link in links])
    high = np.array([max(link.unit, link.joined_to) for link in links])
    return replace(
        adjacency,
        first=np.concatenate([adjacency.first, low]),
        second=np.concatenate([adjacency.second, high]),
        shared_m=np.concatenate([adjacency.shared_m, np.zeros(len(links))]),
        passable=np.concatenate([adjacency.passable, np.ones(len(links), dtype=bool)]),
    )


@dataclass(frozen=True)
class Job:
    """Connected units to be cut into ``count`` turfs by themselves."""

    units: Ints
    count: int


def oversize_units(doors: Floats, count: int, tolerance: float) -> Ints:
    """Positions of the units that alone have more doors than a turf may have.

    Examples
    --------
    >>> oversize_units(np.array([1.0, 9.0, 2.0]), 2, 0.05).tolist()
    [1]
    """
    return np.flatnonzero(doors > (1.0 + tolerance) * float(doors.sum()) / count)


def plan_jobs(adjacency: Adjacency, doors: Floats, count: int, tolerance: float) -> list[Job]:
    """Split the work: an oversize unit is a turf, every connected piece of the rest a job.

    What only an oversize unit connects, and has fewer doors than half a turf, stays with that unit
    if the turfs are more even so; otherwise it is cut by itself. If there are not enough turfs or
    units to set oversize units apart, they are cut like others.

    Raises
    ------
    InfeasibleError
        There are more connected pieces than turfs, or too few units for the turfs.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> from geo.methods.partition.adjacency import build_adjacency
    >>> row = gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(5)], crs="EPSG:3310")
    >>> jobs = plan_jobs(build_adjacency(row), np.array([2.0, 2.0, 2.0, 9.0, 2.0]), 3, 0.05)
    >>> [(job.units.tolist(), job.count) for job in jobs]
    [([3], 1), ([0, 1, 2], 1), ([4], 1)]
    """
    large = oversize_units(doors, count, tolerance)
    plans = [_with_alone(adjacency, doors, large, count, share) for share in (SMALL_SHARE, 0.0) if len(large)]
    possible = [plan for plan in plans if plan]
    if possible:
        return min(possible, key=lambda plan: round(_unevenness(plan, doors, count), 9))
    whole = adjacency.pieces()
    return _share_out([np.flatnonzero(whole == piece) for piece in np.unique(whole)], doors, count)


def _with_alone(adjacency: Adjacency, doors: Floats, large: Ints, count: int, share: float) -> list[Job]:
    """Jobs with the oversize units set apart; none where turfs or units do not suffice for it."""
    groups = _set_apart(adjacency, doors, large, count, share)
    alone, rest = groups[: len(large)], groups[len(large) :]
    if not len(rest) <= count - len(large) <= sum(map(len, rest)):
        return []
    return [Job(group, 1) for group in alone] + _share_out(rest, doors, count - len(large))


def _unevenness(plan: list[Job], doors: Floats, count: int) -> float:
    """Worst deviation if every job is cut evenly."""
    mean = float(doors.sum()) / count
    return max(abs(float(doors[job.units].sum()) / job.count / mean - 1.0) for job in plan)


def _set_apart(adjacency: Adjacency, doors: Floats, large: Ints, count: int, share: float) -> list[Ints]:
    """Form groups about the oversize units, in their order, and then the pieces of the rest.

    A piece with fewer doors than ``share`` of a turf goes to an oversize unit next to it.
    """
    group = np.full(adjacency.size, -1, dtype=np.int64)
    group[large] = np.arange(len(large))
    others = np.flatnonzero(group < 0)
    pieces = adjacency.subset(others).pieces() if len(others) else np.zeros(0, dtype=np.int64)
    rest = sorted((others[pieces == piece] for piece in np.unique(pieces)), key=lambda u: -doors[u].sum())
    turfs = max(count - len(large), 0)
    limit = share * float(doors.sum()) / count
    kept: list[Ints] = []
    for units in rest:
        near = {other for unit in units.tolist() for other in adjacency.neighbors[unit]}.difference(units)
        if near and (len(kept) >= turfs or doors[units].sum() < limit):
            group[units] = group[min(near, key=lambda unit: (doors[unit], unit))]
        else:
            kept.append(units)
    return [np.flatnonzero(group == number) for number in range(len(large))] + kept


def _share_out(pieces: list[Ints], doors: Floats, count: int) -> list[Job]:
    """Give every piece a turf, then the next turf to the piece with most doors a turf."""
    counts = share_turfs(
        [float(doors[units].sum()) for units in pieces], [len(units) for units in pieces], count
    )
    return [Job(units, many) for units, many in zip(pieces, counts, strict=True)]


def share_turfs(
    doors: list[float], sizes: list[int], count: int, least: list[int] | None = None
) -> list[int]:
    """Turfs for every piece: at least one (or ``least``), at most its units, as even as whole numbers allow.

    Raises
    ------
    InfeasibleError
        ``count`` is below the least or above the units.

    Examples
    --------
    >>> share_turfs([50.0, 20.0], [9, 9], 7)
    [5, 2]
    """
    counts = list(least) if least else [1] * len(doors)
    if not sum(counts) <= count <= sum(sizes):
        raise InfeasibleError(
            _("{pieces} separate pieces with {units} free units cannot make {count} turfs").format(
                pieces=len(doors), units=sum(sizes), count=count
            ),
            _("ask for {least} to {most} turfs").format(least=sum(counts), most=sum(sizes)),
        )
    for _each in range(count - sum(counts)):
        open_pieces = [place for place in range(len(doors)) if counts[place] < sizes[place]]
        best = max(open_pieces, key=lambda place: (doors[place] / counts[place], -place))
        counts[best] += 1
    return counts
