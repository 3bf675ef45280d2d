"""Shapes of one file, read by the one driver that its kind means; this runs in the confined reader alone."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio._ogr import _register_drivers
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import STORED
from geo.errors import CRSError, SchemaError
from geo.intake.kinds import check_kind, not_shapes
from geo.intake.limits import Limits
from geo.intake.unpacking import ARCHIVES, unpack
from geo.language import gettext as _

DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".kml": "LIBKML", ".shp": "ESRI Shapefile"}
ALL_DRIVERS = tuple(pyogrio.list_drivers())
DEGREES = 360.0
# Where the head of a .dbf has the mark of its encoding; what a .cpg may call UTF-8; what is guessed else.
LANGUAGE_BYTE = 29
UTF8 = {"UTF8", "65001"}
OLD = "cp1252"
MOST_NAMED, MOST_LETTERS = 20, 80


def use_one_driver(driver: str) -> None:
    """Leave GDAL one driver, whatever a file looks like.

    Raises
    ------
    RuntimeError
        GDAL has others still.
    """
    pyogrio.set_gdal_config_options({"GDAL_SKIP": ",".join(name for name in ALL_DRIVERS if name != driver)})
    _register_drivers()
    if set(pyogrio.list_drivers()) != {driver}:
        raise RuntimeError(f"GDAL has other drivers than {driver}")


@dataclass(frozen=True, slots=True)
class Part:
    """One layer of a file: its rows, which of them had an open outline that was closed, and its encoding.

    ``encoding`` is empty where nothing was guessed.
    """

    layer: str
    frame: gpd.GeoDataFrame
    closed: NDArray[np.bool_]
    encoding: str = ""


def read_shapes(limits: Limits, name: str, file: str, *, whole: bool) -> list[Part]:
    """Read a file of shapes, or a zip with one or several.

    Parameters
    ----------
    name
        What a fault calls it.
    file
        Its own name in the folder that this process is in; a shapefile's parts lie beside it.
    whole
        Read every layer that has shapes; else the first layer as it is.

    Raises
    ------
    SchemaError
        It is not what its name says, or cannot be read.
    """
    path = Path.cwd() / file
    paths = unpack(path, name, limits) if path.suffix in ARCHIVES else {path: ""}
    guessed = {item: check_kind(item, name) for item in paths}
    try:
        parts = [
            replace(part, layer=called) if called and item.suffix == ".shp" else part
            for item, called in paths.items()
            for part in _read_layers(item, guessed[item], whole=whole)
        ]
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise not_shapes(name) from error
    return parts if whole else parts[:1]


def _read_layers(path: Path, guessed: str, *, whole: bool) -> list[Part]:
    use_one_driver(DRIVERS[path.suffix])
    layers = [str(layer) for layer, kind in pyogrio.list_layers(path) if kind is not None]
    if not layers:
        return [Part("", gpd.GeoDataFrame(geometry=[], crs=STORED), np.zeros(0, dtype=bool))]
    encoding = find_encoding(path) if path.suffix == ".shp" else None
    guessed = OLD if encoding == OLD else guessed
    return [
        Part(layer, *_read_layer(path, layer, encoding), guessed)
        for layer in (layers if whole else layers[:1])
    ]


def _read_layer(path: Path, layer: str, encoding: str | None) -> tuple[gpd.GeoDataFrame, NDArray[np.bool_]]:
    """Read a layer, closing outlines that end elsewhere than they begin; what else is no shape is missing."""
    frame = _read(path, layer, encoding, "ignore")
    if frame is None:
        return gpd.GeoDataFrame(geometry=[], crs=STORED), np.zeros(0, dtype=bool)
    lost = frame.geometry.isna().to_numpy()
    mended = _read(path, layer, encoding, "fix") if lost.any() else None
    return (frame, lost & False) if mended is None else (mended, lost & mended.geometry.notna().to_numpy())


def _read(path: Path, layer: str, encoding: str | None, on_invalid: str) -> gpd.GeoDataFrame | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = gpd.read_file(path, layer=layer, engine="pyogrio", encoding=encoding, on_invalid=on_invalid)
    return frame if isinstance(frame, gpd.GeoDataFrame) else None


def find_encoding(path: Path) -> str | None:
    """Tell how the table of a shapefile is written: whatever its .cpg says, what reads as UTF-8 is UTF-8.

    None leaves it to what its .cpg, or a mark in its head, says.
    """
    content = path.with_suffix(".dbf").read_bytes()
    begins, mark = int.from_bytes(content[8:10], "little"), content[LANGUAGE_BYTE]
    try:
        content[begins:].decode("utf-8")
    except UnicodeDecodeError:
        said = path.with_suffix(".cpg")
        words = said.read_text(encoding="ascii", errors="replace").strip() if said.is_file() else ""
        return None if (words or mark) and words.upper().replace("-", "") not in UTF8 else OLD
    return "UTF-8"


def join_parts(parts: Sequence[Part], name: str) -> gpd.GeoDataFrame:
    """Join layers into one frame, in the CRS of the first.

    Raises
    ------
    CRSError
        One says what its CRS is, and another does not.
    """
    frames = [part.frame for part in parts if len(part.frame)]
    if not frames:
        return gpd.GeoDataFrame(geometry=[], crs=STORED)
    crs = frames[0].crs
    if crs is None or any(frame.crs is None for frame in frames):
        raise no_crs(name)
    alike = [frame.to_crs(crs) for frame in frames]
    return gpd.GeoDataFrame(pd.concat(alike, ignore_index=True), geometry="geometry", crs=crs)


def tell_parts(parts: Sequence[Part]) -> dict[str, Any]:
    """Say which layers were read, how many outlines were closed, and which encoding was guessed."""
    filled = [part for part in parts if len(part.frame)]
    return {
        "layers": [part.layer[:MOST_LETTERS] for part in filled][:MOST_NAMED],
        "closed": sum(int(part.closed.sum()) for part in filled),
        "encoding": next((part.encoding for part in filled if part.encoding), ""),
    }


def no_crs(name: str) -> CRSError:
    """Say that nothing is said of a file's CRS."""
    return CRSError(
        _("{name} says nothing of its CRS (no .prj)").format(name=name),
        _("ask the publisher for the .prj and put it into the zip; nothing was written"),
    )


