"""The frame behind a layer: tracts come with our estimate of the index beside them, the rest as it is."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.parts.loading import kept, load_shapes, load_table, missing_reason
from geo.region import Region, read_region
from geo.tracts.indicator_table import indicator_table
from geo.tracts.indicators import ESTIMATES, indicator_named, with_estimates
from layers.view import TRACTS
from store.members import NOBODY, Rights

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
