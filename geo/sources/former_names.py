"""Keys of catalogs, receipts and records as they were spelled before: still read, never written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Before, now.
FIELDS: Mapping[str, str] = {
    "labour_force": "labor_force",
    "labour_force_moe": "labor_force_moe",
    "licence": "license",
}

# Keys of sources, before and now.
SOURCES: Mapping[str, str] = {"transit_2018": "transit"}


def source_of_now(key: str) -> str:
    """Return the key that a source has now.

    Examples
    --------
    >>> source_of_now("transit_2018"), source_of_now("roads")
    ('transit', 'roads')
    """
    return SOURCES.get(key, key)


# Folders of raw files and entries of mirrors, and the source that they belong to now; whoever asks for
# ``acs_5year`` by name means its newest vintage.
FOLDERS: Mapping[str, str] = {**SOURCES, "acs_5year": "acs_5year_2022"}


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
    told = [with_names_of_now(item) for item in record["sources"]]
    named = [{**item, "key": source_of_now(item["key"])} if "key" in item else item for item in told]
    return {**record, "sources": named}
