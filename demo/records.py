"""Invented records of the demo region, of its board and every program: ``python -m demo.records``."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from math import prod

from demo.forums import forum_records
from geo.datasets.storage import read_shapes_of
from geo.days import DateSpan, day_in
from geo.errors import GeoError, StoreError
from geo.language import gettext as _
from geo.methods.person_codes import make_code
from geo.program.area import find_area
from geo.program.declaration import Counted, Program
from geo.region import read_region
from store.database import open_database
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import (
    EVENT_TITLES,
    Attendance,
    Barrier,
    Became,
    Contact,
    Enrollment,
    Event,
    EventKind,
    Message,
    MilestoneReached,
    Reading,
    Recruit,
    SpeakingTime,
)
from store.records import Record
from store.water.kinds import FundingStatus, Service, Stage, Status
from store.water.projects import Bridge, Grant, Note, Project, Step, What

BOARD_WRITER, BOARD_SOURCE, MOST = "demo", "invented", 20
PROJECT = "demo"


def write_demo_board(journal: Journal, region: str, pwsids: Sequence[str]) -> int:
    """Write invented stages of some systems and a project on the water board, where no stage ever was.

    One in three is connected, a few a year; the others stand on the way. One grant is for several of those.

    Returns
    -------
    int
        How many records.
    """
    if journal.history(region, Status.kind):
        return 0
    way = (Stage.FEASIBILITY, Stage.PLANNING, Stage.DESIGN, Stage.FUNDED, Stage.UNDER_CONSTRUCTION)
    statuses: list[Status] = []
    for place, pwsid in enumerate(sorted(pwsids)[::3][:MOST]):
        stage = way[place % len(way)] if place % 3 else Stage.CONNECTED
        day = date(2014, 3, 1) + timedelta(days=190 * place)
        statuses.append(
            Status(
                pwsid=pwsid,
                service=Service.WATER,
                stage=stage,
                reached_on=DateSpan(day, day),
                evidence=BOARD_SOURCE,
                note=BOARD_SOURCE,
            )
        )
    waiting = [status.pwsid for status in statuses if status.stage in (Stage.PLANNING, Stage.DESIGN)]
    records = [*statuses, *(demo_project(waiting[:PARKS]) if waiting else ())]
    journal.append([record.draft(region, BOARD_WRITER, source=BOARD_SOURCE) for record in records])
    return len(records)


PARKS = 4


def demo_project(pwsids: Sequence[str]) -> Iterator[Record]:
    """Invent a project of several systems: one grant with its steps, what was done, and what is due.

    Days stand beside the one on which it is written, so that a page shows what is ahead and what is late.

    Examples
    --------
    >>> project, grant, *notes = demo_project(["CA9010002", "CA9010003"])
    >>> [str(step.status) for step in grant.steps], sum(note.reached_on is None for note in notes)
    (['applied', 'awarded', 'agreed'], 3)
    """
    today = day_in(read_region(REGION).timezone)

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    steps = (("applied", 4_200_000, 430), ("awarded", 3_600_000, 150), ("agreed", 3_500_000, 40))
    told = [
        Step(status=FundingStatus(status), amount_usd=usd, on=_span(ago(days))) for status, usd, days in steps
    ]
    yield Project(
        id=PROJECT,
        title="Parks on one main (invented)",
        pwsids=tuple(pwsids),
        lead="Demo water district",
        bridge=Bridge.BOTTLED,
        bridge_since=_span(ago(700)),
        note=BOARD_SOURCE,
    )
    yield Grant(
        project=PROJECT, id=PROJECT, funder="State", program="SAFER", steps=tuple(told), note=BOARD_SOURCE
    )
    for what, title, planned, reached in (
        (What.LEGAL, "LAFCO application", ago(120), _span(ago(110))),
        (What.LEGAL, "consents of owners", ago(12), None),
        (What.MILESTONE, "Design approved", ago(-35), None),
        (What.MILESTONE, "Construction begins", ago(-190), None),
    ):
        yield Note(
            project=PROJECT,
            id=title.replace(" ", "_"),
            what=what,
            title=title,
            planned_for=planned,
            reached_on=reached,
        )


def _span(day: date) -> DateSpan:
    return DateSpan(day, day)


WHO, SOURCE = "demo", "invented"
REGION = "demo"
MONTHS, FEW = 8, 6
Places = Sequence[tuple[str, str, float, float]]


def write_demo_records(book: ProgramBook, places: Places, seed: int = 7) -> int:
    """Write invented records of every program into an empty book.

    Parameters
    ----------
    places
        Tract, name, longitude, latitude (EPSG:4326) of where events may be.

    Returns
    -------
    int
        How many records.

    Raises
    ------
    StoreError
        The book has events already.
    """
    if was_used(book):
        raise StoreError(_("there were events already"), _("write the demo's records into an empty store"))
    chance = random.Random(seed)  # noqa: S311
    records = [
        record
        for program in book.programs().values()
        for record in _records_of(program, _inside(program, places), chance)
    ]
    later = (Attendance, SpeakingTime)
    book.add([record for record in records if not isinstance(record, later)], WHO, source=SOURCE)
    book.add([record for record in records if isinstance(record, later)], WHO, source=SOURCE)
    return len(records)


def was_used(book: ProgramBook) -> bool:
    """Whether an event was ever recorded in this region, be it withdrawn since."""
    return bool(book.journal.history(book.region, Event.kind))


def _records_of(program: Program, places: Places, chance: random.Random) -> Iterator[Record]:
    events = list(_events(program, places, chance))
    # Of one valley: some people take part in several programs.
    people = [make_code("DM", number) for number in sorted(chance.sample(range(450), 120))]
    yield from events
    yield from _attendance(events, people, chance)
    yield from _recruits(program, people, places, chance)
    yield from _amounts(program, places, chance)
    yield from _enrollments(program, places, chance)
    yield from _talk(program, events)
    if program.kind == "forums":
        yield from forum_records(program, events, chance, REGION)


def _events(program: Program, places: Places, chance: random.Random) -> Iterator[Event]:
    kind = {"forums": EventKind.FORUM, "census": EventKind.TRAINING}.get(program.kind, EventKind.SESSION)
    for place in range(6):
        geoid, name, longitude, latitude = places[(place * 5 + chance.randrange(4)) % len(places)]
        yield Event(
            program=program.key,
            id=f"demo{place + 1}",
            event_kind=kind,
            title=f"{EVENT_TITLES[kind].capitalize()} {place + 1}",
            on=_day(program, (place + 1) / 7),
            begins_at=time(18, 0),
            ends_at=time(20, 0),
            place=name,
            partner=program.partners[place % len(program.partners)] if program.partners else "",
            geoid=geoid,
            longitude=longitude,
            latitude=latitude,
            room_holds=120,
            note="invented",
            invented=True,
        )


def _attendance(
    events: Sequence[Event], people: Sequence[str], chance: random.Random
) -> Iterator[Attendance]:
    will = {person: chance.betavariate(1.2, 1.6) for person in people}
    for event in events:
        for person in people:
            if chance.random() < will[person]:
                yield Attendance(program=event.program, event=event.key, person=person)


def _recruits(
    program: Program, people: Sequence[str], places: Places, chance: random.Random
) -> Iterator[Recruit]:
    if not any(measure.counted == Counted.RECRUITS for measure in program.measures):
        return
    more = [make_code("DR", number) for number in range(200)]
    for person in [*people, *more]:
        geoid = chance.choice(places)[0]
        yield Recruit(program=program.key, person=person, on=_day(program, chance.random()), geoid=geoid)


def _amounts(program: Program, places: Places, chance: random.Random) -> Iterator[Record]:
    counted = {measure.counted: measure for measure in program.measures}
    for week in range(40):
        day, geoid = _day(program, week / 44), chance.choice(places)[0]
        ids = {"program": program.key, "id": f"demo{week}", "on": day, "geoid": geoid}
        if Counted.HOUSEHOLDS in counted:
            yield Contact.make(ids | {"households": chance.randrange(200, 1100)})
    measure = counted.get(Counted.READINGS)
    if measure is not None and measure.baseline is not None:
        goal = measure.drawn_across if measure.drawn_across is not None else 12.0
        for step in range(6):
            value = measure.baseline + (goal - measure.baseline) * step / 6
            yield Reading(
                program=program.key,
                id=f"demo{step}",
                measure=measure.key,
                on=_day(program, step / 6),
                value=round(value),
            )


def _enrollments(program: Program, places: Places, chance: random.Random) -> Iterator[Enrollment]:
    """Enroll in each tract a part of those who could, more in some than in others; a few from elsewhere."""
    if not any(measure.counted == Counted.ENROLLMENTS for measure in program.measures):
        return
    tracts = read_shapes_of(REGION, "tracts_2010").set_index("geoid")
    eligible = tracts["uninsured"] * prod(rule.share for rule in program.eligibility)
    for number, geoid in enumerate(place[0] for place in places):
        people = round(float(eligible.get(geoid) or 0) * chance.betavariate(1.6, 2.4))
        people = min(people, FEW) if number % 7 == 2 else people
        for part in range(MONTHS):
            enrolled = (people * (part + 1)) // MONTHS - (people * part) // MONTHS
            ids = {"program": program.key, "id": f"demo{number}.{part}", "geoid": geoid}
            if enrolled:
                day = _day(program, (part + chance.random()) / MONTHS)
                yield Enrollment.make(ids | {"on": day, "people": enrolled})
    yield Enrollment(program=program.key, id="demo.elsewhere", on=_day(program, 0.8), people=23)


def _talk(program: Program, events: Sequence[Event]) -> Iterator[Record]:
    for number, became in enumerate(Became):
        event = events[number]
        yield Barrier(
            program=program.key,
            id=f"demo{number}",
            event=event.key,
            text=("No bus in the evening", "Letters only in English", "No child care", "Distance")[number],
            raised_on=event.on,
            became=became,
        )
    for number, channel in enumerate(("radio", "flyer", "text message")):
        yield Message(
            program=program.key,
            id=f"demo{number}",
            on=events[number].on,
            title="Invitation",
            channel=channel,
            language="es",
            cost_usd=150.0 * (number + 1),
            reach=900 * (number + 1),
        )
    for milestone in program.milestones[:1]:
        yield MilestoneReached(program=program.key, title=milestone.title, on=events[-1].on)


def _day(program: Program, share: float) -> date:
    ends = program.ends or date(program.begins.year + 3, 12, 31)
    return program.begins + timedelta(days=int((ends - program.begins).days * share))


def _inside(program: Program, places: Places) -> Places:
    """Keep of the places of the program's area two thirds, and none of those that nothing is to reach."""
    area = find_area(program, read_region(REGION), lambda name: read_shapes_of(REGION, name))
    ours = [place for place in _ever(places) if area.has(place[2], place[3])]
    return [place for number, place in enumerate(ours) if number % 3]


