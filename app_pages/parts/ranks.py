"""Ranks with doubt, kept in memory until a dataset is built again."""

from __future__ import annotations

import pandas as pd

from app_pages.parts.loading import kept
from app_pages.parts.tracts import OF_TRACTS, load_layer
from geo.region import Region, read_region
from geo.tracts.comparison import rank_indicator
from geo.tracts.indicators import indicator_named


def load_ranks(region: str, dataset: str, indicator: str, percent: int) -> pd.DataFrame:
    """Return how sure each tract is among the highest, on GEOIDs; do not change it."""
    return _ranks(read_region(region), dataset, indicator, percent)


@kept(*OF_TRACTS, most=32)
def _ranks(region: Region, dataset: str, indicator: str, percent: int) -> pd.DataFrame:
    return rank_indicator(load_layer(region.key, dataset), indicator_named(indicator), percent)
