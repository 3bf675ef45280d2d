"""From where somebody looks on, as the server says it, and the cookie by which a browser is known again."""

from __future__ import annotations

from enum import StrEnum

from app_pages.parts import screen as st
from app_pages.parts.screen import TICKETS

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
    return address if isinstance(address, str) else ""


def session_name() -> str:
    """Return the name of the browser tab's session; empty without one."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    return context.session_id if context else ""
