"""Who is let in: by which address somebody came, whom they name as the host, and what they want.

From this machine (a loopback address, a loopback name, no proxy between) everybody is let in. From elsewhere
only over an address that ``GEO_LISTEN`` names or a proxy, under the name of ``GEO_ADDRESS``, and only while
the installation has a member. Below ``/public`` there is the public view alone: that is what other
sites may show in a frame.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from time import monotonic
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from app_pages.parts.people import VIEW_HEADER, View
from geo.errors import GeoError
from geo.language import gettext as _
from geo.settings import listen_address, page_address
from store.database import open_database
from store.journal import Journal
from store.members import Members
from store.sign_in_limits import network_of

LOG = logging.getLogger(__name__)
PUBLIC = "/public"
# Phones send to addresses below this one (server/phones.py).
PHONES = "/phones/"
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[0-9a-z_.-]+)(?::\d+)?")
# What the pages of ours send to the server; what else Streamlit takes from anybody is dropped.
WANTED = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})
WANTED_OPERATIONS = frozenset({"request_id", "session_id", "deferred_file", "dataframe_chunk"})
UPLOADS = "/_stcore/upload_file/"
CLOSED_PATHS = ("/_stcore/metrics", "/_stcore/agent")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_SESSIONS = 200
# Of one address of another machine; an office or a hall of people shares one.
MOST_OF_ONE = 60
# Kept for this machine, so that whoever runs the dashboard gets in when strangers fill it.
OWN_PLACES = 20
FRESH_S = 2.0
ADD = "python -m store.members add NAME --role coordinator"
Refusal = tuple[int, str]


def is_closed() -> bool:
    """Whether the installation has a member, so that others may be let in."""
    return Members(Journal(open_database())).closed


class Doors:
    """Lets in, marks how somebody came, or refuses in one sentence.

    Parameters
    ----------
    app
        What is behind the doors.
    closed
        Says whether the installation has a member; asked again after two seconds.
    most_sessions
        How many browser tabs are served at once.
    """

    def __init__(
        self, app: ASGIApp, closed: Callable[[], bool] = is_closed, most_sessions: int = MOST_SESSIONS
    ) -> None:
        self.app = app
        self.most_sessions = most_sessions
        self._ask = closed
        self._closed, self._asked, self._fault = False, float("-inf"), ""
        self._sessions: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        scope = below_public(scope)
        headers = Headers(scope=scope)
        refused = wrong_host(scope, headers) or wrong_origin(headers) or wrong_wish(scope, headers)
        here = is_here(scope, headers)
        if not here and not refused:
            refused = await self._not_for_others(scope)
        if refused:
            await refuse(scope, receive, send, refused)
            return
        marked = mark(scope, here=here)
        if scope["type"] == "websocket":
            await self._serve_session(marked, receive, send)
        else:
            await self.app(marked, receive, send)

    async def _serve_session(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = client_address(scope)
        most = self.most_sessions - (OWN_PLACES if address else 0)
        if self._sessions.total() >= most or (address and self._sessions[address] >= MOST_OF_ONE):
            await refuse(scope, receive, send, (503, _("Too many people are here at this moment.")))
            return
        self._sessions[address] += 1
        try:
            await self.app(scope, wanted_only(receive), send)
        finally:
            self._sessions[address] -= 1
            if not self._sessions[address]:
                del self._sessions[address]

    async def _not_for_others(self, scope: Scope) -> Refusal | None:
        if monotonic() - self._asked > FRESH_S:
            self._fault = ""
            try:
                self._closed = await run_in_threadpool(self._ask)
            except GeoError as error:
                self._closed, self._fault = False, str(error)
            except Exception:  # Whatever keeps the database from answering: nobody else is let in.
                LOG.exception("whether there is a member could not be read")
                self._closed, self._fault = False, _("Something went wrong here; the server's log says what.")
            self._asked = monotonic()
        if self._fault:
            return 503, self._fault
        if not self._closed:
            return 403, nobody_may()
        if not is_loopback(own_address(scope)) and is_loopback(listen_address()):
            return 403, _("This server is for its own machine alone. To let others in, set GEO_LISTEN.")
        return None


def wanted_only(receive: Receive) -> Receive:
    """Pass on what a page of ours sends to the server, and drop what else Streamlit would do for anybody."""

    async def receive_wanted() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or is_wanted(message.get("bytes") or b""):
                return message

    return receive_wanted


def is_wanted(data: bytes) -> bool:
    """Whether a message asks for something that a page needs.

    Streamlit lets every visitor empty the memory of all, ask which files of the server's repository are
    changed, or have files written: none of it is for visitors.

    Examples
    --------
    >>> is_wanted(BackMsg(app_heartbeat=True).SerializeToString())
    True
    >>> is_wanted(BackMsg(clear_cache=True).SerializeToString()), is_wanted(b"no message")
    (False, False)
    """
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return False
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        asked = {field.name for field, _value in message.backend_operation_request.ListFields()}
        return asked <= WANTED_OPERATIONS
    return kind in WANTED


def nobody_may() -> str:
    """Say why nobody from elsewhere is let in, and what to do.

    Examples
    --------
    >>> "store.members add" in nobody_may()
    True
    """
    return _(
        "Without a member everybody may see and record all, so this installation answers its own machine "
        "alone. Add a first member there: {command}"
    ).format(command=ADD)


def is_loopback(address: str) -> bool:
    """Whether an address or name is this machine's own, reached by nobody else.

    Examples
    --------
    >>> [is_loopback(address) for address in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "db.example.org")]
    [True, True, True, False, False]
    """
    if address in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def own_address(scope: Scope) -> str:
    """Return the address of ours that a connection came in by; empty where it is none."""
    server = scope.get("server")
    return str(server[0]) if server else ""


def client_address(scope: Scope) -> str:
    """Return the address, or network, of another machine that a connection comes from; empty for this one.

    Examples
    --------
    >>> [client_address({"client": (name, 50_000)}) for name in ("10.0.0.7", "127.0.0.1", "2001:db8::9")]
    ['10.0.0.7', '', '2001:db8::/56']
    """
    client = scope.get("client")
    address = str(client[0]) if client else ""
    return "" if is_loopback(address) else network_of(address)


def named_host(headers: Headers) -> str:
    """Return the host that a request names, without its port.

    Examples
    --------
    >>> names = ("localhost:8501", "[::1]:80", "Maps.example.org", "a b", "evil@localhost", "localhost/evil")
    >>> [named_host(Headers({"host": name})) for name in names]
    ['localhost', '::1', 'maps.example.org', '', '', '']
    """
    found = HOST.fullmatch(headers.get("host", "").casefold())
    return found[1].strip("[]").rstrip(".") if found else ""


def is_here(scope: Scope, headers: Headers) -> bool:
    """Whether a request comes from this machine: by its address, by the host it names, and by no proxy."""
    forwarded = any(name in headers for name in FORWARDED)
    return is_loopback(own_address(scope)) and named_host(headers) in LOOPBACK_NAMES and not forwarded


def wrong_host(scope: Scope, headers: Headers) -> Refusal | None:
    """Refuse a host that is not ours: a name that a stranger points here would pass as the dashboard."""
    host = named_host(headers)
    ours = {*LOOPBACK_NAMES, urlsplit(page_address()).hostname, own_address(scope)} - {"", None}
    if host in ours:
        return None
    return 421, _("This server does not answer to this name. To let it, set GEO_ADDRESS to its address.")


def wrong_origin(headers: Headers) -> Refusal | None:
    """Refuse what a page of another site sends."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host", ""):
        return 403, _("This was sent by a page of another site.")
    return None


