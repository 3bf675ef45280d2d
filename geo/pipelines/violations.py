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
from geo.water.state_tables import in_region
from geo.water.violations import COUNTED_ONCE, Listed, count_once, read_amounts, read_violations

COLUMNS = (
    "pwsid",
    "name",
    "community",
    "county_geoid",
    "violation_id",
    "violation_type",
    "health_based",
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
    "source",
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


class Raw(NamedTuple):
    """The list of violations, and the water systems, where they are built: a list may lack their names."""

    listed: Listed
    systems: pd.DataFrame | None = None


def extract(inputs: Inputs) -> Raw:
    """Read the newest list of violations that is here, and the water systems where they are built."""
    systems = inputs.dataset_shapes("water_systems") if inputs.built("water_systems") else None
    return Raw(read_violations(inputs), systems)


def transform(raw: Raw, region: Region) -> Product:
    """Make one row a violation, with result and limit as numbers of one unit.

    ``health_based`` tells violations of limits and treatment from those of reports and notices. An empty
    ``ends`` is a violation that was open when the list was made.
    ``result_amount`` and ``limit_amount`` are in ``unit`` (UG/L or PCI/L), NA where there is none;
    ``times_limit`` is their ratio.
    """
    rows = in_region(raw.listed.rows, region)
    once = _with_names(count_once(rows), raw.systems)
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
        source=raw.listed.source,
        vintage=raw.listed.vintage,
    )
    frame = frame.merge(actions, on=COUNTED_ONCE, how="left")
    frame = frame.sort_values(["pwsid", "begins", "violation_id", "analyte"], ignore_index=True)
    return Product(frame[list(COLUMNS)], findings=worth_telling(_find_faults(rows, frame, raw.listed.source)))


def _with_names(once: pd.DataFrame, systems: pd.DataFrame | None) -> pd.DataFrame:
    """Name the systems, and their communities, where the list does not."""
    if systems is None:
        return once
    known = systems.set_index("pwsid")
    return once.assign(
        name=once["name"].fillna(once["pwsid"].map(known["name"])),
        city=once["city"].fillna(once["pwsid"].map(known["community"])),
    )


def _listed(actions: pd.Series[str]) -> str:
    return "; ".join(actions.dropna().unique())


def _find_faults(rows: pd.DataFrame, frame: pd.DataFrame, source: str) -> Iterator[Finding]:
    ids = frame["pwsid"] + " " + frame["violation_id"]
    repeated = ids[frame["enforcement_actions"] > 1]
    yield find("violations_repeated", source, repeated, of=len(frame), rows=len(rows))
    others = ~frame["health_based"].astype(bool)
    yield find("violations_of_reports", source, ids[others], of=len(frame))
    ids, frame = ids[~others], frame[~others]
    yield find("violations_without_limit", source, ids[frame["limit_amount"].isna()], of=len(frame))
    below = frame["times_limit"].le(1).fillna(False)
    yield find("violations_within_limit", source, ids[below], of=len(frame))
    wild = frame["times_limit"].ge(IMPLAUSIBLE).fillna(False)
    yield find("violations_implausible", source, ids[wild], of=len(frame))


def validate(frame: pd.DataFrame) -> None:
    """Raise where a violation stands twice, or figures are negative."""
    check_schema(frame, SCHEMA)
