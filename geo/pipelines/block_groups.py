"""Block groups of 2020: dissolved from blocks, or else the cells around their centers of population."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED
from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs, shapes_or_empty, table_or_empty
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.geometry import area_km2, voronoi_cells
from geo.pipelines.published_shapes import rows_of_counties
from geo.region import Region
from geo.tracts.residents.points import locate_in_own_county, to_points

SOURCE = "block_group_centers_2020"
UNITS = ("housing_units", "occupied_units")
SCHEMA = Schema(
    "block_groups",
    key=("geoid",),
    columns=("tract_geoid", "county_geoid", "derived"),
    counts=("population", *UNITS, "area_km2"),
    geometry=AREAS,
)


class Raw(NamedTuple):
    """What is read; what is not here has no rows."""

    centers: pd.DataFrame
    counts: pd.DataFrame
    blocks: gpd.GeoDataFrame | None
    tracts_2020: gpd.GeoDataFrame
    tracts_2010: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Raw:
    """Read centers and tracts, and blocks and their counts as far as they are here."""
    return Raw(
        inputs.table(SOURCE),
        table_or_empty(inputs, "pl94_blocks_2020"),
        inputs.dataset_shapes("blocks") if inputs.built("blocks") else None,
        shapes_or_empty(inputs, "tracts_2020"),
        inputs.dataset_shapes("tracts_2010"),
    )


def transform(raw: Raw, region: Region) -> Product:
    """Give each block group of the region a shape, its people and its housing units.

    Where blocks have polygons the shape is theirs. Elsewhere it is the part of the block group's own 2020
    tract (where no 2020 polygon is had, of the 2010 tract of that code, or else around its center) that
    is nearer to its center of population than to another's: ``derived`` is true, and the edge is no
    census line. Population is that of the centers' file, units are sums of blocks, missing where there
    are none.
    """
    centers = rows_of_counties(to_points(raw.centers), region.counties)
    outlines = outlines_of(centers, raw.tracts_2020, raw.tracts_2010, region)
    placed, outside = move_inside(centers, outlines, region.length_crs)
    lines = _dissolved(raw.blocks)
    frame = pd.DataFrame(centers.drop(columns="geometry")).set_index("geoid").join(_units(raw.counts))
    cells = cells_of(placed, outlines, region.area_crs)
    geometry = lines.reindex(frame.index).where(frame.index.isin(lines.index), cells.reindex(frame.index))
    frame = gpd.GeoDataFrame(frame, geometry=geometry, crs=STORED)
    frame["tract_geoid"], frame["county_geoid"] = frame.index.str[:11], frame.index.str[:5]
    frame["area_km2"] = area_km2(frame.geometry, region.area_crs)
    frame["derived"] = ~frame.index.isin(lines.index)
    frame = frame.reset_index()
    return Product(frame, findings=worth_telling(_findings(raw, frame, outside)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon a block group."""
    check_schema(frame, SCHEMA)


def move_inside(
    centers: gpd.GeoDataFrame, outlines: gpd.GeoSeries, length_crs: str
) -> tuple[gpd.GeoDataFrame, pd.Series[str]]:
    """Move centers that lie outside of their own outline to the nearest point inside.

    ``outlines`` is parallel to ``centers``; both are in EPSG:4326. Returns the centers, in EPSG:4326, and the
    GEOIDs of those that were moved.
    """
    points = np.array(centers.geometry.to_crs(length_crs))
    areas = np.asarray(outlines.to_crs(length_crs))
    outside = shapely.distance(points, areas) > 0
    lines = shapely.shortest_line(points[outside], areas[outside])
    points[outside] = shapely.get_point(lines, -1)
    moved = gpd.GeoSeries(points, index=centers.index, crs=length_crs).to_crs(STORED)
    return centers.set_geometry(moved), centers["geoid"][outside]


def cells_of(centers: gpd.GeoDataFrame, outlines: gpd.GeoSeries, area_crs: str) -> gpd.GeoSeries:
    """Share each outline out to the centers in it; on the centers' GEOIDs, in EPSG:4326."""
    points = centers.set_index("geoid").geometry.to_crs(area_crs)
    areas = outlines.to_crs(area_crs).set_axis(points.index)
    groups = points.index.to_series().groupby(areas.to_wkb())
    parts = [
        voronoi_cells(gpd.GeoSeries(points.loc[list(ours)]), areas.loc[ours.iloc[0]]) for _, ours in groups
    ]
    return gpd.GeoSeries(pd.concat(parts), crs=area_crs).to_crs(STORED)


def outlines_of(
    centers: gpd.GeoDataFrame, tracts_2020: gpd.GeoDataFrame, tracts_2010: gpd.GeoDataFrame, region: Region
) -> gpd.GeoSeries:
    """Find the outline that each center lies in: its 2020 tract; the 2010 tract of that code, or around it.

    Parameters
    ----------
    centers
        Points in EPSG:4326 with the ``geoid`` of their block group.
    tracts_2020, tracts_2010
        With ``geoid``, in EPSG:4326; ``tracts_2010`` with ``county_geoid``.

    Returns
    -------
    GeoSeries
        On the index of ``centers``, in EPSG:4326.
    """
    tract = centers["geoid"].str[:11]
    new = tracts_2020.set_index("geoid").geometry.reindex(tract)
    with_county = centers.assign(county_geoid=centers["geoid"].str[:5])
    around = locate_in_own_county(with_county, tracts_2010, region.length_crs)
    old_code = tract.where(tract.isin(tracts_2010["geoid"]), around)
    old = tracts_2010.set_index("geoid").geometry.reindex(old_code)
    shapes = np.where(new.isna(), np.asarray(old), np.asarray(new))
    return gpd.GeoSeries(shapes, index=centers.index, crs=STORED)


def _dissolved(blocks: gpd.GeoDataFrame | None) -> gpd.GeoSeries:
    if blocks is None:
        return gpd.GeoSeries([], crs=STORED)
    return blocks[["block_group_geoid", "geometry"]].dissolve("block_group_geoid").geometry


def _units(counts: pd.DataFrame) -> pd.DataFrame:
    sums = counts.groupby(counts["geoid"].str[:12])[list(UNITS)].sum(min_count=1)
    return sums.astype("Float64")


def _findings(raw: Raw, frame: gpd.GeoDataFrame, outside: pd.Series[str]) -> Iterator[Finding]:
    derived = frame["geoid"][frame["derived"]]
    yield find("center_outside", SOURCE, outside[outside.isin(derived)], of=len(frame))
    yield find("block_groups_derived", SOURCE, derived, of=len(frame))
    sums = raw.counts.groupby(raw.counts["geoid"].str[:12])["population"].sum().reindex(frame["geoid"])
    both = sums.notna().to_numpy()
    differ = both & (sums.to_numpy(float, na_value=-1) != frame["population"].to_numpy(float))
    yield find("block_sums_differ", "pl94_blocks_2020", frame["geoid"][differ], of=int(both.sum()))
