"""The overlap of tracts and service areas, with the account of every square metre."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import require_crs
from geo.methods.interpolation.ledger import Ledger, ledger_line

# Overlaps under a square metre come from rounding: they are left out, and counted in the ledger.
ROUNDING_M2 = 1.0
# Cartographic tract lines are off by tens of metres: an overlap thinner than this on average, and
# under a hundredth of both, may be no more than that. It is kept, and marked.
SLIVER_WIDTH_M = 50.0
SLIVER_SHARE = 0.01
COLUMNS = ("geoid", "pwsid", "area_m2", "share_of_tract", "share_of_system", "is_sliver")


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
        An equal-area CRS in metres.

    Returns
    -------
    pandas.DataFrame
        One row a pair that has an area in common: ``geoid``, ``pwsid``, ``area_m2``, ``share_of_tract``
        and ``share_of_system`` (of the whole polygon's area; systems overlap, so those of one tract may
        sum above 1), ``is_sliver``. Ordered by ``geoid`` and ``pwsid``; pairs under a square metre too.

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
        }
    )
    narrow = 2 * area < SLIVER_WIDTH_M * perimeter
    little = pairs[["share_of_tract", "share_of_system"]].lt(SLIVER_SHARE).all(axis=1)
    pairs["is_sliver"] = narrow & little
    touching: pd.DataFrame = pairs.loc[pairs["area_m2"] > 0]
    return touching.sort_values(["geoid", "pwsid"], ignore_index=True)


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
    under a square metre; counted more than once = where tracts overlap one another.
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
