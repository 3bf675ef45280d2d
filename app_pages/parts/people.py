"""Who is at the screen: signing in, what they may see, and what they may record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app_pages.parts import screen as st
from app_pages.parts.page import guarded, was_entered
from app_pages.parts.screen import TICKETS
from geo.errors import StoreError
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
from store.sign_in_limits import DESK, network_of, note_seen, refused_unseen, tell_refused
from store.sign_ins import SIGN_INS
from store.visibility import may_see

# Written by the server on every connection; what a browser says under this name is thrown away.
VIEW_HEADER = "x-geo-view"
# The second name is for https: a browser then keeps other sites of the same domain from setting it.
COOKIES = ("geo_signed", "__Host-geo_signed")


class View(StrEnum):
    """How somebody reached the dashboard."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    PUBLIC = "public"


def current_view() -> View:
    """Return how whoever looks on reached the dashboard.

    A browser whose connection no server of ours has marked gets the public view. Without any connection
    (a script that is run by a test) one is at this machine.
    """
    headers = st.context.headers
    if not len(headers):
        return View.HERE
    said = headers.get(VIEW_HEADER, "")
    return View(said) if said in set(View) else View.PUBLIC


def signed_token() -> str:
    """Return the secret of the browser's cookie; empty where there is none."""
    cookies = st.context.cookies.to_dict()
    return next((cookies[name] for name in reversed(COOKIES) if cookies.get(name)), "")


def ticket_picture(ticket: str) -> str:
    """Write the picture by which a browser brings a ticket to the server.

    Examples
    --------
    >>> ticket_picture("abc")
    '<img src="/signed-in/abc" alt="" width="1" height="1">'
    """
    return f'<img src="{TICKETS}/{ticket}" alt="" width="1" height="1">'


def network_address() -> str:
    """Return the address that somebody comes from; empty for this machine."""
    address = st.context.ip_address
    return network_of(address) if isinstance(address, str) else ""


def connection_name() -> str:
    """Return what names a browser's connection, which it draws by chance; empty without one."""
    return str(st.context.headers.get("Sec-WebSocket-Key", ""))


