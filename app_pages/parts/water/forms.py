"""Changing a system's stage, its comments, milestones, funding and what water costs a household."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.editing import MINE, THEIRS, ask_which
from app_pages.parts.page import refusing
from app_pages.parts.water.board import Desk
from geo.errors import ConflictError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import from_percent, is_missing, to_percent
from store.journal import Body, Conflict, Draft
from store.records import Record
from store.water.book import Change
from store.water.history import to_text, withdrawn_or_text
from store.water.kinds import (
    FUNDING_TITLES,
    STAGE_TITLES,
    Affordability,
    Comment,
    Funding,
    FundingStatus,
    Milestone,
    Service,
    Stage,
    Status,
)

CONFLICT, DONE = "water.conflict", "water.done"


def edit_stage(desk: Desk, pwsid: str, service: Service) -> None:
    """Show the form of a system's stage, or the conflict that is to be decided."""
    if st.session_state.get(DONE) == (pwsid, service):
        st.success(_("Recorded."))
        del st.session_state[DONE]
    conflict: Conflict | None = st.session_state.get(CONFLICT)
    if conflict is not None and conflict.mine.key == f"{pwsid}/{service}":
        decide(desk, conflict)
        return
    now = standing(desk, pwsid, service)
    seen = remember_seen(pwsid, service, int(now["number"]))
    with st.form(f"water.form.{pwsid}.{service}.{seen}", border=False):
        fields = ask_fields(f"water.edit.{pwsid}.{service}.{seen}", now)
        why = st.text_input(
            _("Why (needed where a stage goes back)"), key=f"water.why.{pwsid}.{service}.{seen}"
        )
        pressed = st.form_submit_button(_("Record the stage"), type="primary")
    if pressed:
        with refusing():
            record(desk, {"pwsid": pwsid, "service": service, **fields}, seen, why)


def standing(desk: Desk, pwsid: str, service: Service) -> pd.Series[Any]:
    """Read how the stage stands in the database at this moment."""
    statuses = desk.board.statuses()
    found: pd.Series[Any] = statuses.xs((pwsid, str(service)))  # type: ignore[assignment]
    return found


def remember_seen(pwsid: str, service: Service, number: int) -> int:
    """Keep the number of the entry that the form was opened on; it stays until the form is done."""
    key = ("water.seen", pwsid, str(service))
    held = st.session_state.get("water.seen")
    if held is None or held[0] != key:
        st.session_state["water.seen"] = (key, number)
    return int(st.session_state["water.seen"][1])


def forget_seen() -> None:
    """Let the form open anew, on how the record stands then."""
    st.session_state.pop("water.seen", None)
    st.session_state.pop(CONFLICT, None)


def ask_fields(key: str, now: pd.Series[Any]) -> dict[str, Any]:
    """Ask for what is recorded of a stage, filled in with how it stands."""
    stages = {str(stage): _(title) for stage, title in STAGE_TITLES.items()}
    reached = None if is_missing(now["reached_on"]) else pd.Timestamp(now["reached_on"]).date()
    return {
        "stage": st.selectbox(
            _("Stage"),
            list(stages),
            index=list(stages).index(str(now["stage"])),
            key=f"{key}.stage",
            format_func=stages.__getitem__,
        ),
        "reached_on": st.date_input(_("Reached on"), value=reached, key=f"{key}.on", format="YYYY-MM-DD"),
        "evidence": st.text_input(
            _("Source or evidence"), value=_text(now["evidence"]), key=f"{key}.evidence"
        ),
        "link": st.text_input(_("Document (address)"), value=_text(now["link"]), key=f"{key}.link"),
        "lead": st.text_input(_("Lead organization"), value=_text(now["lead"]), key=f"{key}.lead"),
        "note": st.text_input(_("Note"), value=_text(now["note"]), key=f"{key}.note"),
    }


def record(desk: Desk, fields: dict[str, Any], seen: int, why: str) -> None:
    """Record a stage; a conflict is kept, to be shown and decided."""
    status = Status.make({name: value for name, value in fields.items() if value is not None})
    try:
        desk.board.record([Change(status, seen, why, status.evidence)], desk.who)
    except ConflictError as error:
        st.session_state[CONFLICT] = error.conflicts[0]
    else:
        forget_seen()
        st.session_state[DONE] = (status.pwsid, status.service)
    st.rerun()


def decide(desk: Desk, conflict: Conflict) -> None:
    """Let a person decide which of two versions stands."""
    mine, theirs = conflict.mine, conflict.theirs
    chosen, why = ask_which(conflict, lambda body: text_of_version(mine.kind, body), "water")
    if chosen == THEIRS:
        forget_seen()
        st.rerun()
    if chosen == MINE:
        with refusing():
            record_mine(desk, mine, theirs.number if theirs else 0, why)


def text_of_version(kind: str, body: Body | None) -> str:
    """Write one side of a conflict."""
    return to_text(kind, body) if kind == Status.kind else withdrawn_or_text(kind, body)


