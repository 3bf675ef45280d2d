"""Which share of the households of tracts and index classes a canvass reached; small counts hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.canvass.progress import UNKNOWN, index_classes, reached_range
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.disclosure.small_counts import LEAST, is_small, suppress
from geo.units import to_words

COUNTED = ("knocked", "reached")
RANGED = ("shared_out", "least", "most")
CLASSED = ["households", *COUNTED, "share", "estimated"]
COVER_LIMITS = (0.0, 0.25, 0.5, 0.75)
COVERS: Mapping[str, str] = {
    "outside": N_("in no turf"),
    "none": N_("in a turf, nobody reached yet"),
    "to_25": N_("up to 25 %"),
    "to_50": N_("25 to 50 %"),
    "to_75": N_("50 to 75 %"),
    "over_75": N_("over 75 %"),
    "hidden": N_("hidden: a small count"),
    "no_data": N_("no count of households"),
}
_SHADES = ("to_25", "to_50", "to_75", "over_75")


def tract_table(contacts: pd.DataFrame, units: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Tell of every tract that turfs touch: households, doors knocked on, households reached and their share.

    Parameters
    ----------
    contacts
        From :func:`geo.canvass.progress.to_contacts`.
    units
        All blocks, with ``tract_geoid``, ``households``, ``ca_htc_index`` and ``share_no_self_response``.
    members
        Blocks of turfs with ``tract_geoid`` and ``doors``, from :func:`geo.canvass.outlook.turf_units`.

    Returns
    -------
    pandas.DataFrame
        By tract; what has no known tract stands as ``unknown``, last. ``index_class`` as words, ``share``
        a share, NA where no households are counted; ``answered`` the tract's final self-response to the
        2020 Census. ``shared_out``, ``least`` and ``most`` as :func:`geo.canvass.progress.reached_range`
        has them, ``estimated`` whether totals of paper sheets were shared out to the tract.

    Examples
    --------
    >>> known = {"households": [8.0], "ca_htc_index": [61.0], "share_no_self_response": [0.725]}
    >>> units = pd.DataFrame({"turf": "T", "tract_geoid": ["1"], "doors": 9, **known}, index=["u"])
    >>> rows = pd.DataFrame({"tract_geoid": ["1"], "knocked": [4], "reached": [2], "estimated": False})
    >>> tract_table(rows.assign(turf="T"), units, units)[["share", "index_class", "least"]].values.tolist()
    [[0.25, '60–80', 2]]
    """
    sums = contacts.groupby(contacts["tract_geoid"].fillna(UNKNOWN))[list(COUNTED)].sum()
    named = sorted({*members["tract_geoid"].dropna(), *sums.index} - {UNKNOWN})
    names = pd.Index([*named, *([UNKNOWN] if UNKNOWN in sums.index else [])], name="tract")
    groups = units.groupby("tract_geoid")
    households = groups["households"].sum(min_count=1).reindex(names).astype("Float64")
    index = groups["ca_htc_index"].first().reindex(names)
    table = sums.reindex(names, fill_value=0).astype("int64")
    share = table["reached"] / households.where(households > 0)
    answered = 1.0 - groups["share_no_self_response"].first().reindex(names).astype("Float64")
    table = table.assign(
        households=households, share=share, index=index, index_class=index_classes(index), answered=answered
    )
    return with_range(table, reached_range(contacts, members))


def with_range(table: pd.DataFrame, spread: pd.DataFrame) -> pd.DataFrame:
    """Lay the range of what was shared out beside what is reached; what is certain is its own range.

    Parameters
    ----------
    spread
        From :func:`geo.canvass.progress.reached_range`, of the same names.

    Examples
    --------
    >>> table = pd.DataFrame({"reached": [4, 9]}, index=["1", "2"])
    >>> spread = pd.DataFrame({"shared_out": [5], "least": [4], "most": [12]}, index=["2"])
    >>> with_range(table, spread)[["least", "most", "estimated"]].values.tolist()
    [[4, 4, False], [4, 12, True]]
    """
    known = spread.reindex(table.index).astype("Int64")
    ends = {name: known[name].fillna(table["reached"]) for name in ("least", "most")}
    return table.assign(
        shared_out=known["shared_out"].fillna(0), **ends, estimated=table.index.isin(spread.index)
    )


def cover_classes(table: pd.DataFrame, tracts: pd.Series[str], counted: pd.Series[float]) -> pd.Series[str]:
    """Name for every tract of the map how much of it is reached, by a key of :data:`COVERS`.

    Parameters
    ----------
    table
        From :func:`tract_table` or :func:`hide_tracts`; a missing ``reached`` is hidden.
    tracts
        GEOIDs of the map.
    counted
        Households by tract; a tract without them has no data.

    Examples
    --------
    >>> table = pd.DataFrame({"reached": [3], "share": [0.3]}, index=["1"])
    >>> cover_classes(table, pd.Series(["1", "2", "3"]), pd.Series({"1": 10.0, "2": 5.0})).tolist()
    ['to_50', 'outside', 'no_data']
    """
    return tracts.map(lambda geoid: _cover(str(geoid), table, counted))


