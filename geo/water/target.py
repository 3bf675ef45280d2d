"""To what a pipe must lead: one of the district's boundaries, or its mains where a file of them is here."""

from __future__ import annotations

import math

import geopandas as gpd

from geo.crs import STORED, require_crs
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region
from geo.water.receiver import BoundaryChoice, receiver_boundaries, receiver_boundary

MAINS = "mains"
MAINS_KIND = N_("Water mains")
# A main lies somewhere in the street, and a file of mains seldom on the line of another file of roads:
# whatever comes within half a street of it has reached it.
HALF_STREET_M = 15.0


def list_targets(region: Region, mains: gpd.GeoDataFrame | None) -> list[BoundaryChoice]:
    """List what a pipe may have to reach: the boundaries, the largest first, then the mains if there are any.

    Mains have no area (NaN).

    Parameters
    ----------
    mains
        Dataset ``water_mains``; None where it is not built.

    Raises
    ------
    MissingDatasetError
        The dataset ``receiver_boundaries`` is not built.
    """
    boundaries = receiver_boundaries(region)
    if mains is None or mains.empty or not boundaries:
        return boundaries
    title = _("{count} mains as the district gave them").format(count=len(mains))
    choice = BoundaryChoice(MAINS, title, MAINS_KIND, "", math.nan, None, "water_mains")
    return [*boundaries, choice]


def read_target(region: Region, key: str, mains: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Return what a pipe must reach, as one polygon in EPSG:4326.

    Parameters
    ----------
    key
        Of a boundary, or :data:`MAINS`.
    mains
        Dataset ``water_mains``; None where it is not built.

    Raises
    ------
    MissingDatasetError
        No such boundary; mains that are not here.
    """
    if key == MAINS and mains is not None and not mains.empty:
        return reach_of_mains(mains, region)
    return receiver_boundary(region, key)


def reach_of_mains(mains: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Return all that lies within half a street (15 m) of a main, as one shape in EPSG:4326.

    Parameters
    ----------
    mains
        Lines in EPSG:4326.

    Examples
    --------
    >>> from shapely.geometry import LineString
    >>> from geo.region import read_region
    >>> line = gpd.GeoDataFrame(geometry=[LineString([(-116, 33.5), (-115.99, 33.5)])], crs=4326)
    >>> round(reach_of_mains(line, read_region("demo")).to_crs(26911).area.item() / 1000)
    29
    """
    require_crs(mains)
    shape = mains.geometry.to_crs(region.length_crs).buffer(HALF_STREET_M).union_all()
    frame = gpd.GeoDataFrame({"boundary_id": [MAINS]}, geometry=[shape], crs=region.length_crs)
    return frame.to_crs(STORED)
