"""Changing a system's stage, its comments, milestones, funding and what water costs a household."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.editing import MINE, THEIRS, ask_which
from app_pages.parts.page import refusing
from app_pages.parts.water.board import Desk
from geo.errors import ConflictError
from geo.intake.values import past_span_cells
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import from_percent, is_missing, to_percent
from store.journal import Body, Conflict, Draft, Entry
from store.records import Record
from store.water.board_rows import LASTING
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

CONFLICT, DONE, ENTRIES = "water.conflict", "water.done", "water.entries"


def edit_stage(desk: Desk, pwsid: str, service: Service) -> None:
    """Show the form of a system's stage, or the conflict that is to be decided."""
    show_recorded(desk, Status.kind, pwsid)
    conflict: Conflict | None = st.session_state.get(CONFLICT)
    if conflict is not None and conflict.mine.key == f"{pwsid}/{service}":
        decide(desk, conflict)
        return
    now = remember_seen(pwsid, service, standing(desk, pwsid, service))
    seen = int(now["number"])
    key = f"water.edit.{pwsid}.{service}.{seen}"
    stage = ask_stage(key, now)
    with st.form(f"water.form.{pwsid}.{service}.{seen}", border=False):
        fields = {
            "stage": stage,
            **ask_fields(f"{key}.{stage}", now if stage == str(now["stage"]) else lasting(now)),
        }
        why = st.text_input(
            _("Why (needed where a stage goes back)"), key=f"water.why.{pwsid}.{service}.{seen}"
        )
        pressed = st.form_submit_button(_("Record the stage"), type="primary")
    if pressed:
        with refusing():
            record(desk, {"pwsid": pwsid, "service": service, **given(fields)}, seen, why)


def standing(desk: Desk, pwsid: str, service: Service) -> pd.Series[Any]:
    """Read how the stage stands in the database at this moment."""
    statuses = desk.board.statuses()
    found: pd.Series[Any] = statuses.xs((pwsid, str(service)))  # type: ignore[assignment]
    return found


def remember_seen(pwsid: str, service: Service, now: pd.Series[Any]) -> pd.Series[Any]:
    """Keep how the stage stood when the form was opened until the form is done; nothing later slips in."""
    key = ("water.seen", pwsid, str(service))
    held = st.session_state.get("water.seen")
    if held is None or held[0] != key:
        st.session_state["water.seen"] = (key, now)
    found: pd.Series[Any] = st.session_state["water.seen"][1]
    return found


def forget_seen() -> None:
    """Let the form open anew, on how the record stands then."""
    st.session_state.pop("water.seen", None)
    st.session_state.pop(CONFLICT, None)


def ask_stage(key: str, now: pd.Series[Any]) -> str:
    """Ask which stage it is; beside the form, as what belongs to a stage is asked anew with another one."""
    stages = {str(stage): _(title) for stage, title in STAGE_TITLES.items()}
    at = list(stages).index(str(now["stage"]))
    return st.selectbox(
        _("Stage"), list(stages), index=at, key=f"{key}.stage", format_func=stages.__getitem__
    )


def lasting(now: pd.Series[Any]) -> pd.Series[Any]:
    """Leave what lasts beyond a stage: its day, source and document belong to it, and are not passed on."""
    return now.where(now.index.isin(LASTING))


def ask_fields(key: str, now: pd.Series[Any]) -> dict[str, Any]:
    """Ask for what is recorded of a stage, filled in with how it stands."""
    reached = st.text_input(
        _("Reached on (a day, month or year)"),
        value=_text(now["reached_on"]),
        key=f"{key}.on",
        placeholder=_("5/1/2024, May 2024 or 2024"),
    )
    evidence = st.text_input(_("Source or evidence"), value=_text(now["evidence"]), key=f"{key}.evidence")
    return {
        "reached_on": reached,
        "evidence": evidence,
        "link": st.text_input(_("Document (address)"), value=_text(now["link"]), key=f"{key}.link"),
        "lead": st.text_input(_("Lead organization"), value=_text(now["lead"]), key=f"{key}.lead"),
        "note": st.text_input(_("Note"), value=_text(now["note"]), key=f"{key}.note"),
    }


SPANS = ("reached_on", "on", "bridge_since")


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Take what a form was told, its days, months and years read as people type them.

    Raises
    ------
    SchemaError
        One is none, or lies in the future.

    Examples
    --------
    >>> told = given({"reached_on": "May 2014", "note": "", "stage": "connected"})
    >>> str(told["reached_on"]), sorted(told)
    ('2014-05', ['reached_on', 'stage'])
    """
    told = {name: value for name, value in fields.items() if value not in (None, "")}
    typed = {name: str(told[name]) for name in SPANS if name in told}
    return told | {name: past_span_cells([text])(text).value for name, text in typed.items()}


def keep_recorded(entries: Sequence[Entry], where: str) -> None:
    """Keep what was just recorded, so that it can be taken back where it was done."""
    st.session_state[DONE] = (where, tuple(entries))


def show_recorded(desk: Desk, where: str, pwsid: str = "") -> None:
    """Say that something was recorded here, with a button that takes it back.

    Parameters
    ----------
    where
        What was recorded, as :func:`keep_recorded` was told.
    pwsid
        Only what concerns this system.
    """
    done: tuple[str, tuple[Entry, ...]] | None = st.session_state.get(DONE)
    if done is None or done[0] != where or not done[1][0].key.startswith(pwsid):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(_("Recorded."))
        if st.button(_("Undo"), key=f"water.undo.{where}"):
            with refusing():
                desk.board.undo(done[1], desk.who)
                st.session_state.pop(DONE)
                forget_seen()
                st.rerun()


def record(desk: Desk, fields: dict[str, Any], seen: int, why: str) -> None:
    """Record a stage; a conflict is kept, to be shown and decided."""
    status = Status.make(fields)
    try:
        entries = desk.board.record([Change(status, seen, why, status.evidence)], desk.who)
    except ConflictError as error:
        st.session_state[CONFLICT] = error.conflicts[0]
    else:
        forget_seen()
        keep_recorded(entries, Status.kind)
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
    told = given(fields)
    if kind == "affordability":
        told["source_note"] = source
    keep_recorded(desk.board.add([RECORDS[kind].make(told)], desk.who, source=source), ENTRIES)
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
        "reached_on": ask_when(_("Reached on"), now.get("reached_on"), f"{key}.on"),
    }


def ask_day(title: str, now: date | None, key: str) -> date | None:
    """Ask for a day, which may stay open."""
    day: date | None = st.date_input(title, value=now, key=key, format="YYYY-MM-DD")
    return day


def ask_when(title: str, now: object, key: str) -> str:
    """Ask for a day, a month or a year, which may stay open."""
    shown = "" if now is None else str(now)
    return st.text_input(title, value=shown, key=key, placeholder=_("5/1/2024, May 2024 or 2024"))


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
        "on": ask_when(_("On"), now.get("on"), f"{key}.on"),
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
        "on": ask_when(_("On"), now.get("on"), f"{key}.on"),
    }


ASKED: Mapping[str, Callable[..., dict[str, Any]]] = {
    "comment": ask_comment,
    "milestone": ask_milestone,
    "funding": ask_funding,
    "affordability": ask_affordability,
}
