"""What was typed is what is seen, sign by sign, wherever Streamlit shows a text; nothing calls home."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from store.canvass.kinds import Turf
from store.journal import Journal
from store.water.kinds import Comment
from tests.browser.conftest import LAPTOP, PATIENCE_MS, Visit, listen, settle
from tests.serving import ROOT, serving
from tests.strange_text import PROGRAM, REGION, STRANGE, fill_store

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("typed_text")]
SIGNS = "*_`[]()!#>~|$:<&\\+-=./@'\"\u00e9{} "
TOKENS = [
    *SIGNS,
    *("**", "__", "```", "~~", "$$", "# ", "> ", "- "),
    *("+ ", "1. ", "2) ", "---", "===", "\n", "\n\n", "\t"),
    *("![](http://calls.home/a)", "[x](http://calls.home)"),
    *("<img src=http://calls.home/x>", "<b>", "<!-- x -->"),
    *("http://calls.home", "https://calls.home/a_b", "www.calls.home", "WWW.calls.home", "a@calls.home"),
    *(":red[z]", ":smile:", ":material/home:", ":material_home:"),
    *(":streamlit:", "::note", ":small[]", ":100:"),
    *("$x$", "&amp;", "&#42;", "\\n", " -> ", " -- ", "->"),
    *("<-", ">=", "~=", "|-|", "[^1]", "[^1]: x", "[ ] "),
    *("word", "geo_id", "10:30", "$5", "=HYPERLINK(1)", "mailto:a@calls.home", "//calls.home"),
]
NASTY = [
    f"{STRANGE} www.calls.home a@calls.home :smile: _c_ ~~e~~ a -- b &amp;",
    "# head\n- item\n1. one\n\n> quote\n\n---\na | b\n--- | ---\n1 | 2\n===",
    "    code\n```\nx\n```",
    "$x$ and $$y$$ $",
    "1. one",
    "a\n-|-\nb",
]
# Drawn on a canvas; what they ask for outside is seen all the same.
ON_A_CANVAS = {"dataframe", "data_editor", "altair_chart"}
SHOWN = """() => Object.fromEntries([...document.querySelectorAll("[class*=st-key-shown-]")].map((item) => [
  [...item.classList].find((name) => name.startsWith("st-key-shown-")).slice("st-key-shown-".length),
  item.innerText,
]))"""
# Parts of Streamlit come when they are first needed.
ALL_DRAWN = """(drawn) => [...document.querySelectorAll("[class*=st-key-shown-]")].every((item) =>
  item.innerText.trim() || drawn.some((name) => item.className.includes(`-${name}`)))
  && !document.querySelector("[data-testid=stSkeleton]")"""


def some_texts(count: int = 120, seed: int = 11) -> list[str]:
    chance = random.Random(seed)
    made = ["".join(chance.choices(TOKENS, k=chance.randint(1, 9))) for _ in range(count)]
    return [*NASTY, *(text for text in made if text.strip())]


def in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return some_texts()


@pytest.fixture(scope="module")
def places(texts: list[str], built_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page that shows a text wherever Streamlit shows one."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    script = ROOT / "tests" / "browser" / "typed_text_script.py"
    how = ("-m", "streamlit", "run", str(script))
    settings = {"TYPED_TEXTS": str(folder / "texts.json"), "PYTHONPATH": str(ROOT)}
    with serving(folder / "typed.log", how=how, **settings) as server:
        yield server.address


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[[str, str], Visit]]:
    """Open an address in a browser of its own."""
    context = chromium.new_context(viewport=LAPTOP)

    def go(address: str, path: str) -> Visit:
        visit = Visit(context.new_page(), address)
        listen(visit)
        visit.page.goto(f"{address}/{path}")
        return visit

    yield go
    context.close()


def shown(visit: Visit, last: str) -> dict[str, str]:
    """By place: what is seen there, once the last is."""
    visit.page.locator(f".st-key-shown-{last}").wait_for(timeout=PATIENCE_MS)
    settle(visit.page)
    visit.page.wait_for_function(ALL_DRAWN, arg=sorted(ON_A_CANVAS), timeout=PATIENCE_MS)
    found: dict[str, str] = visit.page.evaluate(SHOWN)
    return found


def test_any_text_is_seen_as_it_was_typed(
    opened: Callable[[str, str], Visit], places: str, texts: list[str]
) -> None:
    visit = opened(places, "?place=markdown")
    found = shown(visit, f"{len(texts) - 1}-markdown")
    assert {at: in_one_line(found[f"{at}-markdown"]) for at in range(len(texts))} == {
        at: in_one_line(text) for at, text in enumerate(texts)
    }
    assert visit.outside == []


@pytest.mark.parametrize("at", [0, 1])
def test_no_place_of_a_page_reads_a_text(
    opened: Callable[[str, str], Visit], places: str, texts: list[str], at: int
) -> None:
    """Labels, captions, options, tooltips, titles of tabs and all others, each shown and pointed at."""
    visit = opened(places, f"?text={at}")
    found = shown(visit, f"{at}-altair_chart")
    wanted = in_one_line(texts[at])
    for place, text in found.items():
        name = place.partition("-")[2]
        seen = in_one_line(text)
        read = in_one_line(unescape(wanted)) if name == "html" else wanted
        assert name in ON_A_CANVAS or read in seen, name
    point_at_help(visit.page, wanted)
    assert visit.outside == []


def point_at_help(page: Page, wanted: str) -> None:
    """Open every tooltip, those of table columns too, and compare what it says."""
    signs = page.get_by_test_id("stTooltipIcon")
    assert signs.count() > 15
    for place in range(signs.count()):
        signs.nth(place).hover()
        told = page.get_by_test_id("stTooltipContent")
        expect(told.first).to_be_visible(timeout=PATIENCE_MS)
        assert in_one_line(told.first.inner_text()) == wanted
        page.mouse.move(0, 0)
        expect(told).to_have_count(0, timeout=PATIENCE_MS)
    for table in page.get_by_test_id("stDataFrame").all():
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 120, box["y"] + 15)
        page.mouse.move(box["x"] + 125, box["y"] + 17)
        expect(page.get_by_test_id("stDataFrameTooltipContent")).to_be_visible(timeout=PATIENCE_MS)
        assert wanted in in_one_line(page.get_by_test_id("stDataFrameTooltipContent").inner_text())


@pytest.fixture(scope="module")
def strange(demo_built: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Journal]]:
    """A dashboard whose store holds strange text in all that people write."""
    folder = tmp_path_factory.mktemp("strange")
    url = f"sqlite:///{folder / 'store.db'}"
    journal = fill_store(url)
    with serving(folder / "dashboard.log", GEO_STORE_URL=url) as server:
        yield server.address, journal


def test_no_page_asks_for_anything_outside(
    opened: Callable[[str, str], Visit], strange: tuple[str, Journal]
) -> None:
    """Every page and every section of a program, with strange text in all that people wrote."""
    address, journal = strange
    turf = journal.latest(REGION, Turf.kind)[0].key
    system = journal.latest(REGION, Comment.kind)[0].key.partition("/")[0]
    pages = sorted(path.stem for path in (ROOT / "app_pages").glob("[a-z]*.py"))
    for path in pages:
        name = "" if path == "explore" else path
        query = f"?region={REGION}&lang=en&program={PROGRAM}&turf={turf}&system={system}&cut=d"
        visit = opened(address, f"{name}{query}")
        page = visit.page
        page.get_by_role("alert").filter(has_text="Invented data").wait_for(timeout=PATIENCE_MS)
        settle(page)
        if path == "program":
            expect(page.get_by_text(f"{STRANGE} program.purpose")).to_be_visible(timeout=PATIENCE_MS)
            for tab in page.get_by_role("tab").all():
                tab.click()
                settle(page)
        visit.quiet()
        page.close()
