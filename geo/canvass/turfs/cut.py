"""Cut an area into turfs that are equal in work, connected and compact; the cut and its hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point

from geo.canvass.turfs.check import check_doors, check_tolerance, check_units, kept_labels, turf_count
from geo.crs import require_projected
from geo.errors import InfeasibleError, SchemaError, first_ids
from geo.language import gettext as _
from geo.methods.geometry import polsby_popper
from geo.methods.partition.adjacency import Adjacency, Floats, Ints, build_adjacency
from geo.methods.partition.annealing import Tell, tell_nobody
from geo.methods.partition.bound import prove_bound
from geo.methods.partition.plan import Link, link_islands, oversize_units
from geo.methods.partition.search import solve

LINK_COLUMNS = ("unit", "joined_to", "gap_m", "over_barrier")


@dataclass(frozen=True, eq=False)
class Ground:
    """What is cut: units with their doors, and which are neighbors. It stays while cuts change.

    Attributes
    ----------
    units
        Columns ``doors`` and ``geometry``, in a projected CRS (m).
    adjacency
        Neighbors by position in ``units``, links of small islands included.
    links
        Small islands and what they were joined to: unit, joined_to, gap_m, over_barrier.
    pieces
        The connected pieces before links, largest first; one alone where all hangs together.
    """

    units: gpd.GeoDataFrame
    adjacency: Adjacency
    links: pd.DataFrame
    pieces: tuple[pd.Index[Any], ...]

    @property
    def doors(self) -> Floats:
        """Doors of every unit, by position."""
        return self.units["doors"].to_numpy(dtype=np.float64)


@dataclass(frozen=True, eq=False)
class TurfCut:
    """Units cut into turfs.

    Attributes
    ----------
    labels
        The turf of every unit, on the units' index; 0 to n - 1 from an automatic cut.
    turfs
        One row for each turf: ``doors``, ``deviation`` (|doors - mean| / mean; NA for a finished
        turf), ``compactness`` (Polsby-Popper), ``units`` (how many) and ``geometry`` in the CRS of
        the units.
    bound
        No cut of these units into as many connected turfs has a smaller worst deviation.
    tolerance
        The deviation that was asked for.
    oversize, no_doors
        Units with more doors than a turf may have, and units without any.
    ground
        What was cut, with ``links`` of small islands and separate ``pieces``.
    finished
        Turfs that are done: never changed, and outside of the balance.

    Examples
    --------
    >>> from geo.canvass.turfs import cut_turfs
    >>> from shapely.geometry import box
    >>> squares = [box(i, 0, i + 1, 1) for i in range(4)]
    >>> row = gpd.GeoDataFrame({"doors": [1, 2, 2, 1]}, geometry=squares, crs="EPSG:3310")
    >>> cut = cut_turfs(row, doors="doors", n=2)
    >>> cut.worst, cut.within_tolerance, cut.mean_doors, cut.open_turfs, len(cut.pieces)
    (0.0, True, 3.0, [0, 1], 1)
    """

    labels: pd.Series[int]
    turfs: gpd.GeoDataFrame
    bound: float
    tolerance: float
    oversize: pd.Index[Any]
    no_doors: pd.Index[Any]
    ground: Ground
    finished: frozenset[int] = field(default_factory=frozenset)

    @property
    def worst(self) -> float:
        """Largest deviation of a turf that is not finished."""
        return float(self.turfs["deviation"].max())

    @property
    def within_tolerance(self) -> bool:
        """Whether every turf that is not finished is within the tolerance."""
        return self.worst <= self.tolerance + 1e-9

    @property
    def mean_doors(self) -> float:
        """Doors of an average turf that is not finished."""
        return float(self.turfs.loc[self.open_turfs, "doors"].mean())

    @property
    def open_turfs(self) -> list[int]:
        """Turfs that are not finished, in rising order."""
        return [turf for turf in self.turfs.index.tolist() if turf not in self.finished]

    @property
    def pieces(self) -> tuple[pd.Index[Any], ...]:
        """Connected pieces of the units before small islands were joined, largest first."""
        return self.ground.pieces

    @property
    def links(self) -> pd.DataFrame:
        """Small islands and what they were joined to."""
        return self.ground.links

    def require_turfs(self, turfs: Iterable[int]) -> None:
        """Raise unless all ``turfs`` are turfs of this cut.

        Raises
        ------
        SchemaError
            Some are not.
        """
        unknown = [turf for turf in turfs if turf not in self.turfs.index]
        if unknown:
            fault = _("{count} turfs are not in this cut: {names}").format(
                count=len(unknown), names=first_ids(unknown)
            )
            raise SchemaError(fault, _("use one of {choices}").format(choices=first_ids(self.turfs.index)))


def to_cut(
    ground: Ground,
    labels: pd.Series[int],
    tolerance: float,
    *,
    bound: float | None = None,
    finished: frozenset[int] = frozenset(),
) -> TurfCut:
    """Make a cut from labels: balance, shapes and names; the bound is proven unless given.

    Parameters
    ----------
    ground
        What is cut.
    labels
        Turf of every unit, on the index of the ground's units.
    tolerance
        Largest deviation that is accepted.
    bound
        Where it is known already.
    finished
        Turfs outside of the balance.

    Examples
    --------
    >>> from geo.canvass.turfs import cut_turfs
    >>> from shapely.geometry import box
    >>> squares = [box(i, 0, i + 1, 1) for i in range(4)]
    >>> row = gpd.GeoDataFrame({"doors": [1, 1, 1, 1]}, geometry=squares, crs="EPSG:3310")
    >>> cut = cut_turfs(row, doors="doors", n=2)
    >>> to_cut(cut.ground, pd.Series([0, 1, 1, 1], index=row.index), 0.05).turfs["doors"].tolist()
    [1.0, 3.0]
    """
    units = ground.units
    is_open = ~labels.isin(finished).to_numpy()
    open_doors, count = ground.doors[is_open], int(labels[is_open].nunique())
    if bound is None:
        part = ground.adjacency.subset(np.flatnonzero(is_open))
        bound = prove_bound(part, open_doors, count) if open_doors.sum() > 0 else 0.0
    large = np.flatnonzero(is_open)[oversize_units(open_doors, max(count, 1), tolerance)]
    return TurfCut(
        labels=labels.astype("int64").rename("turf"),
        turfs=_turfs(units, labels, finished),
        bound=bound,
        tolerance=tolerance,
        oversize=units.index[large],
        no_doors=units.index[ground.doors <= 0.0],
        ground=ground,
        finished=finished,
    )


def with_labels(cut: TurfCut, labels: pd.Series[int], *, bound: float | None = None) -> TurfCut:
    """Give the same ground other labels; tolerance and finished turfs stay.

    Examples
    --------
    >>> from geo.canvass.turfs import cut_turfs
    >>> from shapely.geometry import box
    >>> squares = [box(i, 0, i + 1, 1) for i in range(4)]
    >>> row = gpd.GeoDataFrame({"doors": [1, 1, 1, 1]}, geometry=squares, crs="EPSG:3310")
    >>> cut = cut_turfs(row, doors="doors", n=2)
    >>> with_labels(cut, cut.labels).worst
    0.0
    """
    return to_cut(cut.ground, labels, cut.tolerance, bound=bound, finished=cut.finished)


def with_doors(ground: Ground, doors: pd.Series[float]) -> Ground:
    """Give the same ground other doors, aligned by the units' index.

    Examples
    --------
    >>> from geo.canvass.turfs.cut import build_ground
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [5]}, geometry=[box(0, 0, 1, 1)], index=["a"], crs="EPSG:3310")
    >>> with_doors(build_ground(units, "doors", 1), pd.Series({"a": 2})).doors.tolist()
    [2.0]
    """
    return replace(ground, units=ground.units.assign(doors=doors.astype("float64")))


def _turfs(units: gpd.GeoDataFrame, labels: pd.Series[int], finished: frozenset[int]) -> gpd.GeoDataFrame:
    """Doors, deviation, compactness, units and outline of every turf."""
    grouped = units.groupby(labels.to_numpy())
    turfs = gpd.GeoDataFrame(
        {"doors": grouped["doors"].sum(), "units": grouped["doors"].size()},
        geometry=[part.geometry.union_all() for _, part in grouped],
        crs=units.crs,
    )
    turfs.index = turfs.index.astype("int64").rename("turf")
    ours = ~turfs.index.isin(list(finished))
    mean = float(turfs.loc[ours, "doors"].mean()) if ours.any() else 1.0
    turfs["deviation"] = ((turfs["doors"] - mean).abs() / (mean or 1.0)).where(ours)
    turfs["compactness"] = polsby_popper(turfs.geometry)
    return turfs[["doors", "deviation", "compactness", "units", "geometry"]]


# Length of the shortest round through n random points in an area A: about 0.7124 sqrt(n A).
ROUND_CONSTANT = 0.7124


def turf_hours(
    units: gpd.GeoDataFrame,
    *,
    doors: str,
    minutes_per_door: float = 5.0,
    walking_kmh: float = 4.5,
    driving_kmh: float = 40.0,
    walk_spacing_m: float = 200.0,
    detour: float = 1.3,
    base: Point | None = None,
) -> pd.DataFrame:
    """Estimate the hours that the doors of each unit (or turf) take.

    Hours are doors times minutes, and the way from door to door. That way is
    ``detour`` x 0.7124 sqrt(doors x area): the length of the shortest round through random points
    (Beardwood, Halton and Hammersley 1959, Proc. Cambridge Philosophical Society 55). It is walked
    where doors lie at most ``walk_spacing_m`` apart, sqrt(area / doors), and driven where they are
    farther, as between ranches. With ``base``, the drive there and back is added; for units that
    are to be cut leave it out, since one drive serves the whole turf.

    Parameters
    ----------
    units
        Polygons in a projected CRS (m): units or turfs.
    doors
        Column of doors, not negative; NA is refused. No doors take no hours.
    minutes_per_door
        Time at a door, whoever opens, in minutes.
    walking_kmh, driving_kmh
        Speeds in km/h.
    walk_spacing_m
        Distance between doors up to which one walks, in m.
    detour
        Way over straight line.
    base
        Where volunteers start from, in the CRS of ``units``.

    Returns
    -------
    DataFrame
        ``door_hours``, ``walking_hours``, ``driving_hours`` and their sum ``hours``.

    Raises
    ------
    CRSError
        The CRS is missing or not projected.
    SchemaError
        Doors are missing or negative.
    InfeasibleError
        A speed or the detour is not positive, or the minutes are negative.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [60]}, geometry=[box(0, 0, 600, 400)], crs="EPSG:3310")
    >>> turf_hours(units, doors="doors").round(2).loc[0].to_dict()
    {'door_hours': 5.0, 'walking_hours': 0.78, 'driving_hours': 0.0, 'hours': 5.78}
    """
    require_projected(units)
    check_doors(units, doors)
    _check_speeds(minutes_per_door, walking_kmh, driving_kmh, detour)
    counts = units[doors].astype("float64")
    area = units.geometry.area
    way_km = detour * ROUND_CONSTANT * (counts * area).pow(0.5) / 1000.0
    on_foot = counts * walk_spacing_m**2 >= area
    trip_km = 0.0 * counts if base is None else 2.0 * detour * units.geometry.distance(base) / 1000.0
    hours = pd.DataFrame(
        {
            "door_hours": counts * minutes_per_door / 60.0,
            "walking_hours": (way_km / walking_kmh).where(on_foot, 0.0),
            "driving_hours": (way_km.where(~on_foot, 0.0) + trip_km.where(counts > 0, 0.0)) / driving_kmh,
        }
    )
    return hours.assign(hours=hours.sum(axis=1))


def _check_speeds(minutes: float, walking: float, driving: float, detour: float) -> None:
    if minutes < 0 or min(walking, driving, detour) <= 0:
        raise InfeasibleError(
            _(
                "{minutes:g} min a door, {walking:g} and {driving:g} km/h, detour {detour:g} make no hours"
            ).format(minutes=minutes, walking=walking, driving=driving, detour=detour),
            _("give speeds and a detour above 0, and minutes of 0 or more"),
        )


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
    tell: Tell = tell_nobody,
) -> TurfCut:
    """Cut ``units`` into turfs of about the same doors, each connected and compact.

    Every unit comes into exactly one turf. Units are neighbors if they share an edge (a corner is
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
    tell
        Is told what share of the search is done, from 0 to 1; what it raises ends it, and nothing is cut.

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
    found = solve(ground.adjacency, ground.doors, count, tolerance=tolerance, kept=kept, seed=seed, tell=tell)
    labels = pd.Series(_numbered(ground, found, kept), index=ground.units.index).loc[units.index]
    back = np.argsort(order, kind="stable")
    bound = prove_bound(ground.adjacency, ground.doors, count)
    return to_cut(_reordered(ground, back), labels, tolerance, bound=bound)


def build_ground(
    units: gpd.GeoDataFrame, doors: str, count: int, barriers: gpd.GeoDataFrame | None = None
) -> Ground:
    """Find neighbors, join small islands, and name the separate pieces.

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
