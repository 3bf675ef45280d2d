"""Invented records of every programme, for the demo region only: ``python -m store.demo_records``."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from geo.errors import StoreError
from geo.person_code import make_code
from geo.processed import read_shapes_of
from geo.programme import Counted, Programme
from geo.programme_area import find_area
from geo.region import read_region
from store.database import open_database
from store.journal import Journal
from store.programme_book import ProgrammeBook
from store.programmes import (
    Attendance,
    Barrier,
    Became,
    Contact,
    Enrolment,
    Event,
    EventKind,
    Message,
    MilestoneReached,
    Question,
    Race,
    Reading,
    Recruit,
    SpeakingTime,
)
from store.records import Record

WHO, SOURCE = "demo", "invented"
REGION = "demo"
Places = Sequence[tuple[str, str, float, float]]


def write_demo_records(book: ProgrammeBook, places: Places, seed: int = 7) -> int:
    """Write invented records of every programme into an empty book.

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
    if book.events():
        raise StoreError("there are events already", "write the demo's records into an empty store")
    chance = random.Random(seed)  # noqa: S311
    records = [
        record
        for number, programme in enumerate(book.programmes().values())
        for record in _records_of(programme, number, _inside(programme, places), chance)
    ]
    attendance = [record for record in records if isinstance(record, Attendance)]
    book.add([record for record in records if not isinstance(record, Attendance)], WHO, source=SOURCE)
    book.add(attendance, WHO, source=SOURCE)
    return len(records)


def _records_of(programme: Programme, number: int, places: Places, chance: random.Random) -> Iterator[Record]:
    events = list(_events(programme, places, chance))
    people = [make_code("DM", number * 500 + place) for place in range(120)]
    yield from events
    yield from _attendance(events, people, chance)
    yield from _recruits(programme, people, places, chance)
    yield from _amounts(programme, places, chance)
    yield from _talk(programme, events)
    if programme.kind == "forums":
        yield from _forum(programme, events)


def _events(programme: Programme, places: Places, chance: random.Random) -> Iterator[Event]:
    kind = {"forums": EventKind.FORUM, "census": EventKind.TRAINING}.get(programme.kind, EventKind.SESSION)
    for place in range(6):
        geoid, name, longitude, latitude = places[(place * 5 + chance.randrange(4)) % len(places)]
        yield Event(
            programme=programme.key,
            id=f"demo{place + 1}",
            event_kind=kind,
            title=f"Session {place + 1}",
            on=_day(programme, (place + 1) / 7),
            place=name,
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
                yield Attendance(programme=event.programme, event=event.key, person=person)


def _recruits(
    programme: Programme, people: Sequence[str], places: Places, chance: random.Random
) -> Iterator[Recruit]:
    if not any(measure.counted == Counted.RECRUITS for measure in programme.measures):
        return
    more = [make_code("DR", number) for number in range(200)]
    for person in [*people, *more]:
        geoid = chance.choice(places)[0]
        yield Recruit(
            programme=programme.key, person=person, on=_day(programme, chance.random()), geoid=geoid
        )


def _amounts(programme: Programme, places: Places, chance: random.Random) -> Iterator[Record]:
    counted = {measure.counted: measure for measure in programme.measures}
    for week in range(40):
        day, geoid = _day(programme, week / 44), chance.choice(places)[0]
        ids = {"programme": programme.key, "id": f"demo{week}", "on": day, "geoid": geoid}
        if Counted.HOUSEHOLDS in counted:
            yield Contact.make(ids | {"households": chance.randrange(200, 1100)})
        if Counted.ENROLMENTS in counted:
            yield Enrolment.make(ids | {"people": chance.randrange(3, 160)})
    measure = counted.get(Counted.READINGS)
    if measure is not None and measure.baseline is not None:
        goal = measure.goal if measure.goal is not None else 12.0
        for step in range(6):
            value = measure.baseline + (goal - measure.baseline) * step / 6
            yield Reading(
                programme=programme.key,
                id=f"demo{step}",
                measure=measure.key,
                on=_day(programme, step / 6),
                value=round(value),
            )


def _talk(programme: Programme, events: Sequence[Event]) -> Iterator[Record]:
    for number, became in enumerate(Became):
        event = events[number]
        yield Barrier(
            programme=programme.key,
            id=f"demo{number}",
            event=event.key,
            text=("No bus in the evening", "Letters only in English", "No child care", "Distance")[number],
            raised_on=event.on,
            became=became,
        )
    for number, channel in enumerate(("radio", "flyer", "text message")):
        yield Message(
            programme=programme.key,
            id=f"demo{number}",
            on=events[number].on,
            title="Invitation",
            channel=channel,
            language="es",
            cost_usd=150.0 * (number + 1),
            reach=900 * (number + 1),
        )
    for milestone in programme.milestones[:1]:
        yield MilestoneReached(programme=programme.key, title=milestone.title, on=events[-1].on)


def _forum(programme: Programme, events: Sequence[Event]) -> Iterator[Record]:
    candidates = ("Candidate A", "Candidate B", "Candidate C")
    yield Race(
        programme=programme.key,
        id="demo1",
        title="School board, area 1 (invented)",
        district="Area 1",
        on=events[-1].on,
        candidates=candidates,
    )
    for number, text in enumerate(("Buses?", "Safe water?", "School meals?", "Street lights?")):
        yield Question(programme=programme.key, id=f"demo{number}", on=events[0].on, text=text, race="demo1")
    for number, candidate in enumerate(candidates):
        yield SpeakingTime(
            programme=programme.key,
            event=events[0].key,
            race="demo1",
            candidate=candidate,
            seconds=600 + 9 * number,
        )


def _day(programme: Programme, share: float) -> date:
    ends = programme.ends or date(programme.begins.year + 3, 12, 31)
    return programme.begins + timedelta(days=int((ends - programme.begins).days * share))


def _inside(programme: Programme, places: Places) -> Places:
    """Keep the places of the programme's area, and of those two thirds, so that some stay unreached."""
    area = find_area(programme, read_region(REGION), lambda name: read_shapes_of(REGION, name))
    ours = [place for place in places if area.has(place[2], place[3])]
    return [place for number, place in enumerate(ours) if number % 3]


def demo_places(region: str = REGION) -> Places:
    """List the demo's tracts as places: tract, name, a point inside."""
    tracts = read_shapes_of(region, "tracts_2010")
    points = tracts.geometry.representative_point()
    names = [f"Tract {name}" for name in tracts["name"].astype(str)]
    return list(
        zip(tracts["geoid"].astype(str), names, map(float, points.x), map(float, points.y), strict=True)
    )


def main() -> int:
    """Write the demo's records into the store."""
    return write_demo_records(ProgrammeBook(Journal(open_database()), REGION), demo_places())


if __name__ == "__main__":
    main()
