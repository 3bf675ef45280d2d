"""Water and roads, for orientation: plain kinds for the codes, and whether a source is a coarse stand-in."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from geo.findings import Finding
from geo.inputs import Inputs

WATER_KINDS = {
    "H2025": "wetland",
    "H2030": "lake",
    "H2040": "reservoir",
    "H2041": "treatment pond",
    "H2051": "bay",
    "H2053": "sea",
    "H3010": "river",
    "H3013": "river",
    "H3020": "canal",
    "river_or_intermittent": "river",
}
"""MTFCC feature class codes of the Census Bureau, and the words of coarser sources, in plain words."""

ROAD_CLASSES = {
    "S1100": "primary",
    "S1200": "secondary",
    "S1400": "local",
    "S1500": "track",
    "S1630": "ramp",
    "S1640": "service",
    "S1710": "path",
    "S1720": "stairway",
    "S1730": "alley",
    "S1740": "private",
    "S1750": "internal",
    "S1780": "parking",
    "S1820": "path",
    "S1830": "path",
}
"""MTFCC feature class codes of roads, in plain words."""


NEAR_DEG = 0.25
"""How far around a region's counties water and roads still serve for orientation."""


def is_stand_in(inputs: Inputs, source: str) -> bool:
    """Whether a source's files stand in for the official ones, and are coarser."""
    receipt = inputs.receipt(source)
    return receipt is not None and receipt.fidelity == "stand-in"


def keep_near(shapes: gpd.GeoDataFrame, counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep what lies in the box around a region's counties, or near it; a coarse file may be of elsewhere.

    Parameters
    ----------
    shapes, counties
        In EPSG:4326.

    Examples
    --------
    >>> from shapely import Point, box
    >>> roads = gpd.GeoDataFrame(geometry=[Point(-119, 35), Point(-116, 33)], crs="EPSG:4326")
    >>> kern = gpd.GeoDataFrame(geometry=[box(-120.2, 34.8, -117.6, 35.8)], crs="EPSG:4326")
    >>> len(keep_near(roads, kern))
    1
    """
    if counties.empty:
        return shapes
    west, south, east, north = (float(side) for side in counties.total_bounds)
    near = shapely.box(west - NEAR_DEG, south - NEAR_DEG, east + NEAR_DEG, north + NEAR_DEG)
    return shapes[shapes.intersects(near)].reset_index(drop=True)


def to_words(codes: pd.Series[str], words: Mapping[str, str]) -> pd.Series[str]:
    """Put codes into words; a code that is not known stays as it is, a missing one stays missing.

    Examples
    --------
    >>> to_words(pd.Series(["H2030", "lake", None]), WATER_KINDS).tolist()
    ['lake', 'lake', <NA>]
    """
    return codes.astype("string").replace(dict(words))


def number_rows(prefix: str, count: int) -> list[str]:
    """Name rows that have no identifier of their own, in their order.

    Examples
    --------
    >>> number_rows("water", 2)
    ['water-0001', 'water-0002']
    """
    return [f"{prefix}-{number:04d}" for number in range(1, count + 1)]


def make_unique(identifiers: pd.Series[str]) -> pd.Series[str]:
    """Tell rows that share an identifier apart by a number.

    Examples
    --------
    >>> make_unique(pd.Series(["a", "b", "a"])).tolist()
    ['a', 'b', 'a-2']
    """
    turn = identifiers.groupby(identifiers).cumcount() + 1
    return identifiers.where(turn == 1, identifiers + "-" + turn.astype("string"))


def stand_in_finding(source: str, count: int, rough: bool) -> tuple[Finding, ...]:
    """Say that a source's shapes stand in for the official layer."""
    return (Finding("stand_in", source, count),) if rough else ()
