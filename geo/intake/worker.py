"""The warm process: ``python -m geo.intake.worker SOCKET`` forks a confined reader for each file.

It holds one thread and never looks into a file itself, so what a file does to its reader ends with that
reader. It ends when the process that started it does.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from geo.errors import GeoError
from geo.intake.answer import BROKEN, DONE, MEMORY, TIME
from geo.intake.confine import confine
from geo.intake.limits import Limits
from geo.intake.tasks import TASKS, warm_up
from geo.language import use_language

LOOK_S = 0.05
LENGTH_BYTES = 4
OUT_OF_MEMORY = 3
LONGEST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """A reader at work: its process, where its answer goes, and how far it may go."""

    process: psutil.Process
    pid: int
    answer: int
    ends: float
    most_bytes: int


def serve(control: socket.socket) -> None:
    """Start a reader for each order, and end those that take too long or too much, until nobody is there."""
    warm_up()
    held = psutil.Process().memory_info().rss
    ended_one = wake_at_ends()
    jobs: list[Job] = []
    while True:
        ready, _written, _odd = select.select([control.fileno(), ended_one], [], [], LOOK_S if jobs else None)
        if ended_one in ready:
            os.read(ended_one, 512)
        if control.fileno() in ready:
            order = receive(control)
            if order is None:
                break
            jobs.append(start(*order, held, [control.fileno(), *(job.answer for job in jobs)]))
        jobs = [job for job in jobs if not is_over(job)]
    for job in jobs:
        os.kill(job.pid, signal.SIGKILL)


def wake_at_ends() -> int:
    """Return a pipe that something comes through whenever a reader ends."""
    take, give = os.pipe()
    os.set_blocking(give, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(give, warn_on_full_buffer=False)
    return take


def receive(control: socket.socket) -> tuple[dict[str, Any], int] | None:
    """Take an order and the pipe that its answer goes to; None where nobody is left to order."""
    head, pipes, _flags, _address = socket.recv_fds(control, LENGTH_BYTES, 1)
    if len(head) < LENGTH_BYTES or not pipes:
        return None
    length, text = int.from_bytes(head, "big"), b""
    while len(text) < length:
        part = control.recv(length - len(text))
        if not part:
            return None
        text += part
    return json.loads(text), pipes[0]


def start(order: dict[str, Any], answer: int, held: int, others: list[int]) -> Job:
    """Fork a reader, which gets its own pipe and none of the ``others``."""
    limits = Limits(**order["limits"])
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for pipe in others:
            os.close(pipe)
        os._exit(read(order, limits, answer))
    ends = time.monotonic() + limits.wall_s
    return Job(psutil.Process(pid), pid, answer, ends, held + limits.memory_bytes)


def read(order: dict[str, Any], limits: Limits, answer: int) -> int:
    """Read one file, confined, and say what is in it or why not; runs in the forked process alone."""
    said: dict[str, Any]
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        confine(Path(order["folder"]), limits)
        use_language(order["language"])
        said = {"answer": TASKS[order["task"]](limits, **order["arguments"])}
    except MemoryError:
        return OUT_OF_MEMORY
    except GeoError as error:
        words = {"fault": error.fault[:LONGEST_WORDS], "remedy": error.remedy[:LONGEST_WORDS]}
        said = {"error": type(error).__name__, **words}
    except BaseException:
        return 1
    os.write(answer, json.dumps(said).encode() + b"\n")
    return 0


def is_over(job: Job) -> bool:
    """Look after a reader: whether it has ended, or was ended."""
    pid, status = os.waitpid(job.pid, os.WNOHANG)
    if pid:
        end = ended(os.waitstatus_to_exitcode(status))
    elif time.monotonic() > job.ends:
        end = TIME
    elif held_bytes(job) > job.most_bytes:
        end = MEMORY
    else:
        return False
    if not pid:
        os.kill(job.pid, signal.SIGKILL)
        os.waitpid(job.pid, 0)
    with suppress(BrokenPipeError):  # nobody waits for it any more
        os.write(job.answer, end.encode() + b"\n")
    os.close(job.answer)
    return True


def ended(code: int) -> str:
    """Name how a reader ended; what kills one that was not told to stop is a system without memory.

    Examples
    --------
    >>> ended(0), ended(-signal.SIGXCPU), ended(-signal.SIGSEGV)
    ('done', 'time', 'broken')
    """
    ends = {0: DONE, OUT_OF_MEMORY: MEMORY, -signal.SIGXCPU: TIME, -signal.SIGKILL: MEMORY}
    return ends.get(code, BROKEN)


def held_bytes(job: Job) -> int:
    """Memory that a reader holds, in bytes."""
    try:
        return int(job.process.memory_info().rss)
    except psutil.Error:
        return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(socket.socket(fileno=int(sys.argv[1])))
