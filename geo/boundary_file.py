"""A boundary file that somebody adds: checked as any source, and kept as GeoJSON in EPSG:4326."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd
import shapely
from pyogrio.errors import DataSourceError

from geo.crs import STORED
from geo.errors import CRSError, GeometryError, SchemaError, first_ids
from geo.geometry import repair_shapes
from geo.language import gettext as _
from geo.region import Region
from geo.schema import AREAS

NAMES = ("name", "NAME", "Name", "NAMELSAD", "TRUSTEE", "DIVISION", "DISTRICT")
MOST_BYTES = 20_000_000
TOLERANCE_DEG = 0.0003


def read_boundary(content: bytes, name: str, region: Region) -> gpd.GeoDataFrame:
    """Read a boundary file: GeoJSON, GeoPackage, or a shapefile in a zip.

    Returns
    -------
    geopandas.GeoDataFrame
        ``name`` and valid areas in EPSG:4326, simplified by about 30 m; Z coordinates are dropped.

    Raises
    ------
    SchemaError
        It cannot be read, has no rows, or is larger than 20 MB.
    CRSError
        It says nothing of its CRS.
    GeometryError
        Something in it is no area, or all of it lies outside the region.
    """
    if len(content) > MOST_BYTES:
        raise SchemaError(
            _("{name} is larger than 20 MB").format(name=name), _("simplify it; nothing was written")
        )
    frame = _read(content, name)
    if frame.crs is None:
        raise CRSError(
            _("{name} says nothing of its CRS (no .prj)").format(name=name),
            _("ask the publisher for the .prj and put it into the zip; nothing was written"),
        )
    stored = frame.to_crs(STORED)
    shapes, _mended = repair_shapes(stored.geometry.force_2d())
    _check(shapes, name, region)
    column = next((item for item in NAMES if item in frame.columns), None)
    names = (
        frame[column].astype(str) if column else [f"{Path(name).stem} {row + 1}" for row in range(len(frame))]
    )
    simple = shapes.simplify(TOLERANCE_DEG)
    return gpd.GeoDataFrame({"name": list(names)}, geometry=simple.to_numpy(), crs=STORED)


def _read(content: bytes, name: str) -> gpd.GeoDataFrame:
    suffix = Path(name).suffix.casefold()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"boundary{suffix}"
        path.write_bytes(content)
        try:
            frame = gpd.read_file(path, engine="pyogrio", on_invalid="ignore")
        except (DataSourceError, ValueError) as error:
            raise SchemaError(
                _("{name} cannot be read as a boundary file").format(name=name),
                _("add GeoJSON, GeoPackage, or a shapefile in a zip; nothing was written"),
            ) from error
    if frame.empty or not isinstance(frame, gpd.GeoDataFrame):
        raise SchemaError(_("{name} has no shapes").format(name=name), _("nothing was written"))
    return frame


def _check(shapes: gpd.GeoSeries, name: str, region: Region) -> None:
    bare = [row + 1 for row, kind in enumerate(shapes.geom_type) if kind not in AREAS]
    if bare:
        raise GeometryError(
            _("{count} shapes of {name} are no areas ({rows})").format(
                count=len(bare), name=name, rows=first_ids(bare)
            ),
            _("add polygons; nothing was written"),
        )
    windows = shapely.union_all([shapely.box(*focus.bounds) for focus in region.focus])
    if not shapes.intersects(windows).any():
        raise GeometryError(
            _("{name} lies outside this region").format(name=name),
            _("see its CRS and the region; nothing was written"),
        )
