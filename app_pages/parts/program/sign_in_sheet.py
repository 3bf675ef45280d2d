"""Importing a sign-in sheet: told row by row, and nothing written until somebody says so."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.page import ask_file, refusing
from app_pages.parts.people import Person
from app_pages.parts.program.event_form import tell_done, tell_rows
from app_pages.parts.program.fields import Desk
from geo.errors import SchemaError
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.sign_in_sheets import code_column, likely_column, new_codes, preview, read_sheet, same_people
from store.program.kinds import Event

DONE, FILE = "program.sheet.done", "program.sheet.told"


def import_sheet(desk: Desk, person: Person) -> None:
    """Let somebody choose the event and the file."""
    told = tell_done(DONE)
    events = {event.key: event for event in desk.book.events(desk.program.key)}
    if not events:
        st.info(_("Record the event first, without codes; then its sheet can be imported."))
        return
    newest = list(reversed(events))
    if st.session_state.get("sheet.event") not in events:
        st.session_state["sheet.event"] = newest[0]
    key = st.selectbox(
        _("Event of the sheet"),
        newest,
        format_func=lambda item: f"{events[item].on} · {events[item].title}",
        key="sheet.event",
    )
    file = ask_file(_("Sign-in sheet (CSV or XLSX)"), (".csv", ".xlsx"), "sheet.file")
    if file is not None:
        if st.session_state.get(FILE) != file.number:
            told.empty()
            st.session_state[FILE] = file.number
        with refusing():
            confirm_sheet(desk, events, events[key], file.content, file.name, person)


def confirm_sheet(
    desk: Desk, events: dict[str, Event], event: Event, content: bytes, name: str, person: Person
) -> None:
    """Show what each row would do, and write what is new when somebody says so."""
    sheet = read_sheet(content, name)
    there = desk.book.people_at(event.key)
    rows = preview(sheet, choose_column(sheet), there, event.room_holds)
    tell_sheet(rows, event, len(there))
    others = {other.title: desk.book.people_at(key) for key, other in events.items() if key != event.key}
    for title in same_people(rows["code"].dropna().tolist(), others):
        st.warning(_("Almost the same people as at {title}: is it the same sheet?").format(title=title))
    codes = new_codes(rows)
    why = st.text_input(_("Note (only if something is out of the ordinary)"), key="sheet.why")
    words = ngettext("Write {count} new person", "Write {count} new people", len(codes))
    pressed = st.button(
        words.format(count=len(codes)), type="primary", disabled=not codes, key="sheet.confirm"
    )
    if pressed:
        with refusing():
            count = desk.book.attend(event, codes, person.require(), why=why, source=name)
            done = ngettext(
                "Written: {count} person at {title}.", "Written: {count} people at {title}.", count
            )
            st.session_state[DONE] = done.format(count=count, title=event.title)
            st.rerun()


def choose_column(sheet: pd.DataFrame) -> str:
    """Find the column with the codes, or let somebody say which it is."""
    try:
        return code_column(sheet)
    except SchemaError as error:
        remedy = _("Say which column it is.")
        st.warning(f"{error.fault[:1].upper()}{error.fault[1:]}. {remedy}")
    columns = [str(column) for column in sheet.columns]
    place = columns.index(likely_column(sheet))
    return str(st.selectbox(_("Column with the codes"), columns, place, key="sheet.column"))


def tell_sheet(rows: pd.DataFrame, event: Event, there: int) -> None:
    """Show what each row is, and whether the room holds them all."""
    if "over" in set(rows["what"]):
        st.warning(
            _(
                "This would make {count} people at the event; the room holds {holds}. Correct it or say why."
            ).format(count=there + len(new_codes(rows)), holds=event.room_holds)
        )
    tell_rows(rows, "sheet")
