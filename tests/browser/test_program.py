"""A program on a phone: a session with 70 codes, the second session's sheet, retention, the report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from geo.days import day_in
from geo.methods.person_codes import make_code
from tests.browser.conftest import MAP, PATIENCE_MS, PHONE, SCREENS, settle
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("program")]
Visit = Callable[..., object]
FIRST = [make_code("QX", number) for number in range(70)]
SECOND = [*FIRST[:45], *(make_code("QY", number) for number in range(15))]


@pytest.fixture(scope="module")
def served(built_data: Path, demo_built: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of our own, with an empty store."""
    folder = tmp_path_factory.mktemp("program")
    with serving(folder / "dashboard.log", GEO_STORE_URL=f"sqlite:///{folder / 'store.db'}") as server:
        yield server.address


def name_oneself(page: Page) -> None:
    """Give a name in the sidebar, which a phone keeps closed at first."""
    opener = page.get_by_test_id("stExpandSidebarButton")
    expect(opener).to_be_visible(timeout=PATIENCE_MS)
    opener.click()
    field = page.get_by_label("Your name", exact=True)
    field.fill("Ana")
    field.press("Enter")
    expect(page.get_by_role("tab", name="Record")).to_be_attached(timeout=PATIENCE_MS)
    settle(page)
    # Else the map, which is drawn in its own section only, goes away while its scripts still come.
    page.wait_for_load_state("networkidle")
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click(force=True)


def fill_event(page: Page, title: str, day: str, codes: list[str]) -> None:
    """Fill in the form for an event and send it."""
    page.get_by_role("textbox", name="Title").fill(title)
    for part, digits in zip(("year", "month", "day"), day.split("-"), strict=True):
        page.get_by_role("spinbutton", name=f"{part}, Day").first.press_sequentially(digits, delay=60)
    place = page.get_by_role("combobox", name="Place").first
    place.fill("Las Hojas, community hall")
    place.press("Enter")
    page.get_by_role("textbox", name="Codes of the people who came").fill("\n".join(codes))
    page.get_by_role("button", name="Record the event").click()
    settle(page)
    page.screenshot(path=SCREENS / "program-record.png")


def test_a_session_a_sheet_retention_and_the_report(visit: Visit, tmp_path: Path) -> None:
    opened = visit("program?region=demo&program=regional_plan", PHONE)
    page: Page = opened.page
    page.set_default_timeout(PATIENCE_MS)
    name_oneself(page)
    page.get_by_role("tab", name="Record").click()
    fill_event(page, "First session", "2019-02-01", FIRST)
    expect(page.get_by_text("Recorded: First session, 70 people.").first).to_be_visible(timeout=PATIENCE_MS)
    fill_event(page, "Second session", "2019-03-01", [])
    expect(page.get_by_text("Recorded: Second session.").first).to_be_visible(timeout=PATIENCE_MS)
    sheet = tmp_path / "second.csv"
    rows = [*SECOND, *SECOND[:5], "QX00", "Maria"]
    sheet.write_text("Code,Town\n" + "\n".join(f"{code},Las Hojas" for code in rows), encoding="utf-8")
    settle(page)
    page.locator("input[type=file]").first.set_input_files(sheet)
    told = page.get_by_text("twice in this file: 5")
    expect(told).to_be_visible(timeout=PATIENCE_MS)
    expect(told).to_contain_text("rejected: 2")
    page.screenshot(path=SCREENS / "program-sheet.png", full_page=True)
    # The same sheet as a workbook is told alike; what is typed meanwhile outlives a look at another section.
    page.get_by_role("textbox", name="Codes of the people who came").fill("QX 0017 H")
    workbook = tmp_path / "second.xlsx"
    frame = pd.read_csv(sheet)
    frame.to_excel(workbook, index=False)
    page.locator("input[type=file]").first.set_input_files(workbook)
    expect(page.get_by_text("second.xlsx").first).to_be_visible(timeout=PATIENCE_MS)
    expect(told).to_contain_text("rejected: 2")
    page.get_by_role("tab", name="Sessions").click()
    expect(page.get_by_text("How often people came").first).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("tab", name="Record").click()
    typed = page.get_by_role("textbox", name="Codes of the people who came")
    expect(typed).to_have_value("QX 0017 H")
    typed.fill("")
    page.get_by_role("button", name="Write 60 people").click()
    expect(page.get_by_text("Written: 60 people at Second session.").first).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("tab", name="Sessions").click()
    expect(page.get_by_text("Returned from the session before").first).to_be_attached(timeout=PATIENCE_MS)
    settle(page)
    page.screenshot(path=SCREENS / "program-sessions.png")
    page.get_by_role("tab", name="Report").click()
    with page.expect_download(timeout=PATIENCE_MS) as download:
        page.get_by_role("button", name="Report (HTML)").click()
    words = Path(download.value.path()).read_text(encoding="utf-8")
    assert "<td>70</td>" in words
    assert "<td>60</td><td>45</td><td>64.3" in words
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    opened.quiet()


