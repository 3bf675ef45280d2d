"""What other pages record and a programme counts too: systems connected, returns of the canvass. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from geo.programme.declared import Counted, Programme
from geo.programme.measures import Records

CANVASS = "canvass"
"""Stands for the programme of returns that lie in the period of none."""


def with_connections(records: Records, programmes: Iterable[Programme], statuses: pd.DataFrame) -> Records:
    """Add the systems that stand as connected on the water board to every programme that counts them.

    A system counts once, on the first day for either service; a status without a day counts from when it
    was recorded.

    Parameters
    ----------
    statuses
        ``pwsid``, ``stage``, ``reached_on`` and ``at``, as they stand: a row a system and service.

    Examples
    --------
    >>> from geo.programme.declared import read_programmes
    >>> row = {"pwsid": ["CA1"], "stage": ["connected"], "reached_on": ["2021-05-01"], "at": ["2026-01-01"]}
    >>> found = with_connections(Records(), read_programmes().values(), pd.DataFrame(row))
    >>> found.connections[["programme", "pwsid"]].to_numpy().tolist()
    [['infrastructure_task_force', 'CA1']]
    """
    connected = statuses[statuses["stage"] == "connected"]
    at = pd.to_datetime(connected["at"], utc=True).dt.tz_localize(None).dt.normalize()
    days = pd.to_datetime(connected["reached_on"]).fillna(at)
    first = connected[["pwsid"]].assign(on=days).sort_values("on", kind="stable").drop_duplicates("pwsid")
    keys = [item.key for item in programmes if any(m.counted is Counted.CONNECTED for m in item.measures)]
    rows = [first.assign(programme=key) for key in keys if len(first)]
    return replace(records, connections=pd.concat(rows, ignore_index=True)) if rows else records


def with_canvass(records: Records, programmes: Iterable[Programme], returns: pd.DataFrame) -> Records:
    """Add the households that the canvass's own returns say were reached.

    A programme of the census counts those in its period, beside what was recorded by hand; where both tell of
    one day and tract, the returns stand and what was recorded by hand does not count again. Returns in the
    period of no such programme stand under :data:`CANVASS`: they count for coverage alone.

    Parameters
    ----------
    returns
        ``on``, ``tract_geoid`` (of 2010) and ``reached``, as :func:`geo.canvass.progress.to_contacts` gives.
    """
    reached = returns[returns["reached"] > 0].rename(
        columns={"reached": "households", "tract_geoid": "geoid"}
    )
    if reached.empty:
        return records
    days = reached.assign(on=pd.to_datetime(reached["on"]).dt.normalize())
    sums = pd.DataFrame(days.groupby(["on", "geoid"], dropna=False)["households"].sum()).reset_index()
    told = pd.concat(list(_told(sums, [item for item in programmes if item.kind == "census"])))
    known = pd.MultiIndex.from_frame(told[["programme", "on", "geoid"]])
    own = records.contacts
    again = pd.MultiIndex.from_frame(own[["programme", "on", "geoid"]]).isin(known) & own["geoid"].notna()
    frames = [frame for frame in (own[~again], told) if len(frame)]
    return replace(records, contacts=pd.concat(frames, ignore_index=True))


def _told(sums: pd.DataFrame, programmes: list[Programme]) -> Iterator[pd.DataFrame]:
    taken = pd.Series(data=False, index=sums.index)
    for programme in programmes:
        ours = pd.Series([programme.covers(day.date()) for day in sums["on"]], index=sums.index, dtype=bool)
        taken |= ours
        yield sums[ours].assign(programme=programme.key)
    yield sums[~taken].assign(programme=CANVASS)


def turf_members(units: pd.DataFrame, tracts: pd.Series[str]) -> pd.DataFrame:
    """Give the units of turfs their 2010 tract, as the canvass's returns are read with it.

    Parameters
    ----------
    units
        ``unit`` and ``turf``.
    tracts
        2010 tract by GEOID of block or block group; a unit where nobody lived has none.

    Examples
    --------
    >>> units = pd.DataFrame({"unit": ["u", "v"], "turf": ["T", "T"]})
    >>> turf_members(units, pd.Series({"u": "06065045303"})).loc["u"].tolist()
    ['T', '06065045303']
    """
    return units.assign(tract_geoid=units["unit"].map(tracts)).set_index("unit")
