"""A cut as it is handed around: labels, turfs with their balance and shape, and what is special."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import SchemaError, first_ids
from geo.language import gettext as _
from geo.methods.geometry import polsby_popper
from geo.methods.partition.adjacency import Adjacency, Floats
from geo.methods.partition.bound import prove_bound
from geo.methods.partition.plan import oversize_units

LINK_COLUMNS = ("unit", "joined_to", "gap_m", "over_barrier")


@dataclass(frozen=True, eq=False)
class Ground:
    """What is cut: units with their doors, and which are neighbours. It stays while cuts change.

    Attributes
    ----------
    units
        Columns ``doors`` and ``geometry``, in a projected CRS (m).
    adjacency
        Neighbours by position in ``units``, links of small islands included.
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
