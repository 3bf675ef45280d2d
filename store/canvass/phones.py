"""Phones that report by themselves: the codes that let them, and what they send, each visit once.

A phone repeats what it got no answer to, sends an edit as another telling that names the one it edits
(https://docs.getodk.org/openrosa-metadata), and does so whenever there is signal, in any order. However
often and in whichever order the tellings of a visit come, one visit stands, and says what the last edit said.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from geo.canvass.codes import TurfStatus, unit_name
from geo.canvass.returns import Submission, check_day
from geo.canvass.stretches import share_doors
from geo.days import now
from geo.errors import ConflictError, StoreError
from geo.language import LANGUAGES, use_language
from geo.language import gettext as _
from geo.language import mark as N_
from store.canvass.book import CanvassBook
from store.canvass.kinds import PhoneCode, Turf, Visit, Volunteer
from store.intake import is_undone
from store.journal import Body, Draft, Entry, Mark, seen_or_withdrawn
from store.records import Kept

CODE_BYTES = 24
# A turf that is ready is in nobody's hands, and one that is done asks for no more doors.
IN_HAND = (TurfStatus.OUT, TurfStatus.RETURNED, TurfStatus.PROBLEM)
ONE_VISIT = N_("an edit of another visit that came before")
CLOCK = N_("the clock of the phone said another day")
TRIES = 5
_ONE = Lock()
_KEPT: WeakKeyDictionary[Engine, dict[str, _Visits]] = WeakKeyDictionary()


class Standing(StrEnum):
    """How a code stands."""

    VALID = "valid"
    ENDED = "ended"
    UNKNOWN = "unknown"


def to_checksum(code: str) -> str:
    """Return what is kept of a code.

    Examples
    --------
    >>> len(to_checksum("any"))
    64
    """
    return sha256(code.encode()).hexdigest()


class Phones:
    """The codes of the phones of a canvass.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> book = CanvassBook(Journal(open_database("sqlite://")), "phones")
    >>> book.save(Volunteer(pseudonym="Heron"), "Ana", seen=0)
    True
    >>> phones = Phones(book)
    >>> code = phones.give("Heron", "Ana")
    >>> phones.find(code)[0], phones.end("Heron", "Ana"), phones.find(code)[0], phones.find("else")[0]
    (<Standing.VALID: 'valid'>, 1, <Standing.ENDED: 'ended'>, <Standing.UNKNOWN: 'unknown'>)
    """

    def __init__(self, book: CanvassBook) -> None:
        self.book = book

    def give(self, volunteer: str, who: str) -> str:
        """Give a volunteer a new code, which ends the ones before; it is shown this once.

        Raises
        ------
        StoreError
            There is no such volunteer.
        """
        if volunteer.casefold() not in self.book.kept(Volunteer):
            raise StoreError(
                _("there is no volunteer {name}").format(name=volunteer),
                _("add them first; nothing was written"),
            )
        code = secrets.token_urlsafe(CODE_BYTES)
        new = PhoneCode(hashed=to_checksum(code), volunteer=volunteer)
        self.book.journal.append([new.draft(self.book.region, who), *self._ends(volunteer, who)])
        return code

    def end(self, volunteer: str, who: str) -> int:
        """End a volunteer's codes; return how many there were."""
        drafts = self._ends(volunteer, who)
        self.book.journal.append(drafts)
        return len(drafts)

    def _ends(self, volunteer: str, who: str) -> list[Draft]:
        return [
            Draft(self.book.region, PhoneCode.kind, kept.record.key, None, who, kept.number)
            for kept in self.all()
            if kept.record.volunteer.casefold() == volunteer.casefold()
        ]

    def all(self) -> list[Kept[PhoneCode]]:
        """Return the codes that are valid."""
        return list(self.book.kept(PhoneCode).values())

    def find(self, code: str) -> tuple[Standing, str]:
        """Return how a code stands, and whose it is; empty where it is not valid."""
        past = self.book.journal.history(self.book.region, PhoneCode.kind, to_checksum(code))
        if not past:
            return Standing.UNKNOWN, ""
        body = past[-1].body
        return (Standing.VALID, str(body["volunteer"])) if body else (Standing.ENDED, "")

    def language(self, volunteer: str) -> str:
        """Return the first language of ours that a volunteer speaks."""
        kept = self.book.kept(Volunteer).get(volunteer.casefold())
        spoken = kept.record.languages if kept else ()
        return next((language for language in spoken if language in LANGUAGES), "en")

    def turfs(self, volunteer: str) -> list[Turf]:
        """Return the turfs that a volunteer has in hand, by code."""
        kept = [item.record for item in self.book.kept(Turf).values()]
        ours = [turf for turf in kept if turf.volunteer.casefold() == volunteer.casefold()]
        return sorted((turf for turf in ours if turf.status in IN_HAND), key=lambda turf: turf.code)


