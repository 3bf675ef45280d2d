"""A canvass lead in a real browser: draw, cut, edit, keep, assign, print, take back, and look at progress."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.datasets.storage import read_shapes_of
from geo.days import day_in
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut, Volunteer
from store.canvass.kinds import Visit as Recorded
from store.database import open_database
from store.journal import Journal
from tests.browser.conftest import MAP, PHONE, SCREENS, Visit, settle
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("canvass")]
# A page of a server that has just begun loads all libraries first.
SLOW_MS, FIRST_MS = 60_000, 150_000
TODAY = day_in("America/Los_Angeles")


@pytest.fixture(scope="module")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of this test's own."""
    return f"sqlite:///{tmp_path_factory.mktemp('canvass') / 'store.db'}"


@pytest.fixture(scope="module")
def served(built_data: Path, demo_built: str, store_url: str) -> Iterator[str]:
    """Address of a dashboard with a database of its own; ended by its own process."""
    with serving(built_data / "canvass.log", GEO_STORE_URL=store_url) as server:
        yield server.address


def sign_in(page: Page) -> None:
    name = page.get_by_role("textbox", name="Your name", exact=True)
    opener = page.get_by_test_id("stExpandSidebarButton")
    expect(name.or_(opener).filter(visible=True).first).to_be_visible(timeout=SLOW_MS)
    opened = not name.is_visible()
    if opened:
        opener.click()
    name.fill("Ana")
    name.press("Enter")
    settle(page)
    if opened:  # on a phone it lies over the page
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
        expect(opener).to_be_visible()


def choose(page: Page, label: str, option: str) -> None:
    settle(page)
    box = page.get_by_role("combobox", name=label, exact=False).first
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).first.click()
    settle(page)


def press(page: Page, name: str) -> None:
    settle(page)
    page.get_by_role("button", name=name, exact=True).click()


def draw_rectangle(page: Page) -> None:
    settle(page)
    expect(page.locator(MAP)).to_have_count(1, timeout=SLOW_MS)
    frame = page.frame_locator(MAP)
    tool = frame.locator(".leaflet-draw-draw-rectangle")
    tool.wait_for(timeout=SLOW_MS)
    Visit(page, "").rest()
    tool.click()
    box = page.locator(MAP).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.22 * box["width"], box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] - 60, steps=5)
    page.mouse.up()


def test_a_long_cut_says_how_far_it_is_and_stops_when_it_is_told(visit: Callable[..., Visit]) -> None:
    page = visit("turfs?region=demo&way=filter&index=0&count=150").page
    page.get_by_role("button", name="Cut turfs").wait_for(timeout=FIRST_MS)
    sign_in(page)
    press(page, "Cut turfs")
    expect(page.get_by_text(re.compile(r"Cutting: [1-9]\d* percent"))).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Stop cutting").click()
    expect(page.get_by_text("Stopped: nothing was cut.")).to_be_visible(timeout=SLOW_MS)
    settle(page)
    expect(page.get_by_text("turfs of about")).to_have_count(0)
    expect(page.get_by_role("button", name="Stop cutting")).to_have_count(0)


def test_a_lead_goes_from_a_drawn_area_to_printed_turfs(
    visit: Callable[..., Visit],
) -> None:
    open_visit = visit("turfs?region=demo")
    page = open_visit.page
    page.get_by_role("button", name="Cut turfs").wait_for(timeout=FIRST_MS)
    sign_in(page)
    page.get_by_text("Draw", exact=True).click()
    expect(page.get_by_text("nothing is drawn")).to_be_visible(timeout=SLOW_MS)
    draw_rectangle(page)
    expect(page.get_by_text("nothing is drawn")).to_have_count(0, timeout=SLOW_MS)
    press(page, "Cut turfs")
    expect(page.get_by_text("12 turfs of about")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("Doors in no turf: 0. Doors in two turfs: 0.")).to_be_visible()
    page.screenshot(path=SCREENS / "turfs.png", full_page=True)
    before = page.get_by_text("12 turfs of about").text_content()
    press(page, "Move it")
    expect(page.get_by_text(str(before))).to_have_count(0, timeout=SLOW_MS)
    page.get_by_role("tab", name="Merge").click()
    choose(page, "Turf that is added to it", neighbor_of_first(page))
    press(page, "Merge them")
    expect(page.get_by_text("11 turfs of about")).to_be_visible(timeout=SLOW_MS)
    press(page, "Save these turfs")
    expect(page.get_by_text("Saved: 11 turfs").first).to_be_visible(timeout=SLOW_MS)
    open_visit.quiet()