def session_name() -> str:
    """Return the name of the browser tab's session; empty without one."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    return context.session_id if context else ""


KEPT = "signed.who"
# Key of the sign-in; it ends where the member's entry is replaced or withdrawn, too.
SIGNED, REFUSED = "signed.member", "signed.refused"
# The connection over which somebody signed in. Whoever takes a session up by another one must bring the
# browser's cookie: a session's name stands in addresses and in logs.
CONNECTION = "signed.connection"
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


# What of a tab stays when somebody else is there: choices that tell nothing of who was there before.
_WHERE = """language region kept.language kept.region view program.key program.tabs program.opened water.part
    refusals.held"""
OF_THE_TAB = frozenset({*_WHERE.split(), REFUSED})
LAST = "signed.last"
Made = TypeVar("Made")


def forget_others() -> None:
    """Empty the tab of all that is kept for a member who has signed out, or whose sign-in has ended.

    It comes before a page makes its fields. In an open installation a name signs changes and closes nothing.
    """
    members = _members()
    kept = _signed_member(members) if members.closed and not is_public(members) else None
    now = (members.closed, kept.record.name if kept else "", kept.number if kept else 0)
    before = st.session_state.get(LAST, now)
    # Signing in takes nothing from a tab where nobody was; closing an installation that was open does.
    if before != now and (before[1] or before[0] != now[0]):
        for key in set(st.session_state.to_dict()) - OF_THE_TAB - {SIGNED, CONNECTION}:
            del st.session_state[key]
    st.session_state[LAST] = now


def only_while_here(make: Callable[[], Made]) -> Callable[[], Made]:
    """Let a file that a page offers be made only while whoever saw the page is still signed in.

    What a page offers to nobody in particular is made for everybody, as long as it stays a page for
    everybody: not where the installation has been closed since.
    """
    closed, key = _members().closed, _sign_in_key()
    who = SIGN_INS.who(key)

    def made() -> Made:
        members = _members()
        kept = members.find(who[0]) if who and SIGN_INS.who(key) == who else None
        still = who is None or (kept is not None and kept.number == who[1])
        if (closed or not members.closed) and still:
            return make()
        raise StoreError(_("who saw this page is not signed in any more"), _("load the page again"))

    return made


st.guard_files(only_while_here)


def may_write(who: str) -> bool:
    """Say what to do where nobody is signed in who may record; True where somebody is."""
    if not who:
        st.info(who_is_there().how_to_record())
    return bool(who)


def _members() -> Members:
    return Members(Journal(open_database()))


def _name_oneself(key: str, label: str, meaning: str) -> Signed:
    # A page that is come to again may hold the field as it was at first.
    if (was_entered() and KEPT in st.session_state) or key not in st.session_state:
        st.session_state[key] = st.session_state.get(KEPT, "")
    name = st.text_input(label, key=key, placeholder=_("to record changes"), help=meaning)
    st.session_state[KEPT] = name.strip()
    st.caption(
        _(
            "This installation is open: anyone who writes a name here can see and record everything. "
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
        st.button(_("Seen"), key="signed.seen", on_click=guarded(_note_seen))


def _note_seen() -> None:
    """Keep that the coordinator who is there has seen the refused tries; called before the page runs."""
    members = _members()
    kept = _signed_member(members)
    if kept is not None and kept.record.role is Role.COORDINATOR:
        note_seen(members.journal, kept)


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
        st.session_state[CONNECTION] = connection_name()


def _sign_out() -> None:
    SIGN_INS.end(_sign_in_key())
    st.session_state.pop(SIGNED, None)


def _sign_in_key() -> str:
    """Return the key of this tab's own sign-in, or of the one that the browser's cookie stands for."""
    kept = str(st.session_state.get(SIGNED, ""))
    own = st.session_state.get(CONNECTION, "") == connection_name() and SIGN_INS.who(kept)
    return kept if own else SIGN_INS.by_token(signed_token())


def _signed_member(members: Members) -> Kept[Member] | None:
    name, number = SIGN_INS.who(_sign_in_key()) or ("", 0)
    kept = members.find(name) if name else None
    return kept if kept and kept.number == number else None


def _to_signed(kept: Kept[Member]) -> Signed:
    return Signed(kept.record.name, RIGHTS[kept.record.role], closed=True)


FIELD_NAME = "person.name"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the screen; without a name a passer-by, who changes nothing and sees no small counts."""

    signed: Signed

    @property
    def name(self) -> str:
        """The name that stands by every change; empty where nobody is there."""
        return self.signed.name

    @property
    def rights(self) -> Rights:
        """The rights by which it is decided what they see."""
        return self.signed.in_force

    def sees(self, kind: str) -> bool:
        """Whether they may see anything of a kind of table."""
        return may_see(kind, self.rights)

    @property
    def may_write(self) -> bool:
        """Whether they may record something."""
        return self.signed.may(Right.FIELD)

    @property
    def may_cut(self) -> bool:
        """Whether they may have turfs cut, which is much work: where there are members, who may record."""
        return self.may_write or not (self.signed.closed or self.signed.public)

    @property
    def sees_small(self) -> bool:
        """Whether they may see counts under ten, and what residents said."""
        return self.sees("counts")

    def require(self) -> str:
        """Return the name.

        Raises
        ------
        StoreError
            There is none, or their role does not record here.
        """
        if not self.name:
            raise StoreError(_("write your name first"), self.signed.how_to_record())
        if not self.may_write:
            raise StoreError(_("nothing was written"), self.signed.how_to_record())
        return self.name


def current_person() -> Person:
    """Ask in the sidebar who is at the screen; the name goes along from page to page."""
    with st.sidebar:
        meaning = _("It is kept with every change. Without it you see no counts under ten.")
        return Person(ask_who(FIELD_NAME, _("Your name"), meaning))