class Outcome(StrEnum):
    """What became of what a phone sent."""

    NEW = "new"
    EDITED = "edited"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission, with whose phone sent it, what with, and the language in which it is answered."""

    submission: Submission
    volunteer: str
    source: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it, and why it was refused."""

    outcome: Outcome
    words: str = ""


def take_sent(book: CanvassBook, sent: Sequence[Sent], day: date) -> list[Answer]:
    """Record what phones sent, and answer each; what is answered is in the journal.

    A telling that is here already is passed over, also where a lead has corrected the visit since, or has
    taken it back. A visit dated by a phone whose clock is wrong is dated today, and says so.

    Parameters
    ----------
    day
        Today, in the region.

    Raises
    ------
    ConflictError
        Others wrote of the same visits at every try.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> take_sent(CanvassBook(Journal(open_database("sqlite://")), "none"), [], date(2026, 3, 2))
    []
    """
    # What is kept in memory is one at a time's; whoever is next finds what this one wrote.
    with _ONE:
        for _try in range(TRIES - 1):
            try:
                return _take(book, sent, day)
            except ConflictError:
                # What was written of it before the conflict is found there by the next try.
                continue
        return _take(book, sent, day)


def _take(book: CanvassBook, sent: Sequence[Sent], day: date) -> list[Answer]:
    kept = _KEPT.setdefault(book.journal.engine, {})
    ledger = _Ledger(book, day, _visits_now(book, kept.pop(book.region, None)))
    answers = [*map(ledger.take, sent), *ledger.write()]
    # Only what was written to the end is kept, with a mark that has it all.
    kept[book.region] = _visits_now(book, ledger.visits)
    return answers


def _visits_now(book: CanvassBook, before: _Visits | None) -> _Visits:
    """Return the visits of a canvass: those that were known, with what was written since; or read anew."""
    journal, region = book.journal, book.region
    mark = journal.mark(region)
    added = None if before is None else journal.added(region, before.mark)
    if before is None or added is None:
        return _Visits.read(journal.history(region, Visit.kind), mark)
    for entry in added:
        if entry.kind == Visit.kind:
            before.add(entry)
    before.mark = mark
    return before


@dataclass(slots=True)
class _Visits:
    """The visits by key, and which key each telling belongs to."""

    newest: dict[str, Entry] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    key_of: dict[str, str] = field(default_factory=dict)
    mark: Mark = (0, 0, None)

    @classmethod
    def read(cls, entries: Iterable[Entry], mark: Mark) -> _Visits:
        """Make them of all entries, oldest first."""
        found = cls(mark=mark)
        for entry in entries:
            found.add(entry)
        return found

    def add(self, entry: Entry) -> None:
        """Take a newer entry in; one that was taken in before changes nothing."""
        self.newest[entry.key] = entry
        if entry.body is not None:
            self.put(entry.key, entry.body)
        elif is_undone(entry):
            # It may come in again, under its own name.
            gone = {name for name, key in self.key_of.items() if key == entry.key}
            for name in gone:
                del self.key_of[name]

    def standing(self) -> dict[str, Body]:
        """Return what stands, by key."""
        return {key: entry.body for key, entry in self.newest.items() if entry.body is not None}

    def put(self, key: str, body: Body) -> None:
        self.bodies[key] = body
        self.key_of.update(dict.fromkeys((key, *_tellings(body)), key))

    def stands(self, key: str) -> bool:
        entry = self.newest.get(key)
        return entry is None or entry.body is not None


def _tellings(body: Body) -> tuple[str, ...]:
    return tuple(body.get("tellings") or ())


