"""Returns: one visit on a phone, a file of KoboToolbox or ODK, the totals of paper sheets, corrections."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import open_canvass, open_history
from app_pages.parts.canvass.come_back import show_come_back
from app_pages.parts.canvass.paper_totals import show_paper
from app_pages.parts.canvass.returns import DONE, show_correction, show_import, show_visit
from app_pages.parts.page import current_region, refusing
from app_pages.parts.people import current_person
from geo.errors import first_ids
from geo.language import gettext as _
from store.canvass.book import CanvassBook


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_canvass(region)
    st.subheader(_("Returns"))
    words = st.session_state.pop(DONE, "")
    turfs = dict(book.units_of())
    # The place stays where nothing is said, so that the tabs below stay as they are.
    with st.container():
        if words:
            st.success(words)
        if turfs and not person.may_write:
            st.info(person.signed.how_to_record())
    if not turfs:
        st.info(_("No turfs saved yet."))
        return
    code = choose_turf(book, list(turfs))
    visit, sheet, paper, mend, again, past = st.tabs(
        [_("A visit"), _("A file"), _("Paper totals"), _("Correct a visit"), _("Come back"), _("History")]
    )
    with visit, refusing():
        show_visit(book, code, turfs[code], person)
    with sheet, refusing():
        show_import(book, person)
    with paper, refusing():
        show_paper(region, book, code, person)
    with mend, refusing():
        show_correction(book, code, person)
    with again, refusing():
        show_come_back(region, book, person)
    with past, refusing():
        open_history(book, "returns.history", person, turf=code)


def choose_turf(book: CanvassBook, codes: list[str]) -> str:
    """Ask for the turf; the code on a walk list leads to its own, or to where its blocks are now."""
    named = st.query_params.get("turf", "")
    now = [named] if named in codes else book.codes_now(named)
    if named and named not in codes:
        st.warning(gone_words(named, now))
    first = codes.index(now[0]) if now else 0
    return str(st.selectbox(_("Turf code"), codes, index=first, key="returns.turf"))


def gone_words(code: str, now: list[str]) -> str:
    """Say that a turf does not stand any more, and which hold its blocks."""
    if now:
        words = _("Turf {turf} was cut again: its blocks are now in {now}. Choose the one of your block.")
        return words.format(turf=code, now=first_ids(now))
    words = _("Turf {turf} is not here: it was cut again, or never kept. Choose one below.")
    return words.format(turf=code)


render()
