"""Who lives in a polygon that somebody drew."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORED
from geo.drawn import require_drawn
from geo.errors import GeoError
from geo.language import gettext as _
from geo.region import Region, read_region
from geo.served.estimate import PeopleMap, estimate, project, read_people_map, to_crosswalks, to_tidy

DRAWN = "drawn"


def people_in(region_key: str, polygon: shapely.Geometry) -> pd.DataFrame:
    """Tell who lives in a polygon: read the region's datasets, and see :func:`people_within`.

    A page that asks often keeps :func:`geo.served.estimate.read_people_map` and asks :func:`people_within`.

    Parameters
    ----------
    region_key
        A region whose ``tracts_2010`` and ``block_groups`` are built.
    polygon
        Polygon or multipolygon in degrees (EPSG:4326).

    Raises
    ------
    GeometryError, GeoError
        As :func:`people_within`.
    MissingDatasetError
        A dataset is not built.
    """
    require_drawn(polygon)
    return people_within(read_people_map(region_key), polygon, read_region(region_key))


def people_within(people: PeopleMap, polygon: shapely.Geometry, region: Region) -> pd.DataFrame:
    """Tell who lives in a polygon, with margins, coverage and the share that is guesswork.

    Parameters
    ----------
    people
        Tracts and where people live, from :func:`geo.served.estimate.read_people_map`.
    polygon
        Polygon or multipolygon in degrees (EPSG:4326).
    region
        The region of the people map.

    Returns
    -------
    pandas.DataFrame
        One row a variable, with the columns :data:`geo.served.estimate.COLUMNS`; ``target_kind`` and
        ``target_id`` are ``drawn``. ``coverage`` is under 1 where the polygon reaches out of the region.

    Raises
    ------
    GeometryError
        It is no polygon, empty, crosses itself, or has no area.
    GeoError
        It lies wholly outside of the region.

    Examples
    --------
    >>> from geo.region import read_region
    >>> from geo.served.estimate import VARIABLES
    >>> square = shapely.box(0, 0, 9_000, 9_000)
    >>> counts = {name: [900.0] for name in VARIABLES} | {f"{name}_moe": [90.0] for name in VARIABLES}
    >>> tract = gpd.GeoDataFrame(counts, geometry=[square], index=["06065045303"], crs="EPSG:3310")
    >>> homes = gpd.GeoDataFrame({"people": [9.0], "homes": [3.0]}, geometry=[square], crs="EPSG:3310")
    >>> people = PeopleMap(tract, homes, pd.Series(0.2, index=list(VARIABLES)))
    >>> half = gpd.GeoSeries([shapely.box(0, 0, 4_500, 9_000)], crs="EPSG:3310").to_crs("EPSG:4326").item()
    >>> people_within(people, half, read_region("coachella"))["estimate"].round().unique().tolist()
    [450.0]
    """
    require_drawn(polygon)
    drawn = gpd.GeoDataFrame(geometry=[polygon], index=[DRAWN], crs=STORED)
    target = project(drawn, region.area_crs)
    nearby = people.near(target.geometry.iloc[0])
    if nearby.tracts.empty:
        raise GeoError(
            _("the outline lies outside of {region}").format(region=region.title),
            _("draw it where the region's tracts are"),
        )
    rows, __ = estimate(nearby, to_crosswalks(nearby, target))
    return to_tidy([rows.assign(target_kind=DRAWN, footprint="polygon", method="interpolated")])
