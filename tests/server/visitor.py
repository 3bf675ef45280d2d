"""A visitor without a browser: opens a session over the server's own socket and puts files."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

BOUNDARY = "aPartOfThem"
PATIENCE_S = 60.0


class Visitor:
    """Somebody who speaks the server's protocol, and may say of themself whatever they like."""

    def __init__(self, address: str, page: str = "", **headers: str) -> None:
        self.address = address
        self.netloc = urlsplit(address).netloc
        self.prefix = urlsplit(address).path.rstrip("/")
        self.token = self._token()
        self.socket = self._connect(headers)
        self.session = ""
        self.messages: list[ForwardMsg] = []
        self.run(page)

    def run(self, page: str = "", query: str = "region=demo") -> list[ForwardMsg]:
        """Let the script run on a page; what it said."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        self.socket.send(message.SerializeToString())
        said = list(self._until_finished())
        self.messages = said
        return said

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
        self.socket.close()

    def _token(self) -> str:
        connection = HTTPConnection(self.netloc, timeout=PATIENCE_S)
        connection.request("GET", f"{self.prefix}/_stcore/health")
        cookie = connection.getresponse().headers["Set-Cookie"] or ""
        connection.close()
        return cookie.partition("=")[2].partition(";")[0]

    def _connect(self, headers: dict[str, str]) -> ClientConnection:
        return connect(
            f"ws://{self.netloc}{self.prefix}/_stcore/stream",
            additional_headers={name.replace("_", "-"): value for name, value in headers.items()},
            max_size=None,
            open_timeout=PATIENCE_S,
            proxy=None,
        )

    def _until_finished(self) -> Iterator[ForwardMsg]:
        while True:
            data = self.socket.recv(timeout=PATIENCE_S)
            message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            if message.WhichOneof("type") == "new_session":
                self.session = message.new_session.initialize.session_id
            yield message
            if message.WhichOneof("type") == "script_finished":
                return
