"""Progress of a canvass for others, as a workbook: one sheet of figures, one of what they rest on."""

from __future__ import annotations

import io

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font

from geo.export import Notes
from geo.language import gettext as _
from geo.suppression import LEAST
from geo.wording import is_missing


def progress_notes(goal_source: str, sources: tuple[str, ...], *, invented: bool) -> Notes:
    """Make the notes that go with an export: what is hidden, where the goal is from, the sources.

    Examples
    --------
    >>> progress_notes("set by the lead", ("Bureau",), invented=True).sources[-1]
    'Bureau'
    """
    hidden = _("Counts under {least}, and those that would give them away, are left empty.").format(
        least=LEAST
    )
    goal = _("Goal: {source}").format(source=goal_source)
    return Notes(_("Progress of the canvass"), (hidden, goal, *sources), invented)


def progress_workbook(table: pd.DataFrame, notes: Notes) -> bytes:
    """Write a workbook of the table of :func:`geo.canvass_tables.export_table` and its notes.

    Examples
    --------
    >>> table = pd.DataFrame({"level": ["goal"], "reached": [pd.NA]})
    >>> pd.read_excel(io.BytesIO(progress_workbook(table, Notes("P", ("S",)))))["reached"].isna().item()
    True
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Progress")
    sheet.append([str(column) for column in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([None if is_missing(value) else value for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    about = book.create_sheet(_("Sources"))
    for line in (notes.title, *([notes.warning] if notes.invented else []), *notes.sources):
        about.append([line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
