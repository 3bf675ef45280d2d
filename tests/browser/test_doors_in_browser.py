"""The doors in a real browser: a reload keeps a sign-in, another site's frame shows the public view alone,
and the policy of what a page may load breaks nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from store.database import open_database
from store.journal import Journal
from store.members import Members, Role
from tests.browser.conftest import MAP, PATIENCE_MS, Visit, listen, settle, until
from tests.server.visitor import Visitor
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WORDS = "nine brown dogs at the well"
PAGE = (
    b"""<!DOCTYPE html><title>City</title><iframe id="theirs" width="1200" height="900" src="%s"></iframe>"""
)


class Site(HTTPServer):
    """Another site, which shows an address of ours in a frame."""

    shown = ""

    @property
    def origin(self) -> str:
        """Its origin; by its name it is another site than 127.0.0.1."""
        return f"http://localhost:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        assert isinstance(self.server, Site)
        self.wfile.write(PAGE % self.server.shown.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        return


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    found = Site(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Members:
    url = f"sqlite:///{tmp_path_factory.mktemp('doors') / 'store.db'}"
    found = Members(Journal(open_database(url)))
    for name, role in (("Ana", Role.COORDINATOR), ("Eva", Role.TASK_FORCE), ("Luis", Role.TASK_FORCE)):
        found.add(name, role, WORDS, by="Ana")
    return found


@pytest.fixture(scope="module")
def served(
    members: Members, demo_built: str, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("log") / "dashboard.log"
    url = str(members.journal.engine.url)
    with serving(log, GEO_STORE_URL=url, GEO_FRAMES=site.origin) as server:
        yield server.address


@pytest.fixture
def browser(chromium: Browser, served: str) -> Iterator[BrowserContext]:
    """A browser of one person's."""
    context = chromium.new_context(viewport={"width": 1366, "height": 900})
    yield context
    context.close()


def sign_in(page: Page, name: str, words: str = WORDS) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Passphrase", exact=True).fill(words)
    with page.expect_response(lambda answer: "/signed-in/" in answer.url and answer.status == 200):
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(f"Signed in as {name}")).to_be_visible(timeout=PATIENCE_MS)


def opened(browser: BrowserContext, served: str, path: str = "water") -> Page:
    page = browser.new_page()
    page.goto(f"{served}/{path}?region=demo")
    page.get_by_role("alert").filter(has_text="Invented data").wait_for(timeout=PATIENCE_MS)
    settle(page)
    return page


