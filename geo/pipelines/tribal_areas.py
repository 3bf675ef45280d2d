"""American Indian areas that lie in the region's counties."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import Finding, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import lay_boundaries, z_finding
from geo.region import Region

SOURCE = "tribal_areas_2020"
SCHEMA = Schema(
    "tribal_areas",
    key=("geoid",),
    columns=("name", "label", "county_geoid"),
    shares=("share_in_region",),
    counts=("area_km2",),
    geometry=AREAS,
    may_be_empty=True,
)


class Raw(NamedTuple):
    """What is read: the areas, the region's counties, and what Z coordinates there were."""

    shapes: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame
    found: tuple[Finding, ...]


def extract(inputs: Inputs) -> Raw:
    """Read areas and counties."""
    return Raw(inputs.shapes(SOURCE), inputs.dataset_shapes("counties"), z_finding(inputs, SOURCE))


def transform(raw: Raw, region: Region) -> Product:
    """Keep the areas that lie in the region's counties and measure them, in km2.

    ``share_in_region`` is below 1 for an area that reaches into another county or state.
    """
    shapes, found = lay_boundaries(raw.shapes, raw.counties, SOURCE, region)
    return Product(
        shapes.sort_values("name", ignore_index=True), findings=worth_telling([*raw.found, *found])
    )


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon an area; a region may have none."""
    check_schema(frame, SCHEMA)
