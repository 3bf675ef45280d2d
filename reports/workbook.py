"""Tables and lines as a workbook; text is text, though it looks like a formula, an error or a number."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geo.units import is_missing
from reports.export import FORMULA_SIGNS

WIDEST = 60
# How columns are shown, by the end of their name; what they hold stays exact.
FORMS = {"_usd": "#,##0", "_per_month": "#,##0.00", "share_of_income": "0.0%", "_on": "yyyy-mm-dd"}


def to_workbook(sheets: Mapping[str, pd.DataFrame | Sequence[str]]) -> bytes:
    """Write a sheet for each title: a table with its header, or lines of text (empty ones are left out).

    A missing value is an empty cell; times are written without their zone. Text that a spreadsheet would
    run as a formula is marked as text, and is read back as it was written.

    Examples
    --------
    >>> content = to_workbook({"About": ["Mine"], "Figures": pd.DataFrame({"title": ["=1+1"]})})
    >>> pd.read_excel(io.BytesIO(content), sheet_name="Figures")["title"].item()
    '=1+1'
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, content in sheets.items():
        sheet = book.create_sheet(title)
        if isinstance(content, pd.DataFrame):
            _fill(sheet, content)
        else:
            _write_lines(sheet, content)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_lines(sheet: Worksheet, lines: Sequence[str]) -> None:
    for line in lines:
        if line:
            sheet.append([_cell(sheet, line)])
    sheet.column_dimensions["A"].width = WIDEST


def _fill(sheet: Worksheet, table: pd.DataFrame) -> None:
    sheet.append([_cell(sheet, str(column)) for column in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([_cell(sheet, value) for value in row])
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        form = next((form for suffix, form in FORMS.items() if str(column).endswith(suffix)), "")
        for cell in sheet[letter][1:] if form else ():
            cell.number_format = form
        width = max([len(str(column)), *(len(str(value)) for value in table[column].head(200))])
        sheet.column_dimensions[letter].width = min(width + 2, WIDEST)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6EDF2")
    sheet.freeze_panes = "B2"


def _cell(sheet: Worksheet, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return _text(sheet, ", ".join(str(item) for item in value))
    if is_missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        naive = value.tz_localize(None)
        return naive.date() if naive == naive.normalize() else naive.to_pydatetime()
    if isinstance(value, str):
        return _text(sheet, value)
    return value.item() if hasattr(value, "item") else value


def _text(sheet: Worksheet, text: str) -> Cell:
    """Make a cell of text that stays text when somebody edits it; what a workbook cannot hold is left out."""
    cell = Cell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type, cell.quotePrefix = "s", text.startswith(FORMULA_SIGNS)
    return cell
