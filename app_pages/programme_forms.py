"""What somebody records of a programme: an event with its people in one form, and sign-in sheets."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.common import refusing
from app_pages.person import Person
from app_pages.programme_data import today
from geo.errors import SchemaError
from geo.language import gettext as _
from geo.programme import Programme
from geo.programme_area import Area
from geo.sign_in import WHAT_TITLES, code_column, codes_in_text, new_codes, preview, read_sheet, same_people
from store.programme_book import ProgrammeBook
from store.programme_checks import require_fit
from store.programmes import EVENT_TITLES, Event, EventKind

CLEARED = ("event.title", "event.place", "event.codes", "event.partner", "event.why")
DAYS = (date(2000, 1, 1), date(2099, 12, 31))


def record_event(book: ProgrammeBook, programme: Programme, area: Area, person: Person) -> None:
    """Show the form for an event; codes are typed or pasted, separated by anything."""
    tell_done("programme.event.done")
    if st.session_state.pop("programme.event.clear", False):
        st.session_state.update(dict.fromkeys(CLEARED, ""))
    with st.form("programme.event", clear_on_submit=False):
        left, right = st.columns(2)
        kinds = {kind: _(title) for kind, title in EVENT_TITLES.items()}
        kind = left.selectbox(
            _("Kind of event"), list(EventKind), index=1, format_func=kinds.__getitem__, key="event.kind"
        )
        day = right.date_input(_("Day"), min(programme.ends or today(), today()), *DAYS, key="event.on")
        title = left.text_input(_("Title"), key="event.title")
        place = right.text_input(_("Place"), key="event.place")
        holds = left.number_input(_("Room holds (people)"), min_value=0, step=1, value=0, key="event.holds")
        partner = right.text_input(_("Partner"), key="event.partner")
        codes = st.text_area(
            _("Codes of the people who came"),
            key="event.codes",
            help=_("One a line, or with spaces between."),
        )
        why = st.text_input(_("Reason, where something is unusual"), key="event.why")
        sent = st.form_submit_button(_("Record the event"), type="primary")
    if sent:
        fields = {"event_kind": kind, "title": title, "on": day, "place": place, "partner": partner}
        with refusing():
            save_event(book, programme, area, person, fields | {"room_holds": holds or None}, codes, why)


def save_event(
    book: ProgrammeBook,
    programme: Programme,
    area: Area,
    person: Person,
    fields: dict[str, object],
    codes: str,
    why: str,
) -> None:
    """Check everything, then record the event and its people; the form empties itself."""
    who = person.require()
    st.session_state.pop("programme.event.done", None)
    event = Event.make(fields | {"programme": programme.key})
    require_fit(event, programme, area, why)
    people = codes_in_text(codes)
    count = book.hold(event, people, who, why=why)
    st.session_state["programme.event.done"] = _("Recorded: {title}, {count} people.").format(
        title=event.title, count=count
    )
    st.session_state["sheet.event"] = event.key
    st.session_state["programme.event.clear"] = True
    st.rerun()


def import_sheet(book: ProgrammeBook, programme: Programme, person: Person) -> None:
    """Let somebody import a sign-in sheet: told row by row, and nothing written until confirmed."""
    tell_done("programme.sheet.done")
    events = {event.key: event for event in book.events(programme.key)}
    if not events:
        st.info(_("Record the event first, without codes; then its sheet can be imported."))
        return
    key = st.selectbox(
        _("Event of the sheet"),
        list(reversed(events)),
        format_func=lambda item: f"{events[item].on} · {events[item].title}",
        key="sheet.event",
    )
    file = st.file_uploader(_("Sign-in sheet (CSV or XLSX)"), type=["csv", "xlsx"], key="sheet.file")
    if file is not None:
        with refusing():
            confirm_sheet(book, events, events[key], file.getvalue(), file.name, person)


def confirm_sheet(
    book: ProgrammeBook, events: dict[str, Event], event: Event, content: bytes, name: str, person: Person
) -> None:
    """Show what each row would do, and write what is new when somebody says so."""
    sheet = read_sheet(content, name)
    try:
        column = code_column(sheet)
    except SchemaError as error:
        st.warning(f"{error.fault}")
        column = st.selectbox(_("Column with the codes"), list(sheet.columns), key="sheet.column")
    rows = preview(sheet, column, book.people_at(event.key))
    show_preview(rows.assign(what=[_(WHAT_TITLES[what]) for what in rows["what"]]))
    codes = new_codes(rows)
    others = {other.title: book.people_at(key) for key, other in events.items() if key != event.key}
    for title in same_people(rows["code"].dropna().tolist(), others):
        st.warning(_("Nearly the same people as at {title}: is it that sheet?").format(title=title))
    why = st.text_input(_("Reason, where something is unusual"), key="sheet.why")
    words = _("Write {count} new people").format(count=len(codes))
    if st.button(words, type="primary", disabled=not codes, key="sheet.confirm"):
        count = book.attend(event, codes, person.require(), why=why, source=name)
        st.session_state["programme.sheet.done"] = _("Written: {count} people at {title}.").format(
            count=count, title=event.title
        )
        st.session_state.pop("sheet.file", None)
        st.rerun()


def show_preview(rows: pd.DataFrame) -> None:
    """Show the preview: how many of each, and every row."""
    counts = rows["what"].value_counts()
    st.text(" · ".join(f"{what}: {count}" for what, count in counts.items()))
    st.dataframe(
        rows,
        hide_index=True,
        height=240,
        key="sheet.preview",
        column_config={
            "row": _("Row"),
            "written": _("As written"),
            "code": _("Code"),
            "what": _("What it is"),
            "reason": _("Why"),
        },
    )


def tell_done(key: str) -> None:
    """Say what was written last, until something else is."""
    words = st.session_state.get(key, "")
    if words:
        st.success(words)
