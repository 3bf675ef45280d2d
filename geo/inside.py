"""What lies inside an outline: its index as a mean of tracts, where that stands, and its water systems."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import shapely

from geo.comparing.difference import to_number
from geo.crs import STORED
from geo.geometry import repair_shapes
from geo.indicators import indicator_named, values_of
from geo.interpolation import interpolate_weighted
from geo.language import gettext as _
from geo.profile import Figure
from geo.served.estimate import PeopleMap, project
from geo.water.profile import UNCERTAIN_PLACES
from geo.wording import to_words

INDEX = indicator_named("ca_htc_index")
MOST_NAMED = 12
LEAST_IN_COMMON = 0.01
"""Share of the smaller of two areas; less of it is the outlines' fault."""


def index_inside(people: PeopleMap, tracts: pd.DataFrame, shape: shapely.Geometry) -> float | None:
    """Mean of the State's index over the people who live in an outline; None where no scored tract is near.

    Parameters
    ----------
    people
        Where people live, from :func:`geo.served.estimate.read_people_map`.
    tracts
        The dataset ``tracts_2010``; a tract that was never scored takes no part.
    shape
        Polygon in degrees (EPSG:4326).
    """
    area = gpd.GeoDataFrame(geometry=[shape], index=["here"], crs=STORED)
    target = project(area, str(people.tracts.crs))
    nearby = people.near(target.geometry.iloc[0])
    if nearby.tracts.empty:
        return None
    scores = values_of(tracts, INDEX).set_axis(tracts["geoid"].astype(str)).reindex(nearby.tracts.index)
    moved = interpolate_weighted(
        nearby.tracts[["geometry"]].assign(score=scores.astype(float)),
        target,
        nearby.weights[["people", "geometry"]],
        weight="people",
        intensive=["score"],
    )
    values = moved.values  # noqa: PD011 - the answer's frame, no array
    return to_number(values["score"].iloc[0])


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
    title = _("{title}, mean of its tracts by people").format(title=_(INDEX.title))
    return Figure(title, to_words(round(score, 1), INDEX.unit), place="; ".join(places), source=source)


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
