"""A whole meeting in a real browser: filter, change, conflict, report, nine systems together, kept and found
again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.datasets.storage import read_shapes_of
from geo.region import read_region
from geo.units import to_words
from geo.water.network_layout import lay_ground, lay_network
from geo.water.receiver import in_scope, miles_to, receiver_boundaries, receiver_boundary
from geo.water.routes import fit_roads
from store.database import open_database
from store.journal import Journal
from store.water.book import Board, Change
from store.water.kinds import Status
from tests.browser.conftest import LAPTOP, PATIENCE_MS, SCREENS, Visit, listen, settle, turn_to
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("water_meeting")]
REGION = "demo"


class Meeting:
    """A dashboard with a database of its own, which can be ended and started again."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.running = ExitStack()
        self.address = ""

    def start(self) -> None:
        started = serving(self.folder / "meeting.log", GEO_STORE_URL=self.url, GEO_REGION=REGION)
        self.address = self.running.enter_context(started).address

    def stop(self) -> None:
        self.running.close()


@pytest.fixture
def server(built_data: Path, demo_built: str, tmp_path: Path) -> Iterator[Meeting]:
    found = Meeting(built_data, f"sqlite:///{tmp_path / 'meeting.db'}")
    found.start()
    yield found
    found.stop()


@pytest.fixture
def enter(server: Meeting, chromium: Browser) -> Iterator[Callable[[], Visit]]:
    contexts = []

    def go() -> Visit:
        context = chromium.new_context(viewport={"width": LAPTOP["width"], "height": 1400})
        contexts.append(context)
        found = Visit(context.new_page(), server.address)
        listen(found)
        found.page.goto(f"{server.address}/explore?region={REGION}")
        found.wait_for_map("tracts")
        return found

    yield go
    for context in contexts:
        context.close()


def open_page(visit: Visit, title: str) -> None:
    turn_to(visit.page, title)
    visit.wait_for_map("systems")


def sign_in(page: Page, name: str) -> None:
    field = page.get_by_role("textbox", name="Your name (task force)")
    field.fill(name)
    field.press("Enter")
    settle(page)


def filter_failing(page: Page) -> None:
    page.get_by_role("combobox", name="SAFER status").click()
    page.get_by_role("option", name="Failing").click()
    page.keyboard.press("Escape")
    settle(page)


def choose(page: Page, pwsid: str) -> None:
    box = page.get_by_role("combobox", name="System", exact=False).last
    box.click()
    box.fill(pwsid)
    page.get_by_role("option").filter(has_text=pwsid).first.click()
    expect(page.locator(".geo-card .sub").first).to_contain_text(pwsid, timeout=PATIENCE_MS)
    settle(page)


def set_stage(page: Page, stage: str) -> None:
    page.get_by_role("tab", name="Change the stage").click()
    panel = page.get_by_role("tabpanel").filter(has=page.get_by_role("button", name="Record the stage"))
    panel.get_by_role("combobox", name="Stage").click()
    page.get_by_role("option", name=stage, exact=True).click()


def record(page: Page) -> None:
    page.get_by_role("button", name="Record the stage").click()


def failing_systems() -> list[str]:
    region = read_region(REGION)
    systems = read_shapes_of(REGION, "water_systems")
    boundary = receiver_boundary(region, receiver_boundaries(region)[0].key).geometry.item()
    near = in_scope(systems, miles_to(systems, boundary, region.length_crs), "near")
    return systems.loc[near & systems["safer_status"].eq("Failing"), "pwsid"].tolist()


def layout_of(pwsids: list[str]) -> object:
    region = read_region(REGION)
    systems = read_shapes_of(REGION, "water_systems").set_index("pwsid").loc[pwsids].to_crs(region.length_crs)
    boundary = receiver_boundary(region, "CA9010001").to_crs(region.length_crs).geometry.item()
    roads = fit_roads(read_shapes_of(REGION, "roads"), region.length_crs)
    return lay_network(lay_ground(systems, boundary, roads), systems)


