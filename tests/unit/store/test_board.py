"""The board refuses what does not hold, writes all or nothing, and adds up who is served."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import Engine

from geo.errors import ConflictError, StoreError
from store.journal import Journal
from store.water.book import Board, Change, funnel, served_over_time
from store.water.kinds import Comment, Funding, Service, Stage, Status
from store.water.past import Past

A, B = "CA9010002", "CA9010003"


@pytest.fixture
def board(engine: Engine) -> Board:
    return Board(Journal(engine), "demo", [A, B])


def change(pwsid: str = A, stage: str = "planning", seen: int = 0, why: str = "", **fields: object) -> Change:
    return Change(Status.make({"pwsid": pwsid, "service": "water", "stage": stage, **fields}), seen, why)


def test_every_system_begins_as_not_recorded_for_both_services(board: Board) -> None:
    statuses = board.statuses()
    assert set(statuses["stage"]) == {"not_recorded"}
    assert len(statuses) == 4
    assert funnel(statuses, Service.WASTEWATER)["not_recorded"] == 2


def test_a_change_shows_in_the_funnel_and_the_day_before_is_still_there(board: Board) -> None:
    entry = board.record([change()], who="Ana")[0]
    assert funnel(board.statuses(), Service.WATER)[["not_recorded", "planning"]].to_list() == [1, 1]
    moment = entry.at - timedelta(seconds=1)
    before = board.statuses(as_of=Past(moment.date(), moment, "UTC", recorded=True))
    assert set(before["stage"]) == {"not_recorded"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pwsid": "33"}, "no PWSID"),
        ({"stage": "soon"}, "Stage: must be one of"),
        ({"reached_on": date(2999, 1, 1)}, "lies in the future"),
        ({"color": "red"}, "color: is no such field"),
        ({"reached_on": "yesterday"}, "Reached on: yesterday is no day, month or year"),
    ],
)
def test_a_field_that_does_not_hold_is_named(fields: dict[str, object], message: str) -> None:
    with pytest.raises(StoreError, match=message):
        Status.make({"pwsid": A, "service": "water", "stage": "planning", **fields})


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(StoreError, match="Amount, US dollars: must be at least 0"):
        Funding.make(
            {"pwsid": A, "service": "water", "funder": "State", "amount_usd": -1, "status": "awarded"}
        )


def test_an_unknown_system_is_named_and_nothing_is_written(board: Board) -> None:
    with pytest.raises(StoreError, match=r"1 system is not in this region .CA9999999."):
        board.record([change(), change("CA9999999")], who="Ana")
    assert board.journal.history("demo") == []


def test_a_stage_goes_back_only_with_a_reason(board: Board) -> None:
    board.record([change(stage="funded")], who="Ana")
    with pytest.raises(StoreError, match="1 stage goes back without a reason"):
        board.record([change(stage="planning", seen=1)], who="Ana")
    board.record([change(stage="planning", seen=1, why="the grant was withdrawn")], who="Ana")
    assert board.statuses().loc[(A, "water"), "stage"] == "planning"


def test_the_second_of_two_people_sees_both_versions(board: Board) -> None:
    board.record([change()], who="Ana")
    with pytest.raises(ConflictError) as caught:
        board.record([change(stage="design")], who="Luis")
    assert caught.value.conflicts[0].theirs.who == "Ana"


def test_comments_pile_up_and_keep_their_author(board: Board) -> None:
    for text in ("first", "second"):
        board.add([Comment(pwsid=A, service=Service.WATER, text=text)], who="Ana")
    assert sorted(kept.record.text for kept in board.kept(Comment)) == ["first", "second"]


def test_who_is_served_adds_up_by_day_and_unknown_people_are_counted_not_guessed(board: Board) -> None:
    board.record(
        [
            change(stage="connected", reached_on="2021-05-01"),
            change(B, "already_served", reached_on="2024-06-01"),
        ],
        who="Ana",
    )
    sizes = pd.DataFrame(
        {"population": [160.0, pd.NA], "connections": [40, 7]}, index=[A, B]
    ).convert_dtypes()
    served = served_over_time(board.kept(Status), sizes, Service.WATER)
    assert served["systems"].to_list() == [1, 2]
    assert served["population"].to_list() == [160, 160]
    assert served["population_unknown"].to_list() == [0, 1]


def test_stages_are_titled() -> None:
    from store.water.kinds import STAGE_TITLES

    assert set(STAGE_TITLES) == set(Stage)
