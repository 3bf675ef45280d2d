"""A person's spreadsheet as text, cell by cell, with the rows as the person counts them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import SchemaError
from geo.intake.limits import PUBLISHER
from geo.intake.reader import READER, Order, damaged
from geo.language import gettext as _

FIRST_ROW = 2  # the first row holds the titles
BOOKS = (".xlsx", ".xlsm", ".xls")
SHEETS = "sheets"


def read_rows(content: bytes, name: str) -> pd.DataFrame:
    r"""Read a CSV (UTF-8) or XLSX file; empty cells are empty text.

    Returns
    -------
    pandas.DataFrame
        Text; columns by their titles in lower case without blanks around; the index is the row's number in
        the sheet, so the first is 2.

    Raises
    ------
    SchemaError
        It is neither, or holds no rows.

    Examples
    --------
    >>> read_rows(b"PWSID, Stage\nCA3310001,planning\n", "board.csv").to_dict("index")
    {2: {'pwsid': 'CA3310001', 'stage': 'planning'}}
    """
    frame = read_table(content, name)
    if frame.empty:
        raise SchemaError(_("{name} has no rows").format(name=name), _("nothing was written"))
    frame.columns = pd.Index([str(column).strip().casefold() for column in frame.columns])
    frame.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(frame))
    text = frame.fillna("").astype(str).apply(lambda column: column.str.strip())
    return pd.DataFrame(text[text.ne("").any(axis=1)])


def read_table(content: bytes, name: str) -> pd.DataFrame:
    r"""Read the first sheet of a CSV (UTF-8) or XLSX file as it stands, its first row as headings.

    Returns
    -------
    pandas.DataFrame
        Text, row by row, blank rows included; an empty cell is NA.

    Raises
    ------
    SchemaError
        It is neither, or larger than a person's sheet may be.

    Examples
    --------
    >>> read_table(b"Code,Town\nQX0017H,\n", "sheet.csv").isna().to_dict("list")
    {'Code': [False], 'Town': [True]}
    """
    file = own_name(name)
    return _frame(READER.read(Order("table", name, {file: content}, {"name": name, "file": file})).made, name)


def read_sheet_file(path: Path, sheet: str = "") -> pd.DataFrame:
    """Read a sheet of a publisher's workbook, by its title or the first, as :func:`read_table`.

    The titles of all its sheets stand in the frame's ``attrs`` under :data:`SHEETS`.

    Raises
    ------
    SchemaError
        It is none, or has no such sheet.
    """
    file = own_name(path.name)
    named = {"name": path.name, "file": file}
    order = Order("table", path.name, {file: path}, {**named, "sheet": sheet}, PUBLISHER)
    return _frame(READER.read(order).made, path.name)


def own_name(name: str) -> str:
    """Name of ours for a person's sheet: a workbook by its suffix, all else as CSV.

    Examples
    --------
    >>> own_name("Board.XLSX"), own_name("board.txt")
    ('sheet.xlsx', 'sheet.csv')
    """
    suffix = Path(name).suffix.casefold()
    return f"sheet{suffix if suffix in BOOKS else '.csv'}"


def _frame(made: bytes, name: str) -> pd.DataFrame:
    try:
        content: Any = json.loads(made)
        columns, cells = content["columns"], content["cells"]
        if len(columns) != len(cells) or len({len(column) for column in cells}) > 1:
            raise TypeError
        if not all(item is None or isinstance(item, str) for column in [columns, *cells] for item in column):
            raise TypeError
        sheets = [str(title) for title in content.get(SHEETS, [])]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unreadable(name) from error
    frame = pd.DataFrame(dict(enumerate(cells)), dtype="string").set_axis(columns, axis=1)
    frame.attrs[SHEETS] = sheets
    return frame


def unreadable(name: str) -> SchemaError:
    """Say that what a reader made of a file is no table."""
    return SchemaError(damaged(name), _("save it as CSV (UTF-8) or XLSX and try again"))
