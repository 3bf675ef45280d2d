"""The language of what a person reads: gettext, with the choice kept per thread of work.

English is the source; ``locale/<language>/LC_MESSAGES/messages.po`` holds the others, compiled at
set-up. A missing catalog or message falls back to English.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from geo.settings import ROOT

LANGUAGES = {"en": "English", "es": "Español"}
_chosen: ContextVar[str] = ContextVar("language", default="en")


@cache
def _catalog(language: str) -> _gettext.NullTranslations:
    return _gettext.translation("messages", ROOT / "locale", [language], fallback=True)


def use_language(language: str) -> None:
    """Choose the language of this thread of work; an unknown one means English.

    Examples
    --------
    >>> use_language("en"); current_language()
    'en'
    """
    _chosen.set(language if language in LANGUAGES else "en")


def current_language() -> str:
    """Return the code of the chosen language."""
    return _chosen.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while, and then again the one that was chosen.

    Examples
    --------
    >>> with speaking("es"):
    ...     current_language()
    'es'
    >>> current_language()
    'en'
    """
    chosen = current_language()
    use_language(language)
    try:
        yield
    finally:
        use_language(chosen)


def each_language() -> Iterator[str]:
    """Speak one language after the other, and then again the one that was chosen.

    Examples
    --------
    >>> list(each_language()), current_language()
    (['en', 'es'], 'en')
    """
    for language in LANGUAGES:
        with speaking(language):
            yield language


def in_each_language(message: str) -> dict[str, str]:
    """Translate a message into every language, by its code.

    Examples
    --------
    >>> in_each_language("no such message")
    {'en': 'no such message', 'es': 'no such message'}
    """
    return {language: gettext(message) for language in each_language()}


def gettext(message: str) -> str:
    """Translate ``message``; import as ``_``.

    Examples
    --------
    >>> gettext("no such message in any catalog")
    'no such message in any catalog'
    >>> gettext("")
    ''
    """
    return _catalog(_chosen.get()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate by number.

    Examples
    --------
    >>> ngettext("{count} tract", "{count} tracts", 2).format(count=2)
    '2 tracts'
    """
    return _catalog(_chosen.get()).ngettext(singular, plural, count)


def mark(message: str) -> str:
    """Mark a message for the catalog, to be translated where it is shown; import as ``N_``."""
    return message
