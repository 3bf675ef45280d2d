"""The dashboard without a browser, on built regions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.datasets.storage import read_shapes_of
from geo.language import use_language
from store.canvass.book import CanvassBook
from store.canvass.kinds import TribalPermission
from store.database import open_database
from store.journal import Journal

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    """Nothing is kept in memory from one test to the next, and English is spoken again."""
    st.cache_resource.clear()
    yield
    use_language("en")


@pytest.fixture(autouse=True)
def nothing_unforeseen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail where a page met what nobody foresaw: it says so in a sentence, and not by an exception."""
    seen: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(self.format(record))

    handler, log = Keep(logging.ERROR), logging.getLogger("app_pages.parts.page")
    log.addHandler(handler)
    yield
    log.removeHandler(handler)
    if not request.node.get_closest_marker("unforeseen"):
        assert seen == []


@pytest.fixture
def dashboard() -> Open:
    """Open a page at an address, Explore if none is named, and no other before it."""

    def start(page: str = "explore", **params: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
        app.query_params.update(params)
        return app.switch_page(f"app_pages/{page}.py").run()

    return start


@pytest.fixture
def all_tribes_agreed() -> Callable[[str], None]:
    """Record in the store of the test that every tribe of a region agreed."""

    def agree(region: str) -> None:
        book = CanvassBook(Journal(open_database()), region)
        land = read_shapes_of(region, "tribal_areas").drop_duplicates("geoid")
        for tribe, title in zip(land["geoid"], land["label"], strict=True):
            said = {"tribe": str(tribe), "title": title, "agreed_by": "the council", "on": "2026-03-01"}
            book.save(TribalPermission.make(said), "Ana", seen=0)

    return agree
