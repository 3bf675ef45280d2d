"""The canvass of one region: read and written, turfs kept and handed out, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from geo.canvass.codes import Disposition, TurfStatus, came_back, make_turf_code, unit_name
from geo.canvass.paper_totals import too_many_words
from geo.canvass.script import Script
from geo.canvass.stretches import has_door, share_doors, without
from geo.errors import ConflictError, StoreError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from store.canvass.kinds import (
    CanvassScript,
    Cut,
    FieldPaper,
    Goal,
    PhoneCode,
    Tally,
    TribalPermission,
    Turf,
    Visit,
    Volunteer,
)
from store.intake import is_undone
from store.journal import Body, Conflict, Draft, Entry, Journal, seen_or_withdrawn
from store.records import Kept, Record, to_kept

R = TypeVar("R", bound=Record)
SheetKey = tuple[str, str, str]
VISIT_COLUMNS = ["id", "turf", "unit", "door", "on", "disposition", "language", "again"]
TALLY_COLUMNS = ["turf", "on", "sheet", *map(str, Disposition), "apart"]
TURF_COLUMNS = [
    "code",
    "doors",
    "households",
    "population",
    "hours",
    "units",
    "status",
    "volunteer",
    "language",
    "out_on",
    "note",
]
VOLUNTEER_COLUMNS = [
    "pseudonym",
    "languages",
    "area",
    "hours_a_week",
    "has_car",
    "near_home",
    "together",
    "shifts",
]


class CanvassReading:
    """What is recorded of the canvass of one region.

    ``parts`` names the parts, most doors first, of units that are divided now: a turf that was kept with such
    a unit whole holds all of its parts, and a visit there counts in the first.
    """

    def __init__(
        self, journal: Journal, region: str, parts: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.journal = journal
        self.region = region
        self.parts = parts or {}

    def kept(self, kind: type[R]) -> dict[str, Kept[R]]:
        """Return the records of a kind as they stand, by key."""
        found = self.journal.latest(self.region, kind.kind)
        return {entry.key: self._as_now(to_kept(kind, entry)) for entry in found}

    def _as_now(self, kept: Kept[R]) -> Kept[R]:
        record = kept.record
        if isinstance(record, Turf) and self.parts.keys() & set(record.units):
            units = tuple(part for unit in record.units for part in self.parts.get(unit, (unit,)))
            return replace(kept, record=record.model_copy(update={"units": units}))
        if isinstance(record, Visit) and record.unit in self.parts:
            return replace(kept, record=record.model_copy(update={"unit": self.parts[record.unit][0]}))
        return kept

    def next_cut(self) -> int:
        """Return the number of the cut that is kept next."""
        return len(self.journal.latest(self.region, Cut.kind))

    def turfs(self) -> pd.DataFrame:
        """Return the turfs as they stand, by code; ``units`` a tuple."""
        rows = [kept.record.model_dump(include=set(TURF_COLUMNS)) for kept in self.kept(Turf).values()]
        frame = pd.DataFrame(rows, columns=TURF_COLUMNS).set_index("code")
        return frame.assign(status=frame["status"].astype(str), out_on=pd.to_datetime(frame["out_on"]))

    def script(self) -> Script:
        """Return what is said and asked at a door; until somebody defines it, only what happened there."""
        kept = self.kept(CanvassScript)
        return kept["script"].record.script if kept else Script()

    def turf_numbers(self) -> dict[str, int]:
        """Return the number of every turf's newest entry by code: what whoever changes it has seen."""
        return {code: kept.number for code, kept in self.kept(Turf).items()}

    def volunteers(self) -> pd.DataFrame:
        """Return the volunteers by pseudonym, with ``hours_taken``, the hours of turfs that they have out."""
        rows = [kept.record.model_dump(include=set(VOLUNTEER_COLUMNS)) for kept in self._people()]
        frame = pd.DataFrame(rows, columns=VOLUNTEER_COLUMNS).set_index("pseudonym")
        turfs = self.turfs()
        out = turfs[turfs["status"] == TurfStatus.OUT]
        taken = out["hours"].astype("float64").groupby(out["volunteer"].str.casefold()).sum()
        hours = [float(taken.get(str(name).casefold(), 0.0)) for name in frame.index]
        return frame.assign(hours_taken=pd.Series(hours, frame.index, dtype="float64"))

    def _people(self) -> list[Kept[Volunteer]]:
        return list(self.kept(Volunteer).values())

    def units_of(self) -> Mapping[str, tuple[str, ...]]:
        """Units of every turf that stands, by code."""
        return {code: kept.record.units for code, kept in self.kept(Turf).items()}

    def unit_names(self) -> Mapping[str, tuple[str, ...]]:
        """Names by which a return may call the units of every turf: an old list has divided ones whole."""
        return {
            code: (*units, *(unit for unit, parts in self.parts.items() if not set(parts) - set(units)))
            for code, units in self.units_of().items()
        }

    def former_codes(self) -> set[str]:
        """Codes of turfs that were cut again since."""
        entries = self.journal.history(self.region, Turf.kind)
        return {entry.key for entry in entries if entry.body is None} - set(self.units_of())

    def codes_now(self, code: str) -> list[str]:
        """Return the turfs that hold the blocks of a turf that was cut again, with most of them first."""
        past = self.journal.history(self.region, Turf.kind, code)
        units = {str(unit) for entry in past[-2:] if entry.body for unit in entry.body["units"]}
        units = {part for unit in units for part in self.parts.get(unit, (unit,))}
        shared = {
            now: sum(share_doors([unit], members) for unit in units)
            for now, members in self.units_of().items()
        }
        return sorted((now for now, count in shared.items() if count), key=lambda now: -shared[now])

    def in_hand(self) -> set[str]:
        """Return the units of turfs that are no longer merely ready, or have returns."""
        told = {*self.visits()["turf"], *self.tallies()["turf"]}
        records = [kept.record for kept in self.kept(Turf).values()]
        busy = [turf for turf in records if turf.status is not TurfStatus.READY or turf.code in told]
        return {unit for turf in busy for unit in turf.units}

    def visit_ids(self) -> set[str]:
        """Return the identifiers of all visits that ever came in, those taken back among them.

        One that was taken back with its whole file is none of them: it may come in again.
        """
        return {key for key, entry in self._newest(Visit).items() if not is_undone(entry)}

    def visits_told(self) -> dict[str, list[Mapping[str, Any]]]:
        """Return what every visit that stands ever said, by identifier, the newest last."""
        standing, told = self.kept(Visit), dict[str, list[Mapping[str, Any]]]()
        for entry in self.journal.history(self.region, Visit.kind):
            if entry.key in standing and entry.body is not None:
                told.setdefault(entry.key, []).append(entry.body)
        return told

    def visit_numbers(self) -> dict[str, int]:
        """Return the number of the entry of every visit that stands, by identifier."""
        return {key: kept.number for key, kept in self.kept(Visit).items()}

    def _newest(self, kind: type[Record]) -> dict[str, Entry]:
        """Newest entry of every record of a kind by key, withdrawn ones too."""
        return {entry.key: entry for entry in self.journal.history(self.region, kind.kind)}

    def visits(self) -> pd.DataFrame:
        """Return the visits as they stand, one row each."""
        rows = [kept.record.model_dump(include=set(VISIT_COLUMNS)) for kept in self.kept(Visit).values()]
        frame = pd.DataFrame(rows, columns=VISIT_COLUMNS)
        return frame.assign(on=pd.to_datetime(frame["on"]), disposition=frame["disposition"].astype(str))

    def tallies(self) -> pd.DataFrame:
        """Return the paper totals as they stand, one row a sheet; ``apart``: its doors are others."""
        rows = [kept.record.model_dump(include=set(TALLY_COLUMNS)) for kept in self.kept(Tally).values()]
        frame = pd.DataFrame(rows, columns=TALLY_COLUMNS)
        return frame.assign(on=pd.to_datetime(frame["on"]), apart=frame["apart"].eq(True))

    def visit_days(self) -> dict[str, list[date]]:
        """Return the day of every visit, by the turf that its unit lies in now."""
        now = {unit: code for code, units in self.units_of().items() for unit in units}
        days: dict[str, list[date]] = {}
        for kept in self.kept(Visit).values():
            days.setdefault(now.get(kept.record.unit, kept.record.turf), []).append(kept.record.on)
        return days

    def sheets_taken_back(self) -> set[SheetKey]:
        """Return turf, day (ISO 8601) and sheet of the paper sheets that were taken back."""
        entries = self._newest(Tally).items()
        gone = [key.split("/", 2) for key, entry in entries if entry.body is None and not is_undone(entry)]
        return {(turf, day, sheet) for turf, day, sheet in gone}

    def sheets_apart(self) -> set[SheetKey]:
        """Return turf, day and sheet of those whose doors no other return holds, as somebody said."""
        records = [kept.record for kept in self.kept(Tally).values()]
        return {(tally.turf, tally.on.isoformat(), tally.sheet) for tally in records if tally.apart}

    def tally_counts(self) -> dict[SheetKey, dict[str, int]]:
        """Return the counts of every paper sheet by turf, day (ISO 8601) and sheet."""
        records = [kept.record for kept in self.kept(Tally).values()]
        return {
            (tally.turf, tally.on.isoformat(), tally.sheet): {
                str(item): int(getattr(tally, str(item))) for item in Disposition
            }
            for tally in records
        }


