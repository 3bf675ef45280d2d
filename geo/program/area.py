"""Where a program works, and where an event is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORED, require_crs
from geo.errors import SchemaError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.declaration import AreaOption, Program
from geo.region import Bounds, Region
from geo.tracts.names import tract_title

LAST_RESORT = N_("The program's own area is not among this region's data: the whole study area stands in.")
BY_HAND = N_("The program's area was drawn by hand on this page: it stands in for the official boundary.")
Load = Callable[[str], "gpd.GeoDataFrame | None"]


@dataclass(frozen=True, slots=True)
class Area:
    """A program's area, in EPSG:4326; ``stand_in`` says why it is not the true one, empty where it is.

    ``datasets`` are those that it comes from; ``parts`` the names and shapes that it is made of, empty where
    it is one.
    """

    title: str
    shape: shapely.Geometry
    stand_in: str = ""
    datasets: tuple[str, ...] = ()
    parts: tuple[tuple[str, shapely.Geometry], ...] = ()

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in degrees."""
        west, south, east, north = shapely.bounds(self.shape).tolist()
        return west, south, east, north

    def frame(self) -> gpd.GeoDataFrame:
        """Return a row a part with ``area_id`` and ``name``, in EPSG:4326."""
        parts = self.parts or ((self.title, self.shape),)
        names, shapes = (list(column) for column in zip(*parts, strict=True))
        ids = [f"area{place}" for place in range(len(parts))]
        return gpd.GeoDataFrame({"area_id": ids, "name": names}, geometry=shapes, crs=STORED)

    def has(self, longitude: float, latitude: float) -> bool:
        """Whether a point (degrees) lies in it."""
        return bool(shapely.intersects_xy(self.shape, longitude, latitude))


def find_area(program: Program, region: Region, load: Load, added: gpd.GeoDataFrame | None = None) -> Area:
    """Find a program's area: an added boundary, else the first option that is there.

    Parameters
    ----------
    load
        Gives a dataset's frame (EPSG:4326) by name, or None where it is not built.
    added
        Boundaries that somebody added, in EPSG:4326, with ``name``, and ``drawn`` where some were drawn by
        hand; they go before everything else.
    """
    if added is not None and len(added):
        require_crs(added)
        by_hand = "drawn" in added.columns and bool(added["drawn"].any())
        return Area(", ".join(added["name"].astype(str)), added.union_all(), _(BY_HAND) if by_hand else "")
    for option in program.areas:
        found = _try(option, region, load)
        if found is not None:
            return found
    shape, title = _windows(region, load)
    return Area(title, shape, _(LAST_RESORT), ("tracts_2010",))


def region_area(region: Region, load: Load) -> Area:
    """Return the whole of where the organization works: the tracts in the region's windows."""
    shape, title = _windows(region, load)
    return Area(title, shape, "", ("tracts_2010",))


def inside(shapes: gpd.GeoDataFrame, area: Area) -> gpd.GeoDataFrame:
    """Keep the shapes whose representative point lies in the area; both in EPSG:4326."""
    require_crs(shapes)
    points = shapes.geometry.representative_point()
    return shapes[shapely.intersects_xy(area.shape, points.x.to_numpy(), points.y.to_numpy())]


def _try(option: AreaOption, region: Region, load: Load) -> Area | None:
    if option.region and option.region != region.key:
        return None
    stand_in = _(option.stand_in) if option.stand_in else ""
    if option.focus:
        shape, title = _windows(region, load)
        return Area(title, shape, stand_in, ("tracts_2010",))
    if not _rows(option, load):
        return None
    parts = [part for item in (option, *option.also) for part in _rows(item, load)]
    names, shapes = zip(*parts, strict=True)
    datasets = tuple(item.dataset for item in (option, *option.also) if _rows(item, load))
    return Area(", ".join(names), shapely.union_all(shapes), stand_in, datasets, tuple(parts))


def _rows(option: AreaOption, load: Load) -> list[tuple[str, shapely.Geometry]]:
    frame = load(option.dataset)
    if frame is None:
        return []
    rows = frame[frame[option.column].isin(option.values)]
    return list(zip(rows["name"].astype(str), rows.geometry, strict=True))


def _windows(region: Region, load: Load) -> tuple[shapely.Geometry, str]:
    """Tracts whose representative point lies in a window of the region; the windows where there are none."""
    boxes = shapely.union_all([shapely.box(*focus.bounds) for focus in region.focus])
    title = ", ".join(_(focus.title) for focus in region.focus)
    tracts = load("tracts_2010")
    if tracts is None:
        return boxes, title
    kept = inside(tracts, Area(title, boxes))
    return (kept.union_all() if len(kept) else boxes), title


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


def places_outside(known: Mapping[str, Spot], area: Area) -> frozenset[str]:
    """Name the known places whose point lies outside of an area; of a tract no point is known.

    Examples
    --------
    >>> area = Area("Here", shapely.box(-117, 33, -116, 34))
    >>> places_outside({"Far": (-100.0, 33.5), "Near": (-116.5, 33.5), "Tract": "06065045303"}, area)
    frozenset({'Far'})
    """
    points = {name: spot for name, spot in known.items() if not isinstance(spot, str)}
    shapely.prepare(area.shape)  # hundreds of points against one outline
    return frozenset(name for name, point in points.items() if not area.has(*point))


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
