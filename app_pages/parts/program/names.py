"""Names beside codes, of a program that keeps them: for those who record in the field, and erased by them."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.page import refusing, say_done, tell_done
from app_pages.parts.people import Person
from app_pages.parts.program.fields import Desk
from geo.errors import StoreError
from geo.language import gettext as _
from geo.language import ngettext
from geo.program.declaration import Program
from geo.program.sign_in_sheets import join_codes, names_table
from store.program.names import NameBook, open_names
from store.visibility import to_visible

DONE, TURN = "names.done", "names.turn"


def names_of(desk: Desk, person: Person) -> NameBook | None:
    """Open a program's names; None unless it keeps them and whoever looks has signed in and may see them."""
    if not (desk.program.keep_names and person.signed.closed and person.sees("person_names")):
        return None
    return open_names(desk.region.key, desk.program.key)


def ask_names(program: Program | None, person: Person, tag: str) -> bool:
    """Ask whether names stay beside the codes, and say who will see them."""
    possible = person.signed.closed and open_names("", "") is not None
    kept = program is not None and program.keep_names
    chosen = st.checkbox(
        _("Keep names beside the codes"), kept, key=f"{tag}.names", disabled=not (possible or kept)
    )
    st.caption(
        _(
            "Canvass leads and coordinators who sign in see them; no visitor, report or file does. They lie "
            "apart from all records and can be erased at any time; switched off, all are."
        )
    )
    if not possible:
        st.caption(_("First members have to sign in here, and the server needs a file for names."))
    return bool(chosen)


def erase_where_off(desk: Desk, program: Program) -> None:
    """Erase all names of a program whose new version keeps none any more."""
    names = open_names(desk.region.key, program.key)
    if names is not None and desk.program.keep_names and not program.keep_names:
        names.erase()


def show_names(desk: Desk, person: Person) -> None:
    """Show the names of a program that keeps them, and let somebody erase some or all."""
    names = names_of(desk, person)
    if names is None:
        return
    with st.expander(_("Names, for canvass leads and coordinators")), refusing():
        tell_done(DONE)
        records, links = desk.book.records(), desk.book.links()
        came = records.attendance[records.attendance["program"] == desk.program.key]
        table = to_visible(names_table(names.read(), links, came), "person_names", person.rights)
        if table.empty:
            st.info(_("No name is kept yet: import a sign-in sheet that has a column of names."))
            return
        titles = {"code": _("Code"), "name": _("Name"), "sessions": _("Sessions attended")}
        st.dataframe(table, hide_index=True, key="names.table", column_config=titles)
        erase_names(names, dict(zip(table["code"], table["name"], strict=True)), links)


def erase_names(names: NameBook, shown: dict[str, str], links: list[tuple[str, str]]) -> None:
    """Let somebody erase the names of some people, or all."""
    turn = st.session_state.get(TURN, 0)
    with st.form("names.erase"):
        chosen = st.multiselect(
            _("Names to erase (empty: all)"),
            list(shown),
            format_func=lambda code: f"{shown[code]} · {code}",
            key=f"names.chosen.{turn}",
        )
        sure = st.checkbox(_("Erase for good: nobody can bring them back"), key=f"names.sure.{turn}")
        sent = st.form_submit_button(_("Erase names"))
    if sent:
        if not sure:
            raise StoreError(_("nothing was erased"), _("tick that it is for good"))
        person = join_codes(links)
        gone = [code for code in names.read() if not chosen or person.get(code, code) in chosen]
        names.erase(gone)
        words = ngettext("Erased: {count} name.", "Erased: {count} names.", len(gone))
        say_done(DONE, words.format(count=len(gone)))
        st.session_state[TURN] = turn + 1
        st.rerun()
