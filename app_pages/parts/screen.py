"""Streamlit, with every text shown as it was typed: pages import this as ``st``.

Streamlit reads most of what it is given as Markdown, and what people wrote, files held or addresses named
would be read so too. Here a text is plain unless ``parts.markup`` made it; HTML holds the tags that our own
cards and legends are made of, and no other. A call that is not listed is refused: say
first what of it is text.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cache, partial, wraps
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit
from streamlit.delta_generator import DeltaGenerator

from app_pages.parts.markup import whole

if TYPE_CHECKING:
    # The types of what is handed on, one by one: Streamlit has folders named dataframe and navigation too,
    # which a second run of mypy would take for the calls.
    # isort: off
    # fmt: off
    from streamlit import (
        Page as Page, altair_chart as altair_chart, button as button, caption as caption,
        checkbox as checkbox, column_config as column_config, columns as columns,
        container as container, context as context, data_editor as data_editor,
        date_input as date_input, download_button as download_button, empty as empty, error as error,
        expander as expander, file_uploader as file_uploader, form as form,
        form_submit_button as form_submit_button, fragment as fragment, html as html, info as info,
        line_chart as line_chart, link_button as link_button, markdown as markdown, metric as metric,
        multiselect as multiselect, number_input as number_input,
        page_link as page_link, pills as pills, progress as progress, query_params as query_params,
        radio as radio, rerun as rerun, select_slider as select_slider, selectbox as selectbox,
        session_state as session_state, set_page_config as set_page_config, sidebar as sidebar,
        slider as slider, spinner as spinner, stop as stop, subheader as subheader, success as success,
        toast as toast, switch_page as switch_page, table as table, tabs as tabs, text as text,
        text_area as text_area, text_input as text_input, time_input as time_input, toggle as toggle,
        warning as warning,
    )
    from streamlit.commands.navigation import navigation as navigation
    # fmt: on
    # isort: on

    dataframe = streamlit._main.dataframe
    Part = DeltaGenerator

_FIELD = ("label", "help")
READ: dict[str, tuple[str, ...]] = {
    # What Streamlit reads as Markdown of each call, by the names of its parameters.
    **dict.fromkeys(("markdown", "caption", "subheader"), ("body", "help")),
    **dict.fromkeys(("info", "warning", "error", "success"), ("body", "title")),
    **dict.fromkeys(("button", "download_button", "form_submit_button", "link_button", "page_link"), _FIELD),
    **dict.fromkeys(("text_input", "text_area", "number_input", "date_input", "time_input"), _FIELD),
    **dict.fromkeys(("checkbox", "toggle", "selectbox", "multiselect", "slider", "file_uploader"), _FIELD),
    **dict.fromkeys(("select_slider", "pills"), (*_FIELD, "options")),
    "radio": (*_FIELD, "captions", "options"),
    "metric": (*_FIELD, "value", "delta", "delta_description"),
    "text": ("help",),
    "toast": ("body",),
    "expander": ("label",),
    "tabs": ("tabs",),
    "progress": ("text",),
    "spinner": ("text",),
    "table": ("data",),
    "html": (),
    # These show none, or as it was typed.
    **dict.fromkeys(("columns", "container", "empty", "form", "dataframe", "data_editor"), ()),
    **dict.fromkeys(("altair_chart", "line_chart"), ()),
}
"""What of each call is Markdown to Streamlit; ``options`` are, by the words that stand for them."""

HANDED_ON = {
    *("Page", "navigation", "set_page_config", "switch_page", "rerun", "stop", "fragment"),
    *("context", "query_params", "session_state"),
}
"""Names of Streamlit that show no text."""

# What is missing is an empty cell, not Streamlit's word for it.
DEFAULTS: dict[str, dict[str, Any]] = {"dataframe": {"placeholder": ""}}
BY_WORDS = frozenset({"radio", "pills", "select_slider"})
ONE_LINE = frozenset({"subheader"})
TICKETS = "/signed-in"
"""Address below which a browser gets its cookie for a ticket, asked for as a picture."""
_TAGS = "style|section|div|h3|h4|p|dl|dt|dd|span|ul|ol|li|sup|details|summary|figure|figcaption|del"
_TABLE = "table|caption|thead|tbody|tr|th|td"
STRANGE = re.compile(
    rf"<(?!/?(?:{_TAGS}|{_TABLE})"
    r'(?:\s+(?:class|scope|role|tabindex|colspan|aria-[a-z]+)="[^"<>]*")*\s*>'
    r'|span class="bar" style="width:[\d.]+%;background:#\w+">'
    r'|img alt="" width="\d+" height="\d+" src="data:image/svg\+xml,[\w.~%/-]*">'
    rf'|img src="{TICKETS}/[\w-]+" alt="" width="1" height="1">)'
    r"|@import|url\s*\(|image-set\s*\(|src\s*\(",
    re.IGNORECASE,
)
"""What HTML of ours does not hold: other tags, and what a style sheet would fetch."""


class PlainPart:
    """A part of the page, a column say, with the calls of this module."""

    def __init__(self, part: DeltaGenerator) -> None:
        self._part = part

    def __enter__(self) -> None:
        self._part.__enter__()

    def __exit__(self, *fault: Any) -> Any:
        return self._part.__exit__(*fault)

    @property
    def open(self) -> bool | None:
        """Whether a tab or an expander that says so is open."""
        found: bool | None = getattr(self._part, "open", None)
        return found

    def __getattr__(self, name: str) -> Any:
        if name == "open":
            return getattr(self._part, name)
        return _plain(name, getattr(self._part, _known(name)))


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name in HANDED_ON:
        return getattr(streamlit, name)
    if name == "column_config":
        return COLUMNS
    if name == "sidebar":
        return PlainPart(streamlit.sidebar)
    return _plain(name, getattr(streamlit, _known(name)))


class Columns:
    """Streamlit's kinds of columns: the title is plain to it, the tooltip is not."""

    def __getattr__(self, name: str) -> Any:
        column = getattr(streamlit.column_config, name)

        @wraps(column)
        def declare(label: str | None = None, **options: Any) -> Any:
            told = options.pop("help", None)
            return column(label, help=None if told is None else whole(told), **options)

        return declare


