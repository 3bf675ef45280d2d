"""A server on loopback that misbehaves on purpose, and small sources to fetch from it."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomli_w

from geo.sources.catalog import Source
from geo.sources.download import Manners

HASTY = Manners(connect_s=5.0, read_s=5.0, attempts=4, back_off_s=0.0, limit_bytes=1 << 20)
Act = Callable[["Handler", int], None]


class Handler(BaseHTTPRequestHandler):
    """Plays the act of a path; ``times`` counts from 1 how often it was asked."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.times[path] += 1
        act = self.server.acts.get(path)
        if self.headers.get("User-Agent", "").startswith(self.server.refused_agents):
            refuses(self, 0)
        elif act is None:
            self.answer(b"", status=404)
        else:
            act(self, self.server.times[path])

    def answer(self, body: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> None:
        """Send a whole answer; ``length`` may lie."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        """Cut the connection."""
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(2)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep silent."""


class Server(ThreadingHTTPServer):
    """Acts by path, and what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.acts: dict[str, Act] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.times: Counter[str] = Counter()
        self.idle = threading.Event()
        self.refused_agents: tuple[str, ...] = ()

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.netloc}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let clients go away as they like."""

    def ranges(self, path: str) -> list[str | None]:
        """The Range header of every request for a path."""
        return [headers.get("Range") for asked, headers in self.asked if urlsplit(asked).path == path]


@dataclass
class Waits:
    """Records how long a downloader would have waited."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def well(body: bytes, *, etag: str = '"one"', cuts: int = 0, ranges: bool = True) -> Act:
    """An act that gives ``body``, with ranges, after cutting the connection half way ``cuts`` times."""

    def act(handler: Handler, times: int) -> None:
        start = _start(handler, etag) if ranges else 0
        rest = body[start:]
        status = 206 if start else 200
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(rest)))
        handler.send_header("ETag", etag)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        handler.end_headers()
        if times <= cuts:
            handler.wfile.write(rest[: len(rest) // 2])
            handler.hang_up()
        else:
            handler.wfile.write(rest)

    return act


def _start(handler: Handler, etag: str) -> int:
    match = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    same = handler.headers.get("If-Range", etag) == etag
    return int(match[1]) if match and same else 0


def endless(handler: Handler, times: int) -> None:
    """An act that never ends."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    with suppress(OSError):
        while True:
            handler.wfile.write(b"x" * 65536)


def plain(body: bytes, **answer: Any) -> Act:
    """An act that gives the same answer every time."""
    return lambda handler, times: handler.answer(body, **answer)


# As the firewall before www2.census.gov puts it.
REJECTED = b"<html><head><title>Request Rejected</title></head><body>Your support ID is: 1</body></html>"
refuses: Act = plain(REJECTED, status=403, Content_Type="text/html")


def silent(handler: Handler, times: int) -> None:
    """An act that says nothing for longer than anybody waits, as a service that works on a large page."""
    handler.server.idle.wait(60)
    handler.hang_up()


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def digest(folder: Path) -> dict[str, str]:
    """What stands in a folder, by name; partial files and locks aside."""
    return {
        path.relative_to(folder).as_posix(): sha(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".")
    }


def table_of(source: Source, rows: int, cell: str = "1") -> bytes:
    """A table in the source's layout, as CSV, with distinct keys, and numbers where these are declared."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(source.layout.published)
    for number in range(rows):
        numbers = set(source.layout.number.values())
        writer.writerow(
            [str(number) if name in numbers else f"{cell}{number}" for name in source.layout.published]
        )
    return stream.getvalue().encode()


def index_of(source: Source, body: bytes, **changes: Any) -> bytes:
    """A mirror's index of one source with one file, ``data.csv``."""
    table = {
        "file": f"{source.key}/data.csv",
        "title": source.title,
        "publisher": source.publisher,
        "vintage": source.vintage,
        "license": source.license,
        "address": source.address,
        "address_seen": source.address_seen,
        "fidelity": "original",
        "bytes": len(body),
        "sha256": sha(body),
        "note": "",
        **changes,
    }
    return tomli_w.dumps({source.key: table}).encode()
