"""The page for a phone's browser: ten doors without signal, the browser closed and opened, then sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from geo.canvass.script import Question, Script, read_choices
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import CanvassScript, Cut, Visit, Volunteer
from store.canvass.phones import Phones
from store.database import open_database
from store.journal import Journal
from tests.browser.conftest import PATIENCE_MS, PHONE, SCREENS
from tests.chromium import find_chromium
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DOORS = 10
# Of a target that a thumb meets, in pixels of the screen.
THUMB = 44


@contextmanager
def phone(chromium: Browser, folder: Path) -> Iterator[BrowserContext]:
    """A browser that keeps what it keeps in a folder, as on a phone where it is closed and opened."""
    context = chromium.browser_type.launch_persistent_context(
        str(folder),
        executable_path=find_chromium(),
        args=["--no-sandbox"],
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        locale="en-US",
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context
    finally:
        context.close()


def record(page: Page, result: str, answer: str = "") -> None:
    page.get_by_role("radio", name=result, exact=True).check()
    if answer:
        page.get_by_role("radio", name=answer, exact=True).check()
    page.locator("#save").click()
    expect(page.locator("#foot p")).to_contain_text("Saved on this phone")


TARGETS = "button, select, textarea, input[type=text], .choices label"
HEIGHTS = (
    f"() => [...document.querySelectorAll('{TARGETS}')].map((item) => item.getBoundingClientRect().height)"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plant(url: str) -> tuple[CanvassBook, str]:
    book = CanvassBook(Journal(open_database(url)), "demo")
    units = ("060650453031005", "060650453031006-1-36-112")
    cut = Cut(number=0, turfs=1, doors=60, tolerance=0, worst=0, bound=0)
    (code,) = book.keep([NewTurf(0, units, 60, 55, 150)], cut, "Ana", seen={})
    book.save(Volunteer(pseudonym="Heron", languages=("en", "es")), "Ana", seen=0)
    book.change(code, {"volunteer": "Heron", "status": "out"}, "Ana", seen=1)
    question = Question(
        key="net",
        title={"en": "Internet at home?", "es": "¿Internet en casa?"},
        choices=read_choices("Yes | Sí\nNo | No"),
    )
    greeting = {"en": "Good evening, I am from the alliance.", "es": "Buenas tardes, vengo de la alianza."}
    book.save(CanvassScript(script=Script(greeting=greeting, questions=(question,))), "Ana", seen=0)
    return book, Phones(book).give("Heron", "Ana")


def test_ten_doors_without_signal_are_sent_after_the_browser_was_closed(
    demo_built: str, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    port = free_port()
    monkeypatch.setenv("GEO_STORE_URL", url)
    monkeypatch.setattr("tests.serving.free_port", lambda: port)
    book, code = plant(url)
    address = f"http://127.0.0.1:{port}/phones/demo/{code}/"
    said: list[str] = []
    SCREENS.mkdir(parents=True, exist_ok=True)

    with phone(chromium, tmp_path / "browser") as context:
        page = context.pages[0]
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda item: said.append(item.text) if item.type == "error" else None)
        with serving(tmp_path / "first.log"):
            page.goto(address)
            expect(page.locator("#save")).to_be_visible()
            expect(page.get_by_text("Good evening, I am from the alliance.")).to_be_visible()
            page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
            page.wait_for_function("() => caches.has('canvass-page-1')")
            page.screenshot(path=SCREENS / "phone-page.png", full_page=True)
            assert said == []
            assert min(page.evaluate(HEIGHTS)) >= THUMB
            assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
            found = Axe().run(page)
            assert [item["id"] for item in found.response["violations"]] == []
        # The server is gone, and the network too.
        context.set_offline(True)
        for number in range(DOORS):
            record(page, *(("spoke", "Yes") if number % 2 else ("not home", "")))
        expect(page.locator("#state")).to_contain_text(f"{DOORS} doors wait on this phone")
        expect(page.locator("#state")).to_contain_text("no signal")
        page.screenshot(path=SCREENS / "phone-page-offline.png", full_page=True)

    with phone(chromium, tmp_path / "browser") as context:
        context.set_offline(True)
        page = context.pages[0]
        page.goto(address)
        expect(page.locator("#state")).to_contain_text(f"{DOORS} doors wait on this phone")
        expect(page.locator("#door")).to_have_value(str(DOORS + 1))
        # One is changed before it was ever sent.
        page.get_by_role("button", name=f"Change: {DOORS}", exact=True).click()
        record(page, "refused")
        assert book.kept(Visit) == {}
        with serving(tmp_path / "second.log"):
            context.set_offline(False)
            expect(page.locator("#state")).to_contain_text("All doors are sent", timeout=PATIENCE_MS)
            page.reload()
            expect(page.locator("#recorded li")).to_have_count(DOORS)
            page.get_by_role("button", name="Español").click()
            expect(page.locator("#save")).to_contain_text("Guardar")
            page.screenshot(path=SCREENS / "phone-page-sent.png", full_page=True)

    found = {kept.record.door: kept.record for kept in book.kept(Visit).values()}
    assert set(found) == {str(number) for number in range(1, DOORS + 1)}
    results = [str(found[str(number)].disposition) for number in range(1, DOORS + 1)]
    assert results == [*["not_home", "spoke"] * 4, "not_home", "refused"]
    assert found["2"].answers == {"net": "yes"}
    assert found["1"].answers is None


def test_a_phone_whose_code_was_ended_keeps_its_doors_and_says_so(
    demo_built: str, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEO_STORE_URL", url)
    book, code = plant(url)
    with serving(tmp_path / "log.txt") as server, phone(chromium, tmp_path / "browser") as context:
        page = context.pages[0]
        page.goto(f"{server.address}/phones/demo/{code}/")
        expect(page.locator("#save")).to_be_visible()
        again = Phones(book).give("Heron", "Ana")
        page.get_by_role("radio", name="moved", exact=True).check()
        page.locator("#save").click()
        expect(page.locator("#foot p")).to_contain_text("This phone may not send any more")
        expect(page.locator("#state")).to_contain_text("One door waits")
        # Under the new code what waited is sent.
        page.goto(f"{server.address}/phones/demo/{again}/")
        expect(page.locator("#state")).to_contain_text("All doors are sent")
        assert [str(kept.record.disposition) for kept in book.kept(Visit).values()] == ["moved"]
        # The turf is done: what was recorded there can still be put right, where it was.
        ((turf, number),) = book.turf_numbers().items()
        book.change(turf, {"status": "done"}, "Ana", seen=number)
        page.reload()
        expect(page.get_by_role("radio")).to_have_count(0)
        page.get_by_role("button", name="Change").click()
        page.get_by_role("radio", name="spoke", exact=True).check()
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        page.locator("#save").click()
        expect(page.locator("#state")).to_contain_text("All doors are sent")
        expect(page.get_by_role("radio")).to_have_count(0)
    ((visit,),) = ([kept.record for kept in book.kept(Visit).values()],)
    assert (str(visit.disposition), visit.unit, visit.door) == ("spoke", "060650453031005", "1")
