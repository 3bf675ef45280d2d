"""What a process that reads a file may do: so much memory and time, one folder, no network, no program.

Limits of the operating system hold on every POSIX system, but memory on macOS, which takes ``RLIMIT_AS`` and
does not hold it: there the warm process looks at what each reader holds, twenty times a second. The folder
and the network are shut by Landlock, on Linux 5.13 and later (connections from 6.7 on). Elsewhere what is
left is that one driver opens one file whose content was checked.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from geo.intake.limits import Limits
from geo.settings import ROOT

# Landlock's system calls have these numbers on every kind of processor.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH = 1, 1
END_WITH_PARENT, NO_NEW_PRIVILEGES = 1, 38
WRITE_FILE, READ_FILE, READ_DIR, REMOVE_FILE, MAKE_FILE, TRUNCATE = (1 << bit for bit in (1, 2, 3, 5, 8, 14))
# How many rights of files each version knows; from the fourth on TCP (bind, connect), from the sixth on
# sockets and signals of other processes.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP_FROM, SCOPES_FROM = 4, 6
LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
OPEN_FILES = 64


def confine(folder: Path, limits: Limits) -> None:
    """Give up, for good, what reading a file in ``folder`` does not need; it is the current folder then."""
    if sys.platform.startswith("linux"):
        _require(ctypes.CDLL(None, use_errno=True).prctl(END_WITH_PARENT, signal.SIGKILL, 0, 0, 0))
    os.chdir(folder)
    os.umask(0o077)
    os.environ["TMPDIR"] = os.environ["CPL_TMPDIR"] = str(folder)
    _limit(limits)
    shut_in(folder)


def _limit(limits: Limits) -> None:
    for kind, most, end in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 2),  # told at the first, killed at the second
        (resource.RLIMIT_FSIZE, limits.output_bytes, limits.output_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES),
        (resource.RLIMIT_AS, *[_held_bytes() + limits.memory_bytes] * 2),
    ):
        hard = resource.getrlimit(kind)[1]
        ends = end if hard == resource.RLIM_INFINITY else min(end, hard)
        with suppress(ValueError, OSError):  # macOS refuses some that it lists
            resource.setrlimit(kind, (min(most, ends), ends))


def _held_bytes() -> int:
    """Addresses that this process holds already, in bytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 1 << 40
    return pages * resource.getpagesize()


def shut_in(folder: Path) -> bool:
    """Let this process reach nothing but ``folder`` and what Python needs; whether the system can do that."""
    version = landlock_version()
    if not version:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    files = (1 << FILE_RIGHTS[min(version, max(FILE_RIGHTS))]) - 1
    rules = struct.pack("QQQ", files, 3 if version >= TCP_FROM else 0, 3 if version >= SCOPES_FROM else 0)
    rules = rules[: 24 if version >= SCOPES_FROM else 16 if version >= TCP_FROM else 8]
    ruleset = libc.syscall(CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), ctypes.c_uint32(0))
    _require(ruleset)
    for path in _readable():
        _allow(libc, ruleset, path, READ_FILE | READ_DIR)
    own = WRITE_FILE | READ_FILE | READ_DIR | REMOVE_FILE | MAKE_FILE | TRUNCATE
    _allow(libc, ruleset, folder, own & files)
    for path in map(Path, DEVICES):
        _allow(libc, ruleset, path, READ_FILE | WRITE_FILE)
    _require(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _require(libc.syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)))
    os.close(ruleset)
    return True


def landlock_version() -> int:
    """Which version of Landlock the system has; 0 for none.

    Examples
    --------
    >>> landlock_version() >= 0
    True
    """
    if not sys.platform.startswith("linux"):
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(ASK_VERSION))))


def _readable() -> Iterator[Path]:
    """Folders of Python, its packages, this project's code and words: nothing that people wrote."""
    for prefix in {sys.prefix, sys.base_prefix}:
        yield from (Path(prefix) / "lib", Path(prefix) / "lib64")
    yield from map(Path, LIBRARIES)
    yield from (ROOT / "geo", ROOT / "locale")


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        rights &= ~READ_DIR
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights, place)
    _require(
        libc.syscall(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), rule, ctypes.c_uint32(0))
    )
    os.close(place)


def _require(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock refused a rule")
