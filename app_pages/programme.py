"""One programme: its area on the map, the way to its goals, sessions, what is recorded, and its report."""

from __future__ import annotations

import streamlit as st

from app_pages.parts.common import current_region
from app_pages.parts.person import Person, current_person
from app_pages.parts.programme.boundary import add_boundary
from app_pages.parts.programme.change import change_records
from app_pages.parts.programme.data import (
    area_of,
    choose_programme,
    division_shapes,
    open_book,
    placed_records,
)
from app_pages.parts.programme.fields import Desk
from app_pages.parts.programme.forms import record_event
from app_pages.parts.programme.forum import race_areas, show_forum
from app_pages.parts.programme.map import show_programme_map
from app_pages.parts.programme.measures import show_measures, show_sessions
from app_pages.parts.programme.more import show_enrolment, show_response
from app_pages.parts.programme.next import show_next
from app_pages.parts.programme.others import record_other
from app_pages.parts.programme.sheet import import_sheet
from app_pages.parts.programme.take import show_report
from app_pages.parts.programme.talk import show_talk
from geo.language import gettext as _
from geo.programme.area import Area
from geo.programme.declared import Programme
from geo.programme.measures import Records


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_book(region)
    programme = choose_programme(book.programmes(), _("Programme"))
    desk = Desk(region, book, programme)
    records = placed_records(region, book)
    own, area = records.of(programme.key), area_of(region, book, programme)
    show_head(programme, area)
    overview, sessions, record, change, further, take = st.tabs(
        [_("Where it stands"), _("Sessions"), _("Record"), _("Change"), _("Where next"), _("Report")]
    )
    with overview:
        show_measures(programme, own, full=person.sees_small)
        races = race_areas(desk)
        divisions = division_shapes(book, programme.key)
        show_programme_map(region, programme, area, records, races, divisions, full=person.sees_small)
        show_own(desk, area, own, person)
        if races is not None:
            show_forum(desk, own, races, full=person.sees_small)
        show_talk(desk, full=person.sees_small)
    with sessions:
        show_sessions(programme, own, full=person.sees_small)
    with record:
        show_record(desk, area, person)
    with change:
        show_change(desk, area, person)
    with further:
        show_next(desk, area, records, person)
    with take:
        show_report(desk, area, own, person)


def show_own(desk: Desk, area: Area, records: Records, person: Person) -> None:
    """Show what this kind of programme has of its own."""
    if desk.programme.kind == "enrolment":
        show_enrolment(desk.region, desk.programme, area, records, person)
    elif desk.programme.kind == "census":
        show_response(desk.region, area, desk.programme, records, person)


def show_record(desk: Desk, area: Area, person: Person) -> None:
    """Show the forms to those who may record."""
    if not person.may_write:
        st.info(person.signed.how_to_record())
        return
    st.markdown("#### " + _("An event, and who came"))
    record_event(desk, area, person)
    with st.expander(_("Import a sign-in sheet"), expanded=True):
        import_sheet(desk, person)
    with st.expander(_("Record something else"), expanded=True):
        record_other(desk, person)
    with st.expander(_("Add a boundary: from a file, or drawn on the map")):
        add_boundary(desk, area, person)


def show_change(desk: Desk, area: Area, person: Person) -> None:
    """Show what can be changed, and the history, to those who may record."""
    if person.may_write:
        change_records(desk, area, person)
    else:
        st.info(person.signed.how_to_record())


def show_head(programme: Programme, area: Area) -> None:
    """Say what the programme is, whose figures these are, and where it works."""
    st.subheader(_(programme.title))
    st.text(_(programme.purpose))
    parts = [
        _("{begins} to {ends}").format(begins=programme.begins, ends=programme.ends or _("open")),
        area.title,
        _(programme.audience) if programme.audience else "",
        _("with {partners}").format(partners=", ".join(programme.partners)) if programme.partners else "",
    ]
    st.caption(" · ".join(part for part in parts if part))
    # Its place is kept where nothing is to be said: else the tabs would begin anew, on the first one.
    told = st.empty()
    if area.stand_in:
        told.warning(area.stand_in)


render()
