"""Hand turfs out: volunteers with their languages, who has which turf, and how each stands."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app_pages.canvass_data import today
from app_pages.common import refusing
from app_pages.person import Person
from app_pages.turf_files import FORMS, make_turf_file
from geo.canvass import TURF_STATUS_TITLES, TurfStatus
from geo.canvass_match import speakers_first
from geo.language import LANGUAGES
from geo.language import gettext as _
from geo.region import Region
from store.canvass import Volunteer
from store.canvass_book import CanvassBook


def show_hand_out(region: Region, book: CanvassBook, person: Person) -> None:
    """Show the turfs that are kept, and the forms that hand them out."""
    words = st.session_state.pop("turfs.done", "")
    if words:
        st.success(words)
    turfs = book.turfs()
    if turfs.empty:
        st.info(_("No turf is kept yet."))
        return
    st.subheader(_("Turfs that are kept"))
    titles = {str(status): _(title) for status, title in TURF_STATUS_TITLES.items()}
    shown = turfs.assign(status=turfs["status"].map(titles)).drop(columns="units")
    st.dataframe(
        shown,
        key="turfs.kept",
        column_config={
            "code": _("Code"),
            "doors": _("Doors"),
            "households": _("Households"),
            "population": _("People"),
            "hours": _("Hours"),
            "status": _("Status"),
            "volunteer": _("Volunteer"),
            "out_on": st.column_config.DateColumn(_("Out since")),
        },
    )
    with refusing():
        show_print(region, book)
    left, right = st.columns(2, gap="medium")
    with left, refusing():
        show_assign(book, person)
    with right, refusing():
        show_volunteer(book, person)


def show_print(region: Region, book: CanvassBook) -> None:
    """Make walk lists and files for phones, of one turf or several, when somebody asks."""
    st.markdown(f"**{_('Walk lists and files for phones')}**")
    units = book.units_of()
    codes = st.multiselect(_("Turfs to print"), list(units), default=list(units)[:1], key="print.turfs")
    if not codes:
        return
    files = partial(make_turf_file, region, {code: units[code] for code in codes})
    for column, (form, (title, kind)) in zip(st.columns(len(FORMS)), FORMS.items(), strict=True):
        column.download_button(
            _(title),
            partial(files, form),
            file_name=f"turfs-{region.key}-{form}".replace("-.", "."),
            mime=kind,
            on_click="ignore",
            key=f"print.{form}",
            width="stretch",
        )


def show_assign(book: CanvassBook, person: Person) -> None:
    """Give a turf to somebody who speaks its language, or say how it stands."""
    people = [kept.record for kept in book.kept(Volunteer).values()]
    code = st.selectbox(_("Turf"), list(book.turfs().index), key="assign.turf")
    language = st.selectbox(
        _("Language that is needed"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="assign.language",
    )
    speakers = speakers_first({item.pseudonym: item.languages for item in people}, language)
    names = ["", *speakers]
    name = st.selectbox(
        _("Volunteer (those who speak it)"),
        names,
        format_func=lambda item: item or _("nobody"),
        key="assign.name",
    )
    statuses = {str(status): _(title) for status, title in TURF_STATUS_TITLES.items()}
    status = st.selectbox(
        _("Status"), list(statuses), index=1, format_func=statuses.__getitem__, key="assign.status"
    )
    if st.button(_("Record it"), key="assign.save", type="primary"):
        changes: dict[str, object] = {"volunteer": name, "status": status}
        if status == TurfStatus.OUT:
            changes["out_on"] = today()
        book.change(code, changes, person.require())
        st.session_state["turfs.done"] = _("Recorded: {turf}.").format(turf=code)
        st.rerun()


def show_volunteer(book: CanvassBook, person: Person) -> None:
    """Add a volunteer, by a pseudonym."""
    with st.form("volunteer", clear_on_submit=True):
        name = st.text_input(_("Pseudonym of a volunteer"), key="volunteer.name")
        spoken = st.multiselect(
            _("Languages"),
            list(LANGUAGES),
            default=["en"],
            format_func=LANGUAGES.__getitem__,
            key="volunteer.languages",
        )
        area = st.text_input(_("Area"), key="volunteer.area")
        hours = st.number_input(_("Hours a week"), 0, 100, 4, key="volunteer.hours")
        sent = st.form_submit_button(_("Add the volunteer"))
    if sent:
        fields = {"pseudonym": name, "languages": tuple(spoken), "area": area, "hours_a_week": hours}
        book.save(Volunteer.make(fields), person.require())
        st.session_state["turfs.done"] = _("Recorded: {turf}.").format(turf=name)
        st.rerun()
