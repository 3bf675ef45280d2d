"""Taking in the task force's own spreadsheet: a preview first, nothing written until confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from app_pages.parts import screen as st
from app_pages.parts.intake import (
    Asked,
    ask_answers,
    ask_take,
    judge_once,
    open_table,
    show_lines,
    show_taken,
)
from app_pages.parts.loading import load_shapes
from app_pages.parts.page import refusing
from app_pages.parts.people import may_write
from app_pages.parts.water.board import Desk
from app_pages.parts.water.meeting_report import XLSX
from geo.intake.tables import Table
from geo.intake.verdicts import Line, changes_of
from geo.language import current_language, use_language
from geo.language import gettext as _
from reports.workbooks import blank_workbook
from store.intake import TakingJournal
from store.journal import Draft
from store.water.board_rows import judge_board
from store.water.board_sheet import BOARD_SHEET
from store.water.system_names import Named, name_systems


def show_import(desk: Desk) -> None:
    """Take a file, show what each row would do, and record it when a person says so."""
    st.caption(
        _(
            "Your own sheet as it is, CSV or XLSX: a row for each system (or each grant) with its PWSID or "
            "name, and, as far as you have them, stage, date, lead, note, source and link; funding source, "
            "amount, status and date; milestone; comment; water rate and share of income. Headings may be "
            "English or Spanish, and stand below titles. An empty cell leaves what is recorded. Nothing is "
            "written before you confirm."
        )
    )
    st.download_button(
        _("Download a blank sheet to fill in (Excel)"),
        partial(make_blank, desk, current_language()),
        file_name=f"{desk.region.key}-board-to-fill-in.xlsx",
        mime=XLSX,
        on_click="ignore",
        key="water.download.blank",
    )
    if not may_write(desk.who):
        return
    titles = {
        "pwsid": _("System"),
        "service": _("Service"),
        "kind": _("What"),
        "was": _("From"),
        "now": _("To"),
    }
    asked = Asked(
        BOARD_SHEET,
        "water.import",
        _("Spreadsheet"),
        titles,
        desk.board.journal,
        desk.region.key,
        lambda: desk.who,
    )
    with refusing():
        table = open_table(asked)
        if table:
            named = name_systems(load_shapes(desk.region.key, "water_systems", desk.rights))
            lines = judge(asked, table, desk, named)
            show_lines(lines, asked.columns, asked.key)
            drafts: Sequence[Draft] = changes_of(lines)
            ask_take(asked, table, drafts, lambda journal, who: record(journal, drafts, who))
    show_taken(asked)


def make_blank(desk: Desk, language: str) -> bytes:
    """Make a sheet to fill in for the systems on the board, named as whoever takes it may see them."""
    use_language(language)
    return blank_workbook(desk.table)


def judge(asked: Asked, table: Table, desk: Desk, named: Named) -> list[Line]:
    """Judge the rows, and ask what only a person can say of them; an answer may lead to another question."""
    turn = st.session_state[f"{asked.key}.turn"]
    place = f"{asked.key}.answers.{turn}"
    given: dict[str, str] = {}
    drawn: set[str] = set()
    while True:
        # Begun with what was answered before, so that what was seen is what is confirmed.
        now = dict(st.session_state.get(place, {}))
        judge_now = partial(judge_board, table, desk.board, named, now)
        judged = judge_once(asked, table, judge_now, tuple(now.items()))
        given |= ask_answers(judged.questions, f"{asked.key}.{turn}", drawn)
        if given == now:
            return judged.lines
        st.session_state[place] = dict(given)


def record(journal: TakingJournal, drafts: Sequence[Draft], who: str) -> int:
    """Record changes of the board: all of them, or none."""
    return len(journal.append([replace(draft, who=who) for draft in drafts]))
