"""What a cut takes from turfs that are ready: the doors that it covers, and those that it leaves of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.canvass.codes import TurfStatus
from geo.canvass.stretches import count_doors, resolve_units, share_doors, without
from geo.canvass.turf_plan import with_hours
from geo.errors import first_ids
from geo.language import gettext as _
from geo.language import ngettext

COUNTS = ["doors", "households", "population", "hours"]


@dataclass(frozen=True, eq=False)
class Overlap:
    """What becomes of the turfs that stand when a cut is kept.

    Attributes
    ----------
    rests
        By code, the ready turfs that share units with the cut: ``units`` that it leaves of each (a tuple),
        their ``doors``, ``households``, ``population`` and ``hours``, and ``taken``, doors that it covers.
    standing
        Units of all other turfs: these stay as they are.
    """

    rests: pd.DataFrame
    standing: frozenset[str]

    @property
    def left(self) -> pd.DataFrame:
        """The rests that have doors: somebody must say what becomes of them."""
        return self.rests[self.rests["doors"] > 0]

    @property
    def doors_left(self) -> int:
        """Doors of all rests."""
        return int(self.rests["doors"].sum())

    def rest_units(self) -> set[str]:
        """Units of all rests."""
        return {unit for members in self.rests["units"] for unit in members}


def find_overlap(
    turfs: pd.DataFrame,
    in_hand: Collection[str],
    cut_units: Collection[str],
    units: gpd.GeoDataFrame,
    minutes_per_door: float,
) -> Overlap:
    """Tell which ready turfs a cut replaces, and what it leaves of each.

    Parameters
    ----------
    turfs
        ``units`` (a tuple) and ``status`` by code, of all turfs that stand.
    in_hand
        Units of turfs that are not replaced: out, done, or with returns.
    cut_units
        Units of the cut.
    units
        All units in a projected CRS (m); a missing count of doors is no door.
    minutes_per_door
        As the cut was asked for.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(0, 0, 100, 100), box(100, 0, 200, 100)]
    >>> counts = {"doors": [8.0, 5.0], "households": [7.0, 5.0], "population": [20.0, 9.0]}
    >>> units = gpd.GeoDataFrame(counts, geometry=squares, index=["a", "b"], crs="EPSG:3310")
    >>> turfs = pd.DataFrame({"units": [("a", "b")], "status": ["ready"]}, index=["T"])
    >>> find_overlap(turfs, [], ["a"], units, 5).rests[["units", "taken", "doors"]].values.tolist()
    [[('b',), 8, 5]]
    """
    ours, busy = set(cut_units), set(in_hand)
    rows, standing = {}, set()
    for code, status, members in zip(turfs.index, turfs["status"], turfs["units"], strict=True):
        if not share_doors(members, ours) or busy & set(members) or status != str(TurfStatus.READY):
            standing |= set(members)
            continue
        rest = without(members, ours)
        full = _housed(units, rest, minutes_per_door)
        taken = count_doors(members, units["doors"]) - count_doors(rest, units["doors"])
        sums = full[COUNTS].astype("float64").sum()
        rows[code] = {"units": rest, "taken": round(taken), **sums.round(1).to_dict()}
    rests = pd.DataFrame.from_dict(rows, orient="index", columns=["units", "taken", *COUNTS])
    whole = ["taken", "doors", "households", "population"]
    return Overlap(rests.astype(dict.fromkeys(whole, "int64")), frozenset(standing))


def _housed(units: gpd.GeoDataFrame, names: Sequence[str], minutes_per_door: float) -> pd.DataFrame:
    """Return units with their hours; none where they have no doors."""
    rows = resolve_units(units, names)
    rows = rows.assign(doors=rows["doors"].astype("float64").fillna(0.0))
    return with_hours(rows, minutes_per_door) if rows["doors"].sum() else rows.assign(hours=0.0)


def overlap_words(overlap: Overlap) -> str:
    """Say which ready turfs a cut replaces, and how many of their doors it leaves; empty where none.

    Examples
    --------
    >>> row = {"units": [("b",)], "taken": [8], "doors": [5]}
    >>> print(overlap_words(Overlap(pd.DataFrame(row, index=["T"]), frozenset())))
    Keeping this cut withdraws 1 turf that is ready: T. 8 of its doors are in this cut, 5 are not.
    """
    rests = overlap.rests
    if rests.empty:
        return ""
    words = ngettext(
        "Keeping this cut withdraws {count} turf that is ready: {codes}. {taken} of its doors are in this "
        "cut, {left} are not.",
        "Keeping this cut withdraws {count} turfs that are ready: {codes}. {taken} of their doors are in "
        "this cut, {left} are not.",
        len(rests),
    )
    taken, left = f"{int(rests['taken'].sum()):,}", f"{overlap.doors_left:,}"
    return words.format(count=len(rests), codes=first_ids(rests.index), taken=taken, left=left)


def unsettled_words(overlap: Overlap) -> tuple[str, str]:
    """Say what nobody decided yet, and what to do; for a refusal.

    Examples
    --------
    >>> row = {"units": [("b",)], "taken": [8], "doors": [5]}
    >>> unsettled_words(Overlap(pd.DataFrame(row, index=["T"]), frozenset()))[0]
    '5 doors of ready turfs that this cut withdraws are not in it'
    """
    fault = _("{doors} doors of ready turfs that this cut withdraws are not in it")
    remedy = _("say what becomes of these doors; nothing was written")
    return fault.format(doors=f"{overlap.doors_left:,}"), remedy
