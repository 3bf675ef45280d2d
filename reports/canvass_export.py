"""Progress of a canvass for others, as a workbook: one sheet of figures, one of what they rest on."""

from __future__ import annotations

import pandas as pd

from geo.language import gettext as _
from geo.methods.disclosure.small_counts import LEAST
from reports.export import Notes
from reports.workbook import to_workbook


def progress_notes(goal_source: str, sources: tuple[str, ...], *, invented: bool) -> Notes:
    """Make the notes that go with an export: what is hidden, what estimated, where the goal is from, sources.

    Examples
    --------
    >>> progress_notes("set by the lead", ("Bureau",), invented=True).sources[-1]
    'Bureau'
    """
    hidden = _("Counts under {least}, and those that would give them away, are left empty.").format(
        least=LEAST
    )
    estimated = _(
        "Estimated: totals of paper sheets of a turf in several tracts, shared out by its doors in each."
    )
    goal = _("Goal: {source}").format(source=goal_source)
    return Notes(_("Progress of the canvass"), (hidden, estimated, goal, *sources), invented)


def progress_workbook(table: pd.DataFrame, notes: Notes) -> bytes:
    """Write a workbook of the table of :func:`geo.canvass.outlook.export_table` and its notes.

    Examples
    --------
    >>> import io
    >>> table = pd.DataFrame({"level": ["goal"], "reached": [pd.NA]})
    >>> pd.read_excel(io.BytesIO(progress_workbook(table, Notes("P", ("S",)))))["reached"].isna().item()
    True
    """
    lines = [notes.title, *([notes.warning] if notes.invented else []), *notes.sources]
    return to_workbook({_("Progress"): table, _("Sources"): lines})
