"""The frame behind a layer: tracts come with our estimate of the index beside them, the rest as it is."""

from __future__ import annotations

import geopandas as gpd

from app_pages.parts import screen as st
from app_pages.parts.common import load_shapes, load_sidecar, load_table, missing_reason
from geo.index.beside import with_estimates
from geo.indicators import ESTIMATES
from geo.view import TRACTS


def load_layer(region: str, dataset: str) -> gpd.GeoDataFrame:
    """Return a layer's frame, kept in memory until it is built again; do not change it."""
    if dataset not in TRACTS or missing_reason(region, ESTIMATES):
        return load_shapes(region, dataset)
    return _with_estimates(region, dataset, stamp_of(region, dataset))


def stamp_of(region: str, dataset: str) -> str:
    """Return what changes when a layer's frame does."""
    names = [dataset] if missing_reason(region, ESTIMATES) else [dataset, ESTIMATES]
    return "".join(load_sidecar(region, name).content for name in names)


@st.cache_resource(max_entries=8, show_spinner=False)
def _with_estimates(region: str, dataset: str, stamp: str) -> gpd.GeoDataFrame:
    return with_estimates(load_shapes(region, dataset), load_table(region, ESTIMATES), dataset)
