"""Taking in the task force's own spreadsheet: a preview first, nothing written until confirmed."""

from __future__ import annotations

import streamlit as st

from app_pages.common import refusing
from app_pages.signing_in import may_write
from app_pages.water_data import Desk
from geo.language import gettext as _
from geo.sheets import read_rows
from store.board_import import Preview, Verdict, confirm_import, preview_import


def show_import(desk: Desk) -> None:
    """Take a file, show what each row would do, and record it when a person says so."""
    done = st.session_state.pop("water.import.done", None)
    if done:
        st.success(_("{count} changes were recorded.").format(count=done))
    st.caption(
        _(
            "CSV or XLSX with the columns pwsid and stage; service, reached_on, lead, evidence, link, note "
            "and why as "
            "far as known. The Excel download of the board has the same identifiers."
        )
    )
    turn = st.session_state.setdefault("water.import.turn", 0)
    file = st.file_uploader(_("Spreadsheet"), type=["csv", "xlsx"], key=f"water.import.{turn}")
    if file is None:
        return
    with refusing():
        preview = keep_preview(desk, file.getvalue(), file.name)
        show_preview(preview)
        if may_write(desk.who):
            ask_confirmation(desk, preview, file.name)


def keep_preview(desk: Desk, content: bytes, name: str) -> Preview:
    """Make the preview once for a file: what it saw is what is confirmed, so a change in between is told."""
    key = (name, hash(content))
    held = st.session_state.get("water.import.preview")
    if held is None or held[0] != key:
        held = (key, preview_import(read_rows(content, name), desk.board))
        st.session_state["water.import.preview"] = held
    preview: Preview = held[1]
    return preview


def show_preview(preview: Preview) -> None:
    """Show every row with its verdict, and how many there are of each."""
    st.markdown(
        _("{changed} rows will be recorded, {same} are so already, {refused} do not match.").format(
            changed=preview.count(Verdict.CHANGED),
            same=preview.count(Verdict.SAME),
            refused=preview.count(Verdict.REFUSED),
        )
    )
    titles = {
        "row": _("Row"),
        "pwsid": _("PWSID"),
        "service": _("Service"),
        "was": _("From"),
        "now": _("To"),
        "verdict": _("What becomes of it"),
        "why": _("Why not"),
    }
    st.dataframe(preview.to_table(), hide_index=True, key="water.import.rows", column_config=titles)


def ask_confirmation(desk: Desk, preview: Preview, name: str) -> None:
    """Record the rows that match, when a person confirms."""
    words = _("Record the {count} rows that match").format(count=preview.count(Verdict.CHANGED))
    if st.button(words, key="water.import.confirm", type="primary", disabled=not preview.changes):
        entries = confirm_import(preview, desk.board, desk.who, source=name)
        st.session_state["water.import.done"] = len(entries)
        st.session_state["water.import.turn"] += 1
        st.session_state.pop("water.import.preview")
        st.rerun()
