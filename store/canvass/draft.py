"""A cut on the screen that is not kept yet, with all its steps, so that a new session finds it again.

The cut as it was made is one record; its steps, which hold only what moved, are another that is written
with every change. Both are withdrawn when the cut is kept or thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, ClassVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from geo.canvass.turfs import Step
from geo.errors import StoreError
from geo.language import gettext as _
from store.journal import Draft, Journal
from store.records import Kept, Record, to_kept

Share = Annotated[float, Field(ge=0)]


class DraftCut(Record):
    """How a cut was asked for, its units, and the turf of each as the search gave it."""

    kind: ClassVar[str] = "draft_cut"
    id: Annotated[str, Field(min_length=1)]
    units: Annotated[tuple[str, ...], Field(min_length=1)]
    labels: tuple[int, ...]
    bound: Share
    tolerance: Annotated[float, Field(ge=0, lt=1)]
    balance: str = "doors"
    minutes_per_door: Share = 5.0
    seed: int = 0

    @property
    def key(self) -> str:
        """Its identifier."""
        return self.id

    def first(self) -> Step:
        """Return the cut as it was made."""
        return Step(
            pd.Series(self.labels, index=pd.Index(self.units), dtype="int64", name="turf"), self.bound
        )


class DraftMove(BaseModel):
    """One change: the new turf of each unit that moved, and the bound from then on."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    turfs: Mapping[str, int]
    bound: Share


class DraftSteps(Record):
    """What was changed since, oldest first, and at which of it the cut stands (0: as it was made)."""

    kind: ClassVar[str] = "draft_steps"
    id: Annotated[str, Field(min_length=1)]
    moves: tuple[DraftMove, ...] = ()
    at: Annotated[int, Field(ge=0)] = 0

    @property
    def key(self) -> str:
        """The identifier of its cut."""
        return self.id


def to_moves(steps: Sequence[Step]) -> tuple[DraftMove, ...]:
    """Write steps as what moved from one to the next.

    Examples
    --------
    >>> steps = [Step(pd.Series({"a": 0, "b": 1}), 0.0), Step(pd.Series({"a": 0, "b": 0}), 0.0)]
    >>> to_moves(steps)[0].turfs
    {'b': 0}
    """
    moves = []
    for before, after in pairwise(steps):
        moved = after.labels[after.labels != before.labels.reindex(after.labels.index)]
        turfs = {str(unit): int(turf) for unit, turf in moved.items()}
        moves.append(DraftMove(turfs=turfs, bound=after.bound))
    return tuple(moves)


def to_steps(first: Step, moves: Sequence[DraftMove]) -> list[Step]:
    """Read steps back.

    Examples
    --------
    >>> moves = [DraftMove(turfs={"b": 0}, bound=0.0)]
    >>> to_steps(Step(pd.Series({"a": 0, "b": 1}), 0.0), moves)[1].labels.tolist()
    [0, 0]
    """
    steps = [first]
    for move in moves:
        labels = steps[-1].labels.copy()
        labels.update(pd.Series(dict(move.turfs), dtype="int64"))
        steps.append(Step(labels, move.bound))
    return steps


class DraftBook:
    """The cuts of one region that are not kept yet.

    Examples
    --------
    >>> from store.database import open_database
    >>> book = DraftBook(Journal(open_database("sqlite://")), "demo")
    >>> cut = DraftCut(id="x", units=("a", "b"), labels=(0, 1), bound=0, tolerance=0.05)
    >>> book.write(cut, [cut.first(), Step(pd.Series({"a": 0, "b": 0}), 0.0)], 1, "Ana", seen=0)
    1
    >>> book.write(cut, [cut.first()], 0, "Ana", seen=1)
    2
    >>> len(book.drafts()), book.steps("x").record.at
    (1, 0)
    >>> book.withdraw("x", "Ana", seen=2)
    >>> book.drafts()
    {}
    """

    def __init__(self, journal: Journal, region: str) -> None:
        self.journal = journal
        self.region = region

    def drafts(self) -> dict[str, Kept[DraftCut]]:
        """Return the cuts that are not kept yet, by identifier."""
        found = self.journal.latest(self.region, DraftCut.kind)
        return {entry.key: to_kept(DraftCut, entry) for entry in found}

    def steps(self, identifier: str) -> Kept[DraftSteps]:
        """Return what was changed of a cut, and where it stands.

        Raises
        ------
        StoreError
            There is no such cut: it was kept or thrown away.
        """
        entry = self.journal.entry(self.region, DraftSteps.kind, identifier)
        if entry is None:
            raise StoreError(
                _("this cut is not here any more: it was kept or thrown away"),
                _("look at the turfs that are kept, or cut again"),
            )
        return to_kept(DraftSteps, entry)

    def numbers(self) -> dict[str, int]:
        """Return the number of the newest steps of every cut: what whoever changes it has seen."""
        return {entry.key: entry.number for entry in self.journal.latest(self.region, DraftSteps.kind)}

    def write(self, cut: DraftCut, steps: Sequence[Step], at: int, who: str, *, seen: int) -> int:
        """Record a cut and its steps as they stand; the cut itself is written once.

        Parameters
        ----------
        seen
            Number of the steps that were changed; 0 for a cut that was never written.

        Returns
        -------
        int
            The number of the steps now.

        Raises
        ------
        StoreError
            Nobody is named.
        ConflictError
            Somebody else changed it since, kept it or threw it away.
        """
        drafts = [DraftSteps(id=cut.id, moves=to_moves(steps), at=at).draft(self.region, who, seen=seen)]
        if not seen:
            drafts.append(cut.draft(self.region, who))
        return self.journal.append(drafts)[0].number

    def withdraw(self, identifier: str, who: str, *, seen: int, why: str = "") -> None:
        """Take a cut away: it was kept, or is not wanted; nothing where it is not here.

        Parameters
        ----------
        seen
            Number of the steps that the person saw.

        Raises
        ------
        ConflictError
            Somebody else changed it since.
        """
        cut = self.journal.entry(self.region, DraftCut.kind, identifier)
        if cut is None:
            return
        # The cut itself is written once; what was changed of it since is in its steps.
        numbers = {DraftCut.kind: cut.number, DraftSteps.kind: seen}
        self.journal.append(
            [Draft(self.region, kind, identifier, None, who, number, why) for kind, number in numbers.items()]
        )
