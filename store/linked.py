"""What a programme counts that other pages record: the water board's statuses, the canvass's returns."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.canvass.progress import to_contacts
from geo.program.measures import turf_members
from store.canvass.kinds import Turf
from store.canvass.reading import CanvassReading
from store.journal import Journal
from store.records import to_kept
from store.status import Status


def read_statuses(journal: Journal, region: str) -> pd.DataFrame:
    """Return the board's statuses as they stand: ``pwsid``, ``service``, ``stage``, ``reached_on``, ``at``.

    Examples
    --------
    >>> from store.database import open_database
    >>> journal = Journal(open_database("sqlite://"))
    >>> status = Status(pwsid="CA9010002", service="water", stage="connected")
    >>> _entries = journal.append([status.draft("linked", "Ana")])
    >>> read_statuses(journal, "linked")["stage"].tolist()
    ['connected']
    """
    kept = [to_kept(Status, entry) for entry in journal.latest(region, Status.kind)]
    rows = [
        (item.record.pwsid, str(item.record.service), str(item.record.stage), item.record.reached_on, item.at)
        for item in kept
    ]
    return pd.DataFrame(rows, columns=["pwsid", "service", "stage", "reached_on", "at"])


def read_returns(journal: Journal, region: str, tracts: pd.Series[Any]) -> pd.DataFrame:
    """Return the canvass's doors and households by turf, unit, 2010 tract and day.

    Parameters
    ----------
    tracts
        2010 tract by GEOID of block or block group.
    """
    reading = CanvassReading(journal, region)
    visits, tallies = reading.visits(), reading.tallies()
    turfs = [kept.record for kept in reading.kept(Turf).values()]
    pairs = [(unit, turf.code) for turf in turfs for unit in turf.units]
    units = turf_members(pd.DataFrame(pairs, columns=["unit", "turf"]), tracts)
    return to_contacts(visits, tallies, units)
