"""What nobody walks across: motorways, rail, canals and rivers, and the points where one can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import STORED, require_crs, require_projected
from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs, shapes_or_empty
from geo.datasets.schema import LINES, POINTS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import is_stand_in, number_rows
from geo.region import Region

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

    ``barrier_class`` is highway, rail, canal or river; ``is_crossing`` is true for the points where a
    street passes, whose ``name`` is the street's. ``length_m`` is in m in the region's length CRS, missing
    for crossings. See :func:`geo.pipelines.barriers.find_crossings` for what counts as a crossing.
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


REACH_M = 15.0
ON_A_SIDE_M = REACH_M / 2
SAME_PLACE_M = 1.0
Shapes = npt.NDArray[np.object_]


def find_crossings(barriers: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Find the points where streets cross barriers, by bridge, underpass or at grade.

    A street crosses where it meets the barrier and goes on for at least 7.5 m on two sides of it, within
    15 m; a street that ends at the barrier does not cross. Two streets that meet on the barrier from
    opposite sides make a crossing. A street that runs along a barrier crosses where it leaves it.

    Parameters
    ----------
    barriers
        Lines with ``barrier_class`` and ``name``, in a projected CRS (m).
    streets
        Lines that people may walk on, with ``name``, in the same CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in the same CRS with the barrier's ``barrier_class`` and the street's ``name``; one for
        each place and class.

    Raises
    ------
    CRSError
        The CRS is geographic, or the two differ.

    Examples
    --------
    >>> from shapely.geometry import LineString
    >>> canal = {"barrier_class": ["canal"], "name": ["Main"], "geometry": [LineString([(0, 0), (99, 0)])]}
    >>> ways = [LineString([(20, -50), (20, 50)]), LineString([(60, 0), (60, 50)])]
    >>> streets = gpd.GeoDataFrame({"name": ["Bridge St", "Dead End"]}, geometry=ways, crs="EPSG:3310")
    >>> find_crossings(gpd.GeoDataFrame(canal, crs="EPSG:3310"), streets)["name"].tolist()
    ['Bridge St']
    """
    require_projected(barriers)
    assert barriers.crs is not None
    require_crs(streets, barriers.crs.to_string())
    kinds = sorted(barriers["barrier_class"].unique())
    found = [_crossings_of(kind, barriers[barriers["barrier_class"] == kind], streets) for kind in kinds]
    rows = [row for part in found for row in part]
    frame = gpd.GeoDataFrame(rows, columns=["barrier_class", "name", "geometry"], crs=barriers.crs)
    places = np.round(shapely.get_coordinates(frame.geometry.to_numpy()) / SAME_PLACE_M)
    place = [f"{x:.0f} {y:.0f}" for x, y in places]
    return frame[~frame.assign(place=place).duplicated(["barrier_class", "place"])].reset_index(drop=True)


def _crossings_of(
    kind: str, barriers: gpd.GeoDataFrame, streets: gpd.GeoDataFrame
) -> list[tuple[str, str, shapely.Point]]:
    lines, ways = barriers.geometry.to_numpy(), streets.geometry.to_numpy()
    names = streets["name"].to_numpy()
    barrier_tree, street_tree = shapely.STRtree(lines), shapely.STRtree(ways)
    rows = []
    for way, line in barrier_tree.query(ways, predicate="intersects").T:
        for point in _meeting_points(ways[way], lines[line]):
            disc = point.buffer(REACH_M)
            near = shapely.union_all(lines[barrier_tree.query(disc, predicate="intersects")])
            streets_near = shapely.union_all(ways[street_tree.query(disc, predicate="intersects")])
            if _on_two_sides(disc, near, streets_near):
                rows.append((kind, names[way], point))
    return rows


def _meeting_points(street: BaseGeometry, barrier: BaseGeometry) -> list[shapely.Point]:
    """Points at which two lines meet; the ends of a stretch that they share."""
    met = shapely.get_parts(shapely.intersection(street, barrier))
    ends = [part if part.geom_type == "Point" else part.boundary for part in met]
    return [point for end in ends for point in shapely.get_parts(end) if not point.is_empty]


def _on_two_sides(disc: shapely.Polygon, barrier: BaseGeometry, streets: BaseGeometry) -> bool:
    """Whether streets go on in two of the parts into which the barrier cuts the disc."""
    near = shapely.intersection(barrier, disc.buffer(REACH_M))
    edges = shapely.union_all([disc.boundary, near])
    sides = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inner = shapely.buffer(sides, -0.01)
    lengths = shapely.length(shapely.intersection(inner, streets))
    return int((lengths >= ON_A_SIDE_M).sum()) >= 2
