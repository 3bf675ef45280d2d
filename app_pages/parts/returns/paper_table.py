"""Totals of many paper sheets in one table, told row by row before they are written."""

from __future__ import annotations

from functools import partial

from app_pages.parts import screen as st
from app_pages.parts.common import today
from app_pages.parts.person import Person
from app_pages.parts.returns.paper_kept import APART
from app_pages.parts.returns.preview import show_preview
from app_pages.parts.returns.visit import DONE
from app_pages.parts.seen import shown_before
from app_pages.parts.upload import ask_file
from geo.canvass.codes import DISPOSITION_TITLES
from geo.canvass.paper_totals import WHAT_TITLES, Here, empty_sheet, preview_sheets, to_sheets
from geo.intake.sheets import read_rows
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Tally


def show_sheets(book: CanvassBook, person: Person) -> None:
    """Show what each row of a table would do, and write it when somebody says so.

    What a row would do tells what is here, so it is not for everybody.
    """
    if not person.sees("returns_files"):
        st.caption(person.signed.how_to_see_more())
        return
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
    file = ask_file(_("Table of sheets (CSV or XLSX)"), (".csv", ".xlsx"), f"paper.file.{number}")
    if file is None:
        return
    seen = shown_before(f"paper.file.{number}", {key: item.number for key, item in book.kept(Tally).items()})
    known = what_is_here(book, doors, person)
    told = preview_sheets(read_rows(file.content, file.name), known, today())
    columns = {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}
    columns |= {"turf": _("Turf"), "on": _("Day"), "sheet": _("Sheet")}
    show_preview(told, WHAT_TITLES, columns, "paper.preview")
    doubt = told["what"].eq("doubtful").any()
    apart = st.checkbox(_(APART), key=f"paper.apart.file.{number}") if doubt else False
    new = to_sheets(told, known, apart=apart)
    words = _("Write {count} sheets").format(count=len(new))
    if st.button(words, type="primary", disabled=not new, key="paper.confirm"):
        sheets = [Tally.make(fields) for fields in new]
        count = book.save_all(sheets, person.require(), seen=seen, source=file.name)
        st.session_state["paper.files"] = number + 1
        st.session_state[DONE] = _("Written: {count} sheets.").format(count=count)
        st.rerun()


def what_is_here(book: CanvassBook, doors: dict[str, int], person: Person) -> Here:
    """Return what a table of sheets is told against; of visits only to who may see small counts."""
    return Here(
        doors,
        book.tally_counts(),
        book.former_codes(),
        book.visit_days() if person.sees("visits") else {},
        book.sheets_apart(),
        book.sheets_taken_back(),
    )
