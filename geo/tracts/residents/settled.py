"""Where within a census area people live, when all that is known is how many and around which point.

Spread evenly over a desert block group, people end up where nobody lives. So they are put around the
center of population that the Census Bureau publishes: the nearest land first, as much of it as they need at
:data:`PEOPLE_PER_KM2`, and never beyond the census line that holds them. Where that reaches the service area
of a town's water system, its land comes before all other. Of the methods that
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
from geo.methods.geometry import areas_only, repair_shapes
from geo.methods.margins import Z_90, to_floats

PEOPLE_PER_KM2 = 4_000.0
"""How densely people are put around a center: about as in a suburb of the valley."""

PLACING_ERRORS = {"people": 24.1, "homes": 16.3, "units": 16.4}
"""How far a count may be off that hangs on where people (homes, housing units) live in what an edge cuts: see
:func:`placing_variance`. Measured by ``benchmarks/places.py`` as the least values with which 90 % of margins
hold the counts of Riverside County's places."""

SMALLEST_SERVED_KM2, LARGEST_SERVED_KM2 = 0.5, 30.0
"""Service areas of this size say where homes are; a smaller one has a published size that is known better,
and a larger one is mostly a jurisdiction."""

SERVED_WITHIN = 0.3
"""How near to the center a service area must lie, in radii of the disk that its people would need."""

STEPS = 14
"""Halvings of the interval in which a radius is looked for: to a thousandth of it."""

RESIDENT, OUTLINED = ("community", "state_small"), ("polygon", "polygon_too_coarse")
"""Classes of water systems whose people live there, and outlines that are near enough to the true ones."""

HAIR = 0.001
"""Share of an area that may be left beside served land before that says nothing."""

WHOLE = 0.99
"""Share of an area from which it counts as wholly inside: outlines of different sources differ a little."""


def settle(
    centers: gpd.GeoSeries,
    outlines: gpd.GeoSeries,
    people: pd.Series[float],
    served: shapely.Geometry | None = None,
) -> gpd.GeoSeries:
    """Draw the settled part of each area: the land around its center that its people need.

    Parameters
    ----------
    centers
        A point an area, in a projected CRS; one outside of its outline is moved to the nearest point inside.
    outlines
        Polygons that hold the people, on the same index and in the same CRS.
    people
        How many live there, on the same index.
    served
        Land that water systems serve, in the same CRS (see :func:`served_land`); None where none is known.

    Returns
    -------
    GeoSeries
        On the same index: the disk around the center, cut by the outline, that holds
        :data:`PEOPLE_PER_KM2`; the whole outline where that is too small, or where nobody lives. Where served
        land lies within :data:`SERVED_WITHIN` radii, the disk is cut by that first, and takes other land
        only for those who find no room on it.

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
    >>> town = shapely.box(100, 0, 9_000, 9_000)
    >>> settled = settle(center, valley, pd.Series([2_000.0], index=valley.index), town)
    >>> float((settled.intersection(town).area / 1e6).round(2).iloc[0])
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
    if served is not None:
        settled[free] = _prefer(served, settled[free], points[free], areas[free], wanted[free])
    return gpd.GeoSeries(settled, index=outlines.index, crs=outlines.crs)


def _prefer(
    served: shapely.Geometry,
    settled: NDArray[Any],
    points: NDArray[Any],
    areas: NDArray[Any],
    wanted: NDArray[np.float64],
) -> NDArray[Any]:
    """Put people on served land where some is near their center, and those who find no room beside it."""
    ours = areas_only(shapely.intersection(areas, served))
    room = shapely.area(ours)
    near = shapely.distance(points, ours) <= SERVED_WITHIN * np.sqrt(wanted / np.pi)
    some = (room > 0) & near & (room < (1 - HAIR) * shapely.area(areas))
    enough, short = some & (room > wanted), some & (room <= wanted)
    found = settled.copy()
    found[enough] = _disks(_inside(points[enough], ours[enough]), ours[enough], wanted[enough])
    rest = areas_only(shapely.difference(areas[short], ours[short]))
    beside = _disks(_inside(points[short], rest), rest, wanted[short] - room[short])
    found[short] = areas_only(shapely.union(ours[short], beside))
    return found


def served_land(systems: gpd.GeoDataFrame, area_crs: str) -> shapely.Geometry | None:
    """Join the service areas that say where homes are: of systems with residents, known, of a town's size.

    Parameters
    ----------
    systems
        The dataset ``water_systems``, in EPSG:4326.
    area_crs
        An equal-area CRS in meters.

    Returns
    -------
    shapely.Geometry or None
        In ``area_crs``; None where there is no such system.

    Examples
    --------
    >>> names = {"system_class": ["community", "transient"], "location_quality": ["polygon", "polygon"]}
    >>> squares = [shapely.box(-116, 33, -115.98, 33.02), shapely.box(-116, 33, -115, 34)]
    >>> systems = gpd.GeoDataFrame(names, geometry=squares, crs="EPSG:4326")
    >>> round(served_land(systems, "EPSG:3310").area / 1e6, 1)
    4.1
    """
    resident = systems["system_class"].isin(RESIDENT) & systems["location_quality"].isin(OUTLINED)
    shapes = np.asarray(repair_shapes(systems.loc[resident].geometry.to_crs(area_crs))[0])
    km2 = shapely.area(shapes) / 1e6
    towns = shapes[(km2 >= SMALLEST_SERVED_KM2) & (km2 <= LARGEST_SERVED_KM2)]
    return shapely.union_all(towns) if len(towns) else None


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
    >>> error = np.sqrt(placing_variance(np.array([1_600.0, 1_600.0]), np.array([0.5, 1.0]), 24.1))
    >>> (error * Z_90).round().tolist()
    [682.0, 0.0]
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
