"""What each table claims of a system, in one vocabulary, and which claim is taken.

A *claim* is one row of one table. They are joined by PWSID and nothing else. For each column the first
claim that has a value counts, newest table first; what the others say otherwise becomes a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from geo.water.tables import BOUNDARIES, DETAILS, SAFER, STATE_SMALL, VIOLATIONS, SystemTables, one_row_each

SystemClass = Literal["community", "non_transient", "transient", "state_small", "non_public", "unknown"]
CLASSES: Mapping[str, SystemClass] = {
    "C": "community",
    "COMMUNITY": "community",
    "NTNC": "non_transient",
    "NON-TRANSIENT NON-COMMUNITY": "non_transient",
    "NC": "transient",
    "TNC": "transient",
    "TRANSIENT NON-COMMUNITY": "transient",
    "SSWS": "state_small",
    "STATE SMALL WATER SYSTEM": "state_small",
    "LSS": "non_public",
    "NP": "non_public",
    "NON-PUBLIC": "non_public",
}
OWNERS = {
    "P": "private",
    "PRIVATE": "private",
    "L": "local",
    "LOCAL": "local",
    "LOCAL GOVT": "local",
    "LOCAL GOVERNMENT": "local",
    "S": "state",
    "STATE GOVT": "state",
    "STATE GOVERNMENT": "state",
    "F": "federal",
    "FEDERAL GOVT": "federal",
    "FEDERAL GOVERNMENT": "federal",
    "M": "mixed",
    "MIXED (PUBLIC/PRIVATE)": "mixed",
    "N": "tribal",
    "NATIVE AMERICAN": "tribal",
}
ACTIVITY = {"A": "active", "I": "inactive", "ACTIVE": "active", "INACTIVE": "inactive"}
TEXTS = ("name", "community", "county_name", "system_class", "activity_status", "owner_type", "area_type")
NUMBERS = ("population", "connections")
# Newest first. A boundary row without the register's own fields was filled in from an older release.
OLDER = " (older)"
ORDER = (SAFER, BOUNDARIES, DETAILS, f"{BOUNDARIES}{OLDER}", STATE_SMALL, VIOLATIONS)


def gather_claims(raw: SystemTables) -> pd.DataFrame:
    """Put the claims of all tables under one another, newest table first.

    Returns
    -------
    pandas.DataFrame
        ``pwsid``, ``source``, the columns of :data:`TEXTS` (NA where a table says nothing) and
        ``population`` (people) and ``connections`` (service connections) as published.
    """
    parts = [_claims_of(one_row_each(raw.boundaries.drop(columns="geometry")), BOUNDARIES)]
    parts += [_claims_of(one_row_each(frame), key) for key, frame in raw.tables.items()]
    claims = pd.concat(parts, ignore_index=True)
    rank = claims["source"].map({source: number for number, source in enumerate(ORDER)})
    return claims.loc[rank.sort_values(kind="stable").index].reset_index(drop=True)


def _claims_of(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    texts = {
        "name": _text(frame, "name"),
        "community": _text(frame, "city").str.title(),
        "county_name": _text(frame, "county").str.title(),
        "system_class": _class_of(frame, source),
        "activity_status": _coded(_text(frame, "activity_status", "status"), ACTIVITY),
        "owner_type": _coded(_text(frame, "owner_type"), OWNERS),
        "area_type": _text(frame, "area_type").str.upper(),
    }
    numbers = {name: frame[name].astype("Float64") for name in NUMBERS}
    columns = {"pwsid": frame["pwsid"].astype("string"), "source": source, **texts, **numbers}
    claims = pd.DataFrame(columns, index=frame.index)
    if source == BOUNDARIES:
        claims.loc[frame["boundary_type"].isna(), "source"] = f"{BOUNDARIES}{OLDER}"
    return claims


def _text(frame: pd.DataFrame, *names: str) -> pd.Series[str]:
    for name in names:
        if name in frame.columns:
            return frame[name].astype("string")
    return pd.Series(pd.NA, index=frame.index, dtype="string")


def _coded(values: pd.Series[str], words: Mapping[str, str]) -> pd.Series[str]:
    return values.str.upper().map(words).astype("string")


def _class_of(frame: pd.DataFrame, source: str) -> pd.Series[str]:
    if source == STATE_SMALL:
        return pd.Series("state_small", index=frame.index, dtype="string")
    by_state = _coded(_text(frame, "state_class"), CLASSES)
    return by_state.fillna(_coded(_text(frame, "federal_class"), CLASSES))


def table_of(sources: pd.Series[str]) -> pd.Series[str]:
    """Name the table of each claim, whether it is of an older release or not."""
    return sources.astype("string").str.removesuffix(OLDER)


def take_first(claims: pd.DataFrame, column: str, usable: pd.Series[bool] | None = None) -> pd.DataFrame:
    """Take for each system the first claim that has a value.

    Parameters
    ----------
    usable
        Which claims count; those that have a value by default.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``pwsid``: the column, and ``<column>_source``, the key of the table it came from.

    Examples
    --------
    >>> claims = pd.DataFrame({"pwsid": ["CA1", "CA1"], "source": ["new", "old"], "name": [pd.NA, "Sam"]})
    >>> take_first(claims, "name").loc["CA1"].to_list()
    ['Sam', 'old']
    """
    kept = claims.loc[claims[column].notna() if usable is None else usable]
    first = kept.drop_duplicates("pwsid").set_index("pwsid")[[column, "source"]]
    first["source"] = table_of(first["source"])
    return first.rename(columns={"source": f"{column}_source"})
