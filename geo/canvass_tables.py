"""Progress of a canvass as a page shows it: in words, without small counts, beside the census of 2020."""

from __future__ import annotations

import pandas as pd

from geo.canvass_progress import Pace
from geo.language import gettext as _
from geo.suppression import LEAST, is_small, suppress

COUNTED = ("knocked", "reached")


def turf_units(turfs: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return every unit of the turfs with its turf's code and its tract.

    Examples
    --------
    >>> turfs = pd.DataFrame({"units": [("u",)]}, index=pd.Index(["T"], name="code"))
    >>> turf_units(turfs, pd.DataFrame({"tract_geoid": ["1"]}, index=["u"])).loc["u", "turf"]
    'T'
    """
    pairs = [(unit, code) for code, members in turfs["units"].items() for unit in members]
    frame = pd.DataFrame(pairs, columns=["unit", "turf"]).set_index("unit")
    return frame.assign(tract_geoid=units["tract_geoid"].reindex(frame.index))


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


def pace_words(found: Pace, *, full: bool) -> str:
    """Say how many are reached, how many are left, and how many a week are needed.

    Parameters
    ----------
    full
        Whether counts under ten may be seen.

    Examples
    --------
    >>> pace_words(Pace(400, 1000, 600, 6.0, 100.0, 50), full=True)
    '400 of 1,000 households reached. 100 a week are needed to finish in time; last week it was 50.'
    """
    reached = _count(found.reached, full)
    words = _("{reached} of {goal} households reached.").format(reached=reached, goal=f"{found.goal:,}")
    if found.needed_a_week is None:
        return f"{words} {_('The time is over.')}"
    rest = _("{needed} a week are needed to finish in time; last week it was {last}.")
    needed = f"{found.needed_a_week:,.0f}"
    return f"{words} {rest.format(needed=needed, last=_count(found.reached_last_week, full))}"


def _count(count: int, full: bool) -> str:
    return f"{count:,}" if full or not is_small(count) else _("under {least}").format(least=LEAST)


def hide_small(table: pd.DataFrame) -> pd.DataFrame:
    """Hide counts from 1 to 9 and what would give them away; a running total is left out.

    Examples
    --------
    >>> hide_small(pd.DataFrame({"reached": [40, 12, 3]}))["reached"].tolist()
    [40, <NA>, <NA>]
    """
    hidden = {name: suppress(table[name]) for name in COUNTED if name in table.columns}
    kept = table.drop(columns="total", errors="ignore")
    return kept.assign(**hidden)
