"""Totals of paper sheets shared out to tracts by doors, and between which numbers the truth must lie.

A sheet holds totals of its turf. Where the turf lies in several tracts, its households go one by one to the
tract that is furthest behind its share of the turf's doors (Sainte-Laguë), so that they stay whole, add up to
the sheets, and do not depend on the order in which sheets came. That is an estimate: whoever walks in order
may have been in one tract alone. What is certain is that no more households are reached in a tract than the
turf has doors there, and no fewer than do not fit into its other tracts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from geo.canvass.codes import Disposition

UNKNOWN = "unknown"
SHARED = ["turf", "unit", "tract_geoid", "on", "knocked", "reached", "estimated"]


def doors_by_tract(units: pd.DataFrame) -> pd.Series[float]:
    """Count every turf's doors in each tract where it has any; those in no known tract stand as ``unknown``.

    Parameters
    ----------
    units
        ``turf``, ``tract_geoid`` and ``doors`` by unit; a missing count is no door.

    Examples
    --------
    >>> units = pd.DataFrame({"turf": "T", "tract_geoid": ["1", "2", None], "doors": [6.0, None, 2.0]})
    >>> doors_by_tract(units).to_dict()
    {('T', '1'): 6.0, ('T', 'unknown'): 2.0}
    """
    tracts = units["tract_geoid"].astype("object").fillna(UNKNOWN)
    sums = units["doors"].astype("float64").groupby([units["turf"], tracts]).sum()
    return sums[sums > 0]


def share_out(tallies: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Bring paper totals to rows of doors knocked on and households reached, a row a sheet and tract.

    Parameters
    ----------
    tallies
        ``turf``, ``on`` and a column for each disposition, a row a sheet.
    units
        ``turf`` and ``tract_geoid`` by unit, and ``doors``; without doors nothing is shared out.

    Returns
    -------
    pandas.DataFrame
        ``turf``, ``unit`` (none), ``tract_geoid`` (NA where not known), ``on``, ``knocked``, ``reached`` and
        ``estimated``: whether the row is a part that was shared out.

    Examples
    --------
    >>> sheet = dict.fromkeys(map(str, Disposition), [0]) | {"spoke": [3], "not_home": [6]}
    >>> tallies = pd.DataFrame({"turf": ["T"], "on": pd.to_datetime(["2026-03-02"]), **sheet})
    >>> units = pd.DataFrame({"turf": "T", "tract_geoid": ["1", "2"], "doors": [20.0, 10.0]})
    >>> share_out(tallies, units)[["tract_geoid", "knocked", "reached"]].values.tolist()
    [['1', 6, 2], ['2', 3, 1]]
    """
    doors = doors_by_tract(units) if "doors" in units else _only_tracts(units)
    known = dict(iter(doors.groupby(level=0)))
    parts = [
        part
        for code, sheets in tallies.sort_values("on", kind="stable").groupby("turf")
        for part in _parts(sheets, known.get(code))
    ]
    return pd.concat(parts, ignore_index=True)[SHARED]


def _only_tracts(units: pd.DataFrame) -> pd.Series[float]:
    """Stand in for doors where none are given: one door in the tract of every turf that has one tract."""
    pairs = units[["turf", "tract_geoid"]].drop_duplicates()
    single = pairs[~pairs["turf"].duplicated(keep=False)].dropna()
    index = pd.MultiIndex.from_frame(single)
    return pd.Series(1.0, index)


