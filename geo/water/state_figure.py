"""The State's own figure of 2021 beside ours by the same method, and what makes the difference."""

from __future__ import annotations

import pandas as pd

from geo.water.cost.connection import connection_cost

METHOD = "swrcb_2021"
STEPS = ("connections", "people", "merge_type", "distance")
"""In this order our inputs give way to the State's: each step's difference is that of one input."""
_INPUTS = {
    "connections": {"connections": "joining_connections"},
    "people": {"population": "joining_population"},
    "merge_type": {"merge_type": "merge_type"},
    "distance": {"distance_ft": "distance_ft"},
}


def rows_of(candidates: pd.DataFrame, pwsid: str | None = None) -> pd.DataFrame:
    """Keep the rows of the State's 2021 table that join a known system to the region's own district.

    Parameters
    ----------
    candidates
        Dataset ``consolidation_candidates``.
    pwsid
        Of one joining system; None for all.

    Examples
    --------
    >>> rows = pd.DataFrame({"matched_pwsid": ["CA1", "CA2", None],
    ...     "is_region_receiver": [True, False, True]})
    >>> len(rows_of(rows)), len(rows_of(rows, "CA2"))
    (1, 0)
    """
    ours = candidates["matched_pwsid"].notna() & candidates["is_region_receiver"].astype(bool)
    if pwsid is not None:
        ours &= candidates["matched_pwsid"].eq(pwsid).fillna(False)
    return candidates[ours.astype(bool)]


def is_doubtful(rows: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows may be of another place, or of another system: their way is no answer for ours.

    The straight line between the two as we know them is longer by half a mile or more than the State's whole
    way; the number has another system's name now; the receiver is in another county; or rows of other systems
    have a way of the same length to the inch, so that the State had them on one spot.

    Parameters
    ----------
    rows
        All rows of dataset ``consolidation_candidates``: whether one shares its length hangs on the others.

    Examples
    --------
    >>> rows = pd.DataFrame({"row": ["1", "2", "3"], "double_of": [None] * 3,
    ...     "distance_ft": [7608.524, 7608.524, 90.0],
    ...     "straight_line_miles": [None, None, 3.0], "distance_miles": [1.4, 1.4, 0.1],
    ...     "was_renamed": [False] * 3, "counties_differ": [False] * 3})
    >>> is_doubtful(rows).tolist()
    [True, True, True]
    """
    gap = rows["straight_line_miles"].astype("Float64") - rows["distance_miles"].astype("Float64")
    lengths = rows["distance_ft"].astype("Float64").round(1)
    alike = lengths.gt(0).fillna(False) & _systems(rows).groupby(lengths).transform("nunique").gt(1)
    doubt = gap.gt(TOO_SHORT_MILES).fillna(False) | alike
    return (doubt | rows["was_renamed"].astype(bool) | rows["counties_differ"].astype(bool)).astype(bool)


TOO_SHORT_MILES = 0.5


def _systems(rows: pd.DataFrame) -> pd.Series[int]:
    """Give each row the number of its system: rows of one system have one number."""
    doubles = rows["double_of"].astype("string").fillna("")
    numbers = [
        min(int(number) for number in f"{row}, {others}".split(", ") if number)
        for row, others in zip(rows["row"].astype(str), doubles, strict=True)
    ]
    return pd.Series(numbers, index=rows.index)


def compare_figures(rows: pd.DataFrame, costable: pd.DataFrame) -> pd.DataFrame:
    """Set each of the State's rows beside our figure by the same method, and name the difference.

    Our inputs are switched to the State's one at a time, in the order of :data:`STEPS`: connections; people
    (they decide what a state small system is, which has no fees of administration and review); route or
    intersect; the distance. With all switched the figure is the State's, to the cent.

    Parameters
    ----------
    rows
        As :func:`rows_of` returns them.
    costable
        Index pwsid, as :func:`geo.water.routes.with_ways` returns it.

    Returns
    -------
    pandas.DataFrame
        On the index of ``rows``: ``pwsid``, the inputs ``our_*`` and ``state_*``, ``ours_usd`` (dollars of
        2021; NA where our way or size is not known), ``<step>_usd`` for each step (NA where the figure before
        it is), ``state_usd`` as published. ``ours_usd`` and the steps sum to ``state_usd``.

    Examples
    --------
    >>> row = pd.DataFrame({"matched_pwsid": ["CA3301117"], "joining_connections": [13.0],
    ...     "joining_population": [24.0], "merge_type": ["Intersect"], "distance_ft": [0.0],
    ...     "total_cost_usd": [294960.0]})
    >>> ours = pd.DataFrame({"pwsid": ["CA3301117"], "population": [42.9], "connections": [12.0],
    ...     "merge_type": ["route"], "distance_ft": [500.0], "county_geoid": ["06065"],
    ...     "state_small": [pd.NA]}, index=["CA3301117"])
    >>> compare_figures(row, ours).filter(like="_usd").round(2).iloc[0].to_dict()
    {'ours_usd': 716040.0, 'connections_usd': 7920.0, 'people_usd': -342000.0, 'merge_type_usd': -87000.0, \
'distance_usd': 0.0, 'state_usd': 294960.0}
    """
    state = rows.assign(merge_type=rows["merge_type"].str.lower())
    columns = ["population", "connections", "merge_type", "distance_ft", "county_geoid", "state_small"]
    inputs = costable.reindex(rows["matched_pwsid"])[["pwsid", *columns]].set_index(rows.index)
    inputs["merge_type"] = inputs["merge_type"].fillna("route")
    names = ("population", "connections", "merge_type", "distance_ft", "state_small")
    table = inputs[["pwsid", *names]].rename(columns={name: f"our_{name}" for name in names})
    before = table["ours_usd"] = _total(inputs)
    for step in STEPS:
        for ours, theirs in _INPUTS[step].items():
            inputs[ours] = state[theirs].astype(inputs[ours].dtype)
            table[f"state_{ours}"] = state[theirs]
        if step == "people":
            inputs["state_small"] = pd.Series(pd.NA, index=inputs.index, dtype="boolean")
        now = _total(inputs)
        table[f"{step}_usd"] = now - before
        before = now
    return table.assign(state_usd=rows["total_cost_usd"].astype(float))


def _total(inputs: pd.DataFrame) -> pd.Series[float]:
    return connection_cost(inputs, method=METHOD)["total_cost_usd"].astype(float)
