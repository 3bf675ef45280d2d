"""The cookie by which a browser stays signed in: given for a ticket that the page has from its own session.

The ticket comes as the address of a picture, so that no script is needed. It is good once and for a
minute, and only where this very site's page asks for it: nobody is signed in as somebody else by a link.
"""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app_pages.parts.screen import TICKETS
from app_pages.parts.visitor import COOKIES
from server.doors import is_public
from server.headers import is_secure
from store.sign_ins import SIGN_INS

# The smallest picture there is: one clear dot.
DOT = b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")


def signing_route() -> Route:
    """Return the route that gives the cookie for a ticket.

    Examples
    --------
    >>> signing_route().path
    '/signed-in/{ticket}'
    """
    return Route(f"{TICKETS}/{{ticket}}", give_cookie, methods=["GET"])


async def give_cookie(request: Request) -> Response:
    """Answer a ticket with the cookie that lasts until the browser is closed, or the sign-in ends."""
    found = not is_public(request.scope) and is_own_picture(request)
    secret = SIGN_INS.redeem(request.path_params["ticket"]) if found else ""
    answer = Response(DOT, 200 if secret else 404, {"Cache-Control": "no-store"}, "image/gif")
    if secret:
        secure = is_secure(request.scope)
        answer.set_cookie(COOKIES[secure], secret, path="/", secure=secure, httponly=True, samesite="strict")
    return answer


def is_own_picture(request: Request) -> bool:
    """Whether a page of this very site asks, for a picture; older browsers say so by the referrer alone."""
    site = request.headers.get("sec-fetch-site")
    if site is None:
        return urlsplit(request.headers.get("referer", "")).netloc == request.headers.get("host", "-")
    return site == "same-origin" and request.headers.get("sec-fetch-dest") == "image"
