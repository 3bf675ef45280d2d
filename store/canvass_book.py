"""The canvass of one region: turfs kept and handed out, returns taken once, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from geo.canvass import Disposition, TurfStatus, make_turf_code
from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from store.canvass import Cut, Tally, Turf, Visit, Volunteer
from store.journal import Draft, Journal
from store.records import Kept, Record, to_kept

R = TypeVar("R", bound=Record)
VISIT_COLUMNS = ["id", "turf", "unit", "door", "on", "disposition"]
TALLY_COLUMNS = ["turf", "on", "sheet", *map(str, Disposition)]
TURF_COLUMNS = [
    "code",
    "doors",
    "households",
    "population",
    "hours",
    "units",
    "status",
    "volunteer",
    "out_on",
]


@dataclass(frozen=True, slots=True)
class NewTurf:
    """A turf of a cut before it has a code: its number in the cut, its units and counts."""

    number: int
    units: tuple[str, ...]
    doors: int
    households: int
    population: int
    hours: float | None = None


class CanvassBook:
    """The canvass of one region.

    Examples
    --------
    >>> from store.database import open_database
    >>> book = CanvassBook(Journal(open_database("sqlite://")), "demo")
    >>> cut = Cut(number=0, turfs=1, doors=10, tolerance=0, worst=0, bound=0)
    >>> book.keep([NewTurf(0, ("u",), 10, 9, 30)], cut, "Ana")
    ['TA0001M']
    """

    def __init__(self, journal: Journal, region: str) -> None:
        self.journal = journal
        self.region = region

    def kept(self, kind: type[R]) -> dict[str, Kept[R]]:
        """Return the records of a kind as they stand, by key."""
        found = self.journal.latest(self.region, kind.kind)
        return {entry.key: to_kept(kind, entry) for entry in found}

    def next_cut(self) -> int:
        """Return the number of the cut that is kept next."""
        return len(self.journal.latest(self.region, Cut.kind))

    def keep(self, turfs: Sequence[NewTurf], cut: Cut, who: str) -> list[str]:
        """Keep a cut: its turfs get codes; ready turfs that share units with it are withdrawn.

        Raises
        ------
        StoreError
            Units stand in turfs that are out, returned, done or have a problem.
        ConflictError
            Somebody else kept a cut or changed a turf since.
        """
        ours = {unit for turf in turfs for unit in turf.units}
        touched = [kept for kept in self.kept(Turf).values() if ours & set(kept.record.units)]
        told = {*self.visits()["turf"], *self.tallies()["turf"]}
        busy = [
            kept.record.code
            for kept in touched
            if kept.record.status is not TurfStatus.READY or kept.record.code in told
        ]
        if busy:
            raise StoreError(
                _("{count} turfs with blocks of this cut are not ready any more ({names})").format(
                    count=len(busy), names=first_ids(busy)
                ),
                _("leave out what is in hand, and cut again; nothing was written"),
            )
        made = [_to_turf(turf, cut.number) for turf in turfs]
        drafts = [cut.draft(self.region, who), *(turf.draft(self.region, who) for turf in made)]
        drafts += [self._withdrawal(kept, who, cut.key) for kept in touched]
        self.journal.append(drafts)
        return [turf.code for turf in made]

    def _withdrawal(self, kept: Kept[Turf], who: str, cut: str) -> Draft:
        why = f"cut again: {cut}"
        return Draft(self.region, Turf.kind, kept.record.key, None, who, kept.number, why)

    def change(self, code: str, changes: Mapping[str, object], who: str, *, why: str = "") -> None:
        """Change a turf: its status, its volunteer, a note.

        Raises
        ------
        StoreError
            There is no such turf, no such volunteer, or a value does not hold.
        ConflictError
            Somebody else changed it since.
        """
        kept = self._turf(code)
        record = Turf.make({**kept.record.model_dump(), **changes})
        if record.volunteer and record.volunteer.casefold() not in self.kept(Volunteer):
            raise StoreError(
                _("there is no volunteer {name}").format(name=record.volunteer),
                _("add them first; nothing was written"),
            )
        self.journal.append([record.draft(self.region, who, seen=kept.number, why=why)])

    def _turf(self, code: str) -> Kept[Turf]:
        kept = self.kept(Turf).get(code)
        if kept is None:
            raise StoreError(
                _("no turf {turf} stands now: it was cut again, or never kept").format(turf=code),
                _("look its block up on the page Turfs and use that code; nothing was written"),
            )
        return kept

    def save(self, record: Record, who: str, *, why: str = "", source: str = "") -> None:
        """Record a volunteer, a visit or a paper total; what is here already becomes the next number.

        Raises
        ------
        StoreError
            The turf, or the block in it, is not there; or a sheet has more doors than its turf.
        ConflictError
            Somebody else changed it since.
        """
        self._check(record)
        found = self.journal.entry(self.region, record.kind, record.key)
        seen = found.number if found else 0
        self.journal.append([record.draft(self.region, who, seen=seen, why=why, source=source)])

    def take(self, visits: Iterable[Visit], who: str, *, source: str = "") -> int:
        """Record visits that are new, all or none; those that are here already are passed over.

        Returns
        -------
        int
            How many are new.
        """
        here = self.kept(Visit)
        new = {visit.key: visit for visit in visits if visit.key not in here}
        for visit in new.values():
            self._check(visit)
        self.journal.append([visit.draft(self.region, who, source=source) for visit in new.values()])
        return len(new)

    def _check(self, record: Record) -> None:
        if isinstance(record, Visit) and record.unit not in self._turf(record.turf).record.units:
            raise StoreError(
                _("block {unit} is not in turf {turf}").format(unit=record.unit, turf=record.turf),
                _("look at the walk list; nothing was written"),
            )
        if isinstance(record, Tally):
            doors = self._turf(record.turf).record.doors
            if record.doors > doors:
                raise StoreError(
                    _("the sheet has {count} doors, but turf {turf} has {doors}").format(
                        count=record.doors, turf=record.turf, doors=doors
                    ),
                    _("count the boxes again; nothing was written"),
                )

    def turfs(self) -> pd.DataFrame:
        """Return the turfs as they stand, by code; ``units`` a tuple."""
        rows = [kept.record.model_dump(include=set(TURF_COLUMNS)) for kept in self.kept(Turf).values()]
        frame = pd.DataFrame(rows, columns=TURF_COLUMNS).set_index("code")
        return frame.assign(status=frame["status"].astype(str), out_on=pd.to_datetime(frame["out_on"]))

    def units_of(self) -> Mapping[str, tuple[str, ...]]:
        """Units of every turf that stands, by code."""
        return {code: kept.record.units for code, kept in self.kept(Turf).items()}

    def in_hand(self) -> set[str]:
        """Return the units of turfs that are no longer merely ready, or have returns."""
        told = {*self.visits()["turf"], *self.tallies()["turf"]}
        records = [kept.record for kept in self.kept(Turf).values()]
        busy = [turf for turf in records if turf.status is not TurfStatus.READY or turf.code in told]
        return {unit for turf in busy for unit in turf.units}

    def visits(self) -> pd.DataFrame:
        """Return the visits as they stand, one row each."""
        rows = [kept.record.model_dump(include=set(VISIT_COLUMNS)) for kept in self.kept(Visit).values()]
        frame = pd.DataFrame(rows, columns=VISIT_COLUMNS)
        return frame.assign(on=pd.to_datetime(frame["on"]), disposition=frame["disposition"].astype(str))

    def tallies(self) -> pd.DataFrame:
        """Return the paper totals as they stand, one row a sheet."""
        rows = [kept.record.model_dump(include=set(TALLY_COLUMNS)) for kept in self.kept(Tally).values()]
        frame = pd.DataFrame(rows, columns=TALLY_COLUMNS)
        return frame.assign(on=pd.to_datetime(frame["on"]))


def _to_turf(turf: NewTurf, cut: int) -> Turf:
    return Turf(
        code=make_turf_code(cut, turf.number),
        cut=cut,
        units=turf.units,
        doors=turf.doors,
        households=turf.households,
        population=turf.population,
        hours=turf.hours,
    )
