"""The State's 2021 routes by receiving system: the miles of each alone, and of one shared network."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.water.identifiers import county_geoids, normalize_pwsids

SOURCE = "consolidation_routes_2021"
FIGURES = (
    "joining_systems",
    "joining_population",
    "joining_connections",
    "individual_routes_miles",
    "shared_routes_miles",
    "individual_pipeline_cost_usd",
    "shared_pipeline_cost_usd",
)
SCHEMA = Schema("consolidation_routes", key=("receiving_pwsid",), counts=FIGURES, may_be_empty=True)


class Listed(NamedTuple):
    """The State's list."""

    rows: pd.DataFrame


def extract(inputs: Inputs) -> Listed:
    """Read the State's list."""
    rows = inputs.table(SOURCE)
    return Listed(rows.assign(receiving_pwsid=normalize_pwsids(rows["receiving_pwsid"], SOURCE)))


def transform(raw: Listed, region: Region) -> Product:
    """Keep the receiving systems of the region's counties; miles, and US dollars of 2021."""
    here = county_geoids(raw.rows["receiving_pwsid"]).isin(region.counties)
    frame = raw.rows.loc[here, ["receiving_pwsid", "receiving_name", *FIGURES]].reset_index(drop=True)
    frame["is_region_receiver"] = frame["receiving_pwsid"].isin(region.receiver_pwsids)
    return Product(frame)


def validate(frame: pd.DataFrame) -> None:
    """Raise where a receiving system stands twice or a figure is negative."""
    check_schema(frame, SCHEMA)
