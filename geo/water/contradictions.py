"""Where the water tables contradict each other, or are years older than one another."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from geo.datasets.findings import Finding, find
from geo.water.claims import NUMBERS, gather_claims, table_of
from geo.water.names import are_akin, normalise_name
from geo.water.tables import BOUNDARIES, DETAILS, SAFER, SOURCES, STATE_SMALL, VIOLATIONS, SystemTables

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
    wrong: dict[str, list[str]] = {key: [] for key in SOURCES}
    for pwsid, source, table, value in said.itertuples(index=False, name=None):
        newest_source, newest_value = newest.setdefault(pwsid, (source, value))
        if source != newest_source:
            compared[table] += 1
            if differ(value, newest_value):
                wrong[table].append(pwsid)
    for key in SOURCES:
        yield find(check, key, wrong[key], of=compared[key])


def _are_apart(here: float, there: float) -> bool:
    return abs(here - there) > APART * max(here, there)


def _read_differently(here: str, there: str) -> bool:
    return normalise_name(here) != normalise_name(there)


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
    vintages = {"vintage": raw.vintages[VIOLATIONS], "newest": raw.vintages[SAFER]}
    return find("violations_older_than_status", VIOLATIONS, other, of=len(listed), **vintages)


def _counties(claims: pd.DataFrame, systems: pd.DataFrame) -> Iterator[Finding]:
    """Find rows whose county is not the one that most rows of the same identifier's county name."""
    named = claims.dropna(subset=["county_name"]).merge(systems[["pwsid", "county_geoid"]], on="pwsid")
    usual = named.groupby("county_geoid")["county_name"].agg(lambda names: names.mode().iloc[0])
    wrong = named.loc[named["county_name"].ne(named["county_geoid"].map(usual))]
    rows = named["table"].value_counts()
    for key, ids in wrong.groupby("table")["pwsid"]:
        yield find("county_contradicts", str(key), ids, of=int(rows[key]))
