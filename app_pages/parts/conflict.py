"""A conflict of two people over one record: both versions side by side, and which of them stands."""

from __future__ import annotations

from collections.abc import Callable

from app_pages.parts import screen as st
from app_pages.parts.markup import bold
from geo.language import gettext as _
from store.journal import Body, Conflict

THEIRS, MINE = "theirs", "mine"


def ask_which(conflict: Conflict, text_of: Callable[[Body | None], str], key: str) -> tuple[str, str]:
    """Show both versions and ask which one stands; return it (empty until somebody chose), and why."""
    mine, theirs = conflict.mine, conflict.theirs
    other = theirs.who if theirs else _("somebody else")
    st.error(
        _("{name} changed this in the meantime. Nothing of yours was written: decide.").format(name=other)
    )
    with st.container(border=True):
        st.markdown(bold(_("Theirs, as it stands")))
        st.text(text_of(theirs.body if theirs else None))
        if theirs:
            st.caption(f"{theirs.who}, {theirs.at:%Y-%m-%d %H:%M} UTC. {theirs.why}")
    with st.container(border=True):
        st.markdown(bold(_("Yours")))
        st.text(text_of(mine.body))
    why = st.text_input(_("Why yours, if you record it"), mine.why, key=f"{key}.conflict.why")
    keep, take = st.columns(2)
    if keep.button(_("Keep theirs"), key=f"{key}.conflict.theirs", width="stretch"):
        return THEIRS, why
    if take.button(_("Record mine"), key=f"{key}.conflict.mine", type="primary", width="stretch"):
        return MINE, why
    return "", why