def test_a_viewer_without_a_name_sees_no_small_count(visit: Visit) -> None:
    opened = visit("program?region=demo&program=school_funding", PHONE)
    page: Page = opened.page
    page.set_default_timeout(PATIENCE_MS)
    name_oneself(page)
    page.get_by_role("tab", name="Record").click()
    fill_event(page, "Small session", "2016-02-01", FIRST[:7])
    expect(page.get_by_text("Recorded: Small session, 7 people.").first).to_be_visible(timeout=PATIENCE_MS)
    other = visit("program?region=demo&program=school_funding", PHONE)
    expect(other.page.get_by_role("tab", name="Report")).to_be_attached(timeout=PATIENCE_MS)
    other.page.wait_for_load_state("networkidle")
    other.page.get_by_role("tab", name="Sessions").click()
    expect(other.page.get_by_text("hidden", exact=True).first).to_be_visible(timeout=PATIENCE_MS)
    other.page.get_by_role("tab", name="Report").click()
    with other.page.expect_download(timeout=PATIENCE_MS) as download:
        other.page.get_by_role("button", name="Report (HTML)").click()
    words = Path(download.value.path()).read_text(encoding="utf-8")
    assert "<td>7</td>" not in words
    assert "<td>hidden</td>" in words
    for tab in ("Record", "Change"):
        other.page.get_by_role("tab", name=tab).click()
        panel = other.page.get_by_role("tabpanel", name=tab)
        expect(panel.get_by_text("Give your name in the sidebar to record something.")).to_be_visible()
    opened.quiet()
    other.quiet()


