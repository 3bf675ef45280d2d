"""Workbooks: the board, a canvass for others, a program's figures; no text is taken for a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from geo.days import day_words, period_words
from geo.intake.values import Vocabulary
from geo.language import gettext as _
from geo.methods.disclosure.small_counts import LEAST
from geo.program.area import Area
from geo.program.declaration import Program
from geo.program.figures import ProgramFigures, sessions_to_show, told_apart
from geo.program.measures import REGULARS, held_events
from geo.program.regulars import regular_people
from geo.units import is_missing
from reports.column_sheet import PROGRAM, PROGRESS, column_sheet, of_board_sheets
from reports.export import FORMULA_SIGNS, INVENTED, Notes
from store.water.board_sheet import BLANK, BOARD_SHEET, HEADINGS
from store.water.kinds import STAGE_TITLES, Service
from store.water.projects import HEADINGS as OF_PROJECTS
from wording.program import glance_table, goal_changes_table, headed, recruit_titles, rule_words
from wording.program_reach import hidden_words, shared_words, staff_words
from wording.program_results import outside_words, series_words

WIDEST = 60
# So many rows below those that are there offer words too.
ROWS_TO_FILL = 500
# How columns are shown, by the end of their name; what they hold stays exact.
FORMS = {"_usd": "#,##0", "_per_month": "#,##0.00", "share_of_income": "0.0%", "_on": "yyyy-mm-dd"}


def to_workbook(
    sheets: Mapping[str, pd.DataFrame | Sequence[str]],
    heads: Mapping[str, str] = MappingProxyType({}),
    lists: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> bytes:
    """Write a sheet for each title: a table with its header, or lines of text (empty ones are left out).

    ``heads`` says what stands above a column in place of its name, ``lists`` which words it offers.

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
            _fill(sheet, content, heads)
            for place, name in enumerate(map(str, content.columns), start=1):
                if name in lists:
                    _offer(sheet, place, lists[name], len(content))
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


