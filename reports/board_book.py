"""The board as a workbook: systems, changes, sources."""

from __future__ import annotations

import pandas as pd

from geo.language import gettext as _
from reports.export import Notes
from reports.workbook import to_workbook


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
        in again.
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
    >>> import io
    >>> pd.read_excel(io.BytesIO(content))["name"].item()
    '=1+1'
    """
    sheets: dict[str, pd.DataFrame | list[str]] = {_("Board"): board.rename_axis("pwsid").reset_index()}
    further = {_("On record"): records, _("Changes"): changes, _("Year by year"): years}
    sheets |= {title: table for title, table in further.items() if table is not None}
    lines = [notes.title, *([notes.warning] if notes.invented else []), *notes.sources]
    return to_workbook({**sheets, _("Sources"): [_("Sources"), *lines]})
