"""Where the water tables contradict each other, or are years older than one another."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from geo.findings import Finding, find
from geo.water.claims import NUMBERS, gather_claims, table_of
from geo.water.names import are_akin, normalise_name
from geo.water.tables import BOUNDARIES, DETAILS, SAFER, SOURCES, STATE_SMALL, VIOLATIONS, SystemTables

# Figures further apart than a quarter of the larger one contradict each other.
APART = 0.25


def find_contradictions(raw: SystemTables, systems: pd.DataFrame) -> Iterator[Finding]:
    """Count, table by table, what contradicts the newest table that knows, or is older than it."""
    claims = gather_claims(raw)
    for key in SOURCES:
        for check, (column, differ) in _COMPARED.items():
            yield _beside_newest(claims, key, column, check, differ)
        yield _counties(claims, systems, key)
    yield from _alone(raw, systems)
    yield _violations(raw, systems)
    inactive = systems.loc[systems["activity_status"].eq("inactive").fillna(False), "pwsid"]
    yield find("inactive_systems", BOUNDARIES, inactive, of=len(raw.boundaries))


def _beside_newest(
    claims: pd.DataFrame, key: str, column: str, check: str, differ: Callable[[Any, Any], bool]
) -> Finding:
    """Compare what a table says with what the newest other table says that says anything."""
    known = claims[column].notna()
    if column in NUMBERS:
        known &= claims[column].gt(0).fillna(False)
    said = claims.loc[known]
    newest = said.drop_duplicates("pwsid")[["pwsid", "source", column]]
    ours = said.loc[table_of(said["source"]).eq(key)].merge(newest, on="pwsid", suffixes=("", "_newest"))
    older = ours.loc[ours["source"].ne(ours["source_newest"])]
    pairs = zip(older["pwsid"], older[column], older[f"{column}_newest"], strict=True)
    wrong = [pwsid for pwsid, here, there in pairs if differ(here, there)]
    return find(check, key, wrong, of=len(older))


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


def _counties(claims: pd.DataFrame, systems: pd.DataFrame, key: str) -> Finding:
    """Find rows whose county is not the one that most rows of the same identifier's county name."""
    named = claims.dropna(subset=["county_name"]).merge(systems[["pwsid", "county_geoid"]], on="pwsid")
    usual = named.groupby("county_geoid")["county_name"].agg(lambda names: names.mode().iloc[0])
    ours = named.loc[table_of(named["source"]).eq(key)]
    wrong = ours.loc[ours["county_name"].ne(ours["county_geoid"].map(usual)), "pwsid"]
    return find("county_contradicts", key, wrong, of=len(ours))
