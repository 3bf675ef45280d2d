"""What Explore and Compare read: tracts with our estimate of the index, ranks, where people live."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts.loading import kept, load_shapes, load_table, missing_reason
from geo.region import Region, read_region
from geo.tracts.comparison import rank_indicator
from geo.tracts.indicators import ESTIMATES, indicator_named, with_estimates
from geo.tracts.residents.estimate import MADE_FROM, PeopleMap, to_people_map
from layers.view import TRACTS, WHOLE_REGION
from store.members import NOBODY, Rights
from wording.tracts import indicator_table

STUDY_AREA = "study_area"
OF_TRACTS = (*TRACTS, ESTIMATES)
"""What a layer of tracts is read from."""


def load_layer(region: str, dataset: str, rights: Rights = NOBODY) -> gpd.GeoDataFrame:
    """Return a layer's frame as somebody may see it, kept until it is built again; do not change it."""
    if dataset not in TRACTS or missing_reason(region, ESTIMATES):
        return load_shapes(region, dataset, rights)
    return _with_estimates(read_region(region), dataset)


def load_tracts(region: Region, dataset: str, area: str) -> gpd.GeoDataFrame:
    """Return the tracts that a view speaks of; do not change them.

    Parameters
    ----------
    area
        As in :class:`layers.view.View`: empty for the study area, ``region`` for all, a county's GEOID.
    """
    return load_layer(region.key, dataset) if area == WHOLE_REGION else _tracts(region, dataset, area)


@kept(*OF_TRACTS, STUDY_AREA, most=16)
def _tracts(region: Region, dataset: str, area: str) -> gpd.GeoDataFrame:
    frame = load_layer(region.key, dataset)
    if area:
        return frame[frame["county_geoid"].astype(str) == area].reset_index(drop=True)
    if missing_reason(region.key, STUDY_AREA):
        return frame
    table = load_table(region.key, STUDY_AREA)
    inside = table.loc[(table["tracts"] == dataset) & table["inside"], "geoid"]
    return frame[frame["geoid"].isin(inside)].reset_index(drop=True)


@kept(*OF_TRACTS, STUDY_AREA)
def load_indicator_table(region: Region, dataset: str, indicator: str, area: str) -> pd.DataFrame:
    """Return the table of an indicator, kept in memory until its layer is built again; do not change it."""
    return indicator_table(load_tracts(region, dataset, area), indicator_named(indicator))


@kept(*OF_TRACTS, most=8)
def _with_estimates(region: Region, dataset: str) -> gpd.GeoDataFrame:
    return with_estimates(load_shapes(region.key, dataset), load_table(region.key, ESTIMATES), dataset)


@kept(*OF_TRACTS, STUDY_AREA, most=32)
def load_ranks(region: Region, dataset: str, indicator: str, percent: int, area: str) -> pd.DataFrame:
    """Return how sure each tract is among the highest of its area, on GEOIDs; do not change it."""
    return rank_indicator(load_tracts(region, dataset, area), indicator_named(indicator), percent)


OF_PEOPLE = MADE_FROM
"""What a people map is read from."""


def load_people_map(region: str) -> PeopleMap:
    """Return a region's people map, kept in memory until it is built again; do not change it."""
    return _people_map(read_region(region))


@kept(*OF_PEOPLE, most=2, spoken=False)
def _people_map(region: Region) -> PeopleMap:
    tracts, counted, settled = (load_shapes(region.key, name) for name in OF_PEOPLE)
    return to_people_map(tracts, counted, settled, region)
