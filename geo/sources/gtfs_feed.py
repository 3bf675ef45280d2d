"""Whether a timetable feed (GTFS, a zip of text tables) has what the map needs."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

from geo.errors import SchemaError, first_ids
from geo.sources.archive import check_archive

REMEDY = "take the feed from the agency again; see https://gtfs.org/documentation/schedule/reference/"
COLUMNS = {
    "stops.txt": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    "routes.txt": ("route_id", "route_type"),
    "trips.txt": ("route_id", "service_id", "trip_id"),
    "stop_times.txt": ("trip_id", "stop_id", "stop_sequence"),
}
KEYS = {"stops.txt": "stop_id", "routes.txt": "route_id", "trips.txt": "trip_id"}


def check_feed(path: Path) -> None:
    """Check a feed's tables, their columns and their keys.

    Raises
    ------
    FetchError
        The archive is cut short or unsafe.
    SchemaError
        Tables or columns are missing, a table is empty, or keys are doubled; all are told at once.
    """
    names = check_archive(path)
    lacking = [table for table in COLUMNS if table not in names]
    if lacking:
        raise SchemaError(f"{path.name} lacks the tables {', '.join(lacking)}", REMEDY)
    with zipfile.ZipFile(path) as archive:
        faults = [fault for table in COLUMNS for fault in _faults_of(archive, table)]
    if faults:
        raise SchemaError(f"{path.name}: {'; '.join(faults)}", REMEDY)


def _faults_of(archive: zipfile.ZipFile, table: str) -> list[str]:
    if zeros := archive.read(table).count(0):
        return [f"{table} has {zeros:,} zero bytes in its text"]
    with archive.open(table) as stream:
        rows = csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""))
        head = [name.strip() for name in rows.fieldnames or ()]
        lacking = [name for name in COLUMNS[table] if name not in head]
        if lacking:
            return [f"{table} lacks the columns {', '.join(lacking)}"]
        rows.fieldnames = head
        key = KEYS.get(table, COLUMNS[table][0])
        values = [row[key] for row in rows]
    if not values:
        return [f"{table} has no rows"]
    doubled = [value for value, times in Counter(values).items() if times > 1]
    if doubled and table in KEYS:
        return [f"{table} has {len(doubled)} {key} more than once ({first_ids(doubled)})"]
    return []
