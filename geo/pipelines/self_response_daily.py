"""Self-response to the 2020 Census, day by day, of the region's 2020 tracts."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region

SOURCE = "self_response_daily_2020"
RATES = ("share_self_response", "share_self_response_internet")
SCHEMA = Schema(
    "self_response_daily",
    key=("geoid", "response_date"),
    columns=("county_geoid",),
    shares=RATES,
    may_be_empty=True,
)


def extract(inputs: Inputs) -> pd.DataFrame:
    """Read the postings."""
    return inputs.table(SOURCE)


def transform(raw: pd.DataFrame, region: Region) -> Product:
    """Keep the region's tracts, tidy: one row a tract and day.

    Rates are running totals, as shares of the addresses that were asked to answer (0 to 1); they are
    published in percent with one decimal. A day without a posting has no rows. A low rate in the desert
    reflects seasonal homes and areas counted in person as well, and is no undercount.
    """
    ours = raw[raw["geoid"].str[:5].isin(region.counties)]
    frame = pd.DataFrame(
        {
            "geoid": ours["geoid"],
            "county_geoid": ours["geoid"].str[:5],
            "response_date": ours["response_date"],
            "share_self_response": ours["self_response_percent"].round(1) / 100,
            "share_self_response_internet": ours["self_response_internet_percent"].round(1) / 100,
        }
    ).sort_values(["geoid", "response_date"], ignore_index=True)
    return Product(frame, findings=worth_telling(_findings(frame, region)))


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one row a tract and day, with rates between 0 and 1."""
    check_schema(frame, SCHEMA)


def _findings(frame: pd.DataFrame, region: Region) -> Iterator[Finding]:
    bare = [county for county in region.counties if county not in set(frame["county_geoid"])]
    yield find("county_not_here", SOURCE, bare, what="daily self-response")
    days = frame["response_date"].drop_duplicates()
    span = (days.max() - days.min()).days + 1 if len(days) else 0
    yield Finding("days_missing", SOURCE, span - len(days), span, severity="info")
    steps = frame.groupby("geoid")["share_self_response"].diff()
    falls = (steps < 0).fillna(False).astype(bool)
    concerned = tuple(frame["geoid"][falls].unique())
    yield Finding("rate_falls", SOURCE, int(falls.sum()), int(steps.notna().sum()), concerned)
