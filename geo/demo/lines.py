"""Roads, rail and linear water of the invented valley in TIGER/Line layouts."""

from __future__ import annotations

import geopandas as gpd


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
