"""What laboratories found in the water of each system, substance by substance, beside the limit."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from geo.datasets.findings import find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.water.identifiers import county_geoids
from geo.water.violations import pwsid_starts

SOURCES = ("lab_results_2023", "lab_results_2026")
KEY = ["pwsid", "analyte", "unit"]
COLUMNS = (
    *KEY,
    "county_geoid",
    "limit_published",
    "samples",
    "measured",
    "over_limit",
    "highest",
    "first_on",
    "last_on",
    "last_over_on",
    "vintage",
)
SCHEMA = Schema(
    "lab_results",
    key=tuple(KEY),
    columns=COLUMNS,
    counts=("samples", "measured", "over_limit", "highest", "limit_published"),
    may_be_empty=True,
)


class Raw(NamedTuple):
    """The results as published, of all years that are here, and which years these are."""

    rows: pd.DataFrame
    vintage: str


def extract(inputs: Inputs) -> Raw:
    """Read the region's results of the years that are here."""
    here = [key for key in SOURCES if inputs.has(key)]
    starts = {"pwsid": pwsid_starts(inputs.region)}
    rows = pd.concat([inputs.table(key, begins=starts) for key in here], ignore_index=True)
    receipts = [inputs.receipt(key) for key in here]
    return Raw(rows, "; ".join(receipt.vintage for receipt in receipts if receipt))


def transform(raw: Raw, region: Region) -> Product:
    """Make one row a system, substance and unit, of the substances that have a limit.

    ``samples`` counts all results, ``measured`` those at or above the reporting level, ``over_limit`` those
    above the limit that stands beside the newest of them; ``highest`` is the highest measured, NA where
    nothing was. Samples are of wells as of taps, of raw water as of treated: a result above the limit is no
    violation. Results without a number (present or absent) are left out.
    """
    rows = raw.rows[raw.rows["limit"].gt(0).fillna(False)]
    counted = rows[rows["result"].notna() | _is_below(rows)].sort_values("sampled_on", kind="stable")
    named = counted.assign(
        unit=counted["unit"].str.upper().fillna("").astype("string"),
        analyte=counted["analyte"].str.upper(),
        measured=counted["result"].mask(_is_below(counted)),
    )
    grouped = named.groupby(KEY, sort=True)
    limit = grouped["limit"].last()
    over = named["measured"] > grouped["limit"].transform("last")
    over = over.fillna(False).astype(bool)
    frame = pd.DataFrame(
        {
            "limit_published": limit,
            "samples": grouped.size(),
            "measured": grouped["measured"].count(),
            "over_limit": over.groupby([named[name] for name in KEY]).sum(),
            "highest": grouped["measured"].max(),
            "first_on": grouped["sampled_on"].min(),
            "last_on": grouped["sampled_on"].max(),
            "last_over_on": named[over].groupby(KEY)["sampled_on"].max(),
        }
    ).reset_index()
    frame = frame.assign(county_geoid=county_geoids(frame["pwsid"]), vintage=raw.vintage)
    lost = raw.rows["pwsid"][raw.rows["result"].isna() & ~_is_below(raw.rows)]
    told = find("lab_results_without_number", SOURCES[-1], lost, of=len(raw.rows))
    return Product(frame[list(COLUMNS)], findings=worth_telling([told]))


def _is_below(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether a result is below what the laboratory can report: the number beside it is no measurement."""
    return rows["below_reporting"].str.upper().eq("Y").fillna(False).astype(bool)


def validate(frame: pd.DataFrame) -> None:
    """Raise where a substance stands twice, or figures are negative."""
    check_schema(frame, SCHEMA)
