"""What people wrote, files held or addresses named is shown as typed: no page, document or sheet reads it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import streamlit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app_pages.parts import screen
from app_pages.parts.markup import MARKS, SPLIT, Markup, as_typed, fill, in_line

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "dashboard.py", *sorted((ROOT / "app_pages").rglob("*.py"))]
REPORTS = sorted((ROOT / "reports").rglob("*.py"))
# Parameters of Streamlit's calls that hold no text, or one that a browser shows as it was typed
# (tests/browser/test_typed_text.py tries each).
PLAIN = """
    accept_multiple_files accept_new_options alt altair_chart anchor anchors args autocomplete bind border
    clear_on_submit color column_config column_order data default delta_arrow delta_color disabled divider
    duration enter_to_submit expanded file_name filter_mode format format_func gap height hide_header
    hide_index horizontal horizontal_alignment icon icon_position index key kwargs label_visibility lazy
    live max_chars max_selections max_upload_size max_value mime min_value num_rows on_change on_click
    on_select options page persist_state placeholder query_params required row_height select_all
    selection_default selection_mode shortcut show_time spec step text_alignment theme type
    unsafe_allow_html unsafe_allow_javascript url use_container_width validate value vertical_alignment
    width wrap x x_label y y_label chart_data chart_type autoscroll _cache
"""
# Parts of Streamlit that show no text: its server, and the session that a script runs in.
SILENT = ("streamlit.starlette", "streamlit.runtime")
# The screen itself, and what keeps frames in memory and shows nothing.
APART = ("screen", "loading")
PLAIN_OF = {"text": {"body"}, "html": {"body"}}


def calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def test_pages_reach_streamlit_through_the_screen_alone() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PAGES
        if path.stem not in APART
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [item.name for item in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if name.partition(".")[0] == "streamlit" and not name.startswith(SILENT)
    ]
    assert found == []


def test_markdown_is_written_in_one_module_and_only_of_our_own_words() -> None:
    """A template is a literal, or the translation of one: what fills its gaps is made harmless."""
    faults = []
    for path in PAGES:
        for call in calls(path):
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            if called(call) == "Markup" and path.stem != "markup":
                faults.append(where)
            if called(call) == "fill" and path.stem != "markup" and not is_literal(call.args[0]):
                faults.append(where)
    assert faults == []


def is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and called(node) in ("_", "ngettext"):
        return all(is_literal(item) for item in node.args[: 2 if called(node) == "ngettext" else 1])
    return isinstance(node, ast.Constant)


def test_every_parameter_of_a_call_is_known_as_text_or_as_none() -> None:
    """A new version of Streamlit that takes another text is noticed here."""
    for name, read in screen.READ.items():
        parameters = set(inspect.signature(getattr(streamlit, name)).parameters)
        assert set(read) <= parameters, name
        assert parameters - set(read) <= set(PLAIN.split()) | PLAIN_OF.get(name, set()), name


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(AttributeError, match="say in READ"):
        screen.chat_message  # noqa: B018
    with pytest.raises(ValueError, match="as they were typed"):
        screen.markdown("<b>", unsafe_allow_html=True)


def test_paragraphs_of_documents_are_escaped() -> None:
    """ReportLab reads a paragraph as markup: ``<img src=...>`` makes the server fetch an address."""
    faults = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in REPORTS
        for call in calls(path)
        if called(call) == "Paragraph" and not is_escaped(call.args[0])
    ]
    assert faults == []


def is_escaped(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        values = [item.value for item in node.values if isinstance(item, ast.FormattedValue)]
        return all(is_escaped(item) or called_day(item) for item in values)
    if isinstance(node, ast.Call):
        return called(node) in ("escape", "to_markup") or (called(node) == "_" and is_literal(node))
    return isinstance(node, ast.Constant)


def called_day(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called(node) == "isoformat"


@pytest.mark.parametrize(
    "strange",
    [
        '<img src="http://calls.home/1">',
        "<IMG SRC=http://calls.home/1>",
        '<p style="background:url(http://calls.home/1)">',
        '<p class="a" onclick="x">',
        '<a href="http://calls.home">',
        "<style>@import 'http://calls.home/1'</style>",
        "<style>p{background:url (http://calls.home/1)}</style>",
        "<svg><image href=http://calls.home/1></svg>",
        '<span class="bar" style="width:1%;background:url(http://calls.home/1)">',
        '<img alt="" width="1" height="1" src="data:image/svg+xml,x" srcset="http://calls.home/1">',
        "<iframe src=http://calls.home>",
        "<link rel=stylesheet href=http://calls.home>",
    ],
)
def test_html_that_is_not_ours_is_shown_as_it_stands(strange: str) -> None:
    shown = screen.own_html(strange)
    assert shown != strange
    assert unescape(shown) == strange


TOKENS = [
    *"\\`*_[]()!#>~|$:<&@+-=./ \n\t",
    "http://a.b",
    "www.a.b",
    "a@b.co",
    ":red[",
    ":smile:",
    "1.",
    "é",
    "x",
]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
def test_a_text_is_only_made_harmless_once(text: str) -> None:
    """No sign that Streamlit reads as a mark is left bare, and what was made harmless stays as it is."""
    shown = as_typed(text)
    assert as_typed(shown) is shown
    assert in_line(shown) is shown
    assert isinstance(fill("{a}", a=text), Markup)
    bare = shown.replace(SPLIT, "\x00")
    for sign in "`*[]<~|$":
        assert all(bare[place - 1] == "\\" for place, item in enumerate(bare) if item == sign)
    assert "//" not in bare
    assert "www." not in bare


def test_the_marks_name_every_group() -> None:
    assert set(MARKS.groupindex) == {"split", "escaped", "listed", "named"}
