"""Bus stops of the timetable feed."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import POINTS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import place_points
from geo.region import Region
from geo.sources.gtfs import read_feed
from geo.sources.reading import to_numbers

SOURCE = "transit"
COLUMNS = ("stop_id", "stop_code", "stop_name", "stop_lat", "stop_lon", "location_type")
SCHEMA = Schema("transit_stops", key=("stop_id",), columns=("name",), geometry=POINTS, may_be_empty=True)
STOP = "0"


class Raw(NamedTuple):
    """What is read: the feed's stops, as text, and the region's counties."""

    stops: pd.DataFrame
    counties: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read the feed's stops and the counties."""
    stops = read_feed(inputs.files(SOURCE)[0].path, "stops", COLUMNS)
    return Raw(stops, inputs.dataset_shapes("counties"))


def transform(raw: Raw, region: Region) -> Product:
    """Make a point of each stop in the region's counties, in EPSG:4326.

    Stations and entrances, which no bus serves, are left out.
    """
    stops = raw.stops[raw.stops["location_type"].fillna(STOP) == STOP].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "stop_id": stops["stop_id"],
            "stop_code": stops["stop_code"],
            "name": stops["stop_name"],
            "latitude": to_numbers(stops["stop_lat"]),
            "longitude": to_numbers(stops["stop_lon"]),
        }
    )
    bare = rows[["latitude", "longitude"]].isna().any(axis=1)
    lost = find("stops_unserved", SOURCE, stops["stop_id"][bare], of=len(stops))
    return Product(place_points(rows, raw.counties)[0], findings=worth_telling([lost]))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one point a stop."""
    check_schema(frame, SCHEMA)
