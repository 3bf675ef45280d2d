"""A cut with what it was before, so that every change can be undone and done again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from geo.canvass.turfs.result import TurfCut, with_labels
from geo.errors import InfeasibleError
from geo.language import gettext as _


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
