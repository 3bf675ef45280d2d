"""What nobody walks across: motorways, rail, canals and rivers, and the points where one can.

Canals and streams without a name are left out: in this layer they are ditches and dry washes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from geo import barrier_findings as barrier_findings
from geo.census_findings import worth_telling
from geo.context import is_stand_in, number_rows
from geo.crossings import find_crossings
from geo.crs import STORED
from geo.findings import Finding, find
from geo.inputs import Inputs
from geo.optional import shapes_or_empty
from geo.processed import Product
from geo.region import Region
from geo.schema import LINES, POINTS, Schema, check_schema

CLASSES = ("motorway", "rail", "canal", "river")
MOTORWAY = "S1100"
WALKABLE = ("S1200", "S1400", "S1500", "S1640", "S1710", "S1720", "S1730", "S1740", "S1820", "S1830")
WATER_CLASSES = {"H3010": "river", "H3013": "river", "H3020": "canal"}
COLUMNS = ("barrier_class", "name", "geometry")
SCHEMA = Schema(
    "barriers",
    key=("barrier_id",),
    columns=("barrier_class", "name", "is_crossing"),
    counts=("length_m",),
    geometry=LINES + POINTS,
    may_be_empty=True,
)


class Raw(NamedTuple):
    """What is read: the lines (rails without rows where they are not here), and the counties."""

    roads: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    rails: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read roads, linear water and rails; a coarse stand-in's roads have no classes and are left out."""
    roads = inputs.shapes("roads")
    if is_stand_in(inputs, "roads"):
        roads = roads.iloc[:0].assign(name="", road_class="")
    counties = inputs.dataset_shapes("counties")
    return Raw(roads, inputs.shapes("linear_water"), shapes_or_empty(inputs, "rails"), counties)


def transform(raw: Raw, region: Region) -> Product:
    """Lay barriers and crossings in one frame, in EPSG:4326.

    ``barrier_class`` is motorway, rail, canal or river; ``is_crossing`` is true for the points where a
    street passes, whose ``name`` is the street's. ``length_m`` is in m in the region's length CRS, missing
    for crossings. See :func:`geo.crossings.find_crossings` for what counts as a crossing.
    """
    lines = gpd.GeoDataFrame(pd.concat(_lines(raw), ignore_index=True), geometry="geometry", crs=STORED)
    lines = lines.to_crs(region.length_crs)
    streets = raw.roads[raw.roads["road_class"].isin(WALKABLE)].to_crs(region.length_crs)
    crossings = find_crossings(lines, streets)
    lines["is_crossing"], crossings["is_crossing"] = False, True
    frame = gpd.GeoDataFrame(pd.concat([lines, crossings], ignore_index=True), crs=region.length_crs)
    length = frame.geometry.length.astype("Float64")
    frame["length_m"] = length.mask(frame["is_crossing"])
    frame.insert(0, "barrier_id", number_rows("barrier", len(frame)))
    return Product(frame.to_crs(STORED), findings=worth_telling(_findings(raw, lines)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where shapes are neither lines nor points, or have no identifier of their own."""
    check_schema(frame, SCHEMA)


def _lines(raw: Raw) -> list[gpd.GeoDataFrame]:
    motorways = raw.roads[raw.roads["road_class"] == MOTORWAY].assign(barrier_class="motorway")
    rails = _in_counties(raw.rails, raw.counties).assign(barrier_class="rail")
    named = raw.water[raw.water["name"].notna() & raw.water["kind"].isin(list(WATER_CLASSES))]
    water = named.assign(barrier_class=named["kind"].map(WATER_CLASSES))
    return [part[list(COLUMNS)] for part in (motorways, rails, water)]


def _in_counties(rails: gpd.GeoDataFrame, counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = shapely.union_all(counties.geometry.to_numpy())
    return rails[rails.geometry.intersects(area)]


def _findings(raw: Raw, lines: gpd.GeoDataFrame) -> Iterator[Finding]:
    here = set(lines["barrier_class"])
    yield find(
        "barriers_not_given", "barriers", [name for name in CLASSES if name not in here], of=len(CLASSES)
    )
    courses = raw.water[raw.water["kind"].isin(list(WATER_CLASSES))]
    nameless = courses.index[courses["name"].isna()]
    yield find("barriers_unnamed", "linear_water", nameless, of=len(courses))
