"""A misbehaving server, a downloader in haste, and small sources to fetch."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.region import Region, read_region
from geo.sources.catalog import Source, read_catalog
from geo.sources.download import Downloader
from geo.sources.raw import RawStore
from tests.unit.sources.loopback import HASTY, Server, Waits


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def downloader(tmp_path: Path, waits: Waits) -> Downloader:
    return Downloader(tmp_path / "partial", HASTY, sleep=waits)


@pytest.fixture
def systems() -> Source:
    """A source with a table of small water systems."""
    return read_catalog()["state_small_water_systems"]


@pytest.fixture
def coachella() -> Region:
    return read_region("coachella")


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore("official", tmp_path / "raw")