def record_mine(desk: Desk, mine: Draft, seen: int, why: str) -> None:
    """Record a person's own version upon the other; if somebody was faster again, that is shown anew."""
    if mine.kind == Status.kind:
        record(desk, dict(mine.body or {}), seen, why)
    try:
        desk.board.journal.append([replace(mine, seen=seen, why=why, who=desk.who)])
    except ConflictError as error:
        st.session_state[CONFLICT] = error.conflicts[0]
    else:
        forget_seen()
    st.rerun()


def _text(value: Any) -> str:
    return "" if is_missing(value) else str(value)


def words_of_stage(stage: str) -> str:
    """Name a stage.

    Examples
    --------
    >>> words_of_stage("under_construction")
    'under construction'
    """
    return _(STAGE_TITLES[Stage(stage)])


EMPTY: Mapping[str, Any] = {}
KINDS = {
    "comment": N_("Comment"),
    "milestone": N_("Milestone"),
    "funding": N_("Funding"),
    "affordability": N_("What water costs a household"),
}
RECORDS: dict[str, type[Record]] = {
    "comment": Comment,
    "milestone": Milestone,
    "funding": Funding,
    "affordability": Affordability,
}


def add_further(desk: Desk, pwsid: str, service: Service) -> None:
    """Show a form for each kind, one at a time."""
    titles = {key: _(title) for key, title in KINDS.items()}
    kind = st.selectbox(_("What to add"), list(KINDS), key="water.further", format_func=titles.__getitem__)
    turn = st.session_state.setdefault("water.further.turn", 0)
    key = f"water.further.{kind}.{pwsid}.{turn}"
    with st.form(f"{key}.form", border=False):
        fields = ASKED[kind](key)
        source = st.text_input(_("Source or evidence"), key=f"{key}.source")
        pressed = st.form_submit_button(_("Add"), type="primary")
    if pressed:
        with refusing():
            add(desk, kind, {"pwsid": pwsid, "service": service, **fields}, source)


def add(desk: Desk, kind: str, fields: dict[str, Any], source: str) -> None:
    """Record one; the form is empty again afterwards."""
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    if kind == "affordability":
        given["source_note"] = source
    desk.board.add([RECORDS[kind].make(given)], desk.who, source=source)
    st.session_state["water.further.turn"] += 1
    st.rerun()


def ask_comment(key: str, now: Mapping[str, Any] = EMPTY) -> dict[str, Any]:
    """Ask for a comment; ``now`` is what the form begins with."""
    return {"text": st.text_area(_("Comment"), value=now.get("text", ""), key=f"{key}.text")}


def ask_milestone(key: str, now: Mapping[str, Any] = EMPTY) -> dict[str, Any]:
    """Ask for a milestone."""
    return {
        "title": st.text_input(_("Milestone"), value=now.get("title", ""), key=f"{key}.title"),
        "planned_for": ask_day(_("Planned for"), now.get("planned_for"), f"{key}.planned"),
        "reached_on": ask_day(_("Reached on"), now.get("reached_on"), f"{key}.on"),
    }


def ask_day(title: str, now: date | None, key: str) -> date | None:
    """Ask for a day, which may stay open."""
    day: date | None = st.date_input(title, value=now, key=key, format="YYYY-MM-DD")
    return day


def ask_funding(key: str, now: Mapping[str, Any] = EMPTY) -> dict[str, Any]:
    """Ask for money: from whom, how much, how far."""
    titles = {str(status): _(title) for status, title in FUNDING_TITLES.items()}
    return {
        "funder": st.text_input(_("From whom"), value=now.get("funder", ""), key=f"{key}.funder"),
        "amount_usd": st.number_input(
            _("Amount, US dollars"), value=now.get("amount_usd"), step=1000.0, key=f"{key}.amount"
        ),
        "status": st.selectbox(
            _("Status"),
            list(titles),
            index=list(titles).index(str(now.get("status", FundingStatus.APPLIED))),
            key=f"{key}.status",
            format_func=titles.__getitem__,
        ),
        "on": ask_day(_("On"), now.get("on"), f"{key}.on"),
        "note": st.text_input(_("Note"), value=now.get("note", ""), key=f"{key}.note"),
    }


def ask_affordability(key: str, now: Mapping[str, Any] = EMPTY) -> dict[str, Any]:
    """Ask for what water costs a household; its share of income is asked for in percent."""
    share = now.get("share_of_income")
    rate = st.number_input(
        _("Dollars a month"), value=now.get("rate_usd_per_month"), step=1.0, key=f"{key}.rate"
    )
    percent = st.number_input(
        _("Share of income, percent (if known)"),
        value=None if share is None else to_percent(share),
        step=0.1,
        format="%.1f",
        key=f"{key}.share",
    )
    return {
        "rate_usd_per_month": rate,
        "share_of_income": None if percent is None else from_percent(percent),
        "on": ask_day(_("On"), now.get("on"), f"{key}.on"),
    }


ASKED: Mapping[str, Callable[..., dict[str, Any]]] = {
    "comment": ask_comment,
    "milestone": ask_milestone,
    "funding": ask_funding,
    "affordability": ask_affordability,
}
