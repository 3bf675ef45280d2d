"""Cut a canvass's target as a person asks for it: so many turfs, or so many doors or hours a turf."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.canvass.turfs import TurfCut, cut_turfs, turf_hours
from geo.canvass.turfs.check import check_units, turf_count
from geo.language import mark as N_

MINUTES_PER_DOOR = 5.0
WAYS: Mapping[str, str] = {
    "n": N_("Turfs, equal in doors"),
    "n_hours": N_("Turfs, equal in hours"),
    "doors": N_("Doors a turf"),
    "hours": N_("Hours a turf"),
}
"""How many turfs: their number, or what each holds; marked for translation."""


@dataclass(frozen=True, slots=True)
class CutWish:
    """How a cut is asked for: a key of :data:`WAYS`, how many of it, minutes at a door, a share, a seed."""

    way: str = "n"
    count: int = 12
    minutes_per_door: float = MINUTES_PER_DOOR
    tolerance: float = 0.05
    seed: int = 0

    @property
    def balance(self) -> str:
        """Column that is balanced."""
        return "hours" if self.way in ("n_hours", "hours") else "doors"

    @property
    def number(self) -> int | None:
        """Turfs asked for; None where doors or hours a turf are."""
        return self.count if self.way in ("n", "n_hours") else None


def with_hours(units: gpd.GeoDataFrame, minutes_per_door: float = MINUTES_PER_DOOR) -> gpd.GeoDataFrame:
    """Add to units the ``hours`` that they take: doors, and the way from door to door.

    See :func:`geo.canvass.turfs.turf_hours`.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [60]}, geometry=[box(0, 0, 600, 400)], crs="EPSG:3310")
    >>> with_hours(units)["hours"].round(2).tolist()
    [5.78]
    """
    return units.assign(hours=turf_hours(units, doors="doors", minutes_per_door=minutes_per_door)["hours"])


def cut_target(
    units: gpd.GeoDataFrame,
    wish: CutWish,
    *,
    barriers: gpd.GeoDataFrame | None = None,
    before: TurfCut | None = None,
    stay: Collection[int] = (),
) -> TurfCut:
    """Cut units as asked for; see :func:`geo.canvass.turfs.cut_turfs`.

    Parameters
    ----------
    units
        From :func:`with_hours`.
    wish
        How many turfs, and of what.
    barriers
        As for :func:`geo.canvass.turfs.cut_turfs`.
    before, stay
        An earlier cut and those of its turfs whose units stay together; others may join them.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(x, 0, x + 100, 100) for x in range(0, 600, 100)]
    >>> units = gpd.GeoDataFrame({"doors": [10] * 6}, geometry=squares, crs="EPSG:3310")
    >>> cut_target(with_hours(units), CutWish("doors", 20)).turfs["doors"].tolist()
    [20.0, 20.0, 20.0]
    """
    check_units(units, wish.balance)
    per_turf = None if wish.number else float(wish.count)
    keep = None
    if before is not None and stay:
        total = float(units[wish.balance].sum())
        count = turf_count(len(units), total, wish.number, per_turf)
        keep = kept_blocks(before, stay, units.index, count)
    return cut_turfs(
        units,
        doors=wish.balance,
        n=wish.number,
        doors_per_turf=per_turf,
        tolerance=wish.tolerance,
        barriers=barriers,
        keep=keep,
        seed=wish.seed,
    )


def kept_blocks(cut: TurfCut, turfs: Collection[int], units: pd.Index[Any], count: int) -> dict[Any, int]:
    """Return the turf of each unit of the ``turfs`` for another cut of ``count`` turfs of ``units``.

    A number that the new cut does not have is replaced by the lowest that is free.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(x, 0, x + 100, 100) for x in range(0, 400, 100)]
    >>> units = gpd.GeoDataFrame({"doors": [10] * 4}, geometry=squares, crs="EPSG:3310")
    >>> cut = cut_turfs(units, doors="doors", n=2, keep={0: 0, 3: 1})
    >>> kept_blocks(cut, [1], units.index, 1)
    {2: 0, 3: 0}
    """
    stay = [turf for turf in turfs if turf < count]
    free = [number for number in range(count) if number not in stay]
    names = {turf: turf for turf in stay}
    names |= dict(zip([turf for turf in turfs if turf >= count], free, strict=False))
    members = cut.labels[cut.labels.isin(list(names)) & cut.labels.index.isin(units)]
    return {unit: names[int(turf)] for unit, turf in members.items()}
