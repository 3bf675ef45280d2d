"""What others may see of a canvass's progress: no small count, and none that would give one away."""

from __future__ import annotations

import pandas as pd

from geo.canvass.coverage import COUNTED, RANGED, class_table
from geo.methods.disclosure.small_counts import is_small, suppress


def hide_tracts(table: pd.DataFrame) -> pd.DataFrame:
    """Hide small counts of tracts, and those that would give them away beside the sums of index classes.

    Classes are hidden as :func:`hide_classes` does. In a class that is hidden every tract is; in one that is
    shown tracts are hidden until at least two are and together they are no small count. Of what was shared
    out only that it was is told: beside its range what is certain could be reckoned.

    Examples
    --------
    >>> table = pd.DataFrame({"knocked": [90, 40, 20], "reached": [60, 4, 0], "share": 0.1,
    ...     "index_class": "80+"}, index=["1", "2", "3"])
    >>> hide_tracts(table)["reached"].tolist()
    [<NA>, <NA>, 0]
    """
    classes = hide_classes(table)
    hidden = pd.DataFrame(index=table.index, columns=list(COUNTED), dtype="Int64")
    for name, part in table.groupby("index_class", sort=False):
        for column in COUNTED:
            counts = part[column].astype("Int64")
            whole = str(name) in classes.index[classes[column].isna()]
            hidden.loc[part.index, column] = counts.mask(counts > 0) if whole else suppress(part[column])
        hidden.loc[part.index, "knocked"] = _together(hidden.loc[part.index], part)["knocked"]
    shown = table.drop(columns=list(RANGED), errors="ignore")
    return shown.assign(**hidden, share=shown["share"].astype("Float64").mask(hidden["reached"].isna()))


def hide_class_table(table: pd.DataFrame) -> pd.DataFrame:
    """Add tracts up by index class as :func:`class_table` does, without small counts.

    Examples
    --------
    >>> tracts = pd.DataFrame({"households": [40], "knocked": [9], "reached": [4], "estimated": [False],
    ...     "index_class": ["80+"]})
    >>> hide_class_table(tracts)["reached"].isna().tolist()
    [True]
    """
    whole, hidden = class_table(table), hide_classes(table)
    share = whole["share"].astype("Float64").mask(hidden["reached"].isna())
    return whole.assign(**hidden, share=share)


def hide_classes(table: pd.DataFrame) -> pd.DataFrame:
    """Add counts up by index class, and hide what is small or would give it away.

    Examples
    --------
    >>> table = pd.DataFrame({"knocked": [90, 40], "reached": [60, 4], "index_class": ["80+", "0–40"]})
    >>> hide_classes(table)["reached"].tolist()
    [<NA>, <NA>]
    """
    sums = table.groupby("index_class")[list(COUNTED)].sum()
    return _together(sums.apply(suppress), sums)


def hide_weeks(weeks: pd.DataFrame) -> pd.DataFrame:
    """Hide small counts of weeks; the running total, which would give them away, is left out.

    Examples
    --------
    >>> weeks = pd.DataFrame({"knocked": [40, 30, 12], "reached": [40, 12, 3], "total": [40, 52, 55]})
    >>> hide_weeks(weeks)["reached"].tolist()
    [40, <NA>, <NA>]
    """
    counts = weeks[list(COUNTED)]
    return _together(counts.apply(suppress), counts)


def _together(hidden: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Hide doors knocked on where those at which nobody spoke are few: their number is a small count too."""
    rest = (counts["knocked"] - counts["reached"]).map(is_small)
    if not rest.any():
        return hidden
    again = suppress(counts["knocked"].where(~rest, 1))
    return hidden.assign(knocked=hidden["knocked"].mask(again.isna()))
