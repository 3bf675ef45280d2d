"""The place of each 2020 census block, as the Census Bureau assigned it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region

SOURCE = "block_assignment_2020"
SCHEMA = Schema("block_places", key=("geoid",), columns=("place_geoid", "county_geoid"))


def extract(inputs: Inputs) -> pd.DataFrame:
    """Read the block assignment file."""
    return inputs.table(SOURCE)


def transform(raw: pd.DataFrame, region: Region) -> Product:
    """Keep the region's blocks; ``place_geoid`` (seven digits) is missing where a block is in no place."""
    ours = raw[raw["geoid"].str[:5].isin(region.counties)]
    frame = pd.DataFrame(
        {
            "geoid": ours["geoid"],
            "place_geoid": ours["geoid"].str[:2] + ours["place_code"],
            "county_geoid": ours["geoid"].str[:5],
        }
    )
    return Product(
        frame.sort_values("geoid", ignore_index=True), findings=worth_telling(_findings(frame, region))
    )


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one row a block."""
    check_schema(frame, SCHEMA)


def _findings(frame: pd.DataFrame, region: Region) -> Iterator[Finding]:
    bare = [county for county in region.counties if county not in set(frame["county_geoid"])]
    yield find("county_not_here", SOURCE, bare, what="places of 2020 blocks")
