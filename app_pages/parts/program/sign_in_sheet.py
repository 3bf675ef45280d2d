"""Importing a sign-in sheet: told row by row, and nothing written until somebody says so."""

from __future__ import annotations

from collections.abc import Sequence

from app_pages.parts import screen as st
from app_pages.parts.intake import Asked, ask_take, judge_once, open_table, show_lines, show_taken
from app_pages.parts.markup import bold
from app_pages.parts.page import refusing
from app_pages.parts.people import Person
from app_pages.parts.program.fields import Desk
from geo.intake.tables import Table, find_table
from geo.intake.verdicts import Line, Verdict, changes_of
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.sign_in_sheets import SIGN_IN, Known, Question, judge_sheet, same_people, typed_grid
from store.program.book import ProgramBook
from store.program.code_secret import read_secret
from store.program.kinds import Event

OPEN, SAME, APART = "", "same", "apart"
MOST_ASKED = 30


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
    st.caption(
        _(
            "Codes, e-mails or phone numbers, as Google Forms, Action Network or Eventbrite export them. Of "
            "an e-mail or a phone number only a code made of it is recorded, and no name."
        )
    )
    label = _("Sign-in sheet (CSV or XLSX)")
    columns = {"written": _("As written"), "code": _("Code")}
    journal = desk.book.journal
    asked = Asked(SIGN_IN, "sheet", label, columns, journal, desk.region.key, person.require)
    with refusing():
        table = open_table(asked) or ask_typed(asked)
        if table:
            confirm_sheet(desk, asked, table, events, events[str(key)])
    show_taken(asked)


def ask_typed(asked: Asked) -> Table | None:
    """Let somebody type or paste a list in place of a file."""
    turn = st.session_state[f"{asked.key}.turn"]
    words = st.text_area(_("Or a typed list: a person a line"), key=f"{asked.key}.typed.{turn}")
    grid = typed_grid(words)
    return find_table([grid], grid.title, SIGN_IN) if len(grid.cells) > 1 else None


def confirm_sheet(desk: Desk, asked: Asked, table: Table, events: dict[str, Event], event: Event) -> None:
    """Show what each row would do, and write what is new when somebody says so."""
    there, links = desk.book.people_at(event.key), desk.book.links()
    secret = read_secret() if {"email", "phone"} & set(table.columns) else None
    answers = answers_of(f"{asked.key}.{hash(table.grid.cells)}")
    known = Known(there, event.room_holds, links, secret, answers)
    stamp = (event.key, event.room_holds, there, tuple(links), tuple(answers.items()))
    judged = judge_once(asked, table, lambda: judge_sheet(table, known), *stamp)
    left_apart = ask_near(judged.questions, f"{asked.key}.{hash(table.grid.cells)}")
    codes = changes_of(judged.lines, asked=left_apart)
    tell_sheet(desk, judged.lines, events, event, len(there))
    show_lines(judged.lines, asked.columns, asked.key)
    if judged.without_code:
        st.text(
            _("Came without a code: {count}. They are in no count of people.").format(
                count=judged.without_code
            )
        )
    why = st.text_input(_("Note (only if something is out of the ordinary)"), key="sheet.why")
    press = ngettext("Write {count} new person", "Write {count} new people", len(codes))
    without = judged.without_code
    ask_take(
        asked,
        table,
        [*codes, *judged.links, *([without] if without else [])],
        lambda journal, who: ProgramBook(journal, desk.book.region).attend(
            event, codes, who, why=why, source=table.file, links=judged.links, without_code=without
        ),
        press=press.format(count=len(codes)),
        done=lambda count: ngettext(
            "Written: {count} person at {title}.", "Written: {count} people at {title}.", count
        ).format(count=count, title=event.title),
    )


def answers_of(key: str) -> dict[str, bool]:
    """Return what somebody said of rows that nearly match: by question, whether they are one person."""
    begins = f"{key}.near."
    said = {str(name): value for name, value in dict(st.session_state).items()}
    return {
        name.removeprefix(begins): value == SAME
        for name, value in said.items()
        if name.startswith(begins) and value in (SAME, APART)
    }


def ask_near(questions: Sequence[Question], key: str) -> bool:
    """Ask of rows that nearly match whether they are one person; whether those left open are not."""
    if not questions:
        return False
    st.markdown(bold(_("The same person?")))
    words = {
        "email": _("Rows {first} and {second}: e-mails that differ by one sign"),
        "phone": _("Rows {first} and {second}: phone numbers that differ by one sign"),
    }
    titles = {OPEN: _("leave it open"), SAME: _("the same person"), APART: _("two people")}
    parts = st.columns(2)
    for number, question in enumerate(questions[:MOST_ASKED]):
        first, second = question.rows
        parts[number % 2].selectbox(
            words[question.column].format(first=first, second=second),
            list(titles),
            format_func=titles.__getitem__,
            key=f"{key}.near.{question.key}",
        )
    if len(questions) > MOST_ASKED:
        st.caption(_("{count} more are listed below.").format(count=len(questions) - MOST_ASKED))
    return st.checkbox(_("All that are left open are different people"), key=f"{key}.apart")


def tell_sheet(desk: Desk, lines: list[Line], events: dict[str, Event], event: Event, there: int) -> None:
    """Say whether the room holds them all, and whether it may be another event's sheet."""
    new = sum(line.verdict is Verdict.NEW for line in lines)
    if event.room_holds is not None and new and there + new > event.room_holds:
        st.warning(
            _(
                "This would make {count} people at the event; the room holds {holds}. Correct it or say why."
            ).format(count=there + new, holds=event.room_holds)
        )
    people = {str(line.shown["code"]) for line in lines if line.shown.get("code")}
    others = {other.title: desk.book.people_at(key) for key, other in events.items() if key != event.key}
    for title in same_people(people, others):
        st.warning(_("Almost the same people as at {title}: is it the same sheet?").format(title=title))
