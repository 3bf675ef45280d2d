"""What hangs on a system besides its stage: comments, milestones, funding, what water costs a household."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app_pages.parts import screen as st
from app_pages.parts.common import refusing
from app_pages.parts.water.data import Desk
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import from_percent, to_percent
from store.records import Record
from store.status import FUNDING_TITLES, Affordability, Comment, Funding, FundingStatus, Milestone, Service

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
            _("How far"),
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
