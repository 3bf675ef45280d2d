"""Shapes for the browser: simplified once, at build time, in a file named after its content.

A page sends values and colors by identifier; the shapes come from a static file that the browser
keeps. A coverage is simplified as one, so that neighbors keep their common edge.
"""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import shapely

from geo.crs import STORED, require_crs
from geo.datasets.declared import Shapes
from geo.datasets.record import is_whole_shapes, shapes_name

# A file time long past lets a browser keep the file without asking again.
LONG_PAST = 946_684_800
DECIMALS = 5


def write_shapes(frame: gpd.GeoDataFrame, how: Shapes, length_crs: str, folder: Path) -> str:
    """Write a frame's shapes as GeoJSON with nothing but their identifier.

    Parameters
    ----------
    frame
        Shapes in EPSG:4326; those that are missing or empty are left out.
    how
        Identifier, tolerance in meters, and whether the shapes are a coverage.
    length_crs
        A projected CRS in meters, for the tolerance.
    folder
        Where the file goes.

    Returns
    -------
    str
        The file's name, made from its content.

    Raises
    ------
    CRSError
        The frame is not in EPSG:4326.
    """
    require_crs(frame)
    shown = frame.loc[frame.geometry.notna() & ~frame.geometry.is_empty, [how.identifier, "geometry"]]
    text = to_geojson(shown, how, length_crs)
    name = shapes_name(text.encode())
    path = folder / name
    if not is_whole_shapes(path):
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{name}-{os.getpid()}.tmp"
        temporary.write_text(text, encoding="utf-8")
        os.utime(temporary, (LONG_PAST, LONG_PAST))
        temporary.replace(path)
    return name


def to_geojson(frame: gpd.GeoDataFrame, how: Shapes, length_crs: str) -> str:
    """Simplify a frame's shapes and write them as a GeoJSON text, ``id`` being the identifier."""
    simple = simplify(frame.geometry, how, length_crs)
    reduced = shapely.set_precision(simple.to_numpy(), 10.0**-DECIMALS, mode="pointwise")
    shapes = gpd.GeoDataFrame(
        {"id": frame[how.identifier].astype(str).to_numpy()}, geometry=reduced, crs=STORED
    )
    return str(shapes.set_index("id").to_json(drop_id=False, separators=(",", ":")))


def simplify(shapes: gpd.GeoSeries, how: Shapes, length_crs: str) -> gpd.GeoSeries:
    """Simplify shapes by ``how.tolerance_m`` meters; given and returned in EPSG:4326.

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> points = gpd.GeoSeries([Point(-116, 33)], crs="EPSG:4326")
    >>> simplify(points, Shapes("id"), "EPSG:26911").geom_type.item()
    'Point'
    """
    if shapes.empty or (shapes.geom_type == "Point").all():
        return shapes
    metric = shapes.to_crs(length_crs)
    if how.coverage:
        simple = shapely.coverage_simplify(metric.to_numpy(), how.tolerance_m)
    else:
        simple = metric.simplify(how.tolerance_m).to_numpy()
    return gpd.GeoSeries(simple, index=shapes.index, crs=length_crs).to_crs(STORED)
