"""Ranks with doubt, kept in memory until a dataset is built again."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.tracts import load_layer, stamp_of
from geo.indicator_rank import rank_indicator
from geo.indicators import indicator_named


def load_ranks(region: str, dataset: str, indicator: str, percent: int) -> pd.DataFrame:
    """Return how sure each tract is among the highest, on GEOIDs; do not change it."""
    return _ranks(region, dataset, indicator, percent, stamp_of(region, dataset))


@st.cache_resource(max_entries=32, show_spinner=False)
def _ranks(region: str, dataset: str, indicator: str, percent: int, stamp: str) -> pd.DataFrame:
    return rank_indicator(load_layer(region, dataset), indicator_named(indicator), percent)
