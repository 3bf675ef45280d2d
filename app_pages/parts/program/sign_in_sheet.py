"""Importing a sign-in sheet: told row by row, and nothing written until somebody says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app_pages.parts import screen as st
from app_pages.parts.intake import Asked, ask_take, judge_once, open_table, show_lines, show_taken
from app_pages.parts.markup import bold
from app_pages.parts.page import refusing
from app_pages.parts.people import Person
from app_pages.parts.program.fields import ON, TRACT, Desk, ask_fields, event_titles, follow_recorded, titled
from app_pages.parts.program.names import names_of
from geo.days import day_words
from geo.intake.tables import Table, find_table
from geo.intake.verdicts import Line, Verdict, changes_of
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.sign_in_sheets import (
    NAMED_SIGN_IN,
    SIGN_IN,
    Judged,
    Known,
    Question,
    is_nobody_checked_in,
    join_codes,
    judge_sheet,
    names_in,
    same_people,
    sent_on,
    typed_grid,
)
from store.intake import Taken
from store.program.book import ProgramBook
from store.program.code_secret import read_secret, secret_fault
from store.program.kinds import Attendance, Enrollment, Event, Recruit, Uncoded
from store.program.names import NameBook
from store.records import Record

OPEN, SAME, APART = "", "same", "apart"
MOST_ASKED = 30


@dataclass(frozen=True)
class Listed:
    """What a list of people is of: an event, or those who signed up or enrolled on a day.

    Attributes
    ----------
    there
        Codes of those who are down already.
    write
        Writes into a book, under a name and with a reason; returns how many are new.
    event
        The event that they came to; None where it is none.
    """

    title: str
    there: frozenset[str]
    write: Callable[[ProgramBook, Judged, Sequence[str], Signature], int]
    event: Event | None = None


@dataclass(frozen=True)
class Signature:
    """Who writes a list, why, and from which file."""

    who: str
    why: str
    source: str


def import_sheet(desk: Desk, person: Person) -> None:
    """Let somebody choose what the list is of, see what each row would do, and write what is new."""
    events = {event.key: event for event in desk.book.events(desk.program.key)}
    listed = ask_listed(desk, events)
    if listed is None:
        return
    names = names_of(desk, person)
    st.caption(
        _(
            "Codes, e-mails or phone numbers, as Google Forms, Action Network or Eventbrite export them. Of "
            "an e-mail or a phone number only a code made of it is recorded, and no name."
        )
        if names is None
        else _(
            "Codes, e-mails or phone numbers, as Google Forms, Action Network or Eventbrite export them. Of "
            "an e-mail or a phone number only a code made of it is recorded. This program keeps names, apart."
        )
    )
    tell_secret()
    label = _("Sign-in sheet (CSV or XLSX)")
    columns = {"written": _("As written"), "code": _("Code")}
    journal = desk.book.journal
    kind = SIGN_IN if names is None else NAMED_SIGN_IN
    asked = Asked(
        kind,
        "sheet",
        label,
        columns,
        journal,
        desk.region.key,
        person.require,
        name_taken=lambda taken: taken_of(desk, taken),
    )
    with refusing():
        table = open_table(asked) or ask_typed(asked)
        if table:
            confirm_sheet(desk, asked, table, events, with_names(listed, table, names))
    show_taken(asked)


def tell_secret() -> None:
    """Say before a file is chosen that no codes can be made of e-mails and phone numbers, where it is so."""
    details = secret_fault()
    if details:
        st.warning(
            _(
                "Sheets with e-mail addresses or phone numbers can't be taken in on this installation yet: "
                "ask whoever runs the server. Sheets with the codes of cards, and headcounts, go on. Details "
                "for whoever runs it: {details}"
            ).format(details=details)
        )


def taken_of(desk: Desk, taken: Taken) -> str:
    """Say of which session a file was that was taken in, or that it was of who signed up or enrolled.

    A file of another program names that one first.
    """
    titles = {Recruit.kind: _("who signed up"), Enrollment.kind: _("who enrolled")}
    for kind, key, _number in taken.entries:
        program, _stroke, rest = key.partition("/")
        if kind in (Attendance.kind, Uncoded.kind):
            events = {event.key: event for event in desk.book.events(program)}
            event = events.get(f"{program}/{rest.partition('/')[0]}")
            name = (
                titled(event, list(events.values()), always=True) if event else _("an event withdrawn since")
            )
        elif kind in titles:
            name = titles[kind]
        else:
            continue
        programs = desk.book.programs()
        other = program != desk.program.key and program in programs
        return f"{_(programs[program].title)}: {name}" if other else name
    return ""


def with_names(listed: Listed, table: Table, names: NameBook | None) -> Listed:
    """Let the names of a list be kept once it is written, where the program keeps names."""
    if names is None:
        return listed
    book = names

    def write(programs: ProgramBook, judged: Judged, codes: Sequence[str], signed: Signature) -> int:
        # What is wrong with the file of names is told before anything is written.
        book.read()
        count = listed.write(programs, judged, codes, signed)
        book.keep(names_in(table, judged.lines, codes))
        return count

    return replace(listed, write=write)


def ask_listed(desk: Desk, events: dict[str, Event]) -> Listed | None:
    """Ask what the list is of; None where it is of an event and none is recorded or chosen, which is said."""
    titles: dict[type[Record], str] = {
        Event: _("who came to an event"),
        Recruit: _("who signed up"),
        Enrollment: _("who enrolled"),
    }
    kind = st.selectbox(_("The list says"), list(titles), format_func=titles.__getitem__, key="sheet.of")
    if kind is not Event:
        return of_day(desk, Recruit if kind is Recruit else Enrollment, titles[kind])
    if not events:
        st.info(_("Record the event first, without codes; then its sheet can be imported."))
        return None
    names = event_titles(desk)
    follow_recorded("sheet.event", names)
    key = st.selectbox(
        _("Event of the sheet"),
        list(names),
        # A sheet written to another session than it was of is found out late: nothing is chosen beforehand.
        index=0 if len(names) == 1 else None,
        format_func=names.__getitem__,
        placeholder=_("Choose the event"),
        key="sheet.event",
    )
    if key is None:
        st.info(_("Choose the event that the sheet is of; then its file can be opened."))
        return None
    return of_event(desk, events[str(key)])


def of_event(desk: Desk, event: Event) -> Listed:
    """Say what a list of who came to an event is of, and how it is written."""

    def write(book: ProgramBook, judged: Judged, codes: Sequence[str], signed: Signature) -> int:
        return book.attend(
            event,
            codes,
            signed.who,
            why=signed.why,
            source=signed.source,
            links=judged.links,
            without_code=judged.without_code,
        )

    return Listed(
        titled(event, desk.book.events(event.program)), desk.book.people_at(event.key), write, event
    )


def of_day(desk: Desk, kind: type[Recruit] | type[Enrollment], title: str) -> Listed:
    """Ask on which day, and in which tract if that is known; say how such a list is written."""
    fields = ask_fields(desk, (ON, TRACT), f"sheet.{kind.kind}", {})

    def write(book: ProgramBook, judged: Judged, codes: Sequence[str], signed: Signature) -> int:
        given = fields | {"program": desk.program.key}
        return book.enlist(
            kind, given, codes, signed.who, why=signed.why, source=signed.source, links=judged.links
        )

    return Listed(title, desk.book.people_of(kind, desk.program.key), write)


def ask_typed(asked: Asked) -> Table | None:
    """Let somebody type or paste a list in place of a file."""
    turn = st.session_state[f"{asked.key}.turn"]
    words = st.text_area(_("Or a typed list: a person a line"), key=f"{asked.key}.typed.{turn}")
    grid = typed_grid(words)
    return find_table([grid], grid.title, SIGN_IN) if len(grid.cells) > 1 else None


def confirm_sheet(desk: Desk, asked: Asked, table: Table, events: dict[str, Event], listed: Listed) -> None:
    """Show what each row would do, and write what is new when somebody says so."""
    links, event = desk.book.links(), listed.event
    holds = event.room_holds if event else None
    secret = read_secret() if {"email", "phone"} & set(table.columns) else None
    tag = f"{asked.key}.{hash(table.grid.cells)}"
    answers, apart = answers_of(tag), bool(st.session_state.get(f"{tag}.apart"))
    all_came = ask_registered(table, tag)
    known = Known(listed.there, holds, links, secret, answers, apart, all_came)
    stamp = (event.key if event else listed.title, holds, listed.there, tuple(links), tuple(answers.items()))
    judged = judge_once(asked, table, lambda: judge_sheet(table, known), *stamp, apart, all_came)
    ask_near(judged.questions, tag)
    codes = changes_of(judged.lines)
    if event and (sent := sent_on(table)) and sent != event.on:
        words = _("Most rows of this file were sent on {sent}; this event was on {on}. Is it the right one?")
        st.warning(words.format(sent=day_words(sent), on=day_words(event.on)))
    if event:
        tell_sheet(desk, judged.lines, events, event, len(listed.there))
    show_lines(judged.lines, asked.columns, asked.key)
    if judged.without_code:
        st.text(tell_uncoded(judged.without_code, event))
    if judged.registered:
        words = _(
            "Registered, did not check in: {count}. They count as not come; nothing is to be corrected."
        )
        st.text(words.format(count=judged.registered))
    why = st.text_input(_("Note (only if something is out of the ordinary)"), key="sheet.why")
    if event and codes:
        st.text(tell_known(desk, event, judged, codes))
    press = ngettext("Write {count} person", "Write {count} people", len(codes))
    # Those without a code are kept of an event alone, as attendances.
    without = [judged.without_code] if judged.without_code and event else []
    ask_take(
        asked,
        table,
        [*codes, *judged.links, *without],
        lambda journal, who: listed.write(
            ProgramBook(journal, desk.book.region), judged, codes, Signature(who, why, table.file)
        ),
        press=press.format(count=len(codes)),
        done=lambda count: tell_written(count, listed),
    )


def ask_registered(table: Table, key: str) -> bool:
    """Ask, where nobody of a sheet is checked in, whether those who registered came."""
    if not is_nobody_checked_in(table):
        return False
    st.warning(
        _(
            "Nobody in this file is checked in, so it does not tell who came. Those who registered are left "
            "out, unless you know that they came."
        )
    )
    return bool(st.checkbox(_("All who registered came"), key=f"{key}.registered"))


def tell_known(desk: Desk, event: Event, judged: Judged, codes: Sequence[str]) -> str:
    """Say how many of those to be written stand at other events of the program, and how many at none."""
    person = join_codes([*desk.book.links(), *judged.links])
    rows = [item.record for item in desk.book.kept(Attendance, desk.program.key)]
    elsewhere = {person.get(row.person, row.person) for row in rows if row.event != event.key}
    known = sum(person.get(code, code) in elsewhere for code in codes)
    words = _("Known from other events of this program: {known}. New to this program: {new}.")
    return words.format(known=known, new=len(codes) - known)


def tell_uncoded(count: int, event: Event | None) -> str:
    """Say how many rows name nobody, and what becomes of them."""
    if event:
        return _("Came without a code: {count}. They are in no count of people.").format(count=count)
    return _("Rows without a code: {count}. They are not recorded.").format(count=count)


def tell_written(count: int, listed: Listed) -> str:
    """Say how many people were written, and of what."""
    if listed.event:
        words = ngettext("Written: {count} person at {title}.", "Written: {count} people at {title}.", count)
    else:
        words = ngettext("Written: {count} person, {title}.", "Written: {count} people, {title}.", count)
    return words.format(count=count, title=listed.title)


def answers_of(key: str) -> dict[str, bool]:
    """Return what somebody said of rows that nearly match: by question, whether they are one person."""
    begins = f"{key}.near."
    said = {str(name): value for name, value in dict(st.session_state).items()}
    return {
        name.removeprefix(begins): value == SAME
        for name, value in said.items()
        if name.startswith(begins) and value in (SAME, APART)
    }


def ask_near(questions: Sequence[Question], key: str) -> None:
    """Ask of rows that nearly match whether they are one person; whether those left open are not."""
    if not questions:
        return
    st.markdown(bold(_("The same person?")))
    words = {
        "email": _("Rows {first} and {second}: nearly the same e-mail address ({one}, {other})"),
        "phone": _("Rows {first} and {second}: nearly the same phone number ({one}, {other})"),
    }
    titles = {OPEN: _("leave it open"), SAME: _("the same person"), APART: _("two people")}
    parts = st.columns(2)
    for number, question in enumerate(questions[:MOST_ASKED]):
        (first, second), (one, other) = question.rows, question.written
        parts[number % 2].selectbox(
            words[question.column].format(first=first, second=second, one=one, other=other),
            list(titles),
            format_func=titles.__getitem__,
            key=f"{key}.near.{question.key}",
        )
    if len(questions) > MOST_ASKED and not st.session_state.get(f"{key}.apart"):
        st.caption(_("{count} more are listed below.").format(count=len(questions) - MOST_ASKED))
    st.checkbox(_("All that are left open are different people"), key=f"{key}.apart")


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
    names = {key: titled(other, list(events.values())) for key, other in events.items()}
    others = {names[key]: desk.book.people_at(key) for key in events if key != event.key}
    for title in same_people(people, others):
        st.warning(_("Almost the same people as at {title}: is it the same sheet?").format(title=title))
