"""Small islands: pieces of the area with too few doors to be a turf, and what they are joined to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import InfeasibleError
from geo.language import gettext as _
from geo.turf.adjacency import Adjacency, Floats, Ints
from geo.turf.barriers import barrier_band

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
    >>> from geo.turf.adjacency import build_adjacency
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
