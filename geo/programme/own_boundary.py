"""A boundary that somebody draws on the map, and what speaks against one beside those that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd

from geo.crs import require_crs
from geo.errors import SchemaError, first_ids
from geo.language import gettext as _
from geo.language import ngettext
from geo.methods.drawing import drawn_area
from geo.methods.geometry import area_km2
from geo.programme.area import Area
from geo.programme.boundary_file import BoundaryFile, inspect_areas
from geo.region import Region
from geo.units import to_words

NEGLIGIBLE = 0.01
"""Share of an area that may lie over another or outside: lines of two hands never meet exactly."""


def drawn_boundary(drawings: Sequence[Mapping[str, Any]], title: str, region: Region) -> BoundaryFile:
    """Read what somebody drew as one area, checked as a boundary file is.

    Parameters
    ----------
    drawings
        GeoJSON features in EPSG:4326, as the map reports them; all of them are one area.

    Raises
    ------
    GeoError
        Nothing is drawn.
    GeometryError
        A drawing crosses itself, has no area, or all of it lies outside the region.

    Examples
    --------
    >>> from geo.region import read_region
    >>> ring = [[-116.2, 33.5], [-116.2, 33.7], [-116.0, 33.7], [-116.2, 33.5]]
    >>> drawing = {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    >>> drawn_boundary([drawing], " Area 1", read_region("coachella")).areas["name"].tolist()
    ['Area 1']
    """
    shapes = drawn_area(drawings)
    name = title.strip() or _("What was drawn")
    remedy = _("draw it inside the region; nothing was written")
    return inspect_areas(shapes.geometry, [name] * len(shapes), name, region, remedy)


def require_new_names(areas: gpd.GeoDataFrame, there: gpd.GeoDataFrame | None) -> None:
    """Raise where an area of that name is there already: both would be taken for one.

    Raises
    ------
    SchemaError
        Names them.
    """
    known = set() if there is None else set(there["name"].astype(str))
    twice = [name for name in areas["name"].astype(str) if name in known]
    if twice:
        raise SchemaError(
            ngettext(
                "{count} area of that name is there already ({names})",
                "{count} areas of those names are there already ({names})",
                len(twice),
            ).format(count=len(twice), names=first_ids(twice)),
            _("give it another name, or withdraw the one that is there; nothing was written"),
        )


def tell_beside(
    areas: gpd.GeoDataFrame, there: gpd.GeoDataFrame | None, within: Area, area_crs: str
) -> list[str]:
    r"""Say where new areas lie over those that are there, and how much of them is outside the programme's.

    Parameters
    ----------
    areas, there
        In EPSG:4326 with ``name``; None where no other is there.
    within
        The programme's area.
    area_crs
        An equal-area CRS in metres.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> one = gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(0, 0, 0.02, 0.01)], crs="EPSG:4326")
    >>> other = gpd.GeoDataFrame({"name": ["B"]}, geometry=[box(0.01, 0, 0.03, 0.01)], crs="EPSG:4326")
    >>> tell_beside(one, other, Area("D", box(0, 0, 1, 1)), "EPSG:6933")
    ['A: 50.0\xa0% of it lies over B.']
    """
    require_crs(areas)
    own = area_km2(areas.geometry, area_crs).to_numpy()
    told = []
    for place, (name, shape) in enumerate(zip(areas["name"], areas.geometry, strict=True)):
        others = [] if there is None else list(zip(there["name"], there.geometry, strict=True))
        cuts = [(other, shape.intersection(beside)) for other, beside in others]
        outside = shape.difference(within.shape)
        sizes = area_km2(gpd.GeoSeries([*(cut for _name, cut in cuts), outside], crs=areas.crs), area_crs)
        *over, out = (sizes / own[place]).tolist()
        told += [
            _("{name}: {share} of it lies over {other}.").format(
                name=name, other=other, share=to_words(share, "share")
            )
            for (other, _cut), share in zip(cuts, over, strict=True)
            if share > NEGLIGIBLE
        ]
        if out > NEGLIGIBLE:
            told.append(
                _("{name}: {share} of it lies outside the programme's area ({area}).").format(
                    share=to_words(out, "share"), name=name, area=within.title
                )
            )
    return told
