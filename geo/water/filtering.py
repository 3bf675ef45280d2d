"""Which water systems a question is about: by SAFER status, by distance to a place, inside an area."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import STORED, require_crs
from geo.methods.geometry import repair_shapes
from geo.water.receiver import miles_to
from geo.water.service_areas import LEAST_IN_COMMON

STATUSES: Mapping[str, str] = {
    "failing": "Failing",
    "at_risk": "At-Risk",
    "potentially_at_risk": "Potentially At-Risk",
    "not_at_risk": "Not At-Risk",
    "not_assessed": "Not Assessed",
    "no_status": "",
}
"""The State's words by the key that an address holds, worst first; the last stands for none."""

MILES = "miles"


def has_status(systems: pd.DataFrame, keys: Collection[str]) -> NDArray[np.bool_]:
    """Tell which systems have one of some statuses; all where none is named.

    Examples
    --------
    >>> has_status(pd.DataFrame({"safer_status": ["Failing", "At-Risk", None]}), ["failing"]).tolist()
    [True, False, False]
    """
    if not keys:
        return np.ones(len(systems), dtype=bool)
    wanted = [STATUSES[key] for key in keys]
    return np.asarray(systems["safer_status"].astype("string").fillna("").isin(wanted))


def with_miles(systems: gpd.GeoDataFrame, place: BaseGeometry, length_crs: str) -> gpd.GeoDataFrame:
    """Put the straight distance to a place beside each system, in ``miles``; EPSG:4326.

    It is counted from the nearest point of what is known of a system to the place's outline: 0 inside,
    missing where a system has no place on the map.

    Examples
    --------
    >>> points = [shapely.Point(-116.1, 33.5), shapely.Point(-116, 33.5), None]
    >>> systems = gpd.GeoDataFrame({"pwsid": ["A", "B", "C"]}, geometry=points, crs="EPSG:4326")
    >>> with_miles(systems, shapely.box(-116.2, 33.4, -116.05, 33.6), "EPSG:26911")["miles"].round(1).tolist()
    [0.0, 2.9, nan]
    """
    miles = miles_to(systems, place, length_crs)
    return systems.assign(**{MILES: miles.to_numpy(dtype=float)})


def systems_inside(
    systems: gpd.GeoDataFrame, shape: shapely.Geometry, area_crs: str, least: float = LEAST_IN_COMMON
) -> NDArray[np.bool_]:
    """Tell which systems lie inside an outline, or reach into it by more than a sliver.

    Parameters
    ----------
    systems
        EPSG:4326; one without a place is not inside.
    shape
        Polygon in degrees (EPSG:4326).
    area_crs
        An equal-area CRS in meters.

    Examples
    --------
    >>> places = [shapely.Point(-116.1, 33.5), shapely.Point(-115, 33), None]
    >>> systems = gpd.GeoDataFrame(geometry=places, crs="EPSG:4326")
    >>> systems_inside(systems, shapely.box(-116.2, 33.4, -116, 33.6), "EPSG:3310").tolist()
    [True, False, False]
    """
    require_crs(systems)
    found = np.zeros(len(systems), dtype=bool)
    near = np.sort(systems.sindex.query(shape, predicate="intersects"))
    area = repair_shapes(gpd.GeoSeries([shape], crs=STORED).to_crs(area_crs))[0].iloc[0]
    shapes = np.asarray(repair_shapes(systems.iloc[near].geometry.to_crs(area_crs))[0])
    smaller = np.minimum(shapely.area(shapes), shapely.area(area))
    common = shapely.area(shapely.intersection(shapes, area))
    found[near] = (smaller == 0) | (common > least * smaller)
    return found
