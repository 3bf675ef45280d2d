"""How far a canvass is: households reached, by turf, tract, index class and week; paper by tract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.canvass.codes import GOAL_HOUSEHOLDS, Disposition

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
    results = [str(item) for item in Disposition if str(item) in sheets]
    every = sheets[results].sum(axis=1).to_numpy(dtype="int64")
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


STALE_DAYS = 14
INDEX_CLASSES = (0.0, 40.0, 60.0, 80.0, 200.0)
INDEX_CLASS_NAMES = ("0–40", "40–60", "60–80", "80+")
CONTACTS = SHARED


def to_contacts(visits: pd.DataFrame, tallies: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Bring visits and paper totals to one table of doors knocked on and households reached.

    Parameters
    ----------
    visits
        ``id``, ``turf``, ``unit``, ``door``, ``on`` and ``disposition``, one row a return.
    tallies
        ``turf``, ``on`` and a column for each disposition.
    units
        ``turf``, ``tract_geoid`` and ``doors`` by unit, for all turfs that stand.

    Returns
    -------
    pandas.DataFrame
        ``turf``, ``unit``, ``tract_geoid``, ``on``, ``knocked``, ``reached``, ``estimated``. A visit counts
        for the turf that its unit lies in now, whichever list it was written by. Totals of a turf in several
        tracts are shared out by its doors and say that they are estimated; where ``units`` has no doors
        their tract is NA. A door that was spoken with counts on the first day of that.

    Examples
    --------
    >>> visits = pd.DataFrame({"id": ["a", "b"], "turf": "T", "unit": "u", "door": ["1", "1"],
    ...     "on": pd.to_datetime(["2026-03-02", "2026-03-09"]), "disposition": ["spoke", "spoke"]})
    >>> units = pd.DataFrame({"turf": ["T"], "tract_geoid": ["1"]}, index=["u"])
    >>> int(to_contacts(visits, pd.DataFrame(), units)["reached"].sum())
    1
    """
    parts = [] if visits.empty else [_from_visits(visits, units)]
    parts += [] if tallies.empty else [share_out(tallies, units)]
    if not parts:
        kinds = {"on": "datetime64[ns]", "knocked": "int64", "reached": "int64", "estimated": "bool"}
        return pd.DataFrame(columns=CONTACTS).astype(kinds)
    return pd.concat(parts, ignore_index=True)


def _from_visits(visits: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    frame = visits.assign(spoke=visits["disposition"] == Disposition.SPOKE)
    frame = frame.sort_values(["spoke", "on", "id"], ascending=[False, True, True], kind="stable")
    same = frame["door"].where(frame["door"] != "", frame["id"])
    first = ~pd.DataFrame({"unit": frame["unit"], "door": same}).duplicated().to_numpy()
    frame = frame[first]
    known = units[~units.index.duplicated()]
    tracts = known["tract_geoid"]
    return pd.DataFrame(
        {
            "turf": frame["unit"].map(known["turf"]).fillna(frame["turf"]),
            "unit": frame["unit"],
            "tract_geoid": frame["unit"].map(tracts),
            "on": frame["on"],
            "knocked": 1,
            "reached": frame["spoke"].astype("int64"),
            "estimated": False,
        }
    )


def by_turf(
    turfs: pd.DataFrame, contacts: pd.DataFrame, day: date, goal: int = GOAL_HOUSEHOLDS
) -> pd.DataFrame:
    """Tell every turf's progress: knocked, reached, its share of the goal, last day, and whether it is stale.

    ``left`` are doors not knocked on yet. ``share`` is what a turf is asked for: its part of the goal by its
    households, and never more than its households, so that where the goal is more than all turfs hold it is
    all of them. ``of_share`` is reached over that; ``too_many`` says that more were reached than there are
    households, which paper and phone together can do when both count the same doors.

    Parameters
    ----------
    turfs
        ``doors``, ``households``, ``status`` and ``out_on`` by code.
    contacts
        From :func:`to_contacts`.
    day
        Today; a turf that is out without a return for 14 days is stale.
    goal
        Households.

    Examples
    --------
    >>> turfs = pd.DataFrame({"doors": [10], "households": [8], "status": ["out"],
    ...     "out_on": [pd.Timestamp("2026-01-01")]}, index=["T"])
    >>> none = to_contacts(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    >>> by_turf(turfs, none, date(2026, 2, 1), goal=40)[["share", "stale"]].values.tolist()
    [[8.0, True]]
    """
    sums = (
        contacts.groupby("turf")[["knocked", "reached"]]
        .sum()
        .reindex(turfs.index, fill_value=0)
        .astype("int64")
    )
    last = contacts.groupby("turf")["on"].max().reindex(turfs.index)
    table = turfs.join(sums)
    table["left"] = (table["doors"] - table["knocked"]).clip(lower=0)
    households = table["households"].astype("float64")
    table["too_many"] = table["reached"] > table["households"]
    whole = households.sum()
    table["share"] = households * min(goal / whole, 1.0) if whole else np.nan
    table["of_share"] = (table["reached"] / table["share"]).where(table["share"] > 0)
    table["last_on"] = pd.to_datetime(last)
    moved = table[["last_on", "out_on"]].apply(pd.to_datetime).max(axis=1)
    old = moved < pd.Timestamp(day - timedelta(days=STALE_DAYS))
    table["stale"] = (table["status"] == "out") & old
    return table


def index_classes(values: pd.Series[float]) -> pd.Series[str]:
    """Name the class of every index; ``unknown`` where it is missing.

    Examples
    --------
    >>> index_classes(pd.Series([40.0, None])).tolist()
    ['40–60', 'unknown']
    """
    cut = pd.cut(values.astype("float64"), list(INDEX_CLASSES), labels=list(INDEX_CLASS_NAMES), right=False)
    return pd.Series(cut.astype("object").fillna(UNKNOWN))


def by_week(contacts: pd.DataFrame) -> pd.DataFrame:
    """Add up by week, named by its Monday, with the running total; weeks without a return are 0.

    Examples
    --------
    >>> row = {"on": [pd.Timestamp("2026-03-04")], "knocked": [3], "reached": [2]}
    >>> by_week(pd.DataFrame(row)).index[0].isoformat()
    '2026-03-02T00:00:00'
    """
    monday = contacts["on"] - pd.to_timedelta(contacts["on"].dt.day_of_week, unit="D")
    table = contacts.groupby(monday.rename("week"))[["knocked", "reached"]].sum()
    if len(table):
        weeks = pd.date_range(table.index.min(), table.index.max(), freq="7D", name="week")
        table = table.reindex(weeks, fill_value=0)
    return table.assign(total=table["reached"].cumsum())
