"""The dashboard as one ASGI application: Streamlit's, behind our doors, with our files and sign-in route."""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from streamlit import config
from streamlit.starlette import App

from app_pages.parts.people import COOKIES
from app_pages.parts.screen import TICKETS
from geo.errors import GeoError
from geo.intake.reader import READER
from geo.language import gettext as _
from geo.settings import ROOT, listen_address, static_dir
from server.doors import Doors, is_closed, is_loopback, is_public, nobody_may, route_path
from server.headers import SecurityHeaders, is_secure
from server.map_frames import MapFrames
from server.phones import phone_routes
from server.uploads import UploadGate, keep_tidy
from server.warm import start_loading
from store.sign_ins import SIGN_INS

SERVED = "/app/static"
# A folder of scripts and a file of shapes are named by a checksum: another content has another name.
BY_CONTENT = re.compile(r"^(vendor/[0-9a-f]{16}/|shapes/[^/]+/[0-9a-f]{16,}\.json$)")
FOR_GOOD = "public, max-age=31536000, immutable"


class KeptFiles(StaticFiles):
    """Files of which a browser keeps those that are named by their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, and say whether it may be kept."""
        response = await super().get_response(path, scope)
        kept = BY_CONTENT.match(path.replace("\\", "/"))
        response.headers["Cache-Control"] = FOR_GOOD if kept else "no-cache"
        return response


def static_route() -> Mount:
    """Return the route over the folder that the setting names, wherever it lies.

    Examples
    --------
    >>> static_route().path
    '/app/static'
    """
    folder = static_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return Mount(SERVED, KeptFiles(directory=folder), name="app-static")


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


# Addresses of pages as they stood before, in links that were sent; and that of the first page by its file.
OLD_ADDRESSES = {"/programme": "/program", "/programmes": "/programs", "/home": "/"}


def old_addresses() -> list[Route]:
    """Return the routes that lead old links to the pages as they are named now.

    Examples
    --------
    >>> [route.path for route in old_addresses()]
    ['/programme', '/programmes', '/home']
    """
    return [Route(path, lead_on, methods=["GET"]) for path in OLD_ADDRESSES]


async def lead_on(request: Request) -> Response:
    """Send a browser to the page's new name, with all that its link says."""
    base, query = request.scope.get("root_path", ""), request.url.query
    named = OLD_ADDRESSES[route_path(request.scope)]
    return RedirectResponse(f"{base}{named}{f'?{query}' if query else ''}", 308)


SCRIPT = ROOT / "dashboard.py"


def parts() -> dict[str, Any]:
    """Return what our application has beyond Streamlit's: what ``App`` takes beside the script.

    Examples
    --------
    >>> sorted(parts())
    ['lifespan', 'middleware', 'routes']
    """
    return {
        "lifespan": lifespan,
        "middleware": [Middleware(item) for item in (SecurityHeaders, Doors, MapFrames, UploadGate)],
        "routes": [static_route(), signing_route(), *phone_routes(), *old_addresses()],
    }


def make_app() -> App:
    """Make the application that serves ``dashboard.py``."""
    return App(SCRIPT, **parts())


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
    """Do what is done once, before the first visit and after the last."""
    tidying = asyncio.create_task(keep_tidy(), name="drop-unclaimed-files")
    await asyncio.to_thread(READER.start_ahead)
    start_loading()
    try:
        yield {}
    finally:
        READER.stop()
        tidying.cancel()
        with suppress(asyncio.CancelledError):
            await tidying


def check_address(bound: str | None = None) -> None:
    """Refuse to listen where others reach it, unless a setting names the address and there is a member.

    Parameters
    ----------
    bound
        The address that Streamlit's own options name; by default as they stand.

    Raises
    ------
    GeoError
        The address is not this machine's own, and the setting does not name it, or nobody is a member.
    """
    named = listen_address()
    bound = bound or config.get_option("server.address") or "0.0.0.0"  # noqa: S104 - Streamlit's default
    if not is_loopback(bound) and bound != named:
        raise GeoError(
            _("others would reach the dashboard at {address}, which no setting names").format(address=bound),
            _("set GEO_LISTEN={address}, or leave Streamlit's own option away").format(address=bound),
        )
    if not is_loopback(bound) and not is_closed():
        raise GeoError(_("others would reach the dashboard at {address}").format(address=bound), nobody_may())


def check_or_leave() -> None:
    """End the process with the sentence where the address is refused."""
    try:
        check_address()
    except GeoError as error:
        raise SystemExit(str(error)) from error
