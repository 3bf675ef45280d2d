"""The one door for files that a person hands in: each is read by a process that can reach it alone."""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geo import errors
from geo.errors import GeoError, SchemaError
from geo.intake.limits import PERSON, Limits
from geo.language import current_language
from geo.language import gettext as _
from geo.settings import ROOT

LONGEST_ANSWER = 64_000
# How a reader ended, as the last line of its answer says; the first, where there was none.
AWAY = "away"
DONE, TIME, MEMORY, BROKEN = ENDS = ("done", "time", "memory", "broken")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read: a task of :mod:`geo.intake.worker` with its arguments, and what a person calls it.

    ``files`` are contents, or files of this machine to be copied, by the names that they have for the reader.
    """

    task: str
    name: str
    files: Mapping[str, bytes | Path]
    arguments: Mapping[str, object]
    limits: Limits = PERSON


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader said, and the bytes of what it made, if any; both come from a stranger's file."""

    said: dict[str, Any]
    made: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """How a reader ended, and the lines that it said before."""

    end: str = AWAY
    said: tuple[str, ...] = ()


def listen(pipe: int, wait_s: float) -> Heard | None:
    """Wait for what a reader says and how it ended; None where nobody is there, or it takes too long."""
    ends, text = time.monotonic() + wait_s, b""
    while len(text) < LONGEST_ANSWER:
        ready, _written, _odd = select.select([pipe], [], [], max(0.0, ends - time.monotonic()))
        part = os.read(pipe, LONGEST_ANSWER) if ready else b""
        if not part:
            return None
        text += part
        *said, end = text.decode("utf-8", "replace").rstrip("\n").split("\n")
        if text.endswith(b"\n") and end in ENDS:
            return Heard(end, tuple(said))
    return Heard(BROKEN)


def judge(heard: Heard, order: Order) -> dict[str, Any]:
    """Return what a reader said of a file.

    Raises
    ------
    GeoError
        What the reader found wrong with it, or how the reader ended.

    Examples
    --------
    >>> order = Order("table", "board.csv", {}, {})
    >>> judge(Heard(DONE, ('{"answer": {}}',)), order)
    {}
    """
    said: Any = None
    if heard.end == DONE and len(heard.said) == 1:
        with suppress(ValueError, RecursionError):
            said = json.loads(heard.said[0])
    if isinstance(said, dict) and isinstance(said.get("answer"), dict):
        return dict(said["answer"])
    if isinstance(said, dict) and "error" in said:
        kind = getattr(errors, str(said["error"]), SchemaError)
        ours = isinstance(kind, type) and issubclass(kind, GeoError)
        raise (kind if ours else SchemaError)(str(said.get("fault", "")), str(said.get("remedy", "")))
    raise SchemaError(*_tell(heard.end, order))


def _tell(end: str, order: Order) -> tuple[str, str]:
    """Say how a reader ended, and what to do."""
    less = _("simplify it, or save it with less in it; nothing was written")
    if end == TIME:
        words = _("{name} takes longer to read than a file may ({seconds} seconds)")
        return words.format(name=order.name, seconds=order.limits.cpu_s), less
    if end == MEMORY:
        words = _("{name} takes more memory to read than a file may ({most} MB)")
        return words.format(name=order.name, most=order.limits.memory_bytes // 1_000_000), less
    if end == AWAY:
        words = _("{name} was not read: the process that reads files does not start")
        return words.format(name=order.name), _("tell whoever runs the dashboard; nothing was written")
    return damaged(order.name), less


def damaged(name: str) -> str:
    """Say that a reader broke off over a file, or that what it made of it is no data."""
    return _("{name} cannot be read: it is damaged, or not what it says").format(name=name)


def take_made(path: Path, limits: Limits) -> bytes:
    """Read what was made: a plain file that is no larger than it may be, or nothing."""
    try:
        place = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(place, "rb") as stream:
        return stream.read(limits.output_bytes)


AT_ONCE = 2
# What may come before a reader's own time: the imports of the process that starts it, on a busy machine.
PATIENCE_S = 60
LENGTH_BYTES = 4
MADE = "made"
# All of the process's environment: no address of a database, no key, no home; and GDAL asks nobody.
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # it forks, and may hold one thread
    "OPENPYXL_DEFUSEDXML": "False",  # what it gets was written here, without entities
    "PROJ_NETWORK": "OFF",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "LIBKML_RESOLVE_STYLE": "NO",
}


class Reader:
    """The warm process, from this one's side."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """Number of the warm process, or None where there is none."""
        return self._process.pid if self._process else None

    def start_ahead(self) -> None:
        """Start the process where it is not there, and wait for nothing."""
        with self._lock:
            self._require_control()

    def read(self, order: Order) -> Answer:
        """Have a file read.

        Raises
        ------
        GeoError
            It is too large, too much or too slow to read, or not what it says; or too many others are read.
        """
        _check_size(order)
        with self._place(order), tempfile.TemporaryDirectory(prefix="intake-") as temporary:
            folder = Path(temporary).resolve()
            for name, content in order.files.items():
                _put(content, folder / name)
            heard = self._ask(order, folder) or self._ask(order, folder) or Heard()
            return Answer(judge(heard, order), take_made(folder / MADE, order.limits))

    def stop(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    @contextmanager
    def _place(self, order: Order) -> Iterator[None]:
        if not self._places.acquire(timeout=order.limits.wall_s):
            raise GeoError(
                _("too many files are being read"), _("try again in a minute; nothing was written")
            )
        try:
            yield
        finally:
            self._places.release()

    def _ask(self, order: Order, folder: Path) -> Heard | None:
        """Send an order and wait for its answer; None where the process went away in between."""
        text = json.dumps(
            {
                "task": order.task,
                "folder": str(folder),
                "arguments": dict(order.arguments),
                "limits": asdict(order.limits),
                "language": current_language(),
            }
        ).encode()
        take, give = os.pipe()
        try:
            process = self._send(text, give)
            heard = listen(take, order.limits.wall_s + PATIENCE_S)
        finally:
            os.close(take)
        if heard is None:
            with self._lock:
                if self._process is process:
                    self._end()
        return heard

    def _send(self, text: bytes, pipe: int) -> subprocess.Popen[bytes] | None:
        """Send an order with the pipe for its answer, which is closed here; return who got it."""
        try:
            with self._lock:
                control = self._require_control()
                with suppress(OSError):  # it has gone: nothing will come through the pipe
                    socket.send_fds(control, [len(text).to_bytes(LENGTH_BYTES, "big")], [pipe])
                    control.sendall(text)
                return self._process
        finally:
            os.close(pipe)

    def _require_control(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._end()
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-s", "-P", "-m", "geo.intake.worker", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    env=ENVIRONMENT,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


READER = Reader()
atexit.register(READER.stop)


def _check_size(order: Order) -> None:
    size = sum(
        content.stat().st_size if isinstance(content, Path) else len(content)
        for content in order.files.values()
    )
    if size > order.limits.input_bytes:
        raise SchemaError(
            _("{name} is larger than {most} MB").format(
                name=order.name, most=order.limits.input_bytes // 1_000_000
            ),
            _("simplify it, or save it with less in it; nothing was written"),
        )


def _put(content: bytes | Path, path: Path) -> None:
    if isinstance(content, Path):
        shutil.copyfile(content, path)
    else:
        path.write_bytes(content)
