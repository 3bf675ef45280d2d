"""Who is at the screen, and what they may see and record.

Where the installation has members, a name and its passphrase are asked for. Where it has none, a person
names themself: that says who, it proves nothing, and the sidebar says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app_pages.parts.refusals import guarded
from geo.language import gettext as _
from store.database import open_database
from store.journal import Journal
from store.members import EVERY_RIGHT, RIGHTS, ROLE_MEANINGS, ROLE_TITLES, Member, Members, Right
from store.records import Kept

KEPT = "signed.who"
# Name and entry of the member who is signed in; an entry that was replaced or withdrawn signs them out.
SIGNED, REFUSED = "signed.member", "signed.refused"
NAME, PASSPHRASE = "signed.name", "signed.passphrase"
ADD = "python -m store.members add NAME --role coordinator"


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody at the screen and their rights; the name is empty where nobody is."""

    name: str
    rights: frozenset[Right]
    closed: bool

    def may(self, right: Right) -> bool:
        """Whether they have a right."""
        return bool(self.name) and right in self.rights

    def how_to_record(self) -> str:
        """Say what somebody does who may not record."""
        if self.name:
            return _("Your role does not record here; ask a coordinator.")
        if self.closed:
            return _("Sign in, in the sidebar, to record something.")
        return _("Give your name in the sidebar to record something.")

    def how_to_see(self) -> str:
        """Say what somebody does who does not see small counts and single doors."""
        if self.name:
            return _("Your role does not see small counts; ask a coordinator.")
        if self.closed:
            return _("Sign in, in the sidebar, to see small counts and single doors.")
        return _("Give your name in the sidebar to see small counts and single doors.")


def choose_who() -> str:
    """Ask who is at the water board; the name of one who may record and see small systems' own names."""
    signed = ask_who(
        "who",
        _("Your name (task force)"),
        _(
            "Each change is signed with it. It also shows the names of small systems, which often are "
            "a family's: leave it empty where the public looks on."
        ),
    )
    return signed.name if signed.may(Right.WATER) else ""


def ask_who(key: str, label: str, meaning: str) -> Signed:
    """Ask who is at the screen; the answer goes along from page to page."""
    members = _members()
    return _ask_member(members) if members.closed else _name_oneself(key, label, meaning)


def who_is_there() -> Signed:
    """Return who is at the screen, without asking."""
    members = _members()
    if members.closed:
        kept = _signed_member(members)
        return _to_signed(kept) if kept else Signed("", frozenset(), closed=True)
    return Signed(str(st.session_state.get(KEPT, "")), EVERY_RIGHT, closed=False)


def may_write(who: str) -> bool:
    """Say what to do where nobody is signed in who may record; True where somebody is."""
    if not who:
        st.info(who_is_there().how_to_record())
    return bool(who)


def _members() -> Members:
    return Members(Journal(open_database()))


def _name_oneself(key: str, label: str, meaning: str) -> Signed:
    st.session_state.setdefault(key, st.session_state.get(KEPT, ""))
    name = st.text_input(label, key=key, placeholder=_("to record changes"), help=meaning)
    st.session_state[KEPT] = name.strip()
    st.caption(
        _(
            "This installation is open: whoever writes a name here may see and record all. "
            "To close it, add a first member: `{command}`"
        ).format(command=ADD)
    )
    return who_is_there()


def _ask_member(members: Members) -> Signed:
    kept = _signed_member(members)
    if kept is None:
        with st.form("signed.form", border=False):
            st.text_input(_("Name"), key=NAME, autocomplete="username")
            st.text_input(_("Passphrase"), key=PASSPHRASE, type="password", autocomplete="current-password")
            st.form_submit_button(_("Sign in"), on_click=guarded(_sign_in))
        if st.session_state.pop(REFUSED, False):
            st.error(_("This name and this passphrase do not belong together."))
        st.caption(_("Without signing in you see no counts under ten and no names of small systems."))
        return who_is_there()
    role = kept.record.role
    st.caption(
        _("Signed in as {name} ({role}): {meaning}.").format(
            name=kept.record.name, role=_(ROLE_TITLES[role]), meaning=_(ROLE_MEANINGS[role])
        )
    )
    st.button(_("Sign out"), key="signed.out", on_click=guarded(_sign_out))
    return _to_signed(kept)


def _sign_in() -> None:
    kept = _members().sign_in(st.session_state[NAME], st.session_state[PASSPHRASE])
    st.session_state[PASSPHRASE] = ""
    if kept is None:
        st.session_state[REFUSED] = True
    else:
        st.session_state[SIGNED] = (kept.record.name, kept.number)


def _sign_out() -> None:
    st.session_state.pop(SIGNED, None)


def _signed_member(members: Members) -> Kept[Member] | None:
    name, number = st.session_state.get(SIGNED, ("", 0))
    kept = members.find(name) if name else None
    return kept if kept and kept.number == number else None


def _to_signed(kept: Kept[Member]) -> Signed:
    return Signed(kept.record.name, RIGHTS[kept.record.role], closed=True)
