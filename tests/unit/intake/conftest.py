"""What hostile files are after: a store with a member, a file with a secret, an address that counts."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from store.database import open_database
from store.journal import Journal
from store.members import Members, Role
from tests.unit.intake.hostile_shapes import Prey
from tests.unit.sources.loopback import Server

MEMBER, SECRET = "Zenaida Quijano", "the-word-that-nobody-may-read"


@pytest.fixture(scope="session")
def counting() -> Iterator[Server]:
    """A server on loopback that writes down who asks."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def prey(tmp_path_factory: pytest.TempPathFactory, counting: Server) -> Prey:
    folder = tmp_path_factory.mktemp("prey")
    engine = open_database(f"sqlite:///{folder / 'store.db'}")
    Members(Journal(engine)).add(MEMBER, Role.COORDINATOR, "nine brown dogs at the well", by="Luis")
    engine.dispose()  # the last one to leave puts everything into the file itself
    file = folder / "secret.csv"
    file.write_text(f"name,word\nA,{SECRET}\n", encoding="utf-8")
    return Prey(folder / "store.db", file, counting.address)
