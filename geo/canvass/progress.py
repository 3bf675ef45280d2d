"""How far a canvass is: households reached against the goal, by turf, tract, index class and week.

A household is reached when somebody spoke with it. Two visits with the same door number in the same unit
are one household; a visit without a door number is one by itself, and a paper sheet's total is taken as
it stands. What lies in no known tract is told as such, so that the parts add up to the whole.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.canvass.codes import GOAL_HOUSEHOLDS, Disposition

STALE_DAYS = 14
INDEX_CLASSES = (0.0, 40.0, 60.0, 80.0, 200.0)
INDEX_CLASS_NAMES = ("0–40", "40–60", "60–80", "80+")
UNKNOWN = "unknown"
CONTACTS = ["turf", "unit", "tract_geoid", "on", "knocked", "reached"]


def to_contacts(visits: pd.DataFrame, tallies: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Bring visits and paper totals to one table of doors knocked on and households reached.

    Parameters
    ----------
    visits
        ``id``, ``turf``, ``unit``, ``door``, ``on`` and ``disposition``, one row a return.
    tallies
        ``turf``, ``on`` and a column for each disposition.
    units
        ``turf`` and ``tract_geoid`` by unit, for all turfs that were ever kept.

    Returns
    -------
    pandas.DataFrame
        ``turf``, ``unit``, ``tract_geoid``, ``on``, ``knocked``, ``reached``. A visit counts for the
        turf that its unit lies in now, whichever list it was written by. A paper total stands in a
        tract where all of its turf does; otherwise its tract is NA. A door that was spoken with counts
        on the first day of that.

    Examples
    --------
    >>> visits = pd.DataFrame({"id": ["a", "b"], "turf": "T", "unit": "u", "door": ["1", "1"],
    ...     "on": pd.to_datetime(["2026-03-02", "2026-03-09"]), "disposition": ["spoke", "spoke"]})
    >>> units = pd.DataFrame({"turf": ["T"], "tract_geoid": ["1"]}, index=["u"])
    >>> int(to_contacts(visits, pd.DataFrame(), units)["reached"].sum())
    1
    """
    parts = [part for part in (_from_visits(visits, units), _from_tallies(tallies, units)) if len(part)]
    if not parts:
        return pd.DataFrame(columns=CONTACTS).astype(
            {"on": "datetime64[ns]", "knocked": "int64", "reached": "int64"}
        )
    return pd.concat(parts, ignore_index=True)


def _from_visits(visits: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    if visits.empty:
        return pd.DataFrame(columns=CONTACTS)
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
        }
    )


def _from_tallies(tallies: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    if tallies.empty:
        return pd.DataFrame(columns=CONTACTS)
    pairs = units[["turf", "tract_geoid"]].drop_duplicates()
    single = pairs[~pairs["turf"].duplicated(keep=False)].set_index("turf")["tract_geoid"]
    return pd.DataFrame(
        {
            "turf": tallies["turf"],
            "unit": None,
            "tract_geoid": tallies["turf"].map(single),
            "on": tallies["on"],
            "knocked": tallies[[str(item) for item in Disposition]].sum(axis=1).astype("int64"),
            "reached": tallies[str(Disposition.SPOKE)].astype("int64"),
        }
    )


def by_turf(
    turfs: pd.DataFrame, contacts: pd.DataFrame, day: date, goal: int = GOAL_HOUSEHOLDS
) -> pd.DataFrame:
    """Tell every turf's progress: knocked, reached, its share of the goal, last day, and whether it is stale.

    ``of_share`` is reached over that share; ``too_many`` says that more were reached than there are
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
        Households; a turf's share of it is by its households.

    Examples
    --------
    >>> turfs = pd.DataFrame({"doors": [10], "households": [8], "status": ["out"],
    ...     "out_on": [pd.Timestamp("2026-01-01")]}, index=["T"])
    >>> none = to_contacts(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    >>> by_turf(turfs, none, date(2026, 2, 1), goal=40)["stale"].tolist()
    [True]
    """
    sums = (
        contacts.groupby("turf")[["knocked", "reached"]]
        .sum()
        .reindex(turfs.index, fill_value=0)
        .astype("int64")
    )
    last = contacts.groupby("turf")["on"].max().reindex(turfs.index)
    table = turfs.join(sums)
    households = table["households"].astype("float64")
    table["too_many"] = table["reached"] > table["households"]
    table["share"] = households / households.sum() * goal if households.sum() else np.nan
    table["of_share"] = (table["reached"] / table["share"]).where(table["share"] > 0)
    table["last_on"] = pd.to_datetime(last)
    moved = table[["last_on", "out_on"]].apply(pd.to_datetime).max(axis=1)
    old = moved < pd.Timestamp(day - timedelta(days=STALE_DAYS))
    table["stale"] = (table["status"] == "out") & old
    return table


def by_tract(contacts: pd.DataFrame) -> pd.DataFrame:
    """Add up by tract; what has no single tract stands as ``unknown``.

    Examples
    --------
    >>> row = {"tract_geoid": [None], "knocked": [3], "reached": [2]}
    >>> by_tract(pd.DataFrame(row)).loc["unknown", "reached"].item()
    2
    """
    return contacts.groupby(contacts["tract_geoid"].fillna(UNKNOWN))[["knocked", "reached"]].sum()


def by_index_class(contacts: pd.DataFrame, index: pd.Series[float]) -> pd.DataFrame:
    """Add up by class of the hard-to-count index: under 40, 40 to 60, 60 to 80, 80 and over, unknown.

    Examples
    --------
    >>> row = {"tract_geoid": ["1"], "knocked": [3], "reached": [2]}
    >>> by_index_class(pd.DataFrame(row), pd.Series([61.0], index=["1"]))["reached"].to_dict()
    {'0–40': 0, '40–60': 0, '60–80': 2, '80+': 0}
    """
    classes = index_classes(contacts["tract_geoid"].map(index))
    sums = contacts.groupby(classes.rename("index_class"))[["knocked", "reached"]].sum()
    names = [*INDEX_CLASS_NAMES, *([UNKNOWN] if UNKNOWN in sums.index else [])]
    return sums.reindex(pd.Index(names, name="index_class"), fill_value=0).astype("int64")


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
