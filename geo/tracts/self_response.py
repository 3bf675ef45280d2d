"""Self-response to the 2020 Census day by day, by tract and by place. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from geo.crs import require_crs
from geo.language import mark as N_
from geo.tracts.names import tract_title

CAUTION = N_(
    "Self-response is a share of the addresses that were asked to answer by themselves. A low rate reflects "
    "seasonal homes and areas that were counted in person as well, and is no undercount. That it rose while "
    "the canvass went on does not show that it rose because of it."
)


def tracts_of_places(tracts: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the place in which each tract's representative point lies.

    Parameters
    ----------
    tracts, places
        In EPSG:4326; ``geoid``, and ``name`` of the places. A tract in no place has no row.

    Returns
    -------
    pandas.DataFrame
        ``geoid`` of the tract and ``name`` of the place.
    """
    require_crs(tracts)
    require_crs(places)
    points = tracts[["geoid"]].set_geometry(tracts.geometry.representative_point())
    joined = points.sjoin(places[["name", "geometry"]], predicate="intersects")
    return pd.DataFrame(joined[["geoid", "name"]].drop_duplicates("geoid")).reset_index(drop=True)


def contacts_of_places(
    contacts: pd.DataFrame, tracts: gpd.GeoDataFrame, places: gpd.GeoDataFrame, names: Sequence[str]
) -> pd.DataFrame:
    """Keep the households that a canvass reached in some places, by where their tract of 2010 lies.

    Parameters
    ----------
    contacts
        ``geoid`` of the tract of 2010; one without is in no place.
    tracts, places
        As :func:`tracts_of_places` takes them; tracts of 2010.
    """
    members = tracts_of_places(tracts, places)
    return contacts[contacts["geoid"].isin(members.loc[members["name"].isin(names), "geoid"])]


def curve_by_tract(daily: pd.DataFrame, geoids: list[str]) -> pd.DataFrame:
    """Keep some tracts, named the short way.

    Returns
    -------
    pandas.DataFrame
        ``name``, ``response_date``, ``share_self_response`` (0 to 1).
    """
    kept = daily[daily["geoid"].isin(geoids)]
    frame = kept.assign(name=[tract_title(geoid) for geoid in kept["geoid"]])
    return frame[["name", "response_date", "share_self_response"]].reset_index(drop=True)


def curve_by_place(daily: pd.DataFrame, members: pd.DataFrame, units: pd.Series[float]) -> pd.DataFrame:
    """Average the tracts of each place, weighted by housing units.

    Parameters
    ----------
    daily
        ``geoid``, ``response_date``, ``share_self_response`` (0 to 1).
    members
        ``geoid`` and ``name``, as :func:`tracts_of_places` gives them.
    units
        Housing units by geoid; a tract without them, or without a rate on a day, is left out of that day.

    Examples
    --------
    >>> daily = pd.DataFrame(
    ...     {"geoid": ["a", "b"], "response_date": ["2020-04-01"] * 2, "share_self_response": [0.2, 0.6]}
    ... )
    >>> members = pd.DataFrame({"geoid": ["a", "b"], "name": ["Oasis", "Oasis"]})
    >>> found = curve_by_place(daily, members, pd.Series({"a": 300.0, "b": 100.0}))
    >>> found["share_self_response"].round(6).tolist()
    [0.3]
    """
    frame = daily.merge(members, on="geoid").assign(weight=lambda rows: rows["geoid"].map(units))
    frame = frame.dropna(subset=["weight", "share_self_response"])
    frame["answered"] = frame["weight"] * frame["share_self_response"]
    sums = frame.groupby(["name", "response_date"], as_index=False)[["answered", "weight"]].sum()
    sums = sums[sums["weight"] > 0]
    share = (sums["answered"] / sums["weight"]).astype("Float64")
    return sums.assign(share_self_response=share)[["name", "response_date", "share_self_response"]]


def lowest_at_the_end(curve: pd.DataFrame, count: int) -> list[str]:
    """Name those whose rate is lowest on the last day, the lowest first.

    Examples
    --------
    >>> rows = {"name": ["a", "b"], "response_date": ["d", "d"], "share_self_response": [0.7, 0.4]}
    >>> lowest_at_the_end(pd.DataFrame(rows), 1)
    ['b']
    """
    last = curve.sort_values("response_date", kind="stable").drop_duplicates("name", keep="last")
    return last.sort_values(["share_self_response", "name"])["name"].head(count).astype(str).tolist()
