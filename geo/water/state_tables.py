"""The State's five water tables as they are read, and what each claims of a system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.inputs import Inputs
from geo.intake.vectors import count_heights
from geo.region import Region
from geo.water.identifiers import county_geoids, normalize_pwsids
from geo.water.violations import OLDER as OLDER_VIOLATIONS
from geo.water.violations import Listed, read_violations

BOUNDARIES = "water_system_boundaries"
DETAILS = "water_system_details"
STATE_SMALL = "state_small_water_systems"
SAFER = "safer_risk_assessment"
VIOLATIONS = OLDER_VIOLATIONS
SOURCES = (SAFER, BOUNDARIES, DETAILS, STATE_SMALL, VIOLATIONS)
# Of two boundaries of one system, where water is served comes before where it might be.
SERVICE_AREA = "Water Service Area"


class SystemTables(NamedTuple):
    """The tables by source key, the counties, each source's vintage, and the shapes that have heights.

    ``listed`` are the violations of the newest list that is here.
    """

    boundaries: gpd.GeoDataFrame
    tables: dict[str, pd.DataFrame]
    counties: gpd.GeoDataFrame
    vintages: dict[str, str]
    with_heights: int
    listed: Listed


def read_tables(inputs: Inputs) -> SystemTables:
    """Read the tables; a source that is not here gives an empty one with its columns.

    Raises
    ------
    SchemaError
        A row's PWSID is not ``CA`` and seven digits.
    """
    boundaries = inputs.shapes(BOUNDARIES)
    boundaries["pwsid"] = normalize_pwsids(boundaries["pwsid"], BOUNDARIES)
    tables = {key: read_optional(inputs, key) for key in SOURCES if key != BOUNDARIES}
    return SystemTables(
        boundaries,
        tables,
        inputs.dataset_shapes("counties"),
        {key: vintage_of(inputs, key) for key in SOURCES},
        sum(count_heights(item.path) for item in inputs.files(BOUNDARIES)),
        read_violations(inputs),
    )


def read_optional(inputs: Inputs, key: str) -> pd.DataFrame:
    """Read a table with its PWSIDs written the one way; an empty one where the source is not here."""
    if not inputs.has(key):
        return pd.DataFrame(columns=list(inputs.catalog[key].layout.columns))
    frame = inputs.table(key)
    return frame.assign(pwsid=normalize_pwsids(frame["pwsid"], key))


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
    listed = raw.listed._replace(rows=in_region(raw.listed.rows, region))
    return raw._replace(boundaries=boundaries, tables=tables, listed=listed)


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


SystemClass = Literal["community", "non_transient", "transient", "state_small", "non_public", "unknown"]
CLASSES: Mapping[str, SystemClass] = {
    "C": "community",
    "COMMUNITY": "community",
    "NTNC": "non_transient",
    "NON-TRANSIENT NON-COMMUNITY": "non_transient",
    "NC": "transient",
    "TNC": "transient",
    "TRANSIENT NON-COMMUNITY": "transient",
    "SSWS": "state_small",
    "STATE SMALL WATER SYSTEM": "state_small",
    "LSS": "non_public",
    "NP": "non_public",
    "NON-PUBLIC": "non_public",
}
OWNERS = {
    "P": "private",
    "PRIVATE": "private",
    "L": "local",
    "LOCAL": "local",
    "LOCAL GOVT": "local",
    "LOCAL GOVERNMENT": "local",
    "S": "state",
    "STATE GOVT": "state",
    "STATE GOVERNMENT": "state",
    "F": "federal",
    "FEDERAL GOVT": "federal",
    "FEDERAL GOVERNMENT": "federal",
    "M": "mixed",
    "MIXED (PUBLIC/PRIVATE)": "mixed",
    "N": "tribal",
    "NATIVE AMERICAN": "tribal",
}
ACTIVITY = {"A": "active", "I": "inactive", "ACTIVE": "active", "INACTIVE": "inactive"}
TEXTS = ("name", "community", "county_name", "system_class", "activity_status", "owner_type", "area_type")
NUMBERS = ("population", "connections")
# Newest first. A boundary row without the register's own fields was filled in from an older release.
OLDER = " (older)"
ORDER = (SAFER, BOUNDARIES, DETAILS, f"{BOUNDARIES}{OLDER}", STATE_SMALL, VIOLATIONS)


def gather_claims(raw: SystemTables) -> pd.DataFrame:
    """Put the claims of all tables under one another, newest table first.

    Returns
    -------
    pandas.DataFrame
        ``pwsid``, ``source``, the columns of :data:`TEXTS` (NA where a table says nothing) and
        ``population`` (people) and ``connections`` (service connections) as published.
    """
    parts = [_claims_of(one_row_each(raw.boundaries.drop(columns="geometry")), BOUNDARIES)]
    parts += [_claims_of(one_row_each(frame), key) for key, frame in raw.tables.items()]
    claims = pd.concat(parts, ignore_index=True)
    rank = claims["source"].map({source: number for number, source in enumerate(ORDER)})
    return claims.loc[rank.sort_values(kind="stable").index].reset_index(drop=True)


def _claims_of(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    texts = {
        "name": _text(frame, "name"),
        "community": _text(frame, "city").str.title(),
        "county_name": _text(frame, "county").str.title(),
        "system_class": _class_of(frame, source),
        "activity_status": _coded(_text(frame, "activity_status", "status"), ACTIVITY),
        "owner_type": _coded(_text(frame, "owner_type"), OWNERS),
        "area_type": _text(frame, "area_type").str.upper(),
    }
    numbers = {name: frame[name].astype("Float64") for name in NUMBERS}
    columns = {"pwsid": frame["pwsid"].astype("string"), "source": source, **texts, **numbers}
    claims = pd.DataFrame(columns, index=frame.index)
    if source == BOUNDARIES:
        claims.loc[frame["boundary_type"].isna(), "source"] = f"{BOUNDARIES}{OLDER}"
    return claims


def _text(frame: pd.DataFrame, *names: str) -> pd.Series[str]:
    for name in names:
        if name in frame.columns:
            return frame[name].astype("string")
    return pd.Series(pd.NA, index=frame.index, dtype="string")


def _coded(values: pd.Series[str], words: Mapping[str, str]) -> pd.Series[str]:
    return values.str.upper().map(words).astype("string")


def _class_of(frame: pd.DataFrame, source: str) -> pd.Series[str]:
    if source == STATE_SMALL:
        return pd.Series("state_small", index=frame.index, dtype="string")
    by_state = _coded(_text(frame, "state_class"), CLASSES)
    return by_state.fillna(_coded(_text(frame, "federal_class"), CLASSES))


def table_of(sources: pd.Series[str]) -> pd.Series[str]:
    """Name the table of each claim, whether it is of an older release or not."""
    return sources.astype("string").str.removesuffix(OLDER)


def take_first(claims: pd.DataFrame, column: str, usable: pd.Series[bool] | None = None) -> pd.DataFrame:
    """Take for each system the first claim that has a value.

    Parameters
    ----------
    usable
        Which claims count; those that have a value by default.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``pwsid``: the column, and ``<column>_source``, the key of the table it came from.

    Examples
    --------
    >>> claims = pd.DataFrame({"pwsid": ["CA1", "CA1"], "source": ["new", "old"], "name": [pd.NA, "Sam"]})
    >>> take_first(claims, "name").loc["CA1"].to_list()
    ['Sam', 'old']
    """
    kept = claims.loc[claims[column].notna() if usable is None else usable]
    first = kept.drop_duplicates("pwsid").set_index("pwsid")[[column, "source"]]
    first["source"] = table_of(first["source"])
    return first.rename(columns={"source": f"{column}_source"})
