"""The board on an earlier day: what was true then, by all that is known, or what had been recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, insert

from store.journal import Journal, journal_table
from store.water.book import Board, Change, served_over_time
from store.water.kinds import Funding, Service, Status
from store.water.past import Past

A, B = "CA9010002", "CA9010003"
TIMEZONE = "America/Los_Angeles"


@pytest.fixture
def board(engine: Engine) -> Board:
    return Board(Journal(engine), "demo", [A, B])


def tell(board: Board, at: str, stage: str, **fields: object) -> None:
    """Write a version of A's stage as if it had been recorded at a moment."""
    status = Status.make({"pwsid": A, "service": "water", "stage": stage, **fields})
    draft = status.draft("demo", "Ana")
    number = len(board.journal.history("demo", "status", status.key)) + 1
    row = {
        "region": "demo",
        "kind": "status",
        "key": status.key,
        "number": number,
        "at": datetime.fromisoformat(at).replace(tzinfo=UTC),
        "who": "Ana",
        "why": "",
        "source": "",
        "body": draft.body,
    }
    with board.journal.engine.begin() as connection:
        connection.execute(insert(journal_table), [row])


def stage_on(board: Board, day: str, *, recorded: bool = False) -> str:
    past = Past.at_end_of(date.fromisoformat(day), TIMEZONE, recorded=recorded)
    return str(board.statuses(as_of=past).loc[(A, "water"), "stage"])


def test_a_stage_counts_from_when_it_was_reached_not_from_when_it_was_written_down(board: Board) -> None:
    tell(board, "2026-03-01T20:00", "connected", reached_on="2014-05-20")
    assert stage_on(board, "2014-05-19") == "not_recorded"
    assert stage_on(board, "2014-05-20") == "connected"
    assert stage_on(board, "2016-01-01", recorded=True) == "not_recorded"
    assert stage_on(board, "2026-03-01", recorded=True) == "connected"


def test_what_is_written_down_later_of_an_earlier_day_is_seen_at_once(board: Board) -> None:
    """A day that was laid out is kept only until somebody writes, be it past this board."""
    tell(board, "2026-03-01T20:00", "planning", reached_on="2012-02-01")
    assert [stage_on(board, "2015-01-01") for _ in range(2)] == ["planning", "planning"]
    tell(Board(board.journal, "demo", [A]), "2026-03-02T20:00", "connected", reached_on="2014-05-20")
    assert stage_on(board, "2015-01-01") == "connected"


def test_a_month_or_a_year_counts_from_its_end_by_which_it_was_so_for_sure(board: Board) -> None:
    tell(board, "2026-03-01T20:00", "connected", reached_on="2014")
    assert [stage_on(board, day) for day in ("2014-12-30", "2014-12-31")] == ["not_recorded", "connected"]


def test_the_way_is_seen_at_each_of_its_days(board: Board) -> None:
    tell(board, "2026-03-01T20:00", "planning", reached_on="2012-01-15")
    tell(board, "2026-03-02T20:00", "funded", reached_on="2013-02")
    tell(board, "2026-03-03T20:00", "connected", reached_on="2014-03-03")
    days = ("2012-01-14", "2012-01-15", "2013-02-27", "2013-02-28", "2014-03-02", "2014-03-03")
    assert [stage_on(board, day) for day in days] == [
        "not_recorded", "planning", "planning", "funded", "funded", "connected",
    ]  # fmt: skip


def test_a_corrected_day_stands_for_the_one_that_was_wrong(board: Board) -> None:
    tell(board, "2026-03-01T20:00", "connected", reached_on="2015-01-01")
    tell(board, "2026-03-05T20:00", "connected", reached_on="2014-01-01")
    assert stage_on(board, "2014-06-01") == "connected"


def test_a_step_back_keeps_what_was_true_before_it(board: Board) -> None:
    """Funded in 2015, and back to planning in 2018 when the grant lapsed: in 2016 it was funded."""
    tell(board, "2026-03-01T20:00", "funded", reached_on="2015-06-01")
    tell(board, "2026-03-02T20:00", "planning", reached_on="2018-06-01")
    assert [stage_on(board, day) for day in ("2016-01-01", "2018-06-01")] == ["funded", "planning"]


def test_what_is_recorded_in_the_evening_is_of_that_day_in_california(board: Board) -> None:
    tell(board, "2026-03-02T02:00", "planning")
    assert stage_on(board, "2026-02-28") == "not_recorded"
    assert stage_on(board, "2026-03-01") == "planning"
    assert stage_on(board, "2026-03-01", recorded=True) == "planning"


def test_what_was_taken_back_never_was_true_and_taking_that_back_makes_it_true_again(board: Board) -> None:
    tell(board, "2026-03-01T20:00", "planning", reached_on="2012-01-01")
    status = Status.make({"pwsid": A, "service": "water", "stage": "connected", "reached_on": "2014-01-01"})
    entries = board.record([Change(status, seen=1)], who="Ana")
    undone = board.undo(entries, who="Ana")
    assert board.statuses().loc[(A, "water"), "stage"] == "planning"
    assert stage_on(board, "2016-01-01") == "planning"
    board.undo(undone, who="Ana")
    assert board.statuses().loc[(A, "water"), "stage"] == "connected"
    assert stage_on(board, "2016-01-01") == "connected"
    assert len(board.journal.history("demo", "status")) == 4, "nothing is lost"


def test_the_first_record_of_a_system_can_be_taken_back(board: Board) -> None:
    status = Status.make({"pwsid": A, "service": "water", "stage": "planning"})
    board.undo(board.record([Change(status, seen=0)], who="Ana"), who="Ana")
    assert board.statuses().loc[(A, "water"), "stage"] == "not_recorded"


def test_money_counts_from_its_own_day(board: Board) -> None:
    money = {"pwsid": A, "service": "water", "funder": "State", "amount_usd": 5.0, "id": "one"}
    applied = Funding.make({**money, "status": "applied", "on": "2019"})
    board.add([applied], who="Ana")
    board.amend(Funding.make({**money, "status": "awarded", "on": "2021-03"}), seen=1, who="Ana")

    def on(day: str) -> list[str]:
        past = Past.at_end_of(date.fromisoformat(day), TIMEZONE)
        return [str(kept.record.status) for kept in board.kept(Funding, as_of=past)]

    assert [on(day) for day in ("2018-01-01", "2020-01-01", "2021-03-31")] == [[], ["applied"], ["awarded"]]


def test_the_curve_of_who_is_served_ends_where_the_board_of_that_day_stands(board: Board) -> None:
    import pandas as pd

    tell(board, "2026-03-01T20:00", "connected", reached_on="2014")
    sizes = pd.DataFrame({"population": [160.0, 7.0], "connections": [40.0, 2.0]}, index=[A, B])
    for day, people in (("2016-01-01", 160.0), ("2013-01-01", None)):
        past = Past.at_end_of(date.fromisoformat(day), TIMEZONE)
        served = served_over_time(board.kept(Status, as_of=past), sizes, Service.WATER)
        assert (served["population"].iloc[-1] if len(served) else None) == people
