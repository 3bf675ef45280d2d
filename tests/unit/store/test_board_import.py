"""The task force's sheet: every row is judged, nothing is written until confirmed, and a late change is
told."""

from __future__ import annotations

import io
from datetime import datetime

import pandas as pd
import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from geo.errors import ConflictError, SchemaError, StoreError
from geo.language import use_language
from store.journal import Journal
from store.water.book import Board, Change
from store.water.kinds import Affordability, Comment, Funding, Milestone, Service, Status
from store.water.sheet_layout import name_systems, read_sheet
from store.water.sheet_preview import Line, Preview, Verdict, confirm_import, preview_import

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


NAMED = name_systems(
    pd.DataFrame(
        {
            "pwsid": [A, B, C],
            "name": ["Oasis Gardens Water Co.", "Vista Mobile Home Park", "Vista Trailer Park"],
            "other_names": ["Saint Anthony", None, None],
        }
    )
)


def preview(board: Board, text: str | bytes, name: str = "board.csv") -> Preview:
    content = text.encode() if isinstance(text, str) else text
    return preview_import(read_sheet(content, name), board, NAMED)


def only(board: Board, text: str) -> Line:
    (line,) = preview(board, text).lines
    return line


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
    line = next(line for line in preview(board, SHEET).lines if line.number == number)
    assert line.verdict is Verdict.REFUSED
    assert message in line.remark
    assert line.draft is None


def test_nothing_is_written_until_confirmed_and_then_only_what_matches(board: Board) -> None:
    sheet = SHEET.replace(f"{B},water,soon,,,\n", "")
    found = preview(board, sheet)
    assert board.journal.history("demo") == []
    assert found.count(Verdict.CHANGED) == 2
    confirm_import(found, board, who="Ana")
    stages = board.statuses()["stage"]
    assert (stages[(A, "water")], stages[(B, "water")]) == ("planning", "funded")
    history = board.journal.history("demo")
    assert {(entry.who, entry.source) for entry in history} == {
        ("Ana", "board.csv, row 2"),
        ("Ana", "board.csv, row 5"),
    }
    again = preview(board, sheet)
    assert again.count(Verdict.SAME) == 2
    with pytest.raises(StoreError, match="no row would change anything"):
        confirm_import(again, board, who="Ana")


def test_a_stage_that_goes_back_needs_a_reason_in_the_sheet(board: Board) -> None:
    board.record([Change(Status(pwsid=A, service="water", stage="funded"), seen=0)], who="Ana")
    text = f"pwsid,stage,why\n{A},planning,\n"
    assert "goes back without a reason" in only(board, text).remark
    line = only(board, text.replace("planning,", "planning,the grant lapsed"))
    assert line.verdict is Verdict.CHANGED


def test_an_empty_cell_leaves_what_is_recorded(board: Board) -> None:
    status = Status(pwsid=A, service="water", stage="funded", lead="CVWD", reached_on="2024-05-01", note="n")
    board.record([Change(status, seen=0)], who="Ana")
    assert only(board, f"pwsid,stage\n{A},funded\n").verdict is Verdict.SAME
    confirm_import(preview(board, f"pwsid,stage,lead\n{A},under construction,\n"), board, who="Ana")
    row = board.statuses().loc[(A, "water")]
    assert (row["stage"], row["lead"]) == ("under_construction", "CVWD")
    assert pd.isna(row["reached_on"]), "the day on which it was funded is not that of construction"


def test_a_system_twice_in_the_sheet_with_two_stages_is_refused_both_times(board: Board) -> None:
    text = f"pwsid,service,stage\n{A},water,planning\n{A[2:]},,design\n"
    lines = preview(board, text).lines
    assert [line.verdict for line in lines] == [Verdict.REFUSED] * 2
    assert [line.remark[:5] for line in lines] == ["row 3", "row 2"]


def test_a_system_with_two_grants_may_stand_on_two_rows(board: Board) -> None:
    text = f"pwsid,stage,funder,amount\n{A},funded,State,$500\n{A},funded,County,200\n"
    found = preview(board, text)
    assert [(line.number, line.kind, line.verdict.value) for line in found.lines] == [
        (2, "stage", "changed"),
        (2, "funding", "changed"),
        (3, "stage", "same"),
        (3, "funding", "changed"),
    ]
    confirm_import(found, board, who="Ana")
    assert sorted(kept.record.amount_usd for kept in board.kept(Funding)) == [200, 500]


