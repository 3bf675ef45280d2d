"""What hangs on a system besides its stage: comments, milestones, funding, what water costs a household."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app_pages.common import refusing
from app_pages.water_data import Desk
from geo.language import gettext as _
from geo.language import mark as N_
from store.records import Record
from store.status import (
    FUNDING_TITLES,
    Affordability,
    Comment,
    Funding,
    Milestone,
    Service,
)

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


def ask_comment(key: str) -> dict[str, Any]:
    """Ask for a comment."""
    return {"text": st.text_area(_("Comment"), key=f"{key}.text")}


def ask_milestone(key: str) -> dict[str, Any]:
    """Ask for a milestone."""
    return {
        "title": st.text_input(_("Milestone"), key=f"{key}.title"),
        "planned_for": st.date_input(_("Planned for"), value=None, key=f"{key}.planned", format="YYYY-MM-DD"),
        "reached_on": st.date_input(_("Reached on"), value=None, key=f"{key}.on", format="YYYY-MM-DD"),
    }


def ask_funding(key: str) -> dict[str, Any]:
    """Ask for money: from whom, how much, how far."""
    titles = {str(status): _(title) for status, title in FUNDING_TITLES.items()}
    return {
        "funder": st.text_input(_("From whom"), key=f"{key}.funder"),
        "amount_usd": st.number_input(_("Amount, US dollars"), value=None, key=f"{key}.amount"),
        "status": st.selectbox(
            _("How far"), list(titles), key=f"{key}.status", format_func=titles.__getitem__
        ),
        "on": st.date_input(_("On"), value=None, key=f"{key}.on", format="YYYY-MM-DD"),
        "note": st.text_input(_("Note"), key=f"{key}.note"),
    }


def ask_affordability(key: str) -> dict[str, Any]:
    """Ask for what water costs a household."""
    return {
        "rate_usd_per_month": st.number_input(_("Dollars a month"), value=None, key=f"{key}.rate"),
        "share_of_income": st.number_input(_("Share of income (0 to 1)"), value=None, key=f"{key}.share"),
        "on": st.date_input(_("On"), value=None, key=f"{key}.on", format="YYYY-MM-DD"),
    }


ASKED = {
    "comment": ask_comment,
    "milestone": ask_milestone,
    "funding": ask_funding,
    "affordability": ask_affordability,
}