def kept_turf(book: CanvassBook) -> tuple[str, str]:
    """Code and first block of a turf that stands; one is kept where none is."""
    if not book.units_of():
        unit = str(read_shapes_of("demo", "blocks").query("housing_units > 20")["geoid"].iloc[0])
        cut = Cut(number=book.next_cut(), turfs=1, doors=20, tolerance=0.05, worst=0.0, bound=0.0)
        book.keep([NewTurf(0, (unit,), 20, 20, 60)], cut, "Ana", seen={})
    code, units = next(iter(book.units_of().items()))
    return code, units[0]


def test_a_turf_is_handed_out_by_language_and_printed(visit: Callable[..., Visit], store_url: str) -> None:
    book = CanvassBook(Journal(open_database(store_url)), "demo")
    code, _unit = kept_turf(book)
    open_visit = visit("turfs?region=demo")
    page = open_visit.page
    page.get_by_role("tab", name="Volunteers").wait_for(timeout=FIRST_MS)
    sign_in(page)
    page.get_by_role("tab", name="Volunteers").click()
    page.get_by_role("textbox", name="Pseudonym of a volunteer").fill("Heron")
    choose(page, "Languages", "Español (Spanish)")
    page.keyboard.press("Tab")
    press(page, "Add the volunteer")
    expect(page.get_by_text("Recorded: Heron.").first).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("tab", name="Hand out").click()
    choose(page, "Language that is needed", "Español (Spanish)")
    best = page.get_by_role("combobox", name="Volunteer (who fits best stands first)")
    expect(best).to_have_value(re.compile("^Heron: speaks the language"), timeout=SLOW_MS)
    press(page, "Hand it out")
    expect(page.get_by_text(f"Recorded: {code}.")).to_be_visible(timeout=SLOW_MS)
    assert book.turfs().loc[code, ["status", "volunteer"]].tolist() == ["out", "Heron"]
    page.get_by_role("tab", name="Print and phones").click()
    page.get_by_text("All turfs", exact=True).click()
    page.get_by_role("button", name="Walk list (Spanish)").wait_for(timeout=FIRST_MS)
    with page.expect_download(timeout=SLOW_MS) as download:
        press(page, "Walk list (Spanish)")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    open_visit.quiet()


def ready(book: CanvassBook) -> list[str]:
    turfs = book.turfs()
    return list(turfs.index[turfs["status"] == "ready"])


def test_the_turf_that_is_shown_is_the_turf_that_the_next_press_gives(
    visit: Callable[..., Visit], store_url: str
) -> None:
    """After the first hand-out the field went on showing its turf, and the next press gave another."""
    book = CanvassBook(Journal(open_database(store_url)), "demo")
    blocks = read_shapes_of("demo", "blocks").query("housing_units > 20")["geoid"].astype(str)
    # Other tests keep turfs in the same book.
    taken = {unit for members in book.units_of().values() for unit in members}
    units = blocks[~blocks.isin(taken)].iloc[-3:]
    cut = Cut(number=book.next_cut(), turfs=3, doors=60, tolerance=0.05, worst=0.0, bound=0.0)
    book.keep([NewTurf(turf, (unit,), 20, 20, 60) for turf, unit in enumerate(units)], cut, "Ana", seen={})
    book.save(Volunteer.make({"pseudonym": "Plover"}), "Ana", seen=0)
    open_visit = visit("turfs?region=demo")
    page = open_visit.page
    page.get_by_role("tab", name="Hand out").wait_for(timeout=FIRST_MS)
    sign_in(page)
    shown = page.get_by_role("tabpanel", name="Hand out").get_by_role("combobox", name="Turf").first
    # A field that somebody chose in keeps what it shows until it is told something else.
    choose(page, "Turf", f"{ready(book)[1]} · ready")
    for _turn in range(2):
        code, out = shown.input_value().partition(" ")[0], set(ready(book))
        press(page, "Hand it out")
        expect(page.get_by_text(f"Recorded: {code}.")).to_be_visible(timeout=SLOW_MS)
        settle(page)
        assert out - set(ready(book)) == {code}
    open_visit.quiet()


