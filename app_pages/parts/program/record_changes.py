"""Changing or withdrawing what is recorded; where somebody else was faster, both are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.editing import MINE, THEIRS, ask_which
from app_pages.parts.markup import heading
from app_pages.parts.page import refusing, say_done, tell_done
from app_pages.parts.people import Person, current_rights
from app_pages.parts.program import program_form
from app_pages.parts.program.fields import (
    CODE,
    FIELDS,
    Desk,
    Field,
    ask_fields,
    event_titles,
    follow_recorded,
    minutes,
    text,
    titled,
    yes_or_no,
)
from app_pages.parts.program.names import erase_where_off, names_of
from geo.errors import ConflictError, GeoError, StoreError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.program.area import Area, read_point, write_point
from geo.program.sign_in_sheets import Known, join_codes, to_one_code
from store.journal import Conflict
from store.program.book import OF_PEOPLE
from store.program.checks import require_fit
from store.program.code_secret import read_secret
from store.program.kinds import (
    KIND_TITLES,
    OF_PROGRAM,
    Attendance,
    Enrollment,
    Event,
    MilestoneReached,
    ProgramRecord,
    Recruit,
    SpeakingTime,
)
from store.program.series import change_from, later_in_series, withdraw_from
from store.records import Kept, Record
from store.visibility import to_visible
from wording.program_history import body_words, tell_program

CONFLICT, DONE, SEEN = "program.conflict", "program.change.done", "program.change.seen"
SERIES = "program.change.series"
EVERY_KIND: tuple[type[Record], ...] = (*OF_PROGRAM, ProgramRecord)
KINDS = {kind.kind: kind for kind in EVERY_KIND}
# What names a record is not among them: changed, it would be another record beside the old one.
CHANGED: dict[type[Record], tuple[Field, ...]] = {
    **FIELDS,
    Event: (*FIELDS[Event], Field("point", N_("Latitude, longitude"), text)),
    Enrollment: tuple(field for field in FIELDS[Enrollment] if field is not CODE),
    Recruit: tuple(field for field in FIELDS[Recruit] if field is not CODE),
    MilestoneReached: tuple(field for field in FIELDS[MilestoneReached] if field.name != "title"),
    SpeakingTime: (
        Field("invited", N_("Invited"), yes_or_no),
        Field("attended", N_("Came"), yes_or_no),
        Field("seconds", N_("Minutes spoken"), minutes),
    ),
}


def change_records(desk: Desk, area: Area, person: Person) -> None:
    """Let somebody choose a record and change or withdraw it; below, who changed what."""
    conflict: Conflict | None = st.session_state.get(CONFLICT)
    if conflict is not None and conflict.mine.key.partition("/")[0] == desk.program.key:
        decide(desk, conflict, person)
    else:
        change_program(desk, area, person)
        chosen = choose_record(desk, person)
        if chosen is not None:
            change_form(desk, area, chosen, person)
        tell_done(DONE)
    show_history(desk)


def change_program(desk: Desk, area: Area, person: Person) -> None:
    """Let somebody change the program itself; beside it, how it shipped."""
    with st.expander(_("Change a target")):
        conflict = program_form.change_goal(desk, person)
    with st.expander(_("The program itself: title, period, area, measures, milestones")):
        conflict = program_form.revise_program(desk, area, person) or conflict
        program_form.show_as_shipped(desk)
    if conflict is not None:
        st.session_state[CONFLICT] = conflict
        st.rerun()


def record_words(item: Kept[Any]) -> str:
    """Write what a record says as one line."""
    return body_words(item.record.model_dump(mode="json"))


def choose_record(desk: Desk, person: Person) -> Kept[Any] | None:
    """Let somebody choose a kind and one record of it, the newest first."""
    found = {kind: desk.book.kept(kind, desk.program.key) for kind in OF_PROGRAM}
    kinds = [kind for kind, kept in found.items() if kept]
    if not kinds:
        st.info(_("Nothing is recorded yet."))
        return None
    left, right = st.columns([1, 2])
    with left:
        titles = {kind: _(KIND_TITLES[kind.kind]) for kind in kinds}
        kind = st.selectbox(_("Kind"), kinds, format_func=titles.__getitem__, key="change.kind")
        sought = ask_person(kind) if kind in OF_PEOPLE else None
    kept: Sequence[Kept[Any]] = found[kind]
    with right:
        titles_of = event_titles(desk) if sought else {}
        if sought:
            kept = rows_of(desk, kept, sought)
            if not kept:
                st.info(_("Nobody is recorded here by this code, e-mail or phone number."))
                return None
        elif kind is Attendance:
            event = ask_event_of(desk, kept)
            kept = [item for item in kept if item.record.event == event]
        by_key = {item.record.key: item for item in sorted(kept, key=_age, reverse=True)}
        words = words_of(desk, by_key, titles_of, person)
        key = st.selectbox(
            _("Record"), list(by_key), format_func=lambda item: words[item][:90], key=f"change.{kind.kind}"
        )
    return by_key[key] if key else None


def ask_event_of(desk: Desk, kept: Sequence[Kept[Any]]) -> str | None:
    """Ask for one of the events at which somebody is recorded, the last that took place at first."""
    held = {item.record.event for item in kept}
    titles = {key: title for key, title in event_titles(desk).items() if key in held}
    follow_recorded("change.event", titles)
    return st.selectbox(_("Event"), list(titles), format_func=titles.__getitem__, key="change.event")


def words_of(
    desk: Desk, by_key: Mapping[str, Kept[Any]], titles: Mapping[str, str], person: Person
) -> dict[str, str]:
    """Write each record as one line: its event where ``titles`` has it, a name that is kept, what it says."""
    names = names_of(desk, person)
    called = names.read() if names and any(is_coded(item.record) for item in by_key.values()) else {}
    found = {}
    for key, item in by_key.items():
        event, code = getattr(item.record, "event", None) or "", getattr(item.record, "person", None) or ""
        found[key] = " · ".join(filter(None, [titles.get(event), called.get(code), record_words(item)]))
    return found


def ask_person(kind: type[Record]) -> str | None:
    """Ask whom to look for; return the code, as it is or made of an e-mail or a phone number."""
    label = _("Find a person by e-mail, phone number or code")
    text = st.text_input(label, key=f"change.{kind.kind}.find").strip()
    with refusing():
        return to_one_code(text, Known(secret=read_secret())) if text else None
    return None


def rows_of(desk: Desk, kept: Sequence[Kept[Any]], code: str) -> list[Kept[Any]]:
    """Return the rows of one person, by any code that is known to be theirs."""
    person = join_codes(desk.book.links())
    one = person.get(code, code)
    codes = {item.record.person for item in kept if item.record.person}
    theirs = {item for item in codes if person.get(item, item) == one}
    return [item for item in kept if item.record.person in theirs]


def change_form(desk: Desk, area: Area, item: Kept[Any], person: Person) -> None:
    """Show a record's fields as they stand, to be changed or withdrawn."""
    seen = remember_seen(item)
    kind, key = type(item.record), item.record.key
    st.caption(_("Recorded by {who}, {at} UTC.").format(who=item.who, at=f"{item.at:%Y-%m-%d %H:%M}"))
    tag = f"change.{key}.{seen}"
    asked = [*([CODE] if is_coded(item.record) else []), *CHANGED.get(kind, ())]
    with st.form(f"program.{tag}"):
        fields = ask_fields(desk, asked, tag, state_of(item.record))
        series = ask_how_far(desk, item, seen, tag)
        source = st.text_input(_("Source"), item.source, key=f"{tag}.source")
        why = st.text_input(
            _("Why (needed to withdraw, or to correct a code)")
            if is_coded(item.record)
            else _("Why (needed to withdraw)"),
            key=f"{tag}.why",
        )
        agreed = ask_attendance(desk, item, series, tag)
        change, withdraw = st.columns(2)
        saved = bool(asked) and change.form_submit_button(
            _("Record the change"), type="primary", width="stretch"
        )
        gone = withdraw.form_submit_button(_("Withdraw it"), width="stretch")
    if saved:
        with refusing():
            named = str(fields.pop("person", ""))
            record = changed(item.record, fields)
            if named and named != getattr(item.record, "person", ""):
                correct(desk, item, seen, record, named, why, person)
            if isinstance(record, Event):
                require_fit(record, desk.program, area, why)
            if series and isinstance(record, Event):
                change_on(desk, record, series, why, source, person)
            write(desk, record, seen, why, source, person)
    if gone:
        with refusing():
            if not agreed:
                raise GeoError(
                    _("people who came stand at this event, and go with it"),
                    _("check the box above the button if you mean this event; nothing was changed"),
                )
            if series:
                withdraw_on(desk, series, why, person)
            withdraw_it(desk, kind, key, seen, why, person)


