"""What part of a 2010 tract lies in a 2020 tract, by the people of 2020."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs, shapes_or_empty, table_or_empty
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.tracts.crosswalk import (
    NO_AREAS,
    combine_pairs,
    official_pairs,
    pairs_by_area,
    pairs_by_people,
    without_slivers,
)
from geo.tracts.residents.points import to_people

OFFICIAL = "tract_relationship_2020"
CENTERS = "block_group_centers_2020"
SAME_SHARE = 0.05
SCHEMA = Schema(
    "crosswalk_2010_2020",
    key=("geoid_2010", "geoid_2020"),
    columns=("method", "official"),
    shares=("share_of_2010", "share_of_2020", "area_share_of_2010", "area_share_of_2020"),
    counts=("people", "area_m2"),
)


class Raw(NamedTuple):
    """What is read: both tracts, where people live, and the official file where it is here."""

    tracts_2010: gpd.GeoDataFrame
    tracts_2020: gpd.GeoDataFrame
    centers: pd.DataFrame
    blocks: gpd.GeoDataFrame | None
    relationship: pd.DataFrame


def extract(inputs: Inputs) -> Raw:
    """Read tracts, centers of population, blocks and the relationship file, as far as they are here."""
    return Raw(
        inputs.dataset_shapes("tracts_2010"),
        shapes_or_empty(inputs, "tracts_2020"),
        inputs.table(CENTERS),
        inputs.dataset_shapes("blocks") if inputs.built("blocks") else None,
        table_or_empty(inputs, OFFICIAL),
    )


def transform(raw: Raw, region: Region) -> Product:
    """Pair the tracts by people, and by area where nobody is known to live.

    People are placed by block where block polygons are had, else by the centers of block groups; their
    2020 tract is that of their code, their 2010 tract the one they lie in. Areas come from the Census
    Bureau's relationship file where it is here (``official``), else from the polygons; a county without
    2020 polygons has pairs by people alone.
    """
    people = to_people(raw.centers, raw.blocks, region.counties)
    overlaid = _overlay(raw, region)
    official = official_pairs(raw.relationship, region.counties)
    of_file = overlaid["geoid_2020"].str[:5].isin(official["geoid_2020"].str[:5])
    parts = [part for part in (official, overlaid[~of_file]) if len(part)]
    by_area = without_slivers(pd.concat(parts, ignore_index=True) if parts else NO_AREAS)
    by_people = pairs_by_people(people, raw.tracts_2010, by_area, region.length_crs)
    frame = combine_pairs(by_people, by_area)
    frame["official"] = frame["geoid_2020"].str[:5].isin(official["geoid_2020"].str[:5])
    return Product(frame, findings=worth_telling(_findings(frame, overlaid[of_file], official, region)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one row a pair, with shares between 0 and 1."""
    check_schema(frame, SCHEMA)


def _overlay(raw: Raw, region: Region) -> pd.DataFrame:
    """Pairs by area within each county that has 2020 polygons."""
    parts = [NO_AREAS]
    for county in region.counties:
        new = raw.tracts_2020[raw.tracts_2020["geoid"].str[:5] == county]
        old = raw.tracts_2010[raw.tracts_2010["county_geoid"] == county]
        if len(new) and len(old):
            parts.append(pairs_by_area(old, new, region.area_crs))
    return pd.concat([part for part in parts if len(part)], ignore_index=True) if len(parts) > 1 else NO_AREAS


def _findings(
    frame: pd.DataFrame, overlaid: pd.DataFrame, official: pd.DataFrame, region: Region
) -> Iterator[Finding]:
    by_area = frame.loc[frame["method"] == "area", "geoid_2010"].unique()
    yield find("crosswalk_by_area", "tracts_2010", by_area, of=frame["geoid_2010"].nunique())
    with_area = frame.loc[frame["area_m2"].notna(), "geoid_2020"].str[:5].unique()
    bare = [county for county in region.counties if county not in with_area]
    yield find("county_not_here", "tracts_2020", bare, what="2020 tract polygons")
    yield Finding("crosswalk_official", OFFICIAL, len(official), severity="info")
    both = official.merge(overlaid, on=["geoid_2010", "geoid_2020"], how="inner", suffixes=("", "_ours"))
    apart = (both["area_share_of_2020"] - both["area_share_of_2020_ours"]).abs() > SAME_SHARE
    names = both.loc[apart, "geoid_2010"] + " " + both.loc[apart, "geoid_2020"]
    yield find("official_share_differs", OFFICIAL, names, of=len(both))
