"""The warm process that forks a confined reader for each file: ``python -m geo.intake.worker SOCKET``."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import psutil
import pyarrow as pa
import pyproj
import shapely

from geo.crs import STORED
from geo.errors import GeoError
from geo.intake.cells import read_grids_of, read_table_of
from geo.intake.confine import confine
from geo.intake.limits import Limits
from geo.intake.reader import BROKEN, DONE, MEMORY, TIME
from geo.intake.shapes import join_parts, read_shapes, tell_parts, to_stored, to_table
from geo.language import use_language

MADE = "made"


def read_vectors(limits: Limits, name: str, file: str, *, stored: bool) -> dict[str, Any]:
    """Read shapes: all, in EPSG:4326 and without Z coordinates, or the first layer as it is."""
    parts = read_shapes(limits, name, file, whole=stored)
    frame = to_stored(join_parts(parts, name), name) if stored else parts[0].frame
    table = to_table(frame)
    with pa.OSFile(MADE, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return tell_parts(parts) | {"crs": _name_crs(frame.crs) if not stored else STORED}


def count_heights(limits: Limits, name: str, file: str) -> dict[str, Any]:
    """Count the shapes of a file's first layer that have Z coordinates."""
    (part,) = read_shapes(limits, name, file, whole=False)
    return {"heights": int(shapely.has_z(part.frame.geometry.to_numpy()).sum())}


def read_table(limits: Limits, name: str, file: str, *, sheet: str = "") -> dict[str, Any]:
    """Read a sheet whose first row holds the headings: the one of this title, or the first."""
    return _make(read_table_of(Path(file), name, limits, sheet))


def read_grids(limits: Limits, name: str, file: str) -> dict[str, Any]:
    """Read every sheet as it is."""
    return _make(read_grids_of(Path(file), name, limits))


def _make(content: object) -> dict[str, Any]:
    Path(MADE).write_text(json.dumps(content), encoding="utf-8")
    return {}


def _name_crs(crs: pyproj.CRS | None) -> str:
    """Name a CRS by its authority's code, or describe it as WKT; empty where nothing is said."""
    if crs is None:
        return ""
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority else crs.to_wkt()


TASKS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "vectors": read_vectors,
    "heights": count_heights,
    "table": read_table,
    "grids": read_grids,
}


def warm_up() -> None:
    """Do once what every reader would else do first: open the database of CRSs."""
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:3310")
    to_table(frame.to_crs(STORED))


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
