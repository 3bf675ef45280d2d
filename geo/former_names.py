"""Names as they were spelled before, in files and links that people have: still read, never written.

What people wrote down in the database is renamed by a migration (``store/migrations``) instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Beside the folder ``programs``: declarations that somebody added.
PROGRAM_FOLDER = "programmes"
# In an address, as in ``program?programme=census_2020``.
PROGRAM_PARAMETER = "programme"
# Keys of TOML tables, of receipts and of records: before, now.
FIELDS: Mapping[str, str] = {
    "labour_force": "labor_force",
    "labour_force_moe": "labor_force_moe",
    "licence": "license",
}
PROGRAM_KEYS: Mapping[str, str] = {"health_enrolment": "health_enrollment"}
PROGRAM_KINDS: Mapping[str, str] = {"enrolment": "enrollment"}
COUNTED: Mapping[str, str] = {"enrolments": "enrollments"}


def with_names_of_now(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields by the names that they have now; where both stand, the one of now counts.

    Examples
    --------
    >>> with_names_of_now({"title": "Roads", "licence": "public domain"})
    {'title': 'Roads', 'license': 'public domain'}
    >>> with_names_of_now({"license": "ours", "licence": "theirs"})
    {'license': 'ours'}
    """
    return {FIELDS.get(name, name): value for name, value in fields.items() if FIELDS.get(name) not in fields}


def with_sources_of_now(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dataset's record, its sources' fields by the names that they have now.

    Examples
    --------
    >>> with_sources_of_now({"rows": 6, "sources": [{"key": "roads", "licence": "public domain"}]})
    {'rows': 6, 'sources': [{'key': 'roads', 'license': 'public domain'}]}
    """
    if "sources" not in record:
        return dict(record)
    return {**record, "sources": [with_names_of_now(item) for item in record["sources"]]}


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
