"""What a confined reader can be asked to do; what is made is written into its folder as ``made``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyproj
import shapely

from geo.crs import STORED
from geo.intake.cells import read_grids_of, read_table_of
from geo.intake.limits import Limits
from geo.intake.shapes import read_shapes, to_stored, to_table

MADE = "made"


def read_vectors(limits: Limits, name: str, file: str, *, stored: bool) -> dict[str, Any]:
    """Read shapes: all, in EPSG:4326 and without Z coordinates, or the first layer as it is."""
    frame = read_shapes(limits, name, file, whole=stored)
    table = to_table(to_stored(frame, name) if stored else frame)
    with pa.OSFile(MADE, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return {"crs": _name_crs(frame.crs) if not stored else STORED}


def count_heights(limits: Limits, name: str, file: str) -> dict[str, Any]:
    """Count the shapes of a file's first layer that have Z coordinates."""
    frame = read_shapes(limits, name, file, whole=False)
    return {"heights": int(shapely.has_z(frame.geometry.to_numpy()).sum())}


def read_table(limits: Limits, name: str, file: str) -> dict[str, Any]:
    """Read a sheet whose first row holds the headings."""
    return _make(read_table_of(Path(file), name, limits))


def read_grids(limits: Limits, name: str, file: str) -> dict[str, Any]:
    """Read every sheet as it is."""
    return _make(read_grids_of(Path(file), name, limits))


def _make(content: object) -> dict[str, Any]:
    Path(MADE).write_text(json.dumps(content), encoding="utf-8")
    return {}


def _name_crs(crs: pyproj.CRS | None) -> str:
    """Name a CRS by its authority's code, or describe it as WKT; empty where nothing is said."""
    if crs is None:
        return ""
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority else crs.to_wkt()


TASKS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "vectors": read_vectors,
    "heights": count_heights,
    "table": read_table,
    "grids": read_grids,
}


def warm_up() -> None:
    """Do once what every reader would else do first: open the database of CRSs."""
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:3310")
    to_table(frame.to_crs(STORED))
