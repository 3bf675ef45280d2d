"""Loops over coordinates, compiled, and arrays worked on by all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function of numbers and arrays at its first call; it then needs no interpreter's lock.

    What was compiled is kept on the disk for the next process, where there is a place that can be written.

    Examples
    --------
    >>> compiled(lambda a, b: a + b)(1, 2)
    3
    """
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        return numba.njit(nogil=True)(function)


CHUNK = 256


def workers(threads: int | None = None) -> int:
    """Say how many threads to use: as many as asked for, or as there are cores for this process.

    Examples
    --------
    >>> workers(3)
    3
    """
    if threads:
        return threads
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def in_chunks(function: Callable[..., Any], *arrays: NDArray[Any], threads: int | None = None) -> Any:
    """Apply a function that releases the interpreter's lock to arrays of one length, on all cores.

    Examples
    --------
    >>> in_chunks(np.sqrt, np.array([4.0, 9.0])).tolist()
    [2.0, 3.0]
    """
    count = len(arrays[0])
    if workers(threads) == 1 or count <= CHUNK:
        return function(*arrays)
    step = max(CHUNK, count // (8 * workers(threads)))
    with ThreadPoolExecutor(workers(threads)) as pool:
        parts = pool.map(
            lambda start: function(*(array[start : start + step] for array in arrays)), range(0, count, step)
        )
        return np.concatenate(list(parts))
