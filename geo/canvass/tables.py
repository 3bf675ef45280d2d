"""Turfs beside the census of 2020, and progress as one table for others."""

from __future__ import annotations

import pandas as pd

from geo.canvass.outlook import Pace
from geo.methods.disclosure.small_counts import is_small

_NUMBERS = ("knocked", "reached", "households")
EXPORTED = ["level", "name", "knocked", "reached", "households", "share", "estimated"]


def turf_units(turfs: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return every unit of the turfs with its turf's code, its tract and its doors.

    Examples
    --------
    >>> turfs = pd.DataFrame({"units": [("u",)]}, index=pd.Index(["T"], name="code"))
    >>> turf_units(turfs, pd.DataFrame({"tract_geoid": ["1"], "doors": [4]}, index=["u"])).values.tolist()
    [['T', '1', 4]]
    """
    pairs = [(unit, code) for code, members in turfs["units"].items() for unit in members]
    frame = pd.DataFrame(pairs, columns=["unit", "turf"]).set_index("unit")
    return frame.join(units[["tract_geoid", "doors"]])


def with_response(table: pd.DataFrame, turfs: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Add to every turf the share of its doors that did not answer the 2020 Census by itself.

    Missing where a tract's share is.

    Examples
    --------
    >>> turfs = pd.DataFrame({"units": [("u",)]}, index=pd.Index(["T"], name="code"))
    >>> known = {"tract_geoid": ["1"], "doors": [4.0], "share_no_self_response": [0.5]}
    >>> units = pd.DataFrame(known, index=["u"])
    >>> with_response(turfs[[]], turfs, units)["share_no_self_response"].tolist()
    [0.5]
    """
    members = turf_units(turfs, units)
    known = units[["doors", "share_no_self_response"]].reindex(members.index).astype("float64")
    parts = known["doors"] * known["share_no_self_response"]
    sums = pd.DataFrame({"parts": parts, "doors": known["doors"].where(parts.notna())})
    totals = sums.groupby(members["turf"]).sum(min_count=1)
    share = (totals["parts"] / totals["doors"]).reindex(table.index)
    return table.assign(share_no_self_response=share)


def export_table(
    pace: Pace, tracts: pd.DataFrame, classes: pd.DataFrame, weeks: pd.DataFrame
) -> pd.DataFrame:
    """Put progress into one table for others: the whole, tracts, index classes and weeks.

    Parameters
    ----------
    pace
        For the whole; a small count is hidden.
    tracts, classes, weeks
        From :mod:`geo.canvass.coverage`, small counts hidden.

    Returns
    -------
    pandas.DataFrame
        ``level``, ``name``, ``knocked``, ``reached``, ``households``, ``share``; NA where hidden.
        ``estimated`` says of tracts and classes whether totals of paper sheets were shared out to them.

    Examples
    --------
    >>> none = pd.DataFrame(columns=["knocked", "reached"])
    >>> from datetime import date
    >>> whole = Pace(4, 40, 36, 6.0, 6.0, 4, 1.0, date(2026, 3, 1), None)
    >>> export_table(whole, none, none, none)["reached"].isna().tolist()
    [True]
    """
    reached = pd.NA if is_small(pace.reached) else pace.reached
    parts = [pd.DataFrame({"level": ["goal"], "name": [f"{pace.goal}"], "reached": [reached]})]
    parts += [
        table.assign(level=level, name=[_label(name) for name in table.index])
        for level, table in (("tract", tracts), ("index_class", classes), ("week", weeks))
        if len(table)
    ]
    frame = pd.concat([part.reindex(columns=EXPORTED).astype("object") for part in parts], ignore_index=True)
    counts = {name: pd.to_numeric(frame[name]).astype("Int64") for name in _NUMBERS}
    return frame.assign(**counts, share=pd.to_numeric(frame["share"]).astype("Float64").round(3))


def _label(name: object) -> str:
    return name.date().isoformat() if isinstance(name, pd.Timestamp) else str(name)
