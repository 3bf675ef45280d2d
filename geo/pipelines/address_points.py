"""Addresses of a county, as points: of a file that somebody added, of points or of parcels."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import POINTS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import number_rows
from geo.region import Region

SOURCE = "address_points"
SCHEMA = Schema(SOURCE, key=("point_id",), columns=("address",), geometry=POINTS, may_be_empty=True)


class Raw(NamedTuple):
    """The file's shapes, and the region's counties."""

    shapes: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read the file and the counties."""
    return Raw(inputs.shapes(SOURCE), inputs.dataset_shapes("counties"))


def transform(raw: Raw, region: Region) -> Product:
    """Make a point of each address in the region's counties, in EPSG:4326; of a parcel one inside of it.

    Homes of one building share a point, or an address: each row stands. Rows without a shape, or elsewhere,
    are left out, and the first are told.
    """
    bare = raw.shapes.geometry.isna() | raw.shapes.geometry.is_empty
    placed = raw.shapes[~bare]
    points = placed.geometry.representative_point()
    here = placed.assign(geometry=points)[points.intersects(raw.counties.union_all())].reset_index(drop=True)
    ids = pd.Series(number_rows("address", len(here)), dtype="string")
    frame = gpd.GeoDataFrame(
        {"point_id": ids, "address": here["address"]}, geometry=here.geometry, crs=here.crs
    )
    lost = find("addresses_without_shape", SOURCE, raw.shapes["address"][bare], of=len(raw.shapes))
    return Product(frame, findings=worth_telling([lost]))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one point a row."""
    check_schema(frame, SCHEMA)
