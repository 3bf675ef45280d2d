"""Whether a file is what its source says it is."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from geo.errors import CRSError, FetchError, GeoError, SchemaError, first_ids
from geo.language import gettext as _
from geo.sources.archive import LIMIT_TABLES_BYTES, check_archive, open_text
from geo.sources.catalog import SEPARATORS, Format, Layout, Source, quoting_of
from geo.sources.census_key import key_needed, title_of_key_page
from geo.sources.raw import RawFile, RawStore, Receipt, now

if TYPE_CHECKING:
    import pandas as pd


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
    # Not on top: it loads pandas, which a fetch of what is here already does not need.
    from geo.sources.gtfs import find_member

    names = check_archive(path)
    members = {table: find_member(names, Path(table).stem) for table in COLUMNS}
    lacking = [table for table in COLUMNS if members[table] not in names]
    if lacking:
        raise SchemaError(f"{path.name} lacks the tables {', '.join(lacking)}", REMEDY)
    with zipfile.ZipFile(path) as archive:
        faults = [fault for table in COLUMNS for fault in _faults_of(archive, table, members[table])]
    if faults:
        raise SchemaError(f"{path.name}: {'; '.join(faults)}", REMEDY)


def _faults_of(archive: zipfile.ZipFile, table: str, member: str) -> list[str]:
    if zeros := archive.read(member).count(0):
        return [f"{table} has {zeros:,} zero bytes in its text"]
    with archive.open(member) as stream:
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


WHOLE = "fetch or add the whole file"
# So many rows tell whether a table of an archive, which may have millions, has its columns.
FIRST_ROWS = 100_000
HEAD_BYTES = 2048
PAGE_MARKS = (b"<!doctype html", b"<html", b"<head", b"<body")
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf")


def check_file(file: RawFile, source: Source, fidelity: str = "original") -> None:
    """Check a file that was just brought.

    Parameters
    ----------
    file
        The file, and the county (a five-digit GEOID) that it is of, if any.
    source
        Its declaration: the columns and keys that it must have.
    fidelity
        ``original``, ``relaid`` or ``stand-in``; the last is laid out in its own way.

    Raises
    ------
    FetchError
        It is a web page, a service's error, empty, cut short, or an unsafe archive.
    KeyNeededError
        It is the Census Bureau's page on keys.
    SchemaError
        Columns are missing, keys are blank or doubled, it has no rows, or rows of another county.
    CRSError
        It says nothing of its CRS, or has coordinates that are no degrees.
    """
    layout = source.layout_for(fidelity)
    _check_is_data(file.path)
    try:
        _check_shape(file.path, layout)
        if layout.format != "gtfs":
            _check_contents(file, source, fidelity)
    except GeoError:
        raise
    except Exception as error:  # the readers' own errors, of many kinds: one message for all
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FetchError(f"{file.path.name} of {source.key!r} cannot be read ({words})", WHOLE) from error


def _check_is_data(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        raise FetchError(f"{path.name} is empty", WHOLE)
    if head.startswith(PAGE_MARKS) or (head.startswith(b"<?xml") and b"<html" in head):
        if fault := title_of_key_page(head.decode("utf-8", "replace")):
            raise key_needed(fault)
        raise FetchError(
            f"{path.name} is a web page, not data (its address may have moved, or ask for a key)",
            "open the address in a browser, download the file and add it",
        )


def _check_shape(path: Path, layout: Layout) -> None:
    if layout.member:
        check_archive(path, LIMIT_TABLES_BYTES)
    if layout.format in SEPARATORS:
        check_text(path, SEPARATORS[layout.format], layout.member, layout.encoding)
    else:
        _SHAPE_CHECKS[layout.format](path)


def check_text(path: Path, delimiter: str, member: str = "", encoding: str = "utf-8") -> None:
    """Check that a table in text is in its encoding, and has as many fields in each row as in its head.

    Row by row, as a table may be larger than the memory. A row that ends with separators and nothing between
    them is not longer for that.

    Raises
    ------
    FetchError
        It is not UTF-8, has zero bytes (a broken disk or copy leaves them), or the archive has no ``member``.
    SchemaError
        Rows are longer or shorter than the head; a row cut short is often the last.
    """
    zeros = 0

    def whole(lines: TextIO) -> Iterator[str]:
        nonlocal zeros
        for line in lines:
            zeros += line.count("\0")
            yield line.replace("\0", "")

    try:
        with open_text(path, member, encoding) as stream:
            rows = csv.reader(whole(stream), delimiter=delimiter, quoting=quoting_of(delimiter))
            width = len(next(rows, []))
            odd = [number for number, row in enumerate(rows, start=2) if row and _is_odd(row, width)]
    except UnicodeDecodeError as error:
        raise FetchError(
            f"{path.name} is not UTF-8 text (byte {error.start:,})", "save it as UTF-8"
        ) from error
    if zeros:
        raise FetchError(f"{path.name} has {zeros:,} zero bytes in its text", WHOLE)
    if odd:
        raise SchemaError(
            f"{path.name} has {len(odd)} rows with more or fewer than {width} fields (rows {first_ids(odd)})",
            "the file may have been cut short: " + WHOLE,
        )


def _is_odd(row: Sequence[str], width: int) -> bool:
    return len(row) < width or any(row[width:])


def read_json(path: Path) -> Any:
    """Read a JSON file, and refuse a service's error that came in place of data.

    Raises
    ------
    FetchError
        It is cut short or no JSON, or it is an error.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise FetchError(f"{path.name} is no JSON, or was cut short ({error})", WHOLE) from error
    refuse_service_error(content, path.name)
    return content


