"""What is on record of a system besides its stage: listed for everybody, changed in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import bold
from app_pages.parts.page import refusing
from app_pages.parts.water.board import Desk
from app_pages.parts.water.forms import (
    ASKED,
    CONFLICT,
    ENTRIES,
    KINDS,
    RECORDS,
    decide,
    given,
    keep_recorded,
    show_recorded,
)
from geo.days import day_in, day_words, moment_words
from geo.errors import ConflictError
from geo.language import gettext as _
from store.journal import Entry
from store.members import NOBODY, Rights
from store.records import Kept
from store.visibility import may_see, to_visible_body
from store.water.history import to_text
from store.water.kinds import SERVICE_TITLES, Service

STYLES = """<style>
.geo-lines{max-height:26rem;overflow:auto;font-size:0.92rem;line-height:1.4}
.geo-lines h4{margin:0.6rem 0 0.2rem 0;padding:0;font-size:0.95rem}
.geo-lines ol{list-style:none;margin:0;padding:0}
.geo-lines li{border-top:1px solid #dde4ea;padding:0.35rem 0;margin:0}
.geo-lines .what{font-weight:650}.geo-lines .by{display:block;color:#4d4d4d;font-size:0.84rem}
.geo-lines del{color:#4d4d4d}
</style>"""
Line = tuple[str, str, str]


def lines_html(title: str, lines: Iterable[Line]) -> str:
    """Write lines, each of what it is of, its text (which may hold markup made here), and who, when, why.

    Examples
    --------
    >>> "<li>" in lines_html("Changes", [("water, stage", "funded", "Ana")])
    True
    """
    items = "".join(
        f'<li><span class="what">{escape(what)}:</span> {text}<span class="by">{escape(by)}</span></li>'
        for what, text, by in lines
    )
    head = escape(title)
    return (
        f'{STYLES}<section class="geo-lines" tabindex="0" role="region" aria-label="{head}">'
        f"<h4>{head}</h4><ol>{items}</ol></section>"
    )


def change_line(change: dict[str, Any], timezone: str) -> Line:
    """Tell a change, as :func:`tell_changes` returns it, with what stood before struck out.

    What somebody may not see of it is not there.
    """
    was = f"<del>{escape(change['was'])}</del> → " if change["was"] else ""
    when = moment_words(pd.Timestamp(change["at"]).to_pydatetime(), timezone)
    by = [when, *([change["who"]] if "who" in change else [])]
    by += [words.format(text=change[key]) for key, words in _notes() if change.get(key)]
    return f"{change['service']}, {change['kind']}", was + escape(change["now"]), " · ".join(by)


def _notes() -> Sequence[tuple[str, str]]:
    return (("why", _("Why: {text}")), ("source", _("Source: {text}")))


def record_line(what: str, text: str, by: Sequence[str]) -> Line:
    """Tell a record as it stands."""
    return what, escape(text), " · ".join(part for part in by if part)


HELD = "water.entry.held"
Entries = dict[str, tuple[str, Kept[Any]]]


def entries_of(desk: Desk, pwsid: str) -> Entries:
    """Gather what is on record of a system, by key, with its kind."""
    return {
        kept.record.key: (kind, kept)
        for kind, record in RECORDS.items()
        for kept in desk.board.kept(record, as_of=desk.as_of)
        if kept.record.key.startswith(f"{pwsid}/")
    }


def show_entries(desk: Desk, pwsid: str) -> None:
    """List what is on record of a system, the newest first, as whoever looks may see it."""
    entries = entries_of(desk, pwsid)
    if not entries:
        return
    rows = sorted(entries.values(), key=lambda item: item[1].at, reverse=True)
    lines = [entry_line(kind, kept, desk.rights, desk.region.timezone) for kind, kept in rows]
    st.html(lines_html(_("On record"), [line for line in lines if line[1]]))


def entry_line(kind: str, kept: Kept[Any], rights: Rights, timezone: str) -> Line:
    """Tell a record with its source, its day and, to who may see it, who recorded it."""
    who = [kept.who] if may_see(kind, rights, "who") else []
    return record_line(
        f"{_(SERVICE_TITLES[kept.record.service])}, {_(KINDS[kind])}",
        text_of(kind, kept, rights),
        (kept.source, ", ".join([*who, day_words(day_in(timezone, kept.at))])),
    )


def text_of(kind: str, kept: Kept[Any], rights: Rights = NOBODY) -> str:
    """Write a record as a line, with what somebody of these rights may see of it."""
    body = kept.record.model_dump(mode="json", exclude_none=True)
    return to_text(kind, to_visible_body(body, kind, rights))


def edit_entries(desk: Desk, pwsid: str, service: Service) -> None:
    """Let a person choose a record of a system and service, and change or withdraw it."""
    show_recorded(desk, ENTRIES, pwsid)
    conflict = st.session_state.get(CONFLICT)
    if conflict is not None and conflict.mine.kind in RECORDS and conflict.mine.key.startswith(f"{pwsid}/"):
        decide(desk, conflict)
        return
    entries = {
        key: item for key, item in entries_of(desk, pwsid).items() if item[1].record.service is service
    }
    held = hold(desk, entries, pwsid)
    if held is not None:
        edit(desk, pwsid, *held)


def hold(desk: Desk, entries: Entries, pwsid: str) -> tuple[str, Kept[Any]] | None:
    """Let a person choose a record; it is held as it was seen, until the form is done."""
    held = st.session_state.get(HELD)
    entries = {**entries, **({held[0]: held[1]} if held and held[0].startswith(f"{pwsid}/") else {})}
    if not entries:
        return None
    st.markdown(bold(_("Change or withdraw what is on record")))
    key = st.selectbox(
        _("On record"),
        sorted(entries, key=lambda name: entries[name][1].at, reverse=True),
        index=None,
        key=f"water.entry.{pwsid}",
        format_func=lambda name: f"{_(KINDS[entries[name][0]])}: {text_of(*entries[name], desk.rights)}",
        placeholder=_("choose"),
    )
    if key is None:
        st.session_state.pop(HELD, None)
        return None
    if held is None or held[0] != key:
        held = (key, entries[key])
        st.session_state[HELD] = held
    found: tuple[str, Kept[Any]] = held[1]
    return found


def edit(desk: Desk, pwsid: str, kind: str, kept: Kept[Any]) -> None:
    """Show a record's form, filled in with how it was seen."""
    key = f"water.entry.{kept.record.id}.{kept.number}"
    with st.form(f"{key}.form", border=False):
        fields = ASKED[kind](key, kept.record.model_dump())
        source = st.text_input(_("Source or evidence"), value=kept.source, key=f"{key}.source")
        why = st.text_input(_("Why (needed to withdraw)"), key=f"{key}.why")
        with st.container(horizontal=True):
            change = st.form_submit_button(_("Record the change"), type="primary")
            withdraw = st.form_submit_button(_("Withdraw it"))
    with refusing():
        if change:
            told = given(fields)
            if kind == "affordability":
                told["source_note"] = source
            ids = {name: getattr(kept.record, name) for name in ("pwsid", "service", "id")}
            record = RECORDS[kind].make(ids | told)
            write(
                desk, pwsid, lambda: desk.board.amend(record, kept.number, desk.who, why=why, source=source)
            )
        if withdraw:
            write(desk, pwsid, lambda: desk.board.withdraw(kept.record, kept.number, desk.who, why))


def write(desk: Desk, pwsid: str, act: Callable[[], Entry]) -> None:
    """Record it; a conflict is kept, to be shown and decided."""
    try:
        entry = act()
    except ConflictError as error:
        st.session_state[CONFLICT] = error.conflicts[0]
    else:
        keep_recorded([entry], ENTRIES)
    st.session_state.pop(HELD, None)
    st.session_state.pop(f"water.entry.{pwsid}", None)
    st.rerun()