def to_stored(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Bring shapes into EPSG:4326 without Z coordinates; an empty shape is missing.

    Raises
    ------
    SchemaError
        There are none.
    CRSError
        Nothing is said of their CRS, or their coordinates cannot be those that it says.
    """
    bare = np.asarray(shapely.is_missing(frame.geometry) | shapely.is_empty(frame.geometry))
    if bare.all():
        raise SchemaError(
            _("{name} has no shapes").format(name=name),
            _("see whether it is the right file; nothing was written"),
        )
    if frame.crs is None:
        raise no_crs(name)
    most = abs(frame.total_bounds).max()
    if frame.crs.is_geographic and most > DEGREES:
        raise CRSError(
            _("{name} says that it is in degrees, but has coordinates up to {most}").format(
                name=name, most=f"{most:,.0f}"
            ),
            _("ask for its true CRS, and save it in EPSG:4326 (in QGIS: Export); nothing was written"),
        )
    stored = frame.to_crs(STORED)
    return stored.set_geometry(stored.geometry.force_2d().mask(bare)).reset_index(drop=True)


def to_table(frame: gpd.GeoDataFrame) -> pa.Table:
    """Write shapes and what stands beside them as an Arrow table; ``geometry`` is WKB."""
    beside = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    for column in beside.select_dtypes("object"):
        beside[column] = beside[column].astype("string")
    table = pa.Table.from_pandas(beside, preserve_index=False)
    shapes = pa.chunked_array([pa.array(frame.geometry.to_wkb().to_numpy(), pa.large_binary())])
    return pa.Table.from_arrays([*table.columns, shapes], [*table.column_names, "geometry"])
