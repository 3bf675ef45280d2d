"""A text that calls home, in every field that people write: each page shows it, and reads none of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.parts.markup import SPLIT
from store.canvass.kinds import Turf
from store.journal import Journal
from store.status import Comment
from tests.strange_text import NAMES, PROGRAMME, REGION, STRANGE, fill_store, kinds_of_records

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.stem for path in (ROOT / "app_pages").glob("[a-z]*.py"))
SECTIONS = ("Where it stands", "Sessions", "Record", "Change", "Where next", "Report")
# Texts of records that are too short for it, or that stand under no page of an open installation.
NOT_REACHED = {"visit.door", "member.name"}
# Fields of Streamlit's elements that a browser shows as they are; what HTML holds is looked at by itself.
PLAIN = re.compile(
    r"^(Text\.body|Selectbox\.(options|raw_value)|MultiSelect\.options|\w+\.(placeholder|default|value|raw_values)"
    r"|LinkButton\.url|Html\.body|ComponentInstance\.json_args|.*VegaLite\w*\.spec|SelectboxOption\.\w+"
    r"|Arrow\w*\.(columns|id)|\w+\.(id|form_id|key|element_id))$"
)
BARE = re.compile(r"(?<!\\)[\[<`]|://|(?<!\\)\$.*(?<!\\)\$|:material/|:red")


@pytest.fixture(scope="module")
def journal(demo_built: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """A store with strange text in all that people wrote."""
    url = f"sqlite:///{tmp_path_factory.mktemp('strange') / 'store.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_STORE_URL", url)
        yield fill_store(url)


def open_page(page: str, section: str = "", **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"region": REGION, **params})
    for key in ("person.name", "who"):
        app.session_state[key] = "Ana"
    if section:
        app.session_state["programme.tabs"] = section
    return app.switch_page(f"app_pages/{page}.py").run()


def strings(message: Any) -> Iterator[tuple[str, str]]:
    """Every text of a message to the browser, with the field that it stands in."""
    for field, value in message.ListFields():
        single = isinstance(value, str | bytes | int | float) or hasattr(value, "ListFields")
        for item in [value] if single else value.values() if hasattr(value, "values") else value:
            if hasattr(item, "ListFields"):
                yield from strings(item)
            elif isinstance(item, str):
                yield f"{message.DESCRIPTOR.name}.{field.name}", item


def read_parts(field: str, text: str) -> list[str]:
    """What of a field is read: of a table's columns the help, of HTML the tags that load something."""
    if field == "Html.body":
        return re.findall(r"<(?:img(?! alt=)|a|iframe|link|object|svg)\b[^>]*", text)
    if field == "Dataframe.columns":
        return [str(column.get("help", "")) for column in json.loads(text).values()]
    return [] if PLAIN.match(field) else [text]


def elements(block: Any) -> Iterator[Any]:
    for item in getattr(block, "children", {}).values():
        if getattr(item, "proto", None) is not None:
            yield item.proto
        yield from elements(item)


def check(app: AppTest) -> set[str]:
    """Assert that no text of a page is read, and return the fields in which strange text was shown."""
    assert not app.exception, app.exception
    shown = set()
    for proto in elements(app._tree):
        for field, text in strings(proto):
            if "calls.home" in text.replace(SPLIT, ""):
                shown.add(field)
                for read in read_parts(field, text):
                    assert not BARE.search(read.replace(SPLIT, "\0")), (field, read[:200])
    return shown


def test_the_store_holds_it_in_every_text_that_people_write(journal: Journal) -> None:
    """A new field of a record is noticed here: it is filled, or said to name something else."""
    missing = set()
    for kind in kinds_of_records():
        bodies = [entry.body or {} for entry in journal.latest(REGION, kind.kind)]
        for name, field in kind.model_fields.items():
            holds = any("calls.home" in str(body.get(name)) for body in bodies)
            if "str" in str(field.annotation) and name not in NAMES and not holds:
                missing.add(f"{kind.kind}.{name}")
    assert missing == NOT_REACHED


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_nothing_that_people_wrote(journal: Journal, page: str) -> None:
    turf = journal.latest(REGION, Turf.kind)[0].key
    system = journal.latest(REGION, Comment.kind)[0].key.partition("/")[0]
    check(open_page(page, system=system, turf=turf, programme=PROGRAMME, cut="d"))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_programme_reads_nothing_that_people_wrote(journal: Journal, section: str) -> None:
    shown = check(open_page("programme", section, programme=PROGRAMME))
    assert {"Text.body", "Selectbox.options"} <= shown
    check(open_page("programme", section, programme="health_enrolment"))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_nothing_of_its_address(journal: Journal, page: str) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "app_pages").rglob("*.py"))
    named = set(re.findall(r'query_params(?:\.get\(|\.pop\(|\[)"(\w+)"', source))
    others = {"selected", "indicator", "layers", "bounds", "a", "b", "cut", "lang"}
    assert {"programme", "turf", "region"} <= named
    check(open_page(page, **dict.fromkeys((named | others) - {"region"}, STRANGE)))
    check(open_page(page, **{"region": STRANGE}))
