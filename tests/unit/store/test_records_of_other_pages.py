"""What a program counts that other pages record: nothing twice, nothing outside of its period."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo.methods.person_codes import make_code
from geo.program.declaration import read_programs
from geo.program.figures import ProgramFigures
from geo.program.measures import CANVASS, Records, curve_of, with_canvass, with_connections
from geo.program.reach import touched
from store.canvass.kinds import Tally, Turf, Visit
from store.database import open_database
from store.journal import Journal
from store.program.book import read_returns, read_statuses
from store.water.kinds import Service, Stage, Status

PROGRAMS = read_programs().values()
TASK_FORCE = read_programs()["infrastructure_task_force"]
CENSUS = read_programs()["census_2020"]
TODAY = date(2026, 1, 1)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal of its own."""
    return Journal(open_database(f"sqlite:///{tmp_path / 'store.db'}"))


def status(pwsid: str, service: Service, stage: Stage, day: str | None) -> Status:
    return Status.make(
        {"pwsid": pwsid, "service": service, "stage": stage} | ({"reached_on": day} if day else {})
    )


def test_systems_connected_are_those_of_the_board_each_once(journal: Journal) -> None:
    told = [
        status("CA9010002", Service.WATER, Stage.CONNECTED, "2021-05-01"),
        status("CA9010002", Service.WASTEWATER, Stage.CONNECTED, "2019-02-01"),
        status("CA9010003", Service.WATER, Stage.FUNDED, "2020-01-01"),
        status("CA9010004", Service.WATER, Stage.ALREADY_SERVED, "2020-01-01"),
    ]
    journal.append([item.draft("demo", "Ana") for item in told])
    records = with_connections(Records(), PROGRAMS, read_statuses(journal, "demo"))
    measure = TASK_FORCE.measure("connected")
    curve = curve_of(measure, records.of(TASK_FORCE.key), TODAY)
    assert curve.to_dict() == {pd.Timestamp("2019-02-01"): 1.0}
    back = status("CA9010002", Service.WASTEWATER, Stage.FUNDED, "2022-01-01")
    journal.append([back.draft("demo", "Ana", seen=1, why="it was an error")])
    records = with_connections(Records(), PROGRAMS, read_statuses(journal, "demo"))
    assert curve_of(measure, records.of(TASK_FORCE.key), TODAY).to_dict() == {pd.Timestamp("2021-05-01"): 1.0}


def test_without_a_board_nothing_is_recorded_and_not_zero(journal: Journal) -> None:
    records = with_connections(Records(), PROGRAMS, read_statuses(journal, "demo"))
    found = ProgramFigures(TASK_FORCE, records.of(TASK_FORCE.key), TODAY).standing(
        TASK_FORCE.measure("connected")
    )
    assert found.value is None


def test_a_connection_without_a_day_counts_from_when_it_was_recorded() -> None:
    rows = {
        "pwsid": ["CA1"],
        "stage": ["connected"],
        "reached_on": [None],
        "at": [pd.Timestamp("2025-03-04T10:00Z")],
    }
    records = with_connections(Records(), PROGRAMS, pd.DataFrame(rows))
    assert records.connections["on"].tolist() == [pd.Timestamp("2025-03-04")]


def returns(*rows: tuple[str, str | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["on", "tract_geoid", "reached"])
    return frame.assign(on=pd.to_datetime(frame["on"]))


def by_hand(*rows: tuple[str, str | None, int]) -> Records:
    frame = pd.DataFrame(rows, columns=["on", "geoid", "households"]).assign(program=CENSUS.key)
    return Records(contacts=frame.assign(on=pd.to_datetime(frame["on"])))


@pytest.mark.parametrize(
    ("hand", "told", "households"),
    [
        ([("2020-05-01", "a", 10)], [("2020-05-01", "a", 4), ("2020-05-01", "b", 3)], 7),
        ([("2020-05-01", "a", 10)], [("2020-05-02", "a", 4)], 14),
        ([("2020-05-01", None, 10)], [("2020-05-01", None, 4)], 14),
        ([("2020-05-01", "a", 10)], [("2020-05-01", "a", 0)], 10),
        ([], [("2020-05-01", "a", 2), ("2020-05-01", "a", 3)], 5),
        ([], [("2026-05-01", "a", 2), ("2019-05-31", "a", 3)], None),
    ],
)
def test_returns_count_in_their_period_and_no_household_twice(
    hand: list[tuple[str, str | None, int]], told: list[tuple[str, str | None, int]], households: float | None
) -> None:
    records = with_canvass(by_hand(*hand), PROGRAMS, returns(*told)).of(CENSUS.key)
    found = ProgramFigures(CENSUS, records, TODAY).standing(CENSUS.measure("households"))
    assert found.value == households


def test_a_canvass_outside_of_every_period_reaches_its_tracts_all_the_same() -> None:
    found = touched(with_canvass(Records(), PROGRAMS, returns(("2026-05-01", "a", 2))))
    assert found.to_numpy().tolist() == [["a", CANVASS]]


def test_returns_are_read_from_the_canvass_itself(journal: Journal) -> None:
    turf = Turf.make(
        {"code": "TA0001M", "cut": 0, "units": ["u", "v"], "doors": 9, "households": 8, "population": 20}
    )
    visit = {"turf": "TA0001M", "unit": "u", "on": "2020-05-01", "disposition": "spoke"}
    told = [
        turf,
        Visit.make(visit | {"door": "1"}),
        Visit.make(visit | {"door": "1", "on": "2020-05-03"}),
        Visit.make(visit | {"door": "2", "disposition": "not_home"}),
        Tally.make({"turf": "TA0001M", "on": "2020-05-02", "sheet": "1", "spoke": 3}),
    ]
    journal.append([item.draft("demo", "Ana") for item in told])
    tracts = pd.Series({"u": "06065045303", "v": "06065045304"})
    records = with_canvass(Records(), PROGRAMS, read_returns(journal, "demo", tracts))
    rows = records.contacts.sort_values("on")[["geoid", "households"]].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [["06065045303", 1], [None, 3]]


def test_no_event_one_event_and_nobody_counted() -> None:
    """Nothing recorded is no zero; one event is a curve of one day; nobody counted adds none."""
    plan = read_programs()["regional_plan"]
    measure = plan.measure("took_part")
    assert ProgramFigures(plan, Records(), TODAY).standing(measure).value is None
    events = pd.DataFrame(
        {
            "event": ["e1", "e2"],
            "program": plan.key,
            "event_kind": "session",
            "title": "S",
            "series": "",
            "on": pd.to_datetime(["2019-02-01", "2019-03-01"]),
        }
    )
    came = pd.DataFrame(
        {"program": plan.key, "event": "e1", "person": [make_code("QX", n) for n in range(12)]}
    )
    found = ProgramFigures(plan, Records(events=events, attendance=came), TODAY).standing(measure)
    assert (found.value, found.as_of) == (12.0, date(2019, 2, 1))
    assert ProgramFigures(plan, Records(events=events), TODAY).standing(measure).value is None
