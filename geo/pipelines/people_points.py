"""Where the people of 2020 live, as points: inner points of blocks, else centers of population."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.inputs import Inputs
from geo.datasets.schema import POINTS, Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.tracts.residents.points import locate_in_own_county, to_people

SOURCE = "block_group_centers_2020"
SCHEMA = Schema(
    "people_points",
    key=("geoid",),
    columns=("tract_geoid", "county_geoid"),
    counts=("population",),
    geometry=POINTS,
)


class Raw(NamedTuple):
    """What is read: centers of population, blocks where there are some, and the tracts of 2010."""

    centers: pd.DataFrame
    blocks: gpd.GeoDataFrame | None
    tracts: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read centers of population, the tracts, and blocks as far as they are here."""
    blocks = inputs.dataset_shapes("blocks") if inputs.built("blocks") else None
    return Raw(inputs.table(SOURCE), blocks, inputs.dataset_shapes("tracts_2010"))


def transform(raw: Raw, region: Region) -> Product:
    """Make a point of each block or block group in which somebody lives, in EPSG:4326.

    ``geoid_2010`` is the tract of 2010 it lies in, or the nearest of its county.
    """
    people = to_people(raw.centers, raw.blocks, region.counties)
    return Product(people.assign(geoid_2010=locate_in_own_county(people, raw.tracts, region.length_crs)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one point a unit."""
    check_schema(frame, SCHEMA)
