"""Writing of a canvass: where somebody else was faster, both versions are shown and a person decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app_pages.parts import screen as st
from app_pages.parts.common import refusing
from app_pages.parts.conflict import MINE, THEIRS, ask_which
from app_pages.parts.person import Person
from app_pages.parts.seen import forget_seen
from geo.errors import ConflictError
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.settle import record_upon
from store.canvass.telling import version_text
from store.journal import Conflict

T = TypeVar("T")


def attempt(form: str, act: Callable[[], T]) -> T:
    """Write what a form says; a conflict is kept, to be shown and decided in place of the form."""
    try:
        return act()
    except ConflictError as error:
        st.session_state[_key(form)] = error.conflicts[0]
        st.rerun()
        raise


def decide(book: CanvassBook, person: Person, form: str, tell: Callable[[str], None]) -> bool:
    """Show a form's conflict, if there is one, and let a person decide; return whether there is one."""
    conflict: Conflict | None = st.session_state.get(_key(form))
    if conflict is None or conflict.mine.region != book.region:
        return False
    mine, theirs = conflict.mine, conflict.theirs
    chosen, why = ask_which(conflict, lambda body: version_text(mine.kind, mine.key, body), form)
    if chosen == THEIRS:
        _done(form)
        st.rerun()
    if chosen == MINE:
        with refusing():
            number = theirs.number if theirs else 0
            attempt(form, lambda: record_upon(book, mine, person.require(), seen=number, why=why))
            _done(form)
            tell(_("Recorded."))
    return True


def _done(form: str) -> None:
    st.session_state.pop(_key(form), None)
    forget_seen(form)


def _key(form: str) -> str:
    return f"{form}.late"
