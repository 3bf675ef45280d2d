"""A programme's figures, and chosen figures of several, as a workbook; small counts left out for others."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geo.export import FORMULA_SIGNS, INVENTED
from geo.language import gettext as _
from geo.measures import Records
from geo.programme import Counted, Programme
from geo.programme_area import Area
from geo.programme_shown import recruits_shown
from geo.programme_tables import at_least_shown, curve_shown, glance_table, sessions_table
from geo.wording import is_missing

WIDEST = 60
FIGURES = ("programme", "measure", "unit", "baseline", "target", "value", "stands", "as_of", "reported")


def programme_workbook(
    programme: Programme, area: Area, records: Records, today: date, *, full: bool, invented: bool
) -> bytes:
    """Write a programme's measures, curves, sessions and recruits, a sheet each.

    Parameters
    ----------
    records
        The programme's own.
    full
        Whether small counts are shown; for others they are left out, and what would give them away.
    """
    lines = [
        _(programme.title),
        _(programme.purpose),
        area.title,
        area.stand_in,
        f"{programme.begins} – {programme.ends or _('open')}",
        *own_words([programme], today, full=full, invented=invented),
    ]
    sheets = {
        _("Measures"): figures_table(glance_table([programme], records, today, full=full)),
        _("Curves"): curves_table(programme, records, today, full=full),
        _("Sessions"): sessions_table(records, today, full=full),
        _("At least so many"): at_least_shown(records, today, full=full),
    }
    least = next((item.at_least for item in programme.measures if item.counted is Counted.CONSISTENT), 0)
    if least:
        counts = recruits_shown(records, least, full=full)
        sheets[_("Recruits")] = pd.DataFrame(counts.items(), columns=["who", "people"])
    return to_workbook(sheets, lines)


def roll_up_workbook(
    table: pd.DataFrame, programmes: Sequence[Programme], today: date, *, full: bool, invented: bool
) -> bytes:
    """Write chosen figures of several programmes, for a regional effort.

    Parameters
    ----------
    table
        As :func:`figures_table` gives it.
    """
    lines = [_("Figures for a regional effort"), *own_words(programmes, today, full=full, invented=invented)]
    return to_workbook({_("Figures"): table}, lines)


def figures_table(glance: pd.DataFrame) -> pd.DataFrame:
    """Keep of :func:`geo.programme_tables.glance_table` what can stand in a file."""
    return glance[list(FIGURES)]


def curves_table(programme: Programme, records: Records, today: date, *, full: bool) -> pd.DataFrame:
    """List every measure's running value by day: ``measure``, ``on``, ``value``."""
    parts = [
        curve.rename("value").rename_axis("on").reset_index().assign(measure=_(measure.title))
        for measure in programme.measures
        for curve in [curve_shown(measure, records, today, full=full)]
        if len(curve)
    ]
    columns = ["measure", "on", "value"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def own_words(programmes: Sequence[Programme], today: date, *, full: bool, invented: bool) -> Sequence[str]:
    """Say as of when, whose figures, and what is left out."""
    lines = [_("As of {day}.").format(day=today)]
    if any(programme.own_report for programme in programmes):
        lines.append(_("Baselines, targets and reported results are the organisation's own report."))
    if not full:
        lines.append(_("Counts under 10 are hidden, and what would give them away."))
    return [*lines, *([_(INVENTED)] if invented else [])]


def to_workbook(sheets: Mapping[str, pd.DataFrame], about: Sequence[str]) -> bytes:
    """Write tables as a workbook, with lines about it on the first sheet.

    Examples
    --------
    >>> content = to_workbook({"Figures": pd.DataFrame({"title": ["=1+1"]})}, ["Mine"])
    >>> pd.read_excel(io.BytesIO(content), sheet_name="Figures")["title"].item()
    "'=1+1"
    """
    book = Workbook()
    first = book.worksheets[0]
    first.title = _("About")
    for line in about:
        if line:
            first.append([_cell(line)])
    first.column_dimensions["A"].width = WIDEST
    for title, table in sheets.items():
        _fill(book.create_sheet(title), table)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet, table: pd.DataFrame) -> None:
    sheet.append([str(column) for column in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([_cell(value) for value in row])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6EDF2")
    for number, column in enumerate(table.columns, start=1):
        width = max([len(str(column)), *(len(str(value)) for value in table[column].head(200))])
        sheet.column_dimensions[get_column_letter(number)].width = min(width + 2, WIDEST)
    sheet.freeze_panes = "A2"


def _cell(value: Any) -> Any:
    if is_missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
    return value.item() if hasattr(value, "item") else value
