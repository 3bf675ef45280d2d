"""A task force's own spreadsheet of 43 rows: each ends as a table says that was written by hand before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from geo.intake.grids import read_grids
from geo.intake.tables import Choice, Table, find_table
from geo.intake.values import plain_words
from geo.intake.verdicts import TAKEN, Verdict, changes_of
from store.journal import Journal
from store.water.board_questions import LEFT_OUT, Judged
from store.water.board_rows import judge_board
from store.water.board_sheet import BOARD_SHEET
from store.water.book import Board
from store.water.kinds import Affordability, Comment, Funding, Status
from store.water.system_names import Named, name_systems
from tests.unit.store import tracker_answers as by_hand

CHOICE = Choice(
    headings={plain_words(heading): key for heading, key in by_hand.HEADINGS.items()},
    words={"stage": {plain_words(text): stage for text, stage in by_hand.WORDS.items()}}
    | {key: {"": said} for key, said in by_hand.EMPTY.items()},
)


@pytest.fixture(scope="module")
def systems(reference: Path) -> pd.DataFrame:
    """Identifier and name of the systems of both counties, as the State's tables have them."""
    whole = pd.read_csv(reference / "water" / "water_systems_master_riverside_imperial.csv", dtype=str)
    small = pd.read_csv(reference / "water" / "state_small_water_systems_riverside_imperial.csv", dtype=str)
    names = [whole[["pwsid", "name"]], small.rename(columns={"system_name": "name"})[["pwsid", "name"]]]
    return pd.concat(names).dropna().drop_duplicates("pwsid")


@pytest.fixture(scope="module")
def tracker() -> Table:
    from tests.conftest import require_shared

    path = require_shared("cases/tracker.xlsx")
    return find_table(read_grids(path.read_bytes(), path.name), path.name, BOARD_SHEET, CHOICE)


@pytest.fixture
def board(engine: Engine, systems: pd.DataFrame) -> Board:
    return Board(Journal(engine), "coachella", systems["pwsid"])


@pytest.fixture(scope="module")
def named(systems: pd.DataFrame) -> Named:
    return name_systems(systems)


def answers_of(judged: Judged) -> dict[str, str]:
    """Answer the questions as the table by hand does."""
    said = {by_hand.row_of(number): answer or LEFT_OUT for number, answer in by_hand.ANSWERS.items()}
    return {item.key: said[item.rows[0]] for item in judged.questions if item.rows[0] in said}


def taken_of(judged: Judged, row: int) -> dict[str, Mapping[str, object]]:
    """What is taken of a row, by kind of record."""
    return {
        line.change.kind: line.change.body
        for line in judged.lines
        if line.number == row and line.verdict in TAKEN
    }


def told(found: Mapping[str, Mapping[str, object]]) -> tuple[str, str, str, str]:
    """Write what is taken of a row as the table by hand does, where nothing of a kind is taken as empty."""
    status, money = found.get(Status.kind, {}), found.get(Funding.kind)
    stage = str(status.get("stage", "not_recorded"))
    return (
        "" if stage == "not_recorded" else stage,
        str(status.get("reached_on", "")),
        f"{money['amount_usd']:.0f} {money['funder']}" if money else "",
        f"{found[Affordability.kind]['rate_usd_per_month']:g}" if Affordability.kind in found else "",
    )


def as_taken(row: tuple[str, str, str, str]) -> tuple[str, ...]:
    return tuple("" if text == by_hand.LEFT_OUT else text for text in row)


def test_every_row_ends_as_was_written_by_hand(tracker: Table, board: Board, named: Named) -> None:
    judged = judge_board(tracker, board, named)
    assert len(by_hand.ROWS) == 43
    for number, expected in by_hand.ROWS.items():
        row = by_hand.row_of(number)
        verdicts = {line.verdict for line in judged.lines if line.number == row}
        if expected == by_hand.ASKED:
            assert Verdict.ASK in verdicts, number
            assert not verdicts & {*TAKEN, Verdict.SAME, Verdict.TWICE}, number
        elif expected == by_hand.LEFT:
            assert verdicts == {Verdict.REFUSED}, number
        else:
            assert told(taken_of(judged, row)) == as_taken(expected), number


