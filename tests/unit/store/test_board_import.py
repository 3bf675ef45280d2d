"""The task force's sheet: every row is judged, nothing is written until confirmed, and a late change is
told."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from geo.errors import ConflictError, SchemaError
from geo.intake.grids import read_grids
from geo.intake.tables import Choice, Table, find_table, tell_understood
from geo.intake.verdicts import Line, Verdict, changes_of
from geo.language import use_language
from store.intake import TakingJournal, list_taken, read_meanings, undo
from store.journal import Journal
from store.water.board_rows import judge_board
from store.water.board_sheet import BOARD_SHEET
from store.water.book import Board, Change
from store.water.kinds import Affordability, Comment, Funding, Milestone, Service, Status
from store.water.system_names import name_systems

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


def table_of(text: str | bytes, name: str = "board.csv", choice: Choice = Choice()) -> Table:  # noqa: B008
    content = text.encode() if isinstance(text, str) else text
    return find_table(read_grids(content, name), name, BOARD_SHEET, choice)


def preview(board: Board, text: str | bytes, name: str = "board.csv") -> list[Line]:
    return judge_board(table_of(text, name), board, NAMED).lines


def confirm(lines: list[Line], board: Board, who: str) -> int:
    return len(board.journal.append([replace(draft, who=who) for draft in changes_of(lines)]))


def recorded(lines: list[Line]) -> int:
    """Rows of which something is recorded."""
    return len({line.number for line in lines if line.change is not None})


def only(board: Board, text: str) -> Line:
    (line,) = preview(board, text)
    return line


@pytest.mark.parametrize(
    ("number", "message", "verdict"),
    [
        (3, "'33' is no PWSID", Verdict.REFUSED),
        (4, "CA9999999", Verdict.REFUSED),
        (5, "'soon' is no stage", Verdict.NOTED),
        (7, "lies in the future", Verdict.NOTED),
        (8, "'the 3rd' is no date", Verdict.NOTED),
        (9, "'rain' is no service", Verdict.REFUSED),
    ],
)
def test_each_row_that_does_not_match_is_named_with_why(
    board: Board, number: int, message: str, verdict: Verdict
) -> None:
    line = next(line for line in preview(board, SHEET) if line.number == number)
    assert line.verdict is verdict
    assert message in line.reason
    assert line.change is None


def test_nothing_is_written_until_confirmed_and_then_only_what_matches(board: Board) -> None:
    sheet = SHEET.replace(f"{B},water,soon,,,\n", "")
    found = preview(board, sheet)
    assert board.journal.history("demo") == []
    assert recorded(found) == 4
    confirm(found, board, who="Ana")
    stages = board.statuses()["stage"]
    assert (stages[(A, "water")], stages[(B, "water")]) == ("planning", "funded")
    history = board.journal.history("demo")
    assert {(entry.who, entry.source) for entry in history} == {
        ("Ana", "board.csv, row 2"),
        ("Ana", "board.csv, row 5"),
        ("Ana", "board.csv, row 6"),
        ("Ana", "board.csv, row 7"),
    }
    row = board.statuses().loc[(B, "wastewater")]
    assert (row["stage"], row["note"]) == ("funded", "Date: 2999-01-01"), (
        "a day that cannot be is kept as told"
    )
    again = preview(board, sheet)
    assert [line.number for line in again if line.verdict is Verdict.SAME] == [2, 5, 6, 7]
    assert changes_of(again) == []
    assert confirm(again, board, who="Ana") == 0


def test_a_stage_that_goes_back_needs_a_reason_in_the_sheet(board: Board) -> None:
    board.record([Change(Status(pwsid=A, service="water", stage="funded"), seen=0)], who="Ana")
    text = f"pwsid,stage,why\n{A},planning,\n"
    assert "goes back without a reason" in only(board, text).reason
    line = only(board, text.replace("planning,", "planning,the grant lapsed"))
    assert line.verdict is Verdict.CHANGED


def test_an_empty_cell_leaves_what_is_recorded(board: Board) -> None:
    status = Status(pwsid=A, service="water", stage="funded", lead="CVWD", reached_on="2024-05-01", note="n")
    board.record([Change(status, seen=0)], who="Ana")
    assert only(board, f"pwsid,stage\n{A},funded\n").verdict is Verdict.SAME
    confirm(preview(board, f"pwsid,stage,lead\n{A},under construction,\n"), board, who="Ana")
    row = board.statuses().loc[(A, "water")]
    assert (row["stage"], row["lead"]) == ("under_construction", "CVWD")
    assert pd.isna(row["reached_on"]), "the day on which it was funded is not that of construction"


def test_a_system_twice_in_the_sheet_with_two_stages_waits_until_a_person_says_which(board: Board) -> None:
    text = f"pwsid,service,stage\n{A},water,planning\n{A[2:]},,design\n"
    lines = preview(board, text)
    assert [(line.verdict, line.change) for line in lines] == [(Verdict.ASK, None)] * 2
    assert lines[0].reason.startswith(f"Rows 2, 3 contradict each other on {A}")
    judged = judge_board(table_of(text), board, NAMED, {"row/2,3": "row 3"})
    assert [draft.body["stage"] for draft in changes_of(judged.lines)] == ["design"]


def test_a_system_with_two_grants_may_stand_on_two_rows(board: Board) -> None:
    text = (
        "pwsid,stage,funder,amount,funding status\n"
        f"{A},funded,State,$500,awarded\n{A},funded,County,200,received\n"
    )
    found = preview(board, text)
    assert [(line.number, line.shown["kind"], line.verdict.value) for line in found] == [
        (2, "stage", "new"),
        (2, "funding", "new"),
        (3, "stage", "twice"),
        (3, "funding", "new"),
    ]
    confirm(found, board, who="Ana")
    assert sorted(kept.record.amount_usd for kept in board.kept(Funding)) == [200, 500]


def test_somebody_who_was_faster_than_the_confirmation_is_told(board: Board) -> None:
    found = preview(board, f"pwsid,stage\n{A},planning\n{B},design\n")
    board.record([Change(Status(pwsid=B, service="water", stage="funded"), seen=0)], who="Luis")
    with pytest.raises(ConflictError, match=r"by Luis"):
        confirm(found, board, who="Ana")
    assert board.statuses().loc[(A, "water"), "stage"] == "not_recorded"


WHOLE = (
    "PWSID,Stage,Date,Lead,Funding source,Amount,Funding status,Funding date,Milestone,Planned for,Comment,"
    "Water rate,% of MHI,Rate date,Rate source\n"
    f'{A},Planning,2024-05-01,CVWD,State,"$1,250,000.00",awarded,5/1/2024,Plans drawn,2031-01-31,Call them,'
    "$62.50,2.4,2024-01-01,bills\n"
)


def test_a_row_may_tell_stage_funding_milestone_comment_and_what_water_costs(board: Board) -> None:
    confirm(preview(board, WHOLE), board, who="Ana")
    (money,) = board.kept(Funding)
    assert (money.record.funder, money.record.amount_usd) == ("State", 1_250_000)
    assert (str(money.record.status), str(money.record.on)) == ("awarded", "2024-05-01")
    (milestone,) = board.kept(Milestone)
    assert (milestone.record.title, str(milestone.record.planned_for)) == ("Plans drawn", "2031-01-31")
    assert [kept.record.text for kept in board.kept(Comment)] == ["Call them"]
    (rate,) = board.kept(Affordability)
    assert (rate.record.rate_usd_per_month, rate.record.share_of_income) == (62.5, 0.024)
    assert (str(rate.record.on), rate.record.source_note) == ("2024-01-01", "bills")
    again = preview(board, WHOLE)
    assert {line.verdict for line in again} == {Verdict.SAME}, "taking it in again changes nothing"
    later = preview(board, WHOLE.replace("awarded", "received"))
    confirm(later, board, who="Luis")
    assert [str(kept.record.status) for kept in board.kept(Funding)] == ["received"]


@pytest.mark.parametrize(
    ("old", "new", "message", "lost", "note"),
    [
        ('"$1,250,000.00"', "-5", "Amount, US dollars: must be at least 0", "funding", "Amount: -5"),
        ('"$1,250,000.00"', "lots", "'lots' is no amount", "funding", "Amount: lots"),
        ('"$1,250,000.00"', "", "funding: amount is missing", "funding", "Funding source: State"),
        ("awarded", "soon", "'soon' does not say how far the money is", "funding", "Funding status: soon"),
        ("5/1/2024", "2999-01-01", "2999-01-01 lies in the future", "", "Funding date: 2999-01-01"),
        ("Plans drawn", "", "milestone is missing", "milestone", "Planned for: 2031-01-31"),
        ("2.4,", "240%,", "Share of income: must be at most 1", "affordability", "Water rate: $62.50"),
        ("2.4,", "a lot,", "'a lot' is no share of income", "", "% of MHI: a lot"),
        ("2024-01-01,bills", "2999-01-01,bills", "lies in the future", "affordability", "Rate source: bills"),
    ],
)
def test_a_fault_is_named_its_words_are_a_note_and_the_rest_of_the_row_is_taken(
    board: Board, old: str, new: str, message: str, lost: str, note: str
) -> None:
    assert old in WHOLE
    found = preview(board, WHOLE.replace(old, new))
    (noted,) = (line for line in found if line.verdict is Verdict.NOTED)
    assert message in noted.reason
    assert noted.change is None
    taken = {line.shown["kind"]: line for line in found if line.change is not None}
    assert set(taken) == {"stage", "funding", "milestone", "comment", "affordability"} - {lost}
    assert note in taken["stage"].change.body["note"].split("; ")
    confirm(found, board, who="Ana")
    assert changes_of(preview(board, WHOLE.replace(old, new))) == [], "taking it in again changes nothing"


def test_a_water_rate_without_a_day_is_of_the_rows_own(board: Board) -> None:
    found = preview(board, WHOLE.replace("2024-01-01,bills", ",bills"))
    rate = next(line for line in found if line.shown["kind"] == "affordability")
    assert "May 1, 2024" in rate.shown["now"]
    assert "taken as of the row's own date" in rate.reason


def test_an_amount_beside_another_of_the_same_funder_is_said(board: Board) -> None:
    money = Funding(pwsid=A, service=Service.WATER, funder="State", amount_usd=100, status="awarded")
    board.add([money], who="Ana")
    line = only(board, f"pwsid,funder,amount\n{A},state,120\n")
    assert "new, beside what is on record: State, $100, awarded" in line.reason
    assert "say above how far this money is" in line.reason
    assert line.verdict is Verdict.ASK, "money that was applied for is none: nobody takes it for awarded"


def test_a_system_may_be_given_by_a_name_that_only_one_bears(board: Board) -> None:
    text = (
        "System name,Stage\noasis gardens MHP,planning\nVista,design\nSaint Anthony,design\nNowhere,design\n"
    )
    found, *refused = preview(board, text)
    assert (found.shown["pwsid"], found.verdict) == (A, Verdict.NEW)
    assert found.reason == "found by name: Oasis Gardens Water Co."
    assert f"2 systems may be called 'Vista' ({B}, {C})" in refused[0].reason
    assert f"'Saint Anthony' is an older or other name only, of {A}" in refused[1].reason
    assert "no system is called 'Nowhere'" in refused[2].reason


def test_a_pwsid_beside_the_name_of_another_system_is_asked_about(board: Board) -> None:
    text = f"PWSID,Name,Stage\n{A},Vista Trailer Park,planning\n"
    line = only(board, text)
    assert f"{A} and the name 'Vista Trailer Park' are two systems ({C}" in line.reason
    assert (line.verdict, line.change) == (Verdict.ASK, None)
    judged = judge_board(table_of(text), board, NAMED, {"system/2": C})
    assert [line.shown["pwsid"] for line in judged.lines] == [C]


def test_a_name_is_a_system_s_own_however_it_is_spelled_and_else_is_asked_about(board: Board) -> None:
    for name in ("Oasis Gardens", "OASIS-GARDENS MHP", "Oasis Garden Water (old office)", "Saint Anthony"):
        assert only(board, f"PWSID,Name,Stage\n{A},{name},planning\n").verdict is Verdict.NEW, name
    assert only(board, f"PWSID,Name,Stage\n{A},Somewhere Else,planning\n").verdict is Verdict.ASK


def test_a_column_for_each_service_is_read_as_such(board: Board) -> None:
    text = f"PWS ID,Water stage,Sewer stage,Sewer date\n{A},connected,planning,3/31/2026\n{B},,,\n"
    found = preview(board, text)
    confirm(found, board, who="Ana")
    statuses = board.statuses()
    assert statuses.loc[A, "stage"].to_dict() == {"wastewater": "planning", "water": "connected"}
    assert statuses.loc[(A, "wastewater"), "reached_on"] == "2026-03-31"
    assert [line.number for line in found if line.verdict is Verdict.EMPTY] == [3]


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
    table = table_of(messy_workbook(), "Tablero.XLSX")
    found, understood = judge_board(table, board, NAMED).lines, tell_understood(table)
    assert understood[0].startswith('Headings in row 4: "Número del Sistema" is PWSID; "Etapa" is stage')
    assert '"Source" is funding: from whom; "Amount" is funding: amount' in understood[0]
    assert 'Sheet "Tablero 2026" was taken; not looked at: "Readme".' in understood
    assert 'Not used: "No.".' in understood
    assert [(line.number, line.shown["pwsid"], line.shown["now"]) for line in found if line.change] == [
        (5, A, "design, Jun 2, 2025"),
        (5, A, "USDA, $3,450,000, awarded"),
        (6, B, "under construction, Mar 31, 2026"),
    ]
    assert [line.shown["now"] for line in found if line.verdict is Verdict.ASK] == [
        "State, $7,000,000, awarded"
    ], "nobody said how far this money is"
    (refused,) = (line for line in found if line.verdict is Verdict.REFUSED)
    assert (refused.number, refused.shown["pwsid"]) == (8, "Total")


def test_an_old_excel_csv_keeps_its_accents_and_says_so(board: Board) -> None:
    table = table_of(f"pwsid;etapa;nota\n{A};planeación;Peña\n".encode("cp1252"))
    found, understood = judge_board(table, board, NAMED).lines, tell_understood(table)
    assert found[0].shown["now"] == "planning, Peña"
    assert any("Windows-1252" in line for line in understood)


def test_faults_are_said_in_spanish(board: Board) -> None:
    use_language("es")
    try:
        line = preview(board, f"pwsid,financiador,monto\n{A},Estado,-5\n")[0]
    finally:
        use_language("en")
    assert "debe ser al menos 0" in line.reason


@pytest.mark.parametrize(
    ("content", "name", "error", "message"),
    [
        (
            b"name,height\nOasis,3\n",
            "board.csv",
            SchemaError,
            "these columns: stage, .*; the sheet has: name, height",
        ),
        (
            b"color;stage\nred;design\n",
            "board.csv",
            SchemaError,
            "no row of board.csv names these columns: PWSID",
        ),
        (b"", "board.csv", SchemaError, "cannot be read as a table"),
        (b"pwsid,stage\n", "board.csv", SchemaError, "has no rows below the headings in row 1"),
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
    (line,) = preview(board, stream.getvalue(), "Board.XLSX")
    assert line.shown["now"] == "funded, May 1, 2024"


def test_words_of_their_own_are_asked_kept_for_next_time_and_the_file_is_undone_as_a_whole(
    board: Board,
) -> None:
    board.record([Change(Status(pwsid=A, service="water", stage="planning"), seen=0)], who="Luis")
    text = f"PWSID,Where are we at?,Hookups\n{A},Tied in!,12\n{B},??,N/A\n"
    table = table_of(text, choice=Choice(headings={"where are we at": "stage"}))
    assert table.unknown_words() == {"stage": ["Tied in!", "??"]}
    choice = Choice(
        headings={"where are we at": "stage"}, words={"stage": {"tied in": "connected", "??": ""}}
    )
    lines = judge_board(table_of(text, choice=choice), board, NAMED).lines
    assert [(line.number, line.verdict.value, line.shown["now"]) for line in lines] == [
        (2, "changed", "connected, Hookups: 12"),
        (3, "noted", "??"),
        (3, "new", "not entered yet, Where are we at?: ??"),
    ]
    taking = TakingJournal(board.journal, "demo", BOARD_SHEET.key, "board.csv", choice)
    taking.append([replace(draft, who="Ana") for draft in changes_of(lines)])
    again = read_meanings(board.journal, "demo", BOARD_SHEET)
    assert {line.verdict for line in judge_board(table_of(text, choice=again), board, NAMED).lines} == {
        Verdict.SAME,
        Verdict.NOTED,
    }
    (kept,) = list_taken(board.journal, "demo", BOARD_SHEET.key)
    board.record([Change(Status(pwsid=B, service="water", stage="design"), seen=1)], who="Luis")
    undone = undo(board.journal, "demo", kept, "Ana")
    assert (undone.count, undone.left) == (1, (f"{B}/water",))
    assert board.statuses()["stage"][(A, "water")] == "planning"
    assert board.statuses()["stage"][(B, "water")] == "design"
    assert list_taken(board.journal, "demo", BOARD_SHEET.key) == []


def test_what_people_write_in_place_of_nothing_is_nothing(board: Board) -> None:
    text = (
        "PWSID,Stage,Date,Funding source,Amount,Funding status,Milestone,Target date,Water rate\n"
        f"{A},Planning,N/A,-,-,-,TBD,TBD,n/a\n{B},—,,N/A,N/A,N/A,,,\n"
    )
    lines = preview(board, text)
    assert [(line.number, line.verdict.value) for line in lines] == [(2, "new"), (3, "empty")]


def test_spanish_amounts_and_days_are_read_or_refused_and_never_another(board: Board) -> None:
    head = "PWSID;Financiador;Monto;Estado fondos;Fecha fondos\n"
    rows = f"{A};USDA;1.250.000,00;otorgado;31/03/2026\n{B};Estado;1.250;otorgado;03/04/2026\n"
    lines = preview(board, head + rows)
    assert [line.shown["now"] for line in lines] == [
        "USDA, $1,250,000, awarded, Mar 31, 2026",
        "Estado, $1,250, awarded, Apr 3, 2026",
    ]
    (alone, note) = preview(board, f"{head}{B};Estado;1.250;otorgado;\n")
    assert "'1.250' may be 1,250 or 1.25" in alone.reason
    assert note.shown["now"] == "not entered yet, Monto: 1.250; Financiador: Estado; Estado fondos: otorgado"


def test_commas_within_comments_part_no_cells(board: Board) -> None:
    lines = preview(
        board, f"PWSID;Etapa;Comentario\n{A};planeación;uno, dos, tres\n{B};diseño;uno, dos, y más\n"
    )
    assert [line.shown["now"] for line in lines] == [
        "planning",
        "uno, dos, tres",
        "design",
        "uno, dos, y más",
    ]


def test_a_hidden_sheet_is_not_taken_in_place_of_one_that_is_seen(board: Board) -> None:
    book = Workbook()
    book.active.title = "Now"
    for row in (["PWSID", "Stage"], [A, "design"], [B, "planning"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    old = book.create_sheet("Archive")
    for row in (["PWSID", "Stage", "Lead"], [A, "connected", "CVWD"]):
        old.append(row)
    old.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    table = table_of(stream.getvalue(), "board.xlsx")
    assert [line.shown["now"] for line in judge_board(table, board, NAMED).lines] == ["design", "planning"]
    assert "Hidden rows were read too: 3." in tell_understood(table)


def test_a_connection_dated_in_the_future_connects_nobody_and_its_words_are_kept(board: Board) -> None:
    """A row that is to be connected in 2999 counts nobody today."""
    text = f"PWSID,Stage,Date,Lead\n{A},Connected,5/5/2999,CVWD\n{B},Connected,2999,\n"
    found = preview(board, text)
    assert sum("not recorded as reached" in line.reason for line in found) == 2
    confirm(found, board, who="Ana")
    statuses = board.statuses()
    assert set(statuses["stage"]) == {"not_recorded"}
    assert "planned stage: Connected" in statuses.loc[(A, "water"), "note"]
    assert statuses.loc[(A, "water"), "lead"] == "CVWD"
