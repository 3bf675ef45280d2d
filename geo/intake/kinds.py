"""Whether the content of a file of shapes is what its name says, looked at before GDAL sees it.

No kind may point at another file or address: a link of a KML, the CRS of a GeoJSON, the views and virtual
tables of a GeoPackage, the definition of a document.
"""

from __future__ import annotations

import json
import re
import sqlite3
import struct
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from geo.errors import SchemaError
from geo.intake.unpacking import root_tag, walk_elements
from geo.language import gettext as _

GEOJSON_TYPES = {
    "FeatureCollection", "Feature", "GeometryCollection", "Point", "MultiPoint", "LineString",
    "MultiLineString", "Polygon", "MultiPolygon",
}  # fmt: skip
# What a service of ArcGIS answers with where GeoJSON was not asked for.
ESRI_MARKS = {"geometryType", "spatialReference", "displayFieldName"}
OLD_ENCODING = "cp1252"
TEXTS = (".geojson", ".kml")
SAID_ENCODING = re.compile(r"""^(\s*<\?xml\b[^>]*?)\s+encoding=(?:"[^"]*"|'[^']*')""")
NAMED_CRS = re.compile(r"(urn:ogc:def:crs:)?(EPSG|OGC|ESRI):[\w.]*:?[\w.]+", re.IGNORECASE)
# "GPKG" and the names that the first two versions had, at byte 68 of an SQLite file.
GPKG_MARKS = (b"GPKG", b"GP10", b"GP11")
SQLITE_MARK, SQLITE_HEAD = b"SQLite format 3\x00", 100
SHP_CODE, SHP_VERSION, SHP_HEAD = 9994, 1000, 100
SHP_TYPES = {0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28, 31}


class NotThatKindError(ValueError):
    """A file is not what its name says."""


def check_kind(path: Path, name: str) -> str:
    """Look whether a file is of the kind that its suffix names.

    A GeoJSON that is not UTF-8 is written anew in it.

    Parameters
    ----------
    path
        With the suffix ``.geojson``, ``.gpkg``, ``.kml`` or ``.shp``; the parts of a shapefile lie beside it.
    name
        What a fault calls it.

    Returns
    -------
    str
        The encoding that was guessed; empty where none was.

    Raises
    ------
    SchemaError
        It is another kind, is empty, or points at other files or addresses.
    """
    if not path.stat().st_size:
        raise SchemaError(
            _("{name} is empty").format(name=name), _("add the whole file; nothing was written")
        )
    try:
        guessed = _to_utf8(path) if path.suffix in TEXTS else ""
        CHECKS[path.suffix](path, name)
    except (
        NotThatKindError,
        DefusedXmlException,
        ParseError,
        RecursionError,
        sqlite3.Error,
        struct.error,
        ValueError,
    ) as error:
        if isinstance(error, SchemaError):
            raise
        raise not_shapes(name) from error
    return guessed


def not_shapes(name: str) -> SchemaError:
    """Say that a file is no file of shapes that can be read."""
    return SchemaError(
        _("{name} cannot be read as a file of shapes").format(name=name),
        _("add GeoJSON, GeoPackage, KML, or a shapefile in a zip; nothing was written"),
    )


def _refuse_links(name: str, what: str) -> SchemaError:
    return SchemaError(
        _("{name} points at other files or addresses ({what})").format(name=name, what=what),
        _("save the shapes themselves in one file; nothing was written"),
    )


def _to_utf8(path: Path) -> str:
    """Write a text anew in UTF-8, and say from which encoding where that was a guess."""
    content = path.read_bytes()
    with suppress(UnicodeDecodeError):
        content.decode("utf-8")
        return ""
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    text = content.decode("utf-16" if marked else OLD_ENCODING)
    path.write_bytes(SAID_ENCODING.sub(r"\1", text, count=1).encode())
    return "" if marked else OLD_ENCODING


def _check_geojson(path: Path, name: str) -> None:
    content = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once)
    if isinstance(content, dict) and ESRI_MARKS & set(content) and "type" not in content:
        raise SchemaError(
            _("{name} is Esri JSON, not GeoJSON").format(name=name),
            _("ask the service for f=geojson, or export it as GeoJSON; nothing was written"),
        )
    if not isinstance(content, dict) or content.get("type") not in GEOJSON_TYPES:
        raise NotThatKindError
    crs = content.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) and crs.get("type") == "name" else None
    named = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(named, str) or not NAMED_CRS.fullmatch(named):
        raise _refuse_links(name, "crs")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object in which the type and the CRS stand once: two readers would take different ones."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        if keys.count("type") > 1 or keys.count("crs") > 1:
            raise NotThatKindError
    return found


def _check_kml(path: Path, name: str) -> None:
    with path.open("rb") as stream:
        if _local(root_tag(stream)) != "kml":
            raise NotThatKindError
        for event, element in walk_elements(stream):
            if event == "end":
                element.clear()
            elif _local(element.tag) == "NetworkLink":
                raise _refuse_links(name, "NetworkLink")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _check_gpkg(path: Path, name: str) -> None:
    with path.open("rb") as stream:
        head = stream.read(SQLITE_HEAD)
    if not head.startswith(SQLITE_MARK) or head[68:72] not in GPKG_MARKS:
        raise NotThatKindError
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        rows = database.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
        for kind, item, sql in rows:
            if kind == "view" or (kind == "table" and not _is_plain(database, str(item), str(sql))):
                raise _refuse_links(name, str(item)[:40])


def _is_plain(database: sqlite3.Connection, table: str, sql: str) -> bool:
    """Whether a table holds what it gives: its module is the R-tree's, if any, and it computes no column."""
    virtual = re.match(r"\s*CREATE\s+VIRTUAL\s+TABLE\b", sql, re.IGNORECASE)
    if virtual:
        return re.search(r"\bUSING\s+rtree\b", sql, re.IGNORECASE) is not None
    hidden = database.execute("SELECT max(hidden) FROM pragma_table_xinfo(?)", (table,)).fetchone()[0]
    return not hidden


def _check_shapefile(path: Path, _name: str) -> None:
    for part in (path, path.with_suffix(".shx")):
        size = part.stat().st_size
        with part.open("rb") as stream:
            head = stream.read(SHP_HEAD)
        code, words = struct.unpack(">i20xi", head[:28])
        version, kind = struct.unpack("<ii", head[28:36])
        ours = (code, version) == (SHP_CODE, SHP_VERSION) and kind in SHP_TYPES
        if not ours or not SHP_HEAD <= 2 * words <= size:
            raise NotThatKindError
    table = path.with_suffix(".dbf")
    with table.open("rb") as stream:
        rows, _head_bytes, row_bytes = struct.unpack("<4xIHH", stream.read(12))
    if rows * row_bytes > table.stat().st_size:
        raise NotThatKindError


CHECKS: dict[str, Callable[[Path, str], None]] = {
    ".geojson": _check_geojson,
    ".gpkg": _check_gpkg,
    ".kml": _check_kml,
    ".shp": _check_shapefile,
}