def test_a_whole_meeting(server: Meeting, enter: Callable[[], Visit]) -> None:
    visit = enter()
    page = visit.page
    open_page(visit, "Water board")
    sign_in(page, "Ana")
    filter_failing(page)
    failing = failing_systems()
    expect(page.get_by_text(f"{len(failing)} of 83 systems.")).to_be_visible(timeout=PATIENCE_MS)

    for pwsid, stage in zip(failing[:2], ("funded", "planning"), strict=True):
        choose(page, pwsid)
        set_stage(page, stage)
        record(page)
        expect(page.get_by_text("Recorded.").first).to_be_visible(timeout=PATIENCE_MS)
    funnel = page.locator(".geo-funnel").first
    expect(funnel.get_by_role("row").filter(has_text="funded")).to_contain_text("1", timeout=PATIENCE_MS)

    meet_a_conflict(server, page, failing[2])
    print_reports(page)
    page.screenshot(path=SCREENS / "water-meeting-board.png")

    open_page(visit, "Consolidation network")
    filter_failing(page)
    page.get_by_role("button", name=f"Choose all {len(failing)}").click(timeout=PATIENCE_MS)
    page.get_by_text("Proven:").wait_for(timeout=PATIENCE_MS)
    settle(page)
    nine = choose_nine(visit, failing)
    check_layout(page, nine)
    page.get_by_label("Keep it as").fill("Airport Boulevard, November")
    page.get_by_role("button", name="Keep the scenario").click()
    expect(page.get_by_text("Kept as Airport Boulevard, November.")).to_be_visible(timeout=PATIENCE_MS)
    page.screenshot(path=SCREENS / "water-meeting-network.png", full_page=True)
    visit.quiet()

    server.stop()
    server.start()
    again = enter()
    open_page(again, "Consolidation network")
    again.page.get_by_role("button", name="Open Airport Boulevard, November").click(timeout=PATIENCE_MS)
    check_layout(again.page, nine)
    again.quiet()


def meet_a_conflict(server: Meeting, page: Page, pwsid: str) -> None:
    choose(page, pwsid)
    set_stage(page, "design")
    board = Board(Journal(open_database(server.url)), REGION, [pwsid])
    theirs = Status(pwsid=pwsid, service="water", stage="feasibility", note="by telephone")
    board.record([Change(theirs, seen=0)], who="Luis")
    record(page)
    expect(page.get_by_text("Luis changed this in the meantime.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("feasibility, by telephone", exact=True)).to_be_visible()
    expect(page.get_by_text("design", exact=True).last).to_be_visible()
    page.get_by_label("Why yours, if you record it").fill("agreed at the table")
    page.get_by_role("button", name="Record mine").click()
    expect(page.get_by_text("Recorded.").first).to_be_visible(timeout=PATIENCE_MS)
    history = board.journal.history(REGION, "status", f"{pwsid}/water")
    assert [(entry.who, entry.body["stage"]) for entry in history] == [
        ("Luis", "feasibility"),
        ("Ana", "design"),
    ]


def print_reports(page: Page) -> None:
    for title in ("English", "Español"):
        with page.expect_download(timeout=PATIENCE_MS) as coming:
            page.get_by_role("button", name=f"Print the report ({title}").click()
        path = coming.value.path()
        assert path.read_bytes().startswith(b"%PDF")
        assert "invented" in coming.value.suggested_filename


def choose_nine(visit: Visit, failing: list[str]) -> list[str]:
    """Take systems out by clicking on the map, those that lie apart from the others, until nine are left."""
    systems = read_shapes_of(REGION, "water_systems").set_index("pwsid").loc[failing]
    points = systems.to_crs("EPSG:26911").representative_point()
    apart = {pwsid: points.drop(pwsid).distance(point).min() for pwsid, point in points.items()}
    left = sorted(failing, key=apart.__getitem__)
    places = systems.representative_point()
    while len(left) > 9:
        visit.page.mouse.click(*visit.place_of(places[left.pop()]))
        heading = visit.page.get_by_role("heading", name=f"{len(left)} systems,")
        expect(heading).to_be_visible(timeout=PATIENCE_MS)
        settle(visit.page)
    return left


def check_layout(page: Page, pwsids: list[str]) -> None:
    layout = layout_of(sorted(pwsids))
    shared, separate = layout.layouts.loc["shared"], layout.layouts.loc["separate"]
    heading = page.get_by_role(
        "heading", name=f"{to_words(shared['length_ft'], 'count')} feet of shared pipe"
    )
    expect(heading).to_be_visible(timeout=PATIENCE_MS)
    table = page.locator("[data-testid=stTable]")
    for amount in (shared["cost_usd"], separate["cost_usd"]):
        expect(table.first).to_contain_text(to_words(amount, "USD"))
