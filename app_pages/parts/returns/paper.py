"""Totals of paper sheets: one by a form, or many in a table, told row by row before they are written."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app_pages.parts.canvass_data import today
from app_pages.parts.person import Person
from app_pages.parts.returns.preview import show_preview
from geo.canvass.codes import DISPOSITION_TITLES
from geo.canvass.paper import WHAT_TITLES, empty_sheet, preview_sheets, to_sheets
from geo.language import gettext as _
from geo.sheets import read_rows
from store.canvass.book import CanvassBook
from store.canvass.kinds import Tally


def show_paper(book: CanvassBook, code: str, person: Person) -> None:
    """Show the form for one sheet, and the import of many."""
    show_sheet(book, code, person)
    with st.expander(_("Many sheets in one table")):
        show_sheets(book, person)


def show_sheet(book: CanvassBook, code: str, person: Person) -> None:
    """Show the form for the totals of a paper sheet; the same sheet again corrects it."""
    with st.form("returns.paper"):
        left, right = st.columns(2)
        sheet = left.text_input(_("Number of the sheet"), key="paper.sheet")
        day = right.date_input(_("Day of the sheet"), value=today(), max_value=today(), key="paper.day")
        # Two rows, so that a phone, which puts columns below each other, keeps the order of the sheet.
        columns = [*st.columns(4), *st.columns(4)]
        counts = {
            str(item): column.number_input(_(title), 0, 10_000, 0, key=f"paper.{item}")
            for column, (item, title) in zip(columns, DISPOSITION_TITLES.items(), strict=False)
        }
        sent = st.form_submit_button(_("Record the totals"), type="primary")
    if sent:
        record = Tally.make({"turf": code, "on": day, "sheet": sheet, **counts})
        before = book.kept(Tally).get(record.key)
        written = book.save(record, person.require())
        tell_sheet(record, known=before is not None, written=written)


def tell_sheet(record: Tally, *, known: bool, written: bool) -> None:
    """Say whether a sheet is new, corrects what was here, or was here already."""
    words = _("Recorded: sheet {sheet} of turf {turf}.")
    if known:
        words = _(
            "Sheet {sheet} of turf {turf} was here with other totals: corrected, and kept in the history."
        )
    if not written:
        words = _("Sheet {sheet} of turf {turf} was here already with these totals; it counts once.")
    st.session_state["returns.done"] = words.format(sheet=record.sheet, turf=record.turf)
    st.rerun()


def show_sheets(book: CanvassBook, person: Person) -> None:
    """Show what each row of a table would do, and write it when somebody says so."""
    doors = {str(code): int(count) for code, count in book.turfs()["doors"].items()}
    st.download_button(
        _("Empty table to fill in (CSV)"),
        partial(empty_sheet, doors),
        file_name="sheets.csv",
        mime="text/csv",
        on_click="ignore",
        key="paper.empty",
    )
    number = st.session_state.setdefault("paper.files", 0)
    file = st.file_uploader(
        _("Table of sheets (CSV or XLSX)"), type=["csv", "xlsx"], key=f"paper.file.{number}"
    )
    if file is None:
        return
    told = preview_sheets(
        read_rows(file.getvalue(), file.name),
        doors,
        book.tally_counts(),
        today(),
        former=book.former_codes(),
    )
    columns = {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}
    columns |= {"turf": _("Turf"), "on": _("Day"), "sheet": _("Sheet")}
    show_preview(told, WHAT_TITLES, columns, "paper.preview")
    new = to_sheets(told)
    words = _("Write {count} sheets").format(count=len(new))
    if st.button(words, type="primary", disabled=not new, key="paper.confirm"):
        count = book.save_all([Tally.make(fields) for fields in new], person.require(), source=file.name)
        st.session_state["paper.files"] = number + 1
        st.session_state["returns.done"] = _("Written: {count} sheets.").format(count=count)
        st.rerun()