def test_somebody_who_was_faster_than_the_confirmation_is_told(board: Board) -> None:
    found = preview(board, f"pwsid,stage\n{A},planning\n{B},design\n")
    board.record([Change(Status(pwsid=B, service="water", stage="funded"), seen=0)], who="Luis")
    with pytest.raises(ConflictError, match=r"by Luis"):
        confirm_import(found, board, who="Ana")
    assert board.statuses().loc[(A, "water"), "stage"] == "not_recorded"


WHOLE = (
    "PWSID,Stage,Date,Lead,Funding source,Amount,Funding status,Funding date,Milestone,Planned for,Comment,"
    "Water rate,% of MHI,Rate date,Rate source\n"
    f'{A},Planning,2024-05-01,CVWD,State,"$1,250,000.00",awarded,5/1/2024,Plans drawn,2031-01-31,Call them,'
    "$62.50,2.4,2024-01-01,bills\n"
)


def test_a_row_may_tell_stage_funding_milestone_comment_and_what_water_costs(board: Board) -> None:
    confirm_import(preview(board, WHOLE), board, who="Ana")
    (money,) = board.kept(Funding)
    assert (money.record.funder, money.record.amount_usd) == ("State", 1_250_000)
    assert (str(money.record.status), str(money.record.on)) == ("awarded", "2024-05-01")
    (milestone,) = board.kept(Milestone)
    assert (milestone.record.title, str(milestone.record.planned_for)) == ("Plans drawn", "2031-01-31")
    assert [kept.record.text for kept in board.kept(Comment)] == ["Call them"]
    (rate,) = board.kept(Affordability)
    assert (rate.record.rate_usd_per_month, rate.record.share_of_income) == (62.5, 0.024)
    assert (str(rate.record.on), rate.record.source_note) == ("2024-01-01", "bills")
    assert preview(board, WHOLE).count(Verdict.SAME) == 1, "taking it in again changes nothing"
    later = preview(board, WHOLE.replace("awarded", "received"))
    confirm_import(later, board, who="Luis")
    assert [str(kept.record.status) for kept in board.kept(Funding)] == ["received"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"$1,250,000.00"', "-5", "Amount, US dollars: must be at least 0"),
        ('"$1,250,000.00"', "lots", "'lots' is no amount"),
        ('"$1,250,000.00"', "", "funding: amount is missing"),
        ("awarded", "soon", "'soon' does not say how far the money is"),
        ("5/1/2024", "2999-01-01", "2999-01-01 lies in the future"),
        ("Plans drawn", "", "milestone is missing"),
        ("2.4,", "240%,", "Share of income: must be at most 1"),
        ("2.4,", "a lot,", "'a lot' is no share of income"),
        ("2024-01-01,bills", ",bills", None),
        ("2024-01-01,bills", "2999-01-01,bills", "lies in the future"),
    ],
)
def test_one_fault_refuses_the_whole_row_and_is_named(
    board: Board, old: str, new: str, message: str | None
) -> None:
    assert old in WHOLE
    found = preview(board, WHOLE.replace(old, new))
    if message is None:
        rate = next(line for line in found.lines if line.kind == "affordability")
        assert "2024-05-01" in rate.now, "the row's own date stands for the rate's"
        return
    (line,) = found.lines
    assert line.verdict is Verdict.REFUSED
    assert message in line.remark
    assert found.drafts == []


def test_an_amount_beside_another_of_the_same_funder_is_said(board: Board) -> None:
    money = Funding(pwsid=A, service=Service.WATER, funder="State", amount_usd=100, status="awarded")
    board.add([money], who="Ana")
    line = only(board, f"pwsid,funder,amount\n{A},state,120\n")
    assert "new, beside what is on record: State, $100, awarded" in line.remark
    assert "taken as awarded" in line.remark


def test_a_system_may_be_given_by_a_name_that_only_one_bears(board: Board) -> None:
    text = (
        "System name,Stage\noasis gardens MHP,planning\nVista,design\nSaint Anthony,design\nNowhere,design\n"
    )
    found, *refused = preview(board, text).lines
    assert (found.pwsid, found.verdict) == (A, Verdict.CHANGED)
    assert found.remark == "found by name: Oasis Gardens Water Co."
    assert f"2 systems may be called 'Vista' ({B}, {C})" in refused[0].remark
    assert f"'Saint Anthony' is an older or other name only, of {A}" in refused[1].remark
    assert "no system is called 'Nowhere'" in refused[2].remark


def test_a_pwsid_beside_the_name_of_another_system_is_refused(board: Board) -> None:
    line = only(board, f"PWSID,Name,Stage\n{A},Vista Trailer Park,planning\n")
    assert f"{A} and the name 'Vista Trailer Park' are two systems ({C})" in line.remark


