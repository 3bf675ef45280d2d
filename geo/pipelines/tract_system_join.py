"""Which systems lie in a 2010 tract: service areas by what both share, other systems by their point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.water.service_areas import (
    COLUMNS,
    ROUNDING_M2,
    account_overlaps,
    overlap_pairs,
    point_pairs,
)

SCHEMA = Schema(
    "tract_system_join",
    key=("geoid", "pwsid"),
    columns=COLUMNS,
    counts=("area_m2",),
    shares=("share_of_tract", "share_of_system"),
    may_be_empty=True,
)


class Layers(NamedTuple):
    """Tracts and systems, in EPSG:4326."""

    tracts: gpd.GeoDataFrame
    systems: gpd.GeoDataFrame


def extract(inputs: Inputs) -> Layers:
    """Read the tracts and the systems."""
    return Layers(inputs.dataset_shapes("tracts_2010"), inputs.dataset_shapes("water_systems"))


def transform(raw: Layers, region: Region) -> Product:
    """Cut tracts and service areas with one another, and find the tract of every point.

    What is under a square meter is left out and counted. A point has no area (``area_m2`` is missing);
    whether it says where its system is stands in ``known_by``.
    """
    pairs = overlap_pairs(raw.tracts, raw.systems, region.area_crs)
    kept = pairs.loc[pairs["area_m2"] >= ROUNDING_M2].reset_index(drop=True)
    ledger = account_overlaps(kept, raw.tracts, raw.systems, region.area_crs)
    points = point_pairs(raw.tracts, raw.systems)
    findings = worth_telling(_find_faults(raw, pairs, kept, points))
    both = pd.concat([part for part in (kept, points) if len(part)] or [kept])[list(COLUMNS)]
    frame = both.sort_values(["geoid", "pwsid"], ignore_index=True)
    return Product(frame, ledgers=(ledger,), findings=findings)


def _find_faults(
    raw: Layers, pairs: pd.DataFrame, kept: pd.DataFrame, points: pd.DataFrame
) -> Iterator[Finding]:
    name = "tract_system_join"
    rounding = pairs.loc[pairs["area_m2"] < ROUNDING_M2]
    yield find("overlaps_rounding", name, rounding["geoid"] + " " + rounding["pwsid"], of=len(pairs))
    slivers = kept.loc[kept["is_sliver"]]
    yield find("overlaps_slivers", name, slivers["geoid"] + " " + slivers["pwsid"], of=len(kept))
    shares = kept.groupby("geoid")["share_of_tract"].sum()
    yield find("tracts_oversubscribed", name, shares.index[shares > 1 + 1e-9], of=len(raw.tracts))
    unserved = raw.tracts.loc[~raw.tracts["geoid"].isin(kept["geoid"]), "geoid"]
    yield find("tracts_unserved", name, unserved, of=len(raw.tracts))
    placed = {*pairs["pwsid"], *points["pwsid"]}
    without = raw.systems.loc[~raw.systems["pwsid"].isin(placed), "pwsid"]
    yield find("systems_without_tract", name, without, of=len(raw.systems))
    doubtful = points.loc[points["known_by"] == "doubtful_point", "pwsid"]
    yield find("systems_doubtful_tract", name, doubtful, of=len(raw.systems))


def validate(frame: pd.DataFrame) -> None:
    """Raise where a pair stands twice or a share is not between 0 and 1."""
    check_schema(frame, SCHEMA)
