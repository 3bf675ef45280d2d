"""Roads, rail and canals of the invented valley in TIGER/Line layouts, and bus lines as GTFS."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from demo.valley import METRIC_CRS, PUBLISHED_CRS, random_for

SHORTEST_MAIN_M = 30.0


def roads(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Roads (tl_2020_CCCCC_roads)."""
    route_type = lines["mtfcc"].map({"S1100": "S", "S1200": "S", "S1400": "M"})
    columns = {
        "LINEARID": [f"1109900{number:07d}" for number in range(1, len(lines) + 1)],
        "FULLNAME": lines["name"],
        "RTTYP": route_type,
        "MTFCC": lines["mtfcc"],
    }
    return gpd.GeoDataFrame(columns, geometry=lines.geometry, crs=lines.crs)


def rails(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Railroads (tl_2020_us_rails)."""
    return _lines(lines[lines["mtfcc"].str.startswith("R")], "1119900")


def linear_water(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rivers and canals (tl_2020_CCCCC_linearwater)."""
    water = _lines(lines[lines["mtfcc"].str.startswith("H")], "1129900")
    water.insert(0, "ANSICODE", None)
    water.insert(3, "ARTPATH", "N")
    return water


def _lines(lines: gpd.GeoDataFrame, prefix: str) -> gpd.GeoDataFrame:
    columns = {
        "LINEARID": [f"{prefix}{number:07d}" for number in range(1, len(lines) + 1)],
        "FULLNAME": lines["name"],
        "MTFCC": lines["mtfcc"],
    }
    return gpd.GeoDataFrame(columns, geometry=lines.geometry, crs=lines.crs)


def water_mains(roads: gpd.GeoDataFrame, area: BaseGeometry, seed: int) -> gpd.GeoDataFrame:
    """Lay mains under the avenues, boulevards and highways of an area (EPSG:3310); in EPSG:4269."""
    trunk = roads[roads["name"].str.contains("Ave|Blvd|Hwy")].to_crs(METRIC_CRS)
    highway = trunk["mtfcc"] == "S1200"  # between the parts of the area the main follows the highway
    served = np.where(
        highway, trunk.geometry.intersection(area.convex_hull), trunk.geometry.intersection(area)
    )
    clipped = trunk.set_geometry(gpd.GeoSeries(served, index=trunk.index, crs=METRIC_CRS))
    clipped = clipped.explode(index_parts=False)
    pipes = clipped[clipped.geometry.length > SHORTEST_MAIN_M].reset_index(drop=True)
    rng = random_for(seed, "mains")
    diameters = rng.choice([8, 12, 12, 18], len(pipes))
    columns = {
        "MAIN_ID": [f"DV{number:05d}" for number in range(1, len(pipes) + 1)],
        "DIAMETER_IN": np.where(pipes["mtfcc"] == "S1200", 24, diameters),
        "MATERIAL": rng.choice(["DIP", "PVC", "STEEL"], len(pipes), p=[0.5, 0.4, 0.1]),
        "INSTALLED": rng.integers(1968, 2019, len(pipes)),
        "STREET": pipes["name"],
    }
    shapes = gpd.GeoDataFrame(columns, geometry=pipes.geometry.to_numpy(), crs=METRIC_CRS)
    return shapes.to_crs(PUBLISHED_CRS)


STOP_EVERY_M = 900.0
SPEED_M_PER_MIN = 420.0
TRIP_STARTS_MIN = range(330, 1230, 60)
DIRECTIONS = ("East", "West")
# Line, street it follows, color.
LINES = (("1", "State Hwy 901", "005F8A"), ("2", "State Hwy 986", "B34700"), ("3", "Ave 44", "3B7A2A"))
AGENCY: dict[str, object] = {
    "agency_id": "DEMO",
    "agency_name": "Demo Valley Transit (invented)",
    "agency_url": "https://example.org",
    "agency_timezone": "America/Los_Angeles",
    "agency_lang": "en",
}
CALENDAR: dict[str, object] = {
    "service_id": "1",
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday"), 1),
    "sunday": 0,
    "start_date": "20200101",
    "end_date": "20991231",
}
Rows = list[dict[str, object]]


@dataclass
class Feed:
    """The tables of a feed while it is put together."""

    routes: Rows = field(default_factory=list)
    shapes: Rows = field(default_factory=list)
    stops: Rows = field(default_factory=list)
    trips: Rows = field(default_factory=list)
    stop_times: Rows = field(default_factory=list)

    def add_line(self, line: str, street: str, color: str, path: shapely.LineString) -> None:
        """Add a line with its shape, stops and trips; ``path`` is in EPSG:3310 (m)."""
        route = {"route_id": f"R{line}", "agency_id": "DEMO", "route_short_name": line}
        named = {"route_long_name": f"Line {line} {street}", "route_type": 3}
        self.routes.append({**route, **named, "route_color": color, "route_text_color": "FFFFFF"})
        for order, (x, y) in enumerate(_degrees([shapely.Point(xy) for xy in path.coords]), start=1):
            shape = {"shape_id": f"S{line}", "shape_pt_lat": y, "shape_pt_lon": x}
            self.shapes.append({**shape, "shape_pt_sequence": order})
        stops = [path.interpolate(distance) for distance in np.arange(0.0, path.length, STOP_EVERY_M)]
        codes = [f"{line}{order:02d}" for order in range(1, len(stops) + 1)]
        for code, (x, y) in zip(codes, _degrees(stops), strict=True):
            stop = {"stop_id": code, "stop_code": code, "stop_name": f"{street} stop {code[1:]}"}
            self.stops.append({**stop, "stop_lat": y, "stop_lon": x, "wheelchair_boarding": 1})
        for start in TRIP_STARTS_MIN:
            for direction in (0, 1):
                self._add_trip(line, codes[::-1] if direction else codes, start, direction)

    def _add_trip(self, line: str, codes: list[str], start: int, direction: int) -> None:
        trip = f"{line}{direction}{start:04d}"
        place = {"route_id": f"R{line}", "service_id": "1", "trip_id": trip, "shape_id": f"S{line}"}
        self.trips.append({**place, "trip_headsign": DIRECTIONS[direction], "direction_id": direction})
        for sequence, code in enumerate(codes, start=1):
            minute = start + int((sequence - 1) * STOP_EVERY_M / SPEED_M_PER_MIN)
            clock = f"{minute // 60:02d}:{minute % 60:02d}:00"
            time = {"trip_id": trip, "arrival_time": clock, "departure_time": clock}
            self.stop_times.append({**time, "stop_id": code, "stop_sequence": sequence})


def build_feed(roads: gpd.GeoDataFrame) -> dict[str, bytes]:
    """Put the feed's files together, by name; coordinates in EPSG:4326."""
    feed = Feed()
    for line, street, color in LINES:
        feed.add_line(line, street, color, _longest_piece(roads, street))
    files = {f"{name}.txt": _to_text(rows) for name, rows in vars(feed).items()}
    return {"agency.txt": _to_text([AGENCY]), "calendar.txt": _to_text([CALENDAR]), **files}


def _longest_piece(roads: gpd.GeoDataFrame, street: str) -> shapely.LineString:
    pieces = roads[roads["name"] == street].geometry.to_crs(METRIC_CRS)
    piece = pieces.iloc[int(pieces.length.to_numpy().argmax())]
    assert isinstance(piece, shapely.LineString)
    return piece


def _degrees(points: list[shapely.Point]) -> list[tuple[float, float]]:
    series = gpd.GeoSeries(points, crs=METRIC_CRS).to_crs(PUBLISHED_CRS)
    return [(round(x, 6), round(y, 6)) for x, y in zip(series.x, series.y, strict=True)]


def _to_text(rows: Rows) -> bytes:
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\r\n").encode()
