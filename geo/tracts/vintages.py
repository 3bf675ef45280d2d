"""Vintages of figures of tracts: their years, and which one a figure is of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from geo.tracts.acs_indicators import FROM_SURVEY, SERIES, SVI, UNIVERSES, Indicator
from geo.units import is_missing

PERIOD = re.compile(r"(\d{4})-(\d{4})")


def years_of(vintage: str) -> tuple[int, int] | None:
    """Read the first and the last year of a survey's period out of a vintage; None where it names none.

    Examples
    --------
    >>> years_of("2020-2024, 2020 tracts"), years_of("2021-10, 2010 tracts")
    ((2020, 2024), None)
    """
    found = PERIOD.search(vintage)
    return (int(found[1]), int(found[2])) if found else None


def last_year(vintage: str) -> int:
    """Last year that a vintage speaks of; 0 where it names none.

    Examples
    --------
    >>> last_year("2020-2024, 2020 tracts"), last_year("current")
    (2024, 0)
    """
    years = years_of(vintage)
    return years[1] if years else 0


class Survey(NamedTuple):
    """One vintage of the survey: the key of its source, and its vintage as that declares it."""

    source: str
    vintage: str


OF_PLACES = "acs_5year_places"
"""Series of the survey's own figures of places."""

OF_2010 = Survey(SVI, "2014-2018, 2010 tracts")
"""What the figures of 2010 tracts are of."""

_TOLD = ("population", "households", "no_vehicle_households")
TOLD_OF_AREAS = frozenset((*_TOLD, *(name for pair in UNIVERSES.values() for name in pair)))
"""Indicators of tracts from which it is told who lives in an area."""


def survey_of(tracts: pd.DataFrame) -> Survey | None:
    """Name the vintage that tracts have figures of their own from; None where some are carried over.

    Parameters
    ----------
    tracts
        The dataset ``tracts_2010`` or ``tracts_2020``, which names its sources in ``direct_sources``,
        ``estimates_from`` and ``carried``.

    Examples
    --------
    >>> survey_of(pd.DataFrame({"geoid": ["06065045303"]})).vintage
    '2014-2018, 2010 tracts'
    >>> origin = {"direct_sources": ["calenviroscreen_5 acs_5year_2024"], "carried": ["ca_htc_index"]}
    >>> survey_of(pd.DataFrame(origin | {"estimates_from": ["2020-2024, 2020 tracts"]})).source
    'acs_5year_2024'
    >>> index = {"direct_sources": ["acs_svi_2022"], "carried": ["poverty"], "estimates_from": ["2018-2022"]}
    >>> survey_of(pd.DataFrame(index)) is None
    True
    """
    if "direct_sources" not in tracts:
        return OF_2010
    if tracts.empty:
        return None
    direct, carried, vintage = (
        str(tracts[name].iloc[0]) for name in ("direct_sources", "carried", "estimates_from")
    )
    source = next((key for key in direct.split() if _series(key) in SERIES), "")
    return Survey(source, vintage) if source and TOLD_OF_AREAS.isdisjoint(carried.split()) else None


def is_survey(source: str) -> bool:
    """Whether a source's key is that of a vintage of the survey, of tracts or of places.

    Examples
    --------
    >>> is_survey("acs_5year_places_2024"), is_survey("ca_htc_index_2019")
    (True, False)
    """
    return _series(source) in (*SERIES, OF_PLACES)


def period_words(vintage: Any) -> str:
    """Write the years of a survey's vintage; empty where it names none, or is missing.

    Examples
    --------
    >>> period_words("2020-2024, 2020 tracts"), period_words(None)
    ('2020\N{EN DASH}2024', '')
    """
    years = None if is_missing(vintage) else years_of(str(vintage))
    return f"{years[0]}\N{EN DASH}{years[1]}" if years else ""


def source_of(item: Indicator, row: Mapping[Any, Any]) -> str:
    """Key of the source of a tract's indicator.

    Parameters
    ----------
    row
        A tract's columns: of 2020 tracts ``direct_sources`` names the vintages whose figures are their own,
        and ``carried`` the indicators that were carried over from 2010 tracts.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> row = {"direct_sources": "acs_5year_2024 calenviroscreen_5", "carried": "ca_htc_index"}
    >>> [source_of(indicator_named(key), row) for key in ("poverty", "ces_score", "ca_htc_index")]
    ['acs_5year_2024', 'calenviroscreen_5', 'ca_htc_index_2019']
    """
    if is_carried(item, row) or is_missing(row.get("direct_sources")):
        return item.source
    own = _series(item.source)
    wanted = SERIES if own in SERIES else (own,)
    direct = str(row["direct_sources"]).split()
    return next((key for key in direct if _series(key) in wanted), item.source)


