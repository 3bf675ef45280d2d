"""Where within a census area people live, when all that is known is how many and around which point.

Spread evenly over a desert block group, people end up where nobody lives. So they are put around the
center of population that the Census Bureau publishes: the nearest land first, as much of it as they need at
:data:`PEOPLE_PER_KM2`, and never beyond the census line that holds them. Of the methods that
``benchmarks/places.py`` holds against counts of blocks, this one errs least.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import require_projected
from geo.methods.geometry import areas_only
from geo.methods.margins import Z_90, to_floats

PEOPLE_PER_KM2 = 4_000.0
"""How densely people are put around a center: about as in a suburb of the valley."""

PLACING_ERRORS = {"people": 25.8, "homes": 16.9, "units": 17.9}
"""How far a count may be off that hangs on where people (homes, housing units) live in what an edge cuts: see
:func:`placing_variance`. Measured by ``benchmarks/places.py`` as the least values with which 90 % of margins
hold the counts of Riverside County's places."""

STEPS = 14
"""Halvings of the interval in which a radius is looked for: to a thousandth of it."""

WHOLE = 0.99
"""Share of an area from which it counts as wholly inside: outlines of different sources differ a little."""


def settle(centers: gpd.GeoSeries, outlines: gpd.GeoSeries, people: pd.Series[float]) -> gpd.GeoSeries:
    """Draw the settled part of each area: the land around its center that its people need.

    Parameters
    ----------
    centers
        A point an area, in a projected CRS; one outside of its outline is moved to the nearest point inside.
    outlines
        Polygons that hold the people, on the same index and in the same CRS.
    people
        How many live there, on the same index.

    Returns
    -------
    GeoSeries
        On the same index: the disk around the center, cut by the outline, that holds
        :data:`PEOPLE_PER_KM2`; the whole outline where that is too small, or where nobody lives.

    Raises
    ------
    CRSError
        The outlines have no CRS, or one in degrees.

    Examples
    --------
    >>> valley = gpd.GeoSeries([shapely.box(0, 0, 9_000, 9_000)], index=["060650456051"], crs="EPSG:3310")
    >>> center = gpd.GeoSeries([shapely.Point(0, 0)], index=valley.index, crs="EPSG:3310")
    >>> settled = settle(center, valley, pd.Series([2_000.0], index=valley.index))
    >>> float((settled.area / 1e6).round(2).iloc[0])
    0.5
    """
    require_projected(outlines)
    areas = np.asarray(outlines)
    shapely.prepare(areas)
    points = _inside(np.asarray(centers), areas)
    size = shapely.area(areas)
    wanted: NDArray[np.float64] = np.nan_to_num(to_floats(people)) / PEOPLE_PER_KM2 * 1e6
    free = (wanted > 0) & (wanted < size)
    settled = areas.copy()
    settled[free] = _disks(points[free], areas[free], wanted[free])
    return gpd.GeoSeries(settled, index=outlines.index, crs=outlines.crs)


def _inside(points: NDArray[Any], areas: NDArray[Any]) -> NDArray[Any]:
    outside = shapely.distance(points, areas) > 0
    moved = points.copy()
    moved[outside] = shapely.get_point(shapely.shortest_line(points[outside], areas[outside]), -1)
    return moved


def _disks(points: NDArray[Any], areas: NDArray[Any], wanted: NDArray[np.float64]) -> NDArray[Any]:
    """Find the disks that share the wanted area (m2) with their outlines, by halving an interval of radii."""
    least = np.sqrt(wanted / np.pi)
    most = shapely.hausdorff_distance(points, areas)
    for _step in range(STEPS):
        radius = (least + most) / 2
        too_large = shapely.area(shapely.intersection(shapely.buffer(points, radius), areas)) > wanted
        most, least = np.where(too_large, radius, most), np.where(too_large, least, radius)
    disks: NDArray[Any] = shapely.intersection(shapely.buffer(points, most), areas)
    return disks


def placing_variance(
    counts: NDArray[np.float64], inside: NDArray[np.float64], error: float
) -> NDArray[np.float64]:
    """Squared standard error of a part's count that comes from not knowing where in an area people live.

    Measured where the answer is known: it grows with the people of an area that the edge cuts, and is
    largest where the edge halves it; at most as if all of them lived on one spot. An area that lies wholly
    inside or outside adds nothing.

    Parameters
    ----------
    counts
        Counts of the areas that the edge cuts.
    inside
        Share of each area's land that lies inside, 0 to 1.
    error
        One of :data:`PLACING_ERRORS`.

    Examples
    --------
    >>> error = np.sqrt(placing_variance(np.array([1_600.0, 1_600.0]), np.array([0.5, 1.0]), 25.8))
    >>> (error * Z_90).round().tolist()
    [730.0, 0.0]
    """
    share = np.clip(inside, 0.0, 1.0)
    spread = share * (1 - share)
    variance: NDArray[np.float64] = np.minimum(
        (error / Z_90) ** 2 * counts * np.sqrt(spread), counts**2 * spread
    )
    return variance


def cut_by_place(shapes: gpd.GeoSeries, place_geoids: pd.Series[str], places: gpd.GeoSeries) -> gpd.GeoSeries:
    """Keep of each shape what lies in its place; of one that is in no place, what lies in none.

    Parameters
    ----------
    shapes
        Polygons in a projected CRS.
    place_geoids
        The place of each, on the same index; missing where it is in none.
    places
        Polygons on their GEOIDs, in the same CRS, that do not overlap.

    Returns
    -------
    GeoSeries
        On the same index; empty where nothing is left, or the place has no polygon.

    Examples
    --------
    >>> group = shapely.box(0, 0, 4, 2)
    >>> town = gpd.GeoSeries({"0652582": shapely.box(3, 0, 9, 9)}, crs="EPSG:3310")
    >>> shapes = gpd.GeoSeries([group, group], index=["in", "out"], crs="EPSG:3310")
    >>> cut_by_place(shapes, pd.Series(["0652582", None], index=shapes.index), town).area.tolist()
    [2.0, 6.0]
    """
    require_projected(shapes)
    own = np.asarray(places.reindex(place_geoids))
    inside = shapely.intersection(np.asarray(shapes), own)
    around = shapely.difference(np.asarray(shapes), _covering(shapes, places))
    cut = areas_only(np.where(place_geoids.notna().to_numpy(), inside, around))
    cut[shapely.is_missing(cut) | (shapely.area(cut) == 0)] = shapely.Polygon()
    return gpd.GeoSeries(cut, index=shapes.index, crs=shapes.crs)


def _covering(shapes: gpd.GeoSeries, places: gpd.GeoSeries) -> NDArray[Any]:
    """Join the places that each shape meets."""
    here, there = places.sindex.query(np.asarray(shapes), predicate="intersects")
    found = np.full(len(shapes), shapely.Polygon(), dtype=object)
    for row, met in pd.Series(there).groupby(here):
        found[row] = shapely.union_all(np.asarray(places)[met])
    return found
