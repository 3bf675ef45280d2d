"""Lists of places where an event could be held: added as a file, seen before they are kept, withdrawn."""

from __future__ import annotations

import streamlit as st

from app_pages.parts.common import refusing
from app_pages.parts.person import Person
from app_pages.parts.programme.fields import Desk
from app_pages.parts.programme.forms import tell_done
from app_pages.parts.upload import ask_file
from geo.intake.vectors import SUFFIXES
from geo.language import gettext as _
from geo.language import mark as N_
from geo.siting.file import SiteFile, read_sites
from store.records import Kept
from store.site_lists import SITE_TITLES, SiteKind, SiteList, list_sites, save_sites, withdraw_sites

DONE, TURN = "sites.done", "sites.turn"
SITE_SUFFIXES = (".csv", ".xlsx", *SUFFIXES)
WHERE_FROM = N_(
    "Official lists to begin with: the public school directory of the California Department of Education "
    "(cde.ca.gov) has a latitude and a longitude a school; parks and libraries are published by counties "
    "and cities. Their files were not seen here."
)


def add_sites(desk: Desk, person: Person) -> None:
    """Show the lists that are here, and let somebody add one."""
    tell_done(DONE)
    kept = list_sites(desk.book.journal, desk.region.key)
    if kept:
        st.dataframe(
            [
                {
                    _("List"): item.record.title,
                    _("Kind"): _(SITE_TITLES[item.record.site_kind]),
                    _("Places"): item.record.sites,
                    _("Source"): item.record.source,
                    _("Vintage"): item.record.vintage,
                }
                for item in kept
            ],
            hide_index=True,
            key="sites.lists",
        )
    if not person.may_write:
        st.info(person.signed.how_to_record())
        return
    st.caption(_("CSV or XLSX with the columns name, latitude, longitude (degrees); or a file of shapes."))
    st.caption(_(WHERE_FROM))
    file = ask_file(_("File of places"), SITE_SUFFIXES, f"sites.file.{st.session_state.get(TURN, 0)}")
    if file is not None:
        with refusing():
            keep_sites(desk, person, read_sites(file.content, file.name, desk.region))
    if kept:
        withdraw(desk, person, kept)


def keep_sites(desk: Desk, person: Person, read: SiteFile) -> None:
    """Show what was read, ask what it is, and keep it."""
    st.text(_("{count} places were read.").format(count=len(read.sites)))
    if read.faults:
        st.warning(_("Left out or told: {count}").format(count=len(read.faults)))
        st.dataframe({_("What"): list(read.faults)}, hide_index=True, key="sites.faults")
    with st.form("sites.form"):
        fields = {
            "title": st.text_input(_("Title of the list"), key="sites.title"),
            "site_kind": st.selectbox(
                _("Kind of places"),
                list(SiteKind),
                format_func=lambda item: _(SITE_TITLES[item]),
                key="sites.kind",
            ),
            "source": st.text_input(_("Source"), key="sites.source"),
            "vintage": st.text_input(_("As of (year or day)"), key="sites.vintage"),
        }
        sent = st.form_submit_button(_("Add the list"), type="primary")
    if sent:
        record = SiteList.make(fields | {"sites": len(read.sites), "geojson": read.sites.to_json()})
        save_sites(desk.book.journal, desk.region.key, record, person.require())
        st.session_state[DONE] = _("Added: {title}, {count} places.").format(
            title=record.title, count=record.sites
        )
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        st.rerun()


def withdraw(desk: Desk, person: Person, kept: list[Kept[SiteList]]) -> None:
    """Let somebody withdraw a list, with a reason."""
    with st.form("sites.withdraw"):
        place = st.selectbox(
            _("Withdraw a list"),
            range(len(kept)),
            format_func=lambda place: kept[place].record.title,
            key="sites.which",
        )
        why = st.text_input(_("Why"), key="sites.why")
        sent = st.form_submit_button(_("Withdraw it"))
    if sent:
        with refusing():
            withdraw_sites(desk.book.journal, desk.region.key, kept[place], person.require(), why)
            st.session_state[DONE] = _("Withdrawn.")
            st.rerun()
