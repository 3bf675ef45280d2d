"""Taking in the task force's own spreadsheet: a preview first, nothing written until confirmed."""

from __future__ import annotations

from html import escape

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes
from app_pages.parts.markup import bold
from app_pages.parts.page import ask_file, refusing
from app_pages.parts.people import may_write
from app_pages.parts.water.board import Desk
from geo.errors import ConflictError
from geo.language import current_language, ngettext
from geo.language import gettext as _
from store.water.sheet_layout import name_systems, read_sheet
from store.water.sheet_preview import Line, Preview, Verdict, confirm_import, preview_import

STYLES = """<style>
.geo-refused{max-height:20rem;overflow:auto;border:1px solid #c5ced6;border-radius:8px;padding:0.4rem 0.8rem}
.geo-refused table{width:100%;border-collapse:collapse;font-size:0.92rem;line-height:1.35}
.geo-refused caption{text-align:left;font-weight:650;padding-bottom:0.2rem}
.geo-refused th,.geo-refused td{text-align:left;vertical-align:top;padding:2px 0.8rem 2px 0;font-weight:400}
.geo-refused thead th{color:#4d4d4d;font-size:0.84rem}
</style>"""
KEPT = "water.import.preview"


def show_import(desk: Desk) -> None:
    """Take a file, show what each row would do, and record it when a person says so."""
    done = st.session_state.pop("water.import.done", None)
    if done:
        words = ngettext("{count} change was recorded.", "{count} changes were recorded.", done)
        st.success(words.format(count=done))
    st.caption(
        _(
            "Your own sheet as it is, CSV or XLSX: a row for each system (or each grant) with its PWSID or "
            "name, and, as far as you have them, stage, date, lead, note, source and link; funding source, "
            "amount, status and date; milestone; comment; water rate and share of income. Headings may be "
            "English or Spanish, and stand below titles. An empty cell leaves what is recorded. Nothing is "
            "written before you confirm."
        )
    )
    if not may_write(desk.who):
        return
    turn = st.session_state.setdefault("water.import.turn", 0)
    file = ask_file(_("Spreadsheet"), (".csv", ".xlsx", ".xlsm"), f"water.import.{turn}")
    if file is None:
        return
    with refusing():
        preview = keep_preview(desk, file.content, file.name)
        show_preview(preview)
        ask_confirmation(desk, preview)


def keep_preview(desk: Desk, content: bytes, name: str) -> Preview:
    """Make the preview once for a file: what it saw is what is confirmed, so a change in between is told."""
    key = (desk.region.key, name, hash(content), current_language())
    held = st.session_state.get(KEPT)
    if held is None or held[0] != key:
        named = name_systems(load_shapes(desk.region.key, "water_systems", desk.rights))
        held = (key, preview_import(read_sheet(content, name), desk.board, named))
        st.session_state[KEPT] = held
    preview: Preview = held[1]
    return preview


def show_preview(preview: Preview) -> None:
    """Say how the file was understood, and show every row with its verdict."""
    st.markdown(bold(_("How it was understood")))
    for line in preview.understood:
        st.text(line)
    refused = preview.count(Verdict.REFUSED)
    told = _(
        "Rows with something to record: {changed}. With nothing new: {same}. That do not match: {refused}."
    ).format(changed=preview.count(Verdict.CHANGED), same=preview.count(Verdict.SAME), refused=refused)
    (st.warning if refused else st.info)(told)
    if refused:
        st.html(refused_html(preview.refused))
    matching = preview.to_table()
    if matching.empty:
        return
    titles = {
        "row": _("Row"),
        "verdict": _("What becomes of it"),
        "pwsid": _("System"),
        "service": _("Service"),
        "kind": _("What"),
        "was": _("From"),
        "now": _("To"),
        "why": _("Remark"),
    }
    st.dataframe(matching, hide_index=True, key="water.import.rows", column_config=titles)


def refused_html(lines: list[Line]) -> str:
    """Write the rows that do not match as a table in which every reason can be read whole."""
    heads = "".join(f'<th scope="col">{escape(word)}</th>' for word in (_("Row"), _("System"), _("Why not")))
    rows = "".join(
        f'<tr><th scope="row">{line.number}</th><td>{escape(line.pwsid)}</td>'
        f"<td>{escape(line.remark)}</td></tr>"
        for line in lines
    )
    title = escape(_("Rows that do not match"))
    table = f"<table><caption>{title}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'{STYLES}<div class="geo-refused" tabindex="0" role="region" aria-label="{title}">{table}</div>'


def ask_confirmation(desk: Desk, preview: Preview) -> None:
    """Record what matches, when a person confirms; tell who was faster."""
    count = len(preview.drafts)
    words = ngettext("Record {count} change", "Record {count} changes", count).format(count=count)
    confirm, again = st.columns(2)
    if again.button(_("Compare with the board anew"), key="water.import.again", width="stretch"):
        st.session_state.pop(KEPT, None)
        st.rerun()
    pressed = confirm.button(
        words, key="water.import.confirm", type="primary", disabled=not count, width="stretch"
    )
    if pressed:
        try:
            entries = confirm_import(preview, desk.board, desk.who)
        except ConflictError as error:
            st.error(f"{error.fault}. " + _("Nothing was written: compare with the board anew."))
            return
        st.session_state["water.import.done"] = len(entries)
        st.session_state["water.import.turn"] += 1
        st.session_state.pop(KEPT)
        st.rerun()
