"""Shapes of one file, read by the one driver that its kind means; this runs in the confined reader alone."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
from pyogrio._ogr import _register_drivers
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import STORED
from geo.errors import CRSError, SchemaError
from geo.intake.kinds import check_kind
from geo.intake.limits import Limits
from geo.intake.unpacking import unpack
from geo.language import gettext as _

DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".kml": "LIBKML", ".shp": "ESRI Shapefile"}
ALL_DRIVERS = tuple(pyogrio.list_drivers())
DEGREES = 360.0


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


def read_shapes(limits: Limits, name: str, file: str, *, whole: bool) -> gpd.GeoDataFrame:
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
    paths = unpack(path, name, limits) if path.suffix == ".zip" else [path]
    for item in paths:
        check_kind(item, name)
    try:
        parts = [part for item in paths for part in _read_layers(item, whole=whole)]
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise SchemaError(
            _("{name} cannot be read as a file of shapes").format(name=name),
            _("add GeoJSON, GeoPackage, KML, or a shapefile in a zip; nothing was written"),
        ) from error
    return _join(parts) if whole else parts[0]


def _read_layers(path: Path, *, whole: bool) -> list[gpd.GeoDataFrame]:
    use_one_driver(DRIVERS[path.suffix])
    layers = [str(layer) for layer, kind in pyogrio.list_layers(path) if kind is not None]
    if not layers:
        return [gpd.GeoDataFrame(geometry=[], crs=STORED)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frames = [
            gpd.read_file(path, layer=layer, engine="pyogrio", on_invalid="ignore")
            for layer in (layers if whole else layers[:1])
        ]
    return [frame for frame in frames if isinstance(frame, gpd.GeoDataFrame)]


def _join(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    frames = [part for part in parts if len(part)]
    if not frames:
        return gpd.GeoDataFrame(geometry=[], crs=STORED)
    alike = [frame.to_crs(frames[0].crs) if frame.crs and frames[0].crs else frame for frame in frames]
    whole = gpd.GeoDataFrame(pd.concat(alike, ignore_index=True), geometry="geometry", crs=frames[0].crs)
    return whole[whole.geometry.notna() & ~whole.geometry.is_empty]


def to_stored(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Bring shapes into EPSG:4326 without Z coordinates.

    Raises
    ------
    SchemaError
        There are none.
    CRSError
        Nothing is said of their CRS, or their coordinates cannot be those that it says.
    """
    if frame.empty:
        raise SchemaError(
            _("{name} has no shapes").format(name=name),
            _("see whether it is the right file; nothing was written"),
        )
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
    stored = frame.to_crs(STORED)
    return stored.set_geometry(stored.geometry.force_2d()).reset_index(drop=True)


def to_table(frame: gpd.GeoDataFrame) -> pa.Table:
    """Write shapes and what stands beside them as an Arrow table; ``geometry`` is WKB."""
    beside = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    for column in beside.select_dtypes("object"):
        beside[column] = beside[column].astype("string")
    table = pa.Table.from_pandas(beside, preserve_index=False)
    shapes = pa.chunked_array([pa.array(frame.geometry.to_wkb().to_numpy(), pa.large_binary())])
    return pa.Table.from_arrays([*table.columns, shapes], [*table.column_names, "geometry"])
