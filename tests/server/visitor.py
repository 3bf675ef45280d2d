"""A visitor without a browser: opens a session over the server's own socket and puts files."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

BOUNDARY = "aPartOfThem"
PATIENCE_S = 60.0


class Visitor:
    """Somebody who speaks the server's protocol, and may say of themself whatever they like."""

    def __init__(
        self, address: str, page: str = "", *, host: str = "", takes_up: str = "", **headers: str
    ) -> None:
        self.address = address
        self.takes_up = takes_up
        self.netloc = urlsplit(address).netloc
        self.prefix = urlsplit(address).path.rstrip("/")
        self.token = self._token()
        self._open = ExitStack()
        self.socket = self._connect(host or self.netloc, headers)
        self.session = ""
        self.messages: list[ForwardMsg] = []
        self.page, self.page_hash = "", ""
        self.run(page)

    def run(self, page: str = "", **values: str) -> None:
        """Let the script run on a page, with what is typed or chosen there, by the keys of its fields."""
        message = BackMsg()
        if page != self.page or not values:
            message.rerun_script.page_name = page
        else:
            message.rerun_script.page_script_hash = self.page_hash
        message.rerun_script.query_string = "region=demo"
        for key, value in values.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = self._field(key), value
        self.socket.send(message.SerializeToString())
        self.page = page
        self.messages = list(self._until_finished())

    def _field(self, key: str) -> str:
        """Name of a field in the browser, by the key that the page gave it."""
        for message in self.messages:
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            name = str(getattr(getattr(element, kind), "id", "")) if kind else ""
            if name.endswith(f"-{key}"):
                return name
        raise AssertionError(f"the page has no field {key}: {self.words()[:2000]}")

    def put(self, size: int, name: str = "a.csv", *, session: str = "", chunked: bool = False) -> int:
        """Upload so many bytes; the status of the answer."""
        head = (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
            f'name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        ).encode()
        body = head + b"0" * size + f"\r\n--{BOUNDARY}--\r\n".encode()
        path = f"{self.prefix}/_stcore/upload_file/{session or self.session}/{name}"
        headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "X-Xsrftoken": self.token,
            "Cookie": f"_streamlit_xsrf={self.token}",
        }
        connection = HTTPConnection(self.netloc, timeout=PATIENCE_S)
        try:
            if chunked:
                pieces = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
                connection.request("PUT", path, body=pieces, headers=headers, encode_chunked=True)
            else:
                connection.request("PUT", path, body=body, headers=headers)
            return connection.getresponse().status
        except (BrokenPipeError, ConnectionResetError):
            return 0
        finally:
            connection.close()

    def words(self) -> str:
        """All that the last run said, as one text."""
        return " ".join(str(message.delta) for message in self.messages)

    def close(self) -> None:
        """Go away."""
        self._open.close()

    def _place(self) -> tuple[str, int]:
        name, _colon, port = self.netloc.partition(":")
        return name, int(port)

    def _token(self) -> str:
        connection = HTTPConnection(self.netloc, timeout=PATIENCE_S)
        connection.request("GET", f"{self.prefix}/_stcore/health")
        cookie = connection.getresponse().headers["Set-Cookie"] or ""
        connection.close()
        return cookie.partition("=")[2].partition(";")[0]

    def _connect(self, host: str, headers: dict[str, str]) -> ClientConnection:
        return self._open.enter_context(
            connect(
                f"ws://{host}{self.prefix}/_stcore/stream",
                additional_headers={name.replace("_", "-"): value for name, value in headers.items()},
                max_size=None,
                subprotocols=[Subprotocol(name) for name in ("streamlit", "x", self.takes_up)]
                if self.takes_up
                else None,
                open_timeout=PATIENCE_S,
                proxy=None,
                sock=socket.create_connection(self._place()),
            )
        )

    def _until_finished(self) -> Iterator[ForwardMsg]:
        while True:
            data = self.socket.recv(timeout=PATIENCE_S)
            message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            if message.WhichOneof("type") == "new_session":
                self.session = message.new_session.initialize.session_id or self.session
            if message.WhichOneof("type") == "navigation":
                self.page_hash = message.navigation.page_script_hash
            yield message
            if message.WhichOneof("type") == "script_finished":
                return
