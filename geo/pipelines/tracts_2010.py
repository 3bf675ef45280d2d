"""Census tracts of 2010 in the region's counties, with the index, ACS estimates and CalEnviroScreen."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.pipelines.published_shapes import measure_boundaries, rows_of_counties, z_finding
from geo.region import Region
from geo.tracts.indicators import indicators_of, values_of

SOURCE = "tracts_2010"
SCHEMA = Schema(
    "tracts_2010",
    key=("geoid",),
    columns=("county_geoid", "ca_htc_index", "index_scored", "population_moe"),
    shares=tuple(item.key for item in indicators_of("tracts_2010") if item.unit == "share"),
    counts=("population", "households", "area_km2"),
    geometry=AREAS,
)


class Raw(NamedTuple):
    """What is read: every tract's polygon and indicators, statewide, and what Z coordinates there were."""

    shapes: gpd.GeoDataFrame
    indicators: pd.DataFrame
    found: tuple[Finding, ...]


def extract(inputs: Inputs) -> Raw:
    """Read the polygons and the table of indicators."""
    return Raw(inputs.shapes(SOURCE), inputs.dataset("tract_indicators"), z_finding(inputs, SOURCE))


def transform(raw: Raw, region: Region) -> Product:
    """Keep the region's tracts, measure them, join their indicators and rank them.

    ``area_km2`` is the polygon's area in the region's equal-area CRS, water included;
    ``<indicator>_region_rank`` counts from the highest value, 1, and is missing where the value is.
    """
    ours, found = measure_boundaries(rows_of_counties(raw.shapes, region.counties), SOURCE, region)
    columns = raw.indicators.columns
    published = columns[columns.str.match(r"share_.*_percent(_moe)?$")]
    frame = ours.merge(raw.indicators.drop(columns=published), on="geoid", how="left")
    frame["county_geoid"] = frame["geoid"].str[:5]
    frame["index_scored"] = frame["index_scored"].fillna(False).astype(bool)
    ranked = [item for item in indicators_of("tracts_2010") if item.ranked]
    ranks = {item.rank: values_of(frame, item).rank(ascending=False, method="min") for item in ranked}
    frame = frame.join(pd.DataFrame(ranks).astype("Int64")).sort_values("geoid", ignore_index=True)
    return Product(frame, findings=worth_telling([*raw.found, *found, _without_polygon(raw)]))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon a tract, each with its indicators' columns."""
    check_schema(frame, SCHEMA)


def _without_polygon(raw: Raw) -> Finding:
    index = raw.indicators["geoid"][raw.indicators["ca_htc_index"].notna()]
    return find("index_without_polygon", SOURCE, index[~index.isin(raw.shapes["geoid"])], of=len(index))
