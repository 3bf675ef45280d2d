"""Published shapes: repaired, measured, placed in counties; plain kinds for feature class codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED
from geo.datasets.findings import Finding, find
from geo.datasets.inputs import Inputs
from geo.intake.vectors import count_heights
from geo.methods.geometry import M2_PER_KM2, area_km2, repair_shapes
from geo.region import Region

FOUR_FIFTHS = 0.8
SLIVER_SHARE = 0.01
SLIVER_KM2 = 1.0


def measure_boundaries(
    shapes: gpd.GeoDataFrame, source: str, region: Region
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Repair boundaries and measure them, in km2 in the region's equal-area CRS.

    Parameters
    ----------
    shapes
        In EPSG:4326, with ``geoid`` and, in m2, ``land_m2`` and ``water_m2`` as published; where these
        are missing nothing is compared.
    source
        Key of the source, which the findings name.
    region
        Its ``area_crs`` is used.

    Returns
    -------
    tuple of GeoDataFrame, tuple of Finding
        The boundaries with ``area_km2``; what was repaired, and which areas are under four fifths of the
        published land and water.
    """
    frame, mended = _repair(shapes, source)
    return _measure(frame, source, region, mended)


def lay_boundaries(
    shapes: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, source: str, region: Region
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Repair boundaries, keep those in the region's counties, and measure them.

    See :func:`measure_boundaries` and :func:`place_in_counties`; the findings on areas concern the
    boundaries that are kept.
    """
    frame, mended = _repair(shapes, source)
    return _measure(place_in_counties(frame, counties, region.area_crs), source, region, mended)


def join_parts(shapes: gpd.GeoDataFrame, by: str) -> gpd.GeoDataFrame:
    """Join rows that share an identifier, as the parts of one district, into one.

    Shapes are united (EPSG:4326, valid ones in), numbers added (missing where one is), of all else the first
    value is kept. Where no two rows share it they stay as they are.

    Parameters
    ----------
    shapes
        The rows.
    by
        The column that says what belongs together.

    Examples
    --------
    >>> parts = gpd.GeoDataFrame({"id": ["a", "a", "b"], "km2": [1.0, 2.0, 5.0]},
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(5, 5, 6, 6)])
    >>> join_parts(parts, "id")[["id", "km2"]].to_numpy().tolist()
    [['a', 3.0], ['b', 5.0]]
    """
    if not shapes[by].duplicated().any():
        return shapes
    others = shapes.drop(columns=[by, "geometry"])
    numbers = others.select_dtypes("number").columns
    how = {name: _sum if name in numbers else "first" for name in others.columns}
    return shapes.dissolve(by, how, sort=False).reset_index()[list(shapes.columns)]


def _sum(values: pd.Series[float]) -> float:
    return values.sum(skipna=False)


def _repair(shapes: gpd.GeoDataFrame, source: str) -> tuple[gpd.GeoDataFrame, Finding]:
    geometry, repaired = repair_shapes(shapes.geometry)
    mended = find("shapes_repaired", source, shapes["geoid"][repaired], of=len(shapes))
    return shapes.set_geometry(geometry), mended


def _measure(
    shapes: gpd.GeoDataFrame, source: str, region: Region, mended: Finding
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    frame = shapes.assign(area_km2=area_km2(shapes.geometry, region.area_crs))
    published = (frame["land_m2"] + frame["water_m2"]).astype("Float64") / M2_PER_KM2
    under = (frame["area_km2"] < FOUR_FIFTHS * published).fillna(False).astype(bool)
    compared = int(published.notna().sum())
    return frame, (mended, find("area_under", source, frame["geoid"][under], of=compared))


def place_points(rows: pd.DataFrame, counties: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.Series[bool]]:
    """Make points of rows with a place, and keep those in counties.

    Parameters
    ----------
    rows
        With ``latitude`` and ``longitude`` in degrees (EPSG:4326); NA is no place.
    counties
        In EPSG:4326.

    Returns
    -------
    tuple of GeoDataFrame, Series
        The rows in the counties, in EPSG:4326 and without the two columns; and which of ``rows`` they are.

    Examples
    --------
    >>> places = {"latitude": [0.5, 5, None], "longitude": [0.5, 5, 0]}
    >>> rows = pd.DataFrame({"name": ["in", "out", "?"], **places})
    >>> county = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> place_points(rows, county)[0]["name"].to_list()
    ['in']
    """
    x, y = (
        rows[name].astype("Float64").to_numpy(float, na_value=np.nan) for name in ("longitude", "latitude")
    )
    points = gpd.GeoSeries.from_xy(x, y, index=rows.index, crs=STORED)
    inside = points.intersects(counties.union_all()) & rows[["latitude", "longitude"]].notna().all(axis=1)
    kept = rows.drop(columns=["latitude", "longitude"])[inside]
    return gpd.GeoDataFrame(kept, geometry=points[inside], crs=STORED).reset_index(drop=True), inside


def are_named_here(names: pd.Series[str], counties: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Whether a published name of a county is that of one of these; "RIVERSIDE" is Riverside County.

    Examples
    --------
    >>> counties = gpd.GeoDataFrame({"name": ["Riverside County"]}, geometry=[None])
    >>> are_named_here(pd.Series(["RIVERSIDE", "Kern", None], dtype="string"), counties).to_list()
    [True, False, False]
    """
    ours = counties["name"].str.upper().str.removesuffix(" COUNTY")
    return names.str.upper().isin(ours).fillna(False).astype(bool)


