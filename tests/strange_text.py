"""A store in which every text that somebody can write calls home: pictures, links, colors, formulas."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

import store
from demo.records import demo_places, write_demo_board, write_demo_records
from geo.canvass.codes import make_turf_code
from geo.canvass.paper_totals import PAPER_TOTALS
from geo.canvass.returns import RETURNS
from geo.canvass.tool_files import tool_returns_in
from geo.datasets.storage import read_shapes_of
from geo.days import day_in
from geo.program.declaration import read_programs
from geo.program.sign_in_sheets import SIGN_IN
from geo.program.sites import SITE_TABLE
from store.canvass.cuts import DraftCut, DraftSteps
from store.canvass.kinds import Cut, FieldPaper, Goal, Tally, TribalPermission, Turf, Visit, Volunteer
from store.database import open_database
from store.intake import Meanings, Taken
from store.journal import Draft, Entry, Journal
from store.own_layers import SavedLayer
from store.program.book import ProgramBook, SiteList
from store.program.kinds import (
    Boundary,
    Cards,
    Event,
    MilestoneReached,
    ProgramRecord,
    Race,
    SpeakingTime,
    Uncoded,
)
from store.records import Record
from store.water.board_sheet import BOARD_SHEET
from store.water.kinds import Affordability, Comment, Funding, Milestone
from store.water.known_projects import Reply
from store.water.meetings import Decision, Meeting
from store.water.places import SystemPlace, TieIn
from store.water.projects import Grant, Note, Project, Step, What
from store.water.scenarios import Scenario

REGION, PROGRAM = "demo", "strange_words"
SHORT = "![x](http://calls.home/0) <img src=http://calls.home/9>"
STRANGE = (
    "![x](http://calls.home/1) <img src=http://calls.home/2> [y](http://calls.home/3) :red[z] $x$ "
    '=HYPERLINK("http://calls.home/4") http://calls.home/5 :material/home: *b* `c` '
    "{{ 7 * 191 }} {% no %} {# e"
)
FORMULA = f'=HYPERLINK("http://calls.home/4") {STRANGE}'
# What stands in records to name something else, or one of a few words of ours: no text that people write.
_NAMES = """pwsid pwsids id key code program event race person geoid turf unit units volunteer project
    boundary basis method balance measure district area candidate hashed dataset column values region counted
    kind table entries also letters color tellings tribe"""
NAMES = frozenset(_NAMES.split())
TODAY = day_in("America/Los_Angeles")


def fill_store(url: str) -> Journal:
    """Write records of every kind into an empty store, then strange text into every text of each."""
    journal = Journal(open_database(url))
    systems = read_shapes_of(REGION, "water_systems")["pwsid"].tolist()
    write_demo_records(ProgramBook(journal, REGION), demo_places(REGION))
    write_demo_board(journal, REGION, systems)
    written = [*canvass(), *on_the_board(systems), *of_programs(), *of_files()]
    journal.append([record.draft(REGION, STRANGE, source=STRANGE) for record in written])
    spoil(journal)
    return journal


def canvass() -> Iterator[Record]:
    """Two turfs of a cut: one in the hands of a volunteer of a strange name, one told of on paper."""
    units = read_shapes_of(REGION, "blocks").query("housing_units > 40")["geoid"].head(3).tolist()
    day = TODAY - timedelta(days=3)
    counts = {"doors": 40, "households": 30, "population": 90, "hours": 3.0}
    yield Cut(number=0, turfs=2, doors=80, tolerance=0.05, worst=0.0, bound=0.0, target=STRANGE)
    first, second = (make_turf_code(0, place) for place in range(2))
    yield Volunteer(pseudonym=STRANGE, languages=("en", STRANGE), area=STRANGE)
    out = {"status": "out", "volunteer": STRANGE, "out_on": day}
    yield Turf(code=first, cut=0, units=units[:1], note="n", language="es", **counts, **out)
    yield Turf(code=second, cut=0, units=units[1:2], status="returned", note="n", **counts)
    told = {"language": "es", "again": "a", "answers": {"question": "a"}}
    yield Visit(turf=first, unit=units[0], door="7", on=day, disposition="spoke", **told)
    yield FieldPaper(lead="l", phone="p")
    tribe = str(read_shapes_of(REGION, "tribal_areas")["geoid"].iloc[0])
    yield TribalPermission(tribe=tribe, title="t", agreed_by="a", on=day)
    yield Tally(turf=second, on=day, sheet=STRANGE, spoke=3, not_home=4)
    yield Goal(households=900, last_day=TODAY + timedelta(days=30), source="s")
    yield DraftCut(id="d", units=units[2:], labels=(0,), bound=0.0, tolerance=0.05, asked={"list": "l"})
    yield DraftSteps(id="d")


def on_the_board(systems: list[str]) -> Iterator[Record]:
    of = {"pwsid": systems[0], "service": "water"}
    yield Milestone(**of, title="m", reached_on=TODAY)
    yield Funding(**of, funder="f", amount_usd=5, status="applied", on=TODAY)
    yield Comment(**of, text="t")
    yield Project(id="nine", title="t", pwsids=tuple(systems[:2]), lead="l", contacts="c", note="n")
    yield Grant(
        project="nine", funder="f", program="p", steps=(Step(status="awarded", amount_usd=5),), note="n"
    )
    for what in What:
        yield Note(project="nine", what=what, title="t", planned_for=TODAY, link="l")
    yield Affordability(**of, rate_usd_per_month=5, on=TODAY, source_note="s")
    yield Meeting(held_on=TODAY - timedelta(days=9), note="n", attended="w")
    yield Decision(held_on=TODAY, text="t", lead="l", due=TODAY - timedelta(days=3), pwsid=systems[0])
    spot = {"type": "Point", "coordinates": [-116.0, 33.5]}
    yield SystemPlace(pwsid=systems[0], geojson=json.dumps(spot), address="a")
    yield TieIn(title="t", geojson=json.dumps(spot))
    yield Reply(project="known", answer="declined")
    feet = dict.fromkeys(("trunk_ft", "low_ft", "high_ft", "bound_ft", "separate_ft"), 900.0)
    money = dict.fromkeys(("shared_pipes_usd", "separate_pipes_usd", "people"), 900.0)
    chosen = {"pwsids": systems[:3], "boundary": "all", "basis": "full", "method": "exact"}
    yield Scenario(name=STRANGE[:80], boundary_title="b", note="n", **chosen, **feet, **money)


def of_programs() -> Iterator[Record]:
    point = read_shapes_of(REGION, "places")[["name", "geometry"]].head(3)
    point = point.set_geometry(point.geometry.representative_point())
    sites = json.dumps(spoiled_shapes(json.loads(point.to_json())))
    yield SiteList(title=SHORT, site_kind="school", source="s", vintage="v", sites=3, geojson=sites)
    declared = read_programs()["civic_forums"].model_dump(mode="json")
    aimed = {"measure": "forums", "on": str(TODAY), "after": 5, "why": "w"}
    yield ProgramRecord(program=declared | {"key": PROGRAM, "goal_changes": [aimed]})
    yield Cards(letters="QX", first=1, count=2)
    area = read_shapes_of(REGION, "places")[["name", "geometry"]].head(1)
    shapes = json.dumps(spoiled_shapes(json.loads(area.to_json())))
    for role in ("area", "trustee area"):
        yield Boundary(program=PROGRAM, title="t", role=role, geojson=shapes, drawn=True)
    yield MilestoneReached(program=PROGRAM, title=STRANGE, on=TODAY)
    of = {"program": PROGRAM, "place": "p", "partner": "p"}
    forum = Event(
        **of,
        event_kind="forum",
        title="t",
        on=TODAY - timedelta(days=2),
        geoid=None,
        series=STRANGE,
        headcount=40,
        headcount_how=STRANGE,
    )
    yield forum
    yield Uncoded(program=PROGRAM, event=forum.key, file=STRANGE, count=3)
    race = Race(
        **of,
        title="t",
        district=STRANGE,
        role="trustee area",
        area=STRANGE,
        on=TODAY,
        candidates=(STRANGE, "B"),
    )
    yield race
    yield SpeakingTime(program=PROGRAM, event=forum.key, race=race.key, candidate=STRANGE, seconds=60)
    yield SpeakingTime(program=PROGRAM, event=forum.key, race=race.key, candidate="B", seconds=90)


def of_files() -> Iterator[Record]:
    """Files of every kind that were taken in, what their headings and words meant, and a layer."""
    area = read_shapes_of(REGION, "places")[["name", "geometry"]].head(1)
    shapes = json.dumps(spoiled_shapes(json.loads(area.to_json())))
    yield SavedLayer(name=SHORT, geojson=shapes, file="f")
    for table in (BOARD_SHEET, RETURNS, tool_returns_in("UTC"), PAPER_TOTALS, SIGN_IN, SITE_TABLE):
        yield Taken(table=table.key, file=STRANGE, entries=(("note", "none", 1),))
        yield Meanings(table=table.key, headings={STRANGE: STRANGE}, words={"stage": {STRANGE: STRANGE}})


def spoiled_shapes(collection: dict[str, Any]) -> dict[str, Any]:
    """Give every area or point of a GeoJSON a strange name of its own."""
    for place, feature in enumerate(collection["features"]):
        feature["properties"]["name"] = f"{STRANGE} {place}"
    return collection


def spoil(journal: Journal) -> None:
    """Write strange text into every text of every record that holds it."""
    kinds = {item.kind: item for item in kinds_of_records()}
    drafts = []
    for kind in kinds.values():
        for entry in journal.latest(REGION, kind.kind):
            body = spoiled(kind, entry.body or {}, entry)
            if body != entry.body:
                told = (STRANGE, entry.number, FORMULA, FORMULA)
                drafts.append(Draft(REGION, kind.kind, entry.key, body, *told))
    journal.append(drafts)


def spoiled(kind: type[Record], body: dict[str, Any], entry: Entry) -> dict[str, Any]:
    for path in list(texts(body)):
        for words in (f"{STRANGE} {'.'.join(map(str, path))}", SHORT):
            wanted = replaced(body, path, words)
            try:
                if kind.model_validate(wanted).key == entry.key:
                    body = wanted
                    break
            except ValidationError:
                continue
    return body


def texts(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where texts stand in a body; those that name something else are passed over."""
    if isinstance(body, str):
        yield path
    elif isinstance(body, Mapping):
        for name, item in body.items():
            if isinstance(item, Mapping) or name not in NAMES | {"geojson", "candidates", "languages"}:
                yield from texts(item, (*path, name))
    elif isinstance(body, list):
        for place, item in enumerate(body):
            yield from texts(item, (*path, place))


def replaced(body: Any, path: tuple[Any, ...], words: str) -> Any:
    if not path:
        return words
    copy = dict(body) if isinstance(body, Mapping) else list(body)
    copy[path[0]] = replaced(body[path[0]], path[1:], words)
    return copy


def kinds_of_records() -> list[type[Record]]:
    """Every kind of record that the store has."""
    for module in pkgutil.walk_packages(store.__path__, "store."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)

    def below(kind: type[Record]) -> Iterator[type[Record]]:
        for item in kind.__subclasses__():
            yield item
            yield from below(item)

    return [item for item in below(Record) if "kind" in vars(item)]
