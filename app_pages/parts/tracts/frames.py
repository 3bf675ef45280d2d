"""What Explore and Compare read: tracts with our estimate of the index, ranks, where people live."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts.loading import kept, load_shapes, load_table, missing_reason
from geo.region import Region, read_region
from geo.tracts.comparison import rank_indicator
from geo.tracts.indicators import ESTIMATES, indicator_named, with_estimates
from geo.tracts.residents.estimate import MADE_FROM, PeopleMap, to_people_map
from layers.view import TRACTS
from store.members import NOBODY, Rights
from wording.tracts import indicator_table

OF_TRACTS = (*TRACTS, ESTIMATES)
"""What a layer of tracts is read from."""


def load_layer(region: str, dataset: str, rights: Rights = NOBODY) -> gpd.GeoDataFrame:
    """Return a layer's frame as somebody may see it, kept until it is built again; do not change it."""
    if dataset not in TRACTS or missing_reason(region, ESTIMATES):
        return load_shapes(region, dataset, rights)
    return _with_estimates(read_region(region), dataset)


@kept(*OF_TRACTS)
def load_indicator_table(region: Region, dataset: str, indicator: str) -> pd.DataFrame:
    """Return the table of an indicator, kept in memory until its layer is built again; do not change it."""
    return indicator_table(load_layer(region.key, dataset), indicator_named(indicator))


@kept(*OF_TRACTS, most=8)
def _with_estimates(region: Region, dataset: str) -> gpd.GeoDataFrame:
    return with_estimates(load_shapes(region.key, dataset), load_table(region.key, ESTIMATES), dataset)


def load_ranks(region: str, dataset: str, indicator: str, percent: int) -> pd.DataFrame:
    """Return how sure each tract is among the highest, on GEOIDs; do not change it."""
    return _ranks(read_region(region), dataset, indicator, percent)


@kept(*OF_TRACTS, most=32)
def _ranks(region: Region, dataset: str, indicator: str, percent: int) -> pd.DataFrame:
    return rank_indicator(load_layer(region.key, dataset), indicator_named(indicator), percent)


OF_PEOPLE = MADE_FROM
"""What a people map is read from."""


def load_people_map(region: str) -> PeopleMap:
    """Return a region's people map, kept in memory until it is built again; do not change it."""
    return _people_map(read_region(region))


@kept(*OF_PEOPLE, most=2, spoken=False)
def _people_map(region: Region) -> PeopleMap:
    tracts, counted, settled = (load_shapes(region.key, name) for name in OF_PEOPLE)
    return to_people_map(tracts, counted, settled, region)