def _fill(sheet: Worksheet, table: pd.DataFrame, heads: Mapping[str, str]) -> None:
    sheet.append([_cell(sheet, heads.get(str(column), str(column))) for column in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([_cell(sheet, value) for value in row])
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        form = next((form for suffix, form in FORMS.items() if str(column).endswith(suffix)), "")
        for cell in sheet[letter][1:] if form else ():
            cell.number_format = form
        width = max(
            [
                len(heads.get(str(column), str(column))),
                *(len(str(value)) for value in table[column].head(200)),
            ]
        )
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


def board_workbook(
    board: pd.DataFrame,
    changes: pd.DataFrame,
    notes: Notes,
    *,
    records: pd.DataFrame | None = None,
    years: pd.DataFrame | None = None,
    projects: pd.DataFrame | None = None,
) -> bytes:
    """Write a workbook: the board, projects, what is on record, changes, years, what columns are, sources.

    Parameters
    ----------
    board
        One row a system; its index is the PWSID. Columns and stages are in words of the chosen language,
        and can be read in again in any.
    changes
        As :func:`store.water.history.tell_changes` returns them.
    records
        As :func:`store.water.history.tell_records` returns them; None for no such sheet.
    years
        A row for each service and year; None for no such sheet.
    projects
        As :func:`store.water.projects.project_table` returns them; None for no such sheet.

    Examples
    --------
    >>> board = pd.DataFrame({"name": ["=1+1"]}, index=["CA1"])
    >>> content = board_workbook(board, pd.DataFrame(), Notes("Board", ("S",)))
    >>> import io
    >>> pd.read_excel(io.BytesIO(content))["name"].item()
    '=1+1'
    """
    stages = {str(stage): _(title) for stage, title in STAGE_TITLES.items()}
    ours = [name for name in (f"{service}_stage" for service in Service) if name in board]
    told = board.assign(**{name: board[name].map(stages) for name in ours})
    sheets = {_("Board"): told.rename_axis("pwsid").reset_index()}
    further = {
        _("Projects"): projects,
        _("On record"): None if records is None else _with_names(records, board),
        _("Changes"): _with_names(changes, board),
        _("Year by year"): years,
    }
    sheets |= {title: table for title, table in further.items() if table is not None}
    heads = {name: _(title) for name, title in {**OF_PROJECTS, **HEADINGS}.items()}
    said = column_sheet(sheets, of_board_sheets(sheets))
    said[_("Column")] = [heads.get(name, name) for name in said[_("Column")]]
    lines = [notes.title, *([notes.warning] if notes.invented else []), *notes.sources]
    return to_workbook({**sheets, _("Columns"): said, _("Sources"): [_("Sources"), *lines]}, heads)


def _with_names(table: pd.DataFrame, board: pd.DataFrame) -> pd.DataFrame:
    """Put the name of each system behind its identifier."""
    if "pwsid" not in table or "name" not in board:
        return table
    place = list(table.columns).index("pwsid") + 1
    named = table.copy()
    named.insert(place, "name", table["pwsid"].map(board["name"].to_dict()).fillna(""))
    return named


def blank_workbook(systems: pd.DataFrame) -> bytes:
    """Write a sheet to fill in and to take in: a row for each system, and a sheet of what may stand there.

    Parameters
    ----------
    systems
        Index pwsid, column ``name``, as whoever takes it may see it.

    Examples
    --------
    >>> content = blank_workbook(pd.DataFrame({"name": ["Oasis"]}, index=["CA9010002"]))
    >>> pd.read_excel(io.BytesIO(content)).iloc[0, :2].tolist()
    ['CA9010002', 'Oasis']
    """
    columns = [BOARD_SHEET.by_key[key] for key in BLANK]
    rows = pd.DataFrame(columns=[column.key for column in columns], dtype=object)
    rows = pd.concat([rows, systems[["name"]].rename_axis("pwsid").reset_index()])
    words = {column.key: _vocabulary(column.read) for column in columns}
    said = pd.DataFrame(
        [(_(column.title), ", ".join(words[column.key]) or _hint(column.key)) for column in columns],
        columns=[_("Column"), _("What may stand there")],
    )
    heads = {column.key: _(column.title) for column in columns}
    lists = {key: told for key, told in words.items() if told}
    return to_workbook({_("To fill in"): rows, _("Columns"): said}, heads, lists)


def _offer(sheet: Worksheet, place: int, words: Sequence[str], rows: int) -> None:
    """Let a spreadsheet offer words in a column, below its heading."""
    listed = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    sheet.add_data_validation(listed)
    letter = get_column_letter(place)
    listed.add(f"{letter}2:{letter}{rows + ROWS_TO_FILL}")


def _vocabulary(read: object) -> list[str]:
    """List the words that may stand in a column; none where a spreadsheet's list cannot hold them."""
    titles = [_(title) for title in read.titles.values()] if isinstance(read, Vocabulary) else []
    return titles if not any("," in title for title in titles) else []


def _hint(key: str) -> str:
    if key == "pwsid":
        return _("CA and seven digits; or leave it empty and give the name")
    if key == "planned_for":
        return _("a day, as 3/31/2027")
    if key.endswith("_on"):
        return _("a day, a month or a year, as 3/31/2026, March 2026, 2026 or FY24-25")
    if key.endswith(("_usd", "_per_month")):
        return _("dollars, as 1250000, $1,250,000 or $1.2M")
    return _("words")


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
    sheets = {_("Progress"): table}
    described = {_("Columns"): column_sheet(sheets, {_("Progress"): PROGRESS})}
    return to_workbook({**sheets, **described, _("Sources"): lines})


FIGURES = ("program", "measure", "unit", "baseline", "target", "value", "stands", "as_of", "reported")


def program_workbook(figures: ProgramFigures, area: Area, *, invented: bool) -> bytes:
    """Write a program's measures, curves, sessions and recruits, a sheet each.

    Parameters
    ----------
    figures
        The program's, as those may see them to whom the workbook goes.
    """
    program = figures.program
    lines = [
        _(program.title),
        _(program.purpose),
        area.title,
        area.stand_in,
        period_words(program.begins, program.ends),
        *filter(None, [outside_words(figures)]),
        *(f"{_(item.title)}: {words}" for item in program.measures if (words := series_words(figures, item))),
        *own_words([program], figures.day, figures.least, invented=invented),
    ]
    told = pd.DataFrame(
        [(title, figures.recruits()[name]) for name, title in recruit_titles(program).items()],
        columns=["who", "people"],
    )
    sheets = {
        _("Measures"): figures_table(glance_table([figures])),
        _("Curves"): curves_table(figures),
        _("Sessions"): sessions_to_show(figures.sessions()),
        _("Sessions attended"): figures.at_least(),
        _("Counted without names"): figures.headcounts(),
        _("Recruits"): told if len(figures.records.recruits) else told.iloc[:0],
        _("Changed targets"): goal_changes_table(figures.program),
    }
    return to_workbook({_("About"): lines, **_described({n: t for n, t in sheets.items() if len(t)})})


def _described(sheets: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Head the columns of sheets as the page does, and add a sheet that says what they are."""
    said = column_sheet(sheets, dict.fromkeys(sheets, PROGRAM))
    column = _("Column")
    named = {title: headed(table) for title, table in sheets.items()}
    said[column] = [name for table in named.values() for name in table.columns]
    return {**named, _("Columns"): said}


def people_workbook(figures: ProgramFigures, *, invented: bool) -> bytes:
    """Write a table of people by session: a row a code, an x for each session they came to. For staff alone.

    Parameters
    ----------
    figures
        The exact ones of a program; of those for everybody it has no row.
    """
    table, held = figures.people_by_session(), held_events(figures.records, figures.day)
    titles = told_apart(f"{on.date()} {title}" for on, title in zip(held["on"], held["title"], strict=True))
    rules = [item for item in figures.program.measures if item.counted in REGULARS]
    attendance = figures.records.attendance
    regular = {_(item.title): regular_people(attendance, held, item.regularity) for item in rules}
    marks = pd.DataFrame(np.where(table, "x", ""), index=table.index)
    sheet = marks.set_axis(titles, axis=1).assign(**{_("Sessions attended"): table.sum(axis=1)})
    sheet = sheet.assign(
        **{title: np.where(table.index.isin(who), "x", "") for title, who in regular.items()}
    )
    lines = [
        _(figures.program.title),
        _("People by session, by code: keep it among those who record."),
        *(f"{_(item.title)}: {rule_words(item)}" for item in rules),
        *([_(INVENTED)] if invented else []),
    ]
    people = sheet.rename_axis(_("Code")).reset_index()
    return to_workbook({_("About"): lines, _("People by session"): people})


def roll_up_workbook(
    table: pd.DataFrame, programs: Sequence[Program], today: date, least: int, *, invented: bool
) -> bytes:
    """Write chosen figures of several programs, for a regional effort.

    Parameters
    ----------
    table
        As :func:`figures_table` gives it.
    least
        The smallest count that is told in it.
    """
    lines = [_("Figures for a regional effort"), *own_words(programs, today, least, invented=invented)]
    return to_workbook({_("About"): lines, **_described({_("Figures"): table})})


def figures_table(glance: pd.DataFrame) -> pd.DataFrame:
    """Keep of :func:`wording.program.glance_table` what can stand in a file."""
    return glance[list(FIGURES)]


def curves_table(figures: ProgramFigures) -> pd.DataFrame:
    """List every measure's running value by day: ``measure``, ``on``, ``value``."""
    parts = [
        curve.rename("value").rename_axis("on").reset_index().assign(measure=_(measure.title))
        for measure in figures.program.measures
        for curve in [figures.curve(measure)]
        if len(curve)
    ]
    columns = ["measure", "on", "value"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def own_words(programs: Sequence[Program], today: date, least: int, *, invented: bool) -> Sequence[str]:
    """Say as of when, whose figures, and what is left out."""
    lines = [_("As of {day}.").format(day=day_words(today))]
    if any(program.own_report for program in programs):
        lines.append(_("Baselines, targets and reported results are the organization's own report."))
    return [
        *lines,
        *filter(None, [staff_words(least), hidden_words(least), shared_words(least)]),
        *([_(INVENTED)] if invented else []),
    ]
