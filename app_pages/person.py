"""Who is at the screen: a name that stands by every change, and whether small counts may be seen.

The name says who, it proves nothing: where the dashboard is open to everybody, put a sign-in before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app_pages.signing_in import KEPT
from geo.errors import StoreError
from geo.language import gettext as _

NAME = "person.name"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the screen; without a name a viewer, who changes nothing and sees no small counts."""

    name: str

    @property
    def may_write(self) -> bool:
        """Whether they may record something and see counts under ten."""
        return bool(self.name)

    def require(self) -> str:
        """Return the name.

        Raises
        ------
        StoreError
            There is none.
        """
        if not self.name:
            raise StoreError(_("nobody is named"), _("give your name in the sidebar; nothing was written"))
        return self.name


def current_person() -> Person:
    """Ask in the sidebar who is at the screen; the name goes along from page to page."""
    st.session_state.setdefault(NAME, st.session_state.get(KEPT, ""))
    with st.sidebar:
        name = st.text_input(
            _("Your name"),
            key=NAME,
            help=_("It stands by every change. Without it you see no counts under ten."),
        )
    st.session_state[KEPT] = name.strip()
    return Person(name.strip())
