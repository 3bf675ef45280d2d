"""Census blocks of 2020 with their counts, where their polygons are had."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import measure_boundaries, rows_of_counties
from geo.region import Region

SOURCE = "blocks_2020"
COUNTS = ("population", "housing_units", "occupied_units", "vacant_units")
SCHEMA = Schema(
    "blocks",
    key=("geoid",),
    columns=("block_group_geoid", "tract_geoid", "county_geoid"),
    counts=(*COUNTS, "area_km2"),
    geometry=AREAS,
)


class Raw(NamedTuple):
    """What is read: the polygons, and the counts."""

    shapes: gpd.GeoDataFrame
    counts: pd.DataFrame


def extract(inputs: Inputs) -> Raw:
    """Read polygons and counts."""
    return Raw(inputs.shapes(SOURCE), inputs.table("pl94_blocks_2020"))


def transform(raw: Raw, region: Region) -> Product:
    """Join the counts of 2020 to the region's blocks, measured in km2.

    A block that the counts lack has missing counts.
    """
    shapes, found = measure_boundaries(rows_of_counties(raw.shapes, region.counties), SOURCE, region)
    frame = shapes.merge(raw.counts[["geoid", *COUNTS]], on="geoid", how="left")
    for name, digits in (("block_group_geoid", 12), ("tract_geoid", 11), ("county_geoid", 5)):
        frame[name] = frame["geoid"].str[:digits]
    bare = find("blocks_without_counts", SOURCE, frame["geoid"][frame["population"].isna()], of=len(frame))
    shapeless = raw.counts["geoid"][~raw.counts["geoid"].isin(frame["geoid"])]
    lost = find("counts_without_block", SOURCE, shapeless, of=len(raw.counts))
    return Product(
        frame.sort_values("geoid", ignore_index=True), findings=worth_telling([*found, bare, lost])
    )


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon a block."""
    check_schema(frame, SCHEMA)
