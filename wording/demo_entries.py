"""What the invented region's records say, in the language of the page; what people type stays as it is."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any, TypeVar

import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_

FORMS = (
    N_("Forum {n}"),
    N_("Session {n}"),
    N_("Training {n}"),
    N_("Learning series {n}"),
    N_("Canvass day {n}"),
    N_("Board meeting {n}"),
    N_("Community room, {place}"),
    N_("School board, {area} (invented)"),
    N_("Water board, {area} (invented)"),
    N_("Trustee areas (invented)"),
    N_("Area {n}"),
    N_("Division {n}"),
    N_("Candidate {letter}"),
    N_("Invitation"),
    N_("invented"),
    N_("No bus in the evening"),
    N_("Letters only in English"),
    N_("No child care"),
    N_("Distance"),
    N_("transport"),
    N_("water"),
    N_("school"),
    N_("streets"),
    N_("radio"),
    N_("flyer"),
    N_("text message"),
    N_("When will the bus run in the evening?"),
    N_("Is the water at the school safe to drink?"),
    N_("Who decides how the school's money is spent?"),
    N_("When do we get street lights?"),
    N_("Invented for the demo, {source}"),
)
"""Every text of a record of the demo, with what differs in braces."""

SPOKEN = (
    *("session", "title", "place", "text", "topic", "note", "channel", "event", "race", "area", "name"),
    *("raised_at", "candidate", "candidates"),
)
"""Columns of records that people read."""

T = TypeVar("T", bound=pd.DataFrame)


def demo_words(text: Any) -> Any:
    """Say a text of the demo's records in the chosen language; anything else stays as it is.

    Examples
    --------
    >>> from geo.language import use_language
    >>> use_language("es")
    >>> demo_words("Session 2"), demo_words("School board, Area 1 (invented)"), demo_words("Clinic 2")
    ('Sesión 2', 'Junta escolar, Área 1 (inventada)', 'Clinic 2')
    >>> use_language("en")
    """
    if isinstance(text, tuple | list):
        return tuple(demo_words(item) for item in text)
    if not isinstance(text, str) or not text:
        return text
    for form, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return _(form).format(**{name: demo_words(part) for name, part in found.groupdict().items()})
    return text


def demo_table(frame: T, columns: Collection[str] = SPOKEN) -> T:
    """Say the texts of a table of the demo's records in the chosen language.

    Examples
    --------
    >>> demo_table(pd.DataFrame({"title": ["Session 1"], "person": ["Session 1"]})).values.tolist()
    [['Session 1', 'Session 1']]
    """
    shown = [name for name in columns if name in frame.columns]
    return frame.assign(**{name: frame[name].map(demo_words) for name in shown})


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile(re.sub(r"\\{(\w+)\\}", _group, re.escape(form)))) for form in FORMS)


def _group(found: re.Match[str]) -> str:
    kinds = {"n": r"\d+", "letter": "[A-Z]"}
    return f"(?P<{found[1]}>{kinds.get(found[1], '.+')})"
