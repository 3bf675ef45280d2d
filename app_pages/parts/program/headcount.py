"""Writing down, right after an event, how many came: a headcount here, or the way to its sign-in sheet."""

from __future__ import annotations

from datetime import timedelta

from app_pages.parts import screen as st
from app_pages.parts.editing import forget_seen, hold_seen
from app_pages.parts.page import refusing, say_done, tell_done, today
from app_pages.parts.people import Person
from app_pages.parts.program.data import CHOSEN, placed_records
from app_pages.parts.program.fields import follow_recorded, titled
from geo.days import day_words
from geo.errors import ConflictError, StoreError
from geo.language import gettext as _
from geo.program.figures import told_apart
from geo.program.measures import without_attendance
from geo.region import Region
from store.program.book import ProgramBook
from store.program.kinds import Event
from store.records import Kept

DONE, FORM = "headcount.done", "headcount"


def record_attendance(region: Region, book: ProgramBook, person: Person, program: str = "") -> None:
    """Let somebody who may record say how many came to an event of which nobody has yet; today's too.

    Parameters
    ----------
    program
        Only events of this one; of all where it is empty.
    """
    if not person.may_write:
        return
    tell_done(DONE)
    waiting = set(without_attendance(placed_records(region, book), today() + timedelta(days=1)))
    kept = [item for item in book.kept(Event, program or None) if item.record.key in waiting]
    if not kept:
        return
    events = {item.record.key: item for item in sorted(kept, key=lambda item: item.record.on, reverse=True)}
    words = _("Write down who came ({count} waiting)").format(count=len(events))
    with st.expander(words, key="headcount.part"):
        titles = told_apart(event_words(item.record) for item in events.values())
        names = dict(zip(events, titles, strict=True))
        follow_recorded("headcount.event", names)
        key = st.selectbox(
            _("Event that took place"), list(names), format_func=names.__getitem__, key="headcount.event"
        )
        ask_count(book, person, events[key])
        if not program:
            st.caption(_("Or import its sign-in sheet: codes, e-mails, phone numbers or a typed list."))
            if st.button(_("Open its sign-in sheet"), key="headcount.sheet"):
                open_sheet(events[key].record)


def event_words(event: Event) -> str:
    """Write an event as a line to choose it by."""
    return f"{day_words(event.on)} · {event.title}"


def ask_count(book: ProgramBook, person: Person, item: Kept[Event]) -> None:
    """Ask for a headcount: how many, how they were counted, and by whom."""
    seen = hold_seen(FORM, item.record.key, item.number)
    tag = f"headcount.{item.record.key}"
    with st.form("program.headcount"):
        left, right = st.columns([1, 2])
        people = left.number_input(
            _("Headcount (people, without names)"),
            0,
            value=None,
            step=1,
            key=f"{tag}.people",
            help=_("0 where nobody came."),
        )
        how = right.text_input(_("How it was counted, and by whom"), key=f"{tag}.how")
        sent = st.form_submit_button(_("Record the headcount"), type="primary")
    if sent:
        st.session_state.pop(DONE, None)
        with refusing():
            save_count(book, person, item.record, seen, None if people is None else int(people), how)


def save_count(
    book: ProgramBook, person: Person, event: Event, seen: int, people: int | None, how: str
) -> None:
    """Record a headcount; what is missing is named, and nothing is written over what another recorded.

    Raises
    ------
    StoreError
        The number is missing, or how it was counted.
    ConflictError
        Somebody else changed the event since.
    """
    missing = [
        *([_("Headcount (people, without names)")] if people is None else []),
        *([_("How it was counted, and by whom")] if not how.strip() else []),
    ]
    if missing:
        raise StoreError(
            _("missing: {names}").format(names="; ".join(missing)), _("fill it in; nothing was written")
        )
    record = Event.make(event.model_dump() | {"headcount": people, "headcount_how": how})
    try:
        book.change(record, seen, person.require())
    except ConflictError:
        forget_seen(FORM)
        raise
    forget_seen(FORM)
    say_done(
        DONE,
        _("Recorded: {count} at {title}.").format(
            count=f"{people:,}", title=titled(event, book.events(event.program))
        ),
    )
    st.rerun()


def open_sheet(event: Event) -> None:
    """Go to where the event's sign-in sheet is imported."""
    st.session_state[CHOSEN] = event.program
    st.session_state["program.tabs"] = _("Record")
    st.session_state["sheet.event"] = event.key
    st.switch_page("app_pages/program.py")
