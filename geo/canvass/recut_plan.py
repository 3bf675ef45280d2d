"""Cut kept turfs again when a volunteer drops out or doors are done: what would change, before it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.canvass.codes import Disposition, TurfStatus
from geo.canvass.stretches import count_doors, even_stretches, known_units, read_stretch, resolve_units
from geo.canvass.turf_plan import MINUTES_PER_DOOR, with_hours
from geo.canvass.turfs import TurfCut, changed_turfs, recut_turfs
from geo.canvass.turfs.cut import build_ground, to_cut
from geo.errors import SchemaError, first_ids
from geo.language import gettext as _
from geo.language import ngettext

FINAL = frozenset(
    {
        Disposition.SPOKE,
        Disposition.REFUSED,
        Disposition.MOVED,
        Disposition.VACANT,
        Disposition.DO_NOT_KNOCK,
    }
)
"""What needs no second visit: nobody is at home, a language or an hour is needed elsewhere."""
CLOSED = frozenset({TurfStatus.RETURNED, TurfStatus.DONE, TurfStatus.PROBLEM})
"""What is not cut again unless its volunteer is gone; what is done never is."""


@dataclass(frozen=True, slots=True)
class RecutWish:
    """What is asked for.

    ``dropped`` are codes whose volunteer is gone, ``added`` turfs more; ``out_may_change`` allows to
    change turfs that volunteers hold; ``balance`` is ``doors`` or ``hours``, the ``tolerance`` a share.
    """

    dropped: tuple[str, ...] = ()
    added: int = 0
    out_may_change: bool = False
    tolerance: float = 0.05
    balance: str = "doors"
    minutes_per_door: float = MINUTES_PER_DOOR
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Recut:
    """A cut again that is not kept yet.

    ``rows`` tells of every turf, before or after: ``before`` and ``after`` (units), ``doors``, ``hours``,
    ``households`` and ``population`` after, ``change`` (``same``, ``changed``, ``gone`` or ``new``); its
    index is the code that stands, or ``new 1``, ``new 2``.
    """

    before: TurfCut
    after: TurfCut
    rows: pd.DataFrame

    def codes(self, change: str) -> list[str]:
        """Name the turfs of a kind of change."""
        return [str(code) for code in self.rows.index[self.rows["change"] == change]]


def doors_left(units: gpd.GeoDataFrame, visits: pd.DataFrame) -> pd.Series[float]:
    """Doors of each unit where nothing final happened yet: not spoke, refused, moved or vacant.

    Examples
    --------
    >>> units = gpd.GeoDataFrame({"doors": [10.0]}, index=["u"])
    >>> row = {"unit": ["u", "u"], "door": ["1", "1"], "id": ["a", "b"], "disposition": ["spoke", "spoke"]}
    >>> doors_left(units, pd.DataFrame(row)).tolist()
    [9.0]
    """
    final = visits[visits["disposition"].isin([str(item) for item in FINAL])]
    doors = final["door"].where(final["door"] != "", final["id"])
    done = doors.groupby(final["unit"]).nunique().reindex(units.index, fill_value=0)
    return (units["doors"].astype("float64") - done).clip(lower=0.0)


def frozen_codes(turfs: pd.DataFrame, tallied: Collection[str], wish: RecutWish) -> list[str]:
    """Name the turfs that a cut again must not touch.

    Those that are done; those with totals from paper, of which nobody knows the doors; those that are
    returned or have a problem, unless their volunteer is gone; and those that are out, unless they may
    change.

    Raises
    ------
    SchemaError
        A turf whose volunteer is gone is done, or has totals from paper.

    Examples
    --------
    >>> turfs = pd.DataFrame({"status": ["done", "out", "ready"]}, index=["A", "B", "C"])
    >>> frozen_codes(turfs, [], RecutWish(dropped=("C",)))
    ['A', 'B']
    """
    never = (turfs["status"] == str(TurfStatus.DONE)) | turfs.index.isin(list(tallied))
    wrong = [code for code in wish.dropped if bool(never.get(code, True))]
    if wrong:
        raise SchemaError(
            _(
                "{count} turfs are done or have totals from paper ({names}): their doors cannot be told apart"
            ).format(count=len(wrong), names=first_ids(wrong)),
            _("leave them as they are, and cut again around the others"),
        )
    gone = turfs.index.isin(wish.dropped)
    closed = turfs["status"].isin([str(item) for item in CLOSED])
    out = (turfs["status"] == str(TurfStatus.OUT)) & (not wish.out_may_change)
    return turfs.index[never | ((closed | out) & ~gone)].tolist()


PARTS_OF_TURF = 10


def fine_turfs(turfs: pd.DataFrame, doors: pd.Series[float], visited: Collection[str]) -> pd.DataFrame:
    """Divide the units of turfs that hold stretches, so that they can be cut again as evenly as before.

    Parameters
    ----------
    turfs
        ``units`` (a tuple) by code.
    doors
        By unit.
    visited
        Units with a return: these stay whole, as nobody knows which of their doors it was.

    Examples
    --------
    >>> turfs = pd.DataFrame({"units": [("b-1-4-9",), ("b-5-9-9",)]}, index=["T", "V"])
    >>> fine_turfs(turfs, pd.Series({"b": 9.0}), ["b-1-4-9"])["units"].tolist()[0]
    ('b-1-4-9',)
    >>> len(fine_turfs(turfs, pd.Series({"b": 9.0}), [])["units"].iloc[1])
    5
    """
    names = [name for members in turfs["units"] for name in members]
    if not any(read_stretch(name).of for name in names):
        return turfs
    most = max(1, int(count_doors(names, doors) / len(turfs) / PARTS_OF_TURF))
    divided = [
        tuple(
            part
            for name in members
            for part in (
                (name,) if name in visited else even_stretches(name, round(count_doors([name], doors)), most)
            )
        )
        for members in turfs["units"]
    ]
    return turfs.assign(units=pd.Series(divided, index=turfs.index, dtype=object))


def plan_recut(
    turfs: pd.DataFrame,
    units: gpd.GeoDataFrame,
    left: pd.Series[float],
    frozen: Collection[str],
    wish: RecutWish,
    barriers: gpd.GeoDataFrame | None = None,
) -> Recut:
    """Cut kept turfs again around what changed; see :func:`geo.canvass.turfs.recut_turfs`.

    Parameters
    ----------
    turfs
        ``units`` (a tuple) by code: those of one cut that stand.
    units
        Units in a projected CRS (m), with ``doors``, ``households`` and ``population``.
    left
        Doors still to do by unit.
    frozen
        Codes that must stay.
    wish
        What is asked for.
    barriers
        As for :func:`geo.canvass.turfs.cut_turfs`.

    Raises
    ------
    SchemaError, InfeasibleError
        As :func:`geo.canvass.turfs.recut_turfs`; or blocks of the turfs are not there any more.
    """
    ours = [unit for members in turfs["units"] for unit in members]
    lacking = sorted(set(ours) - set(known_units(ours, units)))
    if lacking:
        raise SchemaError(
            _("{count} blocks of these turfs are not in the data any more ({names})").format(
                count=len(lacking), names=first_ids(lacking)
            ),
            _("the data were built from other blocks: cut these turfs anew"),
        )
    number = {code: place for place, code in enumerate(turfs.index)}
    labels = {unit: number[code] for code, members in turfs["units"].items() for unit in members}
    full = with_hours(resolve_units(units, ours), wish.minutes_per_door)
    todo = full.assign(doors=left.reindex(full.index).astype("float64"))
    balanced = with_hours(todo, wish.minutes_per_door)[wish.balance]
    ground = build_ground(full, wish.balance, len(turfs), barriers)
    first = to_cut(ground, pd.Series(labels, dtype="int64").loc[full.index], wish.tolerance, bound=0.0)
    after = recut_turfs(
        first,
        doors=balanced,
        dropped=[number[code] for code in wish.dropped],
        finished=[number[code] for code in frozen if code in number],
        added=wish.added,
        seed=wish.seed,
    )
    return Recut(first, after, _rows(first, after, full, list(turfs.index)))


def recut_words(recut: Recut, turfs: pd.DataFrame) -> str:
    """Say how many turfs change, which of them somebody holds, and how even the cut is then.

    Parameters
    ----------
    turfs
        ``status`` and ``volunteer`` by code.
    """
    changed, gone, new = (recut.codes(kind) for kind in ("changed", "gone", "new"))
    held = turfs.loc[[code for code in changed if turfs.loc[code, "status"] == str(TurfStatus.OUT)]]
    parts = [
        ngettext("{count} turf changes", "{count} turfs change", len(changed)).format(count=len(changed)),
        _("{count} disappear").format(count=len(gone)),
        _("{count} are added").format(count=len(new)),
        _("{count} stay as they are").format(count=len(recut.codes("same"))),
    ]
    words = ", ".join(parts) + ". "
    if len(held):
        names = [f"{code} ({who})" if who else code for code, who in held["volunteer"].items()]
        words += _("These are out, and whoever has them needs a new list: {names}.").format(
            names=", ".join(map(str, names))
        )
    else:
        words += _("No turf that is out changes.")
    worst = recut.after.worst
    known = "" if np.isnan(worst) else f"{100 * worst:.1f}"
    return f"{words} {_('The least even turf differs from the average by {worst} %.').format(worst=known)}"


def _rows(first: TurfCut, after: TurfCut, units: gpd.GeoDataFrame, codes: list[str]) -> pd.DataFrame:
    """Tell of every turf what it was and what it is."""
    moved = set(changed_turfs(first, after))
    was, now = _members(first), _members(after)
    fresh = sorted(set(now) - set(was))
    names: Mapping[int, str] = dict(enumerate(codes)) | {
        turf: _("new {number}").format(number=place) for place, turf in enumerate(fresh, start=1)
    }
    columns = ["doors", "hours", "households", "population"]
    sums = units[columns].groupby(after.labels.reindex(units.index)).sum()
    rows = {
        names[turf]: {
            "before": was.get(turf, ()),
            "after": now.get(turf, ()),
            "change": _change(turf, was, now, moved),
        }
        for turf in sorted({*was, *now})
    }
    numbers = sums.reindex(sorted({*was, *now})).set_axis(list(rows))
    return pd.DataFrame.from_dict(rows, orient="index").join(numbers)


def _members(cut: TurfCut) -> dict[int, tuple[str, ...]]:
    groups = cut.labels.groupby(cut.labels).groups
    return {int(str(turf)): tuple(map(str, part)) for turf, part in groups.items()}


def _change(
    turf: int, was: Mapping[int, tuple[str, ...]], now: Mapping[int, tuple[str, ...]], moved: set[int]
) -> str:
    if turf not in now:
        return "gone"
    if turf not in was:
        return "new"
    return "changed" if turf in moved else "same"
