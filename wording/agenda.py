"""What stands on the calendar: events, milestones, elections, task force meetings, days of a canvass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from geo.days import day_words, hour_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.program.declaration import Program
from store.canvass.kinds import Cut, Goal, Turf, Volunteer
from store.journal import Entry, Journal
from store.program.book import ProgramBook
from store.program.kinds import EVENT_TITLES, ROLE_TITLES, Event, MilestoneReached, ProgramRecord, Race
from store.records import Kept, list_changes, to_kept
from store.water.kinds import Milestone
from store.water.meetings import Meeting
from store.water.projects import Note, Project, What
from wording.program import milestone_words, state_words

Point = tuple[float, float]


class Other(StrEnum):
    """What stands on the calendar beside events."""

    MILESTONE = "milestone"
    ELECTION = "election"
    MEETING = "meeting"
    WATER_MILESTONE = "water_milestone"
    PROJECT = "project"
    TURFS = "turfs"
    CANVASS_DAY = "canvass_day"
    SHIFT = "shift"
    CANVASS_GOAL = "canvass_goal"


TO_BE_REACHED = (Other.MILESTONE, Other.WATER_MILESTONE, Other.PROJECT)
OPEN_LONG = timedelta(days=366)


KIND_TITLES: Mapping[str, str] = {
    **{str(kind): title for kind, title in EVENT_TITLES.items()},
    Other.MILESTONE: N_("milestone of a program"),
    Other.ELECTION: N_("election day"),
    Other.MEETING: N_("task force meeting"),
    Other.WATER_MILESTONE: N_("milestone of a water system"),
    Other.PROJECT: N_("step of a water project"),
    Other.TURFS: N_("turfs handed out"),
    Other.CANVASS_DAY: N_("canvass day"),
    Other.SHIFT: N_("volunteers of a canvass"),
    Other.CANVASS_GOAL: N_("last day of the canvass"),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """Something on a day; hours are those of the region's time zone, ``point`` is longitude and latitude.

    ``kind`` is one of :data:`KIND_TITLES`, ``program`` a program's key or empty, ``state`` what became of it
    in words, ``is_open`` whether it is still to be reached. ``number`` and ``at`` (UTC) are those of the
    newest entry, 0 and None where there is none; ``gone`` is whether it was withdrawn.
    """

    kind: str
    key: str
    on: date
    title: str
    program: str = ""
    begins_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    point: Point | None = None
    partner: str = ""
    room_holds: int | None = None
    state: str = ""
    is_open: bool = False
    invented: bool = False
    number: int = 0
    at: datetime | None = None
    gone: bool = False

    @property
    def is_event(self) -> bool:
        """Whether it is an event of a program."""
        return self.kind in EVENT_TITLES


def list_dated(
    book: ProgramBook,
    programs: Mapping[str, Program],
    day: date,
    systems: Mapping[str, str],
    *,
    projects: bool = False,
) -> list[Dated]:
    """List what stands on the calendar of a region, by day and hour, withdrawn events among it.

    No note, no count of people and no name of a person is in it.

    Parameters
    ----------
    systems
        Names of water systems by PWSID, as who looks may see them; milestones of others are left out.
    projects
        Whether who looks may see the task force's projects.

    Examples
    --------
    >>> from store.database import open_database
    >>> from geo.program.declaration import read_programs
    >>> book = ProgramBook(Journal(open_database("sqlite://")), "calendar")
    >>> plan = {"regional_plan": read_programs()["regional_plan"]}
    >>> [(str(item.kind), item.title, item.state) for item in list_dated(book, plan, date(2020, 1, 1), {})]
    [('milestone', 'Comments handed in', 'not marked as reached')]
    """
    found = [
        *_events(book, programs),
        *_milestones(book, programs, day),
        *_elections(book, programs),
        *_of_water(book.journal, book.region, day, systems),
        *(_of_projects(book.journal, book.region, day) if projects else ()),
        *_of_canvass(book.journal, book.region),
    ]
    return sorted(found, key=lambda item: (item.on, item.begins_at or time(), item.kind, item.key))


def _events(book: ProgramBook, programs: Collection[str]) -> Iterator[Dated]:
    for item in book.kept(Event):
        if item.record.program in programs:
            yield event_dated(item)
    newest: set[str] = set()
    for change in list_changes(book.journal, book.region, [Event.kind]):
        last = change.entry.key not in newest
        newest.add(change.entry.key)
        if last and change.entry.body is None and change.before is not None:
            event = Event.model_validate(change.before)
            if event.program in programs:
                yield event_dated(_kept_of(event, change.entry), gone=True)


def _kept_of(event: Event, entry: Entry) -> Kept[Event]:
    return Kept(event, entry.number, entry.at, entry.who, entry.why, entry.source)


def event_dated(item: Kept[Event], *, gone: bool = False) -> Dated:
    """Put an event on the calendar."""
    event = item.record
    known = event.longitude is not None and event.latitude is not None
    return Dated(
        str(event.event_kind),
        event.key,
        event.on,
        event.title,
        program=event.program,
        begins_at=event.begins_at,
        ends_at=event.ends_at,
        place=event.place,
        point=(float(event.longitude or 0), float(event.latitude or 0)) if known else None,
        partner=event.partner,
        room_holds=event.room_holds,
        invented=event.invented,
        number=item.number,
        at=item.at,
        gone=gone,
    )


def _milestones(book: ProgramBook, programs: Mapping[str, Program], day: date) -> Iterator[Dated]:
    reached = {item.record.key: item for item in book.kept(MilestoneReached)}
    versions = {item.record.key: item for item in book.kept(ProgramRecord)}
    for program in programs.values():
        for milestone in program.milestones:
            key = f"{program.key}/{milestone.title}"
            done, version = reached.get(key), versions.get(program.key)
            on = done.record.on if done else None
            if milestone.due is None and on is None:
                continue
            yield Dated(
                Other.MILESTONE,
                key,
                milestone.due or on or day,
                _(milestone.title),
                program=program.key,
                state=state_words(program, milestone.due, on, day),
                is_open=on is None,
                number=(done.number if done else 0) + (version.number if version else 0),
                at=done.at if done else version.at if version else None,
            )


def _elections(book: ProgramBook, programs: Collection[str]) -> Iterator[Dated]:
    for item in book.kept(Race):
        race = item.record
        if race.program in programs:
            yield Dated(
                Other.ELECTION,
                race.key,
                race.on,
                race.title,
                program=race.program,
                place=_place_of(race),
                number=item.number,
                at=item.at,
            )


def _place_of(race: Race) -> str:
    """Name where a race is decided; a part that is only a number by what it is a number of."""
    if not race.area:
        return race.district
    area = f"{_(ROLE_TITLES[race.role])} {race.area}" if race.area.strip().isdigit() else race.area
    return _("{district}: {area}").format(district=race.district, area=area)


def _of_water(journal: Journal, region: str, day: date, systems: Mapping[str, str]) -> Iterator[Dated]:
    for entry in journal.latest(region, Meeting.kind):
        held = to_kept(Meeting, entry)
        yield Dated(
            Other.MEETING,
            entry.key,
            held.record.held_on,
            _("Meeting of the water task force"),
            number=held.number,
            at=held.at,
        )
    for entry in journal.latest(region, Milestone.kind):
        item = to_kept(Milestone, entry)
        # Of a month or a year its first day: nobody is called late who may have been in time.
        reached = item.record.reached_on.first if item.record.reached_on else None
        on = item.record.planned_for or reached
        name = systems.get(item.record.pwsid)
        if on is not None and name is not None:
            yield Dated(
                Other.WATER_MILESTONE,
                entry.key,
                on,
                _("{system}: {milestone}").format(system=name, milestone=item.record.title),
                state=milestone_words(item.record.planned_for, reached, day),
                is_open=reached is None,
                number=item.number,
                at=item.at,
            )


def _shifts(journal: Journal, region: str) -> Iterator[Dated]:
    """Yield the days for which volunteers signed up: how many, and no name."""
    shifts: dict[date, list[Kept[Volunteer]]] = {}
    for entry in journal.latest(region, Volunteer.kind):
        volunteer = to_kept(Volunteer, entry)
        for on in volunteer.record.shifts:
            shifts.setdefault(on, []).append(volunteer)
    for on, people in shifts.items():
        words = ngettext(
            "Canvass: {count} volunteer signed up", "Canvass: {count} volunteers signed up", len(people)
        )
        yield Dated(
            Other.SHIFT,
            on.isoformat(),
            on,
            words.format(count=len(people)),
            is_open=True,
            number=sum(item.number for item in people),
            at=max(item.at for item in people),
        )


def _of_projects(journal: Journal, region: str, day: date) -> Iterator[Dated]:
    titles = {
        entry.key: to_kept(Project, entry).record.title for entry in journal.latest(region, Project.kind)
    }
    for entry in journal.latest(region, Note.kind):
        item = to_kept(Note, entry)
        note = item.record
        reached = note.reached_on.first if note.reached_on else None
        on = note.planned_for or reached
        # A call or a document stands on the calendar only where it is planned.
        told = note.planned_for is not None or note.what in (What.MILESTONE, What.LEGAL)
        if on is not None and told and note.project in titles:
            yield Dated(
                Other.PROJECT,
                entry.key,
                on,
                _("{project}: {step}").format(project=titles[note.project], step=note.title),
                state=milestone_words(note.planned_for, reached, day),
                is_open=reached is None,
                number=item.number,
                at=item.at,
            )


def _of_canvass(journal: Journal, region: str) -> Iterator[Dated]:
    days: dict[date, list[Kept[Turf]]] = {}
    for entry in journal.latest(region, Turf.kind):
        turf = to_kept(Turf, entry)
        if turf.record.out_on is not None:
            days.setdefault(turf.record.out_on, []).append(turf)
    for on, turfs in days.items():
        words = ngettext("{count} turf was handed out", "{count} turfs were handed out", len(turfs))
        yield Dated(
            Other.TURFS,
            on.isoformat(),
            on,
            words.format(count=len(turfs)),
            number=sum(turf.number for turf in turfs),
            at=max(turf.at for turf in turfs),
        )
    for entry in journal.latest(region, Cut.kind):
        cut = to_kept(Cut, entry)
        if cut.record.planned_on is not None:
            title = _("Canvass day: {count} doors").format(count=f"{cut.record.doors:,}")
            yield Dated(
                Other.CANVASS_DAY,
                entry.key,
                cut.record.planned_on,
                title,
                is_open=True,
                number=cut.number,
                at=cut.at,
            )
    yield from _shifts(journal, region)
    for entry in journal.latest(region, Goal.kind):
        goal = to_kept(Goal, entry)
        title = _("The canvass ends (target: {count} households)").format(count=f"{goal.record.households:,}")
        yield Dated(
            Other.CANVASS_GOAL,
            entry.key,
            goal.record.last_day,
            title,
            is_open=True,
            number=goal.number,
            at=goal.at,
        )


def standing_on_calendar(dated: Iterable[Dated]) -> list[Dated]:
    """Leave out what was withdrawn: it is told to other calendars, and stands on none of ours."""
    return [item for item in dated if not item.gone]


def to_take_along(dated: Iterable[Dated], day: date) -> list[Dated]:
    """Leave out what was to be reached more than a year ago and nobody marked: no calendar waits for it.

    Examples
    --------
    >>> old, new = (Dated(Other.MILESTONE, "a", date(year, 6, 1), "M", is_open=True) for year in (2014, 2026))
    >>> [item.on.year for item in to_take_along([old, new], date(2026, 12, 1))]
    [2026]
    """
    return [
        item
        for item in dated
        if not (item.is_open and item.kind in TO_BE_REACHED and day - item.on > OPEN_LONG)
    ]


def hours_words(item: Dated) -> str:
    """Write the hours; empty where they are not known.

    Examples
    --------
    >>> hours_words(Dated("forum", "p/a", date(2026, 11, 30), "F", begins_at=time(18), ends_at=time(20)))
    '6:00 PM – 8:00 PM'
    """
    return " – ".join(hour_words(hour) for hour in (item.begins_at, item.ends_at) if hour)


def one_line(item: Dated) -> str:
    """Write a calendar's entry as a line to choose it by.

    Examples
    --------
    >>> one_line(Dated("forum", "p/a", date(2026, 11, 30), "Mecca"))
    'Nov 30, 2026 · Mecca (forum)'
    """
    return f"{day_words(item.on)} · {item.title} ({_(KIND_TITLES[item.kind])})"