def wrong_wish(scope: Scope, headers: Headers) -> Refusal | None:
    """Refuse what nobody needs: odd methods, other sites' scripts and pictures, what is closed."""
    path = route_path(scope)
    if path.startswith(CLOSED_PATHS):
        return 404, _("There is nothing here.")
    method = scope.get("method", "GET")
    taken = (method in {"PUT", "DELETE"} and path.startswith(UPLOADS)) or (
        method == "POST" and path.startswith(PHONES) and not is_public(scope)
    )
    if method not in READING and not taken:
        return 405, _("This is not done here.")
    foreign = headers.get("sec-fetch-site", "") in {"cross-site", "same-site"}
    if foreign and headers.get("sec-fetch-mode") != "navigate":
        return 403, _("This was asked for by a page of another site.")
    return None


def below_public(scope: Scope) -> Scope:
    """Let the pages below ``/public`` be the same pages, under that address.

    Examples
    --------
    >>> route_path(below_public({"path": "/public/water", "root_path": ""}))
    '/water'
    >>> route_path(below_public({"path": "/publicity", "root_path": ""}))
    '/publicity'
    """
    path = str(scope.get("path", ""))
    if path == PUBLIC or path.startswith(f"{PUBLIC}/"):
        return {**scope, "root_path": PUBLIC}
    return scope


def is_public(scope: Scope) -> bool:
    """Whether a request is for the public view alone."""
    return bool(scope.get("root_path") == PUBLIC)


def route_path(scope: Scope) -> str:
    """Return the path of a request without ``/public``."""
    return str(scope.get("path", "")).removeprefix(str(scope.get("root_path", ""))) or "/"


def mark(scope: Scope, *, here: bool) -> Scope:
    """Write on a request how it came; what it says of itself under this name is thrown away."""
    name = VIEW_HEADER.encode()
    view = View.PUBLIC if is_public(scope) else View.HERE if here else View.ELSEWHERE
    kept = [(key, value) for key, value in scope["headers"] if key.lower() != name]
    return {**scope, "headers": [*kept, (name, view.value.encode())]}


async def refuse(scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
    """Answer with a status and one sentence; a socket is closed before it opens."""
    status, words = refusal
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await PlainTextResponse(f"{words}\n", status)(scope, receive, send)