def _ever(places: Places) -> Places:
    """Leave out every sixth place: no program has been there."""
    return [place for number, place in enumerate(places) if number % 6]


def demo_places(region: str = REGION) -> Places:
    """List the demo's tracts as places: tract, name of the place it lies in, a point inside."""
    tracts = read_shapes_of(region, "tracts_2010")
    points = tracts[["geoid"]].set_geometry(tracts.geometry.representative_point())
    around = points.sjoin(read_shapes_of(region, "places")[["name", "geometry"]], predicate="intersects")
    named = around.drop_duplicates("geoid").set_index("geoid")["name"]
    names = [
        f"Community room, {named.get(geoid, 'tract ' + geoid[5:])}" for geoid in tracts["geoid"].astype(str)
    ]
    x, y = points.geometry.x, points.geometry.y
    return list(zip(tracts["geoid"].astype(str), names, map(float, x), map(float, y), strict=True))


def write_demo() -> int:
    """Write the demo's records, where none ever were; return how many."""
    book = ProgramBook(Journal(open_database()), REGION)
    pwsids = read_shapes_of(REGION, "water_systems")["pwsid"].astype(str).tolist()
    written = 0 if was_used(book) else write_demo_records(book, demo_places())
    return written + write_demo_board(book.journal, REGION, pwsids)


def main() -> int:
    """Write the demo's records and say how many; return 0, or 1 where the database refused."""
    argparse.ArgumentParser(prog="python -m demo.records", description=write_demo.__doc__).parse_args()
    try:
        sys.stdout.write(f"{REGION}: {write_demo()} invented records written\n")
    except GeoError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
