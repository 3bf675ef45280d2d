"""A programme's fields out of what somebody filled in: texts, days, and tables of measures and milestones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from geo.units import is_missing

AREA_DATASETS = ("school_districts", "districts", "places", "tribal_areas", "counties")


def to_key(title: str) -> str:
    """Make a key of a title.

    Examples
    --------
    >>> to_key("Salud: inscripción 2027"), to_key("2027")
    ('salud_inscripcion_2027', 'p_2027')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return key if key[:1].isalpha() else f"p_{key}"


def fields_of(
    words: Mapping[str, str],
    begins: date,
    ends: date | None,
    area: tuple[str, str],
    measures: pd.DataFrame,
    milestones: pd.DataFrame,
) -> dict[str, Any]:
    """Gather a programme's fields; checking is :func:`geo.programme.declared.to_programme`'s.

    Parameters
    ----------
    words
        ``title``, ``purpose``, ``audience``, ``partners`` (with commas between).
    area
        Dataset and name of a row; empty for the region's windows.
    measures, milestones
        A row each; cells that are missing are left out, rows that are empty too.
    """
    dataset, name = area
    place = {"dataset": dataset, "values": [name]} if dataset else {"focus": True}
    return {
        "key": to_key(words["title"]),
        "title": words["title"],
        "purpose": words["purpose"],
        "audience": words["audience"],
        "partners": [part.strip() for part in words["partners"].split(",") if part.strip()],
        "begins": begins,
        "ends": ends,
        "areas": [place],
        "measures": [{"key": to_key(str(row.get("title", ""))), **row} for row in _rows(measures)],
        "milestones": [_with_day(row) for row in _rows(milestones)],
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = [
        {str(name): value for name, value in row.items() if not is_missing(value)}
        for row in frame.to_dict("records")
    ]
    return [row for row in rows if row]


def _with_day(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "due": pd.Timestamp(row["due"]).date()} if "due" in row else row
