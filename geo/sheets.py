"""A person's spreadsheet as text, cell by cell, with the rows as the person counts them."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib

import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from geo.errors import SchemaError
from geo.language import gettext as _

SEPARATORS = (",", ";", "\t")
FIRST_ROW = 2  # the first row holds the titles
# What a file raises that is no table, or is damaged; of a workbook's XML that is a SyntaxError.
UNREADABLE = (
    ValueError,
    KeyError,
    OSError,
    EOFError,
    SyntaxError,
    csv.Error,
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
)


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
    try:
        frame = _read(content, name)
    except UNREADABLE as error:
        raise SchemaError(
            _("{name} cannot be read as a table ({error})").format(name=name, error=str(error)[:120]),
            _("save it as CSV (UTF-8) or XLSX and try again"),
        ) from error
    if frame.empty:
        raise SchemaError(_("{name} has no rows").format(name=name), _("nothing was written"))
    frame.columns = pd.Index([str(column).strip().casefold() for column in frame.columns])
    frame.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(frame))
    text = frame.fillna("").astype(str).apply(lambda column: column.str.strip())
    return pd.DataFrame(text[text.ne("").any(axis=1)])


def read_text(text: str) -> pd.DataFrame:
    r"""Read a CSV with comma, semicolon or tab as text; a separator at the end of each row says nothing.

    Raises
    ------
    ValueError
        A row holds more cells than there are headings, or it is no table.

    Examples
    --------
    >>> read_text("Code,Town\nQX0017H,Oasis,\n").to_dict("list")
    {'Code': ['QX0017H'], 'Town': ['Oasis']}
    """
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    width = len(next(rows, []))
    for row in rows:
        if len(row) > width + 1 or any(cell.strip() for cell in row[width:]):
            raise ValueError(
                _("row {row} holds more cells than there are headings").format(row=rows.line_num)
            )
    table = io.StringIO(text)
    return pd.read_csv(table, dtype="string", sep=separator, skip_blank_lines=False, index_col=False)


def _read(content: bytes, name: str) -> pd.DataFrame:
    if name.casefold().endswith((".xlsx", ".xlsm")):
        return pd.DataFrame(pd.read_excel(io.BytesIO(content), dtype=str, engine="openpyxl"))
    return read_text(content.decode("utf-8-sig"))
