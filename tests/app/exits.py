"""Everything that leaves the dashboard, as somebody of a role gets it: screens, files behind buttons, maps.

A walk opens every page in every state that is listed, with one session a role, and keeps the text of each
exit: of a screen all that is sent to the browser (tables, cards, options of lists, what goes to the map), of
a button the file that it would hand out, whatever its format.
"""

from __future__ import annotations

import io
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from google.protobuf.message import Message
from reportlab import rl_config
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.widgets.button import ButtonMixin
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from geo.language import use_language

SMALL = "<a small count>"
COUNTED = ("back", "others", "new", "knocked", "reached", "reach", "enrolled", "spoke", "barriers")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Screen:
    """A page in a state: what its address says, and what is chosen on it."""

    name: str
    page: str
    chosen: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)


class Walk:
    """A walk of one session through screens; ``texts`` holds what each exit gave."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.texts: dict[str, str] = {}
        self._patch, self._files = patch, dict[str, Any]()
        noting = self._noting(ButtonMixin.download_button)
        patch.setattr(ButtonMixin, "download_button", noting)
        patch.setattr(st, "download_button", partial(noting, st._main))
        patch.setattr(rl_config, "pageCompression", 0)
        self.app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=240)

    def _noting(self, offer: Callable[..., bool]) -> Callable[..., bool]:
        def note(holder: DeltaGenerator, label: str, data: Any, *args: Any, **options: Any) -> bool:
            self._files[str(options["key"])] = data
            return offer(holder, label, data, *args, **options)

        return note

    def open(self, region: str) -> None:
        self.app.query_params["region"] = region
        self.app.run()

    def visit(self, screen: Screen) -> None:
        """Open a screen, and keep what it shows and what its buttons hand out."""
        self._files.clear()
        for name, value in screen.params.items():
            self.app.query_params[name] = value
        for name, value in screen.chosen.items():
            self.app.session_state[name] = value
        self.app.switch_page(f"app_pages/{screen.page}.py").run()
        assert not self.app.exception, (screen.name, self.app.exception)
        self.texts[screen.name] = "\n".join(texts_of(self.app))
        for key, data in self._files.items():
            self.texts.setdefault(f"file {key}", text_of_file(self.content(data)))

    @property
    def offered(self) -> list[str]:
        """Keys of the files that the last screen offered."""
        return list(self._files)

    def made(self, key: str) -> bytes:
        """Make one of them."""
        return self.content(self._files[key])

    def content(self, data: Any) -> bytes:
        """Make a file as the button does when it is pressed."""
        made = data() if callable(data) else data
        use_language("en")
        return made.encode() if isinstance(made, str) else bytes(made)


def texts_of(app: AppTest) -> Iterator[str]:
    """All that a screen sends to the browser, as text."""
    for node in _nodes(app._tree):
        if isinstance(getattr(node, "proto", None), Message):
            yield from _strings(node.proto)
    yield from _small_counts(app)


def _small_counts(app: AppTest) -> Iterator[str]:
    """A mark for each table of people of the screen that holds a number from 1 to 9."""
    for item in app.dataframe:
        named = [name for name in COUNTED if name in item.value]
        named += ["people"] if {"back", "sessions"} & set(item.value) else []
        counts = item.value[[name for name in named if name in item.value]]
        small = counts.apply(pd.to_numeric, errors="coerce").apply(lambda column: column.between(1, 9))
        if small.any(axis=None):
            yield SMALL


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    if isinstance(node, Block) or hasattr(node, "children"):
        for child in node.children.values():
            yield from _nodes(child)


def _strings(message: Message) -> Iterator[str]:
    for described, value in message.ListFields():
        many = value if described.is_repeated else [value]
        if described.message_type is not None and described.message_type.GetOptions().map_entry:
            many = [item for item in value.values() if isinstance(item, Message)]
            yield from (str(item) for item in value.values() if isinstance(item, str))
        for item in many:
            if isinstance(item, Message):
                yield from _strings(item)
            elif isinstance(item, str):
                yield item.replace("\\u0027", "'").replace("&#x27;", "'").replace("&amp;", "&")
            elif isinstance(item, bytes):
                yield item.decode("utf-8", "replace")


def text_of_file(content: bytes) -> str:
    """Read a file's text: words of a PDF, cells of a workbook, rows of a GeoPackage, files of an archive."""
    if content.startswith(b"%PDF"):
        pieces = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", content)
        plain = [re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), piece) for piece in pieces]
        return "".join(piece.replace(b"\\", b"").decode("cp1252", "replace") for piece in plain)
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
        if not any(name.startswith("xl/") for name in names):
            return "\n".join([*names, *(text_of_file(archive.read(name)) for name in names)])
        sheets = pd.read_excel(io.BytesIO(content), sheet_name=None, header=None, dtype=str)
        return "\n".join([*names, *(f"{name}\n{sheet.to_csv()}" for name, sheet in sheets.items())])
    if content.startswith(b"SQLite format 3"):
        return _text_of_sqlite(content)
    return content.decode("utf-8", "replace")


def _text_of_sqlite(content: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        path.write_bytes(content)
        connection = sqlite3.connect(path)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        rows = [row for name in tables for row in connection.execute(f'SELECT * FROM "{name}"')]
        connection.close()
    return "\n".join(
        " ".join(str(cell) for cell in row if isinstance(cell, str | int | float)) for row in rows
    )