def refuse_service_error(content: object, name: str) -> None:
    """Raise where a service answered with an error in place of data, as ArcGIS does with status 200.

    Raises
    ------
    FetchError
        It did.

    Examples
    --------
    >>> refuse_service_error({"error": {"code": 400, "message": "Invalid URL"}}, "query.geojson")
    Traceback (most recent call last):
    geo.errors.FetchError: query.geojson is an error of the service (400 Invalid URL): try again later
    """
    error = content.get("error") if isinstance(content, dict) else None
    if error is None:
        return
    parts = (error.get("code", ""), error.get("message", "")) if isinstance(error, dict) else (error,)
    words = " ".join(str(part) for part in parts if part)
    raise FetchError(f"{name} is an error of the service ({words})", "try again later")


def _check_rows(path: Path) -> None:
    rows = read_json(path)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise SchemaError(f"{path.name} is not a head and rows, as the Census Bureau gives them", WHOLE)
    odd = [number for number, row in enumerate(rows, start=1) if len(row) != len(rows[0])]
    if odd:
        raise SchemaError(f"{path.name} has {len(odd)} rows of another length (rows {first_ids(odd)})", WHOLE)


def _check_features(path: Path) -> None:
    layer = read_json(path)
    if not isinstance(layer, dict) or layer.get("type") != "FeatureCollection":
        raise SchemaError(f"{path.name} is no GeoJSON feature collection", WHOLE)
    if not layer.get("features"):
        raise SchemaError(f"the layer {path.name} is empty", "fetch or add it again")
    if is_one_page(layer):
        raise FetchError(
            f"{path.name} is one page of a longer answer ({len(layer['features']):,} rows)",
            "fetch the source, which takes every page",
        )


def is_one_page(layer: dict[str, Any]) -> bool:
    """Whether an ArcGIS service says that there is more than it gave.

    Examples
    --------
    >>> is_one_page({"properties": {"exceededTransferLimit": True}})
    True
    """
    properties = layer.get("properties") or {}
    return bool(layer.get("exceededTransferLimit") or properties.get("exceededTransferLimit"))


def _check_shapefile(path: Path) -> None:
    names = check_archive(path)
    names = tuple(name for name in names if "__MACOSX" not in name and not Path(name).name.startswith("._"))
    shapes = [name for name in names if name.lower().endswith(".shp")]
    if len(shapes) != 1:
        raise SchemaError(f"{path.name} has {len(shapes)} shapefiles in it, not one", WHOLE)
    stem = shapes[0][:-4]
    lower = {name.lower() for name in names}
    lacking = [part for part in SHAPEFILE_PARTS if (stem + part).lower() not in lower]
    if lacking:
        raise SchemaError(f"{path.name} lacks the parts {', '.join(lacking)} of its shapefile", WHOLE)


