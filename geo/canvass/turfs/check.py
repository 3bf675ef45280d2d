"""What a cut refuses, each with what, how many, which and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import require_projected
from geo.errors import GeometryError, InfeasibleError, SchemaError, first_ids
from geo.language import gettext as _

POLYGONS = ("Polygon", "MultiPolygon")


def check_units(units: gpd.GeoDataFrame, doors: str) -> None:
    """Raise unless ``units`` can be cut: polygons in a projected CRS, each with a count of doors.

    Raises
    ------
    CRSError
        The CRS is missing or not projected.
    SchemaError
        No units, doubled index, no column ``doors``, or doors that are missing, negative or no number.
    GeometryError
        A geometry is missing, empty, invalid or no polygon.
    InfeasibleError
        There are no doors at all.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [3]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:3310")
    >>> check_units(units, "doors")
    """
    require_projected(units)
    if units.empty:
        raise SchemaError(_("there are no units to cut"), _("choose a larger area"))
    doubled = units.index[units.index.duplicated()]
    if len(doubled):
        fault = _("{count} units appear more than once: {names}").format(
            count=len(doubled), names=first_ids(doubled)
        )
        raise SchemaError(fault, _("keep one row for each unit"))
    _check_shapes(units)
    check_doors(units, doors)


def _check_shapes(units: gpd.GeoDataFrame) -> None:
    shapes = units.geometry
    lacking = shapes.isna() | shapes.is_empty | ~shapes.geom_type.isin(POLYGONS)
    if lacking.any():
        fault = _("{count} units have no polygon: {names}").format(
            count=int(lacking.sum()), names=first_ids(units.index[lacking])
        )
        raise GeometryError(fault, _("give each unit a polygon, or leave it out"))
    broken = ~shapes.is_valid
    if broken.any():
        fault = _("{count} units have an invalid geometry: {names}").format(
            count=int(broken.sum()), names=first_ids(units.index[broken])
        )
        raise GeometryError(fault, _("repair them with make_valid"))


def check_doors(units: pd.DataFrame, doors: str) -> None:
    """Raise unless the column ``doors`` holds a number, not negative, for every unit.

    Raises
    ------
    SchemaError
        The column is missing, or holds text, NA, infinite or negative values.
    InfeasibleError
        The doors add up to none.

    Examples
    --------
    >>> check_doors(pd.DataFrame({"doors": [3, 0]}), "doors")
    """
    if doors not in units.columns:
        raise SchemaError(
            _("there is no column {doors!r}").format(doors=doors),
            _("name one of {choices}").format(choices=first_ids(units.columns)),
        )
    counts = pd.to_numeric(units[doors], errors="coerce").astype("float64")
    for wrong, word in (
        (counts.isna(), _("no number of")),
        (counts < 0, _("negative")),
        (np.isinf(counts), _("endless")),
    ):
        if wrong.any():
            fault = _("{count} units have {word} {doors!r}: {names}").format(
                count=int(wrong.sum()), word=word, doors=doors, names=first_ids(units.index[wrong])
            )
            raise SchemaError(fault, _("give each unit its doors, 0 where there are none"))
    if counts.sum() <= 0:
        raise InfeasibleError(
            _("the {count} units have no doors").format(count=len(units)),
            _("choose an area where people live"),
        )


def turf_count(units: int, total: float, n: int | None, doors_per_turf: float | None) -> int:
    """Take ``n``, or the doors of all units over ``doors_per_turf``, rounded, as the number of turfs.

    Raises
    ------
    InfeasibleError
        Both or neither are given, there are fewer units than turfs, or one turf would take more
        than all doors.

    Examples
    --------
    >>> turf_count(units=90, total=1000.0, n=None, doors_per_turf=80)
    12
    """
    if (n is None) == (doors_per_turf is None):
        which = _("neither") if n is None else _("both")
        raise InfeasibleError(
            _("{which} of n and doors_per_turf given").format(which=which), _("give exactly one of them")
        )
    if n is None:
        n = _count_for(total, float(doors_per_turf or 0.0))
    if isinstance(n, bool) or int(n) != n or n < 1:
        raise InfeasibleError(
            _("{count} turfs cannot be cut").format(count=n), _("ask for a whole number, 1 or more")
        )
    if n > units:
        raise InfeasibleError(
            _("{count} turfs were asked for, but there are only {units} units").format(count=n, units=units),
            _("ask for fewer turfs, or choose a larger area"),
        )
    return int(n)


def _count_for(total: float, doors_per_turf: float) -> int:
    if not doors_per_turf > 0:
        raise InfeasibleError(
            _("{count} doors a turf make no turf").format(count=f"{doors_per_turf:g}"), _("give more than 0")
        )
    if doors_per_turf > total:
        raise InfeasibleError(
            _("a turf of {count} was asked for, but all units have {total}").format(
                count=f"{doors_per_turf:g}", total=f"{total:g}"
            ),
            _("ask for less a turf, or choose a larger area"),
        )
    return max(1, round(total / doors_per_turf))


def check_tolerance(tolerance: float) -> None:
    """Raise unless ``tolerance`` is a share between 0 and 1.

    Raises
    ------
    InfeasibleError
        It is not.

    Examples
    --------
    >>> check_tolerance(0.05)
    """
    if not 0.0 <= tolerance < 1.0:
        raise InfeasibleError(
            _("a tolerance of {tolerance:g} is no share").format(tolerance=tolerance),
            _("give e.g. 0.05 for 5 %"),
        )


def kept_labels(
    keep: pd.Series[int] | Mapping[Any, int] | None, index: pd.Index[Any], count: int
) -> dict[int, int]:
    """Position and turf of every unit that ``keep`` fixes; a missing turf leaves its unit free.

    Raises
    ------
    SchemaError
        ``keep`` names units that are not there, or one unit twice.
    InfeasibleError
        It names turfs other than 0 to ``count`` - 1.

    Examples
    --------
    >>> kept_labels({"b": 1}, pd.Index(["a", "b"]), 2)
    {1: 1}
    """
    if keep is None:
        return {}
    wanted = pd.Series(keep, dtype="Float64").dropna()
    places = index.get_indexer(wanted.index)
    if (places < 0).any():
        unknown = wanted.index[places < 0]
        fault = _("keep names {count} units that are not there: {names}").format(
            count=len(unknown), names=first_ids(unknown)
        )
        raise SchemaError(fault, _("take them out, or add them to the units"))
    if wanted.index.has_duplicates:
        doubled = wanted.index[wanted.index.duplicated()]
        raise SchemaError(
            _("keep names {count} units twice: {names}").format(count=len(doubled), names=first_ids(doubled)),
            _("keep one turf for each"),
        )
    labels = wanted.astype("int64")
    outside = sorted(set(labels[(labels < 0) | (labels >= count)]))
    if outside:
        raise InfeasibleError(
            _("keep names {count} turfs beyond the {count2} that are cut: {names}").format(
                count=len(outside), count2=count, names=first_ids(outside)
            ),
            _("use turfs 0 to {last}, or cut more").format(last=count - 1),
        )
    return dict(zip(places.tolist(), labels.tolist(), strict=True))
