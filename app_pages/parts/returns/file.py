"""Import of a KoboToolbox or ODK file: every row told, and nothing written until somebody confirms."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.common import today
from app_pages.parts.person import Person
from app_pages.parts.returns.preview import show_preview
from app_pages.parts.upload import ask_file
from geo.canvass.paper_totals import file_words
from geo.canvass.returns import WHAT_TITLES, preview_returns, to_returns
from geo.intake.sheets import read_rows
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Visit


def show_import(book: CanvassBook, person: Person) -> None:
    """Show what each row of a file would do, and write what is new when somebody says so.

    What a row would do tells what is here, so it is not for everybody.
    """
    if not person.sees("returns_files"):
        st.caption(person.signed.how_to_see_more())
        return
    number = st.session_state.setdefault("returns.files", 0)
    file = ask_file(
        _("File of KoboToolbox or ODK (CSV or XLSX)"), (".csv", ".xlsx"), f"returns.file.{number}"
    )
    if file is None:
        return
    follow = st.checkbox(
        _("Put what comes from a turf that was cut again where its block is now"), key="returns.follow"
    )
    told = preview_returns(
        read_rows(file.content, file.name),
        book.units_of(),
        book.visit_ids(),
        today(),
        former=book.former_codes(),
        follow=follow,
    )
    columns = {"turf": _("Turf"), "unit": _("Block"), "door": _("Door")}
    columns |= {"disposition": _("What happened"), "on": _("Day")}
    show_preview(told, WHAT_TITLES, columns, "returns.preview")
    new = to_returns(told)
    twice = file_words(told[told["what"] == "new"], book.tallies())
    if twice and person.sees_small:
        st.warning("\n\n".join(twice))
    words = _("Write {count} new visits").format(count=len(new))
    if st.button(words, type="primary", disabled=not new, key="returns.confirm"):
        count = book.take([Visit.make(fields) for fields in new], person.require(), source=file.name)
        st.session_state["returns.files"] = number + 1
        st.session_state["returns.done"] = _("Written: {count} visits.").format(count=count)
        st.rerun()
