"""What goes along with every answer: who may show it in a frame, what a page may load, what is not told."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.settings import frame_origins, page_address, tile_hosts
from server.doors import below_public, is_public, named_host, route_path

SELF, NONE = "'self'", "'none'"
INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
YEAR_S = 31_536_000
# Nothing of what a person or our build wrote is a page: it runs nothing and loads nothing.
INERT = {"default-src": [NONE], "sandbox": []}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
}


class SecurityHeaders:
    """Writes the headers on every answer; what lets other sites read it is taken off."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and write on the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = below_public(scope)

        async def write(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in [name for name in headers if name.startswith("access-control-")]:
                    del headers[name]
                headers.update(security_headers(scope))
            await send(message)

        await self.app(scope, receive, write)


def security_headers(scope: Scope) -> dict[str, str]:
    """Return the headers for an answer to a request.

    Examples
    --------
    >>> found = security_headers({"type": "http", "path": "/", "root_path": "", "headers": []})
    >>> found["X-Frame-Options"], "frame-ancestors 'none'" in found["Content-Security-Policy"]
    ('DENY', True)
    """
    path = route_path(scope)
    component = path.startswith("/component/")
    ancestors = [SELF] if component else []
    ancestors += frame_origins() if is_public(scope) else ()
    found = {**ALWAYS, "Content-Security-Policy": to_policy(_policy(path), ancestors)}
    if not ancestors or ancestors == [SELF]:
        found["X-Frame-Options"] = "SAMEORIGIN" if component else "DENY"
    if is_secure(scope):
        found["Strict-Transport-Security"] = f"max-age={YEAR_S}"
    return found


def is_secure(scope: Scope) -> bool:
    """Whether a browser asks over https: as the proxy says, or as ``GEO_ADDRESS`` does of this host."""
    ours = urlsplit(page_address())
    named = ours.scheme == "https" and ours.hostname == named_host(Headers(scope=scope))
    return named or scope.get("scheme") in {"https", "wss"}


def to_policy(policy: Mapping[str, list[str]], ancestors: list[str]) -> str:
    """Write a content security policy in one line.

    Examples
    --------
    >>> to_policy({"default-src": ["'none'"], "sandbox": []}, [])
    "default-src 'none'; sandbox; frame-ancestors 'none'"
    """
    parts = {**policy, "frame-ancestors": ancestors or [NONE]}
    return "; ".join(" ".join([name, *values]) for name, values in parts.items())


def _policy(path: str) -> Mapping[str, list[str]]:
    if path.startswith(("/media/", "/app/static/")):
        return INERT
    scripts = [SELF, *inline_scripts()]
    if path.startswith("/component/"):
        # streamlit-folium puts the script that folium wrote into its frame, and evaluates it: there alone.
        scripts = [SELF, "'unsafe-inline'", "'unsafe-eval'"]
    return {
        "default-src": [NONE],
        "script-src": scripts,
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:", *tile_hosts()],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }


@cache
def inline_scripts() -> tuple[str, ...]:
    """Return the checksums of the scripts within Streamlit's own page, so that no others run.

    Examples
    --------
    >>> all(item.startswith("'sha256-") for item in inline_scripts())
    True
    """
    digests = (
        sha256(script.encode()).digest() for script in INLINE.findall(INDEX.read_text(encoding="utf-8"))
    )
    return tuple(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)
