"""Shapes repaired, measured and cut; how compact they are (Polsby-Popper, Reock)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import require_crs, require_projected
from geo.errors import CRSError, GeometryError, first_ids
from geo.language import gettext as _

M2_PER_KM2 = 1_000_000.0


def repair_shapes(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, pd.Series[bool]]:
    """Make invalid shapes valid, and say which ones were not.

    ``shapely.make_valid`` keeps every vertex; of a polygon that falls into parts of several kinds only
    the areas are kept. Missing shapes stay missing.

    Returns
    -------
    tuple of GeoSeries, Series of bool
        The shapes in the same CRS, and where one was repaired.

    Examples
    --------
    >>> bow = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    >>> mended, repaired = repair_shapes(gpd.GeoSeries([bow], crs="EPSG:3310"))
    >>> bool(mended.is_valid.all()), repaired.tolist(), mended.area.item()
    (True, [True], 2.0)
    """
    wrong = shapes.notna() & ~shapes.is_valid
    if not wrong.any():
        return shapes, wrong
    mended = np.where(wrong, areas_only(shapely.make_valid(np.asarray(shapes))), shapes)
    return gpd.GeoSeries(mended, index=shapes.index, crs=shapes.crs, name=shapes.name), wrong


def areas_only(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep the areas of collections; shapes of one kind stay as they are."""
    kept = np.array(shapes, dtype=object)
    for place in np.flatnonzero(shapely.get_type_id(kept) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(kept[place])
        while (shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION).any():
            parts = shapely.get_parts(parts)
        kept[place] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return kept


def area_km2(shapes: gpd.GeoSeries, area_crs: str) -> pd.Series[float]:
    """Measure areas in km2, in ``area_crs``, an equal-area CRS in meters.

    Raises
    ------
    CRSError
        The shapes have no CRS, or ``area_crs`` is geographic.

    Examples
    --------
    >>> square = gpd.GeoSeries([shapely.box(0, 0, 2000, 1000)], crs="EPSG:3310")
    >>> area_km2(square, "EPSG:3310").item()
    2.0
    """
    if shapes.crs is None:
        raise CRSError(_("the shapes have no CRS"), _("set the one they were made in"))
    measured = shapes.to_crs(area_crs)
    require_projected(measured)
    return measured.area / M2_PER_KM2


def compactness(shapes: gpd.GeoSeries) -> pd.Series[float]:
    """Measure how round shapes are, by Polsby and Popper: 4 pi A / P^2, which is 1 for a circle.

    No unit; the shapes must be in a projected CRS. Missing where there is no shape or no area.

    Raises
    ------
    CRSError
        The shapes have no CRS, or one in degrees.

    Examples
    --------
    >>> square = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs="EPSG:3310")
    >>> round(compactness(square).item(), 6)
    0.785398
    """
    require_projected(shapes)
    perimeter = shapes.length.where(shapes.length > 0)
    return 4 * np.pi * shapes.area / perimeter**2


def voronoi_cells(points: gpd.GeoSeries, within: shapely.Geometry) -> gpd.GeoSeries:
    """Share an area out to points: each gets the part that is nearer to it than to any other.

    Points outside of the area count as well. Two points on one spot cannot be told apart, so they raise.

    Parameters
    ----------
    points
        In a projected CRS.
    within
        The area, in the same CRS.

    Returns
    -------
    GeoSeries
        On the index of ``points``; empty where a point outside gets no part of the area.

    Raises
    ------
    CRSError
        The points have no CRS, or one in degrees.
    GeometryError
        Two points lie on one spot.

    Examples
    --------
    >>> points = gpd.GeoSeries.from_xy([1, 3], [1, 1], crs="EPSG:3310")
    >>> voronoi_cells(points, shapely.box(0, 0, 6, 2)).area.tolist()
    [4.0, 8.0]
    """
    require_projected(points)
    doubled = points.duplicated(keep=False)
    if doubled.any():
        raise GeometryError(
            _("{count} points lie on one spot ({names})").format(
                count=int(doubled.sum()), names=first_ids(points.index[doubled])
            ),
            _("keep one of them"),
        )
    if len(points) == 1:
        return gpd.GeoSeries([within], index=points.index, crs=points.crs)
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(shapely.get_coordinates(np.asarray(points))), extend_to=within, ordered=True
    )
    cut = areas_only(shapely.intersection(shapely.get_parts(cells), within))
    return gpd.GeoSeries(cut, index=points.index, crs=points.crs)


def shared_area_m2(shapes: gpd.GeoDataFrame, area: gpd.GeoSeries, area_crs: str) -> NDArray[np.float64]:
    """Measure in m2 what each shape shares with an area; both in EPSG:4326.

    Parameters
    ----------
    shapes
        Polygons; a missing one shares nothing.
    area
        One or more shapes; what they cover together counts once.
    area_crs
        An equal-area CRS in meters.

    Raises
    ------
    CRSError
        Either is not in EPSG:4326.
    """
    require_crs(shapes)
    require_crs(area)
    whole = shapely.union_all(np.asarray(area.to_crs(area_crs)))
    ours = np.asarray(shapes.geometry.to_crs(area_crs))
    shared = np.zeros(len(ours))
    near = shapely.intersects(ours, whole)
    shared[near] = shapely.area(shapely.intersection(ours[near], whole))
    return shared


def polsby_popper(shapes: gpd.GeoSeries) -> pd.Series[float]:
    """Area over that of the circle with the same perimeter: 4 pi A / P^2.

    Needs a projected CRS (m). A missing or empty geometry gives NA. Source: Polsby and Popper
    (1991), "The Third Criterion", Yale Law and Policy Review 9.

    Raises
    ------
    CRSError
        The CRS is missing or not projected.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> polsby_popper(gpd.GeoSeries([box(0, 0, 2, 2)], crs="EPSG:3310")).round(4).tolist()
    [0.7854]
    """
    require_projected(shapes)
    outline = shapes.length.where(shapes.length > 0)
    return pd.Series(4.0 * np.pi * shapes.area / outline**2, index=shapes.index, name="polsby_popper")


def reock(shapes: gpd.GeoSeries) -> pd.Series[float]:
    """Area over that of the smallest circle around the shape.

    Needs a projected CRS (m). A missing or empty geometry gives NA. Source: Reock (1961),
    "Measuring Compactness as a Requirement of Legislative Apportionment", Midwest Journal of
    Political Science 5.

    Raises
    ------
    CRSError
        The CRS is missing or not projected.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> reock(gpd.GeoSeries([box(0, 0, 2, 2)], crs="EPSG:3310")).round(4).tolist()
    [0.6366]
    """
    require_projected(shapes)
    radius = shapely.minimum_bounding_radius(np.asarray(shapes.array, dtype=object))
    circle = pd.Series(np.pi * radius**2, index=shapes.index)
    return (shapes.area / circle.where(circle > 0)).rename("reock")
