"""Where people live, as points: inner points of blocks where there are polygons, else block-group centers."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED, require_crs
from geo.errors import SchemaError, first_ids
from geo.language import gettext as _


def to_points(centers: pd.DataFrame) -> gpd.GeoDataFrame:
    """Make points of centers of population, in EPSG:4326, from ``longitude`` and ``latitude`` in degrees.

    Raises
    ------
    SchemaError
        A center has no coordinates or no population.

    Examples
    --------
    >>> center = {"geoid": ["060650453031"], "population": [900], "longitude": [-116.2], "latitude": [33.7]}
    >>> to_points(pd.DataFrame(center)).geometry.item().wkt
    'POINT (-116.2 33.7)'
    """
    blank = centers[["longitude", "latitude", "population"]].isna().any(axis=1)
    if blank.any():
        raise SchemaError(
            _("{count} centers of population have no place or no number of people ({names})").format(
                count=int(blank.sum()), names=first_ids(centers.loc[blank, "geoid"])
            ),
            _("fetch the file of centers again"),
        )
    place = gpd.GeoSeries.from_xy(
        centers["longitude"].astype(float), centers["latitude"].astype(float), crs=STORED
    )
    return gpd.GeoDataFrame(centers.drop(columns=["longitude", "latitude"]), geometry=place)


def to_people(
    centers: pd.DataFrame, blocks: gpd.GeoDataFrame | None, counties: Sequence[str]
) -> gpd.GeoDataFrame:
    """Say where the people of 2020 live: by block where a county has block polygons, else by block group.

    Parameters
    ----------
    centers
        Centers of population of block groups: ``geoid``, ``population``, ``longitude``, ``latitude``.
    blocks
        Blocks with ``geoid``, ``population`` and polygons in EPSG:4326; None where there are none.
    counties
        GEOIDs of the counties wanted.

    Returns
    -------
    GeoDataFrame
        Points in EPSG:4326 with ``tract_geoid`` (2020, by code and not by place), ``county_geoid`` and
        ``population``; units where nobody lives, or whose population is missing, are left out.
    """
    parts = [to_points(centers[centers["geoid"].str[:5].isin(counties)])[["geoid", "population", "geometry"]]]
    if blocks is not None:
        require_crs(blocks)
        ours = blocks.loc[blocks["geoid"].str[:5].isin(counties), ["geoid", "population", "geometry"]]
        with_blocks = ours["geoid"].str[:5].unique()
        inner = ours.set_geometry(ours.geometry.representative_point())
        parts = [parts[0][~parts[0]["geoid"].str[:5].isin(with_blocks)], inner]
    people = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=STORED)
    people = people[(people["population"] > 0).fillna(False).astype(bool)].reset_index(drop=True)
    return people.assign(tract_geoid=people["geoid"].str[:11], county_geoid=people["geoid"].str[:5])


def locate_in_own_county(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, length_crs: str
) -> pd.Series[str]:
    """Find the area that each point lies in, or the nearest one, among those of its own county.

    Generalized outlines leave gaps and cross county lines by some meters, so the county is taken from
    the codes.

    Parameters
    ----------
    points
        With ``county_geoid``, in EPSG:4326.
    areas
        With ``geoid`` and ``county_geoid``, in EPSG:4326.
    length_crs
        A projected CRS in meters.

    Returns
    -------
    Series
        GEOID of the area, on the index of ``points``; missing where the county has no areas.
    """
    pairs = points[["county_geoid"]].assign(point=points.index).merge(areas[["county_geoid", "geoid"]])
    return nearest_of(points, areas, pairs[["point", "geoid"]], length_crs)


def nearest_of(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, choices: pd.DataFrame, length_crs: str
) -> pd.Series[str]:
    """Find the area that each point lies in, or the nearest one, among those that come into question.

    Parameters
    ----------
    points
        In EPSG:4326.
    areas
        With ``geoid``, in EPSG:4326.
    choices
        ``point`` (label in ``points``) and ``geoid``: the areas that come into question for a point.
    length_crs
        A projected CRS in meters.

    Returns
    -------
    Series
        GEOID of the area, on the index of ``points``; missing where there is no choice.
    """
    require_crs(points)
    require_crs(areas)
    place = points.geometry.to_crs(length_crs).reindex(choices["point"])
    shape = areas.set_index("geoid").geometry.to_crs(length_crs).reindex(choices["geoid"])
    distance_m = shapely.distance(np.asarray(place), np.asarray(shape))
    ranked = choices.assign(m=distance_m).dropna(subset=["m"]).sort_values("m", kind="stable")
    return ranked.drop_duplicates("point").set_index("point")["geoid"].reindex(points.index).astype("string")