def ask_attendance(desk: Desk, item: Kept[Any], series: Mapping[str, int], tag: str) -> bool:
    """Ask whether an event goes with those who came to it; true where nobody stands there."""
    if not isinstance(item.record, Event):
        return True
    events = {item.record.key, *series}
    count = sum(row.record.event in events for row in desk.book.kept(Attendance, desk.program.key))
    if not count:
        return True
    words = ngettext(
        "To withdraw: the {count} person who came goes with it",
        "To withdraw: the {count} people who came go with it",
        count,
    )
    return st.checkbox(words.format(count=f"{count:,}"), key=f"{tag}.attendance")


def is_coded(record: Record | None) -> bool:
    """Whether a record is of one person, by a code."""
    return isinstance(record, Attendance | Recruit | Enrollment) and bool(record.person)


def correct(
    desk: Desk, item: Kept[Any], seen: int, record: Record, named: str, why: str, person: Person
) -> None:
    """Record whose a row is, by another code or one that is made of an e-mail or a phone number.

    A name that is kept goes along; of a code that is on no row any more it is erased.
    """
    code, before = to_one_code(named, Known(secret=read_secret())), str(item.record.person)
    if code == before:
        return
    new: Any = type(record).make(record.model_dump() | {"person": code})
    names = names_of(desk, person)
    kept = names.read() if names else {}
    try:
        desk.book.recode(item.record, seen, new, person.require(), why, source=item.source)
    except ConflictError:
        forget("")
        raise
    if names and before in kept:
        names.keep({code: kept[before]})
        rows = [row for kind in OF_PEOPLE for row in desk.book.kept(kind, desk.program.key)]
        if before not in {row.record.person for row in rows}:
            names.erase([before])
    words = _("Corrected: {before} is {code} now. The history has both.").format(before=before, code=code)
    forget(" ".join(filter(None, [words, tell_left(desk, before, code)])))
    st.rerun()