def _cover(geoid: str, table: pd.DataFrame, counted: pd.Series[float]) -> str:
    if not counted.get(geoid, 0) > 0:
        return "no_data"
    if geoid not in table.index:
        return "outside"
    reached: Any = table.loc[geoid, "reached"]
    if pd.isna(reached):
        return "hidden"
    if reached == 0:
        return "none"
    limits = zip(COVER_LIMITS, _SHADES, strict=True)
    return [name for limit, name in limits if float(str(table.loc[geoid, "share"])) > limit][-1]


def cover_words(table: pd.DataFrame, tracts: pd.Series[str]) -> pd.Series[str]:
    """Write how many households of every tract are reached; empty where none may be shown.

    Examples
    --------
    >>> table = pd.DataFrame({"reached": [3], "households": [10.0]}, index=["1"])
    >>> cover_words(table, pd.Series(["1", "2"])).tolist()
    ['3 of 10 households', '']
    """
    words = {
        str(geoid): _("{reached} of {households} households").format(
            reached=f"{int(row['reached']):,}", households=to_words(row["households"], "people")
        )
        for geoid, row in table.iterrows()
        if not pd.isna(row["reached"])
    }
    return tracts.map(lambda geoid: words.get(str(geoid), ""))


def class_table(table: pd.DataFrame) -> pd.DataFrame:
    """Add tracts up by index class: households, doors knocked on, households reached and their share.

    Parameters
    ----------
    table
        From :func:`tract_table`.

    Examples
    --------
    >>> tracts = pd.DataFrame({"households": [40, 60], "knocked": [9, 8], "reached": [4, 6],
    ...     "estimated": [False, True], "index_class": "80+"})
    >>> class_table(tracts).values.tolist()
    [[100, 17, 10, 0.1, True]]
    """
    groups = table.groupby("index_class")
    households = groups["households"].sum(min_count=1)
    sums = groups[list(COUNTED)].sum()
    share = sums["reached"] / households.where(households > 0)
    return sums.assign(share=share, estimated=groups["estimated"].any()).join(households)[CLASSED]


def hide_tracts(table: pd.DataFrame) -> pd.DataFrame:
    """Hide small counts of tracts, and those that would give them away beside the sums of index classes.

    What is shown is rounded down to tens, and so is the share: from one day to the next no return shows.
    Classes are hidden as :func:`hide_classes` does. In a class that is hidden every tract is; in one that is
    shown tracts are hidden until at least two are and together they are no small count. Of what was shared
    out only that it was is told: beside its range what is certain could be reckoned.

    Examples
    --------
    >>> table = pd.DataFrame({"knocked": [90, 40, 20], "reached": [60, 4, 0], "share": 0.1,
    ...     "households": 200, "index_class": "80+"}, index=["1", "2", "3"])
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
    hidden = in_tens(hidden)
    shown = table.drop(columns=list(RANGED), errors="ignore")
    return shown.assign(**hidden, share=share_of(hidden["reached"], shown["households"]))


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
    return whole.assign(**hidden, share=share_of(hidden["reached"], whole["households"]))


def in_tens(counts: pd.DataFrame) -> pd.DataFrame:
    """Round counts that others see down to tens; hidden ones stay hidden.

    Examples
    --------
    >>> in_tens(pd.DataFrame({"reached": pd.array([64, None, 0], dtype="Int64")}))["reached"].tolist()
    [60, <NA>, 0]
    """
    return counts.astype("Int64") // LEAST * LEAST


def share_of(reached: pd.Series[int], households: pd.Series[float]) -> pd.Series[float]:
    """Return the share of households that are reached; missing where either is, or nobody lives there.

    Examples
    --------
    >>> share_of(pd.Series([60, 0]), pd.Series([200, 0])).tolist()
    [0.3, <NA>]
    """
    counted = pd.to_numeric(households).astype("Float64")
    return reached.astype("Float64") / counted.where(counted > 0)


def hide_classes(table: pd.DataFrame) -> pd.DataFrame:
    """Add counts up by index class in tens, and hide what is small or would give it away.

    Examples
    --------
    >>> table = pd.DataFrame({"knocked": [90, 40], "reached": [60, 4], "index_class": ["80+", "0–40"]})
    >>> hide_classes(table)["reached"].tolist()
    [<NA>, <NA>]
    """
    sums = table.groupby("index_class")[list(COUNTED)].sum()
    return in_tens(_together(sums.apply(suppress), sums))


def hide_weeks(weeks: pd.DataFrame) -> pd.DataFrame:
    """Hide small counts of weeks, the others in tens; the running total, which tells them, is left out.

    Examples
    --------
    >>> weeks = pd.DataFrame({"knocked": [40, 30, 12], "reached": [40, 12, 3], "total": [40, 52, 55]})
    >>> hide_weeks(weeks)["reached"].tolist()
    [40, <NA>, <NA>]
    """
    counts = weeks[list(COUNTED)]
    return in_tens(_together(counts.apply(suppress), counts))


def _together(hidden: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Hide doors knocked on where those at which nobody spoke are few: their number is a small count too."""
    rest = (counts["knocked"] - counts["reached"]).map(is_small)
    if not rest.any():
        return hidden
    again = suppress(counts["knocked"].where(~rest, 1))
    return hidden.assign(knocked=hidden["knocked"].mask(again.isna()))
