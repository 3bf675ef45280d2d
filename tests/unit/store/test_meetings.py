"""What changed since the last meeting, year by year, and the documents made of it."""

from __future__ import annotations

import io
import re
from datetime import date

import pandas as pd
import pytest
from openpyxl import load_workbook
from reportlab import rl_config
from sqlalchemy import Engine

from geo.errors import StoreError
from geo.intake.grids import read_grids
from geo.intake.tables import find_table
from geo.intake.verdicts import Verdict, changes_of
from geo.language import gettext, use_language
from reports.export import Notes
from reports.water_meeting import Meeting as Report
from reports.water_meeting import meeting_pdf
from reports.workbooks import blank_workbook, board_workbook
from store.journal import Journal
from store.members import EVERY_RIGHT
from store.water.board_rows import judge_board
from store.water.board_sheet import BOARD_SHEET, EXPORTED, HEADINGS
from store.water.board_table import board_table, order_by_need
from store.water.book import Board, Change, served_curve, served_over_time
from store.water.history import tell_changes, tell_records
from store.water.kinds import Comment, Funding, Milestone, Service, Status
from store.water.meetings import Meeting, close_meeting, list_meetings, yearly_figures
from store.water.next_in_line import who_is_next
from store.water.system_names import name_systems

A, B = "CA9010002", "CA9010003"
SYSTEMS = pd.DataFrame(
    {
        "pwsid": [A, B],
        "name": ["ANA'S PARK", "B"],
        "public_name": ["Oasis, CA9010002", "B"],
        "community": ["Oasis", None],
        "safer_status": ["Failing", None],
        "population": [160.0, None],
        "connections": [40.0, 7.0],
    }
).convert_dtypes()


@pytest.fixture
def board(engine: Engine) -> Board:
    found = Board(Journal(engine), "demo", [A, B])
    status = Status(pwsid=A, service="water", stage="connected", reached_on="2021-05-01")
    found.record([Change(status, seen=0, why="seen", source="minutes")], who="Ana")
    return found


def money(amount: float, status: str, on: str = "2022-02-01") -> Funding:
    return Funding(
        pwsid=A,
        service=Service.WATER,
        funder="State",
        amount_usd=amount,
        status=status,
        on=date.fromisoformat(on),
    )


def test_the_report_begins_where_the_last_meeting_ended(board: Board) -> None:
    assert list_meetings(board) == []
    assert len(tell_changes(board)) == 1
    close_meeting(board, Meeting(held_on=date(2024, 1, 9)), who="Ana")
    (last,) = list_meetings(board)
    assert tell_changes(board, since=last.at).empty
    board.add([Comment(pwsid=B, service=Service.WATER, text="call them")], who="Luis")
    told = tell_changes(board, since=last.at)
    assert told[["who", "kind", "now"]].to_numpy().tolist() == [["Luis", "comment", "call them"]]


def test_a_meeting_is_closed_once_and_a_second_time_is_told_in_plain_words(board: Board) -> None:
    meeting = Meeting(held_on=date(2024, 1, 9), attended="Ana, Luis")
    close_meeting(board, meeting, who="Ana")
    with pytest.raises(StoreError, match=r"the meeting of Jan 9, 2024 is already closed"):
        close_meeting(board, Meeting(held_on=date(2024, 1, 9)), who="Luis")
    assert [kept.record for kept in list_meetings(board)] == [meeting], "what was closed stays as it was"


def test_years_count_what_was_reached_and_money_that_is_sure(board: Board) -> None:
    planned = money(5e5, "applied")
    board.add([money(1e6, "awarded"), planned, money(9e9, "declined")], who="Ana")
    sizes = SYSTEMS.set_index("pwsid")
    years = yearly_figures(board.kept(Status), board.kept(Funding), sizes, Service.WATER)
    assert years.loc["2021", ["systems", "people", "connections"]].tolist() == [1, 160, 40]
    assert years.loc["2022", "funding_usd"] == 1e6
    assert years.loc["2022", "systems"] == 0
    assert yearly_figures(board.kept(Status), board.kept(Funding), sizes, Service.WASTEWATER).empty


def test_a_small_system_is_named_for_the_task_force_only(board: Board) -> None:
    public = board_table(SYSTEMS, board.statuses(), [])
    ours = board_table(SYSTEMS, board.statuses(), [], rights=EVERY_RIGHT)
    assert public.loc[A, "name"] == "Oasis, CA9010002"
    assert ours.loc[A, "name"] == "ANA'S PARK"


def curve_of(board: Board, service: Service) -> pd.DataFrame:
    served = served_over_time(board.kept(Status), SYSTEMS.set_index("pwsid"), service)
    return served_curve(served, 160.0, 47.0, date(2026, 3, 31))


def report(board: Board, **fields: object) -> Report:
    table = board_table(SYSTEMS, board.statuses(), board.kept(Funding))
    sizes = SYSTEMS.set_index("pwsid")
    kept = board.kept(Status), board.kept(Funding)
    base = {
        "title": "Demo",
        "day": date(2026, 3, 31),
        "since": None,
        "table": table,
        "changes": tell_changes(board),
        "years": {service: yearly_figures(*kept, sizes, service) for service in Service},
        "curves": {service: curve_of(board, service) for service in Service},
        "sources": ("State, Table, 2025",),
        "invented": True,
    }
    return Report(**{**base, **fields})


