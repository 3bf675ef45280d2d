"""A region whose store is full of what is not for everybody, each with words by which it is found again."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd

from demo.records import demo_places, write_demo_records
from geo.datasets.storage import read_shapes_of
from geo.days import day_in
from geo.methods.person_codes import make_code
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.cuts import DraftBook, DraftCut
from store.canvass.kinds import Cut, Tally, Visit, Volunteer
from store.journal import Journal
from store.program.book import ProgramBook
from store.program.kinds import AreaRole, Attendance, Barrier, Boundary, Cards, Question
from store.water.book import Board, Change
from store.water.kinds import Comment, Funding, Milestone, Status
from store.water.meetings import Decision, Meeting, close_meeting, decide
from store.water.projects import Grant, Note, Project, Step, add_to_board
from store.water.scenarios import Scenario, save_scenario

TODAY = day_in("America/Los_Angeles")
WHO = "Ximena Recorder"
PLANTED = {
    "member": (WHO,),
    "volunteer": ("Zunzuncito",),
    "turf note": ("two dogs behind the gate",),
    "door": ("D9417",),
    "sheet": ("S7731",),
    "board note": ("ask the owner of the heron", "call the egret on Monday", "paid by the ibis"),
    "reason": ("because the stork said so",),
    "project": ("Pipes for the marabou",),
    "residents": ("the quetzal bus is late", "why is the kiskadee empty"),
    # Of the one person whose code stands here.
    "person code": (make_code("ZX", 7),),
    # Put there by the walk itself, where a table of people holds a number from 1 to 9.
    "small count": ("<a small count>",),
}


def system_names(region: str) -> tuple[str, ...]:
    """The names of all systems that the public sees by another, older ones too."""
    systems = read_shapes_of(region, "water_systems")
    withheld = systems[systems["name"].ne(systems["public_name"])]
    older = [name.strip() for names in withheld["other_names"].dropna() for name in names.split(";")]
    return tuple(dict.fromkeys([*withheld["name"].astype(str), *older]))


def hidden_systems(region: str) -> list[str]:
    """Some of these systems by identifier, small and with people, so that they are on the board."""
    systems = read_shapes_of(region, "water_systems")
    withheld = systems[systems["name"].ne(systems["public_name"]) & systems["population"].gt(0)]
    return withheld[withheld.geometry.notna()]["pwsid"].astype(str).tolist()[:3]


def plant_board(journal: Journal, region: str) -> None:
    systems = read_shapes_of(region, "water_systems")
    board, (first, second, *_rest) = Board(journal, region, systems["pwsid"]), hidden_systems(region)
    close_meeting(board, Meeting(held_on=TODAY, attended=WHO), who=WHO)
    decision = {"text": PLANTED["board note"][1], "pwsid": first, "due": "2024-01-09"}
    decide(board, Decision(held_on=TODAY, **decision), WHO, seen=0)
    status = {
        "pwsid": first,
        "service": "water",
        "reached_on": "2024-01-01",
        "evidence": "letter of the State",
    }
    note = {"note": PLANTED["board note"][0]}
    board.record([Change(Status(**status, **note, stage="funded"), seen=0)], who=WHO)
    board.record(
        [Change(Status(**status, **note, stage="connected"), seen=1, why=PLANTED["reason"][0])], who=WHO
    )
    money = {"funder": "State", "amount_usd": 9e5, "status": "awarded", "on": "2024-02-01"}
    board.add(
        [
            Comment(pwsid=first, service="water", text=PLANTED["board note"][1]),
            Funding(pwsid=second, service="water", note=PLANTED["board note"][2], **money),
            Milestone(pwsid=first, service="water", title="Design", id="design", planned_for=TODAY),
        ],
        who=WHO,
    )
    project = Project(title=PLANTED["project"][0], pwsids=(first, second))
    step = Step(status="awarded", amount_usd=3e5)
    grant = Grant(project=project.id, funder="State", steps=(step,))
    due = Note(project=project.id, what="legal", title="annexation", planned_for=TODAY)
    add_to_board(board, [project, grant, due], WHO)
    lengths = dict.fromkeys(("trunk_ft", "low_ft", "high_ft", "bound_ft", "separate_ft"), 900.0)
    sums = {"shared_pipes_usd": 1.0, "separate_pipes_usd": 2.0, "people": 90.0}
    named = {"name": "Airport", "boundary": "x", "basis": "route", "method": "2021", "note": note["note"]}
    scenario = Scenario(pwsids=(first, second), **named, **lengths, **sums)
    save_scenario(journal, region, scenario, WHO, seen=0)


def plant_canvass(journal: Journal, region: str) -> None:
    book = CanvassBook(journal, region)
    blocks = read_shapes_of(region, "blocks").query("housing_units > 40").sort_values("geoid")["geoid"]
    turfs = [NewTurf(place, tuple(blocks[2 * place : 2 * place + 2]), 90, 80, 240, 6.0) for place in (0, 1)]
    book.keep(turfs, Cut(number=0, turfs=2, doors=180, tolerance=0.05, worst=0.0, bound=0.0), WHO, seen={})
    code, units = next(iter(book.units_of().items()))
    book.save(Volunteer.make({"pseudonym": PLANTED["volunteer"][0], "area": "Oasis"}), WHO, seen=0)
    out = {"volunteer": PLANTED["volunteer"][0], "status": "out", "out_on": TODAY}
    book.change(code, {**out, "note": PLANTED["turf note"][0]}, WHO, seen=book.turf_numbers()[code])
    visit = {"turf": code, "unit": units[0], "door": PLANTED["door"][0], "on": TODAY, "disposition": "spoke"}
    # At another door nobody was home: it stands on the list of doors to come back to.
    again = visit | {"unit": units[1], "disposition": "not_home"}
    book.take([Visit.make(visit), Visit.make(again)], WHO)
    book.save(Tally.make({"turf": code, "on": TODAY, "sheet": PLANTED["sheet"][0], "spoke": 7}), WHO, seen=0)
    draft = {
        "id": "draft",
        "units": tuple(blocks[4:8]),
        "labels": (0, 0, 1, 1),
        "bound": 0.0,
        "tolerance": 0.05,
    }
    cut = DraftCut(**draft)
    DraftBook(journal, region).write(cut, [cut.first()], 0, WHO, seen=0)


def plant_programs(journal: Journal, region: str) -> None:
    book = ProgramBook(journal, region)
    write_demo_records(book, demo_places())
    key = "civic_forums"
    event = book.events(key)[0]
    shape = read_shapes_of(region, "places")[["name", "geometry"]].iloc[[0]]
    areas = json.loads(gpd.GeoDataFrame(pd.DataFrame(shape), crs=4326).to_json())
    journal.append([Cards(letters="ZX", first=7, count=1).draft(region, WHO)])
    book.add(
        [
            Attendance(program=key, event=event.key, person=PLANTED["person code"][0]),
            Barrier(program=key, event=event.key, text=PLANTED["residents"][0], raised_on=event.on),
            Question(program=key, on=event.on, text=PLANTED["residents"][1]),
            Boundary(program=key, title="Area 1", role=AreaRole.DIVISION, geojson=json.dumps(areas)),
        ],
        WHO,
        source="letter",
    )
