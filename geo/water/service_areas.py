"""Where a system is: its polygon, else a point, else nowhere; and its overlap with tracts."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED, require_crs
from geo.methods.geometry import area_km2, compactness, repair_shapes
from geo.methods.interpolation.ledger import Ledger, ledger_line
from geo.region import Region

WEB_MERCATOR = "EPSG:3857"
# A shape under four fifths of the publisher's own area lost too much, or another was meant.
TOO_COARSE = 0.8
TOO_WIDE = 1.25
# Rounder than this is a drawn circle, not a surveyed area.
CIRCLE = 0.99
# County lines of 1:500,000 are off by less.
COUNTY_LINE_M = 1_000.0
SPOT_DECIMALS = 5
FELL_BACK = "UpHierarchy"
QUALITIES = (
    "polygon",
    "polygon_circle",
    "polygon_too_coarse",
    "polygon_too_wide",
    "polygon_outside_county",
    "point_published",
    "point_street",
    "point_shared",
    "point_shared_centroid",
    "point_outside_county",
    "none",
)


def measure_boundaries(boundaries: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """Repair boundaries and measure them beside the publisher's own figure.

    Parameters
    ----------
    boundaries
        Polygons in EPSG:4326 with ``published_area_web_mercator_m2``, NA where none was published.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows with ``boundary_area_km2`` (in the region's equal-area CRS), ``area_ratio`` (drawn
        over published, both in Web Mercator, whose areas are the true ones over cos2 of the latitude),
        ``published_area_km2``, ``compactness`` (4 pi A / P2 in the region's CRS for lengths), ``repaired``
        and ``location_quality``.

    Raises
    ------
    CRSError
        The frame is not in EPSG:4326.
    """
    require_crs(boundaries)
    shapes, repaired = repair_shapes(boundaries.geometry)
    areas = area_km2(shapes, region.area_crs).astype("Float64")
    published = boundaries["published_area_web_mercator_m2"].astype("Float64")
    ratio = shapes.to_crs(WEB_MERCATOR).area.astype("Float64") / published.where(published > 0)
    return boundaries.set_geometry(shapes).assign(
        boundary_area_km2=areas,
        area_ratio=ratio,
        published_area_km2=areas / ratio,
        compactness=compactness(shapes.to_crs(region.length_crs)).astype("Float64"),
        repaired=repaired,
        location_quality=lambda frame: _polygon_quality(frame),
    )


def _polygon_quality(frame: pd.DataFrame) -> pd.Series[str]:
    quality = pd.Series("polygon", index=frame.index, dtype="string")
    quality = quality.mask(frame["area_ratio"].gt(TOO_WIDE).fillna(False), "polygon_too_wide")
    quality = quality.mask(frame["area_ratio"].lt(TOO_COARSE).fillna(False), "polygon_too_coarse")
    return quality.mask(frame["compactness"].gt(CIRCLE).fillna(False), "polygon_circle")


def to_points(frame: pd.DataFrame) -> gpd.GeoSeries:
    """Make points (EPSG:4326) of ``longitude`` and ``latitude`` in degrees; None where either is missing.

    Examples
    --------
    >>> to_points(pd.DataFrame({"longitude": [-116.0, None], "latitude": [33.5, 33.5]})).isna().tolist()
    [False, True]
    """
    x = frame["longitude"].astype("Float64").to_numpy(dtype="float64", na_value=float("nan"))
    y = frame["latitude"].astype("Float64").to_numpy(dtype="float64", na_value=float("nan"))
    points = gpd.GeoSeries.from_xy(x, y, index=frame.index, crs=STORED)
    return points.where(~pd.isna(x) & ~pd.isna(y), None)


def share_a_spot(points: gpd.GeoSeries) -> pd.Series[int]:
    """Count how many lie on the same spot, to five decimals of a degree (a meter); 0 where missing."""
    spots = points.x.round(SPOT_DECIMALS).astype(str) + " " + points.y.round(SPOT_DECIMALS).astype(str)
    there = points.notna() & ~points.is_empty
    counts = spots.map(spots[there].value_counts()).where(there)
    return counts.fillna(0).astype(int)


def are_outside(
    points: gpd.GeoSeries, geoids: Sequence[str] | pd.Series[str], counties: gpd.GeoDataFrame, length_crs: str
) -> pd.Series[bool]:
    """Whether each point lies more than a kilometer outside of the county it is said to be in.

    Parameters
    ----------
    points
        In EPSG:4326; a missing one lies nowhere, and is not outside.
    geoids
        Each point's county, five digits. One that is not among ``counties`` is not judged.
    counties
        ``geoid`` and shapes in EPSG:4326.
    length_crs
        A projected CRS in meters.
    """
    shapes = dict(zip(counties["geoid"], counties.geometry.to_crs(length_crs), strict=True))
    found = pd.Series([shapes.get(geoid) for geoid in geoids], index=points.index, dtype=object)
    theirs = gpd.GeoSeries(found, crs=length_crs)
    return points.to_crs(length_crs).distance(theirs).gt(COUNTY_LINE_M).fillna(False).astype(bool)


def judge_points(frame: pd.DataFrame, outside: pd.Series[bool], shared: pd.Series[int]) -> pd.Series[str]:
    """Say how far geocoded points can be trusted.

    ``point_shared_centroid``: several on one spot where the geocoder fell back to a ZIP or a street as a
    whole; ``point_shared``: several on one spot otherwise; ``point_outside_county``; ``point_street``.
    """
    fell_back = frame["geocode_match"].astype("string").str.contains(FELL_BACK).fillna(False)
    quality = pd.Series("point_street", index=frame.index, dtype="string")
    quality = quality.mask(shared.gt(1), "point_shared").mask(outside, "point_outside_county")
    return quality.mask((shared.gt(1) & fell_back).astype(bool), "point_shared_centroid")


UNCERTAIN_PLACES = (
    "polygon_too_coarse",
    "polygon_too_wide",
    "point_shared",
    "point_shared_centroid",
    "point_outside_county",
)


# Overlaps under a square meter come from rounding: they are left out, and counted in the ledger.
ROUNDING_M2 = 1.0
# Cartographic tract lines are off by tens of meters: an overlap thinner than this on average, and
# under a hundredth of both, may be no more than that. It is kept, and marked.
SLIVER_WIDTH_M = 50.0
SLIVER_SHARE = 0.01
COLUMNS = ("geoid", "pwsid", "area_m2", "share_of_tract", "share_of_system", "is_sliver", "known_by")
LEAST_IN_COMMON = 0.01
"""Share of the smaller of two areas from which one reaches into the other by more than a sliver."""


def overlap_pairs(tracts: gpd.GeoDataFrame, systems: gpd.GeoDataFrame, area_crs: str) -> pd.DataFrame:
    """Cut tracts and service areas with one another.

    Parameters
    ----------
    tracts
        ``geoid`` and polygons in EPSG:4326.
    systems
        ``pwsid`` and polygons in EPSG:4326; they may overlap one another. Points and missing shapes
        take no part.
    area_crs
        An equal-area CRS in meters.

    Returns
    -------
    pandas.DataFrame
        One row a pair that has an area in common: ``geoid``, ``pwsid``, ``area_m2``, ``share_of_tract``
        and ``share_of_system`` (of the whole polygon's area; systems overlap, so those of one tract may
        sum above 1), ``is_sliver``, ``known_by``. Ordered by ``geoid`` and ``pwsid``; pairs under a square
        meter too.

    Raises
    ------
    CRSError
        Either is not in EPSG:4326.
    """
    require_crs(tracts)
    require_crs(systems)
    areas = with_areas(systems)
    ours = np.asarray(tracts.geometry.to_crs(area_crs))
    theirs = np.asarray(areas.geometry.to_crs(area_crs))
    left, right = shapely.STRtree(theirs).query(ours, predicate="intersects")
    parts = shapely.intersection(ours[left], theirs[right])
    area, perimeter = shapely.area(parts), shapely.length(parts)
    pairs = pd.DataFrame(
        {
            "geoid": tracts["geoid"].to_numpy()[left],
            "pwsid": areas["pwsid"].to_numpy()[right],
            "area_m2": area,
            "share_of_tract": area / shapely.area(ours)[left],
            "share_of_system": area / shapely.area(theirs)[right],
            "known_by": "outline",
        }
    )
    narrow = 2 * area < SLIVER_WIDTH_M * perimeter
    little = pairs[["share_of_tract", "share_of_system"]].lt(SLIVER_SHARE).all(axis=1)
    pairs["is_sliver"] = narrow & little
    touching: pd.DataFrame = pairs.loc[pairs["area_m2"] > 0]
    return touching.sort_values(["geoid", "pwsid"], ignore_index=True)


def point_pairs(tracts: gpd.GeoDataFrame, systems: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the tract of each system whose place is a point.

    Parameters
    ----------
    tracts
        ``geoid`` and polygons in EPSG:4326.
    systems
        ``pwsid``, ``location_quality`` and points in EPSG:4326; outlines and missing shapes take no part.

    Returns
    -------
    pandas.DataFrame
        One row a pair, with :data:`COLUMNS`: a point has no area, so ``area_m2`` and ``share_of_tract`` are
        missing, and ``share_of_system`` is 1. ``known_by`` is ``doubtful_point`` where the point does not say
        where the system is (:data:`UNCERTAIN_PLACES`).

    Raises
    ------
    CRSError
        Either is not in EPSG:4326.

    Examples
    --------
    >>> tract = gpd.GeoDataFrame({"geoid": ["1"]}, geometry=[shapely.box(-116, 33, -115, 34)], crs=STORED)
    >>> wells = {"pwsid": ["A", "B"], "location_quality": ["point_street", "point_shared"]}
    >>> points = gpd.GeoDataFrame(wells, geometry=[shapely.Point(-115.5, 33.5)] * 2, crs=STORED)
    >>> point_pairs(tract, points)[["geoid", "pwsid", "known_by"]].values.tolist()
    [['1', 'A', 'point'], ['1', 'B', 'doubtful_point']]
    """
    require_crs(tracts)
    require_crs(systems)
    points = systems.loc[systems.geom_type.eq("Point").to_numpy()]
    tract, point = points.sindex.query(np.asarray(tracts.geometry), predicate="intersects")
    doubtful = points["location_quality"].isin(UNCERTAIN_PLACES).to_numpy()[point]
    pairs = {
        "geoid": tracts["geoid"].to_numpy()[tract],
        "pwsid": points["pwsid"].to_numpy()[point],
        "area_m2": np.nan,
        "share_of_tract": np.nan,
        "share_of_system": 1.0,
        "is_sliver": False,
        "known_by": np.where(doubtful, "doubtful_point", "point"),
    }
    return pd.DataFrame(pairs).sort_values(["geoid", "pwsid"], ignore_index=True)


def reaches_in(pairs: pd.DataFrame) -> pd.Series[bool]:
    """Tell which pairs of :data:`COLUMNS` count: a known point, or more than a sliver in common.

    Examples
    --------
    >>> pairs = {"share_of_tract": [0.5, 0.001, None], "share_of_system": [0.001, 0.002, 1.0]}
    >>> reaches_in(pd.DataFrame(pairs | {"known_by": ["outline", "outline", "point"]})).tolist()
    [True, False, True]
    """
    shares = pairs[["share_of_tract", "share_of_system"]].astype(float).max(axis=1)
    return pairs["known_by"].ne("doubtful_point") & shares.gt(LEAST_IN_COMMON)


def with_areas(systems: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the systems whose place is a polygon."""
    return systems.loc[systems.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()]


def account_overlaps(
    kept: pd.DataFrame,
    tracts: gpd.GeoDataFrame,
    systems: gpd.GeoDataFrame,
    area_crs: str,
) -> Ledger:
    """Account for the areas of an overlap, in m2 of ``area_crs``.

    ``system_area_m2``: in = every service area; lost = what lies in no tract of the region, and pairs
    under a square meter; counted more than once = where tracts overlap one another.
    ``tract_area_m2``: in = every tract; lost = what no service area covers; counted more than once =
    where service areas overlap.

    Parameters
    ----------
    kept
        The pairs that are kept.
    """
    ours = gpd.GeoDataFrame(tracts[["geoid"]], geometry=tracts.geometry).to_crs(area_crs)
    theirs = with_areas(systems)[["pwsid", "geometry"]].to_crs(area_crs)
    lines = {
        "system_area_m2": _line(theirs, "pwsid", ours.geometry, kept),
        "tract_area_m2": _line(ours, "geoid", theirs.geometry, kept),
    }
    lines["system_area_m2"]["missing"] = int(len(systems) - len(theirs))
    title = "Areas of tracts and of service areas, in m2"
    return Ledger(title, "water_systems", "tracts_2010", pd.DataFrame.from_dict(lines, orient="index"))


def _line(
    sources: gpd.GeoDataFrame, key: str, targets: gpd.GeoSeries, kept: pd.DataFrame
) -> dict[str, object]:
    """One line, measured on the shapes themselves: what of each source the targets cover together."""
    whole = sources.set_index(key).geometry
    area = whole.area
    covered = gpd.GeoSeries(whole.intersection(targets.union_all()), index=whole.index).area
    shared = kept.groupby(key)["area_m2"].sum().reindex(area.index, fill_value=0.0)
    more = (shared - covered).clip(lower=0)
    lost = area - shared + more
    return ledger_line(
        area.sum(),
        shared.sum(),
        lost=lost.sum(),
        counted_more_than_once=more.sum(),
        units_lost=sorted(lost.index[lost > ROUNDING_M2]),
        units_repeated=sorted(more.index[more > ROUNDING_M2]),
    )
