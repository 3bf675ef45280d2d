"""Places (cities and census designated places) that lie in the region's counties."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import lay_boundaries, z_finding
from geo.region import Region

SOURCE = "places_2019"
SCHEMA = Schema(
    "places",
    key=("geoid",),
    columns=("name", "label", "county_geoid"),
    shares=("share_in_region",),
    counts=("area_km2",),
    geometry=AREAS,
)


class Raw(NamedTuple):
    """What is read: every place of the state, the region's counties, and what Z coordinates there were."""

    shapes: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame
    found: tuple[Finding, ...]


def extract(inputs: Inputs) -> Raw:
    """Read places and counties."""
    return Raw(inputs.shapes(SOURCE), inputs.dataset_shapes("counties"), z_finding(inputs, SOURCE))


def transform(raw: Raw, region: Region) -> Product:
    """Keep the places that lie in the region's counties and measure them, in km2."""
    shapes, found = lay_boundaries(raw.shapes, raw.counties, SOURCE, region)
    frame = shapes.sort_values("name", ignore_index=True)
    doubled = frame["name"].duplicated(keep=False)
    names = find("names_doubled", SOURCE, frame["label"][doubled])
    return Product(frame, findings=worth_telling([*raw.found, *found, names]))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon a place."""
    check_schema(frame, SCHEMA)
