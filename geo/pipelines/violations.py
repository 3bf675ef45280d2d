"""Violations of water quality limits, each once, with its dates: a record of then, never of today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.water.identifiers import county_geoids
from geo.water.state_tables import VIOLATIONS, in_region, read_optional, vintage_of
from geo.water.systems import COUNTED_ONCE, count_once, read_amounts

COLUMNS = (
    "pwsid",
    "name",
    "community",
    "county_geoid",
    "violation_id",
    "violation_type",
    "analyte",
    "result",
    "limit",
    "result_amount",
    "limit_amount",
    "unit",
    "times_limit",
    "begins",
    "ends",
    "enforcement",
    "enforcement_actions",
    "vintage",
)
SCHEMA = Schema(
    "violations",
    key=tuple(COUNTED_ONCE),
    columns=COLUMNS,
    counts=("result_amount", "limit_amount", "enforcement_actions"),
    may_be_empty=True,
)
# A result this many times over its limit is more likely a misplaced decimal point.
IMPLAUSIBLE = 10.0


class Listed(NamedTuple):
    """The list as published, and its vintage."""

    rows: pd.DataFrame
    vintage: str


def extract(inputs: Inputs) -> Listed:
    """Read the list of violations."""
    return Listed(read_optional(inputs, VIOLATIONS), vintage_of(inputs, VIOLATIONS))


def transform(raw: Listed, region: Region) -> Product:
    """Make one row a violation, with result and limit as numbers of one unit.

    ``result_amount`` and ``limit_amount`` are in ``unit`` (UG/L or PCI/L), NA where there is none;
    ``times_limit`` is their ratio.
    """
    rows = in_region(raw.rows, region)
    once = count_once(rows)
    results, limits = read_amounts(once["result"]), read_amounts(once["limit"])
    same = results["unit"].eq(limits["unit"]).fillna(False)
    actions = rows.groupby(COUNTED_ONCE)["enforcement"].agg([_listed, "size"]).reset_index()
    actions = actions.set_axis([*COUNTED_ONCE, "enforcement", "enforcement_actions"], axis=1)
    frame = once.drop(columns="enforcement").assign(
        community=once["city"].astype("string").str.title(),
        county_geoid=county_geoids(once["pwsid"]),
        result_amount=results["amount"],
        limit_amount=limits["amount"],
        unit=results["unit"].fillna(limits["unit"]),
        times_limit=(results["amount"] / limits["amount"]).where(same),
        vintage=raw.vintage,
    )
    frame = frame.merge(actions, on=COUNTED_ONCE, how="left")
    frame = frame.sort_values(["pwsid", "begins", "violation_id", "analyte"], ignore_index=True)
    return Product(frame[list(COLUMNS)], findings=worth_telling(_find_faults(rows, frame)))


def _listed(actions: pd.Series[str]) -> str:
    return "; ".join(actions.dropna().unique())


def _find_faults(rows: pd.DataFrame, frame: pd.DataFrame) -> Iterator[Finding]:
    ids = frame["pwsid"] + " " + frame["violation_id"]
    repeated = ids[frame["enforcement_actions"] > 1]
    yield find("violations_repeated", VIOLATIONS, repeated, of=len(frame), rows=len(rows))
    yield find("violations_without_limit", VIOLATIONS, ids[frame["limit_amount"].isna()], of=len(frame))
    below = frame["times_limit"].le(1).fillna(False)
    yield find("violations_within_limit", VIOLATIONS, ids[below], of=len(frame))
    wild = frame["times_limit"].ge(IMPLAUSIBLE).fillna(False)
    yield find("violations_implausible", VIOLATIONS, ids[wild], of=len(frame))


def validate(frame: pd.DataFrame) -> None:
    """Raise where a violation stands twice, or figures are negative."""
    check_schema(frame, SCHEMA)
