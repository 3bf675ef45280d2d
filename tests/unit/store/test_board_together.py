"""Ten people at the board at once, and a board of forty thousand lines: nothing lost, all told, the same
answers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import Engine, insert

from geo.errors import ConflictError, StoreError
from store.journal import Journal, journal_table
from store.water.board_table import board_table, count_served
from store.water.book import Board, Change, funnel
from store.water.history import tell_changes
from store.water.kinds import Funding, Service, Stage, Status
from store.water.past import Past
from store.water.scenarios import (
    Scenario,
    compare_scenarios,
    list_scenarios,
    remove_scenario,
    rename_scenario,
    save_scenario,
)

WRITERS, SYSTEMS, LINES = 10, 500, 40_000
PWSIDS = [f"CA90{number:05d}" for number in range(SYSTEMS)]


@pytest.mark.slow
def test_ten_people_change_the_same_rows_and_every_conflict_is_told_to_its_own(engine: Engine) -> None:
    board = Board(Journal(engine), "demo", PWSIDS[:3])
    start = threading.Barrier(WRITERS)

    def work(writer: int) -> tuple[int, int]:
        recorded = conflicts = 0
        start.wait()
        for pwsid in board.systems:
            seen = 0
            while True:
                status = Status(pwsid=pwsid, service="water", stage="planning", note=f"by w{writer}")
                try:
                    board.record([Change(status, seen, why="again")], who=f"w{writer}")
                    recorded += 1
                    break
                except ConflictError as error:
                    (conflict,) = error.conflicts
                    assert conflict.mine.body["note"] == f"by w{writer}"
                    assert conflict.theirs.who != f"w{writer}" or conflict.theirs.number == seen
                    seen = conflict.theirs.number
                    conflicts += 1
        return recorded, conflicts

    with ThreadPoolExecutor(WRITERS) as pool:
        results = list(pool.map(work, range(WRITERS)))
    assert sum(recorded for recorded, _ in results) == WRITERS * 3
    assert sum(conflicts for _, conflicts in results) > 0
    for pwsid in board.systems:
        history = board.journal.history("demo", "status", f"{pwsid}/water")
        assert [entry.number for entry in history] == list(range(1, WRITERS + 1))
        assert sorted(entry.who for entry in history) == sorted(f"w{writer}" for writer in range(WRITERS))


def fill(engine: Engine) -> None:
    """Write 80 changes for each of 500 systems, one a day."""
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    each = LINES // SYSTEMS
    way = [str(stage) for stage in Stage][1:8]
    rows = [
        {
            "region": "demo",
            "kind": "status",
            "key": f"{pwsid}/water",
            "number": number + 1,
            "at": begin + timedelta(days=number),
            "who": "Ana",
            "why": "",
            "source": "",
            "body": {"pwsid": pwsid, "service": "water", "stage": way[min(number // 12, 6)]},
        }
        for pwsid in PWSIDS
        for number in range(each)
    ]
    with engine.begin() as connection:
        connection.execute(insert(journal_table), rows)


@pytest.mark.slow
def test_forty_thousand_lines_give_the_right_board_now_and_then(engine: Engine) -> None:
    fill(engine)
    board = Board(Journal(engine), "demo", PWSIDS)
    assert funnel(board.statuses(), Service.WATER)["connected"] == SYSTEMS
    noon = datetime(2020, 1, 13, 12, tzinfo=UTC)
    early = board.statuses(as_of=Past(noon.date(), noon, "UTC", recorded=True))
    assert funnel(early, Service.WATER)["feasibility"] == SYSTEMS
    systems = pd.DataFrame(
        {"pwsid": PWSIDS, "name": PWSIDS, "public_name": PWSIDS, "population": 10.0, "connections": 3.0}
    ).assign(community=None, safer_status=None)
    table = board_table(systems, board.statuses(), board.kept(Funding))
    assert count_served(table, Service.WATER).people == 10.0 * SYSTEMS
    assert len(tell_changes(board)) == LINES
    assert len(tell_changes(board, pwsid=PWSIDS[7])) == LINES // SYSTEMS
    status = Status(pwsid=PWSIDS[0], service="water", stage="connected", note="seen")
    assert board.record([Change(status, seen=LINES // SYSTEMS)], who="Luis")[0].number == LINES // SYSTEMS + 1


def scenario(name: str = "Airport Boulevard", **fields: object) -> Scenario:
    base = {
        "pwsids": PWSIDS[:2],
        "boundary": "district",
        "basis": "road",
        "method": "swrcb_2024",
        "trunk_ft": 100.0,
        "low_ft": 100.0,
        "high_ft": 100.0,
        "bound_ft": 100.0,
        "separate_ft": 150.0,
        "shared_pipes_usd": 9e3,
        "separate_pipes_usd": 2e4,
        "shared_total_usd": 2e6,
        "people": 50.0,
    }
    return Scenario.make({"name": name, **base, **fields})


def test_a_scenario_is_found_again_and_its_name_is_not_taken_in_silence(engine: Engine) -> None:
    journal = Journal(engine)
    save_scenario(journal, "demo", scenario(), who="Ana", seen=0)
    with pytest.raises(ConflictError, match="by Ana"):
        save_scenario(journal, "demo", scenario("airport  BOULEVARD"), who="Luis", seen=0)
    save_scenario(journal, "demo", scenario(note="again"), who="Luis", seen=1)
    save_scenario(journal, "demo", scenario("Avenue 66", people=80.0), who="Ana", seen=0)
    kept = list_scenarios(Journal(engine), "demo")
    assert [item.record.name for item in kept] == ["Avenue 66", "Airport Boulevard"]
    compared = compare_scenarios(kept)
    assert compared.loc["People", "Avenue 66"] == "80"
    assert compared.loc["People for each million dollars", "Airport Boulevard"] == "25"
    assert list_scenarios(journal, "coachella") == []


def test_scenarios_tell_boundary_and_range_and_those_kept_before_tell_what_they_know(engine: Engine) -> None:
    journal = Journal(engine)
    save_scenario(journal, "demo", scenario(low_usd=1e6, high_usd=3e6), who="Ana", seen=0)
    old = {**scenario("Old").model_dump(mode="json")}
    for name in ("low_usd", "high_usd", "least_in", "fire_gpm", "among"):
        old.pop(name)
    assert Scenario.model_validate(old).low_usd is None
    compared = compare_scenarios(list_scenarios(journal, "demo"))["Airport Boulevard"]
    assert compared["Lowest cost in its range"] == "$1,000,000"
    assert compared["Highest cost in its range"] == "$3,000,000"
    assert "Where the pipes start" in compared.index


def test_a_scenario_is_renamed_and_removed_and_its_history_stays(engine: Engine) -> None:
    journal = Journal(engine)
    save_scenario(journal, "demo", scenario(), who="Ana", seen=0)
    save_scenario(journal, "demo", scenario("Taken"), who="Ana", seen=0)
    (kept,) = [item for item in list_scenarios(journal, "demo") if item.record.name != "Taken"]
    with pytest.raises(ConflictError):
        rename_scenario(journal, "demo", kept.record, "taken", "Luis", seen=kept.number)
    rename_scenario(journal, "demo", kept.record, "Airport Blvd", "Luis", seen=kept.number)
    assert {item.record.name for item in list_scenarios(journal, "demo")} == {"Taken", "Airport Blvd"}
    with pytest.raises(ConflictError):
        rename_scenario(journal, "demo", kept.record, "Airport again", "Ana", seen=kept.number)
    (renamed,) = [item for item in list_scenarios(journal, "demo") if item.record.name != "Taken"]
    rename_scenario(journal, "demo", renamed.record, "Airport Boulevard", "Luis", seen=renamed.number)
    (back,) = [item for item in list_scenarios(journal, "demo") if item.record.name != "Taken"]
    with pytest.raises(StoreError, match="no reason"):
        remove_scenario(journal, "demo", back.record, "Luis", seen=back.number, why=" ")
    remove_scenario(journal, "demo", back.record, "Luis", seen=back.number, why="superseded")
    assert [item.record.name for item in list_scenarios(journal, "demo")] == ["Taken"]
    save_scenario(journal, "demo", scenario(), who="Ana", seen=0)
    assert len(journal.history("demo", "scenario", "airport boulevard")) == 5
