"""What is asked of a reader, and what it answers: taken as plain data, whatever a file made of the reader."""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo import errors
from geo.errors import GeoError, SchemaError
from geo.intake.limits import PERSON, Limits
from geo.language import gettext as _

LONGEST_ANSWER = 64_000
# How a reader ended, as the last line of its answer says; the first, where there was none.
AWAY = "away"
DONE, TIME, MEMORY, BROKEN = ENDS = ("done", "time", "memory", "broken")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read: a task of :mod:`geo.intake.tasks` with its arguments, and what a person calls it.

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