def _check_archive(path: Path) -> None:
    check_archive(path)


def _check_nothing(path: Path) -> None:
    """Leave it to the reading, which tells whether a Parquet file is whole."""


_SHAPE_CHECKS: dict[Format, Callable[[Path], None]] = {
    "census_api": _check_rows,
    "geojson": _check_features,
    "shapefile": _check_shapefile,
    "xlsx": _check_archive,
    "parquet": _check_nothing,
    "gtfs": check_feed,
}


class _Incoming(RawStore):
    """A store of one file that is not committed, so that it can be read as a pipeline would."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("incoming", receipt.files[0].path.parent)
        self._receipt = receipt

    def receipt(self, source: str) -> Receipt | None:
        return self._receipt


def _check_contents(file: RawFile, source: Source, fidelity: str) -> None:
    from geo.sources.reading import read_shapes, read_table

    receipt = Receipt(
        source.key, source.title, source.publisher, source.vintage, source.license, fidelity, now(), (file,)
    )
    store = _Incoming(receipt)
    frame: pd.DataFrame
    if source.layout_for(fidelity).format in ("shapefile", "geojson"):
        shapes = read_shapes(source, store)
        _check_degrees(file.path, source, shapes.total_bounds.tolist())
        frame = shapes
    else:
        most = None if source.key_columns or not source.layout.member else FIRST_ROWS
        frame = read_table(source, store, most=most)
    if frame.empty:
        raise SchemaError(f"{file.path.name} of {source.key!r} has no rows", WHOLE)
    if file.county and "geoid" in frame:
        _check_county(file, source, frame["geoid"])


def _check_degrees(path: Path, source: Source, bounds: Sequence[float]) -> None:
    west, south, east, north = (float(bound) for bound in bounds)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise CRSError(
            f"{path.name} of {source.key!r} has coordinates that are no degrees ({west:.6g} to {east:.6g}, "
            f"{south:.6g} to {north:.6g})",
            "ask the publisher for its CRS, and add it in EPSG:4326 or with the right .prj",
        )


def _check_county(file: RawFile, source: Source, geoids: pd.Series[str]) -> None:
    others = geoids[~geoids.str.startswith(file.county)]
    if len(others):
        raise SchemaError(
            f"{file.path.name} of {source.key!r} has {len(others)} rows outside of county {file.county}: "
            f"{first_ids(others)}",
            "name the county that the file is of",
        )


STOPS = "stops"
"""The table whose rows count for a timetable feed."""


def count_rows(path: Path, layout: Layout) -> int:
    """Count a file's rows, or features, as they are laid out; the head is none."""
    from geo.intake.vectors import read_layer
    from geo.sources.gtfs import read_feed
    from geo.sources.reading import read_rows

    if layout.format == "gtfs":
        return len(read_feed(path, STOPS, ("stop_id",)))
    if layout.format in ("shapefile", "geojson"):
        return len(read_layer(path))
    return len(read_rows(path, layout))


def require_rows(path: Path, layout: Layout, stated: int | None) -> None:
    r"""Raise unless a file has as many rows as were stated; None where nobody said.

    Raises
    ------
    FetchError
        It has more or fewer.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "parks.csv"
    >>> _length = path.write_text("id\n1\n2\n")
    >>> require_rows(path, Layout("csv"), 2)
    >>> require_rows(path, Layout("csv"), 3)
    Traceback (most recent call last):
    geo.errors.FetchError: parks.csv has 2 rows, its mirror says 3: copy the mirror again from where it came
    """
    if stated is None:
        return
    found = count_rows(path, layout)
    if found != stated:
        raise FetchError(
            _("{file} has {found} rows, its mirror says {stated}").format(
                file=path.name, found=f"{found:,}", stated=f"{stated:,}"
            ),
            _("copy the mirror again from where it came"),
        )