class _Ledger:
    """What becomes of submissions, one after another; what is to be written is gathered."""

    def __init__(self, book: CanvassBook, day: date, visits: _Visits) -> None:
        self.book, self.day, self.visits = book, day, visits
        self.now, self.had = book.unit_names(), _turfs_had(book)
        self.drafts: dict[str, Draft] = {}

    def take(self, sent: Sent) -> Answer:
        use_language(sent.language)
        said = sent.submission
        *place, fault = self._place(sent)
        if fault:
            return Answer(Outcome.REFUSED, fault)
        key, before = self.visits.key_of.get(said.id), self.visits.key_of.get(said.former)
        if key is None and before is None:
            return self._record(said.former or said.id, sent, place, [said.former, said.id], Outcome.NEW)
        if any(not self._may_change(item, sent) for item in (key, before) if item):
            return Answer(Outcome.REFUSED, _("it edits a visit of a turf that is not yours"))
        if key is None and before is not None:
            tellings = [*(_tellings(self.visits.bodies[before]) or (said.former,)), said.id]
            if not self.visits.stands(before):
                return Answer(Outcome.SAME)
            return self._record(before, sent, place, tellings, Outcome.EDITED)
        return self._join(str(key), before, sent)

    def _join(self, key: str, before: str | None, sent: Sent) -> Answer:
        """Note which telling an edit that overtook its own original goes back to; what it says stands."""
        said = sent.submission
        known = _tellings(self.visits.bodies[key]) or (key,)
        if not said.former or before == key or not self.visits.stands(key):
            return Answer(Outcome.SAME)
        place = known.index(said.id) if said.id in known else 0
        earlier = _tellings(self.visits.bodies[before]) or (before,) if before else (said.former,)
        body = {**self.visits.bodies[key], "tellings": [*known[:place], *earlier, *known[place:]]}
        target = before or key
        if before and not self.visits.stands(before):
            return Answer(Outcome.SAME)
        self._draft(target, {**body, "id": target}, sent)
        if target != key:
            self._draft(key, None, sent, why=ONE_VISIT)
        return Answer(Outcome.SAME)

    def _record(
        self, key: str, sent: Sent, place: Sequence[str], tellings: Sequence[str], outcome: Outcome
    ) -> Answer:
        said, source = sent.submission, sent.source
        on, why = said.on or self.day, ""
        if said.on and check_day(said.on, self.day):
            on, why = self.day, CLOCK
        visit = Visit.make(
            {
                "id": key,
                "turf": place[0],
                "unit": place[1],
                "door": said.door,
                "on": on,
                "disposition": said.disposition,
                "answers": dict(said.answers) or None,
                "tellings": tuple(dict.fromkeys(filter(None, tellings))),
            }
        )
        self._draft(key, visit.draft("", "", source=source).body, sent, why=why)
        return Answer(outcome)

    def _draft(self, key: str, body: Body | None, sent: Sent, why: str = "") -> None:
        if key in self.drafts:
            # Two changes of one visit are two entries: the first is written before.
            self.write()
        past = [self.visits.newest[key]] if key in self.visits.newest else []
        number = seen_or_withdrawn(past[-1].number if past else 0, past)
        place = (self.book.region, Visit.kind, key)
        self.drafts[key] = Draft(*place, body, sent.volunteer, number, why, sent.source)
        if body is not None:
            self.visits.put(key, body)

    def write(self) -> list[Answer]:
        """Write what is gathered; there is nothing to answer."""
        if self.drafts:
            drafts = list(self.drafts.values())
            self.book.append_returns(drafts, drafts[-1].who, self.visits.standing())
            at = now()
            for draft in drafts:
                fields: dict[str, Any] = {name: getattr(draft, name) for name in ("region", "kind", "key")}
                fields |= {"who": draft.who, "why": draft.why, "source": draft.source, "body": draft.body}
                self.visits.newest[draft.key] = Entry(number=draft.seen + 1, at=at, **fields)
            self.drafts.clear()
        return []

    def _place(self, sent: Sent) -> tuple[str, str, str]:
        """Return the turf and unit of a visit as they are now, or why it cannot be recorded."""
        said = sent.submission
        had = self.had.get(sent.volunteer.casefold(), {}).get(said.turf, frozenset())
        if said.unit not in had:
            words = _("block {unit} of turf {turf} is not among yours")
            return "", "", words.format(unit=unit_name(said.unit), turf=said.turf)
        if said.unit in self.now.get(said.turf, ()):
            return said.turf, said.unit, ""
        # The turf was cut again after this phone got its form: the doors were walked all the same.
        holding = [
            (code, member)
            for code, members in self.now.items()
            for member in members
            if share_doors([said.unit], [member])
        ]
        if holding:
            return *min(holding, key=lambda pair: pair[1] != said.unit), ""
        words = _("block {unit} of turf {turf} is in no turf now; ask the lead")
        return "", "", words.format(unit=unit_name(said.unit), turf=said.turf)

    def _may_change(self, key: str, sent: Sent) -> bool:
        unit = str(self.visits.bodies.get(key, {}).get("unit"))
        had = self.had.get(sent.volunteer.casefold(), {})
        return any(share_doors([unit], units) for units in had.values())


def _turfs_had(book: CanvassBook) -> dict[str, dict[str, frozenset[str]]]:
    """Return the units that each volunteer has, or ever had, by turf: a phone may report late."""
    found: dict[str, dict[str, set[str]]] = {}
    for entry in book.journal.history(book.region, Turf.kind):
        volunteer = str((entry.body or {}).get("volunteer", "")).casefold()
        if entry.body and volunteer:
            units = {str(unit) for unit in entry.body["units"]}
            units |= {part for unit in units for part in book.parts.get(unit, ())}
            found.setdefault(volunteer, {}).setdefault(entry.key, set()).update(units)
    return {name: {code: frozenset(units) for code, units in turfs.items()} for name, turfs in found.items()}
