"""The smallest areas with a count of 2020: blocks where they have polygons, else block groups by place."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs, table_or_empty
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.geometry import repair_shapes
from geo.region import Region
from geo.tracts.residents.settled import cut_by_place

NAME = "counted_areas"
BLOCK, PART, GROUP = "block", "part_of_block_group", "block_group"
COUNTS = ("population", "housing_units", "occupied_units")
SCHEMA = Schema(
    NAME,
    key=("area_id",),
    columns=("unit", "block_group_geoid", "tract_geoid", "county_geoid", "place_geoid", "place_known"),
    counts=COUNTS,
    geometry=AREAS,
)


class Raw(NamedTuple):
    """What is read; what is not here has no rows, or is None."""

    block_groups: gpd.GeoDataFrame
    blocks: gpd.GeoDataFrame | None
    counts: pd.DataFrame
    block_places: pd.DataFrame | None
    places: gpd.GeoDataFrame | None


def extract(inputs: Inputs) -> Raw:
    """Read block groups, and blocks, their counts and their places as far as they are here."""
    return Raw(
        inputs.dataset_shapes("block_groups"),
        inputs.dataset_shapes("blocks") if inputs.built("blocks") else None,
        table_or_empty(inputs, "pl94_blocks_2020"),
        inputs.dataset("block_places") if inputs.built("block_places") else None,
        inputs.dataset_shapes("places") if inputs.built("places") else None,
    )


def transform(raw: Raw, region: Region) -> Product:
    """Lay out the blocks, or the part of each block group in each place, with the counts of 2020.

    ``unit`` is one of :data:`BLOCK`, :data:`PART` and :data:`GROUP`. ``place_geoid`` is missing where an area
    is in no place, or where that is not known (``place_known`` is false: the county has no assignment file,
    and its block groups stay whole). Parts have the sums of their blocks. Their shape is what the block
    group's own shape shares with the place; where that is derived and shares nothing, the whole of the block
    group's. Areas without people and homes are left out.
    """
    by_block = _blocks(raw)
    done = set(by_block["county_geoid"])
    groups = raw.block_groups[~raw.block_groups["county_geoid"].isin(done)]
    parts = _by_place(groups, raw)
    whole = _whole(groups[~groups["geoid"].isin(parts["block_group_geoid"])])
    frame = gpd.GeoDataFrame(pd.concat([by_block, parts, whole], ignore_index=True), crs=STORED)
    frame, lost = _cut(frame, raw.places, region)
    lived = frame[list(COUNTS)].fillna(0).gt(0).any(axis=1)
    columns = [*SCHEMA.key, *SCHEMA.columns, *COUNTS, "geometry"]
    frame = frame.loc[lived, columns].sort_values("area_id", ignore_index=True)
    return Product(frame, findings=worth_telling([lost]))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon an area."""
    check_schema(frame, SCHEMA)


def _blocks(raw: Raw) -> gpd.GeoDataFrame:
    """Take blocks that have polygons, each with its place."""
    if raw.blocks is None:
        blank = raw.block_groups.iloc[:0].rename(columns={"geoid": "area_id"})
        return blank.assign(unit=BLOCK, block_group_geoid="", place_geoid="", place_known=False)
    blocks = raw.blocks.rename(columns={"geoid": "area_id"})
    named = {} if raw.block_places is None else raw.block_places.set_index("geoid")["place_geoid"].to_dict()
    place = blocks["area_id"].map(named).astype("string")
    return blocks.assign(unit=BLOCK, place_geoid=place, place_known=blocks["area_id"].isin(list(named)))


def _by_place(groups: gpd.GeoDataFrame, raw: Raw) -> gpd.GeoDataFrame:
    """Sum the blocks of each block group by place, where the place of all of them is known."""
    shape = groups.set_index("geoid")[["tract_geoid", "county_geoid", "geometry"]]
    blocks = raw.counts.assign(block_group_geoid=raw.counts["geoid"].str[:12])
    blocks = blocks[blocks["block_group_geoid"].isin(shape.index)]
    named = blocks.iloc[:0].assign(place_geoid="", place_known=False)
    if raw.block_places is not None:
        named = blocks.merge(raw.block_places[["geoid", "place_geoid"]], how="left", indicator="found")
        named["place_known"] = named.pop("found").eq("both")
        known = named.groupby("block_group_geoid")["place_known"].transform("all")
        named = named[known]
    keys = ["block_group_geoid", "place_geoid"]
    sums = named.groupby(keys, dropna=False)[list(COUNTS)].sum(min_count=1).reset_index()
    sums = sums.assign(unit=PART, place_known=True, place_geoid=sums["place_geoid"].astype("string"))
    sums["area_id"] = sums["block_group_geoid"] + "-" + sums["place_geoid"].fillna("none")
    return gpd.GeoDataFrame(sums.join(shape, on="block_group_geoid"), crs=STORED)


def _whole(groups: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    place = pd.Series(pd.NA, groups.index, dtype="string")
    known = groups.assign(unit=GROUP, place_geoid=place, place_known=False)
    return known.assign(area_id=groups["geoid"], block_group_geoid=groups["geoid"])


def _cut(
    frame: gpd.GeoDataFrame, places: gpd.GeoDataFrame | None, region: Region
) -> tuple[gpd.GeoDataFrame, Finding]:
    """Cut the areas by their places, where they are known."""
    of = int(frame["place_known"].sum())
    if places is None or not of:
        return frame, find("places_of_blocks_far", NAME, [], of=of)
    outlines = repair_shapes(places.set_index("geoid").geometry.to_crs(region.area_crs))[0]
    shapes = repair_shapes(frame.loc[frame["place_known"], "geometry"].to_crs(region.area_crs))[0]
    cut = cut_by_place(shapes, frame.loc[shapes.index, "place_geoid"], outlines)
    left = repair_shapes(gpd.GeoSeries(cut[~cut.is_empty]).to_crs(STORED))[0]
    geometry = frame.geometry.copy()
    geometry.loc[left.index] = left
    lost = frame.loc[shapes.index.difference(left.index), "area_id"]
    return frame.set_geometry(geometry), find("places_of_blocks_far", NAME, lost, of=of)
