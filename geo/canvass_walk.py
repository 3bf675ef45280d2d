"""A turf as it is walked: its blocks in order, the way between them, its length and hours."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.language import gettext as _
from geo.walk_order import order_stops

MINUTES_PER_DOOR = 5.0
NOT_WALKED = ("primary",)


@dataclass(frozen=True, eq=False)
class Walk:
    """One turf as it is walked.

    Attributes
    ----------
    code
        Of the turf.
    stops
        Blocks in order, on ``stop`` from 1: ``unit``, ``doors``, ``longitude``, ``latitude`` (EPSG:4326) and
        the block's shape in the projected CRS of the units.
    path
        The way, one line in EPSG:4326.
    streets
        Streets near, in the CRS of the stops; empty where no source gave any.
    length_km, hours
        Of the way between blocks; hours with 5 minutes at every door.
    """

    code: str
    stops: gpd.GeoDataFrame
    path: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    length_km: float
    hours: float

    @property
    def doors(self) -> int:
        """Doors of all blocks."""
        return int(self.stops["doors"].sum())


def plan_walk(code: str, units: gpd.GeoDataFrame, roads: gpd.GeoDataFrame | None = None) -> Walk:
    """Order a turf's blocks so that little is walked between them.

    Parameters
    ----------
    code
        Of the turf.
    units
        Its blocks with ``doors``, in a projected CRS (m).
    roads
        Streets with ``road_class`` and ``name``, in any CRS; motorways are not walked. Without roads ways are
        straight lines with a detour.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(i * 100, 0, i * 100 + 100, 100) for i in (0, 2, 1)]
    >>> doors = {"doors": [1.0, 1.0, 1.0]}
    >>> units = gpd.GeoDataFrame(doors, geometry=squares, index=list("acb"), crs="EPSG:3310")
    >>> plan_walk("TA0001M", units).stops["unit"].tolist() in (["a", "b", "c"], ["c", "b", "a"])
    True
    """
    near = _streets(units, roads)
    walked = near[~near["road_class"].isin(NOT_WALKED)]
    order = order_stops(
        units, roads=walked if len(walked) else None, doors="doors", minutes_per_door=MINUTES_PER_DOOR
    )
    stops = gpd.GeoDataFrame(units.loc[order.stops, ["doors", "geometry"]])
    points = gpd.GeoSeries(stops.geometry.representative_point(), crs=units.crs).to_crs(STORED)
    stops = stops.assign(
        unit=stops.index.astype(str), longitude=points.x.round(6), latitude=points.y.round(6)
    )
    stops = stops.set_index(pd.RangeIndex(1, len(stops) + 1, name="stop"))
    path = gpd.GeoDataFrame({"code": [code]}, geometry=[order.path], crs=units.crs).to_crs(STORED)
    return Walk(code, stops, path, near, round(order.length_m / 1000, 1), round(order.hours, 1))


def walk_words(walk: Walk) -> str:
    """Say how long a walk is.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [6.0]}, geometry=[box(0, 0, 9, 9)], index=["a"], crs="EPSG:3310")
    >>> walk_words(plan_walk("TA0001M", units))
    '1 blocks, 6 doors. 0.0 km between blocks, about 0.5 hours at 5 minutes a door.'
    """
    return _(
        "{blocks} blocks, {doors} doors. {length} km between blocks, about {hours} hours at 5 minutes a door."
    ).format(
        blocks=len(walk.stops),
        doors=f"{walk.doors:,}",
        length=f"{walk.length_km:.1f}",
        hours=f"{walk.hours:.1f}",
    )


def _streets(units: gpd.GeoDataFrame, roads: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    if roads is None:
        return gpd.GeoDataFrame({"road_class": [], "name": []}, geometry=[], crs=units.crs)
    here = roads.to_crs(str(units.crs))
    area = units.geometry.union_all().buffer(200.0)
    return gpd.GeoDataFrame(here.loc[here.intersects(area), ["road_class", "name", "geometry"]])
