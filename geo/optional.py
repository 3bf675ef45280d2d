"""Optional sources: read where they are here, else a frame with the right columns and no rows."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.inputs import Inputs
from geo.sources.catalog import Source


def is_here(inputs: Inputs, source: str) -> bool:
    """Whether a source is here for the region: statewide, or for one of its counties at least."""
    return inputs.has(source)


def table_or_empty(inputs: Inputs, source: str) -> pd.DataFrame:
    """Read a source as a table; without rows where it is not here."""
    return inputs.table(source) if is_here(inputs, source) else empty_table(inputs.catalog[source])


def shapes_or_empty(inputs: Inputs, source: str) -> gpd.GeoDataFrame:
    """Read a source's shapes, in EPSG:4326; without rows where it is not here."""
    if is_here(inputs, source):
        return inputs.shapes(source)
    return gpd.GeoDataFrame(empty_table(inputs.catalog[source]), geometry=[], crs=STORED)


def empty_table(source: Source) -> pd.DataFrame:
    """Make a frame with our columns of a source, and no rows.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> empty_table(read_catalog()["tracts_2020"]).dtypes.astype(str).to_dict()
    {'geoid': 'string', 'name': 'string', 'land_m2': 'Float64', 'water_m2': 'Float64'}
    """
    layout = source.layout
    kinds = ((layout.text, "string"), (layout.number, "Float64"), (layout.date, "datetime64[ns]"))
    return pd.DataFrame({ours: pd.Series(dtype=kind) for part, kind in kinds for ours in part})
