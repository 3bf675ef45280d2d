"""Forms for what is recorded less often: contacts, enrolments, recruits, messages, readings, boundaries."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app_pages.common import refusing
from app_pages.person import Person
from app_pages.programme_data import today
from app_pages.programme_forms import DAYS, tell_done
from geo.boundary_file import read_boundary
from geo.language import gettext as _
from geo.language import mark as N_
from geo.programme import Programme
from geo.region import Region
from store.programme_book import ProgrammeBook
from store.programmes import (
    BECAME_TITLES,
    Barrier,
    Became,
    Boundary,
    Contact,
    Enrolment,
    Message,
    MilestoneReached,
    Question,
    Race,
    Reading,
    Recruit,
    SpeakingTime,
)
from store.records import Record

Fields = dict[str, object]
ROLES = {"area": N_("the programme's area"), "trustee area": N_("trustee areas"), "division": N_("divisions")}


def record_other(book: ProgrammeBook, programme: Programme, person: Person) -> None:
    """Let somebody choose what to record, and fill in its fields."""
    tell_done("programme.other.done")
    titles = {title: _(title) for title in FORMS}
    chosen = st.selectbox(_("What to record"), list(FORMS), format_func=titles.__getitem__, key="other.kind")
    kind, ask = FORMS[chosen]
    with st.form("programme.other"):
        fields = ask(book, programme)
        source = st.text_input(_("Source"), key="other.source")
        sent = st.form_submit_button(_("Record it"))
    if sent:
        with refusing():
            kept = {name: value for name, value in fields.items() if value not in ("", None)}
            record = kind.make(kept | {"programme": programme.key})
            book.add([record], person.require(), source=source)
            st.session_state["programme.other.done"] = _("Recorded.")
            st.rerun()


def _day() -> object:
    return st.date_input(_("Day"), today(), *DAYS, key="other.on")


def _tract() -> object:
    return st.text_input(_("Tract (GEOID of 2010, 11 digits)"), key="other.geoid")


def _code() -> object:
    return st.text_input(_("Code of the person"), key="other.person")


def _event_of(book: ProgrammeBook, programme: Programme) -> object:
    events = {event.key: f"{event.on} · {event.title}" for event in book.events(programme.key)}
    return st.selectbox(_("Event"), list(events), format_func=events.__getitem__, key="other.event")


def _ask_contact(book: ProgrammeBook, programme: Programme) -> Fields:
    households = st.number_input(_("Households reached"), 1, key="other.households")
    return {"on": _day(), "households": households, "geoid": _tract()}


def _ask_enrolment(book: ProgrammeBook, programme: Programme) -> Fields:
    people = st.number_input(_("People"), 1, key="other.people")
    return {"on": _day(), "people": people, "person": _code(), "geoid": _tract()}


def _ask_recruit(book: ProgrammeBook, programme: Programme) -> Fields:
    return {"on": _day(), "person": _code(), "geoid": _tract()}


def _ask_message(book: ProgrammeBook, programme: Programme) -> Fields:
    return {
        "on": _day(),
        "title": st.text_input(_("What it says"), key="other.title"),
        "channel": st.text_input(_("Channel"), key="other.channel"),
        "language": st.text_input(_("Language"), key="other.language"),
        "cost_usd": st.number_input(_("Cost, US dollars"), 0.0, value=None, key="other.cost"),
        "reach": st.number_input(_("Reach, people"), 0, value=None, key="other.reach"),
    }


def _ask_milestone(book: ProgrammeBook, programme: Programme) -> Fields:
    titles = [milestone.title for milestone in programme.milestones]
    title = st.selectbox(_("Milestone"), titles, format_func=_, key="other.milestone")
    return {"title": title, "on": _day()}


def _ask_barrier(book: ProgrammeBook, programme: Programme) -> Fields:
    titles = {became: _(title) for became, title in BECAME_TITLES.items()}
    return {
        "event": _event_of(book, programme),
        "text": st.text_input(_("Barrier"), key="other.text"),
        "raised_on": _day(),
        "became": st.selectbox(
            _("What became of it"), list(Became), format_func=titles.__getitem__, key="other.became"
        ),
    }


def _ask_reading(book: ProgrammeBook, programme: Programme) -> Fields:
    titles = {measure.key: _(measure.title) for measure in programme.measures}
    measure = st.selectbox(_("Measure"), list(titles), format_func=titles.__getitem__, key="other.measure")
    return {"measure": measure, "on": _day(), "value": st.number_input(_("Value"), key="other.value")}


def _ask_race(book: ProgrammeBook, programme: Programme) -> Fields:
    names = st.text_area(_("Candidates, one a line"), key="other.candidates")
    return {
        "title": st.text_input(_("Race"), key="other.race"),
        "district": st.text_input(_("District or area"), key="other.district"),
        "on": _day(),
        "candidates": tuple(name.strip() for name in names.splitlines() if name.strip()),
    }


def _ask_question(book: ProgrammeBook, programme: Programme) -> Fields:
    return {
        "on": _day(),
        "text": st.text_area(_("Question"), key="other.question"),
        "language": st.text_input(_("Language"), key="other.question.language"),
        "topic": st.text_input(_("Topic"), key="other.topic"),
    }


def _ask_speaking(book: ProgrammeBook, programme: Programme) -> Fields:
    return {
        "event": _event_of(book, programme),
        "race": st.text_input(_("Race"), key="other.speaking.race"),
        "candidate": st.text_input(_("Candidate"), key="other.candidate"),
        "seconds": st.number_input(_("Seconds spoken"), 0, key="other.seconds"),
    }


Ask = Callable[[ProgrammeBook, Programme], Fields]
FORMS: dict[str, tuple[type[Record], Ask]] = {
    N_("Households reached by a canvass"): (Contact, _ask_contact),
    N_("Enrolment"): (Enrolment, _ask_enrolment),
    N_("Recruit"): (Recruit, _ask_recruit),
    N_("Message or media"): (Message, _ask_message),
    N_("Milestone reached"): (MilestoneReached, _ask_milestone),
    N_("Barrier raised"): (Barrier, _ask_barrier),
    N_("A measure's value, as somebody told it"): (Reading, _ask_reading),
    N_("Race"): (Race, _ask_race),
    N_("Question of a resident"): (Question, _ask_question),
    N_("Time a candidate spoke"): (SpeakingTime, _ask_speaking),
}


def add_boundary(region: Region, book: ProgrammeBook, programme: Programme, person: Person) -> None:
    """Let somebody add a boundary file, checked as any source."""
    roles = {role: _(title) for role, title in ROLES.items()}
    role = st.selectbox(
        _("What the file holds"), list(ROLES), format_func=roles.__getitem__, key="boundary.role"
    )
    file = st.file_uploader(
        _("Boundary file (GeoJSON, GeoPackage, shapefile in a zip)"),
        type=["geojson", "json", "gpkg", "zip"],
        key="boundary.file",
    )
    if file is None:
        return
    with refusing():
        frame = read_boundary(file.getvalue(), file.name, region)
        st.text(_("{count} shapes: {names}").format(count=len(frame), names=", ".join(frame["name"])))
        if st.button(_("Add the boundary"), key="boundary.add"):
            boundary = Boundary(programme=programme.key, title=file.name, role=role, geojson=frame.to_json())
            book.add([boundary], person.require(), source=file.name)
            st.rerun()
