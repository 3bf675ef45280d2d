"""What a foot of pipe, and a review, add to a system's cost by a State method, in US dollars."""

from __future__ import annotations

import pandas as pd

from geo.water.cost.connection import connection_cost
from geo.water.cost.parameters import read_method


def usd_per_foot(costable: pd.DataFrame, method: str) -> pd.Series[float]:
    """Find what a foot more of pipe adds to each system's total; NaN where it cannot be costed.

    Parameters
    ----------
    costable
        As :func:`geo.water.cost.connection.connection_cost` takes them; their lengths are not used.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": [None], "population": [9.0], "connections": [3.0],
    ...     "merge_type": ["route"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> round(usd_per_foot(park, "swrcb_2024").item(), 2)
    494.59
    """
    none, one = (
        connection_cost(costable.assign(merge_type="route", distance_ft=length), method=method)
        for length in (0.0, 1.0)
    )
    return one["total_cost_usd"] - none["total_cost_usd"]


def review_usd(costable: pd.DataFrame, method: str) -> pd.Series[float]:
    """Find what each system's environmental review adds to its total; NaN where it cannot be costed.

    Examples
    --------
    >>> park = pd.DataFrame({"pwsid": [None], "population": [9.0], "connections": [3.0],
    ...     "merge_type": ["route"], "distance_ft": [0.0], "county_geoid": ["06065"]})
    >>> round(review_usd(park, "swrcb_2024").item())
    148100
    """
    none = {name: 0.0 for name in read_method(method).parameters if name.startswith("ceqa_")}
    with_review, without = (connection_cost(costable, method=method, **changes) for changes in ({}, none))
    return with_review["total_cost_usd"] - without["total_cost_usd"]
