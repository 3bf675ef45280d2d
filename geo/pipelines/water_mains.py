"""Water mains of the receiving district, as the district gave them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.datasets.inputs import Inputs
from geo.datasets.schema import LINES, Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region

SOURCE = "water_mains"
SCHEMA = Schema(
    SOURCE,
    key=("main_id",),
    columns=("material", "installed_year"),
    counts=("diameter_in", "length_m"),
    geometry=LINES,
)


def extract(inputs: Inputs) -> gpd.GeoDataFrame:
    """Read the lines."""
    return inputs.shapes(SOURCE)


def transform(raw: gpd.GeoDataFrame, region: Region) -> Product:
    """Measure the mains, in m in the region's length CRS; EPSG:4326, diameters in inches.

    A missing diameter, material or year stays missing.
    """
    length = raw.geometry.to_crs(region.length_crs).length
    return Product(raw.assign(length_m=length))


def validate(frame: pd.DataFrame) -> None:
    """Raise where shapes are no lines, or have no identifier of their own."""
    check_schema(frame, SCHEMA)