def test_returns_from_a_phone_and_a_file_make_progress_that_is_true(
    visit: Callable[..., Visit], store_url: str, tmp_path: Path
) -> None:
    book = CanvassBook(Journal(open_database(store_url)), "demo")
    code, unit = kept_turf(book)
    phone = visit(f"returns?region=demo&turf={code}", PHONE).page
    phone.get_by_role("button", name="Record the visit").wait_for(timeout=FIRST_MS)
    sign_in(phone)
    phone.keyboard.press("Escape")
    close = phone.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
    if close.count():
        close.first.click(force=True)
    expect(phone.get_by_role("combobox", name="Turf code").first).to_have_value(code)
    phone.get_by_role("textbox", name="Door number").fill("1")
    phone.get_by_test_id("stButtonGroup").get_by_text("spoke", exact=True).click()
    press(phone, "Record the visit")
    expect(phone.get_by_text("Recorded: spoke in turf").first).to_be_visible(timeout=SLOW_MS)
    phone.screenshot(path=SCREENS / "returns-phone.png")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    sheet = tmp_path / "odk.csv"
    sheet.write_text(returns(code, unit), encoding="utf-8")
    phone.get_by_role("tab", name="A file").click()
    phone.locator("input[type=file]").first.set_input_files(sheet)
    expect(phone.get_by_text("new: 2 · twice in this file: 1 · rejected: 1")).to_be_visible(timeout=SLOW_MS)
    expect(phone.get_by_role("row", name=re.compile("^5 .*block nowhere is not in turf"))).to_be_visible()
    assert len(book.visits()) == 1
    press(phone, "Record 2 changes")
    expect(phone.get_by_text("2 changes were recorded.").first).to_be_visible(timeout=SLOW_MS)

    last = visit("progress?region=demo").page
    last.get_by_role("tab", name="By turf").wait_for(timeout=SLOW_MS)
    sign_in(last)
    expect(last.get_by_text("2 of 40,000 households reached.")).to_be_visible(timeout=SLOW_MS)
    last.screenshot(path=SCREENS / "progress.png", full_page=True)


def test_a_table_of_sheets_asks_before_doors_count_twice_and_counts_once(
    visit: Callable[..., Visit], store_url: str, tmp_path: Path
) -> None:
    book = CanvassBook(Journal(open_database(store_url)), "demo")
    code, unit = kept_turf(book)
    day = day_in("America/Los_Angeles")
    fields = {"id": "door", "turf": code, "unit": unit, "door": "30", "on": day, "disposition": "spoke"}
    book.take([Recorded.make(fields)], "Ben")
    doors, old = int(book.turfs().loc[code, "doors"]), day - timedelta(days=40)
    table = tmp_path / "sheets.csv"
    rows = [(code, day, 1, 6), (code, old, 2, 5), (code, old, 3, doors + 1), ("TZ0001X", old, 4, 5)]
    lines = [f"{turf},{on},{sheet},{spoke}" for turf, on, sheet, spoke in rows]
    table.write_text("\n".join(["turf,on,sheet,spoke", *lines, f"{code},,1,"]) + "\n", encoding="utf-8")
    opened = visit(f"returns?region=demo&turf={code}")
    page = opened.page
    page.get_by_role("tab", name="Paper totals").wait_for(timeout=FIRST_MS)
    sign_in(page)
    page.get_by_role("tab", name="Paper totals").click()
    page.get_by_text("Many sheets in one table").click()
    upload(page, table)
    expect(page.get_by_text("new: 1 · needs an answer: 1 · rejected: 2")).to_be_visible(timeout=SLOW_MS)
    refused = page.get_by_role("region", name="Rejected rows")
    expect(
        refused.get_by_role("row", name=re.compile(f"^4 .*the sheet has {doors + 1:,} doors"))
    ).to_be_visible()
    expect(refused.get_by_role("row", name=re.compile("^5 .*'TZ0001X' is mistyped"))).to_be_visible()
    expect(page.get_by_role("button", name="Record 1 change")).to_be_visible()
    tick = "None of these doors was also entered by phone"
    page.get_by_test_id("stExpander").get_by_test_id("stCheckbox").get_by_text(tick).click()
    press(page, "Record 2 changes")
    expect(page.get_by_text("2 changes were recorded.").first).to_be_visible(timeout=SLOW_MS)
    assert book.tallies()[["sheet", "apart"]].to_numpy().tolist() == [["2", False], ["1", True]]
    upload(page, table)
    expect(page.get_by_text("already here: 2 · rejected: 2")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("button", name="Record 0 changes")).to_be_disabled()
    opened.quiet()


