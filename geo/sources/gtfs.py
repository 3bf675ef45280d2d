"""Tables of a timetable feed (GTFS), as text with the feed's own column names."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd

from geo.errors import SchemaError

REMEDY = "take the feed from the agency again and add it"


def read_feed(path: Path, table: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read one table of a feed, all as text; blanks are missing.

    Parameters
    ----------
    path
        The feed, a zip.
    table
        Name of the table, without ``.txt``.
    columns
        Columns wanted; those that the feed lacks come back missing, but for the first, the key.

    Raises
    ------
    SchemaError
        The feed lacks the table, or the table its key.
    """
    try:
        with zipfile.ZipFile(path) as feed, feed.open(f"{table}.txt") as stream:
            frame = pd.read_csv(stream, dtype="string", encoding="utf-8-sig", skipinitialspace=True)
    except (KeyError, zipfile.BadZipFile) as error:
        raise SchemaError(f"{path.name} has no {table}.txt ({error})", REMEDY) from error
    if columns[0] not in frame:
        raise SchemaError(f"{table}.txt of {path.name} has no column {columns[0]}", REMEDY)
    return frame.reindex(columns=list(columns)).astype("string")


def has_table(path: Path, table: str) -> bool:
    """Whether a feed has a table."""
    with zipfile.ZipFile(path) as feed:
        return f"{table}.txt" in feed.namelist()
