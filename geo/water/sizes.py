"""How many people and connections a system has, and what the State's rule makes of it."""

from __future__ import annotations

import pandas as pd

from geo.water.claims import take_first

# Where no table knows the people: the State's own stand-in (2024 method), people per connection.
PEOPLE_PER_CONNECTION = 3.3
WHOLESALER = "WHOLESALER"
# The State's 2024 rule (Physical Consolidation Cost Estimate Methodology, table 1), in connections.
JOINS_FAILING_UP_TO = 1_000
JOINS_AT_RISK_UP_TO = 500
RECEIVES_ABOVE = 500
ROLES = ("joining", "receiving", "none")


def measure_sizes(claims: pd.DataFrame) -> pd.DataFrame:
    """Take each system's people and connections, and estimate people where no table knows them.

    A published 0 means "unknown" where there are connections; then people are 3.3 a connection, marked
    by ``population_estimated``. Of a wholesaler, 0 is true: it sells to other systems. NA stays where
    neither is known.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``pwsid``: ``population`` and ``connections`` (Float64), ``population_source``,
        ``connections_source`` (keys of tables) and ``population_estimated``.
    """
    pwsids = pd.Index(claims["pwsid"].unique(), name="pwsid")
    people = take_first(claims, "population", claims["population"].gt(0).fillna(False))
    connections = take_first(claims, "connections", claims["connections"].gt(0).fillna(False))
    sizes = people.join(connections, how="outer").reindex(pwsids)
    zero = take_first(claims.loc[_sells_water(claims)], "population").reindex(pwsids)
    for column in ("population", "population_source"):
        sizes[column] = sizes[column].fillna(zero[column])
    sizes["population_estimated"] = sizes["population"].isna() & sizes["connections"].notna()
    sizes["population"] = sizes["population"].fillna(sizes["connections"] * PEOPLE_PER_CONNECTION)
    sizes["population_source"] = sizes["population_source"].fillna(
        sizes["connections_source"].where(sizes["population_estimated"])
    )
    return sizes


def _sells_water(claims: pd.DataFrame) -> pd.Series[bool]:
    sellers = claims.loc[claims["area_type"].str.contains(WHOLESALER).fillna(False), "pwsid"]
    return claims["pwsid"].isin(sellers)


def to_roles(status: pd.Series[str], connections: pd.Series[float]) -> pd.Series[str]:
    """Say whether a system would join or receive, by the State's 2024 rule.

    Joining: Failing with up to 1,000 connections, or At-Risk with up to 500. Receiving: Failing with more
    than 1,000, or any other status, also none, with more than 500. Else ``none``. NA where connections
    are unknown.

    Source: State Water Board, 2024 Physical Consolidation Cost Estimate Methodology, table 1.

    Examples
    --------
    >>> to_roles(pd.Series(["Failing", "At-Risk", None]), pd.Series([1000.0, 501.0, 500.0])).to_list()
    ['joining', 'receiving', 'none']
    """
    failing, at_risk = status.eq("Failing").fillna(False), status.eq("At-Risk").fillna(False)
    joining = (failing & connections.le(JOINS_FAILING_UP_TO)) | (
        at_risk & connections.le(JOINS_AT_RISK_UP_TO)
    )
    receiving = connections.gt(RECEIVES_ABOVE) & ~joining.fillna(False)
    roles = pd.Series("none", index=connections.index, dtype="string")
    roles = roles.mask(receiving.fillna(False), "receiving").mask(joining.fillna(False), "joining")
    return roles.mask(connections.isna())
