"""Three bus lines of the invented valley, as GTFS."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.demo.valley import METRIC_CRS, PUBLISHED_CRS

STOP_EVERY_M = 900.0
SPEED_M_PER_MIN = 420.0
FIRST_TRIP_MIN, LAST_TRIP_MIN, EVERY_MIN = 330, 1230, 60
# Line, street it follows, colour.
LINES = (("1", "State Hwy 901", "005F8A"), ("2", "State Hwy 986", "B34700"), ("3", "Ave 44", "3B7A2A"))


def build_feed(roads: gpd.GeoDataFrame) -> dict[str, bytes]:
    """The feed's files by name; coordinates in EPSG:4326."""
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in ("routes", "trips", "shapes", "stops", "stop_times")}
    for number, (line, street, colour) in enumerate(LINES):
        tables["routes"].append(
            {
                "route_id": f"R{line}", "agency_id": "DEMO", "route_short_name": line,
                "route_long_name": f"Line {line} {street}", "route_desc": "", "route_type": 3,
                "route_url": "", "route_color": colour, "route_text_color": "FFFFFF",
            }
        )  # fmt: skip
        _add_line(tables, number, line, _path(roads, street), street)
    files = {f"{name}.txt": _to_text(rows) for name, rows in tables.items()}
    return {"agency.txt": _to_text([_AGENCY]), "calendar.txt": _to_text([_CALENDAR]), **files}


_AGENCY: dict[str, object] = {
    "agency_id": "DEMO", "agency_name": "Demo Valley Transit (invented)", "agency_url": "https://example.org",
    "agency_timezone": "America/Los_Angeles", "agency_lang": "en", "agency_phone": "", "agency_fare_url": "",
}  # fmt: skip
_CALENDAR: dict[str, object] = {
    "service_id": "1", "monday": 1, "tuesday": 1, "wednesday": 1, "thursday": 1, "friday": 1, "saturday": 1,
    "sunday": 0, "start_date": "20200101", "end_date": "20201231",
}  # fmt: skip


def _path(roads: gpd.GeoDataFrame, street: str) -> shapely.LineString:
    """The longest piece of a street, in EPSG:3310."""
    pieces = roads[roads["name"] == street].geometry.to_crs(METRIC_CRS)
    longest: shapely.LineString = pieces.loc[pieces.length.idxmax()]
    return longest


def _add_line(
    tables: dict[str, list[dict[str, object]]], number: int, line: str, path: shapely.LineString, street: str
) -> None:
    along = np.arange(0.0, path.length, STOP_EVERY_M)
    stops = [path.interpolate(distance) for distance in along]
    for order, point in enumerate(_degrees([shapely.Point(xy) for xy in path.coords]), start=1):
        tables["shapes"].append(
            {"shape_id": f"S{line}", "shape_pt_lat": point[1], "shape_pt_lon": point[0], "shape_pt_sequence": order}
        )
    for order, point in enumerate(_degrees(stops), start=1):
        code = str(100 * (number + 1) + order)
        tables["stops"].append(
            {"stop_id": code, "stop_code": code, "stop_name": f"{street} stop {order}", "stop_lat": point[1],
             "stop_lon": point[0], "location_type": "", "wheelchair_boarding": 1}
        )  # fmt: skip
    for start in range(FIRST_TRIP_MIN, LAST_TRIP_MIN, EVERY_MIN):
        for direction in (0, 1):
            _add_trip(tables, number, line, along, start, direction)


def _add_trip(
    tables: dict[str, list[dict[str, object]]], number: int, line: str, along: np.ndarray[tuple[int], np.dtype[np.float64]],
    start: int, direction: int,
) -> None:  # fmt: skip
    trip = f"{line}{direction}{start:04d}"
    tables["trips"].append(
        {"route_id": f"R{line}", "service_id": "1", "trip_id": trip, "trip_headsign": "East" if direction == 0 else "West",
         "direction_id": direction, "shape_id": f"S{line}"}
    )  # fmt: skip
    orders = range(len(along)) if direction == 0 else range(len(along) - 1, -1, -1)
    for sequence, order in enumerate(orders, start=1):
        minute = start + int(sequence * STOP_EVERY_M / SPEED_M_PER_MIN)
        clock = f"{minute // 60:02d}:{minute % 60:02d}:00"
        tables["stop_times"].append(
            {"trip_id": trip, "arrival_time": clock, "departure_time": clock,
             "stop_id": str(100 * (number + 1) + order + 1), "stop_sequence": sequence}
        )  # fmt: skip


def _degrees(points: list[shapely.Point]) -> list[tuple[float, float]]:
    series = gpd.GeoSeries(points, crs=METRIC_CRS).to_crs(PUBLISHED_CRS)
    return [(round(x, 6), round(y, 6)) for x, y in zip(series.x, series.y, strict=True)]


def _to_text(rows: list[dict[str, object]]) -> bytes:
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\r\n").encode()
