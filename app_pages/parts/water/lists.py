"""Records and changes of a system as lists that can be read whole in a narrow card; all of it escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

from geo.language import gettext as _

STYLES = """<style>
.geo-lines{max-height:26rem;overflow:auto;font-size:0.92rem;line-height:1.4}
.geo-lines h4{margin:0.6rem 0 0.2rem 0;padding:0;font-size:0.95rem}
.geo-lines ol{list-style:none;margin:0;padding:0}
.geo-lines li{border-top:1px solid #dde4ea;padding:0.35rem 0;margin:0}
.geo-lines .what{font-weight:650}.geo-lines .by{display:block;color:#4d4d4d;font-size:0.84rem}
.geo-lines del{color:#4d4d4d}
</style>"""
Line = tuple[str, str, str]


def lines_html(title: str, lines: Iterable[Line]) -> str:
    """Write lines, each of what it is of, its text (which may hold markup made here), and who, when, why.

    Examples
    --------
    >>> "<li>" in lines_html("Changes", [("water, stage", "funded", "Ana")])
    True
    """
    items = "".join(
        f'<li><span class="what">{escape(what)}:</span> {text}<span class="by">{escape(by)}</span></li>'
        for what, text, by in lines
    )
    head = escape(title)
    return (
        f'{STYLES}<section class="geo-lines" tabindex="0" role="region" aria-label="{head}">'
        f"<h4>{head}</h4><ol>{items}</ol></section>"
    )


def change_line(change: dict[str, Any]) -> Line:
    """Tell a change, as :func:`store.telling.tell_changes` returns it, with what stood before struck out.

    What somebody may not see of it is not there.
    """
    was = f"<del>{escape(change['was'])}</del> → " if change["was"] else ""
    by = [f"{pd.Timestamp(change['at']):%Y-%m-%d %H:%M} UTC", *([change["who"]] if "who" in change else [])]
    by += [words.format(text=change[key]) for key, words in _notes() if change.get(key)]
    return f"{change['service']}, {change['kind']}", was + escape(change["now"]), " · ".join(by)


def _notes() -> Sequence[tuple[str, str]]:
    return (("why", _("Why: {text}")), ("source", _("Source: {text}")))


def record_line(what: str, text: str, by: Sequence[str]) -> Line:
    """Tell a record as it stands."""
    return what, escape(text), " · ".join(part for part in by if part)
