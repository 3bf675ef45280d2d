"""A person's spreadsheet as grids of text: merged cells, dates and percentages as they are meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from geo.errors import SchemaError
from geo.language import gettext as _
from geo.sheets import UNREADABLE

SEPARATORS = (",", ";", "\t")
BOOKS = (".xlsx", ".xlsm")
# What Excel on Windows writes as "CSV" where nobody chose UTF-8.
OLD_ENCODING = "cp1252"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as text, row by row from the first; all rows are equally long.

    ``merged`` counts the ranges of merged cells, each filled with what it shows; ``encoding`` says how a CSV
    was written.
    """

    title: str
    cells: tuple[tuple[str, ...], ...]
    merged: int = 0
    encoding: str = ""


def read_grids(content: bytes, name: str) -> list[Grid]:
    r"""Read every sheet of an XLSX file, or a CSV file as one sheet.

    A date is written YYYY-MM-DD, a number without needless decimals, a cell shown as a percentage with its
    sign; empty cells are empty text. CSV may be UTF-8, UTF-16 or Windows-1252, with comma, semicolon or tab.

    Raises
    ------
    SchemaError
        It is neither, or holds no cells.

    Examples
    --------
    >>> read_grids(b"Our board;\nPWSID;Stage\nCA3310001;planning\n", "board.csv")[0].cells[1]
    ('PWSID', 'Stage')
    """
    try:
        grids = _read_book(content) if name.casefold().endswith(BOOKS) else [_read_csv(content)]
    except UNREADABLE as error:
        raise SchemaError(
            _("{name} cannot be read as a table ({error})").format(name=name, error=str(error)[:120]),
            _("save it as CSV (UTF-8) or XLSX and try again"),
        ) from error
    filled = [grid for grid in grids if grid.cells]
    if not filled:
        raise SchemaError(_("{name} has no rows").format(name=name), _("nothing was written"))
    return filled


def _read_csv(content: bytes) -> Grid:
    if not content.strip():
        raise ValueError("it is empty")
    text, encoding = _decode(content)
    first = "\n".join(text.splitlines()[:30])
    separator = max(SEPARATORS, key=first.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=separator)]
    return Grid("", _trim(rows), encoding=encoding)


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16"), "utf-16"
    try:
        text, encoding = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = content.decode(OLD_ENCODING), OLD_ENCODING
    if "\x00" in text:
        raise ValueError("it is not text")
    return text, encoding


def _read_book(content: bytes) -> list[Grid]:
    book = load_workbook(io.BytesIO(content), data_only=True)
    return [_read_sheet(sheet) for sheet in book.worksheets]


def _read_sheet(sheet: Worksheet) -> Grid:
    rows = [[_cell(cell.value, str(cell.number_format)) for cell in row] for row in sheet.iter_rows()]
    merged = list(sheet.merged_cells.ranges)
    for area in merged:
        words = rows[area.min_row - 1][area.min_col - 1]
        for row, column in _within(area):
            rows[row][column] = words
    return Grid(str(sheet.title), _trim(rows), len(merged))


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


def _trim(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    while rows and not any(rows[-1]):
        rows.pop()
    widest = max((len(row) for row in rows), default=0)
    return tuple((*row, *([""] * (widest - len(row)))) for row in rows)
