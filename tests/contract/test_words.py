"""Every word that a person reads has a Spanish one, with the same gaps to fill in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "mark": None}


def extracted() -> set[str]:
    """Every message of the code, the singular of those that count."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    messages = {item[2] if isinstance(item[2], str) else item[2][0] for item in found}
    return (messages | set(inside_f_strings())) - {""}


def inside_f_strings() -> Iterator[str]:
    """Messages of calls inside f-strings, which the extractor sees only from Python 3.12 on."""
    folders = ("wording", "app_pages", "demo", "geo", "layers", "reports", "server", "store")
    for path in (ROOT / "dashboard.py", *(file for name in folders for file in (ROOT / name).rglob("*.py"))):
        strings = (
            node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)
        )
        calls = (node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call))
        for call in calls:
            named = isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
            if named and call.args and isinstance(call.args[0], ast.Constant):
                yield str(call.args[0].value)


def catalog() -> dict[str, Message]:
    path = ROOT / "locale" / "es" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as stream:
        read = read_po(stream, abort_invalid=True)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in read
        if message.id
    }


@pytest.fixture(scope="module")
def spanish() -> dict[str, Message]:
    return catalog()


def test_nothing_is_untranslated(spanish: dict[str, Message]) -> None:
    missing = sorted(text for text in extracted() if text not in spanish or not spanish[text].string)
    assert not missing, f"{len(missing)} messages have no Spanish: {missing[:5]}"


def test_nothing_is_left_over(spanish: dict[str, Message]) -> None:
    assert sorted(set(spanish) - extracted()) == []


def test_nothing_is_fuzzy(spanish: dict[str, Message]) -> None:
    assert [text for text, message in spanish.items() if message.fuzzy] == []


def test_gaps_are_the_same(spanish: dict[str, Message]) -> None:
    for text, message in spanish.items():
        words = [message.string] if isinstance(message.string, str) else list(message.string)
        for translated in words:
            assert gaps(translated) == gaps(text), text


def gaps(text: str) -> set[str]:
    if not re.search(r"{\w+}", text):
        return set()
    return {name for _, name, _, _ in Formatter().parse(text) if name}
