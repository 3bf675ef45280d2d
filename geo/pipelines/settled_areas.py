"""Where people live within each counted area: around its center of population, by what is known of it."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED
from geo.datasets.inputs import Inputs, shapes_or_empty
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.geometry import areas_only, repair_shapes
from geo.pipelines.block_groups import outlines_of
from geo.pipelines.counted_areas import BLOCK
from geo.region import Region
from geo.tracts.residents.points import to_points
from geo.tracts.residents.settled import cut_by_place, served_land, settle

NAME = "settled_areas"
SOURCE = "block_group_centers_2020"
CENTER = "center_of_population"
SAME = 0.98
"""Share of a tract of 2020 that lies in the tract of 2010 of its code, from which they are one tract."""

SCHEMA = Schema(NAME, key=("area_id",), columns=("placed_by",), geometry=AREAS)


class Raw(NamedTuple):
    """What is read; what is not here has no rows, or is None."""

    counted: gpd.GeoDataFrame
    centers: pd.DataFrame
    tracts_2020: gpd.GeoDataFrame
    tracts_2010: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None
    systems: gpd.GeoDataFrame | None = None


def extract(inputs: Inputs) -> Raw:
    """Read counted areas, centers of population, tracts, places and water systems as far as they are here."""
    return Raw(
        inputs.dataset_shapes("counted_areas"),
        inputs.table(SOURCE),
        shapes_or_empty(inputs, "tracts_2020"),
        inputs.dataset_shapes("tracts_2010"),
        inputs.dataset_shapes("places") if inputs.built("places") else None,
        inputs.dataset_shapes("water_systems") if inputs.built("water_systems") else None,
    )


def transform(raw: Raw, region: Region) -> Product:
    """Draw the settled part of each counted area, in EPSG:4326.

    A block is settled as a whole (``placed_by`` is ``block``). The people of a block group, or of its part
    in a place, are put around its center of population, within its tract and its place, on land that a water
    system serves before other land (``center_of_population``; see :mod:`geo.tracts.residents.settled`).
    """
    frame = raw.counted.set_index("area_id")
    by_center = frame["unit"] != BLOCK
    ours = frame[by_center]
    geometry = frame.geometry.copy()
    if len(ours):
        settled = _settled(ours, raw, region).to_crs(STORED)
        geometry.loc[ours.index] = repair_shapes(settled)[0]
    placed = np.where(by_center, CENTER, BLOCK)
    table = {"area_id": frame.index, "placed_by": placed}
    return Product(gpd.GeoDataFrame(table, geometry=list(geometry), crs=STORED))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon an area."""
    check_schema(frame, SCHEMA)


def _settled(ours: gpd.GeoDataFrame, raw: Raw, region: Region) -> gpd.GeoSeries:
    points = to_points(raw.centers).set_index("geoid").geometry.reindex(ours["block_group_geoid"])
    centers = gpd.GeoDataFrame({"geoid": ours["block_group_geoid"]}, geometry=list(points), crs=STORED)
    tracts = outlines_of(centers, raw.tracts_2020, raw.tracts_2010, region)
    tracts = repair_shapes(tracts.to_crs(region.area_crs))[0]
    own = repair_shapes(ours.geometry.to_crs(region.area_crs))[0]
    holding = _in_place(ours, _in_old_tract(tracts, ours, raw, region), own, raw, region)
    people = ours["population"].where(ours["population"] > 0, ours["housing_units"]).astype(float)
    served = None if raw.systems is None else served_land(raw.systems, region.area_crs)
    return settle(centers.geometry.to_crs(region.area_crs), holding, people, served)


def _in_old_tract(tracts: gpd.GeoSeries, ours: gpd.GeoDataFrame, raw: Raw, region: Region) -> gpd.GeoSeries:
    """Cut tracts that stayed as they were by their outline of 2010, which differs by a hair."""
    before = raw.tracts_2010.set_index("geoid").geometry.to_crs(region.area_crs)
    old = np.asarray(repair_shapes(before)[0].reindex(ours["tract_geoid"]))
    common = areas_only(shapely.intersection(np.asarray(tracts), old))
    same = np.nan_to_num(shapely.area(common)) >= SAME * shapely.area(np.asarray(tracts))
    return gpd.GeoSeries(np.where(same, common, tracts), index=tracts.index, crs=tracts.crs)


def _in_place(
    ours: gpd.GeoDataFrame, tracts: gpd.GeoSeries, own: gpd.GeoSeries, raw: Raw, region: Region
) -> gpd.GeoSeries:
    """Cut tracts by place where it is known; where nothing is left, the area's own shape holds its people."""
    known = ours["place_known"].astype(bool).to_numpy()
    if raw.places is None or not known.any():
        return tracts
    outlines = repair_shapes(raw.places.set_index("geoid").geometry.to_crs(region.area_crs))[0]
    cut = cut_by_place(gpd.GeoSeries(tracts[known]), ours.loc[known, "place_geoid"], outlines)
    far = cut.is_empty
    nearest = outlines.reindex(ours.loc[cut.index[far], "place_geoid"]).set_axis(cut.index[far])
    cut[far] = nearest.where(nearest.notna(), own[cut.index[far]])
    holding = tracts.copy()
    holding.loc[cut.index] = cut
    return holding
