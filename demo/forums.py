"""Invented forums for the demo: races, the time each candidate had, residents' questions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta

import geopandas as gpd
import shapely

from geo.crs import STORED
from geo.datasets.storage import read_shapes_of
from geo.program.area import find_area
from geo.program.declaration import Program
from geo.region import read_region
from store.program.kinds import AreaRole, Boundary, Event, Question, Race, speaking_times
from store.records import Record


def forum_records(
    program: Program, events: Sequence[Event], chance: random.Random, region: str
) -> Iterator[Record]:
    """Make two races of a school board by trustee area, and one of a water board without boundaries."""
    districts = find_area(program, read_region(region), lambda name: read_shapes_of(region, name)).parts
    (school, shape), (water, _shape) = districts[:2]
    seats = _thirds(shape)
    ids = {"program": program.key}
    yield Boundary.make(
        ids
        | {"id": "demo1", "title": "Trustee areas (invented)", "role": AreaRole.TRUSTEE_AREA}
        | {"geojson": seats.to_json()}
    )
    parts = [(school, AreaRole.TRUSTEE_AREA, seat) for seat in seats["name"][:2]]
    parts.append((water, AreaRole.DIVISION, "Division 2"))
    races = [
        Race(
            program=program.key,
            id=f"demo{number + 1}",
            title=f"{('School board', 'School board', 'Water board')[number]}, {part} (invented)",
            district=district,
            role=role,
            area=part,
            on=events[2 * number + 1].on + timedelta(days=40),
            candidates=tuple(f"Candidate {letter}" for letter in ("ABC", "DE", "FGH")[number]),
        )
        for number, (district, role, part) in enumerate(parts)
    ]
    for number, race in enumerate(races):
        yield race
        for event in events[2 * number : 2 * number + 2]:
            yield from speaking_times(event, race, _minutes(race, event, chance))
    yield from _questions(events, races, chance)


def _minutes(race: Race, event: Event, chance: random.Random) -> dict[str, float | None]:
    """Give ten minutes or so to each; at the last forum one spoke longer, and one did not come."""
    spoken: dict[str, float | None] = {name: 10 + chance.randrange(-1, 2) / 4 for name in race.candidates}
    if len(race.candidates) == 3 and event.id == "demo6":
        spoken |= {race.candidates[1]: 12.5, race.candidates[2]: None}
    return spoken


def _questions(events: Sequence[Event], races: Sequence[Race], chance: random.Random) -> Iterator[Question]:
    """Put every question to the race of its forum; every fifth is to nobody in particular."""
    for number in range(36):
        topic, text = QUESTIONS[number % len(QUESTIONS)]
        place = chance.randrange(len(events))
        event = events[place]
        yield Question(
            program=event.program,
            id=f"demo{number}",
            on=event.on,
            text=text,
            topic=topic,
            language=chance.choice(("es", "en")),
            event=event.key,
            race="" if number % 5 == 4 else races[place // 2].key,
        )


QUESTIONS = (
    ("transport", "When will the bus run in the evening?"),
    ("water", "Is the water at the school safe to drink?"),
    ("school", "Who decides how the school's money is spent?"),
    ("streets", "When do we get street lights?"),
)


def _thirds(shape: shapely.Geometry) -> gpd.GeoDataFrame:
    """Cut a shape into three from west to east: invented trustee areas, in EPSG:4326."""
    west, south, east, north = shapely.bounds(shape).tolist()
    edges = [west + (east - west) * part / 3 for part in range(4)]
    parts = [shapely.intersection(shape, shapely.box(edges[n], south, edges[n + 1], north)) for n in range(3)]
    return gpd.GeoDataFrame({"name": [f"Area {n + 1}" for n in range(3)]}, geometry=parts, crs=STORED)
