"""Cells of a person's CSV or XLSX file, read where nothing else is at hand: in the confined reader alone."""

from __future__ import annotations

import csv
import io
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
from geo.intake.limits import PERSON, Limits
from geo.intake.workbook import too_many, trim_workbook
from geo.language import gettext as _

SEPARATORS = (",", ";", "\t")
BOOKS = (".xlsx", ".xlsm")
# What Excel wrote before 2007, and some agencies still do.
OLD_BOOK = ".xls"
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

    Gives ``columns`` and, column by column, its ``cells`` as text or None.

    Raises
    ------
    SchemaError
        It is no table, or too large a one.
    """
    try:
        if path.suffix in BOOKS:
            book = trim_workbook(path, name, limits, first_only=True, title=sheet)
            frame = pd.DataFrame(pd.read_excel(book, sheet or 0, dtype="string", engine="openpyxl"))
        elif path.suffix == OLD_BOOK:
            frame = _read_old_book(path, name, limits, sheet)
        else:
            frame = read_text(path.read_bytes().decode("utf-8-sig"), name, limits)
    except SchemaError:
        raise
    except UNREADABLE as error:
        raise _unreadable(name, error) from error
    text = frame.astype("string").astype(object)
    cells = [column.where(column.notna(), None).tolist() for _title, column in text.items()]
    return {"columns": [str(column) for column in frame.columns], "cells": cells}


def _read_old_book(path: Path, name: str, limits: Limits, title: str) -> pd.DataFrame:
    """Read a sheet of a workbook of before 2007 as text; days as ISO 8601, whole numbers without a point."""
    with xlrd.open_workbook(path, logfile=io.StringIO(), on_demand=True) as book:
        sheet = book.sheet_by_name(title) if title else book.sheet_by_index(0)
        _check_count(sheet.nrows * sheet.ncols, name, limits)
        rows = [[_old_cell(cell, book.datemode) for cell in row] for row in sheet.get_rows()]
    head = [title or f"Unnamed: {place}" for place, title in enumerate(rows[0])]
    return pd.DataFrame(rows[1:], columns=head, dtype="string")


def _old_cell(cell: Any, datemode: int) -> str | None:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR) or cell.value == "":
        return None
    if cell.ctype == xlrd.XL_CELL_DATE:
        moment = xlrd.xldate_as_datetime(cell.value, datemode)
        return str(moment.date() if moment == datetime.combine(moment, datetime.min.time()) else moment)
    if cell.ctype == xlrd.XL_CELL_NUMBER and float(cell.value).is_integer():
        return str(int(cell.value))
    return str(cell.value)


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
    """Read every sheet: ``title``, ``cells`` by row, ``merged`` ranges, a CSV's ``encoding``, what is hidden.

    Raises
    ------
    SchemaError
        It is no table, or too large a one.
    """
    try:
        if path.suffix in BOOKS:
            book = load_workbook(
                trim_workbook(path, name, limits, first_only=False), data_only=True, keep_links=False
            )
            return [_read_sheet(sheet) for sheet in book.worksheets]
        return [_read_csv(path.read_bytes(), name, limits)]
    except SchemaError:
        raise
    except UNREADABLE as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> SchemaError:
    return SchemaError(
        _("{name} cannot be read as a table ({error})").format(name=name, error=str(error)[:120]),
        _("save it as CSV (UTF-8) or XLSX and try again"),
    )


def _read_csv(content: bytes, name: str, limits: Limits) -> dict[str, Any]:
    if not content.strip():
        raise ValueError(_("it is empty"))
    text, encoding = _decode(content)
    rows: list[list[str]] = []
    widest = 0
    for row in csv.reader(io.StringIO(text), delimiter=find_separator(text)):
        rows.append([cell.strip() for cell in row])
        widest = max(widest, len(row))
        _check_count(widest * len(rows), name, limits)
    told = {"title": "", "merged": 0, "encoding": encoding, "hidden": False, "hidden_rows": []}
    return told | {"cells": _trim(rows)}


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


def _read_sheet(sheet: Worksheet) -> dict[str, Any]:
    rows = [[_cell(cell.value, str(cell.number_format)) for cell in row] for row in sheet.iter_rows()]
    merged = list(sheet.merged_cells.ranges)
    for area in merged:
        words = rows[area.min_row - 1][area.min_col - 1]
        for row, column in _within(area):
            rows[row][column] = words
    hidden = [number for number, row in sheet.row_dimensions.items() if row.hidden and number <= len(rows)]
    told = {"title": str(sheet.title), "merged": len(merged), "encoding": "", "hidden_rows": hidden}
    return told | {"hidden": sheet.sheet_state != "visible", "cells": _trim(rows)}


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