def tell_left(desk: Desk, before: str, code: str) -> str:
    """Say where else a code stands that was corrected in one row; empty where nobody would count twice."""
    person = join_codes(desk.book.links())
    if person.get(before, before) == person.get(code, code):
        return ""
    rows = [row.record for kind in OF_PEOPLE for row in desk.book.kept(kind) if row.record.person == before]
    events, programs = {event.key: event for event in desk.book.events()}, desk.book.programs()
    sessions, lists = [], []
    for row in rows:
        other = row.program != desk.program.key and row.program in programs
        of = f"{_(programs[row.program].title)}: " if other else ""
        if not isinstance(row, Attendance):
            lists.append(f"{of}{_(KIND_TITLES[row.kind])}")
        elif row.event in events:  # who came to one that was withdrawn counts no more
            event = events[row.event]
            sessions.append((event.on, f"{of}{titled(event, list(events.values()), always=True)}"))
    words = []
    if sessions:
        told = ngettext(
            "The old code also stands in {count} other session ({names}): correct it there too if it is the "
            "same person, or the person counts twice.",
            "The old code also stands in {count} other sessions ({names}): correct it there too if it is the "
            "same person, or the person counts twice.",
            len(sessions),
        )
        names = first_ids(name for _day, name in sorted(sessions))
        words.append(told.format(count=len(sessions), names=names))
    if lists:
        told = _("The old code also stands under: {names}. Correct it there too if it is the same person.")
        words.append(told.format(names=first_ids(lists)))
    return " ".join(words)


def ask_how_far(desk: Desk, item: Kept[Any], seen: int, tag: str) -> dict[str, int]:
    """Ask of an event of a series whether those after it change with it.

    Returns
    -------
    dict
        Numbers by key of the event and those after it, as they stood when the form was opened; empty where it
        is changed by itself.
    """
    if not isinstance(item.record, Event):
        return {}
    later = later_in_series(item.record, desk.book.kept(Event, desk.program.key))
    held = st.session_state.get(SERIES)
    if held is None or held[0] != tag:
        held = (tag, {item.record.key: seen} | {other.record.key: other.number for other in later})
        st.session_state[SERIES] = held
    if len(held[1]) < 2:
        return {}
    count = len(held[1]) - 1
    words = ngettext(
        "This one and the {count} after it in its series",
        "This one and the {count} after it in its series",
        count,
    )
    far = st.toggle(words.format(count=count), key=f"{tag}.far", help=_("Off: this one alone."))
    return dict(held[1]) if far else {}


def change_on(
    desk: Desk, event: Event, series: dict[str, int], why: str, source: str, person: Person
) -> None:
    """Record a change of an event and those after it, all or none; where somebody was faster it is told."""
    try:
        made = change_from(desk.book, event, series, person.require(), why=why, source=source)
    except ConflictError:
        forget("")
        raise
    words = ngettext("Recorded: {count} event.", "Recorded: {count} events.", made)
    forget(words.format(count=made))
    st.rerun()


