"""Cut an area into turfs that are equal in work, hang together and are compact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.canvass.turfs.check import check_tolerance, check_units, kept_labels, turf_count
from geo.canvass.turfs.result import LINK_COLUMNS, Ground, TurfCut, to_cut
from geo.methods.partition.adjacency import Floats, Ints, build_adjacency
from geo.methods.partition.bound import prove_bound
from geo.methods.partition.plan import Link, link_islands
from geo.methods.partition.search import solve


def cut_turfs(
    units: gpd.GeoDataFrame,
    *,
    doors: str,
    n: int | None = None,
    doors_per_turf: float | None = None,
    tolerance: float = 0.05,
    barriers: gpd.GeoDataFrame | None = None,
    keep: pd.Series[int] | Mapping[Any, int] | None = None,
    seed: int = 0,
) -> TurfCut:
    """Cut ``units`` into turfs of about the same doors, each connected and compact.

    Every unit comes into exactly one turf. Units are neighbours if they share an edge (a corner is
    not enough) and no barrier lies along all of it, unless a crossing lies on it. The deviation of
    a turf is |doors - mean| / mean. The cut aims for a third of the tolerance, so that a change by
    hand has room, or for ``bound`` where that is larger, and then for short borders; it is found by
    seeded search, and ``bound`` says how near to the best it is for sure.

    A unit with more doors than a turf may have is a turf by itself and is named in ``oversize``.
    A piece of the area with fewer doors than half a turf is joined to the nearest unit over a gap
    that no barrier crosses, and named in ``links``; see :func:`geo.methods.partition.plan.link_islands`.
    Turfs are numbered from north to south. The same units and seed give the same turfs, in whatever
    order the rows come.

    Parameters
    ----------
    units
        Polygons in a projected CRS (m), one row for each unit, with a unique index.
    doors
        Column to balance: doors, or hours from :func:`geo.canvass.turfs.turf_hours`. NA is refused.
    n, doors_per_turf
        Number of turfs, or doors a turf should have; exactly one of them.
    tolerance
        Deviation that is acceptable, as a share.
    barriers
        Lines that nobody walks across, and points where one can, in the CRS of ``units``.
    keep
        Turf of units that must stay in it, from 0 to n - 1, by the units' index; NA leaves free.
    seed
        Of the search.

    Returns
    -------
    TurfCut
        ``labels``, ``turfs``, ``bound``, and the names of what is special.

    Raises
    ------
    CRSError
        A CRS is missing, not projected, or differs.
    SchemaError
        Doors are missing or negative, units doubled, or ``keep`` names unknown units.
    GeometryError
        A unit has no valid polygon, or a barrier is neither line nor point.
    InfeasibleError
        More turfs than units, a turf larger than all doors, both or neither of ``n`` and
        ``doors_per_turf``, or demands that exclude each other.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(x, y, x + 100, y + 100) for x in range(0, 600, 100) for y in range(0, 600, 100)]
    >>> blocks = gpd.GeoDataFrame({"doors": [10] * 36}, geometry=squares, crs="EPSG:3310")
    >>> cut = cut_turfs(blocks, doors="doors", n=4)
    >>> cut.turfs["doors"].tolist(), cut.worst, cut.bound
    ([90.0, 90.0, 90.0, 90.0], 0.0, 0.0)
    >>> cut.turfs["compactness"].round(3).tolist()
    [0.785, 0.785, 0.785, 0.785]
    """
    check_units(units, doors)
    check_tolerance(tolerance)
    count = turf_count(len(units), float(units[doors].sum()), n, doors_per_turf)
    order = np.argsort(units.index.astype(str).to_numpy(dtype=str), kind="stable")
    ground = build_ground(units.iloc[order], doors, count, barriers)
    kept = kept_labels(keep, ground.units.index, count)
    found = solve(ground.adjacency, ground.doors, count, tolerance=tolerance, kept=kept, seed=seed)
    labels = pd.Series(_numbered(ground, found, kept), index=ground.units.index).loc[units.index]
    back = np.argsort(order, kind="stable")
    bound = prove_bound(ground.adjacency, ground.doors, count)
    return to_cut(_reordered(ground, back), labels, tolerance, bound=bound)


def build_ground(
    units: gpd.GeoDataFrame, doors: str, count: int, barriers: gpd.GeoDataFrame | None = None
) -> Ground:
    """Find neighbours, join small islands, and name the separate pieces.

    Raises
    ------
    CRSError
        A CRS is not projected, or differs.
    InfeasibleError
        Barriers leave more pieces than turfs.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(0, 0, 1, 1), box(3, 0, 4, 1)]
    >>> units = gpd.GeoDataFrame({"doors": [5, 5]}, geometry=squares, crs="EPSG:3310")
    >>> [piece.tolist() for piece in build_ground(units, "doors", 2).pieces]
    [[0], [1]]
    """
    ours = gpd.GeoDataFrame({"doors": units[doors].astype("float64")}, geometry=units.geometry, crs=units.crs)
    counts = ours["doors"].to_numpy(dtype=np.float64)
    adjacency = build_adjacency(ours, barriers)
    pieces = _named_pieces(ours.index, adjacency.pieces(), counts)
    linked, links = link_islands(ours, adjacency, counts, count, barriers)
    return Ground(ours, linked, _link_table(ours.index, links), pieces)


def _named_pieces(index: pd.Index[Any], pieces: Ints, doors: Floats) -> tuple[pd.Index[Any], ...]:
    sums = np.bincount(pieces, doors)
    return tuple(index[pieces == piece] for piece in np.argsort(-sums, kind="stable"))


def _link_table(index: pd.Index[Any], links: list[Link]) -> pd.DataFrame:
    rows = [(index[link.unit], index[link.joined_to], link.gap_m, link.over_barrier) for link in links]
    return pd.DataFrame(rows, columns=list(LINK_COLUMNS))


def _numbered(ground: Ground, labels: Ints, kept: dict[int, int]) -> Ints:
    """Count the turfs off from north to south; labels of kept units stay."""
    heights = shapely.get_y(shapely.centroid(np.asarray(ground.units.geometry.array, dtype=object)))
    areas = ground.adjacency.area_m2
    fixed = set(kept.values())
    names = [turf for turf in np.unique(labels).tolist() if turf not in fixed]
    height = {turf: np.average(heights[labels == turf], weights=areas[labels == turf]) for turf in names}
    renamed = {turf: turf for turf in fixed}
    renamed |= dict(zip(sorted(names, key=lambda turf: (-height[turf], turf)), sorted(names), strict=True))
    return np.array([renamed[turf] for turf in labels.tolist()], dtype=np.int64)


def _reordered(ground: Ground, order: Ints) -> Ground:
    """Put the units of a ground in another order."""
    units = ground.units.iloc[order]
    return Ground(units, ground.adjacency.subset(order), ground.links, ground.pieces)
