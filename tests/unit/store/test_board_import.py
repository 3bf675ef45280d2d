"""The task force's sheet: every row is judged, nothing is written until confirmed, and a late change is
told."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from sqlalchemy import Engine

from geo.errors import ConflictError, SchemaError, StoreError
from geo.sheets import read_rows
from store.board import Board, Change
from store.board_import import Verdict, confirm_import, preview_import
from store.journal import Journal
from store.status import Status

A, B, C = "CA9010002", "CA9010003", "CA9010004"
SHEET = f"""PWSID,Service,Stage,Date,Source,Why
{A},water,Planning,2024-05-01,minutes,
33,water,planning,,,
CA9999999,water,design,,,
{B},water,soon,,,
{B},agua,financiado,5/1/2024,,
{B},wastewater,funded,2999-01-01,,
{C},wastewater,design,the 3rd,,
{C},rain,design,,,
"""


@pytest.fixture
def board(engine: Engine) -> Board:
    return Board(Journal(engine), "demo", [A, B, C])


def rows(text: str) -> pd.DataFrame:
    return read_rows(text.encode(), "board.csv")


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (3, "'33' is no PWSID"),
        (4, "CA9999999"),
        (5, "'soon' is no stage"),
        (7, "lies in the future"),
        (8, "'the 3rd' is no date"),
        (9, "'rain' is no service"),
    ],
)
def test_each_row_that_does_not_match_is_named_with_why(board: Board, number: int, message: str) -> None:
    row = next(row for row in preview_import(rows(SHEET), board).rows if row.number == number)
    assert row.verdict is Verdict.REFUSED
    assert message in row.fault
    assert row.change is None


def test_nothing_is_written_until_confirmed_and_then_only_what_matches(board: Board) -> None:
    sheet = SHEET.replace(f"{B},water,soon,,,\n", "")
    preview = preview_import(rows(sheet), board)
    assert board.journal.history("demo") == []
    assert preview.count(Verdict.CHANGED) == 2
    confirm_import(preview, board, who="Ana", source="board.csv")
    stages = board.statuses()["stage"]
    assert (stages[(A, "water")], stages[(B, "water")]) == ("planning", "funded")
    history = board.journal.history("demo")
    assert {(entry.who, entry.source) for entry in history} == {("Ana", "board.csv")}
    again = preview_import(rows(sheet), board)
    assert again.count(Verdict.SAME) == 2
    with pytest.raises(StoreError, match="no row would change anything"):
        confirm_import(again, board, who="Ana", source="board.csv")


def test_a_stage_that_goes_back_needs_a_reason_in_the_sheet(board: Board) -> None:
    board.record([Change(Status(pwsid=A, service="water", stage="funded"), seen=0)], who="Ana")
    text = f"pwsid,stage,why\n{A},planning,\n"
    (row,) = preview_import(rows(text), board).rows
    assert "goes back without a reason" in row.fault
    (row,) = preview_import(rows(text.replace("planning,", "planning,the grant lapsed")), board).rows
    assert row.verdict is Verdict.CHANGED


def test_a_system_twice_in_the_sheet_is_refused_both_times(board: Board) -> None:
    text = f"pwsid,service,stage\n{A},water,planning\n{A[2:]},,design\n"
    assert [row.verdict for row in preview_import(rows(text), board).rows] == [Verdict.REFUSED] * 2


def test_somebody_who_was_faster_than_the_confirmation_is_told(board: Board) -> None:
    preview = preview_import(rows(f"pwsid,stage\n{A},planning\n{B},design\n"), board)
    board.record([Change(Status(pwsid=B, service="water", stage="funded"), seen=0)], who="Luis")
    with pytest.raises(ConflictError, match=r"by Luis"):
        confirm_import(preview, board, who="Ana", source="board.csv")
    assert board.statuses().loc[(A, "water"), "stage"] == "not_recorded"


@pytest.mark.parametrize(
    ("content", "name", "error", "message"),
    [
        (b"name,height\nOasis,3\n", "board.csv", StoreError, "no column pwsid, stage; it has name, height"),
        (b"", "board.csv", SchemaError, "cannot be read as a table"),
        (b"pwsid,stage\n", "board.csv", SchemaError, "has no rows"),
        (b"not a workbook", "board.xlsx", SchemaError, "cannot be read as a table"),
        (b"\xff\xfe\x00", "board.csv", SchemaError, "cannot be read as a table"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    board: Board, content: bytes, name: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        preview_import(read_rows(content, name), board)


def test_a_workbook_reads_like_a_csv(board: Board) -> None:
    frame = pd.DataFrame({"PWSID": [A], "Stage": ["Funded"], "Date": [pd.Timestamp("2024-05-01")]})
    stream = io.BytesIO()
    frame.to_excel(stream, index=False)
    (row,) = preview_import(read_rows(stream.getvalue(), "Board.XLSX"), board).rows
    assert row.change is not None
    assert row.change.status.reached_on.isoformat() == "2024-05-01"
