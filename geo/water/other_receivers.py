"""Which systems the State's consolidation table joins to a district other than the region's own."""

from __future__ import annotations

import pandas as pd


def other_receivers(candidates: pd.DataFrame) -> pd.Series[str]:
    """Name the receiver of each system that the State's 2021 table joins to other districts alone.

    A row that had its system where it is not, or whose number has another system now, says nothing. A system
    that one of its rows joins to the region's own district is that district's too, and is not named here.

    Source: State Water Board, 2021 Needs Assessment, physical consolidation (``R_Sys_Name``). It is the
    receiver that the State's method chose by distance, not an agreement.

    Parameters
    ----------
    candidates
        Dataset ``consolidation_candidates``; an empty frame where it is not built.

    Returns
    -------
    pandas.Series
        By pwsid, the receivers' names as published, parted by semicolons.

    Examples
    --------
    >>> rows = pd.DataFrame({"matched_pwsid": ["CA1", "CA2", "CA2", "CA3", None],
    ...     "receiving_name": ["DWA", "DWA", "OURS", "FAR", "DWA"],
    ...     "is_misplaced": [False, False, False, True, False], "was_renamed": [False] * 5,
    ...     "is_region_receiver": [False, False, True, False, False]})
    >>> other_receivers(rows).to_dict()
    {'CA1': 'DWA'}
    """
    if candidates.empty:
        return pd.Series(dtype="string")
    trusted = ~(candidates["is_misplaced"] | candidates["was_renamed"]).astype(bool)
    rows = candidates[candidates["matched_pwsid"].notna() & trusted]
    ours = rows.loc[rows["is_region_receiver"].astype(bool), "matched_pwsid"]
    others = rows[~rows["matched_pwsid"].isin(ours) & rows["receiving_name"].notna()]
    names = others.groupby("matched_pwsid")["receiving_name"]
    return names.agg(lambda named: "; ".join(sorted(set(named)))).astype("string")
