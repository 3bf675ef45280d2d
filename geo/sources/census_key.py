"""The key of the Census Bureau's API: where it is set, how it goes into an address, how its lack is told.

Since May 2026 the API asks everybody for a key, for lists of variables too. Whoever has none is sent on to a
web page, ``missing_key.html``, under status 200 and with the header ``X-DataWebAPI-KeyError``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from geo.errors import KeyNeededError
from geo.language import gettext as _

KEY_VARIABLE = "CENSUS_API_KEY"
SIGN_UP_PAGE = "https://api.census.gov/data/key_signup.html"
KEY_HEADER = "X-DataWebAPI-KeyError"
MISSING, INVALID = "missing", "invalid"
TITLE = re.compile(r"<title>\s*(missing|invalid)[ _]key", re.IGNORECASE)


class Answer(Protocol):
    """The part of a response, or of one that sent on to it, that is read here."""

    url: str

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in any case."""

    @property
    def history(self) -> Sequence[Answer]:
        """The answers that sent on to this one."""


def census_key() -> str:
    """Return the key of the Census Bureau's API; empty where none is set.

    Examples
    --------
    >>> isinstance(census_key(), str)
    True
    """
    return os.environ.get(KEY_VARIABLE, "").strip()


def with_key(address: str, key: str) -> str:
    """Add the key to an address of the API.

    Examples
    --------
    >>> with_key("https://api.census.gov/data/2020/dec/pl?get=P1_001N", "abc")
    'https://api.census.gov/data/2020/dec/pl?get=P1_001N&key=abc'
    """
    return f"{address}{'&' if '?' in address else '?'}key={key}" if key else address


def key_fault(answer: Answer, head: str = "") -> str:
    """Tell whether an answer means that a key is ``missing`` or ``invalid``; empty where it means neither.

    Parameters
    ----------
    answer
        The answer, with those that sent on to it.
    head
        The first words of its body, where they were read.
    """
    steps = (*answer.history, answer)
    if INVALID in (found := set(_signs(steps, head))):
        return INVALID
    return MISSING if found or any(KEY_HEADER in step.headers for step in steps) else ""


def _signs(steps: Sequence[Answer], head: str) -> Iterator[str]:
    for step in steps:
        page = PurePosixPath(urlsplit(step.url).path).name
        if page in ("missing_key.html", "invalid_key.html"):
            yield page.partition("_")[0]
        if "invalid" in step.headers.get(KEY_HEADER, "").lower():
            yield INVALID
    if titled := title_of_key_page(head):
        yield titled


def title_of_key_page(head: str) -> str:
    """Read ``missing`` or ``invalid`` from the title of the Bureau's page on keys; empty for all else.

    Examples
    --------
    >>> title_of_key_page("<html><head><title>Missing Key</title></head>"), title_of_key_page("[[1]]")
    ('missing', '')
    """
    found = TITLE.search(head)
    return found[1].lower() if found else ""


def key_needed(fault: str = MISSING) -> KeyNeededError:
    """Make the error that says where to get a key, and where to put it.

    Examples
    --------
    >>> key_needed().fault, key_needed("invalid").fault
    ('it needs a key of the Census Bureau', 'the Census Bureau does not accept the key')
    """
    words = _("it needs a key of the Census Bureau")
    if fault == INVALID:
        words = _("the Census Bureau does not accept the key")
    return KeyNeededError(words, where_to_get_a_key())


def where_to_get_a_key() -> str:
    """Say where to get a key, and the setting that it goes into.

    Examples
    --------
    >>> where_to_get_a_key()
    'get one at https://api.census.gov/data/key_signup.html and set it as CENSUS_API_KEY'
    """
    return _("get one at {address} and set it as {setting}").format(
        address=SIGN_UP_PAGE, setting=KEY_VARIABLE
    )
