"""The State's 2021 list of systems that could be joined to another: every row, matched and judged.

It is a record of a method, not of truth. Amounts are US dollars of 2021.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.census_findings import worth_telling
from geo.findings import Finding, find
from geo.inputs import Inputs
from geo.processed import Product
from geo.region import Region
from geo.schema import Schema, check_schema
from geo.water.candidates import are_misplaced, find_doubles, match_systems, straight_lines, were_renamed
from geo.water.pwsid import county_geoids, normalise_pwsids

SOURCE = "consolidation_2021"
AMOUNTS = (
    "distance_miles",
    "distance_ft",
    "distance_with_buffer_ft",
    "pipeline_cost_usd",
    "service_line_cost_usd",
    "connection_fee_usd",
    "admin_cost_usd",
    "subtotal_usd",
    "contingency_usd",
    "total_cost_usd",
)
COLUMNS = (
    "row",
    "joining_pwsid",
    "joining_name",
    "public_name",
    "match",
    "matched_pwsid",
    "joining_county",
    "joining_class",
    "joining_population",
    "joining_connections",
    "joining_connections_used",
    "receiving_pwsid",
    "receiving_name",
    "receiving_county",
    "receiving_population",
    "receiving_connections",
    "is_region_receiver",
    "merge_type",
    "route_name",
    "is_school",
    "status_note",
    *AMOUNTS,
    "elevation_joining",
    "elevation_receiving",
    "is_double",
    "double_of",
    "counties_differ",
    "straight_line_miles",
    "is_misplaced",
    "was_renamed",
)
SCHEMA = Schema(
    "consolidation_candidates",
    key=("row",),
    columns=COLUMNS,
    counts=("joining_population", "joining_connections", *AMOUNTS),
)


class Listed(NamedTuple):
    """The State's list and the region's systems."""

    rows: pd.DataFrame
    systems: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Listed:
    """Read the State's list and the region's systems."""
    rows = inputs.table(SOURCE)
    for column in ("joining_pwsid", "receiving_pwsid"):
        rows[column] = normalise_pwsids(rows[column], SOURCE)
    return Listed(rows, inputs.dataset_shapes("water_systems"))


def transform(raw: Listed, region: Region) -> Product:
    """Keep every row that concerns the region, match its joining system, and judge what it says.

    ``row`` is its number on the whole list, from 1. ``public_name`` is what the public view shows.
    ``is_misplaced``: the straight line between the two systems as we know them (``straight_line_miles``)
    is longer by half a mile or more than the State's whole distance, or the joining system's published
    place lies outside of its own county. ``counties_differ``: they lie in two
    counties, which near a county line is no fault. ``was_renamed``: the identifier's system now has a
    name without a word in common.
    """
    rows = raw.rows.assign(row=range(1, len(raw.rows) + 1))
    rows = rows.loc[_concerns(rows, raw.systems, region)].reset_index(drop=True)
    rows = rows.join(match_systems(rows, raw.systems))
    rows["double_of"] = find_doubles(rows)
    rows["straight_line_miles"] = straight_lines(rows, raw.systems, region.length_crs)
    frame = rows.assign(
        row=rows["row"].astype("string"),
        public_name=_public_names(rows, raw.systems),
        is_school=rows["is_school"].str.lower().eq("yes").fillna(False).astype(bool),
        is_region_receiver=rows["receiving_pwsid"].isin(region.receiver_pwsids),
        is_double=rows["double_of"].notna(),
        counties_differ=rows["joining_county"].ne(rows["receiving_county"]).fillna(False).astype(bool),
        is_misplaced=are_misplaced(rows, raw.systems),
        was_renamed=were_renamed(rows, raw.systems),
    )
    return Product(frame[list(COLUMNS)], findings=worth_telling(_find_faults(frame)))


def _concerns(rows: pd.DataFrame, systems: pd.DataFrame, region: Region) -> pd.Series[bool]:
    """Whether joiner or receiver is of the region, by identifier or by the name of the county."""
    names = systems["county_name"].str.upper().unique()
    here = pd.Series(False, index=rows.index)
    for end in ("joining", "receiving"):
        geoids = county_geoids(rows[f"{end}_pwsid"])
        here |= geoids.isin(region.counties) | rows[f"{end}_county"].str.upper().isin(names)
    return here


def _public_names(rows: pd.DataFrame, systems: pd.DataFrame) -> pd.Series[str]:
    """Show a matched system as elsewhere, an unmatched one by its county and row."""
    known = rows["matched_pwsid"].map(systems.set_index("pwsid")["public_name"]).astype("string")
    place = rows["joining_county"].str.title() + " County, row " + rows["row"].astype("string")
    return known.fillna(place).astype("string")


def _find_faults(frame: pd.DataFrame) -> Iterator[Finding]:
    unmatched = frame["match"].eq("none")
    wrong = {
        "candidates_by_name": frame["match"].eq("name"),
        "candidates_unmatched": unmatched & frame["joining_pwsid"].isna(),
        "candidates_not_here": unmatched & frame["joining_pwsid"].notna(),
        "candidates_doubled": frame["is_double"],
        "candidates_across_counties": frame["counties_differ"],
        "candidates_misplaced": frame["is_misplaced"],
        "candidates_renamed": frame["was_renamed"],
    }
    for check, rows in wrong.items():
        yield find(check, SOURCE, frame.loc[rows.astype(bool), "row"], of=len(frame))


def validate(frame: pd.DataFrame) -> None:
    """Raise where a row is missing its number, stands twice, or has a negative amount."""
    check_schema(frame, SCHEMA)
