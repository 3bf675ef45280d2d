"""Bus routes of the timetable feed, as lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED
from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import LINES, Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.sources.gtfs import departures, has_table, last_day, read_feed
from geo.sources.reading import to_numbers

SOURCE = "transit"
ROUTE = ("route_id", "route_short_name", "route_long_name", "route_color")
POINT = ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")
# A calendar that ends in 2099 says that nobody knows when.
NO_END = "20900101"
SCHEMA = Schema(
    "transit_routes",
    key=("route_id",),
    columns=("name", "color"),
    counts=("length_m", "trips"),
    geometry=LINES,
    may_be_empty=True,
)


class Raw(NamedTuple):
    """What is read of the feed, as text, and the region's counties."""

    routes: pd.DataFrame
    trips: pd.DataFrame
    points: pd.DataFrame
    calendar: pd.DataFrame
    last_day: str
    departures: pd.Series[int]
    counties: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read routes, trips and shapes; a feed without shapes gives no lines."""
    path = inputs.files(SOURCE)[0].path
    points = read_feed(path, "shapes", POINT) if has_table(path, "shapes") else pd.DataFrame(columns=POINT)
    days = ("service_id", "start_date")
    calendar = (
        read_feed(path, "calendar", days) if has_table(path, "calendar") else pd.DataFrame(columns=days)
    )
    return Raw(
        read_feed(path, "routes", ROUTE),
        read_feed(path, "trips", ("trip_id", "route_id", "shape_id")),
        points,
        calendar,
        last_day(path),
        departures(path),
        inputs.dataset_shapes("counties"),
    )


def transform(raw: Raw, region: Region) -> Product:
    """Join the distinct lines of each route's trips into one shape, in EPSG:4326.

    ``length_m`` is the length of the longest single line, in the region's length CRS; ``trips`` counts
    the feed's trips over all its days of service, one that runs by headway as often as it leaves; ``color``
    is the agency's own, as ``#RRGGBB``. A route without a line is left out, and told; so is, untold, one
    that stays out of the region's counties.
    """
    lines = to_lines(raw.points)
    used = raw.trips[["route_id", "shape_id"]].dropna().drop_duplicates()
    used = used[used["shape_id"].isin(lines.index)]
    of_route = gpd.GeoDataFrame(used, geometry=np.asarray(lines.reindex(used["shape_id"])), crs=STORED)
    lengths = of_route.geometry.to_crs(region.length_crs).length.groupby(of_route["route_id"]).max()
    shapes = of_route.dissolve("route_id").geometry
    routes = raw.routes.set_index("route_id")
    drawn = routes[routes.index.isin(shapes.index)]
    frame = gpd.GeoDataFrame(
        {
            "route_id": drawn.index.astype("string"),
            "name": drawn["route_long_name"].fillna(drawn["route_short_name"]),
            "short_name": drawn["route_short_name"],
            "color": "#" + drawn["route_color"],
            "trips": count_trips(raw).reindex(drawn.index),
            "length_m": lengths.reindex(drawn.index),
        },
        geometry=shapes.reindex(drawn.index),
    )
    near = frame[frame.intersects(raw.counties.union_all())].reset_index(drop=True)
    return Product(near, findings=worth_telling(_findings(raw, frame)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one line a route."""
    check_schema(frame, SCHEMA)


def count_trips(raw: Raw) -> pd.Series[int]:
    """Count each route's trips by ``route_id``."""
    times = raw.trips["trip_id"].map(raw.departures).astype("Float64").fillna(1)
    return times.groupby(raw.trips["route_id"]).sum().astype("int64")


def to_lines(points: pd.DataFrame) -> gpd.GeoSeries:
    """Join a feed's points into lines in EPSG:4326, by ``shape_id``; a shape of one point is none."""
    numbered = points.assign(order=to_numbers(points["shape_pt_sequence"]))
    ordered = numbered.sort_values(["shape_id", "order"])
    ordered = ordered[ordered.groupby("shape_id")["shape_id"].transform("size") > 1]
    names, codes = np.unique(ordered["shape_id"].to_numpy(dtype=str), return_inverse=True)
    place = [to_numbers(ordered[name]).to_numpy(dtype=float) for name in ("shape_pt_lon", "shape_pt_lat")]
    lines = shapely.linestrings(np.column_stack(place), indices=codes) if len(names) else None
    return gpd.GeoSeries(lines, index=pd.Index(names, dtype="string"), crs=STORED)


def _findings(raw: Raw, frame: pd.DataFrame) -> Iterator[Finding]:
    bare = raw.routes["route_id"][~raw.routes["route_id"].isin(frame["route_id"])]
    yield find("routes_without_shape", SOURCE, bare, of=len(raw.routes))
    starts = raw.calendar["start_date"].astype("string").dropna()
    told = {"year": raw.last_day[:4]}
    if raw.last_day and raw.last_day < NO_END:
        yield Finding("feed_old", SOURCE, len(frame), severity="info", values=told)
    elif raw.last_day and len(starts):
        told |= {"day": _written(str(starts.max()))}
        yield Finding("feed_without_end", SOURCE, len(frame), severity="info", values=told)


def _written(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}"
