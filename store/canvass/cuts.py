"""Cuts that are not kept yet, with all their steps; and turfs cut again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, ClassVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from geo.canvass.codes import make_turf_code
from geo.canvass.recut_plan import Recut
from geo.canvass.stretches import join_stretches
from geo.canvass.turfs import Step
from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Cut, Turf
from store.journal import Draft, Journal
from store.records import Kept, Record, to_kept

Share = Annotated[float, Field(ge=0)]


class DraftCut(Record):
    """How a cut was asked for, its units, and the turf of each as the search gave it.

    ``asked`` are the fields of the page that it was asked with, as its address writes them.
    """

    kind: ClassVar[str] = "draft_cut"
    id: Annotated[str, Field(min_length=1)]
    units: Annotated[tuple[str, ...], Field(min_length=1)]
    labels: tuple[int, ...]
    bound: Share
    tolerance: Annotated[float, Field(ge=0, lt=1)]
    balance: str = "doors"
    minutes_per_door: Share = 5.0
    seed: int = 0
    planned_on: date | None = None
    asked: Mapping[str, str] = Field(default_factory=dict)

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
                _("these turfs are no longer here: they were saved or discarded"),
                _("look at the saved turfs, or cut again"),
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


def keep_recut(
    book: CanvassBook, number: int, recut: Recut, who: str, *, seen: Mapping[str, int]
) -> dict[str, str]:
    """Record a cut again; every turf that changed or is new gets a code of its own.

    A turf that changed keeps its status and volunteer. Its old code stands no more, so that a result
    written by an old list is told so.

    Parameters
    ----------
    number
        Of the cut whose turfs are cut again.
    recut
        From :func:`geo.canvass.recut_plan.plan_recut`.
    seen
        Numbers of the turfs' entries that it was planned from, from ``book.turf_numbers()``.

    Returns
    -------
    dict
        The new code by the old one, or by ``new 1`` and so on.

    Raises
    ------
    StoreError
        A turf of it is not here any more, holds other blocks than when it was planned, or got totals of paper
        since, which belong to it as a whole.
    ConflictError
        Somebody else changed one of them since.
    """
    cut = book.kept(Cut)[f"{number:04d}"]
    turfs = book.kept(Turf)
    touched = _touched(turfs, recut, set(book.tallies()["turf"]))
    made: list[Turf] = []
    codes: dict[str, str] = {}
    for code in (*recut.codes("changed"), *recut.codes("new")):
        old = turfs.get(code)
        codes[code] = make_turf_code(number, cut.record.turfs + len(made))
        made.append(_turf(codes[code], number, recut, code, old))
    why = f"cut again: {first_ids(codes.values())}"
    drafts = [turf.draft(book.region, who, why=why) for turf in made]
    drafts += [
        Draft(book.region, Turf.kind, kept.record.key, None, who, seen.get(kept.record.code, 0), why)
        for kept in touched
    ]
    grown = cut.record.model_copy(update={"turfs": cut.record.turfs + len(made)})
    drafts.append(grown.draft(book.region, who, seen=cut.number, why=why))
    book.journal.append(drafts)
    return codes


def _units(names: Sequence[str]) -> set[str]:
    return set(join_stretches(names))


def _touched(turfs: dict[str, Kept[Turf]], recut: Recut, on_paper: set[str]) -> list[Kept[Turf]]:
    codes = [*recut.codes("changed"), *recut.codes("gone")]
    before = recut.rows["before"]
    stale = [
        code
        for code in codes
        if code in on_paper or code not in turfs or _units(turfs[code].record.units) != _units(before[code])
    ]
    if stale:
        raise StoreError(
            _("{count} turfs were cut, taken away or came back on paper since ({names})").format(
                count=len(stale), names=first_ids(stale)
            ),
            _("plan the cut again; nothing was written"),
        )
    return [turfs[code] for code in codes]


def _turf(code: str, number: int, recut: Recut, name: str, old: Kept[Turf] | None) -> Turf:
    row = recut.rows.loc[name].to_dict()
    fields = {
        "code": code,
        "cut": number,
        "units": join_stretches(row["after"]),
        "doors": round(row["doors"]),
        "households": round(row["households"]),
        "population": round(row["population"]),
        "hours": round(float(row["hours"]), 1),
    }
    return Turf.make({**(old.record.model_dump() if old else {}), **fields})
