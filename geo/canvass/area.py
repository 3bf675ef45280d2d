"""Where a canvass goes: drawn shapes, whole tracts picked on the map, areas by name; taken together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORED
from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.drawing import drawn_area
from geo.region import Region

MOST_OF_TRACT = 0.5
COMBINED: Mapping[str, str] = {
    "both": N_("Only what lies in both"),
    "either": N_("What lies in either"),
}
"""How two areas make one; marked for translation."""


def focus_area(region: Region) -> gpd.GeoDataFrame:
    """Return the boxes that the region's map opens on, in EPSG:4326.

    Examples
    --------
    >>> from geo.region import read_region
    >>> focus_area(read_region("coachella"))["title"].tolist()
    ['Coachella Valley', 'Palo Verde Valley and Blythe']
    """
    titles = [focus.title for focus in region.focus]
    boxes = [shapely.box(*focus.bounds) for focus in region.focus]
    return gpd.GeoDataFrame({"title": titles}, geometry=boxes, crs=STORED)


def picked_tracts(
    units: gpd.GeoDataFrame, drawings: Sequence[Mapping[str, Any]], clicked: Collection[str]
) -> list[str]:
    """Name the tracts of which a drawing holds at least half of the doors, and those that were clicked.

    A click on a tract that a drawing holds takes it out again.

    Parameters
    ----------
    units
        From :func:`geo.canvass.target.to_units`; a unit lies where its representative point does.
    drawings
        GeoJSON features in EPSG:4326; none is allowed.
    clicked
        GEOIDs of tracts that were clicked an odd number of times.

    Raises
    ------
    GeometryError
        As :func:`geo.methods.drawing.drawn_area`.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = gpd.GeoSeries([box(-116, 33, -115.9, 33.1), box(-115, 33, -114.9, 33.1)], crs=4326)
    >>> units = gpd.GeoDataFrame({"tract_geoid": ["1", "2"], "doors": [9.0, 5.0]}, geometry=squares)
    >>> around = shapely.geometry.mapping(box(-116.1, 32.9, -115.8, 33.2))
    >>> picked_tracts(units, [{"geometry": around}], ["2"])
    ['1', '2']
    """
    held: set[str] = set()
    if drawings:
        area = drawn_area(drawings).union_all()
        inside = gpd.GeoSeries(units.representative_point()).to_crs(STORED).within(area)
        doors = pd.to_numeric(units["doors"]).fillna(0.0) + 1e-9
        share = doors.where(inside, 0.0).groupby(units["tract_geoid"]).sum()
        whole = doors.groupby(units["tract_geoid"]).sum()
        held = set(whole.index[share >= MOST_OF_TRACT * whole])
    return sorted(held ^ set(clicked))


def combine_areas(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame, how: str) -> gpd.GeoDataFrame:
    """Make one area of two, in EPSG:4326; within each, shapes are taken together.

    Parameters
    ----------
    how
        A key of :data:`COMBINED`: ``both`` for what they have in common, ``either`` for all of them.

    Raises
    ------
    GeoError
        They have nothing in common, which was asked for.

    Examples
    --------
    >>> squares = [gpd.GeoDataFrame(geometry=[shapely.box(x, 0, x + 2, 1)], crs=STORED) for x in (0, 1)]
    >>> [combine_areas(*squares, how).geometry.iloc[0].bounds for how in ("both", "either")]
    [(1.0, 0.0, 2.0, 1.0), (0.0, 0.0, 3.0, 1.0)]
    """
    one, other = (shapely.make_valid(frame.geometry.union_all()) for frame in (first, second))
    whole = one.union(other) if how == "either" else one.intersection(other)
    if not whole.area:
        raise GeoError(
            _("the two areas have nothing in common"), _("choose others, or take what lies in either")
        )
    return gpd.GeoDataFrame(geometry=[whole], crs=STORED)