CAME_BACK = N_("most of its doors have a return")
CAME_IN = N_("a return came in")
"""What entries of before say, when one return was enough."""
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


def _turf_of(turfs: Mapping[str, Kept[Turf]], code: str) -> Kept[Turf]:
    kept = turfs.get(code)
    if kept is None:
        raise StoreError(
            _("no turf {turf} stands now: it was cut again, or never kept").format(turf=code),
            _("look its block up on the page Turfs and use that code; nothing was written"),
        )
    return kept


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

    def keep(
        self,
        turfs: Sequence[NewTurf],
        cut: Cut,
        who: str,
        *,
        seen: Mapping[str, int],
        rests: Mapping[str, NewTurf | None] | None = None,
    ) -> list[str]:
        """Keep a cut: its turfs get codes; ready turfs that share units with it are withdrawn.

        Parameters
        ----------
        seen
            Numbers of the turfs' entries that the person saw, from :meth:`turf_numbers`.
        rests
            What becomes of a withdrawn turf's other units, by its code: a turf of their own, which keeps
            language and note, or None where somebody said that they are in no turf from then on.

        Returns
        -------
        list of str
            Codes of the turfs, then of the rests.

        Raises
        ------
        StoreError
            Units stand in turfs that are out, returned, done or have a problem; or nobody said what becomes
            of units that the cut does not cover.
        ConflictError
            Somebody else kept a cut or changed a turf since.
        """
        ours = {unit for turf in turfs for unit in turf.units}
        touched = [kept for kept in self.kept(Turf).values() if share_doors(kept.record.units, ours)]
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
        # Where a turf was not seen as it stands, that conflict is told first.
        if all(seen.get(kept.record.code) == kept.number for kept in touched):
            made += _to_rests(touched, ours, rests or {}, cut.number)
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
        self.change_all({code: changes}, who, seen={code: seen}, why={code: why})

    def change_all(
        self,
        changes: Mapping[str, Mapping[str, object]],
        who: str,
        *,
        seen: Mapping[str, int],
        why: Mapping[str, str],
    ) -> None:
        """Change several turfs as :meth:`change` does, by code: all or none."""
        people, turfs, drafts = self.kept(Volunteer), self.kept(Turf), []
        for code, fields in changes.items():
            record = Turf.make({**_turf_of(turfs, code).record.model_dump(), **fields})
            if record.volunteer and record.volunteer.casefold() not in people:
                raise StoreError(
                    _("there is no volunteer {name}").format(name=record.volunteer),
                    _("add them first; nothing was written"),
                )
            drafts.append(record.draft(self.region, who, seen=seen.get(code, 0), why=why.get(code, "")))
        self.journal.append(drafts)

    def _turf(self, code: str) -> Kept[Turf]:
        return _turf_of(self.kept(Turf), code)

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
            if isinstance(record, Visit) and not has_door(record.unit, record.door):
                raise StoreError(
                    _("door {door} is not of this part: {unit}").format(
                        door=record.door, unit=unit_name(record.unit)
                    ),
                    _("look at the walk list; record a door that is not on it without a number"),
                )
            past = self.journal.history(self.region, record.kind, record.key)
            number = seen_or_withdrawn(seen.get(record.key, 0), past)
            draft = record.draft(self.region, who, seen=number, why=why, source=source)
            if not past or past[-1].body != draft.body:
                drafts.append(draft)
        self._check_sheets([record for record in records if isinstance(record, Tally)])
        self.append_returns(drafts, who)
        return len(drafts)

    def take(self, visits: Iterable[Visit], who: str, *, source: str = "") -> int:
        """Record visits that are new as :meth:`take_in` does, and correct none."""
        return self.take_in(visits, who, seen={}, source=source)

    def take_in(self, visits: Iterable[Visit], who: str, *, seen: Mapping[str, int], source: str = "") -> int:
        """Record visits that are new or corrected, all or none; others that are here are passed over.

        So is a visit that was taken back: a file that still holds it does not bring it back.

        Parameters
        ----------
        seen
            Numbers of the entries that are corrected, as the person saw them, by identifier.

        Returns
        -------
        int
            How many are new or corrected.

        Raises
        ------
        ConflictError
            Somebody else changed since what is corrected.
        """
        past = self._newest(Visit)
        new = {
            visit.key: visit
            for visit in visits
            if visit.key in seen or visit.key not in past or is_undone(past[visit.key])
        }
        drafts = []
        for key, visit in new.items():
            self._check(visit)
            number = seen.get(key, past[key].number if key in past else 0)
            drafts.append(visit.draft(self.region, who, seen=number, source=source))
        self.append_returns(drafts, who)
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

    def append_returns(
        self, drafts: Sequence[Draft], who: str, visits: Mapping[str, Body] | None = None
    ) -> None:
        """Write returns; a turf that was ready or out is returned once most of its doors have one.

        Until then it stays as it is, and its other doors in the plan. If somebody else changes such a turf
        in the same moment, theirs stands and the returns are written.

        Parameters
        ----------
        visits
            Those that stand, by key, where somebody has them at hand; else they are read.
        """
        codes = {str(draft.body["turf"]) for draft in drafts if draft.body and "turf" in draft.body}
        turfs, knocked = self.kept(Turf), self._knocked(drafts, visits)
        came = [
            turfs[code]
            .record.model_copy(update={"status": TurfStatus.RETURNED})
            .draft(self.region, who, seen=turfs[code].number, why=CAME_BACK)
            for code in sorted(codes)
            if turfs[code].record.status in (TurfStatus.READY, TurfStatus.OUT)
            and came_back(turfs[code].record.doors, knocked[code])
        ]
        try:
            self.journal.append([*drafts, *came])
        except ConflictError as error:
            if any(isinstance(late, Conflict) and late.mine.kind != Turf.kind for late in error.conflicts):
                raise
            self.journal.append(drafts)

    def _knocked(self, drafts: Sequence[Draft], visits: Mapping[str, Body] | None) -> Counter[str]:
        """Count the doors with a return by turf, those of drafts too; the same door again is one."""
        if visits is None:
            read = self.journal.latest(self.region, Visit.kind)
            visits = {entry.key: entry.body for entry in read if entry.body}
        told = dict(visits)
        sheets = {key: kept.record for key, kept in self.kept(Tally).items()}
        for draft in drafts:
            if draft.body and draft.kind == Visit.kind:
                told[draft.key] = draft.body
            elif draft.body and draft.kind == Tally.kind:
                sheets[draft.key] = Tally.make(draft.body)
        now = {unit: code for code, units in self.units_of().items() for unit in units}
        doors: set[tuple[str, str, str]] = set()
        for key, body in told.items():
            unit = self.parts.get(body["unit"], (body["unit"],))[0]
            doors.add((now.get(unit) or str(body["turf"]), unit, str(body.get("door") or key)))
        found = Counter(turf for turf, _unit, _door in doors)
        for sheet in sheets.values():
            found[sheet.turf] += sheet.doors
        return found

    def _holds(self, visit: Visit) -> bool:
        units = self._turf(visit.turf).record.units
        return visit.unit in units or not set(self.parts.get(visit.unit, ("",))) - set(units)

    def _check_sheets(self, sheets: Sequence[Tally]) -> None:
        """Raise where the sheets of a turf and a day have more doors together than the turf has."""
        if not sheets:
            return
        standing = {key: kept.record for key, kept in self.kept(Tally).items()}
        standing |= {sheet.key: sheet for sheet in sheets}
        for sheet in sheets:
            same = [item for item in standing.values() if (item.turf, item.on) == (sheet.turf, sheet.on)]
            count, doors = sum(item.doors for item in same), self._turf(sheet.turf).record.doors
            if len(same) > 1 and count > doors:
                raise StoreError(
                    too_many_words(sheet.turf, str(sheet.on), count, doors),
                    _("count the boxes again, or correct the other sheet; nothing was written"),
                )

    def _check(self, record: Record) -> None:
        if isinstance(record, Visit) and not self._holds(record):
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


