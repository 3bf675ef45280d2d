"""Who is at the board: a name, which every change is signed with. It says who, it proves nothing."""

from __future__ import annotations

import streamlit as st

from geo.language import gettext as _

KEPT = "signed.who"


def choose_who() -> str:
    """Ask for a name in the sidebar; with one, small systems' own names show, and changes can be made."""
    st.session_state.setdefault("who", st.session_state.get(KEPT, ""))
    who = st.text_input(
        _("Your name (task force)"),
        key="who",
        placeholder=_("to record changes"),
        help=_(
            "Each change is signed with it. It also shows the names of small systems, which often are "
            "a family's: leave it empty where the public looks on."
        ),
    )
    st.session_state[KEPT] = who.strip()
    return str(st.session_state[KEPT])


def may_write(who: str) -> bool:
    """Say what to do where nobody is signed in; True where somebody is."""
    if not who:
        st.info(_("Write your name in the sidebar to record something."))
    return bool(who)
