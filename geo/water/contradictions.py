"""Where the water tables contradict each other, or are years older than one another."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from geo.findings import Finding, find
from geo.water.claims import gather_claims
from geo.water.names import are_akin, differing_names
from geo.water.tables import DETAILS, SAFER, STATE_SMALL, VIOLATIONS, SystemTables

# Figures further apart than a quarter of the larger one contradict each other.
APART = 0.25


def find_contradictions(raw: SystemTables, systems: pd.DataFrame) -> Iterator[Finding]:
    """Count where tables contradict each other or are older than one another."""
    claims = gather_claims(raw)
    yield _apart(claims, "population", "people_contradict")
    yield _apart(claims, "connections", "connections_contradict")
    yield _different(claims, "system_class", "classes_contradict")
    yield _different(claims, "owner_type", "owners_contradict")
    yield _different(claims, "activity_status", "activity_contradicts")
    inactive = systems.loc[systems["activity_status"].eq("inactive").fillna(False), "pwsid"]
    yield find("inactive_systems", "water_systems", inactive, of=len(systems))
    yield from _names(claims)
    yield from _older(raw, systems)
    yield _counties(claims, systems)


def _apart(claims: pd.DataFrame, column: str, check: str) -> Finding:
    """Find systems whose positive figures lie further apart than a quarter of the largest."""
    groups = claims.loc[claims[column].gt(0).fillna(False)].groupby("pwsid")[column]
    several = groups.agg(["min", "max", "size"]).query("size > 1")
    apart = several.index[(several["max"] - several["min"]) > APART * several["max"]]
    return find(check, "water_systems", apart, of=len(several))


def _different(claims: pd.DataFrame, column: str, check: str) -> Finding:
    groups = claims.dropna(subset=[column]).groupby("pwsid")[column]
    several = groups.agg(["nunique", "size"]).query("size > 1")
    return find(check, "water_systems", several.index[several["nunique"] > 1], of=len(several))


def _names(claims: pd.DataFrame) -> Iterator[Finding]:
    names = claims.dropna(subset=["name"]).groupby("pwsid")["name"].agg(list)
    several = names[names.map(len) > 1].map(differing_names)
    several_read = several[several.map(len) > 1]
    yield find("names_differ", "water_systems", several_read.index, of=len(several))
    strange = several_read[
        several_read.map(lambda found: not all(are_akin(found[0], name) for name in found))
    ]
    yield find("identifiers_reused", "water_systems", strange.index, of=len(several))


def _all_akin(names: list[str]) -> bool:
    return all(are_akin(names[0], name) for name in names)


def _older(raw: SystemTables, systems: pd.DataFrame) -> Iterator[Finding]:
    newest = raw.vintages[SAFER]
    for key in (DETAILS, STATE_SMALL):
        alone = systems.loc[systems["tables"].eq(key), "pwsid"]
        yield find(
            "only_in_older_table",
            key,
            alone,
            of=len(systems),
            vintage=raw.vintages[key],
            newest=newest,
        )
    listed = systems.loc[systems["violations_count"].notna()]
    other = listed.loc[~listed["safer_status"].eq("Failing").fillna(False), "pwsid"]
    yield find(
        "violations_older_than_status",
        VIOLATIONS,
        other,
        of=len(listed),
        vintage=raw.vintages[VIOLATIONS],
        newest=newest,
    )


def _counties(claims: pd.DataFrame, systems: pd.DataFrame) -> Finding:
    """Find rows whose county is not the one that most rows of the same identifier's county name."""
    named = claims.dropna(subset=["county_name"]).merge(systems[["pwsid", "county_geoid"]], on="pwsid")
    usual = named.groupby("county_geoid")["county_name"].agg(lambda names: names.mode().iloc[0])
    wrong = named.loc[named["county_name"].ne(named["county_geoid"].map(usual)), "pwsid"].unique()
    return find("county_contradicts", "water_systems", wrong, of=len(named))
