"""A project's money: steps are never added to each other, and one figure stands everywhere."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from reportlab import rl_config
from sqlalchemy import Engine

from demo.records import write_demo_board
from geo.days import day_in
from geo.errors import ConflictError, StoreError
from geo.program.figures import RegionFigures
from geo.program.measures import Records
from geo.units import to_words
from reports.export import Notes
from reports.water_meeting import Meeting as Report
from reports.water_meeting import meeting_pdf
from reports.workbooks import board_workbook
from store.journal import Journal
from store.members import NOBODY, Right
from store.program.book import ProgramBook
from store.visibility import may_see
from store.water.board_table import board_table
from store.water.book import Board
from store.water.history import tell_changes
from store.water.kinds import SECURED, Funding, FundingStatus, Service, Stage
from store.water.projects import (
    Grant,
    Note,
    Project,
    Step,
    What,
    add_to_board,
    amend,
    list_projects,
    project_table,
    suggest_stage,
    timeline,
)
from wording.agenda import list_dated
from wording.due import list_due

PARKS = tuple(f"CA901000{number}" for number in range(1, 10))
SYSTEMS = pd.DataFrame(
    {"pwsid": PARKS, "name": PARKS, "public_name": PARKS, "population": 40.0, "connections": 9.0}
)
DAY = date(2026, 11, 30)


@pytest.fixture
def board(engine: Engine) -> Board:
    return Board(Journal(engine), "demo", PARKS)


def plant(board: Board) -> Project:
    """One grant for nine parks, applied for, awarded and in part received; a step that is overdue."""
    project = Project(title="Nine parks", pwsids=PARKS, lead="District")
    steps = (
        Step(status="applied", amount_usd=4e6, on="2024"),
        Step(status="awarded", amount_usd=3_450_000, on="2025-03"),
        Step(status="received", amount_usd=1e6, on="2026-02-01"),
    )
    grant = Grant(project=project.id, funder="State", program="SAFER", steps=steps)
    notes = [
        Note(project=project.id, what=What.LEGAL, title="LAFCO application", planned_for=DAY - timedelta(9)),
        Note(project=project.id, what=What.MILESTONE, title="Bids", planned_for=DAY + timedelta(20)),
        Note(project=project.id, what=What.CALL, title="Called the owner", reached_on="2026-11-02"),
    ]
    add_to_board(board, [project, grant, *notes], "Ana", source="letter")
    return project


def test_one_grant_for_nine_parks_is_one_sum_everywhere(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rl_config, "pageCompression", 0)
    plant(board)
    table = project_table(list_projects(board), DAY)
    row = table.iloc[0]
    journal = [entry.body for entry in board.journal.latest("demo", Grant.kind)]
    told = {step["status"]: step["amount_usd"] for body in journal for step in body["steps"]}
    assert {name: row[f"{name}_usd"] for name in told} == told
    assert row["secured_usd"] == told["awarded"], "no more than was awarded, however much was received"
    assert (row["systems"], row["overdue"], row["next_step"]) == (9, 1, "LAFCO application")
    ours = board_table(SYSTEMS, board.statuses(), [])
    content = board_workbook(ours, tell_changes(board), Notes("Board", ()), projects=table)
    sheet = pd.read_excel(io.BytesIO(content), sheet_name="Projects").iloc[0]
    assert [sheet["applied for"], sheet["awarded"], sheet["received"]] == [4e6, 3_450_000, 1e6]
    said = pd.read_excel(io.BytesIO(content), sheet_name="Columns")
    assert "not described" not in said["What it is"].tolist()
    none: dict[Service, pd.DataFrame] = {}
    report = Report(
        "Demo", DAY, None, ours, tell_changes(board), none, none, (), invented=True, projects=table
    )
    pdf = meeting_pdf(report).decode("latin-1")
    for amount in told.values():
        assert to_words(amount, "USD") in pdf
    assert ours["water_funding_usd"].sum() == 0, (
        "the grant of nine is no park's own, and is not counted nine times"
    )


@given(
    some.dictionaries(
        some.sampled_from(FundingStatus), some.floats(1, 1e8, allow_nan=False), min_size=1, max_size=7
    )
)
def test_what_is_secured_is_never_more_than_one_step(steps: dict[FundingStatus, float]) -> None:
    grant = Grant(
        project="a",
        funder="State",
        steps=tuple(Step(status=one, amount_usd=usd) for one, usd in steps.items()),
    )
    from store.water.projects import _award_of

    secured = _award_of(grant)
    allowed = [usd for status, usd in steps.items() if status in SECURED]
    assert secured is None or secured in allowed
    assert (secured is None) == (not allowed or FundingStatus.DECLINED in steps)


def test_money_that_was_applied_for_is_no_funding_and_steps_of_the_same_count_once(board: Board) -> None:
    fields = {"pwsid": PARKS[0], "service": "water", "funder": "State", "amount_usd": 5.0}
    board.add([Funding(**fields, status=status) for status in ("applied", "awarded", "received")], who="Ana")
    board.add([Funding(**{**fields, "pwsid": PARKS[1]}, status="applied")], who="Ana")
    table = board_table(SYSTEMS, board.statuses(), board.kept(Funding))
    assert table["water_funding_usd"].tolist()[:2] == [5.0, 0.0]


def test_a_step_that_is_told_again_gives_way_and_a_late_change_is_refused(board: Board) -> None:
    plant(board)
    (kept,) = board.kept(Grant)
    changed = kept.record.with_step(Step(status="received", amount_usd=2e6))
    amend(board, changed, kept.number, "Ana")
    assert list_projects(board)[0].money()[FundingStatus.RECEIVED] == 2e6
    with pytest.raises(ConflictError):
        amend(board, changed, kept.number, "Luis")
    with pytest.raises(StoreError, match="CA9999999"):
        add_to_board(board, [Project(title="Elsewhere", pwsids=("CA9999999",))], "Ana")


def test_a_grant_suggests_a_stage_for_those_that_are_behind_and_sets_none(board: Board) -> None:
    plant(board)
    (standing,) = list_projects(board)
    stages = {
        PARKS[0]: Stage.CONNECTED,
        PARKS[1]: Stage.FUNDED,
        PARKS[2]: Stage.NOT_FEASIBLE,
        PARKS[3]: Stage.DESIGN,
    }
    stage, behind = suggest_stage(standing, stages) or (None, ())
    assert stage is Stage.FUNDED
    assert behind == PARKS[3:]
    assert set(board.statuses()["stage"]) == {"not_recorded"}


def test_what_is_due_stands_on_the_calendar_of_those_who_may_see_it(board: Board) -> None:
    plant(board)
    book = ProgramBook(board.journal, board.region)
    shown = list_dated(book, {}, DAY, {}, projects=True)
    assert [(item.title, item.is_open) for item in shown] == [
        ("Nine parks: LAFCO application", True),
        ("Nine parks: Bids", True),
    ]
    due = list_due(shown, RegionFigures({}, Records(), DAY), [], DAY)
    assert [(item.title, item.is_late) for item in due] == [
        ("Nine parks: LAFCO application", True),
        ("Nine parks: Bids", False),
    ]
    assert list_dated(book, {}, DAY, {}) == []
    assert not may_see("project", NOBODY)
    assert may_see("project", frozenset({Right.WATER}))


def test_the_timeline_holds_each_step_once_in_order_with_what_is_overdue(board: Board) -> None:
    plant(board)
    told = timeline(list_projects(board), DAY)
    assert told["on"].is_monotonic_increasing
    assert told["state"].tolist() == ["done", "done", "done", "done", "overdue", "open"]
    assert told["amount_usd"].dropna().tolist() == [4e6, 3_450_000, 1e6]


def test_the_demo_has_one_grant_for_several_parks_with_what_is_due_and_what_is_late(board: Board) -> None:
    """Whoever tries the pages out sees a project on them: money by step, a step ahead, one that is late."""
    pwsids = [f"CA90100{number:02}" for number in range(10, 70)]
    assert write_demo_board(board.journal, "demo", pwsids) > 0
    board = Board(board.journal, "demo", pwsids)
    (standing,) = list_projects(board)
    assert len(standing.record.pwsids) > 1
    assert [str(status) for status in standing.money()] == ["applied", "awarded", "agreed"]
    assert standing.secured() == 3_500_000, "as agreed, not all steps together"
    today = day_in("America/Los_Angeles")
    assert [note.title for note in standing.overdue(today)] == ["consents of owners"]
    stages = board.statuses().xs("water", level="service")["stage"]
    assert not stages[list(standing.record.pwsids)].eq("connected").any(), "they still wait for it"
    assert write_demo_board(board.journal, "demo", pwsids) == 0, "once only"
