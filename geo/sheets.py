"""A person's spreadsheet as text, cell by cell, with the rows as the person counts them."""

from __future__ import annotations

import io
import zipfile

import pandas as pd

from geo.errors import SchemaError
from geo.language import gettext as _

SEPARATORS = (",", ";", "\t")
FIRST_ROW = 2  # the first row holds the titles


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
    except (ValueError, KeyError, zipfile.BadZipFile, pd.errors.ParserError) as error:
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


def _read(content: bytes, name: str) -> pd.DataFrame:
    if name.casefold().endswith((".xlsx", ".xlsm")):
        return pd.DataFrame(pd.read_excel(io.BytesIO(content), dtype=str, engine="openpyxl"))
    text = content.decode("utf-8-sig")
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    return pd.DataFrame(pd.read_csv(io.StringIO(text), dtype=str, sep=separator, skip_blank_lines=False))
