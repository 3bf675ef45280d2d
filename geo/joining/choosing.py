"""Systems inside an area that somebody drew, and the box around systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
from shapely.geometry import box, shape

from geo.crs import require_crs
from geo.region import Bounds


def inside_drawing(systems: gpd.GeoDataFrame, drawing: Mapping[str, Any]) -> list[str]:
    """List the systems whose place lies inside a drawn area; a drawing that is no area holds none.

    Parameters
    ----------
    systems
        ``pwsid`` and geometry, in EPSG:4326.
    drawing
        GeoJSON geometry, in degrees.

    Examples
    --------
    >>> from shapely.geometry import Point, box, mapping
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[Point(0, 0), Point(5, 5)], crs=4326)
    >>> inside_drawing(parks, mapping(box(-1, -1, 1, 1)))
    ['a']
    """
    require_crs(systems)
    area = shape(dict(drawing))
    if not area.geom_type.endswith("Polygon"):
        return []
    placed = systems[systems.geometry.notna()]
    points = placed.representative_point()
    return placed.loc[points.within(area.buffer(0)), "pwsid"].astype(str).tolist()


def bounds_of_systems(systems: gpd.GeoDataFrame, within: Bounds) -> Bounds:
    """Box around the systems that lie within a box; that box itself where none does (EPSG:4326).

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[Point(0, 0), Point(9, 9)], crs=4326)
    >>> bounds_of_systems(parks, (-1, -1, 2, 2))
    (0.0, 0.0, 0.0, 0.0)
    """
    require_crs(systems)
    inside = systems[systems.representative_point().within(box(*within))]
    if inside.empty:
        return within
    west, south, east, north = (float(side) for side in inside.total_bounds)
    return west, south, east, north
