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

SOURCES: Mapping[str, str] = {"acs_5year_2022": "acs_5year"}
"""Sources by the keys that they have now, and the ones under which their files may still lie."""


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
