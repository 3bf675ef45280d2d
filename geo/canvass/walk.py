"""A turf as it is walked: its blocks in order, the way between them, its length and hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.canvass.codes import is_group
from geo.canvass.stretches import geoid_of, read_stretch
from geo.canvass.turf_plan import MINUTES_PER_DOOR, with_hours
from geo.canvass.walk_order import WALKING_KMH, order_stops
from geo.crs import STORED
from geo.language import gettext as _

NOT_WALKED = ("primary",)
LOCAL = "local"
AROUND_M = 200.0
ALONG_M = 20.0
RIM_M = 0.5
STREETS_AT_MOST = 3
KM_A_MILE = 1.609344
LONG_HOURS = 24.0


@dataclass(frozen=True, eq=False)
class Walk:
    """One turf as it is walked.

    Attributes
    ----------
    code
        Of the turf.
    stops
        Blocks in order, on ``stop`` from 1: ``unit``, ``doors``, ``where`` (the park's name, else the streets
        around it), ``longitude``, ``latitude`` (EPSG:4326), ``spot`` (where its number is drawn) and
        the block's shape, both in the projected CRS of the units.
    path
        The way from the first stop to the last, one line in EPSG:4326.
    back
        The way from the last stop, where it is a stretch from its last door, back to the first, where the
        car stands; the same.
    edge
        The edge of the turf, one shape in the CRS of the stops.
    sides
        Of stops that are a stretch of a block: the side along which their doors lie, from the first door to
        the last, by unit, in the CRS of the stops; lines.
    streets
        Streets near, in the CRS of the stops; empty where no source gave any.
    landmarks
        What else one can go by, with ``name``: bus lines and stops, parks; in the same CRS.
    empty
        Blocks of the turf without doors, which nobody needs to walk to, in the same CRS.
    length_km, hours_between
        Of the way between blocks and back to the first.
    hours_inside
        At the doors, and from door to door within the blocks: what the table of turfs says.
    minutes_per_door
        Time at a door that the hours are made with.
    """

    code: str
    stops: gpd.GeoDataFrame
    path: gpd.GeoDataFrame
    back: gpd.GeoDataFrame
    edge: gpd.GeoSeries
    sides: gpd.GeoSeries
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
    def length_miles(self) -> float:
        """Way between blocks and back, in miles."""
        return round(self.length_km / KM_A_MILE, 1)

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
    blocks: gpd.GeoSeries | None = None,
) -> Walk:
    """Order a turf's blocks so that little is walked between them and back to the car.

    Blocks without doors are passed by. The walk is a round; it begins at the stop nearest to a road that
    is no local street, where a car gets to first, or at the first one where all are local.

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
        Lines and points with ``name`` for the map, in any CRS; ``park_of`` is the block in which one lies
        that is a park of homes.
    minutes_per_door
        Time at a door, as the turf was cut with.
    blocks
        Shapes of whole blocks by GEOID in the CRS of ``units``: with them a stretch of a block is walked
        along the side of the block on which its doors lie.

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
    housed = _entrance_first(housed, near)
    sides = find_sides(housed.geometry, blocks)
    points = housed.geometry.representative_point()
    points.loc[sides.index] = sides.interpolate(0.0)
    order = order_stops(
        gpd.GeoDataFrame(geometry=points, crs=units.crs), roads=walked if len(walked) else None, back=True
    )
    inside = with_hours(housed, minutes_per_door)["hours"].sum()
    there, back = _split(order.path, points.loc[order.stops[-1]])
    # Who walked along the last side stands at its end: from there the way back begins.
    last = sides.get(order.stops[-1])
    back = back if last is None else LineString([*last.reverse().coords, *back.coords])
    further = 0.0 if last is None else float(last.length)
    parks = _near(units, landmarks, ["name"])
    return Walk(
        code,
        _stops(housed.loc[order.stops], gpd.GeoSeries(points.loc[order.stops]), near, parks),
        _line(code, there, units),
        _line(code, back, units),
        gpd.GeoSeries([units.geometry.union_all()], crs=units.crs),
        sides,
        near,
        round((order.length_m + further) / 1000, 1),
        round(float(inside), 1),
        round(order.hours + further / 1000 / WALKING_KMH, 1),
        minutes_per_door,
        parks,
        gpd.GeoSeries(units.geometry[~units.index.isin(housed.index)]),
    )


def find_sides(shapes: gpd.GeoSeries, blocks: gpd.GeoSeries | None) -> gpd.GeoSeries:
    """Find the side of a block along which the doors of a stretch lie, in the order of the doors.

    Doors are counted clockwise. What is a whole block, or a stretch of one that is not among ``blocks``,
    has none.

    Parameters
    ----------
    shapes
        Of units and stretches by name, in a projected CRS (m).
    blocks
        Of whole blocks by GEOID, in the same CRS.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> block = gpd.GeoSeries([box(0, 0, 90, 90)], index=["b"], crs="EPSG:3310")
    >>> quarter = gpd.GeoSeries([box(45, 45, 90, 90)], index=["b-1-1-4"], crs="EPSG:3310")
    >>> side = find_sides(quarter, block)["b-1-1-4"]
    >>> side.interpolate(30).coords[0], side.interpolate(60).y < 90, round(side.length)
    ((74.5, 90.0), True, 91)
    """
    found: dict[str, BaseGeometry] = {}
    for name, shape in shapes.items():
        item = read_stretch(str(name))
        if not item.of or blocks is None or item.unit not in blocks.index:
            continue
        whole = blocks.loc[item.unit]
        rim = whole.exterior if isinstance(whole, Polygon) else whole.boundary
        along = shapely.line_merge(shape.boundary.intersection(rim.buffer(RIM_M)))
        lines = [line for line in shapely.get_parts(along) if line.geom_type == "LineString"]
        if lines:
            found[str(name)] = _clockwise(max(lines, key=shapely.length), whole.centroid)
    return gpd.GeoSeries(list(found.values()), index=pd.Index(list(found), dtype="object"), crs=shapes.crs)


