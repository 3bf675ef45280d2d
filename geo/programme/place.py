"""Where an event is: a place that is known by name, or a point as somebody writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORED, require_crs
from geo.errors import SchemaError
from geo.language import gettext as _
from geo.tracts.names import tract_title

Point = tuple[float, float]
Spot = Point | str
"""A point, or the GEOID of a tract (2010) where no more is known."""


def read_point(text: str) -> Point | None:
    """Read latitude and longitude in degrees as maps write them; None where there is nothing.

    Returns
    -------
    tuple
        Longitude and latitude, EPSG:4326.

    Raises
    ------
    SchemaError
        It is something else.

    Examples
    --------
    >>> read_point("33.5712, -116.0766"), read_point(" ")
    ((-116.0766, 33.5712), None)
    """
    if not text.strip():
        return None
    numbers = re.findall(r"[-+]?\d+(?:\.\d+)?", text)
    rest = re.sub(r"[-+\d.,;\s°]", "", text)
    if len(numbers) == 2 and not rest:
        latitude, longitude = map(float, numbers)
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return longitude, latitude
    raise SchemaError(
        _("{text!r} is no point").format(text=text),
        _("write latitude and longitude in degrees, as 33.5712, -116.0766; nothing was written"),
    )


def write_point(longitude: float, latitude: float) -> str:
    """Write a point as :func:`read_point` reads it.

    Examples
    --------
    >>> write_point(-116.07661, 33.5712)
    '33.57120, -116.07661'
    """
    return f"{latitude:.5f}, {longitude:.5f}"


def point_frame(text: str) -> gpd.GeoDataFrame:
    """Lay a point as somebody writes it out for a map: one row with ``event``; none where it is no point.

    Examples
    --------
    >>> point_frame("33.5, -116").geometry.to_wkt().tolist(), len(point_frame("Mecca"))
    (['POINT (-116 33.5)'], 0)
    """
    try:
        point = read_point(text)
    except SchemaError:
        point = None
    shapes = [] if point is None else [shapely.Point(point)]
    return gpd.GeoDataFrame({"event": ["new"] * len(shapes)}, geometry=shapes, crs=STORED)


def known_tracts(geoids: Iterable[str]) -> dict[str, Spot]:
    """Name tracts, for an event of which no more is known than its tract.

    Examples
    --------
    >>> known_tracts(["06065045303"])
    {'Tract 453.03 (no more is known)': '06065045303'}
    """
    words = _("{tract} (no more is known)")
    return {words.format(tract=tract_title(str(geoid))): str(geoid) for geoid in sorted(geoids)}


def known_places(events: pd.DataFrame, frames: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Spot]:
    """List places with a point, by name: first those of earlier events, then named shapes.

    Parameters
    ----------
    events
        ``place``, ``longitude``, ``latitude`` (degrees, EPSG:4326), the newest last.
    frames
        By kind, in EPSG:4326, with ``name``; the kind stands behind the name.

    Examples
    --------
    >>> events = pd.DataFrame({"place": ["Library"], "longitude": [-116.1], "latitude": [33.6]})
    >>> known_places(events, {})
    {'Library': (-116.1, 33.6)}
    """
    placed = events.dropna(subset=["longitude", "latitude"])
    placed = placed[placed["place"].astype(str) != ""]
    columns = (
        placed["place"].astype(str),
        placed["longitude"].astype(float),
        placed["latitude"].astype(float),
    )
    found: dict[str, Spot] = {name: (x, y) for name, x, y in zip(*columns, strict=True)}
    found = dict(sorted(found.items()))
    for kind, frame in frames.items():
        require_crs(frame)
        kept = frame[frame["name"].notna() & frame.geometry.notna()].sort_values("name")
        points = kept.geometry.representative_point()
        for name, x, y in zip(kept["name"].astype(str), points.x.tolist(), points.y.tolist(), strict=True):
            found.setdefault(f"{name} ({kind})", (x, y))
    return found
