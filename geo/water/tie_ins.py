"""Where a pipe may start: the mains and tie-in points that staff recorded, and what to do where none is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import STORED, require_crs, require_projected
from geo.errors import GeometryError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.water.receiver import HALF_STREET_M, METERS_PER_MILE, MOST_MILES, BoundaryChoice

TIE_INS = "tie_ins"
TIE_INS_KIND = N_("Recorded mains and tie-in points")
POINTS, LINES = ("Point", "MultiPoint"), ("LineString", "MultiLineString")
LEAST_M = 1.0


def tie_in_choice(count: int) -> BoundaryChoice:
    """Make the choice of the recorded mains and tie-in points; they have no area.

    Examples
    --------
    >>> tie_in_choice(2).title
    '2 recorded'
    """
    title = ngettext("{count} recorded", "{count} recorded", count).format(count=count)
    return BoundaryChoice(TIE_INS, title, TIE_INS_KIND, "", math.nan, None, TIE_INS)


def require_tie_in(shape: BaseGeometry) -> None:
    """Raise unless a shape is a point or a line in degrees.

    Raises
    ------
    GeometryError
        It is an area, empty, or not in degrees (EPSG:4326).

    Examples
    --------
    >>> require_tie_in(shapely.Point(-116.1, 33.5))
    """
    if shape is None or shape.is_empty or shape.geom_type not in (*POINTS, *LINES):
        raise GeometryError(
            _("a main is a line, and a tie-in a point"), _("draw a line or a point; nothing was written")
        )
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise GeometryError(_("it is not in degrees (EPSG:4326)"), _("give latitudes and longitudes"))


def reach_of_tie_ins(shapes: gpd.GeoSeries, length_crs: str) -> gpd.GeoDataFrame:
    """Return all that lies within half a street (15 m) of a recorded main or tie-in, in EPSG:4326.

    Parameters
    ----------
    shapes
        Points and lines in EPSG:4326.
    length_crs
        A projected CRS in meters.

    Examples
    --------
    >>> one = gpd.GeoSeries([shapely.Point(-116, 33.5)], crs=4326)
    >>> round(reach_of_tie_ins(one, "EPSG:26911").to_crs(26911).area.item())
    706
    """
    require_crs(shapes)
    shape = shapes.to_crs(length_crs).buffer(HALF_STREET_M).union_all()
    return gpd.GeoDataFrame({"boundary_id": [TIE_INS]}, geometry=[shape], crs=length_crs).to_crs(STORED)


def near_tie_ins(systems: gpd.GeoDataFrame, shapes: gpd.GeoSeries, length_crs: str) -> pd.Series[bool]:
    """Tell which systems lie within 3 miles of a recorded main or tie-in, as far as the State's routes reach.

    Parameters
    ----------
    systems
        ``pwsid`` and geometry in EPSG:4326; one without a place is not near.
    shapes
        Points and lines in EPSG:4326.

    Examples
    --------
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[shapely.Point(-116, 33.51), None], crs=4326)
    >>> near_tie_ins(parks, gpd.GeoSeries([shapely.Point(-116, 33.5)], crs=4326), "EPSG:26911").to_dict()
    {'a': True, 'b': False}
    """
    require_crs(systems)
    reach = shapes.to_crs(length_crs).union_all()
    meters = systems.geometry.to_crs(length_crs).distance(reach)
    near = meters.le(MOST_MILES * METERS_PER_MILE).fillna(False).to_numpy(bool)
    return pd.Series(near, index=pd.Index(systems["pwsid"]))


def ways_from_tie_ins(
    to_tie_ins: gpd.GeoDataFrame, to_boundary: gpd.GeoDataFrame, near: pd.Series[bool]
) -> gpd.GeoDataFrame:
    """Take each system's way to the recorded tie-ins where one is near, else to the boundary.

    Parameters
    ----------
    to_tie_ins, to_boundary
        As of :func:`geo.water.routes.measure_ways`.
    near
        As of :func:`near_tie_ins`.

    Examples
    --------
    >>> one, two = (gpd.GeoDataFrame({"distance_ft": [feet] * 2}, geometry=[None] * 2, index=["a", "b"],
    ...     crs=4326) for feet in (5.0, 9.0))
    >>> ways_from_tie_ins(one, two, pd.Series({"a": True, "b": False}))["distance_ft"].tolist()
    [5.0, 9.0]
    """
    ways = to_boundary.copy()
    chosen = near.reindex(ways.index).fillna(False).to_numpy(bool)
    ways.loc[chosen] = to_tie_ins.reindex(ways.index).loc[chosen]
    return ways


def start_among(systems: gpd.GeoDataFrame) -> tuple[str, BaseGeometry]:
    """Choose the system that a main is brought to, where chosen systems are joined with one another.

    That is the one with the most people, then the most connections. How long the pipes between the systems
    are does not depend on it: the network joins all of them.

    Parameters
    ----------
    systems
        Index pwsid, ``population`` and ``connections``, in a projected CRS in meters.

    Returns
    -------
    tuple
        Its PWSID, and its shape as an area.

    Examples
    --------
    >>> parks = gpd.GeoDataFrame({"population": [90.0, 300.0], "connections": [30.0, 80.0]},
    ...     geometry=[shapely.Point(0, 0), shapely.Point(0, 100)], index=["a", "b"], crs=26911)
    >>> start_among(parks)[0]
    'b'
    """
    require_projected(systems)
    sizes = systems[["population", "connections"]].astype("Float64").fillna(0.0)
    pwsid = str(sizes.sort_values(["population", "connections"], kind="stable").index[-1])
    shape = systems.geometry.loc[pwsid]
    return pwsid, shape if shape.geom_type.endswith("Polygon") else shape.buffer(LEAST_M)


def shapes_from_text(texts: Sequence[str]) -> gpd.GeoSeries:
    """Read shapes as they were recorded, GeoJSON geometries in EPSG:4326.

    Examples
    --------
    >>> shapes_from_text(['{"type": "Point", "coordinates": [-116, 33.5]}']).iloc[0].wkt
    'POINT (-116 33.5)'
    """
    return gpd.GeoSeries([shapely.from_geojson(text) for text in texts], crs=STORED)
