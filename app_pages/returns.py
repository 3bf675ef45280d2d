"""Returns: one visit on a phone, a file of KoboToolbox or ODK, the totals of paper sheets, corrections."""

from __future__ import annotations

import streamlit as st

from app_pages.parts.canvass_data import open_canvass, open_history, today
from app_pages.parts.common import current_region, refusing
from app_pages.parts.person import Person, current_person
from app_pages.parts.returns.file import show_import
from app_pages.parts.returns.paper import show_paper
from geo.canvass.codes import DISPOSITION_TITLES, Disposition, next_door, unit_name
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Visit
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
    code = choose_turf(list(turfs))
    visit, sheet, paper, mend, past = st.tabs(
        [_("A visit"), _("A file"), _("Paper totals"), _("Correct a visit"), _("History")]
    )
    with visit, refusing():
        show_visit(book, code, turfs[code], person)
    with sheet, refusing():
        show_import(book, person)
    with paper, refusing():
        show_paper(book, code, person)
    with mend, refusing():
        show_correction(book, code, person)
    with past, refusing():
        open_history(book, "returns.history", full=person.sees_small, turf=code)


def choose_turf(codes: list[str]) -> str:
    """Ask for the turf; the code on a walk list leads to its own."""
    named = st.query_params.get("turf", "")
    if named and named not in codes:
        st.warning(
            _("Turf {turf} is not here: it was cut again, or never kept. Choose one below.").format(
                turf=named
            )
        )
    first = codes.index(named) if named in codes else 0
    return str(st.selectbox(_("Turf code"), codes, index=first, key="returns.turf"))


def titles() -> dict[str, str]:
    """Return the results of a visit in words."""
    return {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}


def show_visit(book: CanvassBook, code: str, units: tuple[str, ...], person: Person) -> None:
    """Show the form for one visit; sent twice by a slip of the finger it counts once."""
    identifier = st.session_state.setdefault("returns.id", new_id())
    if "returns.next" in st.session_state:
        st.session_state["returns.door"] = st.session_state.pop("returns.next")
        st.session_state["returns.result"] = None
    words = titles()
    with st.form("returns.visit"):
        left, right = st.columns([2, 1])
        unit = left.selectbox(_("Block"), sorted(units), format_func=unit_name, key=f"returns.unit.{code}")
        door = right.text_input(_("Door number"), max_chars=12, key="returns.door", help=door_help())
        result = st.pills(
            _("What happened"),
            list(words),
            format_func=words.__getitem__,
            key="returns.result",
        )
        day = st.date_input(_("Day"), value=today(), max_value=today(), key="returns.day")
        sent = st.form_submit_button(_("Record the visit"), type="primary", width="stretch")
    if sent and result is None:
        st.error(_("Choose what happened at the door; nothing was written."))
    elif sent:
        fields = {"id": identifier, "turf": code, "unit": unit, "door": door, "on": day}
        fields["disposition"] = result
        book.save(Visit.make(fields), person.require())
        st.session_state["returns.id"] = new_id()
        st.session_state["returns.next"] = next_door(door)
        tell(_("Recorded: {result} in turf {turf}.").format(result=words[str(result)], turf=code))


def door_help() -> str:
    """Say what the number of a door is for."""
    return _(
        "Count the doors of the block as you walk: 1, 2, 3. The same number again is the same household; "
        "without a number each visit counts by itself. No address, please."
    )


def show_correction(book: CanvassBook, code: str, person: Person) -> None:
    """Correct a visit, or take it back; what stood before stays in its history."""
    if not person.may_write:
        st.caption(_("Give your name in the sidebar to see single visits."))
        return
    kept = {key: item for key, item in book.kept(Visit).items() if item.record.turf == code}
    if not kept:
        st.caption(_("No visit of this turf is here yet."))
        return
    words = titles()
    names = {
        key: " · ".join(
            [
                str(item.record.on),
                unit_name(item.record.unit),
                item.record.door or "–",
                words[item.record.disposition],
            ]
        )
        for key, item in sorted(kept.items(), key=lambda pair: pair[1].at, reverse=True)
    }
    key = st.selectbox(_("Visit"), list(names), format_func=names.__getitem__, key="mend.visit")
    result = st.selectbox(_("It was"), list(words), format_func=words.__getitem__, key="mend.result")
    why = st.text_input(_("Why it is corrected"), key="mend.why")
    if st.button(_("Correct it"), key="mend.save"):
        record = kept[key].record.model_copy(update={"disposition": Disposition(result)})
        book.save(record, person.require(), why=why)
        tell(_("Corrected; what stood before is in the history."))
    if st.button(_("It never was: take it back"), key="mend.withdraw"):
        book.withdraw(key, person.require(), why=why)
        tell(_("Taken back; it stays in the history."))


def tell(words: str) -> None:
    """Say once what was written, on a fresh page."""
    st.session_state["returns.done"] = words
    st.rerun()


render()
