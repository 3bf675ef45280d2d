"""The dashboard as one ASGI application: Streamlit's, behind our doors, with our routes beside its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.middleware import Middleware
from streamlit import config
from streamlit.starlette import App

from geo.errors import GeoError
from geo.intake.reader import READER
from geo.language import gettext as _
from geo.settings import ROOT, listen_address
from server.doors import Doors, is_closed, is_loopback, nobody_may
from server.files import static_route
from server.headers import SecurityHeaders
from server.signing import signing_route
from server.uploads import UploadGate, keep_tidy

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
        "middleware": [Middleware(SecurityHeaders), Middleware(Doors), Middleware(UploadGate)],
        "routes": [static_route(), signing_route()],
    }


def make_app() -> App:
    """Make the application that serves ``dashboard.py``."""
    return App(SCRIPT, **parts())


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
    """Do what is done once, before the first visit and after the last."""
    tidying = asyncio.create_task(keep_tidy(), name="drop-unclaimed-files")
    await asyncio.to_thread(READER.start_ahead)
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
