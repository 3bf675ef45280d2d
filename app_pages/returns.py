"""Returns: one visit on a phone, a file of KoboToolbox or ODK, or the totals of a paper sheet."""

from __future__ import annotations

import streamlit as st

from app_pages.canvass_data import open_canvass, today
from app_pages.common import current_region, refusing
from app_pages.person import Person, current_person
from app_pages.returns_import import show_import
from geo.canvass import DISPOSITION_TITLES, Disposition
from geo.language import gettext as _
from store.canvass import Tally, Visit
from store.canvass_book import CanvassBook
from store.status import new_id


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_canvass(region)
    st.subheader(_("Returns"))
    words = st.session_state.pop("returns.done", "")
    # The place stays where nothing is said, so that the tabs below stay as they are.
    with st.container():
        if words:
            st.success(words)
    turfs = dict(book.units_of())
    if not turfs:
        st.info(_("No turf is kept yet."))
        return
    code = st.selectbox(_("Turf code"), list(turfs), key="returns.turf")
    visit, sheet, paper, mend = st.tabs([_("A visit"), _("A file"), _("Paper totals"), _("Correct a visit")])
    with visit, refusing():
        show_visit(book, code, turfs[code], person)
    with sheet, refusing():
        show_import(book, person)
    with paper, refusing():
        show_paper(book, code, person)
    with mend, refusing():
        show_correction(book, person)


def titles() -> dict[str, str]:
    """Return the results of a visit in words."""
    return {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}


def show_visit(book: CanvassBook, code: str, units: tuple[str, ...], person: Person) -> None:
    """Show the form for one visit; sent twice by a slip of the finger it counts once."""
    identifier = st.session_state.setdefault("returns.id", new_id())
    words = titles()
    with st.form("returns.visit"):
        unit = st.selectbox(_("Block"), list(units), key=f"returns.unit.{code}")
        door = st.text_input(_("Number of the door on the walk list"), max_chars=12, key="returns.door")
        result = st.radio(
            _("What happened"), list(words), format_func=words.__getitem__, key="returns.result"
        )
        day = st.date_input(_("Day"), value=today(), max_value=today(), key="returns.day")
        sent = st.form_submit_button(_("Record the visit"), type="primary", width="stretch")
    if sent:
        fields = {"id": identifier, "turf": code, "unit": unit, "door": door, "on": day}
        fields["disposition"] = result
        book.save(Visit.make(fields), person.require())
        st.session_state["returns.id"] = new_id()
        tell(_("Recorded: {result} in turf {turf}.").format(result=words[result], turf=code))


def show_paper(book: CanvassBook, code: str, person: Person) -> None:
    """Show the form for the totals of a paper sheet; the same sheet again corrects it."""
    with st.form("returns.paper"):
        sheet = st.text_input(_("Code of the sheet"), key="paper.sheet")
        day = st.date_input(_("Day of the sheet"), value=today(), max_value=today(), key="paper.day")
        counts = {
            str(item): st.number_input(_(title), 0, 10_000, 0, key=f"paper.{item}")
            for item, title in DISPOSITION_TITLES.items()
        }
        sent = st.form_submit_button(_("Record the totals"), type="primary")
    if sent:
        book.save(Tally.make({"turf": code, "on": day, "sheet": sheet, **counts}), person.require())
        tell(_("Recorded: sheet {sheet} of turf {turf}.").format(sheet=sheet, turf=code))


def show_correction(book: CanvassBook, person: Person) -> None:
    """Correct a visit; what stood before stays in its history."""
    kept = book.kept(Visit)
    if not kept:
        st.caption(_("No visit is here yet."))
        return
    words = titles()
    names = {
        key: f"{item.record.on} · {item.record.turf} · {item.record.unit} · {item.record.door} · "
        f"{words[item.record.disposition]}"
        for key, item in kept.items()
    }
    key = st.selectbox(_("Visit"), list(names), format_func=names.__getitem__, key="mend.visit")
    result = st.selectbox(_("It was"), list(words), format_func=words.__getitem__, key="mend.result")
    why = st.text_input(_("Why it is corrected"), key="mend.why")
    if st.button(_("Correct it"), key="mend.save"):
        record = kept[key].record.model_copy(update={"disposition": Disposition(result)})
        book.save(record, person.require(), why=why)
        tell(_("Corrected; what stood before is in the history."))


def tell(words: str) -> None:
    """Say once what was written, on a fresh page."""
    st.session_state["returns.done"] = words
    st.rerun()


render()
