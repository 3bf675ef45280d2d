"""Ten people at the board at once, each in a browser session of their own: nothing is lost, all is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from geo.datasets.storage import read_shapes_of
from store.database import open_database
from store.journal import Journal
from store.water.book import Board
from tests.browser.conftest import LAPTOP, PATIENCE_MS
from tests.browser.test_water_meeting import REGION, Meeting, choose, failing_systems, record, server, settle

__all__ = ["server"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("water_together")]
PEOPLE = 10
STAGES = ("planning", "design", "funded", "feasibility", "not started")


@pytest.fixture
def sessions(server: Meeting, chromium: Browser) -> Iterator[list[Page]]:
    """Ten sessions that open the board at the same moment, each at a system of its own, each signed in.

    Ten maps would be drawn by one machine, which nobody does at a meeting: the sessions go without.
    """
    contexts = [chromium.new_context(viewport=LAPTOP) for _ in range(PEOPLE)]
    for context in contexts:
        context.route("**/component/streamlit_folium*/**", lambda route: route.abort())
    pages = [context.new_page() for context in contexts]
    for page, pwsid in zip(pages, failing_systems(), strict=False):
        page.goto(f"{server.address}/water?region={REGION}&system={pwsid}", wait_until="commit")
    for number, page in enumerate(pages):
        field = page.get_by_role("textbox", name="Your name (task force)")
        field.wait_for(timeout=PATIENCE_MS)
        field.fill(f"Person {number}")
        field.press("Enter")
    for page in pages:
        form_of(page).wait_for(state="attached", timeout=PATIENCE_MS)
        settle(page)
    yield pages
    for context in contexts:
        context.close()


def form_of(page: Page) -> Locator:
    """The form of the stage, which is there for those who are signed in."""
    return page.get_by_role("button", name="Record the stage", include_hidden=True)


def pick_stage(page: Page, stage: str) -> None:
    """Choose a stage; a list that an answer of the page closes again is opened again."""
    option = page.get_by_role("option", name=stage, exact=True)
    for _attempt in range(5):
        page.get_by_role("tab", name="Change the stage").click()
        panel = page.get_by_role("tabpanel").filter(has=form_of(page))
        panel.get_by_role("combobox", name="Stage").click()
        try:
            option.click(timeout=4000)
        except PlaywrightTimeout:
            page.keyboard.press("Escape")
        else:
            return
    pytest.fail(f"the list of stages did not offer {stage}")


def at_once(pages: list[Page], act: Callable[[int, Page], None]) -> None:
    """Do something in every session, and wait for the answers only when all have asked."""
    for number, page in enumerate(pages):
        act(number, page)
    for page in pages:
        settle(page)


def stage_of(number: int) -> str:
    return STAGES[number % len(STAGES)]


def test_ten_people_change_their_own_systems_and_then_all_the_same_one(
    sessions: list[Page], server: Meeting
) -> None:
    pwsids = read_shapes_of(REGION, "water_systems")["pwsid"]
    board = Board(Journal(open_database(server.url)), REGION, pwsids)
    own, shared = failing_systems()[:PEOPLE], failing_systems()[PEOPLE]

    at_once(sessions, lambda number, page: pick_stage(page, stage_of(number)))
    at_once(sessions, lambda _number, page: record(page))
    for page in sessions:
        expect(page.get_by_text("Recorded.").first).to_be_visible(timeout=PATIENCE_MS)
    statuses = board.statuses().xs("water", level="service")
    assert statuses.loc[own, "who"].tolist() == [f"Person {number}" for number in range(PEOPLE)]

    for page in sessions:
        choose(page, shared)
    at_once(sessions, lambda number, page: pick_stage(page, stage_of(number)))
    at_once(sessions, lambda _number, page: record(page))
    (entry,) = board.journal.history(REGION, "status", f"{shared}/water")
    told = [page for page in sessions if page.get_by_text("changed this in the meantime").count()]
    assert len(told) == PEOPLE - 1
    for page in told:
        expect(page.get_by_text(f"{entry.who} changed this in the meantime.")).to_be_visible()

    last = told[-1]
    last.get_by_label("Why yours, if you record it").fill("agreed at the table")
    last.get_by_role("button", name="Record mine").click()
    expect(last.get_by_text("Recorded.").first).to_be_visible(timeout=PATIENCE_MS)
    assert [item.number for item in board.journal.history(REGION, "status", f"{shared}/water")] == [1, 2]
    assert len(board.journal.history(REGION, "status")) == PEOPLE + 2
