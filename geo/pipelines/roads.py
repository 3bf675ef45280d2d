"""Roads, with their length; where only a coarse stand-in is here, each is marked as rough."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.datasets.findings import worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import LINES, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import (
    ROAD_CLASSES,
    is_stand_in,
    keep_near,
    make_unique,
    stand_in_finding,
    to_words,
)
from geo.region import Region

SOURCE = "roads"
SCHEMA = Schema(
    "roads",
    key=("road_id",),
    columns=("name", "road_class", "rough"),
    counts=("length_m",),
    geometry=LINES,
    may_be_empty=True,
)


class Raw(NamedTuple):
    """What is read: the lines, whether they stand in for the official layer, and the region's counties."""

    shapes: gpd.GeoDataFrame
    rough: bool
    counties: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read the lines and the counties."""
    return Raw(inputs.shapes(SOURCE), is_stand_in(inputs, SOURCE), inputs.dataset_shapes("counties"))


def transform(raw: Raw, region: Region) -> Product:
    """Name classes in plain words and measure lengths, in m in the region's length CRS.

    A road that has an identifier in two counties is told apart by a number. Lengths of a stand-in are
    those of straight edges and must be called rough. Missing names and classes stay missing. Roads far
    from the region's counties are left out.
    """
    shapes = keep_near(raw.shapes, raw.counties)
    nothing = pd.Series(pd.NA, index=shapes.index, dtype="string")
    columns = {
        "road_id": make_unique(shapes["road_id"]),
        "name": shapes.get("name", nothing),
        "road_class": to_words(shapes.get("road_class", nothing), ROAD_CLASSES),
        "length_m": shapes.geometry.to_crs(region.length_crs).length,
        "rough": np.full(len(shapes), raw.rough),
    }
    frame = gpd.GeoDataFrame(columns, geometry=shapes.geometry, crs=shapes.crs)
    return Product(frame, findings=worth_telling(stand_in_finding(SOURCE, len(frame), raw.rough)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where shapes are no lines, or have no identifier of their own."""
    check_schema(frame, SCHEMA)