def withdraw_on(desk: Desk, series: dict[str, int], why: str, person: Person) -> None:
    """Withdraw an event and those after it, all or none; where somebody was faster it is told."""
    try:
        gone = len(withdraw_from(desk.book, series, person.require(), why))
    except ConflictError:
        forget("")
        raise
    words = ngettext(
        "Withdrawn: {count} event. It no longer counts; the history is kept.",
        "Withdrawn: {count} events. They no longer count; the history is kept.",
        gone,
    )
    forget(words.format(count=gone))
    st.rerun()


def state_of(record: Record) -> dict[str, Any]:
    """Return a record's fields as a form shows them."""
    state = record.model_dump(mode="json")
    if isinstance(record, Event) and record.longitude is not None and record.latitude is not None:
        state["point"] = write_point(record.longitude, record.latitude)
    return state


def changed(record: Record, fields: dict[str, Any]) -> Record:
    """Return the record with what the form says; fields the form does not show stay.

    Raises
    ------
    StoreError
        A field does not hold, or the record would be named otherwise.
    """
    kind = type(record)
    asked = {field.name for field in CHANGED.get(kind, ())}
    rest = {name: value for name, value in record.model_dump().items() if name not in asked}
    if kind is Event:
        point = read_point(str(fields.pop("point", "")))
        rest |= (
            {"longitude": point[0], "latitude": point[1]} if point else {"longitude": None, "latitude": None}
        )
        rest["geoid"] = None if point else rest["geoid"]
    new = kind.make(rest | fields)
    if new.key != record.key:
        raise StoreError(
            _("what names a record cannot be changed"),
            _("withdraw it and record it anew; nothing was written"),
        )
    return new


def write(desk: Desk, record: Record, seen: int, why: str, source: str, person: Person) -> None:
    """Record a change; a conflict is kept, to be shown and decided."""
    try:
        desk.book.change(record, seen, person.require(), why=why, source=source)
    except ConflictError as error:
        st.session_state[CONFLICT] = error.conflicts[0]
    else:
        if isinstance(record, ProgramRecord):
            erase_where_off(desk, record.program)
        forget(_("Recorded."))
    st.rerun()


def withdraw_it(desk: Desk, kind: type[Record], key: str, seen: int, why: str, person: Person) -> None:
    """Withdraw a record; a conflict is kept, to be shown and decided."""
    try:
        desk.book.withdraw(kind, key, seen, person.require(), why)
    except ConflictError as error:
        st.session_state[CONFLICT] = error.conflicts[0]
    else:
        forget(_("Withdrawn. It no longer counts; the history is kept."))
    st.rerun()


def decide(desk: Desk, conflict: Conflict, person: Person) -> None:
    """Let a person decide which of two versions stands."""
    mine, theirs = conflict.mine, conflict.theirs
    chosen, why = ask_which(conflict, lambda body: body_words(body) or _("withdrawn"), "program")
    if chosen == THEIRS:
        forget("")
        st.rerun()
    if chosen == MINE:
        with refusing():
            st.session_state.pop(CONFLICT)
            kind, number = KINDS[mine.kind], theirs.number if theirs else 0
            if mine.body is None:
                withdraw_it(desk, kind, mine.key, number, why, person)
            else:
                write(desk, kind.make(mine.body), number, why, mine.source, person)


def remember_seen(item: Kept[Any]) -> int:
    """Keep the number of the state that the form was opened on; it stays until the form is done."""
    name = (item.record.kind, item.record.key)
    held = st.session_state.get(SEEN)
    if held is None or held[0] != name:
        st.session_state[SEEN] = (name, item.number)
    return int(st.session_state[SEEN][1])


def forget(done: str) -> None:
    """Let the form open anew, on how the record stands then."""
    st.session_state.pop(SEEN, None)
    st.session_state.pop(SERIES, None)
    program_form.forget()
    st.session_state.pop(CONFLICT, None)
    say_done(DONE, done)


def show_history(desk: Desk) -> None:
    """Show who changed what, newest first."""
    st.markdown(heading(_("History")))
    table = to_visible(tell_program(desk.book, desk.program.key), "program_changes", current_rights())
    st.dataframe(
        table,
        hide_index=True,
        key="program.history",
        column_config={
            "at": st.column_config.DatetimeColumn(_("When (UTC)"), format="YYYY-MM-DD HH:mm"),
            "who": _("Who"),
            "kind": _("Kind"),
            "what": st.column_config.TextColumn(_("As recorded"), width="large"),
            "was": _("Before"),
            "why": _("Why"),
            "source": _("Source"),
        },
    )


def _age(item: Kept[Any]) -> tuple[str, str]:
    record = item.record
    return str(getattr(record, "on", "") or getattr(record, "raised_on", "")), record.key
