"""Estimates of 2020 tracts, vintage by vintage, so that a change between two of them can be tested."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.sources.catalog import vintages_of
from geo.tracts.acs_indicators import SERIES, SVI, to_indicators
from geo.tracts.crosswalk import carried_from, carry_over, kept_whole
from geo.tracts.vintages import COLUMNS, last_year, to_long

NAME = "tract_vintages"
SCHEMA = Schema(NAME, key=("geoid", "variable", "source"), columns=COLUMNS)


class Raw(NamedTuple):
    """What is read: tables of 2020 tracts with key and vintage, and what can be carried over to them."""

    tables: tuple[tuple[str, str, pd.DataFrame], ...]
    carried_vintage: str
    tracts_2010: gpd.GeoDataFrame
    crosswalk: pd.DataFrame
    geoids: pd.Index[str]


def extract(inputs: Inputs) -> Raw:
    """Read every vintage that is here, the newest first."""
    keys = [key for key in vintages_of(SERIES, inputs.catalog) if inputs.has(key)]
    here = [(key, receipt.vintage) for key in keys if (receipt := inputs.receipt(key)) is not None]
    own = sorted(
        (item for item in here if inputs.catalog[item[0]].tracts == 2020),
        key=lambda item: -last_year(item[1]),
    )
    return Raw(
        tuple((key, vintage, to_indicators(inputs.table(key))) for key, vintage in own),
        dict(here).get(SVI, ""),
        inputs.dataset_shapes("tracts_2010"),
        inputs.dataset("crosswalk_2010_2020"),
        pd.Index(inputs.dataset_shapes("tracts_2020")["geoid"].astype(str), name="geoid"),
    )


def transform(raw: Raw, region: Region) -> Product:
    """Lay out a row for each tract, indicator and vintage; shares between 0 and 1, margins 90 %.

    What was counted on 2010 tracts is carried over by the people of 2020; ``carried_from`` names those
    tracts, and ``same_tract`` is false where the tract is not one of them as a whole, so that its margin does
    not hold the error of the split.
    """
    parts = [to_long(table.reindex(raw.geoids), key, vintage) for key, vintage, table in raw.tables]
    if raw.carried_vintage:
        carried, _ledger = carry_over(raw.tracts_2010, raw.crosswalk, raw.geoids)
        origin = carried_from(raw.crosswalk, raw.geoids)
        whole = kept_whole(raw.crosswalk, raw.geoids)
        parts.append(to_long(carried, SVI, raw.carried_vintage, origin, whole))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return Product(frame.sort_values(list(SCHEMA.key), ignore_index=True))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one row a tract, indicator and vintage."""
    check_schema(frame, SCHEMA)
