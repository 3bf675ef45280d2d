"""What is taken in: a file only where a page waits for one, and nothing that nobody claims."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state import SessionState

from geo.language import gettext as _
from server.doors import Refusal, refuse, route_path

PUT = re.compile(r"^/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)$")
UPLOADER = "file_uploader_state_value"
MB = 1_048_576
# The largest file that is read here has 20 MB (geo.vector_file.MOST_BYTES); one more for what a form adds.
MOST_BYTES = 21 * MB
MOST_A_SESSION, MOST_IN_ALL = 2 * MOST_BYTES, 6 * MOST_BYTES
UNCLAIMED_S, LOOK_S, LONGEST_S = 60.0, 10.0, 300.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whether a session's page waits for a file, and which files it holds."""

    asks: bool
    claimed: frozenset[str]


def waiting(state: SessionState) -> Waiting:
    """Return what the uploaders of a page hold, without reading a file.

    A widget that the last run did not draw has no value any more, though Streamlit keeps its description.
    """
    new, old = state._new_widget_state, state._old_state
    found: set[str] = set()
    asks = False
    for name, described in list(new.widget_metadata.items()):
        drawn = name in new.states or name in old
        if described.value_type != UPLOADER or not drawn:
            continue
        asks = True
        found.update(_files_of(new.states.get(name)), _files_of(old.get(name)))
    return Waiting(asks, frozenset(found))


def _files_of(value: Any) -> list[str]:
    """Names of files in a widget's value: as the browser wrote it, as a page reads it, or several."""
    if hasattr(value, "value"):
        value = value.value
    if hasattr(value, UPLOADER):
        return [item.file_id for item in getattr(value, UPLOADER).uploaded_file_info]
    several = value if isinstance(value, list) else [value]
    return [item.file_id for item in several if hasattr(item, "file_id")]


@dataclass
class Uploads:
    """The books of what is held and what is on its way, in bytes.

    Examples
    --------
    >>> uploads = Uploads()
    >>> uploads.reserve("one", MOST_BYTES, 0, 0), uploads.reserve("one", MOST_BYTES, 0, 0)
    (True, True)
    >>> uploads.reserve("one", MOST_BYTES, 0, 0)
    False
    """

    coming: dict[str, int] = field(default_factory=dict)
    unclaimed: dict[tuple[str, str], float] = field(default_factory=dict)

    def reserve(self, session: str, size: int, held: int, held_in_all: int) -> bool:
        """Set bytes aside for a session; False where it or all together would have too many."""
        mine = self.coming.get(session, 0) + held + size
        if mine > MOST_A_SESSION or sum(self.coming.values()) + held_in_all + size > MOST_IN_ALL:
            return False
        self.coming[session] = self.coming.get(session, 0) + size
        return True

    def release(self, session: str, size: int) -> None:
        """Give bytes back that were set aside."""
        left = self.coming.pop(session, 0) - size
        if left > 0:
            self.coming[session] = left

    def drop_unclaimed(
        self,
        files: Mapping[str, Mapping[str, Any]],
        claimed: Callable[[str], frozenset[str]],
        now: float,
    ) -> list[tuple[str, str]]:
        """Return the files that no page has claimed for a minute.

        Parameters
        ----------
        files
            What is held, by session and file.
        claimed
            The files that a session's page holds.
        now
            Seconds of a clock that only goes forward.
        """
        loose = {
            (session, file)
            for session, some in list(files.items())
            for file in set(some) - (claimed(session) if some else frozenset())
        }
        self.unclaimed = {key: self.unclaimed.get(key, now) for key in loose}
        return [key for key, since in self.unclaimed.items() if now - since >= UNCLAIMED_S]


UPLOADS = Uploads()


class UploadGate:
    """Takes a file in only where a page of this very session waits for one, and there is room."""

    def __init__(self, app: ASGIApp, uploads: Uploads = UPLOADS) -> None:
        self.app = app
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on all but files that nobody waits for."""
        found = PUT.match(route_path(scope)) if scope["type"] == "http" else None
        if found is None or scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        session = found["session"]
        size = _size(Headers(scope=scope))
        refused = self._refusal(session, size)
        if refused:
            await refuse(scope, receive, send, refused)
            return
        try:
            async with asyncio.timeout(LONGEST_S):
                await self.app(scope, at_most(receive, size), send)
        finally:
            self.uploads.release(session, size)

    def _refusal(self, session: str, size: int) -> Refusal | None:
        if not waiting_in(session).asks:
            return 403, _("No page of this session waits for a file.")
        if size > MOST_BYTES:
            return 413, _("The file is larger than 20 MB.")
        sizes = {key: sum(len(file.data) for file in some.values()) for key, some in _held().items()}
        if not self.uploads.reserve(session, size, sizes.get(session, 0), sum(sizes.values())):
            return 503, _("Too many files are on their way at this moment. Try again in a minute.")
        return None


async def keep_tidy(uploads: Uploads = UPLOADS) -> None:
    """Drop what nobody claims, again and again, until canceled."""
    while True:
        await asyncio.sleep(LOOK_S)
        manager = _manager()
        for session, file in uploads.drop_unclaimed(
            manager.file_storage, lambda session: waiting_in(session).claimed, monotonic()
        ):
            manager.remove_file(session, file)


def waiting_in(session: str) -> Waiting:
    """Return what a session's page waits for; nothing where there is no such session."""
    found = Runtime.instance().get_app_session(session)
    return waiting(found.session_state) if found else Waiting(asks=False, claimed=frozenset())


def _manager() -> MemoryUploadedFileManager:
    manager = Runtime.instance().uploaded_file_mgr
    if not isinstance(manager, MemoryUploadedFileManager):
        raise TypeError("uploaded files are held otherwise than this module knows")
    return manager


def _held() -> dict[str, dict[str, Any]]:
    return {session: dict(files) for session, files in list(_manager().file_storage.items())}


def _size(headers: Headers) -> int:
    """Bytes that a body may have: as many as it says, or the most where it does not."""
    said = headers.get("content-length", "")
    return int(said) if said.isdecimal() else MOST_BYTES


def gone() -> Message:
    """Return what is read of a sender who went away."""
    return {"type": "http.disconnect"}


def at_most(receive: Receive, most: int, beyond: Callable[[], Message] = gone) -> Receive:
    """Read a body until it has more bytes than it may have.

    Parameters
    ----------
    beyond
        What is read then: as if the sender had gone, unless it raises.
    """
    came = 0

    async def read() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        return message if came <= most else beyond()

    return read
