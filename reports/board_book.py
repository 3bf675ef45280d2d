"""The board as a workbook: systems, changes, sources; what could be taken for a formula is text."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geo.export import FORMULA_SIGNS, Notes
from geo.language import gettext as _
from geo.wording import is_missing

WIDEST = 60
# How columns are shown, by the end of their name; what they hold stays exact.
FORMS = {"_usd": "#,##0", "_per_month": "#,##0.00", "share_of_income": "0.0%", "_on": "yyyy-mm-dd"}


def board_workbook(
    board: pd.DataFrame,
    changes: pd.DataFrame,
    notes: Notes,
    *,
    records: pd.DataFrame | None = None,
    years: pd.DataFrame | None = None,
) -> bytes:
    """Write a workbook: the board, what is on record, changes, years, sources.

    Parameters
    ----------
    board
        One row a system; its index is the PWSID. The columns keep their names, so that the file can be read
        in
        again.
    changes
        As :func:`store.telling.tell_changes` returns them.
    records
        As :func:`store.telling.tell_records` returns them; None for no such sheet.
    years
        A row for each service and year; None for no such sheet.

    Examples
    --------
    >>> board = pd.DataFrame({"name": ["=1+1"]}, index=["CA1"])
    >>> content = board_workbook(board, pd.DataFrame(), Notes("Board", ("S",)))
    >>> pd.read_excel(io.BytesIO(content))["name"].item()
    "'=1+1"
    """
    book = Workbook()
    first = book.worksheets[0]
    first.title = _("Board")
    _fill(first, board.rename_axis("pwsid").reset_index())
    further = {_("On record"): records, _("Changes"): changes, _("Year by year"): years}
    for title, table in further.items():
        if table is not None:
            _fill(book.create_sheet(title), table)
    lines = [notes.title, *([notes.warning] if notes.invented else []), *notes.sources]
    _fill(book.create_sheet(_("Sources")), pd.DataFrame({_("Sources"): lines}))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet, table: pd.DataFrame) -> None:
    sheet.append([str(column) for column in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([_cell(value) for value in row])
    for number, column in enumerate(table.columns, start=1):
        form = next((form for suffix, form in FORMS.items() if str(column).endswith(suffix)), "")
        for cell in sheet[get_column_letter(number)][1:] if form else ():
            cell.number_format = form
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6EDF2")
    for number, column in enumerate(table.columns, start=1):
        width = max([len(str(column)), *(len(str(value)) for value in table[column].head(200))])
        sheet.column_dimensions[get_column_letter(number)].width = min(width + 2, WIDEST)
    sheet.freeze_panes = "B2"


def _cell(value: Any) -> Any:
    if is_missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None).to_pydatetime() if value.tzinfo else value.to_pydatetime()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return value.item() if hasattr(value, "item") else value
