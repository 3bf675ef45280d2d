"""Sheets as offices save them: read by what they are, and what is missing, hidden or doubtful is told."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime

import pytest
import xlwt
from openpyxl import Workbook

from geo.errors import SchemaError
from geo.intake.grids import Grid, read_grids
from geo.intake.tables import Table, find_table, tell_understood
from geo.intake.values import amount_cells, count_cells, date_cells, says_nothing
from geo.program.sites import SITE_TABLE, judge_sites
from geo.region import read_region
from store.water.board_sheet import BOARD_SHEET

ROWS = [
    ("PWSID", "Stage", "Comment"),
    ("CA9010002", "planning", "one, two"),
    ("CA9010003", "design", "señor"),
]


def written(separator: str, rows: Sequence[tuple[str, ...]] = ROWS) -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)


def book(fill: Callable[[Workbook], None]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    fill(made)
    made.save(out)
    return out.getvalue()


def plain(made: Workbook) -> None:
    for row in ROWS:
        made.active.append(row)


def board(content: bytes, name: str) -> Table:
    return find_table(read_grids(content, name), name, BOARD_SHEET)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (written(";").encode(), "a.csv"),
        (("sep=;\r\n" + written(";")).encode(), "a.csv"),
        (written("\t").encode("utf-16"), "a.txt"),
        (written("\t").encode(), "a.tsv"),
        (written("|").encode("utf-8-sig"), "a.csv"),
        (written(";").replace("\r\n", "\r").encode(), "a.csv"),
        (written(";").replace("\r\n", "\r\r\n").encode(), "a.csv"),
        (written(";").encode("cp1252"), "a.csv"),
        (written(";").encode(), "misnamed.xlsx"),
        (book(plain), "a.xlsx"),
        (book(plain), "misnamed.csv"),
        (book(plain), "misnamed.xls"),
    ],
    # Named, as a workbook holds the second it was written in and each worker would name its test differently.
    ids=[
        "semicolons",
        "separator told",
        "UTF-16",
        "tabs",
        "bars",
        "old Mac",
        "doubled returns",
        "cp1252",
        "text as xlsx",
        "workbook",
        "workbook as csv",
        "workbook as xls",
    ],
)
def test_a_table_is_read_whatever_wrote_it(content: bytes, name: str) -> None:
    rows = board(content, name).require().rows
    assert [tuple(row.meant.values()) for row in rows] == [tuple(row) for row in ROWS[1:]]


def test_a_workbook_from_before_2007_is_read_with_days_shares_and_what_is_hidden() -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Board")
    for column, words in enumerate(("PWSID", "Date", "Share", "Note")):
        sheet.write(0, column, words)
    sheet.write(1, 0, 9010002)
    sheet.write(1, 1, datetime(2026, 3, 31), xlwt.easyxf(num_format_str="M/D/YY"))
    sheet.write(1, 2, 0.024, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write_merge(1, 2, 3, 3, "both")
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    hidden = made.add_sheet("Old")
    hidden.visibility = 1
    hidden.write(0, 0, "x")
    out = io.BytesIO()
    made.save(out)
    for name in ("a.xls", "misnamed.xlsx", "misnamed.csv"):
        first, second = read_grids(out.getvalue(), name)
        assert first.cells[1] == ("9010002", "2026-03-31", "2.4%", "both")
        assert first.cells[2] == ("", "", "", "both")
        assert (first.title, first.merged) == ("Board", 1)
        assert (first.hidden_rows, first.hidden_columns, first.hidden) == (
            frozenset({3}),
            frozenset({2}),
            False,
        )
        assert second.hidden


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def zipped(part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "<a/>")
    return out.getvalue()


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv", "a.ods"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (OLE, "no workbook"),
        (zipped("content.xml"), "LibreOffice"),
        (zipped("xl/workbook.bin"), "XLSB"),
        (zipped("Index/Document.iwa"), "Numbers"),
        (zipped("word/document.xml"), "Word"),
        (b"<html><table><tr><td>PWSID</td></tr></table></html>", "web page"),
        (b"%PDF-1.7\n", "a PDF"),
        (b'[{"PWSID": "CA9010002"}]', "JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_named_for_what_it_is(content: bytes, words: str, name: str) -> None:
    with pytest.raises(SchemaError, match=words) as raised:
        read_grids(content, name)
    assert "save it" in raised.value.remedy
    assert "nothing was written" in raised.value.remedy


def test_a_formula_without_its_value_is_told_and_one_with_it_is_read() -> None:
    def fill(made: Workbook) -> None:
        for row in (("PWSID", "Stage", "Amount", "Comment"), ("CA9010002", "planning", "=2*3", '=A2&"x"')):
            made.active.append(row)

    (row,) = board(book(fill), "a.xlsx").require().rows
    assert set(row.faults) == {"amount_usd", "comment"}
    assert "is a formula without its value" in row.remarks[0]
    content = written(",", [("PWSID", "Amount"), ("CA9010002", "#REF!"), ('="CA9010003"', "7")]).encode()
    error, kept = board(content, "a.csv").require().rows
    assert "is an error of the spreadsheet" in error.remarks[0]
    assert (kept.meant["pwsid"], kept.meant["amount_usd"]) == ("CA9010003", 7)


def test_what_is_hidden_is_told() -> None:
    def fill(made: Workbook) -> None:
        plain(made)
        sheet = made.active
        assert sheet is not None
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].hidden = True
        other = made.create_sheet("Archive")
        other.sheet_state = "hidden"
        for row in (("PWSID", "Stage", "Amount"), ("CA9010002", "connected", 5)):
            other.append(row)

    told = tell_understood(board(book(fill), "a.xlsx"))
    assert 'Hidden columns were read too: "Stage".' in told
    assert "Hidden rows were read too: 3." in told
    assert 'Sheet "Sheet" was taken; not looked at: "Archive".' in told


def test_a_lone_quotation_mark_swallows_no_row() -> None:
    with pytest.raises(SchemaError, match="a quotation mark near line"):
        board(b'PWSID,Stage,Comment\nCA9010002,planning,"6 inch\nCA9010003,design,ok\n', "a.csv")


def test_days_that_may_be_read_in_two_ways_are_told_once() -> None:
    days = ["5/6/2025", "7/8/2025"]
    rows = [("PWSID", "Stage", "Date"), *(("CA9010002", "planning", day) for day in days)]
    told = tell_understood(board(written(";", rows).encode(), "a.csv"))
    assert 'Days in "Date" are read with the month first: 5/6/2025 is May 6, 2025.' in told
    rows[2] = ("CA9010003", "planning", "7/28/2025")
    assert not any(
        "month first" in line for line in tell_understood(board(written(";", rows).encode(), "a.csv"))
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 de mayo de 2026", date(2026, 5, 5)),
        ("martes 5 de mayo de 2026", date(2026, 5, 5)),
        ("marzo 5 de 2026", date(2026, 3, 5)),
        ("1ro de mayo de 2026", date(2026, 5, 1)),
        ("Sept. 5, 2026", date(2026, 9, 5)),
        ("Sat, September 5th, 2026", date(2026, 9, 5)),
        ("5-May-26", date(2026, 5, 5)),
        ("2026/3/31", date(2026, 3, 31)),
        ("2026.03.31", date(2026, 3, 31)),
        ("5/31/98", date(1998, 5, 31)),
        ("45413", date(2024, 5, 1)),
        ("45413.75", date(2024, 5, 1)),
        ("3/31/2026 6:00 PM", date(2026, 3, 31)),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date) -> None:
    assert date_cells([text])(text).value == day


@pytest.mark.parametrize("text", ["Sept 5", "March 2026", "2026", "13/13/2026", "31/2/2026", "mañana"])
def test_what_is_no_whole_day_is_refused(text: str) -> None:
    with pytest.raises(SchemaError, match="is no date"):
        date_cells([text])(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1'250'000", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1\u202f250\u202f000,50", 1_250_000.5),
        ("$ 1,250,000.50", 1_250_000.5),
        ("1.250.000,00", 1_250_000),
        ("US$ 5000", 5000),
        ("1.2 millones", 1_200_000),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: float) -> None:
    assert amount_cells([text])(text).value == amount


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (["45 50"], "45 50"),
        (["5000-6000"], "5000-6000"),
        (["1.250"], "1.250"),
        (["1,250.00", "1,25"], "1,25"),
        (["12,345 678"], "12,345 678"),
    ],
)
def test_no_amount_becomes_another(column: list[str], text: str) -> None:
    with pytest.raises(SchemaError):
        amount_cells(column)(text)


def test_a_count_never_becomes_another() -> None:
    assert [count_cells()(text).value for text in ("1,250", "4.0", "4.00", "12")] == [1250, 4, 4, 12]
    for text in ("1.000", "4.5", "-1", "four", "1,25"):
        with pytest.raises(SchemaError, match="no whole number"):
            count_cells()(text)


def test_a_place_whose_longitude_lost_its_minus_is_told_so() -> None:
    grids = read_grids(b"Name,Lat,Lng\nA,33.61,116.25\nB,33.61,-116.25\nC,0,0\n", "a.csv")
    lines = judge_sites(find_table(grids, "a.csv", SITE_TABLE), read_region("coachella"))
    assert [bool(line.change) for line in lines] == [False, True, False]
    assert "with a minus" in lines[0].reason
    assert "with a minus" not in lines[2].reason


def test_placeholders_in_both_languages_say_nothing() -> None:
    for text in ("N/A", "TBD", "-", "n/d", "N.D.", "por definir", "(blank)", "no aplica", "TBA"):
        assert says_nothing(text), text
    assert not says_nothing("0")


def test_a_hidden_sheet_is_taken_only_where_no_other_will_do_and_is_told() -> None:
    cells = tuple(tuple(row) for row in ROWS)
    alone = find_table([Grid("Old", cells, hidden=True)], "a.xlsx", BOARD_SHEET)
    assert 'Sheet "Old" is hidden in the workbook.' in tell_understood(alone)
