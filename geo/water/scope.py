"""Which of a region's systems come into question for being joined to the receiving district."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.crs import require_crs
from geo.language import mark as N_

# The 2024 method's own limits: a joining system has 1,000 connections at most, a route 3 miles.
MOST_CONNECTIONS = 1000
MOST_MILES = 3.0
METRES_PER_MILE = 1609.344
HOMES = ("community", "state_small", "unknown")
SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "near": N_("Small systems near the district"),
        "small": N_("All small systems"),
        "all": N_("All systems"),
    }
)


def miles_to(systems: gpd.GeoDataFrame, boundary: BaseGeometry, length_crs: str) -> pd.Series[float]:
    """Straight-line distance of each system to a boundary in miles; 0 inside, NA without a place.

    Parameters
    ----------
    systems
        ``pwsid`` and geometry, in EPSG:4326.
    boundary
        In EPSG:4326.
    length_crs
        A projected CRS in metres.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[Point(-116, 33.5), None], crs=4326)
    >>> miles_to(parks, box(-116.1, 33.4, -115.9, 33.6), "EPSG:26911").tolist()
    [0.0, nan]
    """
    require_crs(systems)
    edge = gpd.GeoSeries([boundary], crs=systems.crs).to_crs(length_crs).item()
    metres = systems.geometry.to_crs(length_crs).distance(edge)
    return pd.Series(metres.to_numpy() / METRES_PER_MILE, index=pd.Index(systems["pwsid"]), name="miles")


def in_scope(systems: pd.DataFrame, miles: pd.Series[float] | None, scope: str) -> pd.Series[bool]:
    """Tell which systems a scope holds.

    A small system is no receiver, has at most 1,000 connections or an unknown number, and serves homes or is
    of an unknown class.

    Parameters
    ----------
    systems
        ``pwsid``, ``connections``, ``system_class``, ``is_receiver``.
    miles
        By pwsid, as of :func:`miles_to`; None where there is no receiving district: all count as near.
    scope
        A key of :data:`SCOPES`.

    Examples
    --------
    >>> systems = pd.DataFrame({"pwsid": ["a", "b", "c"], "connections": [12, 90_000, None],
    ...     "system_class": ["community"] * 3, "is_receiver": [False, True, False]})
    >>> in_scope(systems, pd.Series({"a": 2.0, "b": 0.0, "c": 9.0}), "near").tolist()
    [True, False, False]
    """
    if scope == "all":
        return pd.Series(True, index=systems.index)
    few = systems["connections"].isna() | systems["connections"].le(MOST_CONNECTIONS).fillna(True)
    small = (few & ~systems["is_receiver"] & systems["system_class"].isin(HOMES)).astype(bool)
    if scope == "small" or miles is None:
        return small
    away = systems["pwsid"].map(miles)
    return small & (away.isna() | away.le(MOST_MILES)).astype(bool)
