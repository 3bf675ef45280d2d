"""Published boundaries: repaired, measured against the publisher's own area, and placed in counties."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.findings import Finding, find
from geo.geometry import M2_PER_KM2, area_km2, repair_shapes
from geo.inputs import Inputs
from geo.intake.vectors import count_heights
from geo.region import Region

FOUR_FIFTHS = 0.8
SLIVER_SHARE = 0.01
SLIVER_KM2 = 1.0


def measure_boundaries(
    shapes: gpd.GeoDataFrame, source: str, region: Region
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Repair boundaries and measure them, in km2 in the region's equal-area CRS.

    Parameters
    ----------
    shapes
        In EPSG:4326, with ``geoid`` and, in m2, ``land_m2`` and ``water_m2`` as published; where these
        are missing nothing is compared.
    source
        Key of the source, which the findings name.
    region
        Its ``area_crs`` is used.

    Returns
    -------
    tuple of GeoDataFrame, tuple of Finding
        The boundaries with ``area_km2``; what was repaired, and which areas are under four fifths of the
        published land and water.
    """
    frame, mended = _repair(shapes, source)
    return _measure(frame, source, region, mended)


def lay_boundaries(
    shapes: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, source: str, region: Region
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Repair boundaries, keep those in the region's counties, and measure them.

    See :func:`measure_boundaries` and :func:`place_in_counties`; the findings on areas concern the
    boundaries that are kept.
    """
    frame, mended = _repair(shapes, source)
    return _measure(place_in_counties(frame, counties, region.area_crs), source, region, mended)


def _repair(shapes: gpd.GeoDataFrame, source: str) -> tuple[gpd.GeoDataFrame, Finding]:
    geometry, repaired = repair_shapes(shapes.geometry)
    mended = find("shapes_repaired", source, shapes["geoid"][repaired], of=len(shapes))
    return shapes.set_geometry(geometry), mended


def _measure(
    shapes: gpd.GeoDataFrame, source: str, region: Region, mended: Finding
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    frame = shapes.assign(area_km2=area_km2(shapes.geometry, region.area_crs))
    published = (frame["land_m2"] + frame["water_m2"]).astype("Float64") / M2_PER_KM2
    under = (frame["area_km2"] < FOUR_FIFTHS * published).fillna(False).astype(bool)
    compared = int(published.notna().sum())
    return frame, (mended, find("area_under", source, frame["geoid"][under], of=compared))


def place_in_counties(
    shapes: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, area_crs: str
) -> gpd.GeoDataFrame:
    """Keep the shapes that lie in counties, in part at least.

    Lines of different making don't coincide, so a part counts from 1 % of the shape or 1 km2 on.

    Parameters
    ----------
    shapes
        Areas in EPSG:4326.
    counties
        With ``geoid``, in EPSG:4326.
    area_crs
        An equal-area CRS in metres.

    Returns
    -------
    GeoDataFrame
        With ``county_geoid``, the county that has most of it, and ``share_in_region``, the share of its
        area (0 to 1) that lies in any of the counties.

    Examples
    --------
    >>> county = gpd.GeoDataFrame({"geoid": ["06065"]}, geometry=[shapely.box(0, 0, 2, 1)], crs="EPSG:3310")
    >>> town = gpd.GeoDataFrame({"geoid": ["a"]}, geometry=[shapely.box(1, 0, 3, 1)], crs="EPSG:3310")
    >>> placed = place_in_counties(town.to_crs("EPSG:4326"), county.to_crs("EPSG:4326"), "EPSG:3310")
    >>> placed.county_geoid.item(), round(placed.share_in_region.item(), 6)
    ('06065', 0.5)
    """
    ours = np.asarray(shapes.geometry.to_crs(area_crs))
    shared = pd.DataFrame(
        {
            geoid: _shared_area(ours, county)
            for geoid, county in zip(counties["geoid"], counties.geometry.to_crs(area_crs), strict=True)
        },
        index=shapes.index,
    )
    total = shared.sum(axis=1)
    share = total / shapely.area(ours)
    kept = (share >= SLIVER_SHARE) | (total >= SLIVER_KM2 * M2_PER_KM2)
    placed = shapes[kept].reset_index(drop=True)
    placed["county_geoid"] = shared[kept].idxmax(axis=1).astype("string").to_numpy()
    placed["share_in_region"] = share[kept].clip(upper=1.0).to_numpy()
    return placed


def _shared_area(
    shapes: np.typing.NDArray[np.object_], county: shapely.Geometry
) -> np.typing.NDArray[np.float64]:
    shared = np.zeros(len(shapes))
    near = shapely.intersects(shapes, county)
    shared[near] = shapely.area(shapely.intersection(shapes[near], county))
    return shared


def z_finding(inputs: Inputs, source: str) -> tuple[Finding, ...]:
    """Say how many shapes of a source's files carry Z coordinates; reading drops them."""
    counts = [count_heights(item.path) for item in inputs.files(source)]
    return (Finding("z_coordinates", source, sum(counts)),) if sum(counts) else ()


def rows_of_counties(frame: gpd.GeoDataFrame, counties: Sequence[str]) -> gpd.GeoDataFrame:
    """Keep the rows whose ``geoid`` begins with one of the counties' GEOIDs.

    Examples
    --------
    >>> tracts = gpd.GeoDataFrame({"geoid": ["06065045303", "06037137000"]}, geometry=[None, None])
    >>> rows_of_counties(tracts, ["06065"])["geoid"].tolist()
    ['06065045303']
    """
    return frame[frame["geoid"].str[:5].isin(counties)].reset_index(drop=True)
