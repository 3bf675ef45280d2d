"""Importing a sign-in sheet: told row by row, and nothing written until somebody says so."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.intake import Asked, ask_take, judge_once, open_table, show_lines, show_taken
from app_pages.parts.page import refusing
from app_pages.parts.people import Person
from app_pages.parts.program.fields import Desk
from geo.intake.tables import Table
from geo.intake.verdicts import Line, Verdict, changes_of
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.sign_in_sheets import SIGN_IN, judge_sheet, same_people
from store.program.book import ProgramBook
from store.program.kinds import Event


def import_sheet(desk: Desk, person: Person) -> None:
    """Let somebody choose the event and the file, see what each row would do, and write what is new."""
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
    label = _("Sign-in sheet (CSV or XLSX)")
    columns = {"written": _("As written"), "code": _("Code")}
    journal = desk.book.journal
    asked = Asked(SIGN_IN, "sheet", label, columns, journal, desk.region.key, person.require)
    with refusing():
        table = open_table(asked)
        if table:
            confirm_sheet(desk, asked, table, events, events[str(key)])
    show_taken(asked)


def confirm_sheet(desk: Desk, asked: Asked, table: Table, events: dict[str, Event], event: Event) -> None:
    """Show what each row would do, and write what is new when somebody says so."""
    there = desk.book.people_at(event.key)
    lines = judge_once(
        asked, table, lambda: judge_sheet(table, there, event.room_holds), event.key, event.room_holds, there
    )
    codes = changes_of(lines)
    tell_sheet(desk, lines, events, event, len(there))
    show_lines(lines, asked.columns, asked.key)
    why = st.text_input(_("Reason, where something is unusual"), key="sheet.why")
    press = ngettext("Write {count} new person", "Write {count} new people", len(codes))
    ask_take(
        asked,
        table,
        codes,
        lambda journal, who: ProgramBook(journal, desk.book.region).attend(
            event, codes, who, why=why, source=table.file
        ),
        press=press.format(count=len(codes)),
        done=lambda count: ngettext(
            "Written: {count} person at {title}.", "Written: {count} people at {title}.", count
        ).format(count=count, title=event.title),
    )


def tell_sheet(desk: Desk, lines: list[Line], events: dict[str, Event], event: Event, there: int) -> None:
    """Say whether the room holds them all, and whether it may be another event's sheet."""
    new = sum(line.verdict is Verdict.NEW for line in lines)
    if event.room_holds is not None and new and there + new > event.room_holds:
        st.warning(
            _(
                "With this sheet {count} people would be down; the room holds {holds}. Correct it or say why."
            ).format(count=there + new, holds=event.room_holds)
        )
    people = {str(line.shown["code"]) for line in lines if line.shown.get("code")}
    others = {other.title: desk.book.people_at(key) for key, other in events.items() if key != event.key}
    for title in same_people(people, others):
        st.warning(_("Nearly the same people as at {title}: is it that sheet?").format(title=title))
