"""A server on loopback as a person starts it, with a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import open_database
from store.journal import Journal
from store.members import Members
from tests.serving import Server, serving


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, demo_built: str) -> Iterator[str]:
    """Address of a database of this module's own."""
    address = f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_STORE_URL", address)
        yield address


@pytest.fixture(scope="module")
def members(store: str) -> Members:
    """The members of that database."""
    return Members(Journal(open_database(store)))


@pytest.fixture(scope="module")
def server(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that runs, under an address that others would use through a proxy."""
    log: Path = tmp_path_factory.mktemp("log") / "server.log"
    with serving(log, GEO_ADDRESS="https://maps.example.org", GEO_FRAMES="https://city.example.org") as found:
        yield found
