"""The programs of a region and what is recorded of them, here and on other pages; lists of sites."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

import geopandas as gpd
import pandas as pd
from pydantic import Field

from geo.canvass.progress import to_contacts
from geo.crs import STORED
from geo.errors import StoreError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.declaration import Program, read_programs
from geo.program.measures import COLUMNS, Records, turf_members
from geo.program.sign_in_sheets import join_codes
from store.canvass.book import CanvassReading
from store.canvass.kinds import Turf
from store.journal import Draft, Entry, Journal, seen_or_withdrawn
from store.program.checks import (
    require_candidates,
    require_events,
    require_headcount,
    require_past,
    require_program,
    require_programs,
    require_room,
    require_whole,
)
from store.program.kinds import (
    OF_PROGRAM,
    Attendance,
    Boundary,
    Cards,
    Contact,
    Enrollment,
    Event,
    MilestoneReached,
    ProgramRecord,
    Question,
    Race,
    Reading,
    Recruit,
    SamePerson,
    SpeakingTime,
    Uncoded,
)
from store.records import Kept, Record, list_changes, to_kept
from store.water.kinds import Status

_FRAMES: dict[str, type[Record]] = {
    "events": Event,
    "attendance": Attendance,
    "recruits": Recruit,
    "contacts": Contact,
    "enrollments": Enrollment,
    "questions": Question,
    "readings": Reading,
}
OF_PEOPLE: tuple[type[Attendance | Recruit | Enrollment], ...] = (Attendance, Recruit, Enrollment)
OfPerson = Attendance | Recruit | Enrollment
CARD_SIGNS = 7
R = TypeVar("R", bound=Record)


class ProgramBook:
    """The programs of one region.

    Examples
    --------
    >>> from store.database import open_database
    >>> book = ProgramBook(Journal(open_database("sqlite://")), "nowhere")
    >>> "census_2020" in book.programs()
    True
    """

    def __init__(self, journal: Journal, region: str) -> None:
        self.journal = journal
        self.region = region

    def programs(self) -> dict[str, Program]:
        """Return those that ship and those that somebody made, by key."""
        made = (
            ProgramRecord.read(entry).program
            for entry in self.journal.latest(self.region, ProgramRecord.kind)
        )
        return read_programs() | {item.key: item for item in made}

    def make(self, program: Program, who: str, boundary: Boundary | None = None) -> Entry:
        """Record a new program, with the area that was drawn of it, if one was.

        Raises
        ------
        StoreError
            There is one of that key.
        """
        if program.key in self.programs():
            raise StoreError(
                _("there is a program {key!r} already").format(key=program.key), _("give it another name")
            )
        records = [ProgramRecord(program=program), *([boundary] if boundary else [])]
        return self.journal.append([record.draft(self.region, who) for record in records])[0]

    def version(self, key: str) -> Kept[ProgramRecord] | None:
        """Return the version of a program that was recorded last; None where it stands as it shipped."""
        entry = self.journal.entry(self.region, ProgramRecord.kind, key)
        return to_kept(ProgramRecord, entry) if entry else None

    def revise(self, program: Program, seen: int, who: str, why: str, *, source: str = "") -> Entry:
        """Record the next version of a program; the one before stays in its history.

        Each target that differs stands in it as a change of a goal, from its own day or from today.

        Parameters
        ----------
        seen
            The number of the version that was changed; 0 where none was recorded yet.

        Raises
        ------
        StoreError
            No reason is given, there is no such program, or something recorded would belong to nothing.
        ConflictError
            Somebody else was faster; nothing is written.
        """
        if not why.strip():
            raise StoreError(_("no reason is given"), _("give a reason; nothing was written"))
        require_program(program, self.programs())
        program = program.follow(self.programs()[program.key], datetime.now(UTC).date(), why.strip())
        readings, reached = self.kept(Reading, program.key), self.kept(MilestoneReached, program.key)
        require_whole(program, [item.record for item in readings], [item.record for item in reached])
        record = ProgramRecord(program=program)
        return self.journal.append([record.draft(self.region, who, seen=seen, why=why, source=source)])[0]

    def outside(self, program: Program) -> list[str]:
        """Name the events that lie outside a version's period."""
        events = self.events(program.key)
        return [f"{event.on} · {event.title}" for event in events if not program.covers(event.on)]

    def add(self, records: Sequence[Record], who: str, *, why: str = "", source: str = "") -> list[Entry]:
        """Record what is new: all of it, or none; what was withdrawn before can be recorded again.

        Raises
        ------
        StoreError
            A program or an event is unknown, or an event is attended before it takes place.
        ConflictError
            Some of it is recorded already.
        """
        withdrawn = self._withdrawn({record.kind for record in records} - {Attendance.kind})
        rows = [(record, withdrawn.get((record.kind, record.key), 0)) for record in records]
        return self._write(rows, who, why, source)

    def change(self, record: Record, seen: int, who: str, *, why: str = "", source: str = "") -> Entry:
        """Record the next state of what is there; ``seen`` is the number of the state that was changed.

        Raises
        ------
        StoreError
            As :meth:`add`; or an event that people came to would lie in the future, or in too small a room.
        ConflictError
            Somebody else was faster; nothing is written.
        """
        if isinstance(record, ProgramRecord):
            return self.revise(record.program, seen, who, why, source=source)
        if isinstance(record, Event):
            people = len(self.people_at(record.key))
            require_past(record, max(people, record.headcount or 0))
            require_room(record, people, why)
            require_headcount(record, people, why)
        return self._write([(record, seen)], who, why, source)[0]

    def recode(
        self, old: OfPerson, seen: int, new: OfPerson, who: str, why: str, *, source: str = ""
    ) -> Entry:
        """Correct whose a record is: it is withdrawn under the wrong code, and recorded under the right one.

        Both stand in the history, with the reason.

        Parameters
        ----------
        old, new
            An attendance, an enrollment or a recruit, before and after.
        seen
            The number of the state that was corrected.

        Raises
        ------
        StoreError
            No reason is given, or the right person is down already.
        ConflictError
            Somebody else was faster; nothing is written.
        """
        if not why.strip():
            raise StoreError(_("no reason is given"), _("give a reason; nothing was written"))
        person, code, wrong = join_codes(self.links()), str(new.person), old.key
        begins = wrong.removesuffix(str(old.person))
        others = [item.record for item in self.kept(type(old)) if item.record.key.startswith(begins)]
        there = [str(item.person) for item in others if item.key != wrong and item.person]
        if person.get(code, code) in {person.get(item, item) for item in there}:
            raise StoreError(
                _("this person is down already"), _("withdraw this row instead; nothing was written")
            )
        gone = self._withdrawn({new.kind}, begins).get((new.kind, new.key), 0)
        drafts = [
            Draft(self.region, old.kind, old.key, None, who, seen, why, source),
            new.draft(self.region, who, seen=gone, why=why, source=source),
        ]
        return self.journal.append(drafts)[1]

    def withdraw(self, kind: type[Record], key: str, seen: int, who: str, why: str) -> Entry:
        """Withdraw a record: it counts no more, and its history stays.

        Raises
        ------
        StoreError
            No reason is given.
        ConflictError
            Somebody else was faster; nothing is written.
        """
        if not why.strip():
            raise StoreError(_("no reason is given"), _("give a reason; nothing was withdrawn"))
        return self.journal.append([Draft(self.region, kind.kind, key, None, who, seen, why)])[0]

    def attend(
        self,
        event: Event,
        codes: Sequence[str],
        who: str,
        *,
        why: str = "",
        source: str = "",
        links: Sequence[tuple[str, str]] = (),
        without_code: int = 0,
    ) -> int:
        """Record who came to an event; those who are down already stay as they are.

        Parameters
        ----------
        links
            Pairs of codes that are one person's.
        without_code
            How many rows of the sheet ``source`` named nobody; in place of what it said before.

        Returns
        -------
        int
            How many are new.

        Raises
        ------
        StoreError
            More people than the room holds or were counted, and no reason given; nothing is written.
        """
        there = self.people_at(event.key)
        new = self._new_people(codes, there, links)
        require_room(event, len(there) + len(new), why)
        require_headcount(event, len(there) + len(new), why)
        of = {"program": event.program, "event": event.key}
        rows: list[Record] = [Attendance(**of, person=code) for code in new]
        rows += self._new_links(links)
        gone = self._withdrawn({Attendance.kind}, f"{event.key}/") | self._withdrawn({SamePerson.kind})
        gone |= self._withdrawn({Uncoded.kind}, f"{event.key}/")
        if without_code:
            uncoded = Uncoded(**of, file=source or event.title, count=without_code)
            before = self.journal.entry(self.region, Uncoded.kind, uncoded.key)
            gone |= {(uncoded.kind, uncoded.key): before.number} if before else {}
            rows += [] if before and Uncoded.read(before) == uncoded else [uncoded]
        self._write([(row, gone.get((row.kind, row.key), 0)) for row in rows], who, why, source)
        return len(new)

    def enlist(
        self,
        kind: type[Recruit] | type[Enrollment],
        fields: Mapping[str, Any],
        codes: Sequence[str],
        who: str,
        *,
        why: str = "",
        source: str = "",
        links: Sequence[tuple[str, str]] = (),
    ) -> int:
        """Record who signed up or enrolled; those who are down already stay as they are.

        Parameters
        ----------
        fields
            What holds of each: ``program``, ``on`` and, where it is known, ``geoid``.
        links
            Pairs of codes that are one person's.

        Returns
        -------
        int
            How many are new.

        Raises
        ------
        StoreError
            The program is unknown, or a field does not hold; nothing is written.
        """
        there = self.people_of(kind, str(fields["program"]))
        new = self._new_people(codes, there, links)
        rows: list[Record] = [kind.make({**fields, "person": code}) for code in new]
        rows += self._new_links(links)
        gone = self._withdrawn({kind.kind, SamePerson.kind})
        self._write([(row, gone.get((row.kind, row.key), 0)) for row in rows], who, why, source)
        return len(new)

    def people_of(self, kind: type[Recruit] | type[Enrollment], program: str) -> frozenset[str]:
        """Codes of the people who signed up or enrolled, one a person."""
        person = join_codes(self.links())
        codes = [item.record.person for item in self.kept(kind, program)]
        return frozenset(person.get(code, code) for code in codes if code is not None)

    def _new_people(
        self, codes: Sequence[str], there: Collection[str], links: Sequence[tuple[str, str]]
    ) -> list[str]:
        """Return one code of each person who is not there yet."""
        person = join_codes([*self.links(), *links])
        held = {person.get(code, code) for code in there}
        first = {person.get(code, code): code for code in reversed(codes)}
        return [code for one, code in reversed(first.items()) if one not in held]

    def _new_links(self, links: Sequence[tuple[str, str]]) -> list[SamePerson]:
        known = {frozenset(pair) for pair in self.links()}
        pairs = dict.fromkeys((min(pair), max(pair)) for pair in links)
        return [SamePerson(code=one, also=other) for one, other in pairs if {one, other} not in known]

    def links(self) -> list[tuple[str, str]]:
        """Return the pairs of codes that are one person's."""
        found = [item.record for item in self.kept(SamePerson)]
        return [(item.code, item.also) for item in found]

    def hold(self, event: Event, codes: Sequence[str], who: str, *, why: str = "", source: str = "") -> int:
        """Record an event and who came, all of it or nothing; return how many people.

        Raises
        ------
        StoreError
            More people than the room holds or were counted and no reason given, or people at an event that is
            still to come.
        """
        people = list(dict.fromkeys(codes))
        require_room(event, len(people), why)
        require_headcount(event, len(people), why)
        require_past(event, max(len(people), event.headcount or 0))
        require_programs([event], self.programs())
        rows = [Attendance(program=event.program, event=event.key, person=code) for code in people]
        drafts = [record.draft(self.region, who, why=why, source=source) for record in (event, *rows)]
        self.journal.append(drafts)
        return len(people)

    def make_cards(self, letters: str, count: int, who: str) -> Cards:
        """Record that cards are made: the next numbers of a series that no card and no person has yet.

        Raises
        ------
        StoreError
            The letters are not two, the count is not from 1 to 500, or the series is at its end.
        ConflictError
            Somebody made cards of the series at the same time.

        Examples
        --------
        >>> from store.database import open_database
        >>> book = ProgramBook(Journal(open_database("sqlite://")), "cards")
        >>> [book.make_cards("qx", 10, "Ana").first for _time in range(2)]
        [1, 11]
        """
        series = letters.strip().upper()
        made = [item.record for item in self.kept(Cards) if item.record.letters == series]
        people = [item.record.person for kind in OF_PEOPLE for item in self.kept(kind)]
        used = [int(code[2:6]) for code in people if code and len(code) == CARD_SIGNS and code[:2] == series]
        first = max([0, *used, *(item.first + item.count - 1 for item in made)]) + 1
        cards = Cards.make({"letters": series, "first": first, "count": count})
        self.journal.append([cards.draft(self.region, who)])
        return cards

    def people_at(self, event: str) -> frozenset[str]:
        """Codes of the people who are down for an event, one a person."""
        changes = list_changes(self.journal, self.region, [Attendance.kind], begins=f"{event}/")
        newest = {change.entry.key: change.entry for change in reversed(changes)}
        person = join_codes(self.links())
        came = [str(entry.body["person"]) for entry in newest.values() if entry.body is not None]
        return frozenset(person.get(code, code) for code in came)

    def events(self, program: str | None = None) -> list[Event]:
        """Return the events as they stand, by day."""
        found = [Event.read(entry) for entry in self.journal.latest(self.region, Event.kind)]
        kept = [event for event in found if program is None or event.program == program]
        return sorted(kept, key=lambda event: (event.on, event.key))

    def kept(self, kind: type[R], program: str | None = None) -> list[Kept[R]]:
        """Return the records of a kind as they stand, each with its number."""
        found = [to_kept(kind, entry) for entry in self.journal.latest(self.region, kind.kind)]
        return [item for item in found if program in (None, getattr(item.record, "program", None))]

    def frame(self, kind: type[Record], *, as_of: datetime | None = None) -> pd.DataFrame:
        """Return the records of a kind: their fields, then ``key``, ``number``, ``who``, ``at``."""
        kept = [to_kept(kind, entry) for entry in self.journal.latest(self.region, kind.kind, as_of=as_of)]
        rows = [
            {**item.record.model_dump(), "key": item.record.key, "number": item.number}
            | {"who": item.who, "at": item.at, "why": item.why, "source": item.source}
            for item in kept
        ]
        columns = [*kind.model_fields, "key", "number", "who", "at", "why", "source"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.assign(on=pd.to_datetime(frame["on"])) if "on" in columns else frame

    def records(self, *, as_of: datetime | None = None) -> Records:
        """Return all records as the frames that measures are counted from.

        Who came to an event that was withdrawn counts no more.
        """
        frames = {name: self.frame(kind, as_of=as_of) for name, kind in _FRAMES.items()}
        frames["events"] = frames["events"].assign(event=frames["events"]["key"])
        held = frames["attendance"]["event"].isin(frames["events"]["event"])
        frames["attendance"] = frames["attendance"][held]
        frames |= self._each_once({name: frames[name] for name in ("attendance", "recruits", "enrollments")})
        uncoded = self.frame(Uncoded, as_of=as_of).groupby("event")["count"].sum()
        frames["events"] = frames["events"].assign(uncoded=frames["events"]["event"].map(uncoded))
        assert all(set(COLUMNS[name]) <= set(frame.columns) for name, frame in frames.items())
        return Records(**frames)

    def _each_once(self, frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Let codes of one person be one, and what is recorded of that one twice, once."""
        person = join_codes(self.links())
        if not person:
            return frames
        found = {}
        for name, frame in frames.items():
            one = frame.assign(person=frame["person"].map(lambda code: person.get(code, code)))
            names = ["program", *(["event"] if name == "attendance" else []), "person"]
            found[name] = one[one["person"].isna() | ~one.duplicated(names)]
        return found

    def history(self, program: str) -> list[Entry]:
        """Return every change of a program's records, oldest first, withdrawals too."""
        kinds = [kind.kind for kind in OF_PROGRAM]
        changes = list_changes(self.journal, self.region, kinds, begins=f"{program}/")
        return [change.entry for change in reversed(changes)]

    def _write(self, rows: Sequence[tuple[Record, int]], who: str, why: str, source: str) -> list[Entry]:
        records = [record for record, _seen in rows]
        require_programs(
            [record for record in records if not isinstance(record, SamePerson)], self.programs()
        )
        came = [record for record in records if isinstance(record, Attendance)]
        if came:
            require_events(came, {event.key: event for event in self.events()})
        spoken = [record for record in records if isinstance(record, SpeakingTime)]
        if spoken:
            require_candidates(spoken, {item.record.key: item.record for item in self.kept(Race)})
        drafts = [record.draft(self.region, who, seen=seen, why=why, source=source) for record, seen in rows]
        return self.journal.append(drafts)

    def _withdrawn(self, kinds: Collection[str], begins: str = "") -> dict[tuple[str, str], int]:
        """Return the number of the withdrawal of every record that is withdrawn now."""
        changes = list_changes(self.journal, self.region, list(kinds), begins=begins) if kinds else []
        newest = {(change.entry.kind, change.entry.key): change.entry for change in reversed(changes)}
        return {name: entry.number for name, entry in newest.items() if entry.body is None}


def read_statuses(journal: Journal, region: str) -> pd.DataFrame:
    """Return the board's statuses as they stand: ``pwsid``, ``service``, ``stage``, ``reached_on``, ``at``.

    Examples
    --------
    >>> from store.database import open_database
    >>> journal = Journal(open_database("sqlite://"))
    >>> status = Status(pwsid="CA9010002", service="water", stage="connected")
    >>> _entries = journal.append([status.draft("linked", "Ana")])
    >>> read_statuses(journal, "linked")["stage"].tolist()
    ['connected']
    """
    kept = [to_kept(Status, entry) for entry in journal.latest(region, Status.kind)]
    rows = [
        (item.record.pwsid, str(item.record.service), str(item.record.stage), _sure_by(item), item.at)
        for item in kept
    ]
    return pd.DataFrame(rows, columns=["pwsid", "service", "stage", "reached_on", "at"])


def _sure_by(kept: Kept[Status]) -> date | None:
    reached = kept.record.reached_on
    return reached.sure_by(kept.at.date()) if reached else None


def read_returns(journal: Journal, region: str, tracts: pd.Series[Any]) -> pd.DataFrame:
    """Return the canvass's doors and households by turf, unit, 2010 tract and day.

    Parameters
    ----------
    tracts
        2010 tract by GEOID of block or block group.
    """
    reading = CanvassReading(journal, region)
    visits, tallies = reading.visits(), reading.tallies()
    turfs = [kept.record for kept in reading.kept(Turf).values()]
    pairs = [(unit, turf.code) for turf in turfs for unit in turf.units]
    units = turf_members(pd.DataFrame(pairs, columns=["unit", "turf"]), tracts)
    return to_contacts(visits, tallies, units)


class SiteKind(StrEnum):
    """What kind of places a list has."""

    SCHOOL = "school"
    PARK = "park"
    LIBRARY = "library"
    CENTER = "center"
    OTHER = "other"


SITE_TITLES: dict[SiteKind, str] = {
    SiteKind.SCHOOL: N_("Schools"),
    SiteKind.PARK: N_("Parks"),
    SiteKind.LIBRARY: N_("Libraries"),
    SiteKind.CENTER: N_("Community centers"),
    SiteKind.OTHER: N_("Other places"),
}


class SiteList(Record):
    """A list of places: GeoJSON points in EPSG:4326 with ``name``; ``source`` and ``vintage`` as told."""

    kind: ClassVar[str] = "site_list"
    title: str = Field(min_length=1, max_length=80)
    site_kind: SiteKind
    source: str = Field(min_length=1)
    vintage: str = Field(min_length=1)
    sites: int = Field(ge=1)
    geojson: str = Field(min_length=1, max_length=4_000_000, repr=False)

    @property
    def key(self) -> str:
        """The title, whatever its case and blanks."""
        return " ".join(self.title.casefold().split())

    def frame(self) -> gpd.GeoDataFrame:
        """Return the places: ``name`` and a point in EPSG:4326."""
        return gpd.GeoDataFrame.from_features(json.loads(self.geojson)["features"], crs=STORED)


def list_sites(journal: Journal, region: str) -> list[Kept[SiteList]]:
    """List a region's lists of places, by title."""
    found = [to_kept(SiteList, entry) for entry in journal.latest(region, SiteList.kind)]
    return sorted(found, key=lambda kept: kept.record.key)


def save_sites(journal: Journal, region: str, record: SiteList, who: str, *, seen: int) -> Entry:
    """Keep a list of places; one of the same title is followed by this one, and its history stays.

    Parameters
    ----------
    seen
        Number of the list of this title that the person saw; 0 where none stood.

    Raises
    ------
    ConflictError
        Another list of this title stands than the one that was seen.

    Examples
    --------
    >>> from store.database import open_database
    >>> point = gpd.GeoDataFrame({"name": ["M"]}, geometry=gpd.points_from_xy([-116], [33.5]), crs=STORED)
    >>> fields = {"title": "Schools", "site_kind": "school", "source": "CDE", "vintage": "2026"}
    >>> journal = Journal(open_database("sqlite://"))
    >>> record = SiteList.make(fields | {"sites": 1, "geojson": point.to_json()})
    >>> _entry = save_sites(journal, "demo", record, "Ana", seen=0)
    >>> list_sites(journal, "demo")[0].record.frame()["name"].tolist()
    ['M']
    """
    past = journal.history(region, SiteList.kind, record.key)
    return journal.append([record.draft(region, who, seen=seen_or_withdrawn(seen, past))])[0]


def withdraw_sites(journal: Journal, region: str, kept: Kept[SiteList], who: str, why: str) -> Entry:
    """Withdraw a list of places: it is proposed no more, and its history stays.

    Parameters
    ----------
    kept
        The list as the person saw it.

    Raises
    ------
    StoreError
        No reason is given.
    ConflictError
        Somebody else changed or withdrew it since.
    """
    if not why.strip():
        raise StoreError(_("no reason is given"), _("give a reason; nothing was withdrawn"))
    return journal.append([Draft(region, SiteList.kind, kept.record.key, None, who, kept.number, why)])[0]
