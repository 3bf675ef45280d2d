"""How far a canvass is: households reached against the goal, by turf, tract, index class and week.

A household is reached when somebody spoke with it. Two visits with the same door number in the same unit
are one household; a visit without a door number is one by itself, and a paper sheet's total is taken as
it stands, in the tracts that :mod:`geo.canvass.apportion` finds. What lies in no known tract is told as such,
so that the parts add up to the whole.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.canvass.apportion import SHARED, UNKNOWN, share_out
from geo.canvass.codes import GOAL_HOUSEHOLDS, Disposition

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
