"""Who is at the screen, and what they may see and record.

Where the installation has members, a name and its passphrase are asked for. Where it has none, a person
names themself: that says who, it proves nothing, and the sidebar says so. In the public view, and from
elsewhere while nobody is a member, nobody is asked and nobody has rights.
"""

from __future__ import annotations

from dataclasses import dataclass

from app_pages.parts import screen as st
from app_pages.parts.refusals import guarded
from app_pages.parts.visitor import (
    View,
    current_view,
    network_address,
    session_name,
    signed_token,
    ticket_picture,
)
from geo.language import gettext as _
from geo.language import use_language
from store.database import open_database
from store.journal import Journal
from store.members import (
    EVERY_RIGHT,
    NOBODY,
    RIGHTS,
    ROLE_MEANINGS,
    ROLE_TITLES,
    Member,
    Members,
    Right,
    Rights,
    Role,
)
from store.records import Kept
from store.refused import note_seen, refused_unseen, tell_refused
from store.sign_ins import SIGN_INS
from store.tries import DESK

KEPT = "signed.who"
# Key of the sign-in; it ends where the member's entry is replaced or withdrawn, too.
SIGNED, REFUSED = "signed.member", "signed.refused"
NAME, PASSPHRASE = "signed.name", "signed.passphrase"
ADD = "python -m store.members add NAME --role coordinator"


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody at the screen and their rights; the name is empty where nobody is."""

    name: str
    rights: frozenset[Right]
    closed: bool
    public: bool = False

    def may(self, right: Right) -> bool:
        """Whether they have a right."""
        return right in self.in_force

    @property
    def in_force(self) -> Rights:
        """The rights by which it is decided what they see: none where nobody is there."""
        return self.rights if self.name else NOBODY

    def how_to_record(self) -> str:
        """Say what somebody does who may not record."""
        if self.public:
            return _("This is the public view; nothing is recorded here.")
        if self.name:
            return _("Your role does not record here; ask a coordinator.")
        if self.closed:
            return _("Sign in, in the sidebar, to record something.")
        return _("Give your name in the sidebar to record something.")

    def how_to_see(self) -> str:
        """Say what somebody does who does not see small counts and single doors."""
        if self.public:
            return _("This is the public view; small counts and single doors are not shown here.")
        if self.name:
            return _("Your role does not see small counts; ask a coordinator.")
        if self.closed:
            return _("Sign in, in the sidebar, to see small counts and single doors.")
        return _("Give your name in the sidebar to see small counts and single doors.")

    def how_to_see_more(self) -> str:
        """Say what somebody does who may not see what stands here."""
        if self.public:
            return _("This is the public view; this is not shown here.")
        if self.name:
            return _("Your role does not see this; ask a coordinator.")
        if self.closed:
            return _("Sign in, in the sidebar, to see this.")
        return _("Give your name in the sidebar to see this.")


def current_rights() -> Rights:
    """Return the rights of who is at the screen, on whichever page: what they see is decided by them."""
    return who_is_there().in_force


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
    if is_public(members):
        st.caption(_("This is the public view: nobody signs in here, and nothing is recorded."))
        return who_is_there()
    return _ask_member(members) if members.closed else _name_oneself(key, label, meaning)


def is_public(members: Members) -> bool:
    """Whether whoever looks on gets the public view alone, however they would sign in.

    It is what another site shows in a frame; and what everybody from elsewhere has once the last member is
    removed.
    """
    view = current_view()
    return view is View.PUBLIC or (view is View.ELSEWHERE and not members.closed)


def who_is_there() -> Signed:
    """Return who is at the screen, without asking."""
    members = _members()
    if is_public(members):
        return Signed("", frozenset(), closed=members.closed, public=True)
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
            "To close it, add a first member: {command}"
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
        refusal = st.session_state.pop(REFUSED, "")
        if refusal:
            st.error(refusal)
        st.caption(
            _(
                "Without signing in you see no counts under ten, no names of people or small systems, and "
                "no walk lists."
            )
        )
        return who_is_there()
    role = kept.record.role
    st.caption(
        _("Signed in as {name} ({role}): {meaning}.").format(
            name=kept.record.name, role=_(ROLE_TITLES[role]), meaning=_(ROLE_MEANINGS[role])
        )
    )
    st.button(_("Sign out"), key="signed.out", on_click=guarded(_sign_out))
    ticket = SIGN_INS.ticket(_sign_in_key())
    if ticket:
        st.html(ticket_picture(ticket))
    if role is Role.COORDINATOR:
        _tell_refused(members, kept)
    return _to_signed(kept)


def _tell_refused(members: Members, kept: Kept[Member]) -> None:
    """Tell a coordinator of refused tries to sign in, until they have seen it."""
    found = refused_unseen(members.journal, kept)
    if found:
        st.warning(_("Tries to sign in that were refused:"))
        for item in found:
            st.text(tell_refused(item))
        st.button(_("Seen"), key="signed.seen", on_click=guarded(note_seen), args=(members.journal, kept))


def _sign_in() -> None:
    # What is called back comes before the page, which says in which language it is.
    use_language(st.session_state["language"])
    name, passphrase = st.session_state[NAME], st.session_state[PASSPHRASE]
    st.session_state[PASSPHRASE] = ""
    answer = DESK.answer(_members(), name, passphrase, tab=session_name(), address=network_address())
    if answer.member is None:
        st.session_state[REFUSED] = answer.refusal
    else:
        SIGN_INS.end(_sign_in_key())
        st.session_state[SIGNED] = SIGN_INS.begin(answer.member.record.name, answer.member.number)


def _sign_out() -> None:
    SIGN_INS.end(_sign_in_key())
    st.session_state.pop(SIGNED, None)


def _sign_in_key() -> str:
    """Return the key of this tab's own sign-in, or of the one that the browser's cookie stands for."""
    kept = str(st.session_state.get(SIGNED, ""))
    return kept if SIGN_INS.who(kept) else SIGN_INS.by_token(signed_token())


def _signed_member(members: Members) -> Kept[Member] | None:
    name, number = SIGN_INS.who(_sign_in_key()) or ("", 0)
    kept = members.find(name) if name else None
    return kept if kept and kept.number == number else None


def _to_signed(kept: Kept[Member]) -> Signed:
    return Signed(kept.record.name, RIGHTS[kept.record.role], closed=True)
