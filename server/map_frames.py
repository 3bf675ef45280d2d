"""The frames that maps are drawn in: each takes what it is told from the page of ours around it alone.

streamlit-folium evaluates the script that a message brings. A window of another site can send messages to
any frame that it reaches: over plain HTTP to one that it opened, below ``/public`` to one that it shows. So
each frame's page begins with a guard that drops what its own parent, a page of this very address, did not
send.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.doors import route_path

COMPONENTS = "/component/"
HEAD = re.compile(rb"<head[^>]*>", re.IGNORECASE)
# Reading where a window of another address is throws.
GUARD = b"""<script>(() => {
  const ours = () => {
    try { return parent !== self && parent.location.origin === self.location.origin } catch { return false }
  }
  addEventListener("message", event => {
    if (event.source !== parent || !ours()) event.stopImmediatePropagation()
  }, true)
})()</script>"""
# The answer is read and written anew: it must come whole and plain, also where a browser kept another one.
CONDITIONS = (b"accept-encoding", b"range", b"if-none-match", b"if-modified-since", b"if-range")


class MapFrames:
    """Puts the guard before all other scripts of a component's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and guard the page that answers it."""
        path = route_path(scope) if scope["type"] == "http" else ""
        if not path.startswith(COMPONENTS):
            await self.app(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name.lower() not in CONDITIONS]
        await self.app({**scope, "headers": kept}, receive, Guarded(send))


class Guarded:
    """Sends an answer on; a page of HTML with the guard, all else as it is."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer on, or hold it until the page is whole."""
        if message["type"] == "http.response.start" and is_page(message):
            self.start = message
        elif self.start and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page()
        else:
            await self.send(message)

    async def _send_page(self) -> None:
        body = guarded_page(self.body) if self.body else b""
        headers = MutableHeaders(scope=self.start)
        for name in ("content-length", "etag", "last-modified"):
            del headers[name]
        # The answer to HEAD has no body.
        if body:
            headers["content-length"] = str(len(body))
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": body})


def is_page(start: Message) -> bool:
    """Whether an answer that begins is a page of HTML.

    Examples
    --------
    >>> is_page({"headers": [(b"content-type", b"text/html; charset=utf-8")]}), is_page({"headers": []})
    (True, False)
    """
    return "html" in Headers(raw=start["headers"]).get("content-type", "")


def guarded_page(page: bytes) -> bytes:
    """Put the guard where it runs before every other script of a page.

    Examples
    --------
    >>> guarded_page(b"<html><head><script src='a.js'></script>").index(b"addEventListener") < 300
    True
    """
    found = HEAD.search(page)
    place = found.end() if found else 0
    return page[:place] + GUARD + page[place:]
