"""Barriers: lines that nobody walks across, and the points where one can."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import require_crs
from geo.errors import GeometryError, first_ids
from geo.language import gettext as _

# A barrier within this share of a unit's side (at most 1 m) of an edge lies on that edge.
REACH_SHARE = 0.02
REACH_MOST_M = 1.0
LINES = ("LineString", "MultiLineString", "LinearRing")
POINTS = ("Point", "MultiPoint")


def split_barriers(barriers: gpd.GeoDataFrame) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Tell the lines of ``barriers`` from its crossings (points).

    Raises
    ------
    GeometryError
        A geometry is missing, or neither line nor point.

    Examples
    --------
    >>> from shapely.geometry import LineString, Point
    >>> canal = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (9, 0)]), Point(4, 0)], crs="EPSG:3310")
    >>> [len(part) for part in split_barriers(canal)]
    [1, 1]
    """
    kinds = barriers.geom_type
    other = ~kinds.isin(LINES + POINTS) | barriers.geometry.is_empty
    if other.any():
        fault = _("{count} barriers are neither line nor point: {names}").format(
            count=int(other.sum()), names=first_ids(barriers.index[other])
        )
        raise GeometryError(fault, _("give lines, and points where they can be crossed"))
    shapes = gpd.GeoSeries(barriers.geometry)
    return gpd.GeoSeries(shapes[kinds.isin(LINES)]), gpd.GeoSeries(shapes[kinds.isin(POINTS)])


def open_edges(edges: gpd.GeoSeries, barriers: gpd.GeoDataFrame, side_m: float) -> npt.NDArray[np.bool_]:
    """Tell which common edges can be crossed on foot.

    An edge is closed if no more of it than the reach lies farther from every barrier line than the
    reach, and no crossing lies within the reach of the edge. The reach is 2 % of ``side_m``, the
    side of a typical unit, and at most 1 m.

    Raises
    ------
    CRSError
        ``barriers`` is in another CRS than ``edges``.
    GeometryError
        ``barriers`` holds something else than lines and points.

    Examples
    --------
    >>> from shapely.geometry import LineString, Point
    >>> edge = gpd.GeoSeries([LineString([(0, 0), (100, 0)])], crs="EPSG:3310")
    >>> canal = gpd.GeoDataFrame(geometry=[LineString([(-9, 0), (200, 0)])], crs="EPSG:3310")
    >>> open_edges(edge, canal, side_m=100.0).tolist()
    [False]
    """
    require_crs(barriers, edges.crs.to_string() if edges.crs else "")
    walls = barrier_band(barriers, side_m)
    is_open = np.ones(len(edges), dtype=bool)
    if walls is None or not len(edges):
        return is_open
    band, points, reach = walls
    shapes = np.asarray(edges.array, dtype=object)
    near = shapely.STRtree(shapes).query(band, predicate="intersects")
    uncovered = shapely.length(shapely.difference(shapes[near], band))
    is_open[near] = uncovered > np.minimum(reach, 0.5 * shapely.length(shapes[near]))
    return np.asarray(is_open | shapely.dwithin(shapes, points, reach), dtype=bool)


def barrier_band(
    barriers: gpd.GeoDataFrame | None, side_m: float
) -> tuple[shapely.Geometry, shapely.Geometry, float] | None:
    """All within the reach of a barrier line, all crossings, and the reach in m; None without lines.

    Raises
    ------
    GeometryError
        ``barriers`` holds something else than lines and points.

    Examples
    --------
    >>> barrier_band(None, 100.0) is None
    True
    """
    if barriers is None or barriers.empty:
        return None
    lines, crossings = split_barriers(barriers)
    reach = min(REACH_SHARE * side_m, REACH_MOST_M)
    band = shapely.union_all(shapely.buffer(np.asarray(lines.array, dtype=object), reach))
    points = shapely.union_all(np.asarray(crossings.array, dtype=object))
    return (band, points, reach) if len(lines) else None