def _clockwise(line: BaseGeometry, middle: Point) -> BaseGeometry:
    corners = shapely.get_coordinates(line) - (middle.x, middle.y)
    turned = (corners[:-1, 0] * corners[1:, 1] - corners[:-1, 1] * corners[1:, 0]).sum()
    return line.reverse() if turned > 0 else line


def _entrance_first(units: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the unit first that lies nearest to a road which is no local street."""
    through = roads[roads["road_class"].notna() & (roads["road_class"] != LOCAL)]
    if through.empty:
        return units
    away = units.geometry.distance(through.geometry.union_all()).to_numpy()
    first = int(away.argmin())
    return gpd.GeoDataFrame(units.iloc[[first, *(place for place in range(len(units)) if place != first)]])


def _split(path: LineString, last: Point) -> tuple[LineString, LineString]:
    """Split a round at its last stop: the way there, and the way back."""
    corners = list(path.coords)
    end = max(place for place, corner in enumerate(corners) if corner == last.coords[0])
    # A line needs two corners: a walk of one stop stays where it is.
    return LineString([*corners[: end + 1], corners[end]]), LineString([corners[end], *corners[end:]])


def _line(code: str, line: LineString, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": [code]}, geometry=[line], crs=units.crs).to_crs(STORED)


def _stops(
    units: gpd.GeoDataFrame, spots: gpd.GeoSeries, streets: gpd.GeoDataFrame, landmarks: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the blocks numbered from 1 in their order, with the point where each is drawn."""
    points = spots.to_crs(STORED)
    known = landmarks[landmarks["park_of"].notna()] if "park_of" in landmarks else landmarks.iloc[:0]
    parks = (
        {str(block): part["name"].dropna() for block, part in known.groupby("park_of")} if len(known) else {}
    )
    where = [
        ", ".join(dict.fromkeys(map(str, parks[geoid_of(str(unit))])))
        if geoid_of(str(unit)) in parks
        else _streets_along(shape, streets)
        for unit, shape in units.geometry.items()
    ]
    stops = gpd.GeoDataFrame(units[["doors", "geometry"]]).assign(
        unit=units.index.astype(str),
        where=where,
        spot=spots.to_numpy(),
        longitude=points.x.round(6),
        latitude=points.y.round(6),
    )
    return stops.set_index(pd.RangeIndex(1, len(stops) + 1, name="stop"))


def _streets_along(shape: BaseGeometry, streets: gpd.GeoDataFrame) -> str:
    """Name the streets along a block's edge, the longest first; empty where none is known."""
    named = streets[streets["name"].notna()]
    along = named.geometry.intersection(shape.buffer(ALONG_M)).length
    longest = along.groupby(named["name"].astype(str)).sum().sort_values(ascending=False, kind="stable")
    return ", ".join(longest.index[longest > 2 * ALONG_M][:STREETS_AT_MOST])


def walk_words(walk: Walk) -> str:
    """Say how long a walk is, in whole hours where it is longer than a day's.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [6.0]}, geometry=[box(0, 0, 9, 9)], index=["a"], crs="EPSG:3310")
    >>> walk_words(plan_walk("TA0001M", units))  # doctest: +NORMALIZE_WHITESPACE
    'Blocks: 1. Doors: 6. Between blocks and back to the start: 0.0 miles. About 0.5 hours
     at 5 minutes a door, walking included.'
    """
    words = (
        _("Block groups: {units}. Doors: {doors}. Between their middles and back: {length} miles.")
        if walk.of_groups
        else _("Blocks: {units}. Doors: {doors}. Between blocks and back to the start: {length} miles.")
    )
    told = words.format(units=len(walk.stops), doors=f"{walk.doors:,}", length=f"{walk.length_miles:,.1f}")
    hours = f"{walk.hours:,.{1 if walk.hours < LONG_HOURS else 0}f}"
    lasts = _("About {hours} hours at {minutes} minutes a door, walking included.").format(
        hours=hours, minutes=f"{walk.minutes_per_door:g}"
    )
    return f"{told} {lasts}"


def walks_table(walks: Sequence[Walk]) -> pd.DataFrame:
    """Tell the stops, doors, miles and hours of walks, a row a turf.

    ``hours_inside`` are those of the table of turfs, ``hours`` those with the way between blocks.

    Examples
    --------
    >>> walks_table([]).columns.tolist()
    ['stops', 'doors', 'length_mi', 'hours_inside', 'hours_between', 'hours']
    """
    columns = ["turf", "stops", "doors", "length_mi", "hours_inside", "hours_between", "hours"]
    rows = [
        (
            walk.code,
            len(walk.stops),
            walk.doors,
            walk.length_miles,
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
    known = [name for name in (*columns, "park_of") if name in here]
    return gpd.GeoDataFrame(here.loc[here.intersects(area), [*known, "geometry"]])