def test_a_file_that_came_before_counts_nothing_and_says_so_on_a_phone(
    visit: Callable[..., Visit], store_url: str, tmp_path: Path
) -> None:
    book = CanvassBook(Journal(open_database(store_url)), "demo")
    code, unit = kept_turf(book)
    book.take(
        [
            Recorded.make(
                {"id": "before", "door": "1", "turf": code, "unit": unit, "disposition": "spoke", "on": TODAY}
            )
        ],
        "Ben",
    )
    before = len(book.visits())
    file = tmp_path / "kobo.csv"
    rows = [
        "uuid:before,{code},{unit},spoke,1",
        "uuid:x,TZ0001X,{unit},spoke,1",
        "uuid:y,{code},{unit},spoke,1234567890123",
    ]
    lines = [row.format(code=code, unit=unit) + f",{TODAY}" for row in rows]
    file.write_text("\n".join(["_uuid,g/turf,g/unit,g/disposition,g/door,today", *lines]), encoding="utf-8")
    page = visit(f"returns?region=demo&turf={code}", PHONE).page
    page.get_by_role("tab", name="A file").wait_for(timeout=FIRST_MS)
    expect(page.get_by_text("Give your name in the sidebar to record something.").first).to_be_visible()
    page.get_by_role("tab", name="A file").click()
    expect(page.get_by_text("Give your name in the sidebar to see this.").first).to_be_visible()
    sign_in(page)
    page.get_by_role("tab", name="A file").click()
    upload(page, file)
    counts = "already here: 1 · rejected: 2"
    expect(page.get_by_text(counts)).to_be_visible(timeout=SLOW_MS)
    refused = page.get_by_role("row", name=re.compile("^4 .*'1234567890123' is no number of a door"))
    expect(refused).to_be_visible()
    expect(page.get_by_role("button", name="Record 0 changes")).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert len(book.visits()) == before


def upload(page: Page, file: Path) -> None:
    """Bring a file to the uploader of the tab that is open."""
    settle(page)
    page.locator(
        "input[type=file]:visible, [role=tabpanel]:not([hidden]) input[type=file]"
    ).last.set_input_files(file)
    settle(page)


def neighbor_of_first(page: Page) -> str:
    """Number of a turf next to turf 1: where its first block at the border can go."""
    page.get_by_role("tab", name="Move a block").click()
    box = page.get_by_role("combobox", name="To turf").first
    name = box.input_value() or str(box.get_attribute("aria-label") or "").split(".")[0].split(" ")[-1]
    page.get_by_role("tab", name="Merge").click()
    return name


def returns(code: str, unit: str) -> str:
    """A file of ODK with one duplicate and one bad row."""
    day = day_in("America/Los_Angeles").isoformat()
    rows = [("1", unit, "2", "spoke"), ("2", unit, "3", "not_home"), ("1", unit, "2", "spoke")]
    rows.append(("3", "nowhere", "4", "spoke"))
    lines = [f"uuid:{key},{code},{block},{door},{what},{day}" for key, block, door, what in rows]
    return "\n".join(["instanceID,turf,unit,door,disposition,today", *lines]) + "\n"