def is_carried(item: Indicator, row: Mapping[Any, Any]) -> bool:
    """Whether a tract's indicator was carried over from 2010 tracts.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> is_carried(indicator_named("ca_htc_index"), {"carried": "ca_htc_index ces_score"})
    True
    >>> is_carried(indicator_named("poverty"), {"poverty": 90.0})
    False
    """
    carried = row.get("carried")
    return not is_missing(carried) and item.key in str(carried).split()


def is_ranked(item: Indicator, frame: pd.DataFrame) -> bool:
    """Whether tracts may be ranked by an indicator: not by a score that was carried over to them.

    A mean of scores is no score: a tract that was split would stand as high as its whole.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> tracts = pd.DataFrame({"ca_htc_index": [60.0], "carried": ["ca_htc_index poverty"]})
    >>> is_ranked(indicator_named("ca_htc_index"), tracts)
    False
    """
    if not item.ranked or frame.empty:
        return item.ranked
    first = {"carried": frame["carried"].iloc[0]} if "carried" in frame else {}
    return item.unit != "points" or not is_carried(item, first)


COLUMNS = ("geoid", "variable", "source", "vintage", "estimate", "moe", "carried_from", "same_tract")
"""The dataset ``tract_vintages``: one row a 2020 tract, indicator and vintage.

``estimate`` in the indicator's unit with its ``moe`` (90 %); ``source``, the vintage's key; ``carried_from``,
the 2010 tracts that it was carried over from, missing where it is the tract's own; ``same_tract``, whether
the tract is the one that was surveyed.
"""


def to_long(
    figures: pd.DataFrame,
    source: str,
    vintage: str,
    carried_from: pd.Series[str] | None = None,
    same_tract: pd.Series[bool] | None = None,
) -> pd.DataFrame:
    """Lay out a vintage's indicators a row each, without those that are missing.

    Parameters
    ----------
    figures
        Indicators of the survey with their margins, on GEOIDs.
    carried_from, same_tract
        On the same GEOIDs, where the figures were carried over; None where they are the tracts' own.

    Examples
    --------
    >>> figures = pd.DataFrame({"poverty": [90.0], "poverty_moe": [30.0]}, index=["06065045303"])
    >>> to_long(figures, "acs_svi_2022", "2018-2022")[["variable", "estimate", "same_tract"]].values.tolist()
    [['poverty', 90.0, True]]
    """
    origin = pd.Series(pd.NA, figures.index, dtype="string") if carried_from is None else carried_from
    same = pd.Series(True, figures.index) if same_tract is None else same_tract
    parts = [
        pd.DataFrame(
            {
                "geoid": figures.index.astype("string"),
                "variable": item.key,
                "source": source,
                "vintage": vintage,
                "estimate": figures[item.key].to_numpy(),
                "moe": figures[item.moe].to_numpy(),
                "carried_from": origin.to_numpy(),
                "same_tract": same.to_numpy(),
            }
        )
        for item in FROM_SURVEY
        if item.key in figures and item.moe in figures
    ]
    frame = pd.concat(parts, ignore_index=True)
    words = dict.fromkeys(("geoid", "variable", "source", "vintage", "carried_from"), "string")
    kinds = {**words, "estimate": "Float64", "moe": "Float64", "same_tract": "boolean"}
    return frame.dropna(subset=["estimate"]).astype(kinds)[list(COLUMNS)]


COMPARABLE = tuple(item.key for item in FROM_SURVEY if item.unit != "USD" and "single_parent" not in item.key)
"""Indicators that mean the same in every vintage: dollars are each year's own, and since 2019 single parents
are those without spouse or partner, before it those without spouse."""


def years_shared(first: str, second: str) -> float:
    """Share of a period's years that another has, too (0 to 1), as part of both samples is then the same.

    Examples
    --------
    >>> years_shared("2018-2022, 2020 tracts", "2020-2024, 2020 tracts")
    0.6
    >>> years_shared("2014-2018", "2020-2024"), years_shared("2014-2018", "current")
    (0.0, 0.0)
    """
    ours, theirs = years_of(first), years_of(second)
    if ours is None or theirs is None:
        return 0.0
    shared = min(ours[1], theirs[1]) - max(ours[0], theirs[0]) + 1
    return max(shared, 0) / (ours[1] - ours[0] + 1)


def _series(key: str) -> str:
    """Name the series of a vintage's key."""
    return key.rpartition("_")[0]
