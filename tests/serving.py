"""The dashboard's server as a process of its own, started as a person starts it."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("-m", "server")
STREAMLIT = ("-m", "streamlit", "run", "dashboard.py")


@dataclass(frozen=True)
class Server:
    """A server that runs, and what it wrote."""

    address: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def serving(
    log: Path, *, how: Sequence[str] = OURS, options: Sequence[str] = (), **settings: str
) -> Iterator[Server]:
    """Start a server, wait until it answers, and end it by its own process."""
    port = free_port()
    named = "--server.port" if "streamlit" in how else "--port"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *how, named, str(port), *options],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        scheme = "https" if settings.get("GEO_CERTIFICATE") else "http"
        address = f"{scheme}://127.0.0.1:{port}"
        wait_until_up(address, process, log)
        yield Server(address, port, process, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers, if only with a refusal."""
    # Whether it answers is asked here, and not whether its certificate is one that anybody trusts.
    anything = ssl._create_unverified_context()
    for _ in range(480):
        assert process.poll() is None, f"the dashboard ended; see {log}"
        try:
            with urlopen(f"{address}/_stcore/health", context=anything) as answer:
                if answer.status == 200:
                    return
        except HTTPError as error:
            if error.code != 503:
                return
            time.sleep(0.25)
        except (URLError, ConnectionError):
            time.sleep(0.25)
    pytest.fail("the dashboard did not start within two minutes")
