"""Roads, rail and linear water of the invented valley in TIGER/Line layouts, and the district's mains."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.demo.valley import METRIC_CRS, PUBLISHED_CRS, random_for

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
