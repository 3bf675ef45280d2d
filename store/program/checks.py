"""What speaks against a record of a program: told whole, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.area import Area
from geo.program.declaration import Program
from store.program.kinds import Attendance, Event, MilestoneReached, Race, Reading, SpeakingTime
from store.records import Record


def event_faults(event: Event, program: Program, area: Area | None = None) -> list[str]:
    """Say what speaks against an event: a day outside the period, a place outside the area.

    Examples
    --------
    >>> from geo.program.declaration import read_programs
    >>> fields = {"program": "regional_plan", "event_kind": "session", "title": "One", "on": "2021-02-01"}
    >>> event_faults(Event.make(fields), read_programs()["regional_plan"])
    ['2021-02-01 lies outside the program: 2019-01-01 to 2019-12-31']
    """
    faults = []
    if not program.covers(event.on):
        faults.append(
            _("{day} lies outside the program: {begins} to {ends}").format(
                day=event.on, begins=program.begins, ends=program.ends or _("open")
            )
        )
    if area is not None and _lies_outside(event, area):
        faults.append(_("the place lies outside the program's area ({area})").format(area=area.title))
    return faults


def require_fit(event: Event, program: Program, area: Area | None, why: str) -> None:
    """Raise where an event lies outside its program's period or area, and no reason is given.

    Raises
    ------
    StoreError
        Names every fault.
    """
    faults = event_faults(event, program, area)
    if faults and not why.strip():
        raise StoreError("; ".join(faults), _("correct it, or say why it is so; nothing was written"))


def require_room(event: Event, count: int, why: str) -> None:
    """Raise where more people are down than the room holds, and no reason is given.

    Raises
    ------
    StoreError
        Says how many people, and how many the room holds.
    """
    if event.room_holds is None or count <= event.room_holds or why.strip():
        return
    raise StoreError(
        _("{count} people are more than the room holds ({holds})").format(
            count=count, holds=event.room_holds
        ),
        _("correct the room or the list, or say why it is so; nothing was written"),
    )


def require_headcount(event: Event, count: int, why: str) -> None:
    """Raise where more people are down by code than were counted, and no reason is given.

    Raises
    ------
    StoreError
        Says both numbers.
    """
    if event.headcount is None or count <= event.headcount or why.strip():
        return
    raise StoreError(
        _("{count} people are down by code, and {headcount} were counted").format(
            count=f"{count:,}", headcount=f"{event.headcount:,}"
        ),
        _("correct the headcount or the list, or say why it is so; nothing was written"),
    )


def require_past(event: Event, people: int) -> None:
    """Raise where people are down for an event that is still to come.

    Raises
    ------
    StoreError
        Names the day.
    """
    if people and event.on > datetime.now(UTC).date():
        raise StoreError(
            _("the event has not taken place yet ({day})").format(day=event.on),
            _("correct the day; nothing was written"),
        )


def require_programs(records: Sequence[Record], known: Mapping[str, Program]) -> None:
    """Raise where a record's program is unknown.

    Raises
    ------
    StoreError
        Names the programs.
    """
    wanted = {str(getattr(record, "program", "")) for record in records}
    unknown = sorted(wanted - set(known))
    if unknown:
        raise StoreError(
            ngettext(
                "{count} program is unknown ({names})",
                "{count} programs are unknown ({names})",
                len(unknown),
            ).format(count=len(unknown), names=first_ids(unknown)),
            _("make the program first; nothing was written"),
        )


def require_program(program: Program, known: Mapping[str, Program]) -> None:
    """Raise where there is no program of this key to be changed.

    Raises
    ------
    StoreError
        Names it.
    """
    if program.key not in known:
        raise StoreError(
            _("there is no program {key!r}").format(key=program.key),
            _("make the program first; nothing was written"),
        )


def require_whole(program: Program, readings: Sequence[Reading], reached: Sequence[MilestoneReached]) -> None:
    """Raise where a version leaves out a measure or a milestone that something is recorded of.

    Raises
    ------
    StoreError
        Names them.
    """
    measures = {item.key for item in program.measures}
    milestones = {item.title for item in program.milestones}
    lost = sorted({item.measure for item in readings} - measures)
    lost += sorted({item.title for item in reached} - milestones)
    if lost:
        raise StoreError(
            _("something is recorded of what this leaves out: {names}").format(names=first_ids(lost)),
            _("keep them, or withdraw what is recorded first; nothing was written"),
        )


def require_events(rows: Sequence[Attendance], events: Mapping[str, Event]) -> None:
    """Raise where people are down for events that are unknown or still to come.

    Raises
    ------
    StoreError
        Names the events.
    """
    unknown = sorted({row.event for row in rows} - set(events))
    if unknown:
        raise StoreError(
            ngettext(
                "{count} event is unknown ({names})", "{count} events are unknown ({names})", len(unknown)
            ).format(count=len(unknown), names=first_ids(unknown)),
            _("record the event first; nothing was written"),
        )
    today = datetime.now(UTC).date()
    early = sorted({row.event for row in rows if events[row.event].on > today})
    if early:
        raise StoreError(
            ngettext(
                "{count} event has not taken place yet ({names})",
                "{count} events have not taken place yet ({names})",
                len(early),
            ).format(count=len(early), names=first_ids(early)),
            _("correct the day; nothing was written"),
        )


def require_candidates(rows: Sequence[SpeakingTime], races: Mapping[str, Race]) -> None:
    """Raise where a time is that of nobody who stands in the race.

    Raises
    ------
    StoreError
        Names whoever does not stand.
    """
    strange = sorted(
        {
            row.candidate
            for row in rows
            if row.race not in races or row.candidate not in races[row.race].candidates
        }
    )
    if strange:
        raise StoreError(
            _("not a candidate of this race: {names}").format(names=first_ids(strange)),
            _("correct the race's candidates first; nothing was written"),
        )


def _lies_outside(event: Event, area: Area) -> bool:
    if event.longitude is None or event.latitude is None:
        return False
    return not area.has(event.longitude, event.latitude)
