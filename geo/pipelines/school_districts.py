"""School districts (unified, elementary, secondary) that lie in the region's counties.

An elementary and a secondary district cover the same ground, each for its grades; a unified one stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.findings import Finding, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import lay_boundaries, z_finding
from geo.region import Region

SOURCES = {
    "unified": "school_districts_unified_2021",
    "elementary": "school_districts_elementary_2021",
    "secondary": "school_districts_secondary_2021",
}
SCHEMA = Schema(
    "school_districts",
    key=("geoid",),
    columns=("name", "level", "county_geoid"),
    shares=("share_in_region",),
    counts=("area_km2",),
    geometry=AREAS,
)


class Raw(NamedTuple):
    """What is read: the districts of each level that is here, and the region's counties."""

    levels: Mapping[str, gpd.GeoDataFrame]
    counties: gpd.GeoDataFrame
    found: tuple[Finding, ...]


def extract(inputs: Inputs) -> Raw:
    """Read the levels that are here, and the counties."""
    here = {level: source for level, source in SOURCES.items() if inputs.has(source)}
    levels = {level: inputs.shapes(source) for level, source in here.items()}
    found = tuple(finding for source in here.values() for finding in z_finding(inputs, source))
    return Raw(levels, inputs.dataset_shapes("counties"), found)


def transform(raw: Raw, region: Region) -> Product:
    """Keep the districts that lie in the region's counties and measure them, in km2."""
    parts: list[gpd.GeoDataFrame] = []
    found = list(raw.found)
    for level, shapes in raw.levels.items():
        laid, faults = lay_boundaries(shapes, raw.counties, SOURCES[level], region)
        parts.append(laid.assign(level=level))
        found.extend(faults)
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=STORED)
    return Product(frame.sort_values(["level", "name"], ignore_index=True), findings=worth_telling(found))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon a district."""
    check_schema(frame, SCHEMA)