def _parts(sheets: pd.DataFrame, doors: pd.Series[float] | None) -> Iterator[pd.DataFrame]:
    """Give the rows of one turf's sheets, a frame a tract."""
    tracts = [UNKNOWN] if doors is None else list(doors.index.get_level_values(1))
    weights = np.ones(1) if doors is None else doors.to_numpy()
    spoke = sheets[str(Disposition.SPOKE)].to_numpy(dtype="int64")
    every = sheets[[str(item) for item in Disposition]].sum(axis=1).to_numpy(dtype="int64")
    # Doors where nobody spoke are shared out by themselves, so that no part has more reached than knocked on.
    reached, rest = _spread(weights, spoke), _spread(weights, every - spoke)
    for place, tract in enumerate(tracts):
        yield pd.DataFrame(
            {
                "turf": sheets["turf"].to_numpy(),
                "unit": None,
                "tract_geoid": None if tract == UNKNOWN else tract,
                "on": sheets["on"].to_numpy(),
                "knocked": reached[:, place] + rest[:, place],
                "reached": reached[:, place],
                "estimated": len(tracts) > 1,
            }
        )


def _spread(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Share whole counts, one after the other, by weights; rows are counts, columns weights."""
    total = int(counts.sum())
    quotients = weights[:, None] / (2 * np.arange(max(total, 1)) + 1)
    order = np.argsort(-quotients, axis=None, kind="stable")[:total] // max(total, 1)
    spread = np.zeros((len(counts), len(weights)), dtype="int64")
    np.add.at(spread, (np.repeat(np.arange(len(counts)), counts), order), 1)
    return spread


def reached_range(
    contacts: pd.DataFrame, units: pd.DataFrame, groups: pd.Series[str] | None = None
) -> pd.DataFrame:
    """Tell how many households of each tract are an estimate, and how many it must be at least and at most.

    What is counted door by door is certain. Of a turf's sheets a tract has no more households than the turf
    has doors there, and at least those that do not fit into its other tracts; doors are those of 2020.

    Parameters
    ----------
    contacts
        From :func:`geo.canvass.progress.to_contacts`.
    units
        ``turf``, ``tract_geoid`` and ``doors`` by unit.
    groups
        Name of each tract's group, by tract, where groups of tracts are asked for; a tract without is in
        ``unknown``.

    Returns
    -------
    pandas.DataFrame
        By tract or group, those that have an estimate: ``shared_out``, ``least`` and ``most`` households.

    Examples
    --------
    >>> units = pd.DataFrame({"turf": "T", "tract_geoid": ["1", "2"], "doors": [20.0, 10.0]})
    >>> rows = pd.DataFrame({"turf": "T", "tract_geoid": ["1", "2"], "reached": [16, 8], "estimated": True})
    >>> reached_range(rows, units).values.tolist()
    [[16, 14, 20], [8, 4, 10]]
    """
    estimated = contacts[contacts["estimated"].astype(bool)]
    doors = _by_group(doors_by_tract(units), groups)
    tracts = estimated["tract_geoid"].fillna(UNKNOWN)
    got = _by_group(estimated.groupby(["turf", tracts])["reached"].sum(), groups)
    doors = doors.reindex(got.index).fillna(0.0)
    of_turf = got.groupby(level=0).transform("sum")
    elsewhere = doors.groupby(level=0).transform("sum") - doors
    least = (of_turf - elsewhere).clip(lower=0.0).clip(upper=got)
    most = pd.concat([of_turf, doors], axis=1).min(axis=1).clip(lower=got)
    table = pd.DataFrame({"shared_out": got, "least": least, "most": most}).groupby(level=1).sum()
    sure = contacts[~contacts["estimated"].astype(bool)]
    names = sure["tract_geoid"].fillna(UNKNOWN)
    exact = sure.groupby(_named(names, groups))["reached"].sum().reindex(table.index, fill_value=0)
    table[["least", "most"]] = table[["least", "most"]].add(exact, axis=0)
    return table.round().astype("int64")


def _by_group(counts: pd.Series[float], groups: pd.Series[str] | None) -> pd.Series[float]:
    names = _named(counts.index.get_level_values(1).to_series(index=counts.index), groups)
    return counts.groupby([counts.index.get_level_values(0), names]).sum()


def _named(tracts: pd.Series[str], groups: pd.Series[str] | None) -> pd.Series[str]:
    return tracts if groups is None else tracts.map(groups).fillna(UNKNOWN)
