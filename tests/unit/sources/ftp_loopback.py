"""An FTP server on loopback with a publisher's files, as ftp2.census.gov gives them to anybody."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Session(socketserver.StreamRequestHandler):
    """One client: signs in as anybody, asks for sizes, takes files over passive connections."""

    server: FtpServer

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.data: socket.socket | None = None
        self.say("220 ready")
        for raw in self.rfile:
            word, _, rest = raw.decode().strip().partition(" ")
            self.server.asked.append((word, rest))
            answer = getattr(self, f"on_{word.lower()}", None)
            if word == "QUIT":
                self.say("221 bye")
                return
            if answer is None:
                self.say("502 not here")
            else:
                answer(rest)

    def on_user(self, rest: str) -> None:
        self.say("331 a password")

    def on_pass(self, rest: str) -> None:
        self.say("230 signed in")

    def on_type(self, rest: str) -> None:
        self.say("200 binary")

    def on_size(self, path: str) -> None:
        if not self.server.tells_sizes:
            self.say("502 not here")
            return
        body = self.server.files.get(path)
        self.say("550 no such file" if body is None else f"213 {len(body)}")

    def on_pasv(self, rest: str) -> None:
        self.data = socket.create_server(("127.0.0.1", 0))
        port = self.data.getsockname()[1]
        self.say(f"227 here (127,0,0,1,{port // 256},{port % 256})")

    def on_epsv(self, rest: str) -> None:
        self.data = socket.create_server(("127.0.0.1", 0))
        self.say(f"229 here (|||{self.data.getsockname()[1]}|)")

    def on_retr(self, path: str) -> None:
        body = self.server.files.get(path)
        if body is None or self.data is None:
            if self.data is not None:
                self.data.close()
            self.say("550 no such file")
            return
        self.say("150 coming")
        with self.data, self.data.accept()[0] as stream:
            short = self.server.cuts > 0
            self.server.cuts -= short
            stream.sendall(body[: len(body) // 2] if short else body)
        self.say("226 sent")


class FtpServer(socketserver.ThreadingTCPServer):
    """Files by path, what was asked, and how many transfers end half way."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.cuts = 0
        self.tells_sizes = True

    @property
    def address(self) -> str:
        return f"ftp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving_files() -> Iterator[FtpServer]:
    with FtpServer() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()
