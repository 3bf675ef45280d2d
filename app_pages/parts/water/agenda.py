"""The agenda of a meeting: what changed, news to confirm, what is overdue, decisions, and closing it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from html import escape
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import refusing, say_done, tell_done
from app_pages.parts.people import may_write
from app_pages.parts.water.board import Desk, changes_of
from app_pages.parts.water.board_map import name_with_number
from app_pages.parts.water.card import change_titles
from app_pages.parts.water.known_projects import show_news
from app_pages.parts.water.meeting_report import close_form, offer_report
from geo.days import day_in, day_words
from geo.language import gettext as _
from geo.language import ngettext
from store.records import Kept
from store.visibility import may_see
from store.water.board_table import Filters
from store.water.kinds import Milestone
from store.water.meetings import Decision, decide, decisions_of, late_steps, list_meetings
from store.water.projects import list_projects

TURN, DONE = "meeting.turn", "meeting.recorded"


def show_agenda(desk: Desk, ordered: pd.DataFrame, boundary: str, method: str) -> None:
    """Show the agenda, point by point; each begins where the one before may fail."""
    for show in (show_changed, show_confirm, show_overdue, show_decisions):
        with refusing():
            show(desk)
    with refusing():
        close_form(desk)
    st.markdown(heading(_("5. The report")))
    with refusing():
        offer_report(desk, Filters(), ordered, boundary, method)


def show_changed(desk: Desk) -> None:
    """List what changed since the last meeting."""
    meetings = list_meetings(desk.board)
    last = meetings[0] if meetings else None
    since = day_words(last.record.held_on) if last else _("the beginning")
    st.markdown(heading(_("1. Changes since {day}").format(day=since)))
    told = changes_of(desk, since=last.at if last else None)
    ours = told[told["pwsid"].isin(desk.table.index)]
    if ours.empty:
        st.text(_("Nothing was recorded since then."))
        return
    names = [name_with_number(str(desk.table["name"][pwsid]), pwsid) for pwsid in ours["pwsid"]]
    titles = {**change_titles(desk.region.timezone), "system": st.column_config.TextColumn(_("System"))}
    shown = ours.drop(columns="pwsid").assign(system=names)
    first = ["system", *[name for name in ("kind", "was", "now") if name in shown]]
    rest = [name for name in shown.columns if name not in first]
    st.dataframe(shown[[*first, *rest]], hide_index=True, key="meeting.changes", column_config=titles)


def show_confirm(desk: Desk) -> None:
    """Show the news that wait to be confirmed."""
    st.markdown(heading(_("2. News to confirm")))
    if not desk.news:
        st.text(_("No news item waits."))
    show_news(desk)


@dataclass(frozen=True, slots=True)
class Late:
    """What was to be done by a day that is over."""

    due: date
    what: str
    system: str = ""
    lead: str = ""


def list_late(desk: Desk, day: date) -> list[Late]:
    """List milestones of systems, steps of projects and next steps whose day is over, the longest over first.

    Projects and next steps only for who may see them.
    """
    names = {
        str(pwsid): name_with_number(str(name), str(pwsid)) for pwsid, name in desk.table["name"].items()
    }
    found = [
        Late(item.record.planned_for, item.record.title, names[item.record.pwsid])
        for item in desk.board.kept(Milestone)
        if item.record.planned_for
        and item.record.planned_for < day
        and not item.record.reached_on
        and item.record.pwsid in names
    ]
    if may_see("project", desk.rights):
        step = _("{project}: {step}")
        found += [
            Late(note.planned_for, step.format(project=project.title, step=note.title), lead=project.lead)
            for standing in list_projects(desk.board)
            for project in (standing.record,)
            for note in standing.overdue(day)
            if note.planned_for
        ]
    if may_see("decision", desk.rights):
        found += [
            Late(item.due, item.text, names.get(item.pwsid or "", ""), item.lead)
            for item in (kept.record for kept in late_steps(desk.board, day))
            if item.due
        ]
    return sorted(found, key=lambda item: item.due)


def show_overdue(desk: Desk) -> None:
    """List what is overdue."""
    st.markdown(heading(_("3. Overdue")))
    day = day_in(desk.region.timezone)
    late = list_late(desk, day)
    if not late:
        st.text(_("Nothing on record is overdue."))
        return
    rows = [
        {
            **asdict(item),
            "late": ngettext("{count} day", "{count} days", (day - item.due).days).format(
                count=(day - item.due).days
            ),
        }
        for item in late
    ]
    titles: dict[str, Any] = {
        "due": st.column_config.DateColumn(_("Due"), format="YYYY-MM-DD"),
        "what": _("What"),
        "system": _("System"),
        "lead": _("Lead"),
        "late": _("Late by"),
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="meeting.overdue", column_config=titles)


def show_decisions(desk: Desk) -> None:
    """List what this meeting decided so far, and take more."""
    st.markdown(heading(_("4. Decisions and next steps")))
    if not may_see("decision", desk.rights):
        st.caption(_("Decisions are for the task force; sign in to see them."))
        return
    meetings = list_meetings(desk.board)
    after = meetings[0].record.held_on if meetings else None
    today = day_in(desk.region.timezone)
    kept = decisions_of(desk.board, after, today)
    if kept:
        lines = "".join(f"<li>{escape(decision_words(desk, item))}</li>" for item in kept)
        st.html(f"<ul>{lines}</ul>")
    if may_write(desk.who):
        ask_decision(desk)
        mark_done(desk)


def decision_words(desk: Desk, item: Kept[Decision]) -> str:
    """Tell a decision with its system, who leads it and by when."""
    record = item.record
    name = str(desk.table["name"].get(record.pwsid, record.pwsid)) if record.pwsid else ""
    parts = [
        record.text,
        name,
        _("lead: {name}").format(name=record.lead) if record.lead else "",
        _("by {day}").format(day=day_words(record.due)) if record.due else "",
        _("done {day}").format(day=day_words(record.done_on)) if record.done_on else "",
    ]
    return " · ".join(part for part in parts if part)


def ask_decision(desk: Desk) -> None:
    """Ask for a decision or a next step."""
    turn = int(st.session_state.get(TURN, 0))
    names = desk.table["name"].astype(str).to_dict()
    with st.form(f"meeting.decision.{turn}", border=False):
        text = st.text_area(_("What was decided, or is to be done"), key=f"meeting.text.{turn}", height=70)
        one, two, three = st.columns(3)
        pwsid = one.selectbox(
            _("System (if one)"),
            sorted(names, key=names.__getitem__),
            index=None,
            key=f"meeting.system.{turn}",
            format_func=lambda key: name_with_number(names[key], key),
            placeholder=_("none"),
        )
        lead = two.text_input(_("Lead"), key=f"meeting.lead.{turn}")
        due = three.date_input(_("By when"), None, key=f"meeting.due.{turn}", format="YYYY-MM-DD")
        pressed = st.form_submit_button(_("Record it"), type="primary")
    if pressed:
        with refusing():
            fields = {"text": text, "pwsid": pwsid, "lead": lead, "due": due}
            told = {name: value for name, value in fields.items() if value not in (None, "")}
            decide(
                desk.board,
                Decision.make({"held_on": day_in(desk.region.timezone), **told}),
                desk.who,
                seen=0,
            )
            st.session_state[TURN] = turn + 1
            say_done(DONE, _("Recorded: {text}").format(text=text))
            st.rerun()
    tell_done(DONE)


def mark_done(desk: Desk) -> None:
    """Let a next step that is open be marked as done."""
    steps = {item.record.key: item for item in desk.board.kept(Decision)}
    steps = {key: item for key, item in steps.items() if item.record.is_step and not item.record.done_on}
    if not steps:
        return
    numbers = ".".join(str(item.number) for item in steps.values())
    with st.form(f"meeting.done.{numbers}", border=False):
        key = st.selectbox(
            _("Open steps"),
            list(steps),
            key="meeting.step",
            format_func=lambda name: decision_words(desk, steps[name]),
        )
        pressed = st.form_submit_button(_("Mark as done today"))
    if pressed:
        with refusing():
            item = steps[key]
            done = {**item.record.model_dump(exclude_none=True), "done_on": day_in(desk.region.timezone)}
            decide(desk.board, Decision.make(done), desk.who, seen=item.number)
            say_done(DONE, _("Marked as done: {text}").format(text=item.record.text))
            st.rerun()