def test_a_column_for_each_service_is_read_as_such(board: Board) -> None:
    text = f"PWS ID,Water stage,Sewer stage,Sewer date\n{A},connected,planning,3/31/2026\n{B},,,\n"
    found = preview(board, text)
    confirm_import(found, board, who="Ana")
    statuses = board.statuses()
    assert statuses.loc[A, "stage"].to_dict() == {"wastewater": "planning", "water": "connected"}
    assert str(statuses.loc[(A, "wastewater"), "reached_on"].date()) == "2026-03-31"
    assert found.count(Verdict.SAME) == 1


def messy_workbook() -> bytes:
    """A sheet as people keep them: titles, a band above the headings, merged cells, Excel's own types."""
    book = Workbook()
    book.active.title = "Readme"
    book.active.append(["Disadvantaged Communities Infrastructure Task Force"])
    sheet = book.create_sheet("Tablero 2026")
    sheet.append(["Tablero de sistemas, marzo de 2026"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(["", "", "", "", "Funding", "", "", ""])
    sheet.merge_cells("E3:G3")
    sheet.append(["No.", "Número del Sistema", "Etapa", "Fecha", "Source", "Amount", "Status", "% of MHI"])
    sheet.append([1, int(A[2:]), "Diseño", datetime(2025, 6, 2), "USDA", 3_450_000, "Awarded", None])
    sheet.append(
        [2, f"{B[:4]}-{B[4:]}", "En construcción", "31 de marzo de 2026", "State", "$7 million", "", ""]
    )
    sheet.append([])
    sheet.append(["", "Total", "", "", "", 10_450_000])
    sheet["F5"].number_format = "$#,##0"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_sheet_as_people_keep_them_is_taken_with_care_and_what_was_understood_is_said(board: Board) -> None:
    found = preview(board, messy_workbook(), "Tablero.XLSX")
    assert found.understood[0].startswith(
        'Headings in row 4: "Número del Sistema" is PWSID; "Etapa" is stage'
    )
    assert '"Source" is funding: from whom; "Amount" is funding: amount' in found.understood[0]
    assert 'Sheet "Tablero 2026" was taken; not looked at: "Readme".' in found.understood
    assert 'Not used: "No.".' in found.understood
    assert [(line.number, line.pwsid, line.now) for line in found.lines if line.draft] == [
        (5, A, "design, 2025-06-02"),
        (5, A, "USDA, $3,450,000, awarded"),
        (6, B, "under construction, 2026-03-31"),
        (6, B, "State, $7,000,000, awarded"),
    ]
    (refused,) = (line for line in found.lines if line.verdict is Verdict.REFUSED)
    assert (refused.number, refused.pwsid) == (8, "Total")


def test_an_old_excel_csv_keeps_its_accents_and_says_so(board: Board) -> None:
    found = preview(board, f"pwsid;etapa;nota\n{A};planeación;Peña\n".encode("cp1252"))
    assert found.lines[0].now == "planning, Peña"
    assert any("Windows-1252" in line for line in found.understood)


def test_faults_are_said_in_spanish(board: Board) -> None:
    use_language("es")
    try:
        line = only(board, f"pwsid,financiador,monto\n{A},Estado,-5\n")
    finally:
        use_language("en")
    assert "debe ser al menos 0" in line.remark


@pytest.mark.parametrize(
    ("content", "name", "error", "message"),
    [
        (b"name,height\nOasis,3\n", "board.csv", StoreError, "its first row holds name, height"),
        (b"colour;stage\nred;design\n", "board.csv", StoreError, "no row of board.csv names the columns"),
        (b"", "board.csv", SchemaError, "cannot be read as a table"),
        (b"pwsid,stage\n", "board.csv", StoreError, "has no rows below the headings in row 1"),
        (b"\n\n", "board.csv", SchemaError, "cannot be read as a table"),
        (b"not a workbook", "board.xlsx", SchemaError, "cannot be read as a table"),
        (b"\xff\xfe\x00", "board.csv", SchemaError, "cannot be read as a table"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    board: Board, content: bytes, name: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        preview(board, content, name)


def test_a_workbook_reads_like_a_csv(board: Board) -> None:
    frame = pd.DataFrame({"PWSID": [A], "Stage": ["Funded"], "Date": [pd.Timestamp("2024-05-01")]})
    stream = io.BytesIO()
    frame.to_excel(stream, index=False)
    (line,) = preview(board, stream.getvalue(), "Board.XLSX").lines
    assert line.now == "funded, 2024-05-01"