def test_a_reload_and_a_second_tab_keep_the_sign_in_and_signing_out_ends_it_in_both(
    browser: BrowserContext, served: str
) -> None:
    page = opened(browser, served)
    sign_in(page, "Eva")
    cookie = next(item for item in browser.cookies() if item["name"] == "geo_signed")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Strict", -1)
    assert WORDS not in page.url
    assert "signed" not in page.url
    assert "geo_signed" not in page.evaluate("document.cookie")
    page.reload()
    expect(page.get_by_text("Signed in as Eva")).to_be_visible(timeout=PATIENCE_MS)
    other = opened(browser, served)
    expect(other.get_by_text("Signed in as Eva")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    other.get_by_text("Español", exact=True).click()
    expect(other.locator("input[type=password]")).to_be_visible(timeout=PATIENCE_MS)
    page.reload()
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible(timeout=PATIENCE_MS)


def test_whoever_signs_in_next_is_not_who_was_there_before(
    browser: BrowserContext, served: str, chromium: Browser
) -> None:
    page = opened(browser, served)
    sign_in(page, "Ana")
    before = next(item["value"] for item in browser.cookies() if item["name"] == "geo_signed")
    stranger = chromium.new_context()
    theirs = opened(stranger, served)
    expect(theirs.get_by_label("Passphrase", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    sign_in(page, "Eva")
    after = next(item["value"] for item in browser.cookies() if item["name"] == "geo_signed")
    assert before != after
    page.reload()
    expect(page.get_by_text("Signed in as Eva (task force)")).to_be_visible(timeout=PATIENCE_MS)
    stranger.add_cookies([{"name": "geo_signed", "value": before, "url": served}])
    theirs.reload()
    expect(theirs.get_by_label("Passphrase", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    stranger.close()


def test_a_member_who_is_removed_is_out_after_a_reload_too(
    browser: BrowserContext, served: str, members: Members
) -> None:
    page = opened(browser, served)
    sign_in(page, "Luis")
    members.remove("Luis", by="Ana")
    page.reload()
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    members.add("Luis", Role.TASK_FORCE, WORDS, by="Ana")
    page.reload()
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible(timeout=PATIENCE_MS)


def test_in_a_frame_of_another_site_there_is_the_public_view_alone(
    browser: BrowserContext, served: str, site: Site
) -> None:
    """Even for somebody who is signed in in this browser."""
    page = opened(browser, served)
    sign_in(page, "Ana")
    refused: list[str] = []
    framing = browser.new_page()
    framing.on("console", lambda message: refused.append(message.text))
    site.shown = f"{served}/water?region=demo"
    framing.goto(site.origin)
    until(
        lambda: any("frame-ancestors" in words or "X-Frame-Options" in words for words in refused),
        f"the browser did not say that it refuses the frame: {refused}",
        framing,
    )
    site.shown = f"{served}/public/water?region=demo"
    framing.goto(site.origin)
    frame = framing.frame_locator("#theirs")
    said = frame.get_by_text("This is the public view: nobody signs in here")
    expect(said).to_be_attached(timeout=PATIENCE_MS)
    expect(frame.get_by_label("Passphrase", exact=True)).to_have_count(0)
    expect(frame.get_by_text("Signed in as")).to_have_count(0)
    frame.frame_locator(MAP).locator("[data-drawn*=':']").first.wait_for(timeout=PATIENCE_MS)


# What a map's frame takes from the page around it, so that a stranger's message is as good as a real one.
KEEP = """addEventListener("message", event => {
  if (event.data && event.data.type === "streamlit:render" && event.data.args && event.data.args.script)
    window.kept = JSON.parse(JSON.stringify(event.data)) }, true)"""
STRANGER = """message => { const told = JSON.parse(JSON.stringify(message));
  const act = "window.taken = 'by a stranger';";
  Object.assign(told.args, {script: act, feature_group: act, html: "", header: ""});
  Object.assign(told.args, {js_links: [], css_links: []});
  const frame = document.getElementById("theirs").contentWindow;
  const reached = [frame, ...Array.from({length: frame.length}, (_, place) => frame[place])];
  for (const each of reached) each.postMessage(told, "*"); return reached.length }"""


@pytest.mark.parametrize("path", ["component/streamlit_folium.st_folium/index.html", "water"])
def test_a_site_that_frames_the_public_view_has_no_script_run_in_a_map(
    browser: BrowserContext, served: str, site: Site, path: str
) -> None:
    """Neither in a map's frame that it shows by itself, nor in that of a page of ours."""
    page = browser.new_page()
    page.add_init_script(KEEP)
    page.goto(f"{served}/water?region=demo")
    page.frame_locator(MAP).locator("[data-drawn*=':']").first.wait_for(timeout=PATIENCE_MS)
    ours = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    message = ours.evaluate("window.kept")
    assert message["args"]["script"], "no message was seen: this test shows nothing"
    site.shown = f"{served}/public/{path}?region=demo"
    page.goto(site.origin)
    until(
        lambda: any("streamlit_folium" in frame.url for frame in page.frames),
        "the frame was not shown: this test shows nothing",
        page,
    )
    if path == "water":
        shown = page.frame_locator("#theirs").frame_locator(MAP)
        shown.locator("[data-drawn*=':']").first.wait_for(timeout=PATIENCE_MS)
    frame = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    frame.wait_for_function("document.readyState === 'complete'")
    assert page.evaluate(STRANGER, message) >= 1
    page.wait_for_timeout(1_500)
    assert frame.evaluate("window.taken || ''") == ""


def test_a_picture_of_another_site_signs_nobody_in(browser: BrowserContext, served: str, site: Site) -> None:
    page = browser.new_page()
    page.goto(site.origin)
    status = page.evaluate(
        """address => new Promise(done => { const picture = new Image();
        picture.onload = () => done("shown"); picture.onerror = () => done("refused");
        picture.src = address; })""",
        f"{served}/signed-in/any-ticket",
    )
    assert status == "refused"
    assert not [item for item in browser.cookies() if "signed" in item["name"]]


def test_a_page_its_maps_and_its_pdf_are_quiet_under_the_policy(browser: BrowserContext, served: str) -> None:
    page = browser.new_page()
    visit = Visit(page, served)
    listen(visit)
    page.goto(f"{served}/explore?region=demo")
    visit.wait_for_map("tracts")
    settle(page)
    page.get_by_text("Print or share this view").click()
    page.get_by_role("button", name="Prepare the file").click()
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        page.get_by_role("button", name="Download this view (PDF, Letter, English)").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
    visit.quiet()


def test_street_tiles_are_asked_for_only_of_the_hosts_that_are_named(
    browser: BrowserContext, served: str, built_data: Path, tmp_path: Path
) -> None:
    """Without a setting no basemap is offered; where one names a host, tiles are asked of that alone."""
    page = browser.new_page()
    visit = Visit(page, served)
    listen(visit)
    page.goto(f"{served}/explore?region=demo")
    visit.wait_for_map("tracts")
    settle(page)
    page.get_by_text("Layers", exact=True).click()
    assert not page.get_by_text("Street basemap").count()
    tiles = "https://tile.openstreetmap.org"
    store = f"sqlite:///{tmp_path / 'store.db'}"
    with serving(tmp_path / "tiles.log", GEO_STORE_URL=store, GEO_TILES=tiles) as server:
        named = Visit(browser.new_page(), server.address)
        listen(named)
        named.page.goto(f"{server.address}/explore?region=demo")
        named.wait_for_map("tracts")
        settle(named.page)
        named.page.get_by_text("Layers", exact=True).click()
        with named.page.expect_request(lambda request: request.url.startswith(tiles), timeout=PATIENCE_MS):
            named.page.get_by_text("Street basemap").click()
        assert not [words for words in named.said if "Content Security Policy" in words]


def test_a_session_is_not_taken_up_by_its_name_alone(browser: BrowserContext, served: str) -> None:
    """The name stands in addresses of uploads, and so in the log of a proxy."""
    page = browser.new_page()
    names: list[str] = []

    def note(data: str | bytes) -> None:
        if isinstance(data, bytes):
            names.append(ForwardMsg.FromString(data).new_session.initialize.session_id)

    page.on("websocket", lambda socket: socket.on("framereceived", note))
    page.goto(f"{served}/water?region=demo")
    page.get_by_role("alert").filter(has_text="Invented data").wait_for(timeout=PATIENCE_MS)
    settle(page)
    sign_in(page, "Ana")
    name = next(filter(None, names))
    page.close()
    visitor = Visitor(served, "water", takes_up=name)
    try:
        # What it was sent first may be the end of what the browser asked for.
        visitor.run("data")
        visitor.run("water")
        assert visitor.session in {"", name}, "the session was gone: this test shows nothing"
        assert "Passphrase" in visitor.words()
        assert "Signed in as" not in visitor.words()
    finally:
        visitor.close()
