"""The programmes of a region and what is recorded of them, written through the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd

from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from geo.measures import COLUMNS, Records
from geo.programme import Programme, read_programmes
from geo.programme_area import Area
from store.journal import Entry, Journal
from store.programmes import (
    OF_PROGRAMME,
    Attendance,
    Contact,
    Enrolment,
    Event,
    ProgrammeRecord,
    Question,
    Reading,
    Recruit,
)
from store.records import Record, to_kept

_FRAMES: dict[str, type[Record]] = {
    "events": Event,
    "attendance": Attendance,
    "recruits": Recruit,
    "contacts": Contact,
    "enrolments": Enrolment,
    "questions": Question,
    "readings": Reading,
}


class ProgrammeBook:
    """The programmes of one region.

    Examples
    --------
    >>> from store.database import open_database
    >>> book = ProgrammeBook(Journal(open_database("sqlite://")), "nowhere")
    >>> "census_2020" in book.programmes()
    True
    """

    def __init__(self, journal: Journal, region: str) -> None:
        self.journal = journal
        self.region = region

    def programmes(self) -> dict[str, Programme]:
        """Return those that ship and those that somebody made, by key."""
        made = (
            ProgrammeRecord.read(entry).programme
            for entry in self.journal.latest(self.region, ProgrammeRecord.kind)
        )
        return read_programmes() | {item.key: item for item in made}

    def make(self, programme: Programme, who: str) -> Entry:
        """Record a new programme.

        Raises
        ------
        StoreError
            There is one of that key.
        """
        if programme.key in self.programmes():
            raise StoreError(
                _("there is a programme {key!r} already").format(key=programme.key), _("give it another name")
            )
        return self.journal.append([ProgrammeRecord(programme=programme).draft(self.region, who)])[0]

    def add(
        self, records: Sequence[Record], who: str, *, seen: int = 0, why: str = "", source: str = ""
    ) -> list[Entry]:
        """Record what is new, or with ``seen`` the next state of what is there: all of it, or none.

        Raises
        ------
        StoreError
            A programme or an event is unknown, or an event is attended before it takes place.
        ConflictError
            Some of it is recorded already, or was changed since.
        """
        self._check_programmes(records)
        self._check_attendance([record for record in records if isinstance(record, Attendance)])
        drafts = [record.draft(self.region, who, seen=seen, why=why, source=source) for record in records]
        return self.journal.append(drafts)

    def attend(self, event: Event, codes: Sequence[str], who: str, *, why: str = "", source: str = "") -> int:
        """Record who came to an event; those who are down already stay as they are.

        Returns
        -------
        int
            How many are new.

        Raises
        ------
        StoreError
            More people than the room holds, and no reason given; nothing is written.
        """
        there = self.people_at(event.key)
        new = [code for code in dict.fromkeys(codes) if code not in there]
        _check_room(event, len(there) + len(new), why)
        rows = [Attendance(programme=event.programme, event=event.key, person=code) for code in new]
        self.add(rows, who, why=why, source=source)
        return len(new)

    def hold(self, event: Event, codes: Sequence[str], who: str, *, why: str = "") -> int:
        """Record an event and who came, all of it or nothing; return how many people.

        Raises
        ------
        StoreError
            More people than the room holds and no reason given, or people at an event that is still to come.
        """
        people = list(dict.fromkeys(codes))
        _check_room(event, len(people), why)
        if people and event.on > datetime.now(UTC).date():
            raise StoreError(
                _("the event has not taken place yet ({day})").format(day=event.on),
                _("correct the day; nothing was written"),
            )
        self._check_programmes([event])
        rows = [Attendance(programme=event.programme, event=event.key, person=code) for code in people]
        self.journal.append([record.draft(self.region, who, why=why) for record in (event, *rows)])
        return len(people)

    def people_at(self, event: str) -> frozenset[str]:
        """Codes of the people who are down for an event."""
        found = self.journal.latest(self.region, Attendance.kind)
        return frozenset(
            str((entry.body or {})["person"]) for entry in found if entry.key.startswith(f"{event}/")
        )

    def events(self, programme: str | None = None) -> list[Event]:
        """Return the events as they stand, by day."""
        found = [Event.read(entry) for entry in self.journal.latest(self.region, Event.kind)]
        kept = [event for event in found if programme is None or event.programme == programme]
        return sorted(kept, key=lambda event: (event.on, event.key))

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
        """Return all records as the frames that measures are counted from."""
        frames = {name: self.frame(kind, as_of=as_of) for name, kind in _FRAMES.items()}
        frames["events"] = frames["events"].assign(event=frames["events"]["key"])
        assert all(set(COLUMNS[name]) <= set(frame.columns) for name, frame in frames.items())
        return Records(**frames)

    def history(self, programme: str) -> list[Entry]:
        """Return every change of a programme's records, oldest first."""
        kinds = {kind.kind for kind in OF_PROGRAMME}
        return [
            entry
            for entry in self.journal.history(self.region)
            if entry.kind in kinds and (entry.body or {}).get("programme") == programme
        ]

    def _check_programmes(self, records: Sequence[Record]) -> None:
        known = self.programmes()
        wanted = {str(getattr(record, "programme", "")) for record in records}
        unknown = sorted(wanted - set(known))
        if unknown:
            raise StoreError(
                _("{count} programmes are unknown ({names})").format(
                    count=len(unknown), names=first_ids(unknown)
                ),
                _("make the programme first; nothing was written"),
            )

    def _check_attendance(self, rows: Sequence[Attendance]) -> None:
        if not rows:
            return
        events = {event.key: event for event in self.events()}
        unknown = sorted({row.event for row in rows} - set(events))
        if unknown:
            raise StoreError(
                _("{count} events are unknown ({names})").format(
                    count=len(unknown), names=first_ids(unknown)
                ),
                _("record the event first; nothing was written"),
            )
        today = datetime.now(UTC).date()
        early = sorted({row.event for row in rows if events[row.event].on > today})
        if early:
            raise StoreError(
                _("{count} events have not taken place yet ({names})").format(
                    count=len(early), names=first_ids(early)
                ),
                _("correct the day; nothing was written"),
            )