def words_of(content: bytes) -> str:
    """The text of a PDF that is not compressed, without blanks: lines may break anywhere."""
    pieces = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", content)
    plain = [re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), piece) for piece in pieces]
    return "".join(piece.replace(b"\\", b"").decode("cp1252") for piece in plain).replace(" ", "")


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "en",
            (
                "Changes since the beginning",
                "connected so far: 160 of 160 people",
                "INVENTED DATA",
                "connected",
                "Who is next",
                "Not on the list: 1 connected.",
                "Wastewater is not ranked",
            ),
        ),
        (
            "es",
            (
                "Cambios desde el principio",
                "160 de 160 personas",
                "DATOS INVENTADOS",
                "Fuera de la lista: 1 conectado.",
            ),
        ),
    ],
)
def test_the_report_prints_in_both_languages(
    board: Board, language: str, wanted: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rl_config, "pageCompression", 0)
    board.add([Milestone(pwsid=A, service=Service.WATER, title="<b>drawn & signed</b>")], who="Ana")
    use_language(language)
    try:
        whole = board_table(SYSTEMS, board.statuses(), board.kept(Funding))
        parts = pd.DataFrame({"safer": [1.0, 0.5]}, index=[A, B])
        table = order_by_need(
            whole,
            who_is_next(whole, parts, {"safer": 1}),
            pd.DataFrame(
                {
                    "total_cost_usd": [9e5, 1_345_278.0],
                    "low_cost_usd": [8e5, 1e6],
                    "high_cost_usd": [1e6, 2e6],
                    "cost_per_connection_usd": [2e4, None],
                    "fundable": [True, None],
                    "basis": ["route", "route"],
                },
                index=[A, B],
            ),
            Service.WATER,
        )
        content = meeting_pdf(report(board, table=table))
    finally:
        use_language("en")
    assert content.startswith(b"%PDF")
    words = words_of(content)
    for text in (*wanted, "<b>drawn & signed</b>", "Oasis, CA9010002", "$1,345,278"):
        assert text.replace(" ", "") in words
    assert "$900,000" not in words, "a system that is served is not listed as next"
    assert "ANA'SPARK" not in words


def test_the_workbook_holds_the_board_the_changes_and_the_warning(board: Board) -> None:
    table = board_table(SYSTEMS, board.statuses(), [])
    notes = Notes("Water board", ("State",), invented=True)
    board.add([money(1e6, "awarded")], who="Ana", source="letter")
    years = pd.DataFrame({"year": ["2021"], "systems": [1]})
    content = board_workbook(table, tell_changes(board)[1:], notes, records=tell_records(board), years=years)
    sheets = pd.read_excel(io.BytesIO(content), sheet_name=None)
    assert list(sheets) == ["Board", "On record", "Changes", "Year by year", "Columns", "Sources"]
    row = sheets["On record"].iloc[0]
    assert (row["PWSID"], row["On record"]) == (A, "State, $1,000,000, awarded, Feb 1, 2022")
    assert (row["Source"], row["Who"]) == ("letter", "Ana")
    assert sheets["Board"]["PWSID"].tolist() == [A, B]
    assert sheets["Board"]["stage (water)"].tolist() == ["connected", "not entered yet"]
    assert sheets["Changes"]["To"].tolist() == ["connected, May 1, 2021"]
    assert sheets["Changes"]["name"].tolist() == sheets["Board"]["name"].tolist()[:1]
    assert "INVENTED" in sheets["Sources"].iloc[1, 0]
    said = sheets["Columns"]
    given = [(title, name) for title in list(sheets)[:4] for name in sheets[title].columns]
    assert list(zip(said["Sheet"], said["Column"], strict=True)) == given
    assert said.loc[said["What it is"] == "not described", "Column"].tolist() == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_headings_are_words_of_either_language_and_each_stands_once(language: str) -> None:
    use_language(language)
    try:
        headed = {name: gettext(title) for name, title in HEADINGS.items()}
    finally:
        use_language("en")
    assert not [title for title in headed.values() if "_" in title]
    exported = [headed[name] for name in ("pwsid", "name", *EXPORTED)]
    assert len(set(exported)) == len(exported)


def test_a_blank_sheet_that_is_filled_in_is_taken_without_a_question(board: Board) -> None:
    book = load_workbook(io.BytesIO(blank_workbook(board_table(SYSTEMS, board.statuses(), []))))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    said = {
        "stage": "under construction", "day reached": "March 2026", "funding: from whom": "SAFER",
        "funding: amount": "$1.2M", "funding: how far": "applied for", "comment": "call them",
    }  # fmt: skip
    for heading, text in said.items():
        sheet.cell(3, heads[heading]).value = text
    stream = io.BytesIO()
    book.save(stream)
    table = find_table(read_grids(stream.getvalue(), "blank.xlsx"), "blank.xlsx", BOARD_SHEET)
    judged = judge_board(table, board, name_systems(SYSTEMS))
    assert not judged.questions
    assert not table.unsaid()
    assert not table.notes
    assert {draft.kind for draft in changes_of(judged.lines)} == {"funding", "comment", "status"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_export_can_be_taken_in_again(board: Board, language: str) -> None:
    table = board_table(SYSTEMS, board.statuses(), [])
    use_language(language)
    try:
        content = board_workbook(table, tell_changes(board), Notes("Board", ()))
    finally:
        use_language("en")
    table = find_table(read_grids(content, "board.xlsx"), "board.xlsx", BOARD_SHEET)
    lines = judge_board(table, board, name_systems(SYSTEMS)).lines
    assert {line.number for line in lines} == set(range(2, 2 + len(SYSTEMS)))
    assert {line.verdict for line in lines} == {Verdict.SAME}
    assert not table.notes