def place_in_counties(
    shapes: gpd.GeoDataFrame, counties: gpd.GeoDataFrame, area_crs: str
) -> gpd.GeoDataFrame:
    """Keep the shapes that lie in counties, in part at least.

    Lines of different making don't coincide, so a part counts from 1 % of the shape or 1 km2 on.

    Parameters
    ----------
    shapes
        Areas in EPSG:4326.
    counties
        With ``geoid``, in EPSG:4326.
    area_crs
        An equal-area CRS in meters.

    Returns
    -------
    GeoDataFrame
        With ``county_geoid``, the county that has most of it, and ``share_in_region``, the share of its
        area (0 to 1) that lies in any of the counties.

    Examples
    --------
    >>> county = gpd.GeoDataFrame({"geoid": ["06065"]}, geometry=[shapely.box(0, 0, 2, 1)], crs="EPSG:3310")
    >>> town = gpd.GeoDataFrame({"geoid": ["a"]}, geometry=[shapely.box(1, 0, 3, 1)], crs="EPSG:3310")
    >>> placed = place_in_counties(town.to_crs("EPSG:4326"), county.to_crs("EPSG:4326"), "EPSG:3310")
    >>> placed.county_geoid.item(), round(placed.share_in_region.item(), 6)
    ('06065', 0.5)
    """
    ours = np.asarray(shapes.geometry.to_crs(area_crs))
    shared = pd.DataFrame(
        {
            geoid: _shared_area(ours, county)
            for geoid, county in zip(counties["geoid"], counties.geometry.to_crs(area_crs), strict=True)
        },
        index=shapes.index,
    )
    total = shared.sum(axis=1)
    share = total / shapely.area(ours)
    kept = (share >= SLIVER_SHARE) | (total >= SLIVER_KM2 * M2_PER_KM2)
    placed = shapes[kept].reset_index(drop=True)
    placed["county_geoid"] = shared[kept].idxmax(axis=1).astype("string").to_numpy()
    placed["share_in_region"] = share[kept].clip(upper=1.0).to_numpy()
    return placed


def _shared_area(
    shapes: np.typing.NDArray[np.object_], county: shapely.Geometry
) -> np.typing.NDArray[np.float64]:
    shared = np.zeros(len(shapes))
    near = shapely.intersects(shapes, county)
    shared[near] = shapely.area(shapely.intersection(shapes[near], county))
    return shared


def z_finding(inputs: Inputs, source: str) -> tuple[Finding, ...]:
    """Say how many shapes of a source's files carry Z coordinates; reading drops them."""
    counts = [count_heights(item.path) for item in inputs.files(source)]
    return (Finding("z_coordinates", source, sum(counts)),) if sum(counts) else ()


def rows_of_counties(frame: gpd.GeoDataFrame, counties: Sequence[str]) -> gpd.GeoDataFrame:
    """Keep the rows whose ``geoid`` begins with one of the counties' GEOIDs.

    Examples
    --------
    >>> tracts = gpd.GeoDataFrame({"geoid": ["06065045303", "06037137000"]}, geometry=[None, None])
    >>> rows_of_counties(tracts, ["06065"])["geoid"].tolist()
    ['06065045303']
    """
    return frame[frame["geoid"].str[:5].isin(counties)].reset_index(drop=True)


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
