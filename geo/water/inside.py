"""What lies inside an outline: its index as a mean of tracts, where that stands, and its water systems."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORED
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.geometry import repair_shapes
from geo.tracts.comparison import INDEX, OURS, Quantity
from geo.tracts.indicators import values_of
from geo.tracts.profile import Figure
from geo.units import to_words
from geo.water.service_areas import UNCERTAIN_PLACES

MEAN_BY_PEOPLE = N_("{title}, mean of its tracts by people")
MOST_NAMED = 12
LEAST_IN_COMMON = 0.01
"""Share of the smaller of two areas; less of it is the outlines' fault."""


def index_figure(score: float, scores: pd.DataFrame, county: str, source: str) -> Figure:
    """Say what index an outline has, and which share of the county's and the state's tracts is not above.

    Parameters
    ----------
    scores
        Every tract of the state: ``county_geoid`` and the index with ``index_scored``.
    county
        GEOID of the county that the outline lies in.

    Examples
    --------
    >>> state = {"county_geoid": ["06025", "06065", "06065"], "ca_htc_index": [10.0, 50.0, 90.0]}
    >>> state = pd.DataFrame(state | {"index_scored": [True, True, True]})
    >>> index_figure(60.0, state, "06065", "S").place.split(";")[0]
    "at or above 50 percent of the county's tracts"
    """
    known = values_of(scores, INDEX).astype("Float64").dropna()
    ours = known[scores.loc[known.index, "county_geoid"].astype(str) == county]
    parts = [
        (ours, _("at or above {percent} percent of the county's tracts")),
        (known, _("at or above {percent} percent of the state's tracts")),
    ]
    places = [
        words.format(percent=int(100 * float((values <= score).mean())))
        for values, words in parts
        if len(values)
    ]
    title = _(MEAN_BY_PEOPLE).format(title=_(INDEX.title))
    return Figure(title, to_words(round(score, 1), INDEX.unit), place="; ".join(places), source=source)


def estimate_figure(estimate: Quantity, source: str) -> Figure:
    """Say what index we estimate for an outline, with the margin that it has and the State's has not.

    Examples
    --------
    >>> estimate_figure(Quantity("ca_htc_estimate", 61.26, 11.0, "points"), "S").words
    '61.3 ± 11'
    """
    title = _(MEAN_BY_PEOPLE).format(title=_(OURS.title))
    value, moe = (None if x is None else round(x, 1) for x in (estimate.value, estimate.moe))
    note = _("the State's own index is published without a margin of error")
    return Figure(title, to_words(value, OURS.unit, moe), place=note, source=source)


def systems_figure(systems: gpd.GeoDataFrame, shape: shapely.Geometry, area_crs: str) -> Figure:
    """Name the water systems inside an outline, or reaching into it by more than a sliver.

    Parameters
    ----------
    systems
        The dataset ``water_systems``, in EPSG:4326; those without a place cannot be told.
    shape
        Polygon in degrees (EPSG:4326).
    area_crs
        A projected, equal-area CRS.

    Examples
    --------
    >>> places = [shapely.Point(-116.1, 33.5), shapely.Point(-115, 33), None]
    >>> names = {"public_name": ["Oasis", "Far", "?"], "location_quality": ["point_street"] * 2 + ["none"]}
    >>> systems = gpd.GeoDataFrame(names, geometry=places, crs="EPSG:4326")
    >>> figure = systems_figure(systems, shapely.box(-116.2, 33.4, -116, 33.6), "EPSG:3310")
    >>> figure.words, figure.place
    ('1', 'Oasis')
    """
    near = systems.iloc[sorted(systems.sindex.query(shape, predicate="intersects"))]
    names = list(_names_inside(near[~_doubtful(near)], shape, area_crs))
    doubtful = int(_doubtful(near).sum())
    more = _("{count} more have only a doubtful point").format(count=doubtful) if doubtful else ""
    further = len(names) - MOST_NAMED
    beyond = _("and {count} others").format(count=further) if further > 0 else ""
    told = "; ".join(words for words in (*names[:MOST_NAMED], beyond, more) if words)
    return Figure(_("Water systems inside or reaching into it"), str(len(names)), place=told)


def _doubtful(systems: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Whether all that is known of a place is a point that does not say where the system is."""
    return systems["location_quality"].isin([name for name in UNCERTAIN_PLACES if name.startswith("point")])


def _names_inside(near: gpd.GeoDataFrame, shape: shapely.Geometry, area_crs: str) -> Iterator[str]:
    area = repair_shapes(gpd.GeoSeries([shape], crs=STORED).to_crs(area_crs))[0].iloc[0]
    shapes = repair_shapes(near.geometry.to_crs(area_crs))[0]
    by_name = sorted(zip(near["public_name"].astype(str), shapes, strict=True), key=lambda pair: pair[0])
    for name, place in by_name:
        smaller = min(place.area, area.area)
        if smaller == 0 or place.intersection(area).area > LEAST_IN_COMMON * smaller:
            yield name
