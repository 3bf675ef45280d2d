"""A file of shapes that somebody hands over: read whatever its kind, or refused with what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyproj
import shapely
from pyproj.exceptions import CRSError as UnknownCRSError

from geo.crs import STORED
from geo.errors import SchemaError
from geo.intake.limits import PUBLISHER
from geo.intake.reader import READER, Answer, Order, damaged
from geo.language import gettext as _

SUFFIXES = (".geojson", ".json", ".gpkg", ".kml", ".kmz", ".zip")
BESIDE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# What files of shapes begin with.
MARKS = {b"PK\x03\x04": ".zip", b"SQLite format 3": ".gpkg", b"<": ".kml", b"{": ".geojson"}
HEAD_BYTES = 512
# A grid of shifts is a file, and a CRS that names one makes PROJ open it.
FILES_IN_CRS = re.compile(r"grids|\+init|PROJ4|PARAMETERFILE", re.IGNORECASE)
PLAIN = (
    pa.types.is_null,
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_temporal,
)


@dataclass(frozen=True)
class Shapes:
    """What a file of shapes holds, and what a person should know of how it was read.

    Attributes
    ----------
    frame
        Shapes of all layers in EPSG:4326, a row each; a row without a shape has none.
    layers
        Names of the layers that hold rows, the first twenty.
    closed
        How many outlines ended elsewhere than they began, and were closed.
    encoding
        The encoding that was guessed for its texts; empty where it is known.
    """

    frame: gpd.GeoDataFrame
    layers: tuple[str, ...] = ()
    closed: int = 0
    encoding: str = ""


def read_vectors(content: bytes, name: str) -> Shapes:
    """Read GeoJSON, GeoPackage, KML, KMZ, or a shapefile in a zip, in EPSG:4326 without Z coordinates.

    A file of several layers is read whole; of a KML every folder.

    Raises
    ------
    SchemaError
        It is of another kind, cannot be read, has no shapes, points at other files, or is larger than 20 MB.
    CRSError
        It says nothing of its CRS, or its coordinates cannot be those that it says.
    """
    suffix = Path(name).suffix.casefold()
    if suffix in BESIDE:
        raise SchemaError(
            _("{name} is one part of a shapefile").format(name=name),
            _("put the .shp, .shx, .dbf and .prj into a zip and add that; nothing was written"),
        )
    if suffix not in SUFFIXES:
        raise SchemaError(
            _("{name} is no file of shapes that can be read here").format(name=name),
            _("add GeoJSON, GeoPackage, KML, or a shapefile in a zip; nothing was written"),
        )
    file = _own_name(_look(content) or suffix)
    arguments = {"name": name, "file": file, "stored": True}
    answer = READER.read(Order("vectors", name, {file: content}, arguments))
    frame = _frame(answer, name)
    try:
        layers = tuple(map(str, answer.said["layers"]))
        return Shapes(frame, layers, int(answer.said["closed"]), str(answer.said["encoding"]))
    except (KeyError, TypeError, ValueError) as error:
        raise SchemaError(damaged(name), _("nothing was written")) from error


def read_layer(path: Path) -> gpd.GeoDataFrame:
    """Read the first layer of a file of this machine as it is, in its own CRS.

    Z coordinates stay, and rows without a shape. It may be what :func:`read_vectors` takes, or a shapefile
    with its parts beside it, as large as what a publisher has of a whole state.

    Raises
    ------
    SchemaError
        There is no such file, or as :func:`read_vectors`.
    """
    return _frame(READER.read(_order("vectors", path, {"stored": False})), path.name)


def count_heights(path: Path) -> int:
    """Count the shapes of a file's first layer that have Z coordinates.

    Raises
    ------
    SchemaError
        As :func:`read_layer`.
    """
    return int(READER.read(_order("heights", path, {})).said["heights"])


def _order(task: str, path: Path, arguments: Mapping[str, object]) -> Order:
    suffix = path.suffix.casefold()
    if suffix not in (*SUFFIXES, ".shp"):
        raise SchemaError(
            _("{name} is no file of shapes that can be read here").format(name=path.name),
            _("give GeoJSON, GeoPackage, KML, or a shapefile, in a zip or with its parts beside it"),
        )
    if not path.is_file():
        raise SchemaError(_("there is no file {path}").format(path=path), _("check the path"))
    own = _own_name(suffix)
    files = _parts(path) if suffix == ".shp" else {own: path}
    return Order(task, path.name, files, {"name": path.name, "file": own, **arguments}, PUBLISHER)


def _parts(path: Path) -> dict[str, bytes | Path]:
    """Find the parts of a shapefile, however their suffixes are written, under names of ours."""
    beside = {item.suffix.casefold(): item for item in path.parent.iterdir() if item.stem == path.stem}
    lost = [end for end in (".shx", ".dbf") if end not in beside]
    if lost:
        raise SchemaError(
            _("the shapefile {name} lacks its {files}").format(name=path.name, files=", ".join(lost)),
            _("put the .shp, .shx, .dbf and .prj into one folder"),
        )
    return {_own_name(end): path if end == ".shp" else beside[end] for end in BESIDE if end in beside}


def _look(content: bytes) -> str:
    """Tell a file's kind by its first bytes, for many are misnamed; empty where they tell nothing."""
    head = content[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return next((suffix for mark, suffix in MARKS.items() if head.startswith(mark)), "")


def _own_name(suffix: str) -> str:
    return f"shapes{'.geojson' if suffix == '.json' else suffix}"


def _frame(answer: Answer, name: str) -> gpd.GeoDataFrame:
    """Make a frame of what a reader made, once it is seen to be plain columns and shapes."""
    try:
        with pa.ipc.open_file(pa.BufferReader(answer.made)) as made:
            table = made.read_all().replace_schema_metadata(None)
        table.validate(full=True)
        if not all(_is_plain(field.type) for field in table.schema):
            raise TypeError("a column of another kind")
        shapes = shapely.from_wkb(table.column(table.num_columns - 1).to_numpy(zero_copy_only=False))
        frame = table.remove_column(table.num_columns - 1).to_pandas(use_threads=False)
        frame = frame if len(frame.columns) else pd.DataFrame(index=pd.RangeIndex(len(shapes)))
        return gpd.GeoDataFrame(frame, geometry=shapes, crs=_crs(str(answer.said.get("crs", ""))))
    except (pa.ArrowException, shapely.errors.ShapelyError, UnknownCRSError, TypeError, ValueError) as error:
        raise SchemaError(
            damaged(name),
            _("simplify it, or save it with less in it; nothing was written"),
        ) from error


def _is_plain(kind: pa.DataType) -> bool:
    return any(test(kind) for test in PLAIN)


def _crs(text: str) -> pyproj.CRS | None:
    if not text:
        return None
    if FILES_IN_CRS.search(text):
        raise ValueError("a CRS that names a file")
    return pyproj.CRS.from_user_input(STORED if text == STORED else text)
