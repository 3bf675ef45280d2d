"""Systems inside an area that somebody drew, and the box around systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
from shapely.geometry import box, shape

from geo.crs import require_crs
from geo.errors import first_ids
from geo.language import gettext as _
from geo.region import Bounds
from geo.water.profile import UNCERTAIN_PLACES


def inside_drawing(systems: gpd.GeoDataFrame, drawing: Mapping[str, Any]) -> list[str]:
    """List the systems whose place lies inside a drawn area; a drawing that is no area holds none.

    Parameters
    ----------
    systems
        ``pwsid`` and geometry, in EPSG:4326.
    drawing
        GeoJSON geometry, in degrees.

    Examples
    --------
    >>> from shapely.geometry import Point, box, mapping
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[Point(0, 0), Point(5, 5)], crs=4326)
    >>> inside_drawing(parks, mapping(box(-1, -1, 1, 1)))
    ['a']
    """
    require_crs(systems)
    area = shape(dict(drawing))
    if not area.geom_type.endswith("Polygon"):
        return []
    placed = systems[systems.geometry.notna()]
    points = placed.representative_point()
    return placed.loc[points.within(area.buffer(0)), "pwsid"].astype(str).tolist()


def bounds_of_systems(systems: gpd.GeoDataFrame, within: Bounds) -> Bounds:
    """Box around the systems that lie within a box; that box itself where none does (EPSG:4326).

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> parks = gpd.GeoDataFrame({"pwsid": ["a", "b"]}, geometry=[Point(0, 0), Point(9, 9)], crs=4326)
    >>> bounds_of_systems(parks, (-1, -1, 2, 2))
    (0.0, 0.0, 0.0, 0.0)
    """
    require_crs(systems)
    inside = systems[systems.representative_point().within(box(*within))]
    if inside.empty:
        return within
    west, south, east, north = (float(side) for side in inside.total_bounds)
    return west, south, east, north


def doubtful_places(systems: gpd.GeoDataFrame) -> list[str]:
    """List the systems whose place on the map is doubtful: a pipe to it may lead nowhere near them.

    Parameters
    ----------
    systems
        ``pwsid`` and ``location_quality``.

    Examples
    --------
    >>> quality = ["point_shared_centroid", "polygon"]
    >>> doubtful_places(gpd.GeoDataFrame({"pwsid": ["a", "b"], "location_quality": quality}))
    ['a']
    """
    doubtful = systems["location_quality"].isin(UNCERTAIN_PLACES).fillna(False).astype(bool)
    return systems.loc[doubtful, "pwsid"].astype(str).tolist()


def doubt_words(systems: gpd.GeoDataFrame) -> list[str]:
    """Say whose place is doubtful, and whose people are estimated; nothing where all is known.

    Parameters
    ----------
    systems
        ``pwsid``, ``location_quality``, ``population_estimated``.

    Examples
    --------
    >>> park = {"pwsid": ["a"], "location_quality": ["polygon"], "population_estimated": [True]}
    >>> doubt_words(gpd.GeoDataFrame(park))
    ['The people of 1 systems are estimated at 3.3 a connection.']
    """
    told = []
    lost = doubtful_places(systems)
    if lost:
        told.append(
            _(
                "The place of {count} systems is doubtful ({names}), as the middle of a ZIP area that "
                "several share: pipes to them may lead nowhere near them. Leave them out, or find their "
                "place."
            ).format(count=len(lost), names=first_ids(lost))
        )
    guessed = int(systems["population_estimated"].fillna(False).astype(bool).sum())
    if guessed:
        told.append(
            _("The people of {count} systems are estimated at 3.3 a connection.").format(count=guessed)
        )
    return told
