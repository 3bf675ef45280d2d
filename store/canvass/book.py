"""The canvass of one region: turfs kept and handed out, returns taken once, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo.canvass.codes import TurfStatus, make_turf_code
from geo.errors import ConflictError, StoreError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from store.canvass.kinds import Cut, Tally, Turf, Visit, Volunteer
from store.canvass.reading import CanvassReading
from store.journal import Conflict, Draft, seen_or_withdrawn
from store.records import Kept, Record

CAME_BACK = N_("a return came in")
CUT_AGAIN = "cut again"


@dataclass(frozen=True, slots=True)
class NewTurf:
    """A turf of a cut before it has a code: its number in the cut, its units and counts."""

    number: int
    units: tuple[str, ...]
    doors: int
    households: int
    population: int
    hours: float | None = None


class CanvassBook(CanvassReading):
    """The canvass of one region.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> book = CanvassBook(Journal(open_database("sqlite://")), "demo")
    >>> cut = Cut(number=0, turfs=1, doors=10, tolerance=0, worst=0, bound=0)
    >>> book.keep([NewTurf(0, ("u",), 10, 9, 30)], cut, "Ana", seen={})
    ['TA0001M']
    """

    def keep(self, turfs: Sequence[NewTurf], cut: Cut, who: str, *, seen: Mapping[str, int]) -> list[str]:
        """Keep a cut: its turfs get codes; ready turfs that share units with it are withdrawn.

        Parameters
        ----------
        seen
            Numbers of the turfs' entries that the person saw, from :meth:`turf_numbers`.

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
        drafts += [self._withdrawal(kept.record.code, who, cut.key, seen) for kept in touched]
        self.journal.append(drafts)
        return [turf.code for turf in made]

    def _withdrawal(self, code: str, who: str, cut: str, seen: Mapping[str, int]) -> Draft:
        return Draft(self.region, Turf.kind, code, None, who, seen.get(code, 0), f"{CUT_AGAIN}: {cut}")

    def change(self, code: str, changes: Mapping[str, object], who: str, *, seen: int, why: str = "") -> None:
        """Change a turf: its status, its volunteer, a note.

        Parameters
        ----------
        seen
            Number of the turf's entry that the person saw, from :meth:`turf_numbers`.

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
        self.journal.append([record.draft(self.region, who, seen=seen, why=why)])

    def _turf(self, code: str) -> Kept[Turf]:
        kept = self.kept(Turf).get(code)
        if kept is None:
            raise StoreError(
                _("no turf {turf} stands now: it was cut again, or never kept").format(turf=code),
                _("look its block up on the page Turfs and use that code; nothing was written"),
            )
        return kept

    def save(self, record: Record, who: str, *, seen: int, why: str = "", source: str = "") -> bool:
        """Record a volunteer, a visit, a paper total or the goal.

        Parameters
        ----------
        seen
            Number of the entry that the person saw; 0 where none stood.

        Returns
        -------
        bool
            Whether anything was written: the same record again is passed over.

        Raises
        ------
        StoreError
            The turf, or the block in it, is not there; or a sheet has more doors than its turf.
        ConflictError
            Something else stands there than what the person saw.
        """
        return bool(self.save_all([record], who, seen={record.key: seen}, why=why, source=source))

    def save_all(
        self, records: Sequence[Record], who: str, *, seen: Mapping[str, int], why: str = "", source: str = ""
    ) -> int:
        """Record several as :meth:`save` does, all or none; return how many were new or changed.

        Parameters
        ----------
        seen
            Numbers of the entries that the person saw, by key; what is not among them is new to them.
        """
        drafts = []
        for record in records:
            self._check(record)
            past = self.journal.history(self.region, record.kind, record.key)
            number = seen_or_withdrawn(seen.get(record.key, 0), past)
            draft = record.draft(self.region, who, seen=number, why=why, source=source)
            if not past or past[-1].body != draft.body:
                drafts.append(draft)
        self._append_returns(drafts, who)
        return len(drafts)

    def take(self, visits: Iterable[Visit], who: str, *, source: str = "") -> int:
        """Record visits that are new, all or none; those that are here already are passed over.

        So is a visit that was taken back: a file that still holds it does not bring it back.

        Returns
        -------
        int
            How many are new.
        """
        here = self.visit_ids()
        new = {visit.key: visit for visit in visits if visit.key not in here}
        for visit in new.values():
            self._check(visit)
        self._append_returns([visit.draft(self.region, who, source=source) for visit in new.values()], who)
        return len(new)

    def withdraw(self, key: str, who: str, *, seen: int, why: str, kind: type[Record] = Visit) -> None:
        """Take back a visit, or a paper sheet, that never was; its history stays.

        Parameters
        ----------
        seen
            Number of the entry that the person saw.

        Raises
        ------
        StoreError
            There is no such return, or nothing says why.
        ConflictError
            Somebody else changed it since.
        """
        if self.journal.entry(self.region, kind.kind, key) is None:
            raise StoreError(_("there is no such return"), _("choose one from the list; nothing was written"))
        if not why.strip():
            raise StoreError(_("nothing says why it is withdrawn"), _("give a reason; nothing was written"))
        self.journal.append([Draft(self.region, kind.kind, key, None, who, seen, why)])

    def _append_returns(self, drafts: Sequence[Draft], who: str) -> None:
        """Write returns; turfs that were ready or out have come back with them.

        If somebody else changes such a turf in the same moment, theirs stands and the returns are written.
        """
        codes = {str(draft.body["turf"]) for draft in drafts if draft.body and "turf" in draft.body}
        turfs = self.kept(Turf)
        came = [
            turfs[code]
            .record.model_copy(update={"status": TurfStatus.RETURNED})
            .draft(self.region, who, seen=turfs[code].number, why=CAME_BACK)
            for code in sorted(codes)
            if turfs[code].record.status in (TurfStatus.READY, TurfStatus.OUT)
        ]
        try:
            self.journal.append([*drafts, *came])
        except ConflictError as error:
            if any(isinstance(late, Conflict) and late.mine.kind != Turf.kind for late in error.conflicts):
                raise
            self.journal.append(drafts)

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