def test_an_event_of_yesterday_is_reminded_of_until_it_is_counted(visit: Visit) -> None:
    """On a phone: the form empties itself, the calendar asks who came, and is turned by keys."""
    opened = visit("program?region=demo&program=civic_forums", PHONE)
    page: Page = opened.page
    page.set_default_timeout(PATIENCE_MS)
    name_oneself(page)
    page.get_by_role("tab", name="Record").click()
    day = day_in("America/Los_Angeles") - timedelta(days=1)
    fill_event(page, "Evening in Oasis", day.isoformat(), [])
    expect(page.get_by_text("Recorded: Evening in Oasis.").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("textbox", name="Title")).to_have_value("")
    expect(page.get_by_role("spinbutton", name="year, Day").first).to_have_text("yyyy")
    page.locator(".st-key-menu").get_by_text("Menu", exact=True).click()
    page.locator(".st-key-menu").get_by_role("link", name="Calendar", exact=True).click()
    due = page.locator(".geo-due")
    told = "Evening in Oasis, who came is not recorded yet, 1 day ago"
    expect(due).to_contain_text(told, timeout=PATIENCE_MS)
    settle(page)
    page.get_by_text("Write down who came (1 waiting)").click()
    page.get_by_role("spinbutton", name="Headcount").fill("31")
    page.get_by_role("textbox", name="How it was counted, and by whom").fill("hands, by Luis")
    page.get_by_role("button", name="Record the headcount").click()
    expect(page.get_by_text("Recorded: 31 at Evening in Oasis.").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("who came is not recorded yet")).to_have_count(0)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.screenshot(path=SCREENS / "calendar-phone.png")
    with page.expect_download(timeout=PATIENCE_MS) as download:
        page.get_by_role("button", name="Download for a calendar (iCalendar)").click()
    told = Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    assert [item.decoded("dtstart") for item in told if "Evening in Oasis" in item["summary"]] == [day]
    caption = page.locator(".geo-month caption")
    shown = caption.inner_text()
    page.get_by_role("button", name="Previous month").focus()
    page.keyboard.press("Enter")
    expect(caption).not_to_have_text(shown, timeout=PATIENCE_MS)
    settle(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Next month")).to_be_focused()
    page.keyboard.press("Enter")
    expect(caption).to_have_text(shown, timeout=PATIENCE_MS)
    opened.quiet()


def draw_polygon(page: Page, corners: list[tuple[float, float]]) -> None:
    """Draw on the last map of the page, corner by corner, in shares of its width and height."""
    box = page.locator(MAP).locator("visible=true").last
    box.scroll_into_view_if_needed()
    frame = box.content_frame
    frame.locator("[data-drawn*='program_area:']").wait_for(timeout=PATIENCE_MS)
    frame.locator("a.leaflet-draw-draw-polygon").click(timeout=PATIENCE_MS)
    place = box.bounding_box()
    assert place is not None
    marks = frame.locator(".leaflet-editing-icon")
    for count, (x, y) in enumerate((*corners, corners[0]), start=1):
        page.mouse.click(place["x"] + x * place["width"], place["y"] + y * place["height"])
        expect(marks).to_have_count(count if count <= len(corners) else 0, timeout=PATIENCE_MS)
        # The tool takes no corner until a clock of 50 ms has run that it set before this one.
        frame.locator("body").evaluate("() => new Promise((done) => setTimeout(done, 60))")
    settle(page)


def test_a_races_area_is_drawn_by_hand_and_says_so(visit: Visit) -> None:
    """And the point that was clicked for an event stands on the map and in the form."""
    opened = visit("program?region=demo&program=civic_forums")
    page: Page = opened.page
    page.set_default_timeout(PATIENCE_MS)
    field = page.get_by_role("textbox", name="Your name")
    field.fill("Ana")
    field.press("Enter")
    settle(page)
    page.get_by_role("tab", name="Record").click()
    page.get_by_text("Set the place on a map").click()
    point = page.locator(MAP).locator("visible=true").first
    drawn = point.content_frame.locator("[data-drawn]")
    expect(drawn).to_have_attribute("data-drawn", re.compile("new_event:0"), timeout=PATIENCE_MS)
    point.click(position={"x": 400, "y": 150})
    expect(drawn).to_have_attribute("data-drawn", re.compile("new_event:1"), timeout=PATIENCE_MS)
    expect(page.get_by_role("textbox", name="Latitude, longitude")).not_to_have_value("")
    page.get_by_text("Add a boundary: from a file, or drawn on the map").click()
    page.get_by_text("drawn on the map", exact=True).click()
    draw_polygon(page, [(0.45, 0.4), (0.55, 0.4), (0.55, 0.6), (0.45, 0.6)])
    expect(page.get_by_role("button", name="Begin the drawing anew")).to_be_enabled(timeout=PATIENCE_MS)
    settle(page)
    page.get_by_role("button", name="Add the drawn area").click()
    expect(page.get_by_text("the drawn area has no name")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("textbox", name="Name of the area").fill("Area 9")
    page.get_by_role("button", name="Add the drawn area").click()
    expect(page.get_by_text("Added: Area 9.").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Drawn by hand on this page, in place of the official").first).to_be_visible()
    page.screenshot(path=SCREENS / "program-drawn.png")
    opened.quiet()
