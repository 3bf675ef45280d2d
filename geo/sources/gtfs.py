"""Tables of a timetable feed (GTFS), as text with the feed's own column names."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pandas as pd

from geo.errors import SchemaError, first_ids

# Of a day in calendar_dates: service was added.
ADDED = "1"
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
        with zipfile.ZipFile(path) as feed, feed.open(find_member(feed.namelist(), table)) as stream:
            frame = pd.read_csv(stream, dtype="string", encoding="utf-8-sig", skipinitialspace=True)
    except (KeyError, zipfile.BadZipFile) as error:
        raise SchemaError(f"{path.name} has no {table}.txt ({error})", REMEDY) from error
    frame = frame.rename(columns=lambda name: str(name).strip())
    if columns[0] not in frame:
        raise SchemaError(f"{table}.txt of {path.name} has no column {columns[0]}", REMEDY)
    found = frame.reindex(columns=list(columns)).astype("string")
    return found.assign(**{name: _stripped(found[name]) for name in columns})


def _stripped(texts: pd.Series[str]) -> pd.Series[str]:
    bare = texts.str.strip()
    return bare.mask(bare == "")


def find_member(names: Iterable[str], table: str) -> str:
    """Name the member of a feed that is a table: at its root, or in the folder that was packed.

    Examples
    --------
    >>> find_member(["__MACOSX/feed/._stops.txt", "feed/stops.txt"], "stops")
    'feed/stops.txt'
    """
    wanted = f"{table}.txt"
    found = [name for name in names if PurePosixPath(name).name == wanted and "__MACOSX" not in name]
    return min(found, key=len, default=wanted)


def has_table(path: Path, table: str) -> bool:
    """Whether a feed has a table."""
    with zipfile.ZipFile(path) as feed:
        return find_member(feed.namelist(), table) in feed.namelist()


def last_day(path: Path) -> str:
    """Return the last day of a feed's service as YYYYMMDD, by its calendar and its days; else empty."""
    ends: list[str] = []
    if has_table(path, "calendar"):
        ends += read_feed(path, "calendar", ("service_id", "end_date"))["end_date"].dropna().tolist()
    if has_table(path, "calendar_dates"):
        days = read_feed(path, "calendar_dates", ("service_id", "date", "exception_type"))
        ends += days.loc[days["exception_type"].fillna(ADDED) == ADDED, "date"].dropna().tolist()
    return max(ends, default="")


def departures(path: Path) -> pd.Series[int]:
    """Count how often each trip departs that runs by headway, by ``trip_id``; others are not in it.

    A trip of ``frequencies`` leaves every ``headway_secs`` seconds from its start until before its end.

    Raises
    ------
    SchemaError
        A time or a headway cannot be read; names the trips.
    """
    if not has_table(path, "frequencies"):
        return pd.Series(dtype="int64")
    names = ("trip_id", "start_time", "end_time", "headway_secs")
    rows = read_feed(path, "frequencies", names)
    begins, ends = (_seconds(rows[name]) for name in names[1:3])
    headway = pd.to_numeric(rows["headway_secs"], errors="coerce")
    wrong = begins.isna() | ends.isna() | headway.isna() | ~(headway > 0)
    if wrong.any():
        trips = first_ids(rows.loc[wrong, "trip_id"].fillna(""))
        raise SchemaError(f"frequencies.txt of {path.name} has no time or headway for {trips}", REMEDY)
    counts: pd.Series[int] = (-((begins - ends) // headway)).clip(lower=0).astype("int64")
    summed: pd.Series[int] = counts.groupby(rows["trip_id"]).sum()
    return summed


def _seconds(times: pd.Series[str]) -> pd.Series[float]:
    """Read times of a day, which may go on beyond 24:00:00, as seconds."""
    parts = times.str.extract(r"^(\d{1,2}):(\d{2}):(\d{2})$").astype("Float64")
    return parts[0] * 3600 + parts[1] * 60 + parts[2]
