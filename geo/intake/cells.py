"""Cells of a person's CSV or XLSX file, read where nothing else is at hand: in the confined reader alone."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlrd
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from geo.errors import SchemaError
from geo.intake.books import OLD_WORKBOOK, WORKBOOK, find_kind, read_old_book
from geo.intake.limits import PERSON, Limits
from geo.intake.workbook import list_titles, too_many, trim_workbook
from geo.language import gettext as _

SEPARATORS = (",", ";", "\t", "|")
BOOKS = (".xlsx", ".xlsm", ".xls")
NONE_HIDDEN: dict[str, Any] = {"hidden_rows": [], "hidden_columns": []}
# As a spreadsheet is told that digits are a text: ="06065".
KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
# What Excel on Windows writes as "CSV" where nobody chose UTF-8.
OLD_ENCODING = "cp1252"
# What a file raises that is no table, or is damaged; of a workbook's XML that is a SyntaxError.
UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,
    RuntimeError,
    NotImplementedError,
    csv.Error,
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
)


def read_table_of(path: Path, name: str, limits: Limits, sheet: str = "") -> dict[str, Any]:
    """Read a sheet, a workbook's by its title or the first; also of the kind that Excel wrote before 2007.

    Gives ``columns`` and, column by column, its ``cells`` as text or None; of a workbook all its ``sheets``.

    Raises
    ------
    SchemaError
        It is no table, or too large a one.
    """
    sheets: list[str] = []
    try:
        if path.suffix in BOOKS and find_kind(path, name) == OLD_WORKBOOK:
            frame, sheets = _read_old_table(path, name, limits, sheet)
        elif path.suffix in BOOKS:
            sheets = list_titles(path)
            book = trim_workbook(path, name, limits, first_only=True, title=sheet)
            frame = pd.DataFrame(pd.read_excel(book, sheet or 0, dtype="string", engine="openpyxl"))
        else:
            frame = read_text(path.read_bytes().decode("utf-8-sig"), name, limits)
    except SchemaError:
        raise
    except UNREADABLE as error:
        raise _unreadable(name, error) from error
    text = frame.astype("string").astype(object)
    cells = [column.where(column.notna(), None).tolist() for _title, column in text.items()]
    return {"columns": [str(column) for column in frame.columns], "cells": cells, "sheets": sheets}


def _read_old_table(path: Path, name: str, limits: Limits, sheet: str) -> tuple[pd.DataFrame, list[str]]:
    found = {str(item["title"]): item["cells"] for item in read_old_book(path, name, limits, _cell)}
    if sheet and sheet not in found:
        raise SchemaError(
            _("{name} has no sheet {title!r}").format(name=name, title=sheet),
            _("use one of {known}").format(known=", ".join(found)),
        )
    head, *rows = found[sheet] if sheet else next(iter(found.values()))
    return pd.DataFrame(rows, columns=head, dtype="string").replace("", pd.NA), list(found)


def read_text(text: str, name: str, limits: Limits = PERSON) -> pd.DataFrame:
    r"""Read a CSV with comma, semicolon or tab as text; a separator at the end of each row says nothing.

    Raises
    ------
    SchemaError
        It has more cells than a table may.
    ValueError
        A row holds more cells than there are headings, or it is no table.

    Examples
    --------
    >>> read_text("Code,Town\nQX0017H,Oasis,\n", "sheet.csv").to_dict("list")
    {'Code': ['QX0017H'], 'Town': ['Oasis']}
    """
    if "\x00" in text:
        raise ValueError(_("it is not text"))
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    width = len(next(rows, []))
    for number, row in enumerate(rows, start=2):
        if len(row) > width + 1 or any(cell.strip() for cell in row[width:]):
            raise ValueError(
                _("row {row} holds more cells than there are headings").format(row=rows.line_num)
            )
        _check_count(number * width, name, limits)
    _check_count(width, name, limits)
    table = io.StringIO(text)
    return pd.read_csv(table, dtype="string", sep=separator, skip_blank_lines=False, index_col=False)


def _check_count(count: int, name: str, limits: Limits) -> None:
    if count > limits.cells:
        raise too_many(name, limits)


def read_grids_of(path: Path, name: str, limits: Limits) -> list[dict[str, Any]]:
    """Read every sheet: ``title``, ``cells`` by row, ``merged`` ranges, ``encoding`` of text, what is hidden.

    What a file is its content tells, whatever its name.

    Raises
    ------
    SchemaError
        It is no table, or too large a one.
    """
    kind = find_kind(path, name)
    try:
        if kind == OLD_WORKBOOK:
            sheets = list(read_old_book(path, name, limits, _cell))
            return [sheet | {"cells": _trim(sheet["cells"])} for sheet in sheets]
        if kind == WORKBOOK:
            return _read_book(trim_workbook(path, name, limits, first_only=False))
        content = path.read_bytes()
        if path.suffix in BOOKS and not _is_table(content):
            raise ValueError(_("it is no workbook"))
        return [_read_csv(content, name, limits)]
    except SchemaError:
        raise
    except UNREADABLE as error:
        raise _unreadable(name, error) from error


def _is_table(content: bytes) -> bool:
    """Whether a text that is named as a workbook has columns."""
    lines = _decode(content)[0].splitlines()[:2]
    return len(lines) == 2 and all(any(sign in line for sign in SEPARATORS) for line in lines)


def _unreadable(name: str, error: Exception) -> SchemaError:
    return SchemaError(
        _("{name} cannot be read as a table ({error})").format(name=name, error=str(error)[:120]),
        _("save it as CSV (UTF-8) or XLSX and try again"),
    )


def _read_csv(content: bytes, name: str, limits: Limits) -> dict[str, Any]:
    if not content.strip():
        raise ValueError(_("it is empty"))
    text, encoding = _decode(content)
    # Of an old Mac; two returns before a line feed come from copying.
    text = text.replace("\r\r\n", "\n") if "\n" in text else text.replace("\r", "\n")
    rows: list[list[str]] = []
    widest = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(text), strict=True)
    try:
        for row in reader:
            rows.append([_plain_cell(cell) for cell in row])
            widest = max(widest, len(row))
            _check_count(widest * len(rows), name, limits)
    except csv.Error as error:
        words = _("a quotation mark near line {line} has no partner")
        raise ValueError(words.format(line=reader.line_num)) from error
    told = {"title": "", "merged": 0, "encoding": encoding, "hidden": False} | NONE_HIDDEN
    return told | {"cells": _trim(rows)}


def _plain_cell(text: str) -> str:
    """Take what a spreadsheet writes around a text to keep its zeros off it.

    Examples
    --------
    >>> _plain_cell('="06065"'), _plain_cell(" Oasis ")
    ('06065', 'Oasis')
    """
    bare = text.strip()
    found = KEPT_AS_TEXT.fullmatch(bare)
    return found[1] if found else bare


def find_separator(text: str) -> str:
    r"""Find what parts the cells: with it most of the first rows have equally many cells, and several.

    Examples
    --------
    >>> find_separator("PWSID;Note\nA;one, two, three\nB;one, two, three, four\n")
    ';'
    """
    first = "\n".join(text.splitlines()[:30])

    def fit(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(io.StringIO(first), delimiter=separator) if len(row) > 1]
        usual = max(set(widths), key=widths.count, default=0)
        return widths.count(usual), usual

    return max(SEPARATORS, key=fit)


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16"), "utf-16"
    try:
        text, encoding = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = content.decode(OLD_ENCODING), OLD_ENCODING
    if "\x00" in text:
        raise ValueError(_("it is not text"))
    return text, encoding


def _read_book(content: io.BytesIO) -> list[dict[str, Any]]:
    book = load_workbook(content, data_only=True, keep_links=False)
    content.seek(0)
    formulas = load_workbook(content, keep_links=False) if _has_formulas(content) else None
    return [_read_sheet(sheet, formulas[sheet.title] if formulas else None) for sheet in book.worksheets]


def _has_formulas(content: io.BytesIO) -> bool:
    with zipfile.ZipFile(content) as archive:
        texts = [archive.read(part) for part in archive.namelist() if "sheet" in part]
    content.seek(0)
    return any(b"<f>" in text or b"<f " in text for text in texts)


def _read_sheet(sheet: Worksheet, formulas: Worksheet | None) -> dict[str, Any]:
    """Read a sheet; a formula that nothing has computed yet stands as it is written."""
    rows = [[_cell(cell.value, str(cell.number_format)) for cell in row] for row in sheet.iter_rows()]
    for place, row in enumerate(formulas.iter_rows() if formulas else ()):
        for column, cell in enumerate(row):
            if cell.data_type == "f" and not rows[place][column]:
                rows[place][column] = f"={str(getattr(cell.value, 'text', cell.value)).lstrip('=')}"
    merged = list(sheet.merged_cells.ranges)
    for area in merged:
        words = rows[area.min_row - 1][area.min_col - 1]
        for place, column in _within(area):
            rows[place][column] = words
    told = {"title": str(sheet.title), "merged": len(merged), "encoding": ""} | _hidden(sheet, len(rows))
    return told | {"cells": _trim(rows)}


def _hidden(sheet: Worksheet, rows: int) -> dict[str, Any]:
    columns = [
        place - 1
        for column in sheet.column_dimensions.values()
        if column.hidden and column.min and column.max
        for place in range(column.min, min(column.max, sheet.max_column) + 1)
    ]
    return {
        "hidden": sheet.sheet_state != "visible",
        "hidden_rows": [
            number for number, row in sheet.row_dimensions.items() if row.hidden and number <= rows
        ],
        "hidden_columns": columns,
    }


def _within(area: Any) -> Iterator[tuple[int, int]]:
    for row in range(area.min_row - 1, area.max_row):
        for column in range(area.min_col - 1, area.max_col):
            yield row, column


def _cell(value: Any, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{_number(100 * value)}%" if "%" in form else _number(value)
    return " ".join(str(value).split())


def _number(value: float) -> str:
    """Write a number without needless decimals.

    Examples
    --------
    >>> _number(3301717.0), _number(2.4000000000000004)
    ('3301717', '2.4')
    """
    return str(int(value)) if value == int(value) else f"{value:.12g}"


def _trim(rows: list[list[str]]) -> list[list[str]]:
    while rows and not any(rows[-1]):
        rows.pop()
    widest = max((len(row) for row in rows), default=0)
    return [[*row, *([""] * (widest - len(row)))] for row in rows]
