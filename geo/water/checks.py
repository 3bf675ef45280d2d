"""What is wrong with the water tables: where they contradict each other, and counts of our own checks."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.findings import PAIRS, Finding, find
from geo.region import Region
from geo.water.identifiers import are_akin, normalize_name
from geo.water.service_areas import CIRCLE, TOO_COARSE, TOO_WIDE, measure_boundaries
from geo.water.state_tables import (
    BOUNDARIES,
    DETAILS,
    NUMBERS,
    SAFER,
    SOURCES,
    STATE_SMALL,
    SystemTables,
    gather_claims,
    one_row_each,
    table_of,
)
from geo.water.systems import PEOPLE_PER_CONNECTION, place_boundaries, place_points

# Figures further apart than a quarter of the larger one contradict each other.
APART = 0.25


def find_contradictions(raw: SystemTables, systems: pd.DataFrame) -> Iterator[Finding]:
    """Count, table by table, what contradicts the newest table that knows, or is older than it."""
    claims = gather_claims(raw)
    claims["table"] = table_of(claims["source"])
    for check, (column, differ) in _COMPARED.items():
        yield from _beside_newest(claims, column, check, differ)
    yield from _counties(claims, systems)
    yield from _alone(raw, systems)
    yield _violations(raw, systems)
    inactive = systems.loc[systems["activity_status"].eq("inactive").fillna(False), "pwsid"]
    yield find("inactive_systems", BOUNDARIES, inactive, of=len(raw.boundaries))


def _beside_newest(
    claims: pd.DataFrame, column: str, check: str, differ: Callable[[Any, Any], bool]
) -> Iterator[Finding]:
    """Compare what each table says with what the newest that says anything of the system says."""
    known = claims[column].notna()
    if column in NUMBERS:
        known &= claims[column].gt(0).fillna(False)
    said = claims.loc[known, ["pwsid", "source", "table", column]]
    newest: dict[str, tuple[str, Any]] = {}
    compared = dict.fromkeys(SOURCES, 0)
    wrong: dict[str, list[tuple[str, Any, Any]]] = {key: [] for key in SOURCES}
    for pwsid, source, table, value in said.itertuples(index=False, name=None):
        newest_source, newest_value = newest.setdefault(pwsid, (source, value))
        if source != newest_source:
            compared[table] += 1
            if differ(value, newest_value):
                wrong[table].append((pwsid, value, newest_value))
    for key, faults in wrong.items():
        pairs = (
            {pwsid: [float(here), float(there)] for pwsid, here, there in faults} if column in NUMBERS else {}
        )
        told = {PAIRS: pairs} if pairs else {}
        yield find(check, key, (pwsid for pwsid, _, _ in faults), of=compared[key], **told)


def _are_apart(here: float, there: float) -> bool:
    return abs(here - there) > APART * max(here, there)


def _read_differently(here: str, there: str) -> bool:
    return normalize_name(here) != normalize_name(there)


def _are_strange(here: str, there: str) -> bool:
    return not are_akin(here, there)


_COMPARED: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "people_contradict": ("population", _are_apart),
    "connections_contradict": ("connections", _are_apart),
    "classes_contradict": ("system_class", operator.ne),
    "owners_contradict": ("owner_type", operator.ne),
    "activity_contradicts": ("activity_status", operator.ne),
    "names_differ": ("name", _read_differently),
    "identifiers_reused": ("name", _are_strange),
}


def _alone(raw: SystemTables, systems: pd.DataFrame) -> Iterator[Finding]:
    for key in (DETAILS, STATE_SMALL):
        alone = systems.loc[systems["tables"].eq(key), "pwsid"]
        vintages = {"vintage": raw.vintages[key], "newest": raw.vintages[SAFER]}
        yield find("only_in_older_table", key, alone, of=len(systems), **vintages)


def _violations(raw: SystemTables, systems: pd.DataFrame) -> Finding:
    listed = systems.loc[systems["violations_count"].notna()]
    other = listed.loc[~listed["safer_status"].eq("Failing").fillna(False), "pwsid"]
    vintages = {"vintage": raw.listed.vintage, "newest": raw.vintages[SAFER]}
    return find("violations_older_than_status", raw.listed.source, other, of=len(listed), **vintages)


def _counties(claims: pd.DataFrame, systems: pd.DataFrame) -> Iterator[Finding]:
    """Find rows whose county is not the one that most rows of the same identifier's county name."""
    named = claims.dropna(subset=["county_name"]).merge(systems[["pwsid", "county_geoid"]], on="pwsid")
    usual = named.groupby("county_geoid")["county_name"].agg(lambda names: names.mode().iloc[0])
    wrong = named.loc[named["county_name"].ne(named["county_geoid"].map(usual))]
    rows = named["table"].value_counts()
    for key, ids in wrong.groupby("table")["pwsid"]:
        yield find("county_contradicts", str(key), ids, of=int(rows[key]))


# A street geocode this far from the system's own boundary is another place.
GEOCODE_FAR_M = 1_000.0


