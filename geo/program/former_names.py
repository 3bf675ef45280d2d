"""Names of programs as they were spelled before, in files and links that people have: still read.

What people wrote down in the database is renamed by a migration (``store/migrations``) instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Beside the folder ``programs``: declarations that somebody added.
PROGRAM_FOLDER = "programmes"
# In an address, as in ``program?programme=census_2020``.
PROGRAM_PARAMETER = "programme"
# Before, now.
PROGRAM_KEYS: Mapping[str, str] = {"health_enrolment": "health_enrollment"}
PROGRAM_KINDS: Mapping[str, str] = {"enrolment": "enrollment"}
COUNTED: Mapping[str, str] = {"enrolments": "enrollments"}


def to_program_key(key: str) -> str:
    """Return the key of now of a program that ships.

    Examples
    --------
    >>> to_program_key("health_enrolment"), to_program_key("mine")
    ('health_enrollment', 'mine')
    """
    return PROGRAM_KEYS.get(key, key)


def with_program_words_of_now(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a program's fields with the words of now in its key, kind and measures.

    What is of no form that a program has stays as it is, to be told by who checks it.

    Examples
    --------
    >>> with_program_words_of_now({"kind": "enrolment", "measures": [{"counted": "enrolments"}, 7]})
    {'kind': 'enrollment', 'measures': [{'counted': 'enrollments'}, 7]}
    """
    now = dict(fields)
    for name, words in (("key", PROGRAM_KEYS), ("kind", PROGRAM_KINDS)):
        if name in now:
            now[name] = _word(words, now[name])
    if isinstance(now.get("measures"), list):
        now["measures"] = [_measure(item) for item in now["measures"]]
    return now


def _measure(item: Any) -> Any:
    if isinstance(item, Mapping) and "counted" in item:
        return {**item, "counted": _word(COUNTED, item["counted"])}
    return item


def _word(words: Mapping[str, str], word: Any) -> Any:
    return words.get(word, word) if isinstance(word, str) else word
