"""The five water tables of the State as they are read, cut to a region, and one row a system."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.inputs import Inputs
from geo.intake.vectors import count_heights
from geo.region import Region
from geo.water.pwsid import county_geoids, normalise_pwsids

BOUNDARIES = "water_system_boundaries"
DETAILS = "water_system_details"
STATE_SMALL = "state_small_water_systems"
SAFER = "safer_risk_assessment"
VIOLATIONS = "water_quality_violations"
SOURCES = (SAFER, BOUNDARIES, DETAILS, STATE_SMALL, VIOLATIONS)
# Of two boundaries of one system, where water is served comes before where it might be.
SERVICE_AREA = "Water Service Area"


class SystemTables(NamedTuple):
    """The tables by source key, the counties, each source's vintage, and the shapes that have heights."""

    boundaries: gpd.GeoDataFrame
    tables: dict[str, pd.DataFrame]
    counties: gpd.GeoDataFrame
    vintages: dict[str, str]
    with_heights: int


def read_tables(inputs: Inputs) -> SystemTables:
    """Read the tables; a source that is not here gives an empty one with its columns.

    Raises
    ------
    SchemaError
        A row's PWSID is not ``CA`` and seven digits.
    """
    boundaries = inputs.shapes(BOUNDARIES)
    boundaries["pwsid"] = normalise_pwsids(boundaries["pwsid"], BOUNDARIES)
    tables = {key: read_optional(inputs, key) for key in SOURCES if key != BOUNDARIES}
    return SystemTables(
        boundaries,
        tables,
        inputs.dataset_shapes("counties"),
        {key: vintage_of(inputs, key) for key in SOURCES},
        sum(count_heights(item.path) for item in inputs.files(BOUNDARIES)),
    )


def read_optional(inputs: Inputs, key: str) -> pd.DataFrame:
    """Read a table with its PWSIDs written the one way; an empty one where the source is not here."""
    if not inputs.has(key):
        return pd.DataFrame(columns=list(inputs.catalog[key].layout.columns))
    frame = inputs.table(key)
    return frame.assign(pwsid=normalise_pwsids(frame["pwsid"], key))


def vintage_of(inputs: Inputs, key: str) -> str:
    """Vintage of what is here of a source; empty where nothing is."""
    receipt = inputs.receipt(key)
    return receipt.vintage if receipt else ""


def in_region(frame: pd.DataFrame, region: Region) -> pd.DataFrame:
    """Keep the systems whose PWSID is of one of the region's counties."""
    return frame.loc[county_geoids(frame["pwsid"]).isin(region.counties)].reset_index(drop=True)


def cut_to_region(raw: SystemTables, region: Region) -> SystemTables:
    """Cut every table to a region's systems."""
    boundaries = gpd.GeoDataFrame(in_region(raw.boundaries, region), geometry="geometry", crs=STORED)
    tables = {key: in_region(frame, region) for key, frame in raw.tables.items()}
    return raw._replace(boundaries=boundaries, tables=tables)


def one_row_each(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep one row a system: of two boundaries the service area, else the first row.

    Examples
    --------
    >>> two = pd.DataFrame({"pwsid": ["CA1"] * 2, "boundary_type": ["Jurisdictional", "Water Service Area"]})
    >>> one_row_each(two)["boundary_type"].to_list()
    ['Water Service Area']
    """
    if "boundary_type" in frame.columns:
        later = frame["boundary_type"].ne(SERVICE_AREA).fillna(True).astype(bool)
        frame = frame.loc[later.sort_values(kind="stable").index]
    return frame.drop_duplicates("pwsid").sort_index().reset_index(drop=True)
