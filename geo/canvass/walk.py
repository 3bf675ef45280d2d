"""A turf as it is walked: its blocks in order, the way between them, its length and hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.canvass.codes import is_group
from geo.canvass.turf_plan import MINUTES_PER_DOOR, with_hours
from geo.canvass.walk_order import order_stops
from geo.crs import STORED
from geo.language import gettext as _

NOT_WALKED = ("primary",)
AROUND_M = 200.0
LONG_HOURS = 24.0


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
    landmarks
        What else one can go by, with ``name``: bus lines and stops, parks; in the same CRS.
    empty
        Blocks of the turf without doors, which nobody needs to walk to, in the same CRS.
    length_km, hours_between
        Of the way between blocks.
    hours_inside
        At the doors, and from door to door within the blocks: what the table of turfs says.
    minutes_per_door
        Time at a door that the hours are made with.
    """

    code: str
    stops: gpd.GeoDataFrame
    path: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    length_km: float
    hours_inside: float
    hours_between: float
    minutes_per_door: float
    landmarks: gpd.GeoDataFrame
    empty: gpd.GeoSeries

    @property
    def hours(self) -> float:
        """Hours of knocking and between them."""
        return self.hours_inside + self.hours_between

    @property
    def doors(self) -> int:
        """Doors of all blocks."""
        return int(self.stops["doors"].sum())

    @property
    def of_groups(self) -> bool:
        """Whether its stops are block groups, where no source gives blocks."""
        return bool(self.stops["unit"].map(is_group).all())


def plan_walk(
    code: str,
    units: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame | None = None,
    landmarks: gpd.GeoDataFrame | None = None,
    *,
    minutes_per_door: float = MINUTES_PER_DOOR,
) -> Walk:
    """Order a turf's blocks so that little is walked between them; blocks without doors are passed by.

    Parameters
    ----------
    code
        Of the turf.
    units
        Its blocks with ``doors``, in a projected CRS (m).
    roads
        Streets with ``road_class`` and ``name``, in any CRS; motorways are not walked. Without roads ways are
        straight lines with a detour.
    landmarks
        Lines and points with ``name`` for the map, in any CRS.
    minutes_per_door
        Time at a door, as the turf was cut with.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(i * 100, 0, i * 100 + 100, 100) for i in (0, 2, 1)]
    >>> doors = {"doors": [1.0, 1.0, 1.0]}
    >>> units = gpd.GeoDataFrame(doors, geometry=squares, index=list("acb"), crs="EPSG:3310")
    >>> plan_walk("TA0001M", units).stops["unit"].tolist() in (["a", "b", "c"], ["c", "b", "a"])
    True
    """
    near = _near(units, roads, ["road_class", "name"])
    walked = near[~near["road_class"].isin(NOT_WALKED)]
    housed = units[units["doors"] > 0] if (units["doors"] > 0).any() else units
    order = order_stops(housed, roads=walked if len(walked) else None)
    inside = with_hours(housed, minutes_per_door)["hours"].sum()
    path = gpd.GeoDataFrame({"code": [code]}, geometry=[order.path], crs=units.crs).to_crs(STORED)
    return Walk(
        code,
        _stops(housed.loc[order.stops]),
        path,
        near,
        round(order.length_m / 1000, 1),
        round(float(inside), 1),
        round(order.hours, 1),
        minutes_per_door,
        _near(units, landmarks, ["name"]),
        gpd.GeoSeries(units.geometry[~units.index.isin(housed.index)]),
    )


def _stops(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the blocks numbered from 1 in their order, with the point where each is drawn."""
    points = gpd.GeoSeries(units.geometry.representative_point(), crs=units.crs).to_crs(STORED)
    stops = gpd.GeoDataFrame(units[["doors", "geometry"]]).assign(
        unit=units.index.astype(str), longitude=points.x.round(6), latitude=points.y.round(6)
    )
    return stops.set_index(pd.RangeIndex(1, len(stops) + 1, name="stop"))


def walk_words(walk: Walk) -> str:
    """Say how long a walk is, in whole hours where it is longer than a day's.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [6.0]}, geometry=[box(0, 0, 9, 9)], index=["a"], crs="EPSG:3310")
    >>> walk_words(plan_walk("TA0001M", units))
    'Blocks: 1. Doors: 6. Between blocks: 0.0 km. About 0.5 hours at 5 minutes a door, walking included.'
    """
    words = (
        _("Block groups: {units}. Doors: {doors}. Between their middles: {length} km.")
        if walk.of_groups
        else _("Blocks: {units}. Doors: {doors}. Between blocks: {length} km.")
    )
    told = words.format(units=len(walk.stops), doors=f"{walk.doors:,}", length=f"{walk.length_km:,.1f}")
    hours = f"{walk.hours:,.{1 if walk.hours < LONG_HOURS else 0}f}"
    lasts = _("About {hours} hours at {minutes} minutes a door, walking included.").format(
        hours=hours, minutes=f"{walk.minutes_per_door:g}"
    )
    return f"{told} {lasts}"


def walks_table(walks: Sequence[Walk]) -> pd.DataFrame:
    """Tell the stops, doors, km and hours of walks, a row a turf.

    ``hours_inside`` are those of the table of turfs, ``hours`` those with the way between blocks.

    Examples
    --------
    >>> walks_table([]).columns.tolist()
    ['stops', 'doors', 'length_km', 'hours_inside', 'hours_between', 'hours']
    """
    columns = ["turf", "stops", "doors", "length_km", "hours_inside", "hours_between", "hours"]
    rows = [
        (
            walk.code,
            len(walk.stops),
            walk.doors,
            walk.length_km,
            walk.hours_inside,
            walk.hours_between,
            walk.hours,
        )
        for walk in walks
    ]
    return pd.DataFrame(rows, columns=columns).set_index("turf")


def _near(units: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame | None, columns: list[str]) -> gpd.GeoDataFrame:
    """Keep what lies within 200 m of the units, in their CRS."""
    if shapes is None:
        return gpd.GeoDataFrame({name: [] for name in columns}, geometry=[], crs=units.crs)
    here = shapes.to_crs(str(units.crs))
    area = units.geometry.union_all().buffer(AROUND_M)
    return gpd.GeoDataFrame(here.loc[here.intersects(area), [*columns, "geometry"]])
