"""A file of shapes that somebody hands over: read whatever its kind, or refused with what to do."""

from __future__ import annotations

import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import STORED
from geo.errors import CRSError, SchemaError, first_ids
from geo.language import gettext as _

SUFFIXES = (".geojson", ".json", ".gpkg", ".kml", ".zip")
MOST_BYTES = 20_000_000
DEGREES = 360.0


def read_vectors(content: bytes, name: str) -> gpd.GeoDataFrame:
    """Read GeoJSON, GeoPackage, KML, or a shapefile in a zip, in EPSG:4326 without Z coordinates.

    A file of several layers is read whole; of a KML every folder.

    Raises
    ------
    SchemaError
        It is of another kind, cannot be read, has no shapes, or is larger than 20 MB.
    CRSError
        It says nothing of its CRS, or its coordinates cannot be those that it says.
    """
    suffix = Path(name).suffix.casefold()
    if suffix not in SUFFIXES:
        raise SchemaError(
            _("{name} is no file of shapes that can be read here").format(name=name),
            _("add GeoJSON, GeoPackage, KML, or a shapefile in a zip; nothing was written"),
        )
    if len(content) > MOST_BYTES:
        raise SchemaError(
            _("{name} is larger than 20 MB").format(name=name), _("simplify it; nothing was written")
        )
    if suffix == ".zip":
        _check_zip(content, name)
    frame = _read(content, name, suffix)
    if frame.empty:
        raise SchemaError(
            _("{name} has no shapes").format(name=name),
            _("see whether it is the right file; nothing was written"),
        )
    _check_crs(frame, name)
    stored = frame.to_crs(STORED)
    return stored.set_geometry(stored.geometry.force_2d()).reset_index(drop=True)


def _check_zip(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            inside = [item.filename for item in archive.infolist()]
            size = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise SchemaError(
            _("{name} is no zip, or only a part of one").format(name=name),
            _("download it again; nothing was written"),
        ) from error
    if size > 10 * MOST_BYTES:
        raise SchemaError(
            _("{name} unpacks to more than 200 MB").format(name=name), _("simplify it; nothing was written")
        )
    ends = {Path(item).suffix.casefold() for item in inside}
    if not ends & {".shp", ".geojson", ".json", ".gpkg", ".kml"}:
        raise SchemaError(
            _("{name} holds no shapes ({files})").format(name=name, files=first_ids(inside)),
            _("put the .shp, .shx, .dbf and .prj into the zip; nothing was written"),
        )
    lost = [end for end in (".shx", ".dbf") if ".shp" in ends and end not in ends]
    if lost:
        raise SchemaError(
            _("the shapefile in {name} lacks its {files}").format(name=name, files=", ".join(lost)),
            _("put the .shp, .shx, .dbf and .prj into the zip; nothing was written"),
        )


def _read(content: bytes, name: str, suffix: str) -> gpd.GeoDataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"shapes{suffix}"
        path.write_bytes(content)
        try:
            layers = [str(layer) for layer, kind in pyogrio.list_layers(path) if kind is not None]
            parts = [
                gpd.read_file(path, layer=layer, engine="pyogrio", on_invalid="ignore") for layer in layers
            ]
        except (DataSourceError, DataLayerError, ValueError) as error:
            raise SchemaError(
                _("{name} cannot be read as a file of shapes").format(name=name),
                _("add GeoJSON, GeoPackage, KML, or a shapefile in a zip; nothing was written"),
            ) from error
    frames = [part for part in parts if isinstance(part, gpd.GeoDataFrame) and len(part)]
    if not frames:
        return gpd.GeoDataFrame(geometry=[], crs=STORED)
    alike = [frame.to_crs(frames[0].crs) if frame.crs and frames[0].crs else frame for frame in frames]
    whole = gpd.GeoDataFrame(pd.concat(alike, ignore_index=True), geometry="geometry", crs=frames[0].crs)
    return whole[whole.geometry.notna() & ~whole.geometry.is_empty]


def _check_crs(frame: gpd.GeoDataFrame, name: str) -> None:
    if frame.crs is None:
        raise CRSError(
            _("{name} says nothing of its CRS (no .prj)").format(name=name),
            _("ask the publisher for the .prj and put it into the zip; nothing was written"),
        )
    most = abs(frame.total_bounds).max()
    if frame.crs.is_geographic and most > DEGREES:
        raise CRSError(
            _("{name} says that it is in degrees, but has coordinates up to {most}").format(
                name=name, most=f"{most:,.0f}"
            ),
            _("ask for its true CRS, and save it in EPSG:4326 (in QGIS: Export); nothing was written"),
        )