def test_what_is_left_of_a_row_is_kept_in_its_words_with_a_reason(
    tracker: Table, board: Board, named: Named
) -> None:
    judged = judge_board(tracker, board, named)
    headings = ("Where are we at?", "Date of last step", "Grant", "Monthly water bill")
    for number, expected in by_hand.ROWS.items():
        if isinstance(expected, str):
            continue
        row = by_hand.row_of(number)
        note = str(taken_of(judged, row)[Status.kind].get("note", ""))
        for heading, text in zip(headings, expected, strict=True):
            if text == by_hand.LEFT_OUT:
                assert heading in note, (number, heading)
        if by_hand.LEFT_OUT in expected:
            reasons = [
                line.reason for line in judged.lines if line.number == row and line.verdict is Verdict.NOTED
            ]
            assert reasons, number
            assert all(reasons), number


def test_a_comment_is_taken_of_every_row_that_has_one(tracker: Table, board: Board, named: Named) -> None:
    judged = judge_board(tracker, board, named, answers_of(judge_board(tracker, board, named)))
    commented = {row.number for row in tracker.rows if row.text("comment")}
    left = {by_hand.row_of(number) for number in (13, 34)}
    taken = {line.number for line in judged.lines if line.change and line.change.kind == Comment.kind}
    assert taken == commented - left


def test_none_that_contradict_each_other_is_taken_before_a_person_says_which(
    tracker: Table, board: Board, named: Named
) -> None:
    first = judge_board(tracker, board, named)
    asked = {number for number, expected in by_hand.ROWS.items() if expected == by_hand.ASKED}
    assert asked == {1, 13, 31, 34, 35, 38, 41}
    judged = judge_board(tracker, board, named, answers_of(first))
    assert all(item.key in answers_of(judged) for item in judged.questions), "nothing else is asked"
    for number, expected in by_hand.AFTERWARDS.items():
        assert told(taken_of(judged, by_hand.row_of(number))) == as_taken(expected), number
    for number in asked - set(by_hand.AFTERWARDS):
        assert not taken_of(judged, by_hand.row_of(number)), number
    (of_31,) = {
        line.shown["pwsid"] for line in judged.lines if line.number == by_hand.row_of(31) and line.change
    }
    assert of_31 == "CA3303066"


def test_rows_of_one_system_that_contradict_each_other_are_asked_about_once_it_is_known(
    tracker: Table, board: Board, named: Named
) -> None:
    said = answers_of(judge_board(tracker, board, named))
    same = said | {f"system/{by_hand.row_of(34)}": "CA3303043"}
    judged = judge_board(tracker, board, named, same)
    rows = f"{by_hand.row_of(34)},{by_hand.row_of(35)}"
    assert f"row/{rows}" in {item.key for item in judged.questions}
    for number in (34, 35):
        assert not taken_of(judged, by_hand.row_of(number))


def test_money_is_taken_for_awarded_by_nobody_but_a_person(
    tracker: Table, board: Board, named: Named
) -> None:
    words = {key: said for key, said in CHOICE.words.items() if key != "funding_status"}
    unsaid = replace(tracker, choice=replace(CHOICE, words=words))
    lines = judge_board(unsaid, board, named).lines
    assert [line for line in lines if line.change and line.change.kind == Funding.kind] == []
    assert [column.key for column in unsaid.unsaid()] == ["funding_status", "rate_on"]


def test_taken_in_again_the_tracker_changes_nothing(tracker: Table, board: Board, named: Named) -> None:
    said = answers_of(judge_board(tracker, board, named))
    judged = judge_board(tracker, board, named, said)
    board.journal.append([replace(draft, who="Ana") for draft in changes_of(judged.lines)])
    assert changes_of(judge_board(tracker, board, named, said).lines) == []