COLUMNS = Columns()
if not TYPE_CHECKING:
    Part = PlainPart


def own_html(body: str) -> str:
    """Return HTML with what is not ours shown as it stands instead of read.

    Examples
    --------
    >>> own_html('<p class="sub">1 &lt; 2</p><img src=x>')
    '<p class="sub">1 &lt; 2</p>&#60;img src=x>'
    """
    return STRANGE.sub(lambda found: f"&#{ord(found[0][0])};{found[0][1:]}", body)


def _known(name: str) -> str:
    if name not in READ:
        raise AttributeError(f"parts.screen does not know {name!r}: say in READ what of it is Markdown")
    return name


@cache
def _signature(call: Callable[..., Any], *, bound: bool) -> inspect.Signature:
    signature = inspect.signature(call)
    return signature.replace(parameters=list(signature.parameters.values())[bound:])


def _plain(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a call of Streamlit that shows texts as they were typed."""
    signature = _signature(getattr(call, "__func__", call), bound=hasattr(call, "__func__"))

    @wraps(call)
    def show(*args: Any, **options: Any) -> Any:
        given = signature.bind(*args, **DEFAULTS.get(name, {}) | options)
        _make_plain(name, given.arguments)
        return _parted(call(*given.args, **given.kwargs))

    return show


def _to_make(data: Any) -> Callable[[], Any]:
    """Return what makes a file: of one that is there already, what hands it out."""
    return data if callable(data) else lambda: data


Make = Callable[[], Any]
_GUARDS: list[Callable[[Make], Make]] = []


def guard_files(guard: Callable[[Make], Make]) -> None:
    """Have every file that is made when somebody asks for it made through a guard.

    Asking runs no page: without one, whoever signed out or was removed would still get what a page offered.
    """
    _GUARDS[:] = [guard]


def _make_plain(name: str, given: dict[str, Any]) -> None:
    if name == "download_button":
        for guard in _GUARDS:
            given["data"] = guard(_to_make(given["data"]))
    if given.get("unsafe_allow_html") or given.get("unsafe_allow_javascript"):
        raise ValueError(f"{name} shows texts as they were typed: write HTML with st.html")
    if name == "html":
        given["body"] = own_html(given["body"])
    if name in BY_WORDS:
        given["format_func"] = partial(_in_words, given.get("format_func", str))
    for parameter in READ[name]:
        if parameter in given and parameter != "options":
            given[parameter] = _whole(given[parameter], lines=name not in ONE_LINE)


def _in_words(words_of: Callable[[Any], Any], option: Any) -> Any:
    return whole(words_of(option), lines=False)


def _whole(given: Any, *, lines: bool = True) -> Any:
    if isinstance(given, str):
        return whole(given, lines=lines)
    if isinstance(given, list | tuple):
        return [_whole(item, lines=lines) for item in given]
    if isinstance(given, pd.DataFrame):
        named = given.rename(index=_whole, columns=_whole).rename_axis(index=_whole, columns=_whole)
        return named.map(_whole)
    return given


def _parted(given: Any) -> Any:
    if isinstance(given, DeltaGenerator):
        return PlainPart(given)
    if isinstance(given, list | tuple) and any(isinstance(item, DeltaGenerator) for item in given):
        return [_parted(item) for item in given]
    return given
