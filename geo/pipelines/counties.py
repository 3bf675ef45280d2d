"""The region's counties: their 2010 tracts dissolved, with population and its margin."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.datasets.inputs import Inputs
from geo.datasets.schema import AREAS, Schema, check_schema
from geo.datasets.storage import Product
from geo.methods.geometry import area_km2
from geo.region import Region
from geo.tracts.acs_indicators import sum_of_counties

SCHEMA = Schema(
    "counties", key=("geoid",), columns=("name",), counts=("population", "area_km2"), geometry=AREAS
)
SUMMED = ("population", "households", "housing_units")


def extract(inputs: Inputs) -> gpd.GeoDataFrame:
    """Read the region's tracts of 2010."""
    return inputs.dataset_shapes("tracts_2010")


def transform(raw: gpd.GeoDataFrame, region: Region) -> Product:
    """Dissolve tracts by county; sums carry their margin (90 %), as :func:`sum_of_counties` gives it.

    ``area_km2`` is measured in the region's equal-area CRS. A tract without an estimate is left out of
    a sum.
    """
    shapes = raw[["county_geoid", "geometry"]].dissolve("county_geoid")
    groups = raw.groupby("county_geoid")
    frame = gpd.GeoDataFrame(
        {
            "geoid": shapes.index.astype("string"),
            "name": groups["location"].agg(_county_name).reindex(shapes.index).astype("string"),
            "tracts": groups.size().reindex(shapes.index),
            "area_km2": area_km2(shapes.geometry, region.area_crs),
            "land_m2": groups["land_m2"].sum().reindex(shapes.index),
            "water_m2": groups["water_m2"].sum().reindex(shapes.index),
            **{name: groups[name].sum().reindex(shapes.index) for name in SUMMED},
            **{f"{name}_moe": _margins(raw, name).reindex(shapes.index) for name in SUMMED},
        },
        geometry=shapes.geometry,
        crs=raw.crs,
    )
    return Product(frame.reset_index(drop=True))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one valid polygon a county."""
    check_schema(frame, SCHEMA)


def _county_name(locations: pd.Series[str]) -> str | None:
    """Read the county's name out of ``Census Tract 1, Riverside County, California``."""
    parts = locations.dropna().str.split(", ")
    return str(parts.iloc[0][1]) if len(parts) and len(parts.iloc[0]) > 1 else None


def _margins(tracts: gpd.GeoDataFrame, name: str) -> pd.Series[float]:
    parts = tracts.groupby("county_geoid")
    return pd.Series({key: sum_of_counties(rows, name).moe for key, rows in parts}, dtype="Float64")
