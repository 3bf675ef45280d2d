"""The table of systems: one row a PWSID, with size, place and violations."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.region import Region
from geo.water.identifiers import county_geoids, differing_names, to_public_names
from geo.water.service_areas import are_outside, judge_points, measure_boundaries, share_a_spot, to_points
from geo.water.state_tables import (
    BOUNDARIES,
    SAFER,
    STATE_SMALL,
    SystemTables,
    gather_claims,
    one_row_each,
    table_of,
    take_first,
)
from geo.water.violations import summarize_by_system

# Where no table knows the people: the State's own stand-in (2024 method), people per connection.
PEOPLE_PER_CONNECTION = 3.3
WHOLESALER = "WHOLESALER"
# The State's 2024 rule (Physical Consolidation Cost Estimate Methodology, table 1), in connections.
JOINS_FAILING_UP_TO = 1_000
JOINS_AT_RISK_UP_TO = 500
RECEIVES_ABOVE = 500
ROLES = ("joining", "receiving", "none")


def measure_sizes(claims: pd.DataFrame) -> pd.DataFrame:
    """Take each system's people and connections, and estimate people where no table knows them.

    A published 0 means "unknown" where there are connections; then people are 3.3 a connection, marked
    by ``population_estimated``. Of a wholesaler, 0 is true: it sells to other systems. NA stays where
    neither is known.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``pwsid``: ``population`` and ``connections`` (Float64), ``population_source``,
        ``connections_source`` (keys of tables) and ``population_estimated``.
    """
    pwsids = pd.Index(claims["pwsid"].unique(), name="pwsid")
    people = take_first(claims, "population", claims["population"].gt(0).fillna(False))
    connections = take_first(claims, "connections", claims["connections"].gt(0).fillna(False))
    sizes = people.join(connections, how="outer").reindex(pwsids)
    zero = take_first(claims.loc[_sells_water(claims)], "population").reindex(pwsids)
    for column in ("population", "population_source"):
        sizes[column] = sizes[column].fillna(zero[column])
    sizes["population_estimated"] = sizes["population"].isna() & sizes["connections"].notna()
    sizes["population"] = sizes["population"].fillna(sizes["connections"] * PEOPLE_PER_CONNECTION)
    sizes["population_source"] = sizes["population_source"].fillna(
        sizes["connections_source"].where(sizes["population_estimated"])
    )
    return sizes


def _sells_water(claims: pd.DataFrame) -> pd.Series[bool]:
    sellers = claims.loc[claims["area_type"].str.contains(WHOLESALER).fillna(False), "pwsid"]
    return claims["pwsid"].isin(sellers)


def to_roles(status: pd.Series[str], connections: pd.Series[float]) -> pd.Series[str]:
    """Say whether a system would join or receive, by the State's 2024 rule.

    Joining: Failing with up to 1,000 connections, or At-Risk with up to 500. Receiving: Failing with more
    than 1,000, or any other status, also none, with more than 500. Else ``none``. NA where connections
    are unknown.

    Source: State Water Board, 2024 Physical Consolidation Cost Estimate Methodology, table 1.

    Examples
    --------
    >>> to_roles(pd.Series(["Failing", "At-Risk", None]), pd.Series([1000.0, 501.0, 500.0])).to_list()
    ['joining', 'receiving', 'none']
    """
    failing, at_risk = status.eq("Failing").fillna(False), status.eq("At-Risk").fillna(False)
    joining = (failing & connections.le(JOINS_FAILING_UP_TO)) | (
        at_risk & connections.le(JOINS_AT_RISK_UP_TO)
    )
    receiving = connections.gt(RECEIVES_ABOVE) & ~joining.fillna(False)
    roles = pd.Series("none", index=connections.index, dtype="string")
    roles = roles.mask(receiving.fillna(False), "receiving").mask(joining.fillna(False), "joining")
    return roles.mask(connections.isna())


AQUIFER_RISKS = {"high": "high", "med": "medium", "low": "low"}
BOUNDARY_COLUMNS = ["boundary_type", "boundary_area_km2", "published_area_km2", "area_ratio", "compactness"]
_TAKEN = ("name", "community", "county_name", "system_class", "activity_status", "owner_type", "area_type")
_ASSESSED = ["safer_status", "economic_status", "median_household_income_usd", "calenviroscreen_score"]


def make_systems(raw: SystemTables, region: Region) -> gpd.GeoDataFrame:
    """Make one row a system of a region's tables.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4326, ordered by ``pwsid``; the columns stand in ``geo/pipelines/water_systems.py``.
    """
    systems = describe_systems(raw, region)
    located = locate_systems(raw, region, systems.index)
    frame = systems.join(located.drop(columns="geometry")).reset_index()
    return gpd.GeoDataFrame(frame, geometry=located.geometry.to_numpy(), crs=STORED)


def describe_systems(raw: SystemTables, region: Region) -> pd.DataFrame:
    """Join what the tables claim, by PWSID and nothing else; indexed by ``pwsid``, without places."""
    claims = gather_claims(raw)
    pwsids = pd.Index(sorted(claims["pwsid"].unique()), name="pwsid", dtype="string")
    systems = pd.DataFrame(index=pwsids)
    for column in _TAKEN:
        systems[column] = take_first(claims, column)[column]
    systems["name_source"] = take_first(claims, "name")["name_source"]
    systems["other_names"] = _other_names(claims).reindex(pwsids)
    systems["system_class"] = systems["system_class"].fillna("unknown")
    systems["tables"] = table_of(claims["source"]).groupby(claims["pwsid"]).agg(", ".join)
    systems = systems.join(measure_sizes(claims)).join(_assessments(raw)).join(_aquifer_risks(raw))
    systems = systems.join(summarize_by_system(raw.listed.rows))
    systems["violations_source"] = _where_known(systems["violations_count"], raw.listed.source)
    systems["violations_vintage"] = _where_known(systems["violations_count"], raw.listed.vintage)
    systems["role"] = to_roles(systems["safer_status"], systems["connections"])
    systems["is_receiver"] = pwsids.isin(region.receiver_pwsids)
    systems["county_geoid"] = _counties_of(pwsids)
    systems["public_name"] = to_public_names(systems.reset_index()).to_numpy()
    return systems


def _other_names(claims: pd.DataFrame) -> pd.Series[str]:
    named = claims.dropna(subset=["name"]).groupby("pwsid")["name"]
    others = named.agg(lambda names: "; ".join(differing_names(names)[1:])).astype("string")
    return others.mask(others == "")


def _assessments(raw: SystemTables) -> pd.DataFrame:
    """Take the risk assessment; NA where a system is not in it, beside its own "Not Assessed"."""
    columns = one_row_each(raw.tables[SAFER]).set_index("pwsid")[_ASSESSED]
    numbers = columns[_ASSESSED[2:]].astype("Float64")
    words = columns[_ASSESSED[:2]].astype("string")
    vintage = _where_known(words["safer_status"], raw.vintages[SAFER]).rename("safer_vintage")
    return words.join(numbers).join(vintage)


def _aquifer_risks(raw: SystemTables) -> pd.DataFrame:
    small = one_row_each(raw.tables[STATE_SMALL]).set_index("pwsid")
    risks = small["aquifer_risk"].astype("string").str.lower().map(AQUIFER_RISKS).astype("string")
    return pd.DataFrame({"aquifer_risk": risks})


def _where_known(values: pd.Series, words: str) -> pd.Series[str]:
    return pd.Series(words, index=values.index, dtype="string").where(values.notna())


def locate_systems(raw: SystemTables, region: Region, pwsids: pd.Index[str]) -> gpd.GeoDataFrame:
    """Find each system's place: its boundary, else the assessment's point, else the street geocode.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed by ``pwsid`` in EPSG:4326; no geometry and ``location_quality`` "none" where there is none.
    """
    boundaries = place_boundaries(raw, region)
    boundaries["boundary_vintage"] = raw.vintages[BOUNDARIES]
    parts = [boundaries, *place_points(raw, region)]
    located = pd.concat([part.reset_index() for part in parts], ignore_index=True)
    located = located.drop_duplicates("pwsid").set_index("pwsid").reindex(pwsids)
    located["location_quality"] = located["location_quality"].fillna("none")
    kept = ["location_quality", "geocode_confidence", "boundary_vintage", *BOUNDARY_COLUMNS, "geometry"]
    return gpd.GeoDataFrame(located[kept], geometry="geometry", crs=STORED)


def place_boundaries(raw: SystemTables, region: Region) -> gpd.GeoDataFrame:
    """Measure one boundary a system, and mark those that lie outside of their county.

    Indexed by ``pwsid``, in EPSG:4326; see :func:`geo.water.service_areas.measure_boundaries`.
    """
    rows = gpd.GeoDataFrame(one_row_each(raw.boundaries), geometry="geometry", crs=STORED)
    boundaries = measure_boundaries(rows, region).set_index("pwsid")
    boundaries["outside"] = are_outside(
        boundaries.geometry, _counties_of(boundaries.index), raw.counties, region.length_crs
    )
    quality = boundaries["location_quality"].mask(boundaries["outside"], "polygon_outside_county")
    return boundaries.assign(location_quality=quality)


def _counties_of(pwsids: pd.Index[str]) -> pd.Series[str]:
    return county_geoids(pd.Series(pwsids, index=pwsids))


def place_points(raw: SystemTables, region: Region) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Place the assessment's points and the street geocodes, each with its ``location_quality``.

    Indexed by ``pwsid``, in EPSG:4326; ``shared`` counts the systems on the same spot.
    """
    return _placed(raw, region, SAFER), _placed(raw, region, STATE_SMALL)


def _placed(raw: SystemTables, region: Region, source: str) -> gpd.GeoDataFrame:
    frame = one_row_each(raw.tables[source]).set_index("pwsid")
    points = to_points(frame)
    frame = gpd.GeoDataFrame(frame, geometry=points.to_numpy(), crs=STORED).loc[points.notna().to_numpy()]
    geoids = _counties_of(frame.index)
    frame["outside"] = are_outside(frame.geometry, geoids, raw.counties, region.length_crs)
    frame["shared"] = share_a_spot(frame.geometry)
    if source == SAFER:
        frame["geocode_confidence"] = pd.NA
        return frame.assign(location_quality=_published(frame["outside"]))
    return frame.assign(location_quality=judge_points(frame, frame["outside"], frame["shared"]))


def _published(outside: pd.Series[bool]) -> pd.Series[str]:
    quality = pd.Series("point_published", index=outside.index, dtype="string")
    return quality.mask(outside, "point_outside_county")
