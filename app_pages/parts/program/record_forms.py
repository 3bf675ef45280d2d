"""Forms for what is recorded beside events: contacts, enrollments, messages, races, times, boundaries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.page import refusing, say_done, tell_done
from app_pages.parts.people import Person
from app_pages.parts.program.event_form import tell_codes
from app_pages.parts.program.fields import CODE, FIELDS, RECORDED, WHERE, Desk, ask_fields
from app_pages.parts.program.forums import record_forum
from app_pages.parts.screen import Part
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.program.declaration import Counted
from geo.program.sign_in_sheets import Known, codes_in_text, to_one_code
from store.program.code_secret import read_secret
from store.program.kinds import (
    Barrier,
    Contact,
    Enrollment,
    Event,
    EventKind,
    Message,
    MilestoneReached,
    Question,
    Race,
    Reading,
    Recruit,
)
from store.records import Record

DONE, TURN, FORUM_DONE = "program.other.done", "program.other.turn", "program.forum.done"
TITLES: dict[type[Record], str] = {
    Contact: N_("Households reached by a canvass"),
    Enrollment: N_("Enrollment"),
    Recruit: N_("Recruit"),
    Message: N_("Message or media"),
    Barrier: N_("Barrier raised"),
    MilestoneReached: N_("Milestone reached"),
    Reading: N_("A figure from a partner"),
    Race: N_("Race"),
    Question: N_("Question of a resident"),
}
FIRST: dict[str, tuple[type[Record], ...]] = {
    "forums": (Question,),
    "enrollment": (Enrollment,),
    "census": (Contact,),
    "water": (Barrier,),
}


def kinds_of(desk: Desk) -> list[type[Record]]:
    """List what can be recorded of a program, what it needs most first."""
    counted = {measure.counted for measure in desk.program.measures}
    first = FIRST.get(desk.program.kind, (Recruit,) if Counted.RECRUITS in counted else (Barrier,))
    rest = [kind for kind in TITLES if kind not in first]
    missing: set[type[Record]] = set() if desk.program.milestones else {MilestoneReached}
    # A forum, its races too, has a part of the page of its own.
    missing |= {Race} if has_forums(desk) else set()
    return [kind for kind in (*first, *rest) if kind not in missing]


def has_forums(desk: Desk) -> bool:
    """Whether a program has forums: it is one of forums, or has recorded one or its race."""
    forums = (event.event_kind is EventKind.FORUM for event in desk.book.events(desk.program.key))
    return desk.program.kind == "forums" or any(forums) or bool(desk.book.kept(Race, desk.program.key))


def record_forums(desk: Desk, person: Person) -> None:
    """Let somebody record the races of a forum, then all of it in one form; open once one was recorded."""
    if not has_forums(desk):
        return
    event: Event | None = st.session_state.get(RECORDED)
    just = event is not None and event.event_kind is EventKind.FORUM and event.program == desk.program.key
    with st.expander(
        _("A forum: its races, candidates, times and questions"), expanded=just, key="forum.part"
    ):
        if just and event is not None:
            st.info(_("Add the races and times of this forum: {title}.").format(title=event.title))
        told = tell_done(FORUM_DONE)
        record_race(desk, person, told)
        record_forum(desk, told, lambda make, source: write(desk, person, make, source, done=FORUM_DONE))


def record_race(desk: Desk, person: Person, told: Part) -> None:
    """Ask for a race and its candidates; the next one begins with the day of the election of the last."""
    key = f"forum.race.{st.session_state.get(TURN, 0)}"
    races = [item.record for item in desk.book.kept(Race, desk.program.key)]
    with st.expander(_("Add a race and its candidates"), expanded=not races, key="forum.race.part"):
        with st.form("program.race"):
            fields = ask_fields(desk, FIELDS[Race], key, {"on": races[-1].on} if races else {})
            source = st.text_input(_("Source"), key=f"{key}.source")
            sent = st.form_submit_button(_("Record the race"))
        if sent:
            told.empty()
            race = {"program": desk.program.key} | fields
            write(desk, person, lambda: [Race.make(race)], source, done=FORUM_DONE)


def record_other(desk: Desk, person: Person) -> None:
    """Let somebody choose what to record, and fill in its fields."""
    kind = st.selectbox(
        _("What to record"), kinds_of(desk), format_func=lambda item: _(TITLES[item]), key="other.kind"
    )
    if kind is Recruit:
        record_recruits(desk, person)
        return
    if kind is Barrier and not desk.book.events(desk.program.key):
        st.info(_("Record the event first."))
        return
    key = f"other.{kind.kind}.{st.session_state.get(TURN, 0)}"
    own = [field for field in FIELDS[kind] if field not in WHERE]
    where = [field for field in FIELDS[kind] if field in WHERE]
    with st.form("program.other"):
        fields = ask_fields(desk, own, key, {})
        with st.expander(_("Place, partner, source")):
            fields |= ask_fields(desk, where, key, {})
            source = st.text_input(_("Source"), key=f"{key}.source")
        sent = st.form_submit_button(_("Record it"), type="primary")
    told = tell_done(DONE)
    if sent:
        told.empty()
        record = {"program": desk.program.key} | fields
        write(desk, person, lambda: [kind.make(record | coded(record))], source)


def coded(record: dict[str, Any]) -> dict[str, str]:
    """Return the code of the person whom a record names by a code, an e-mail or a phone number, if any."""
    named = str(record.get("person", ""))
    return {"person": to_one_code(named, Known(secret=read_secret()))} if named else {}


def record_recruits(desk: Desk, person: Person) -> None:
    """Ask for the codes of all who signed up on a day; who is down already stays as they are."""
    key = f"other.{Recruit.kind}.{st.session_state.get(TURN, 0)}"
    with st.form("program.recruits"):
        fields = ask_fields(
            desk, [field for field in FIELDS[Recruit] if field not in (CODE, *WHERE)], key, {}
        )
        codes = st.text_area(_("Codes of the people who signed up"), key=f"{key}.codes")
        st.caption(_("E-mails, phone numbers or a file: above, as a list of who signed up."))
        with st.expander(_("Place, partner, source")):
            fields |= ask_fields(desk, WHERE, key, {})
            source = st.text_input(_("Source"), key=f"{key}.source")
        sent = st.form_submit_button(_("Record it"), type="primary")
    told = tell_done(DONE)
    if sent:
        told.empty()
        there = {item.record.person for item in desk.book.kept(Recruit, desk.program.key)}
        plain = {"program": desk.program.key} | fields
        write(
            desk,
            person,
            lambda: [
                Recruit.make(plain | {"person": code}) for code in codes_in_text(codes) if code not in there
            ],
            source,
        )
        # Only what was refused comes here.
        tell_codes(codes, refused=True, key=key)


def write(
    desk: Desk, person: Person, make: Callable[[], Sequence[Record]], source: str, *, done: str = DONE
) -> None:
    """Record, say so, and empty the form; what was wrong is told and the form stays."""
    st.session_state.pop(done, None)
    with refusing():
        entries = desk.book.add(make(), person.require(), source=source)
        words = ngettext("Recorded: {count} entry.", "Recorded: {count} entries.", len(entries))
        say_done(done, words.format(count=len(entries)) if entries else _("Nothing that is new."))
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        st.rerun()
