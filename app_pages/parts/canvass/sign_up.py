"""Volunteers sign up by a link: the lead makes and ends it; whoever has it adds themselves by a pseudonym."""

from __future__ import annotations

from hashlib import sha256
from secrets import compare_digest, token_urlsafe

from app_pages.parts import screen as st
from app_pages.parts.canvass.volunteer_form import ask_volunteer
from app_pages.parts.page import outside_address, today
from app_pages.parts.people import Person
from geo.days import day_in
from geo.errors import ConflictError, StoreError
from geo.language import gettext as _
from geo.region import Region
from store.canvass.book import CanvassBook
from store.canvass.kinds import SignUpLink, Volunteer

JOIN, MADE, DONE = "join", "sign_up.made", "sign_up.done"
BY_LINK = "sign-up link"
MOST_A_DAY = 100


def asks_to_join() -> bool:
    """Whether the page was opened by a link to sign up."""
    return JOIN in st.query_params


def show_sign_up(region: Region, book: CanvassBook) -> None:
    """Let whoever has the link add themselves; nothing of others is shown."""
    st.subheader(_("Volunteer for the canvass"))
    done = st.session_state.pop(DONE, "")
    if done:
        st.success(_("Thank you, {name}: you are signed up. The lead will be in touch.").format(name=done))
        return
    require_link(book, str(st.query_params[JOIN]))
    st.text(
        _(
            "Choose a name that is not your real one and tell it your lead. We keep no address and no "
            "telephone number."
        )
    )
    with st.form("sign_up"):
        fields = ask_volunteer(own=True)
        sent = st.form_submit_button(_("Sign up"), type="primary", width="stretch")
    if sent:
        join(region, book, Volunteer.make(fields))
        st.session_state[DONE] = fields["pseudonym"]
        st.rerun()


def require_link(book: CanvassBook, token: str) -> None:
    """Refuse a link that was never made, or has ended.

    Raises
    ------
    StoreError
        It is none.
    """
    kept = book.kept(SignUpLink).get("link")
    if kept is None or not compare_digest(kept.record.hashed, hash_token(token)):
        raise StoreError(_("this link is not valid any more"), _("ask your lead for a new one"))


def hash_token(token: str) -> str:
    """Return the checksum of a link's token, which is all that is kept of it: 192 bits of chance.

    Examples
    --------
    >>> len(hash_token("a"))
    64
    """
    return sha256(token.encode()).hexdigest()


def join(region: Region, book: CanvassBook, volunteer: Volunteer) -> None:
    """Write somebody who signed up; a name that is taken, or too many in a day, is refused.

    Raises
    ------
    StoreError
        It is.
    """
    kept = book.kept(Volunteer).values()
    ours = [item for item in kept if item.who == BY_LINK and day_in(region.timezone, item.at) == today()]
    if len(ours) >= MOST_A_DAY:
        raise StoreError(_("too many signed up today"), _("ask your lead; nothing was written"))
    try:
        book.save(volunteer, BY_LINK, seen=0)
    except ConflictError as error:
        raise StoreError(
            _("somebody has this name already"), _("choose another one; nothing was written")
        ) from error


def show_link(region: Region, book: CanvassBook, person: Person) -> None:
    """Make the link, show it once, and end it."""
    kept = book.kept(SignUpLink).get("link")
    key = f"{MADE}.{region.key}"
    made = st.session_state.get(key, "")
    with st.expander(_("Let volunteers sign up by a link"), expanded=bool(made)):
        if made:
            st.text(made)
            st.caption(_("Send it now: it is not kept here and cannot be shown again."))
        elif kept is not None:
            st.caption(_("A link is out. A new one ends it."))
        left, right = st.columns(2)
        make = left.button(_("Make a link"), key="sign_up.make", width="stretch")
        end = right.button(_("End the link"), key="sign_up.end", disabled=kept is None, width="stretch")
        number = kept.number if kept else 0
        if make:
            st.session_state[key] = make_link(region, book, person, number)
            st.rerun()
        if end and kept is not None:
            why = _("ended by hand")
            book.withdraw(kept.record.key, person.require(), seen=number, why=why, kind=SignUpLink)
            st.session_state.pop(key, None)
            st.rerun()


def make_link(region: Region, book: CanvassBook, person: Person, number: int) -> str:
    """Make a new link, which ends the one before.

    Raises
    ------
    StoreError
        Only this computer reaches the dashboard: nobody could follow the link.
    """
    address = outside_address("turfs", region)
    if not address:
        raise StoreError(
            _("only this computer reaches this page, so nobody could follow a link"),
            _("set GEO_ADDRESS to the address that phones reach; nothing was written"),
        )
    token = token_urlsafe(24)
    book.save(SignUpLink(hashed=hash_token(token)), person.require(), seen=number)
    return f"{address}&{JOIN}={token}"
