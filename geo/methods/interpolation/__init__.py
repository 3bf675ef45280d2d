"""Quantities moved from one set of polygons to another, with margins of error and a ledger.

*Extensive* variables are counts, which add up (people, households, dollars); *intensive* ones are
averages and shares, which do not (median age, share uninsured). ``source`` holds the values,
``target`` receives them, as in tobler. M. Goodchild and N. Lam (1980) call it areal weighting; the
weighted kind is J. Wright's (1936), and called dasymetric.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from geo.methods.interpolation.shares import crosswalk, to_shares
from geo.methods.interpolation.transfer import (
    Interpolation,
    Names,
    apply_crosswalk,
    split_share,
    to_plan,
    transfer,
)

__all__ = [
    "Interpolation",
    "apply_crosswalk",
    "crosswalk",
    "interpolate_areal",
    "interpolate_weighted",
    "split_share",
]


def interpolate_areal(
    source: gpd.GeoDataFrame,
    target: gpd.GeoDataFrame,
    *,
    extensive: Names = (),
    intensive: Names = (),
    moe: Mapping[str, str] | None = None,
    threads: int | None = None,
) -> Interpolation:
    """Move quantities to other polygons in proportion to the area in common.

    An extensive value is the sum of share x value, with share = area in common / area of the source
    unit; an intensive one the mean of the values, weighted by the area in common. Nothing is scaled up
    for what is not covered: see ``coverage``.

    **CRS and units.** Both frames in one projected, equal-area CRS. Values keep their unit.

    **Missing values** (NA, and Census sentinels such as -666666666) are not zero: they take no part. A
    target with only missing values, or that no source unit meets, is missing; one with some of them
    missing is the sum (mean) of those known, and the ledger counts the missing.

    **Overlaps.** Where targets overlap, each receives the whole of its part, and the ledger says what was
    counted more than once; overlapping source units both give, and ``coverage`` counts them once.

    **Margins of error** are those of independent estimates: the root of the sum of (share x moe)^2, and
    for an intensive variable of (weight x moe)^2, divided by the sum of weights. They hold the sampling
    error alone, not that of where within a unit people live. A margin that is missing beside a known
    value makes the target's missing.

    **Empty frames** (with a CRS) give an empty answer, or missing values and a coverage of 0.

    Parameters
    ----------
    source
        Valid polygons with the variables, each row under its own label.
    target
        Valid polygons, each row under its own label.
    extensive, intensive
        Names of the source's columns.
    moe
        The column of the margin of error, by the name of the estimate's.
    threads
        How many to use; as many as there are cores where it is left out.

    Returns
    -------
    Interpolation
        Values on the target's index, and the ledger.

    Raises
    ------
    CRSError
        No CRS, a geographic one or Mercator's, or two different ones.
    GeometryError
        Geometries are missing, empty, invalid, or no polygons.
    SchemaError
        Labels stand twice, columns are absent, named twice or no numbers.

    Examples
    --------
    Four squares with ten people each, and a polygon over two and a quarter of them:

    >>> from shapely import box, Polygon
    >>> squares = gpd.GeoDataFrame(
    ...     {"people": [10, 10, 10, 10], "people_moe": [2, 2, 2, 2]},
    ...     geometry=[box(x, y, x + 1, y + 1) for x, y in [(0, 0), (0, 1), (1, 0), (1, 1)]],
    ...     index=["a", "b", "c", "d"], crs="EPSG:3310",
    ... )
    >>> town = Polygon([(1.5, 0.5), (1.5, 2), (0, 2), (0, 0.5)])
    >>> town = gpd.GeoDataFrame(geometry=[town], index=["town"], crs="EPSG:3310")
    >>> moved = interpolate_areal(squares, town, extensive=["people"], moe={"people": "people_moe"})
    >>> moved.values.round(3).loc["town"].to_dict()
    {'people': 22.5, 'people_moe': 2.5, 'coverage': 1.0}
    >>> moved.ledger.loc["people", ["in", "out", "lost"]].tolist()
    [40.0, 22.5, 17.5]
    """
    plan = to_plan(source, extensive, intensive, moe)
    shares = to_shares(source, target, threads=threads)
    return transfer(shares, source, target.index, plan)


def interpolate_weighted(
    source: gpd.GeoDataFrame,
    target: gpd.GeoDataFrame,
    weights: gpd.GeoDataFrame,
    *,
    weight: str,
    extensive: Names = (),
    intensive: Names = (),
    moe: Mapping[str, str] | None = None,
    threads: int | None = None,
) -> Interpolation:
    """Move quantities to other polygons in proportion to a weight that says where they are.

    As :func:`interpolate_areal`, with the weight in common in place of the area in common: the share of
    a target is the weight within both / the weight within the source unit. ``coverage`` stays a share of
    area.

    **Weights** are blocks, block groups or points with their population or households. A polygon
    that straddles is split by area. A point belongs where it lies; on an edge that several share it is
    split equally between them. What lies outside the source is not used.

    **No weight.** A source unit without any weight inside is shared out by area, so that its total is
    kept, and takes no part in an intensive mean. A target that has none of the weight receives 0 of an
    extensive variable (nobody lives there), and its intensive ones are missing.

    Parameters
    ----------
    source, target
        Valid polygons, each row under its own label.
    weights
        Valid polygons or points, in the same CRS.
    weight
        The column of ``weights``: no value may be missing or negative.
    extensive, intensive, moe, threads
        As in :func:`interpolate_areal`.

    Returns
    -------
    Interpolation
        Values on the target's index, and the ledger.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        As in :func:`interpolate_areal`; and where weights are missing or negative.

    Examples
    --------
    >>> from shapely import box, Point
    >>> tract = gpd.GeoDataFrame({"people": [100]}, geometry=[box(0, 0, 4, 4)], crs="EPSG:3310")
    >>> town = gpd.GeoDataFrame(geometry=[box(3, 0, 4, 4)], index=["town"], crs="EPSG:3310")
    >>> homes = gpd.GeoDataFrame({"homes": [9, 1]}, geometry=[Point(3.5, 1), Point(1, 1)], crs="EPSG:3310")
    >>> interpolate_weighted(tract, town, homes, weight="homes", extensive="people").values["people"].item()
    90.0
    """
    plan = to_plan(source, extensive, intensive, moe)
    shares = to_shares(source, target, weights, weight, threads)
    return transfer(shares, source, target.index, plan)
