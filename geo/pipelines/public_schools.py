"""Public schools that are open, as points."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import POINTS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import are_named_here, place_points
from geo.region import Region

SOURCE = "public_schools"
OPEN = "Active"
COLUMNS = ["school_id", "name", "kind", "grades", "district", "address", "community", "zip_code", "geometry"]
SCHEMA = Schema(SOURCE, key=("school_id",), columns=("name", "kind"), geometry=POINTS, may_be_empty=True)


class Raw(NamedTuple):
    """The directory of schools and districts, and the region's counties."""

    directory: pd.DataFrame
    counties: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read the directory and the counties."""
    return Raw(inputs.table(SOURCE), inputs.dataset_shapes("counties"))


def transform(raw: Raw, region: Region) -> Product:
    """Make a point of each school that is open and lies in the region's counties, in EPSG:4326.

    Rows of districts, which have no school's name, are left out. An open school of these counties without
    a point, or with one elsewhere, cannot be drawn, and is told.
    """
    open_now = raw.directory["status"].eq(OPEN).fillna(False) & raw.directory["name"].notna()
    schools = raw.directory[open_now.astype(bool)].reset_index(drop=True)
    placed, inside = place_points(schools, raw.counties)
    frame = placed.rename(columns={"city": "community"})[COLUMNS]
    named = are_named_here(schools["county"], raw.counties)
    lost = find("points_not_here", SOURCE, schools["school_id"][named & ~inside], of=int(named.sum()))
    return Product(frame, findings=worth_telling([lost]))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one point a school."""
    check_schema(frame, SCHEMA)
