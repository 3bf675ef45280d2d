"""Lakes, rivers and canals, for orientation on the map."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import AREAS, LINES, Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.geometry import area_km2, repair_shapes
from geo.pipelines.published_shapes import (
    WATER_KINDS,
    is_stand_in,
    keep_near,
    number_rows,
    stand_in_finding,
    to_words,
)
from geo.region import Region

SOURCE = "area_water"
SCHEMA = Schema(
    "area_water",
    key=("water_id",),
    columns=("name", "kind"),
    counts=("area_km2",),
    geometry=AREAS + LINES,
    may_be_empty=True,
)


class Raw(NamedTuple):
    """What is read: the shapes, whether they stand in for the official layer, and the region's counties."""

    shapes: gpd.GeoDataFrame
    rough: bool
    counties: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read the shapes and the counties."""
    return Raw(inputs.shapes(SOURCE), is_stand_in(inputs, SOURCE), inputs.dataset_shapes("counties"))


def transform(raw: Raw, region: Region) -> Product:
    """Name kinds in plain words and measure areas, in km2; a line has an area of 0.

    ``rough`` marks shapes of a coarse stand-in; what is far from the region's counties is left out.
    """
    shapes = keep_near(raw.shapes, raw.counties)
    geometry, repaired = repair_shapes(shapes.geometry)
    columns = {
        "water_id": number_rows("water", len(shapes)),
        "name": shapes["name"],
        "kind": to_words(shapes["kind"], WATER_KINDS),
        "area_km2": area_km2(geometry, region.area_crs),
        "rough": raw.rough,
    }
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=shapes.crs)
    mended = find("shapes_repaired", SOURCE, frame["water_id"][repaired], of=len(frame))
    coarse = stand_in_finding(SOURCE, len(frame), raw.rough)
    return Product(frame, findings=worth_telling([mended, *coarse]))


def validate(frame: pd.DataFrame) -> None:
    """Raise where shapes are neither areas nor lines, or have no identifier of their own."""
    check_schema(frame, SCHEMA)