def event_faults(event: Event, programme: Programme, area: Area | None = None) -> list[str]:
    """Say what speaks against an event: a day outside the period, a place outside the area.

    Examples
    --------
    >>> fields = {"programme": "regional_plan", "event_kind": "session", "title": "One", "on": "2021-02-01"}
    >>> event_faults(Event.make(fields), read_programmes()["regional_plan"])
    ['2021-02-01 lies outside the programme: 2019-01-01 to 2019-12-31']
    """
    faults = []
    if not programme.covers(event.on):
        faults.append(
            _("{day} lies outside the programme: {begins} to {ends}").format(
                day=event.on, begins=programme.begins, ends=programme.ends or _("open")
            )
        )
    if area is not None and _lies_outside(event, area):
        faults.append(_("the place lies outside the programme's area ({area})").format(area=area.title))
    return faults


def require_fit(event: Event, programme: Programme, area: Area | None, why: str) -> None:
    """Raise where an event lies outside its programme's period or area, and no reason is given.

    Raises
    ------
    StoreError
        Names every fault.
    """
    faults = event_faults(event, programme, area)
    if faults and not why.strip():
        raise StoreError("; ".join(faults), _("correct it, or say why it is so; nothing was written"))


def _lies_outside(event: Event, area: Area) -> bool:
    if event.longitude is None or event.latitude is None:
        return False
    return not area.has(event.longitude, event.latitude)


def _check_room(event: Event, count: int, why: str) -> None:
    if event.room_holds is None or count <= event.room_holds or why.strip():
        return
    raise StoreError(
        _("{count} people are more than the room holds ({holds})").format(
            count=count, holds=event.room_holds
        ),
        _("correct the room or the list, or say why it is so; nothing was written"),
    )