def _to_rests(
    touched: Sequence[Kept[Turf]], ours: set[str], rests: Mapping[str, NewTurf | None], cut: int
) -> list[Turf]:
    """Make turfs of what a cut leaves of others; raise where nobody said what becomes of it."""
    made, unsettled = [], []
    for kept in touched:
        left, rest = set(without(kept.record.units, ours)), rests.get(kept.record.code)
        if not left:
            continue
        if kept.record.code not in rests or (rest is not None and set(rest.units) != left):
            unsettled.append(kept.record.code)
        elif rest is not None:
            turf = _to_turf(rest, cut)
            made.append(turf.model_copy(update={"language": kept.record.language, "note": kept.record.note}))
    if unsettled:
        raise StoreError(
            _("{count} ready turfs have blocks outside of this cut ({names})").format(
                count=len(unsettled), names=first_ids(unsettled)
            ),
            _("say what becomes of these doors; nothing was written"),
        )
    return made


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


KINDS: dict[str, type[Record]] = {
    kind.kind: kind
    for kind in (
        Turf,
        Volunteer,
        Visit,
        Tally,
        Goal,
        FieldPaper,
        CanvassScript,
        PhoneCode,
        TribalPermission,
    )
}
# What a person changes of a turf; its blocks and counts are those of the cut.
BY_HAND = ("status", "volunteer", "language", "out_on", "note")


def record_upon(book: CanvassBook, mine: Draft, who: str, *, seen: int, why: str) -> None:
    """Record the version that came too late, for somebody who has seen the other one.

    Parameters
    ----------
    mine
        The version that was refused.
    seen
        Number of the other one's entry.

    Raises
    ------
    ConflictError
        Somebody was faster again; nothing is written.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> book = CanvassBook(Journal(open_database("sqlite://")), "settled")
    >>> goal = Goal(households=900, last_day="2026-05-01", source="grant")
    >>> book.save(goal, "Ben", seen=0)
    True
    >>> record_upon(book, goal.model_copy(update={"households": 800}).draft("", ""), "Ana", seen=1, why="")
    >>> book.kept(Goal)["goal"].record.households
    800
    """
    kind = KINDS[mine.kind]
    if mine.body is None:
        book.withdraw(mine.key, who, seen=seen, why=why, kind=kind)
    elif kind is Turf:
        turf = Turf.make(mine.body).model_dump(include=set(BY_HAND))
        book.change(mine.key, turf, who, seen=seen, why=why)
    else:
        book.save(kind.make(mine.body), who, seen=seen, why=why, source=mine.source)
