"""Change a cut by hand: move a unit, split, merge; undo and redo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from geo.canvass.turfs.cut import TurfCut, with_labels
from geo.errors import InfeasibleError, SchemaError, first_ids
from geo.language import gettext as _
from geo.methods.partition.adjacency import connected
from geo.methods.partition.search import solve


@dataclass(frozen=True, eq=False)
class Step:
    """What a cut was at one time: the turf of every unit, the bound, and the cut where it was made here."""

    labels: pd.Series[int]
    bound: float
    cut: TurfCut | None = None


@dataclass
class TurfHistory:
    """A cut with what it was before; what is cut, and the tolerance, stay.

    Examples
    --------
    >>> from geo.canvass.turfs import merge_turfs
    >>> from geo.canvass.turfs.edit import _example
    >>> history = TurfHistory(_example())
    >>> history.change(merge_turfs(history.now, 0, 1)).turfs.index.tolist()
    [0]
    >>> history.undo().turfs.index.tolist()
    [0, 1]
    """

    now: TurfCut
    past: list[Step] = field(default_factory=list)
    future: list[Step] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        """All that it was and can be again, oldest first; ``len(past)`` is the place of the present."""
        return [*self.past, _step(self.now), *reversed(self.future)]

    @classmethod
    def of_steps(cls, cut: TurfCut, steps: Sequence[Step], at: int) -> TurfHistory:
        """Put a history together again: ``cut`` gives what is cut, ``at`` the place of the present.

        Examples
        --------
        >>> from geo.canvass.turfs import merge_turfs
        >>> from geo.canvass.turfs.edit import _example
        >>> history = TurfHistory(_example())
        >>> _ = history.change(merge_turfs(history.now, 0, 1))
        >>> TurfHistory.of_steps(history.now, history.steps, 0).redo().turfs.index.tolist()
        [0]
        """
        now = with_labels(cut, steps[at].labels, bound=steps[at].bound)
        return cls(now, list(steps[:at]), list(reversed(steps[at + 1 :])))

    def change(self, cut: TurfCut) -> TurfCut:
        """Make ``cut`` the present one; what was undone before is forgotten."""
        if cut is not self.now:
            self.past.append(_step(self.now))
            self.future.clear()
            self.now = cut
        return cut

    def undo(self) -> TurfCut:
        """Go back one change.

        Raises
        ------
        InfeasibleError
            Nothing was changed.
        """
        if not self.past:
            raise InfeasibleError(_("there is nothing to undo"), _("change a turf first"))
        self.future.append(_step(self.now))
        return self._back(self.past.pop())

    def redo(self) -> TurfCut:
        """Do again what was undone last.

        Raises
        ------
        InfeasibleError
            Nothing was undone.
        """
        if not self.future:
            raise InfeasibleError(_("there is nothing to do again"), _("undo a change first"))
        self.past.append(_step(self.now))
        return self._back(self.future.pop())

    def _back(self, step: Step) -> TurfCut:
        self.now = step.cut or with_labels(self.now, step.labels, bound=step.bound)
        return self.now


def _step(cut: TurfCut) -> Step:
    return Step(cut.labels, cut.bound, cut)


def move_unit(cut: TurfCut, unit: object, to: int) -> TurfCut:
    """Move one unit to a neighboring turf; balance and shapes follow at once.

    Raises
    ------
    SchemaError
        There is no such unit or turf.
    InfeasibleError
        A turf is finished, is not next to the unit, or would fall apart or be left empty.

    Examples
    --------
    >>> cut = _example()
    >>> move_unit(cut, 2, to=0).turfs["doors"].tolist()
    [3.0, 1.0]
    """
    cut.require_turfs([to])
    if unit not in cut.labels.index:
        raise SchemaError(_("there is no unit {unit}").format(unit=unit), _("choose one of the cut"))
    place = int(cut.labels.index.get_indexer(pd.Index([unit]))[0])
    source = int(cut.labels.iloc[place])
    if source == to:
        return cut
    _require_open(cut, [source, to])
    near = [int(cut.labels.iloc[other]) for other in cut.ground.adjacency.neighbors[place]]
    if to not in near:
        raise InfeasibleError(
            _("unit {unit} is not next to turf {to}").format(unit=unit, to=to), _choice(set(near) - {source})
        )
    left = set(np.flatnonzero(cut.labels.to_numpy() == source).tolist()) - {place}
    if not left:
        raise InfeasibleError(
            _("unit {unit} is all of turf {source}").format(unit=unit, source=source),
            _("merge the two turfs instead"),
        )
    if not connected(cut.ground.adjacency.neighbors, left):
        raise InfeasibleError(
            _("turf {source} would fall apart without unit {unit}").format(source=source, unit=unit),
            _("move its outer units first"),
        )
    labels = cut.labels.copy()
    labels.iloc[place] = to
    return with_labels(cut, labels, bound=cut.bound)


def _choice(turfs: set[int]) -> str:
    if not turfs:
        return _("move its outer neighbors first")
    return _("move it to {names}").format(names=first_ids(sorted(turfs)))


def split_turf(cut: TurfCut, turf: int, into: int = 2, *, seed: int = 0) -> TurfCut:
    """Cut one turf into ``into`` even ones: the largest part keeps the number, others get new ones.

    Raises
    ------
    SchemaError
        There is no such turf.
    InfeasibleError
        It is finished, or has fewer units than parts.

    Examples
    --------
    >>> split_turf(_example(), 0).turfs["doors"].to_dict()
    {0: 1.0, 1: 2.0, 2: 1.0}
    """
    cut.require_turfs([turf])
    _require_open(cut, [turf])
    members = np.flatnonzero(cut.labels.to_numpy() == turf)
    if not 2 <= into <= len(members):
        raise InfeasibleError(
            _("turf {turf} has {count} units and cannot be split into {into}").format(
                turf=turf, count=len(members), into=into
            ),
            (
                _("ask for 2 to {count} parts").format(count=len(members))
                if len(members) > 1
                else _("choose a turf of several units")
            ),
        )
    part, doors = cut.ground.adjacency.subset(members), cut.ground.doors[members]
    found = solve(part, doors, into, tolerance=cut.tolerance, seed=seed)
    order = np.argsort(-np.bincount(found, doors, minlength=into), kind="stable")
    names = {int(number): turf for number in order[:1]}
    following = int(cut.labels.max()) + 1
    names |= {int(number): following + step for step, number in enumerate(order[1:])}
    labels = cut.labels.to_numpy(copy=True)
    labels[members] = [names[number] for number in found.tolist()]
    return with_labels(cut, pd.Series(labels, index=cut.labels.index))


def merge_turfs(cut: TurfCut, turf: int, other: int) -> TurfCut:
    """Merge two turfs that are next to each other; the result has the number of the first.

    The number of the second is not used again, and no other turf is renumbered: lists in
    people's hands carry the numbers.

    Raises
    ------
    SchemaError
        There is no such turf.
    InfeasibleError
        One is finished, they are the same, or nothing joins them.

    Examples
    --------
    >>> merge_turfs(_example(), 1, 0).turfs["doors"].to_dict()
    {1: 4.0}
    """
    cut.require_turfs([turf, other])
    _require_open(cut, [turf, other])
    if turf == other:
        raise InfeasibleError(
            _("turf {turf} cannot be merged with itself").format(turf=turf), _("choose two turfs")
        )
    members = set(np.flatnonzero(cut.labels.isin([turf, other]).to_numpy()).tolist())
    if not connected(cut.ground.adjacency.neighbors, members):
        raise InfeasibleError(
            _("nothing joins turf {turf} and turf {other}").format(turf=turf, other=other),
            _("merge turfs that share an open border"),
        )
    return with_labels(cut, cut.labels.where(cut.labels != other, turf))


def _require_open(cut: TurfCut, turfs: list[int]) -> None:
    done = [turf for turf in turfs if turf in cut.finished]
    if done:
        raise InfeasibleError(
            _("turf {names} is finished").format(names=first_ids(done)), _("leave it as it is")
        )


def units_in_no_turf(units: pd.Index[Any], labels: pd.Series[int]) -> pd.Index[Any]:
    """Units that ``labels`` gives no turf, or NA; none after an automatic cut.

    Parameters
    ----------
    units
        Index of all units.
    labels
        Turf by unit; a unit may appear several times.

    Examples
    --------
    >>> units_in_no_turf(pd.Index(["a", "b", "c"]), pd.Series([0, None], index=["a", "b"])).tolist()
    ['b', 'c']
    """
    return units[~units.isin(labels.dropna().index)]


def units_in_two_turfs(labels: pd.Series[int]) -> pd.Index[Any]:
    """Units that ``labels`` gives more than one turf; none after an automatic cut.

    Parameters
    ----------
    labels
        Turf by unit; a unit may appear several times. Missing turfs do not count.

    Examples
    --------
    >>> units_in_two_turfs(pd.Series([0, 1, 1], index=["a", "a", "b"])).tolist()
    ['a']
    """
    turfs = labels.dropna().groupby(level=0).nunique()
    return turfs.index[turfs > 1]


def _example() -> TurfCut:
    """Four squares in a row in two turfs, for the examples."""
    import geopandas as gpd
    from shapely.geometry import box

    from geo.canvass.turfs.cut import cut_turfs

    squares = [box(i, 0, i + 1, 1) for i in range(4)]
    row = gpd.GeoDataFrame({"doors": [1, 1, 1, 1]}, geometry=squares, crs="EPSG:3310")
    return cut_turfs(row, doors="doors", n=2, keep={0: 0, 3: 1})
