"""Where a programme works: rows of a dataset, windows of the region, or a boundary that somebody added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import shapely

from geo.crs import STORED, require_crs
from geo.language import gettext as _
from geo.language import mark as N_
from geo.programme.declared import AreaOption, Programme
from geo.region import Bounds, Region

LAST_RESORT = N_("The programme's own area is not among this region's data: the region's windows stand in.")
BY_HAND = N_("The programme's area was drawn by hand on this page: it stands in for the official boundary.")
Load = Callable[[str], "gpd.GeoDataFrame | None"]


@dataclass(frozen=True, slots=True)
class Area:
    """A programme's area, in EPSG:4326; ``stand_in`` says why it is not the true one, empty where it is.

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


def find_area(
    programme: Programme, region: Region, load: Load, added: gpd.GeoDataFrame | None = None
) -> Area:
    """Find a programme's area: an added boundary, else the first option that is there.

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
    for option in programme.areas:
        found = _try(option, region, load)
        if found is not None:
            return found
    shape, title = _windows(region, load)
    return Area(title, shape, _(LAST_RESORT), ("tracts_2010",))


def region_area(region: Region, load: Load) -> Area:
    """Return the whole of where the organisation works: the tracts in the region's windows."""
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
