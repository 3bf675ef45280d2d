"""A text that calls home, in every field that people write: each page shows it, and reads none of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import partial, wraps
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import streamlit
from icalendar import Calendar
from openpyxl import load_workbook
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from app_pages.parts.markup import SPLIT
from geo.datasets.storage import read_shapes_of
from store.canvass.kinds import Turf
from store.journal import Journal
from store.water.kinds import Comment
from tests.strange_text import NAMES, PROGRAM, REGION, STRANGE, fill_store, kinds_of_records, spoiled_shapes

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.stem for path in (ROOT / "app_pages").glob("[a-z]*.py"))
SECTIONS = ("Current status", "Sessions", "Record", "Change", "Where next", "Report")
# Texts of records that are too short for it, that are a bare geometry, or that stand under no page of an open
# installation.
NOT_REACHED = {"visit.door", "member.name", "tie_in.geojson", "system_place.geojson"}
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


def open_page(page: str, part: str = "", **params: str) -> AppTest:
    """Open a page at its address, as somebody who may record, on a section that has a name of its own."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"region": REGION, **params})
    for key in ("person.name", "who"):
        app.session_state[key] = "Ana"
    if part:
        app.session_state[{"program": "program.tabs", "water": "water.part"}[page]] = part
    return app.switch_page(f"app_pages/{page}.py").run()


def strings(message: Any) -> Iterator[tuple[str, str]]:
    """Every text of a message to the browser, with the field that it stands in."""
    for place, value in message.ListFields():
        single = isinstance(value, str | bytes | int | float) or hasattr(value, "ListFields")
        for item in [value] if single else value.values() if hasattr(value, "values") else value:
            if hasattr(item, "ListFields"):
                yield from strings(item)
            elif isinstance(item, str):
                yield f"{message.DESCRIPTOR.name}.{place.name}", item


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
    check(open_page(page, system=system, turf=turf, program=PROGRAM, cut="d"))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_program_reads_nothing_that_people_wrote(journal: Journal, section: str) -> None:
    shown = check(open_page("program", section, program=PROGRAM))
    assert {"Text.body", "Selectbox.options"} <= shown
    check(open_page("program", section, program="health_enrollment"))


@pytest.mark.parametrize("part", ["edges", "time", "changes", "sheet"])
def test_the_board_reads_nothing_that_people_wrote(journal: Journal, part: str) -> None:
    check(open_page("water", part))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_nothing_of_its_address(journal: Journal, page: str) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "app_pages").rglob("*.py"))
    named = set(re.findall(r'query_params(?:\.get\(|\.pop\(|\[)"(\w+)"', source))
    others = {"selected", "focus", "system", "indicator", "layers", "bounds", "a", "b", "cut", "lang"}
    assert {"program", "turf", "region"} <= named
    check(open_page(page, **dict.fromkeys((named | others) - {"region"}, STRANGE)))
    check(open_page(page, **{"region": STRANGE}))


CELL = STRANGE.replace('"', '""')
HEADS = "turf,unit,door,disposition,result,on,sheet,spoke,code,pwsid,system,service,stage,note,name"
SHEET = "\n".join([HEADS, *[",".join([f'"{CELL}"'] * len(HEADS.split(",")))] * 2]).encode()


@pytest.mark.parametrize(
    ("page", "section", "least"),
    [("returns", "", 2), ("water", "sheet", 1), ("program", "Record", 1), ("program", "Where next", 1)],
)
def test_a_page_reads_nothing_of_a_file(journal: Journal, page: str, section: str, least: int) -> None:
    """Names of files, headings and cells of sheets, names of areas and of places."""
    app = open_page(page, section, program=PROGRAM)
    assert len(app.file_uploader) >= least
    for uploader in list(app.file_uploader):
        for ending, content in files_for(uploader.allowed_type):
            now = next(item for item in app.file_uploader if item.id == uploader.id)
            now.set_value((f"{STRANGE.replace('/', '')}{ending}", content, "")).run()
            check(app)


def files_for(allowed: list[str]) -> Iterator[tuple[str, bytes]]:
    shapes = read_shapes_of(REGION, "places")[["name", "geometry"]].head(2)
    points = shapes.set_geometry(shapes.geometry.representative_point())
    if ".csv" in allowed:
        yield ".csv", SHEET
        yield ".csv", SHEET.replace(HEADS.encode(), f'"{CELL}",'.encode() * HEADS.count(",") + b"x")
    for ending in (".geojson", ".json"):
        if ending in allowed:
            for frame in (shapes, points):
                yield ending, json.dumps(spoiled_shapes(json.loads(frame.to_json()))).encode()


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What download buttons hold by the files' names, made when somebody asks for it."""
    kept, show = {}, DeltaGenerator.download_button

    @wraps(show)
    def note(
        part: DeltaGenerator, label: str, data: Any, file_name: str = "", *rest: Any, **named: Any
    ) -> Any:
        kept[file_name] = data if callable(data) else lambda: data
        return show(part, label, data, file_name, *rest, **named)

    monkeypatch.setattr(DeltaGenerator, "download_button", note)
    monkeypatch.setattr(streamlit, "download_button", partial(note, streamlit._main))
    return kept


def test_no_file_reads_what_people_wrote(journal: Journal, offered: dict[str, Callable[[], bytes]]) -> None:
    """A picture in a PDF would be fetched by the server; a formula runs at whoever opens the sheet."""
    turf = journal.latest(REGION, Turf.kind)[0].key
    system = journal.latest(REGION, Comment.kind)[0].key.partition("/")[0]
    open_page("water", "report", system=system)
    for page in PAGES:
        open_page(page, system=system, turf=turf, program=PROGRAM, cut="d")
    open_page("program", "Report", program=PROGRAM)
    files = {name: make() for name, make in offered.items()}
    endings = {name.rpartition(".")[2] for name in files}
    assert {"pdf", "html", "xlsx", "csv", "ics", "geojson"} <= endings, sorted(files)
    holding = {name for name, content in files.items() if holds(name.rpartition(".")[2], content)}
    assert {name.rpartition(".")[2] for name in holding} >= {"html", "xlsx", "ics"}


def holds(ending: str, content: bytes) -> bool:
    """Assert that a file reads nothing, and say whether strange text is in it, as it was typed."""
    if ending == "pdf":
        assert content.startswith(b"%PDF")
        assert b"/URI" not in content
    elif ending == "html":
        text = content.decode()
        assert re.findall(r"<(?:img|a|link|script|iframe|object)\b|url\(|@import", text) == []
        return STRANGE in unescape(text)
    elif ending == "xlsx":
        cells = [cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
        return any(STRANGE in str(cell.value) for cell in cells)
    elif ending == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert [cell for row in rows for cell in row if re.match(r"[=+@\t\r]|-(?![\d.])", cell)] == []
    elif ending == "ics":
        events = Calendar.from_ical(content).walk("VEVENT")
        return any(STRANGE in str(event["summary"]) for event in events)
    elif ending in ("kml", "gpx"):
        ET.fromstring(content)
    return False