def find_faults(raw: SystemTables, systems: gpd.GeoDataFrame, region: Region) -> Iterator[Finding]:
    """Count everything that our checks find wrong with a region's tables, also what was not found: 0."""
    yield from _doubles(raw)
    yield from find_shape_faults(raw.boundaries, region, with_heights=raw.with_heights)
    boundaries = place_boundaries(raw, region)
    outside = boundaries.index[boundaries["outside"]]
    yield find("shapes_outside", BOUNDARIES, outside, of=len(boundaries))
    yield from _point_faults(raw, region)
    yield from _people_faults(raw, systems)
    nowhere = systems.loc[systems["location_quality"].eq("none"), "pwsid"]
    details = raw.tables[DETAILS]["pwsid"].unique()
    yield find("no_location", DETAILS, nowhere[nowhere.isin(details)], of=len(details))
    yield from find_contradictions(raw, systems)


def _doubles(raw: SystemTables) -> Iterator[Finding]:
    boundaries = raw.boundaries
    doubled = boundaries.loc[boundaries.duplicated("pwsid"), "pwsid"].unique()
    yield find("several_boundaries", BOUNDARIES, doubled, of=len(boundaries))
    for key in (DETAILS, STATE_SMALL, SAFER):
        table = raw.tables[key]
        yield find(
            "doubled_pwsids", key, table.loc[table.duplicated("pwsid"), "pwsid"].unique(), of=len(table)
        )


def find_shape_faults(
    boundaries: gpd.GeoDataFrame, region: Region, *, with_heights: int = 0
) -> Iterator[Finding]:
    """Compare shapes with the publisher's own areas, and look for circles and heights.

    Parameters
    ----------
    boundaries
        ``pwsid``, ``published_area_web_mercator_m2`` and polygons in EPSG:4326.
    with_heights
        How many carried a height before they were read.
    """
    shapes = measure_boundaries(boundaries, region)
    ratio = shapes["area_ratio"]
    known = int(ratio.notna().sum())
    yield Finding("heights", BOUNDARIES, with_heights, len(shapes))
    wrong = {
        "repaired_shapes": (shapes["repaired"], len(shapes)),
        "shapes_too_coarse": (ratio.lt(TOO_COARSE), known),
        "shapes_too_wide": (ratio.gt(TOO_WIDE), known),
        "shapes_without_area": (ratio.isna(), len(shapes)),
        "shapes_circles": (shapes["compactness"].gt(CIRCLE), len(shapes)),
    }
    for check, (rows, of) in wrong.items():
        yield find(check, BOUNDARIES, shapes.loc[rows.fillna(False), "pwsid"], of=of)


def _point_faults(raw: SystemTables, region: Region) -> Iterator[Finding]:
    for key, points in zip((SAFER, STATE_SMALL), place_points(raw, region), strict=True):
        yield find("points_outside", key, points.index[points["outside"]], of=len(points))
        shared = points.loc[points["shared"] > 1]
        most = int(points["shared"].max()) if len(points) else 0
        yield find("points_shared", key, shared.index, of=len(points), most=most)
    centroid = points.index[points["location_quality"].eq("point_shared_centroid")]
    yield find("points_centroid", STATE_SMALL, centroid, of=len(points))
    yield _far_geocodes(raw, points, region)


def _far_geocodes(raw: SystemTables, points: gpd.GeoDataFrame, region: Region) -> Finding:
    rows = gpd.GeoDataFrame(one_row_each(raw.boundaries), geometry="geometry", crs=STORED)
    shapes = rows.set_index("pwsid").geometry.to_crs(region.length_crs)
    both = points.index.intersection(shapes.index)
    geocoded = points.reindex(both).geometry.to_crs(region.length_crs)
    distance = geocoded.distance(gpd.GeoSeries(shapes.reindex(both)))
    far = distance[distance > GEOCODE_FAR_M]
    farthest = round(float(distance.max()) / 1000, 1) if len(distance) else 0.0
    return find("geocodes_far", STATE_SMALL, far.index, of=len(both), farthest_km=farthest)


def _people_faults(raw: SystemTables, systems: gpd.GeoDataFrame) -> Iterator[Finding]:
    sellers = systems.loc[systems["population"].eq(0).fillna(False), "pwsid"]
    yield find("sells_to_others", DETAILS, sellers, of=len(systems))
    for key in (SAFER, DETAILS, STATE_SMALL):
        table = one_row_each(raw.tables[key])
        zero = table["population"].eq(0).fillna(False) & table["connections"].gt(0).fillna(False)
        unknown = zero & ~table["pwsid"].isin(sellers)
        yield find("population_zero", key, table.loc[unknown, "pwsid"], of=len(table))
    estimated = systems.loc[systems["population_estimated"], "pwsid"]
    yield find(
        "population_estimated",
        "water_systems",
        estimated,
        of=len(systems),
        people_per_connection=PEOPLE_PER_CONNECTION,
    )
