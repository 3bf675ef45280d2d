"""Changing a stage in place; if somebody else was faster, both versions are shown and a person decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.common import refusing
from app_pages.parts.conflict import MINE, THEIRS, ask_which
from app_pages.parts.water.data import Desk
from geo.errors import ConflictError
from geo.language import gettext as _
from geo.units import is_missing
from store.board.stages import Change
from store.journal import Body, Conflict, Draft
from store.status import STAGE_TITLES, Service, Stage, Status
from store.telling import to_text, withdrawn_or_text

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
        "lead": st.text_input(_("Lead organisation"), value=_text(now["lead"]), key=f"{key}.lead"),
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
