"""Water systems: one row for each PWSID of the State's five water tables."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.errors import SchemaError, first_ids
from geo.region import Region
from geo.water.checks import find_faults
from geo.water.identifiers import PATTERN
from geo.water.service_areas import QUALITIES
from geo.water.state_tables import CLASSES, SystemTables, cut_to_region, read_tables
from geo.water.systems import ROLES, make_systems

COLUMNS = (
    "pwsid",
    "name",
    "public_name",
    "other_names",
    "name_source",
    "community",
    "county_geoid",
    "county_name",
    "system_class",
    "activity_status",
    "owner_type",
    "area_type",
    "population",
    "population_source",
    "population_estimated",
    "connections",
    "connections_source",
    "safer_status",
    "safer_vintage",
    "role",
    "is_receiver",
    "economic_status",
    "median_household_income_usd",
    "calenviroscreen_score",
    "violations_count",
    "violations_open",
    "violations_analytes",
    "violations_first_on",
    "violations_last_on",
    "violations_source",
    "violations_vintage",
    "aquifer_risk",
    "tables",
    "location_quality",
    "geocode_confidence",
    "boundary_type",
    "boundary_area_km2",
    "published_area_km2",
    "area_ratio",
    "compactness",
    "boundary_vintage",
    "geometry",
)
SCHEMA = Schema(
    "water_systems",
    key=("pwsid",),
    columns=COLUMNS,
    counts=("population", "connections", "violations_count", "violations_open", "boundary_area_km2"),
)


def extract(inputs: Inputs) -> SystemTables:
    """Read the five water tables and the counties."""
    return read_tables(inputs)


def transform(raw: SystemTables, region: Region) -> Product:
    """Make one row a system, and count what is wrong with the tables."""
    cut = cut_to_region(raw, region)
    systems = make_systems(cut, region)
    return Product(systems[list(COLUMNS)], findings=worth_telling(find_faults(cut, systems, region)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where the table is not one row a PWSID with known words and places.

    Raises
    ------
    SchemaError
        Every fault at once.
    """
    check_schema(frame, SCHEMA)
    faults = list(_faults(frame))
    if faults:
        raise SchemaError(
            f"water_systems: {'; '.join(faults)}", "mend the source's file, add it again and build"
        )


def _faults(frame: pd.DataFrame) -> Iterator[str]:
    assert isinstance(frame, gpd.GeoDataFrame)
    located = frame.geometry.notna()
    tests = {
        "are no PWSID": ~frame["pwsid"].str.fullmatch(PATTERN),
        "have no name": frame["name"].isna(),
        "have an unknown class": ~frame["system_class"].isin([*CLASSES.values(), "unknown"]),
        "have an unknown role": frame["role"].notna() & ~frame["role"].isin(ROLES),
        "have an unknown location_quality": ~frame["location_quality"].isin(QUALITIES),
        "have a place and no quality of it": located & frame["location_quality"].eq("none"),
        "have no place, but a quality of it": ~located & frame["location_quality"].ne("none"),
        "have an invalid geometry": located & ~frame.geometry.is_valid,
        "have an estimated population of unknown origin": frame["population_estimated"]
        & frame["population_source"].isna(),
    }
    for words, wrong in tests.items():
        if wrong.any():
            yield f"{int(wrong.sum())} rows {words} ({first_ids(frame.loc[wrong, 'pwsid'])})"
