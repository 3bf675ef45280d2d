"""Tables beside the map, ready to be shown: the same values that the map shades, in the unit it shows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.methods.margins import reliability
from geo.tracts.indicators import INDICATORS, Indicator, values_of
from geo.tracts.names import tract_title
from geo.units import RELIABILITY_TITLES, factor_of, is_missing

VALUE, MARGIN = "value", "margin"


def indicator_table(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Put an indicator's values beside their tracts, highest first.

    Returns
    -------
    DataFrame
        ``geoid``, ``tract``, ``value`` and ``margin`` (a share in percent), ``reliability`` in words,
        ``official``, the State's own figure beside an estimate of ours, ``state_percent`` (share of the
        state's tracts at or below, in percent), ``rank``.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> tracts = {"geoid": ["06065045303"], "share_poverty": [0.25], "share_poverty_moe": [0.05]}
    >>> indicator_table(pd.DataFrame(tracts), indicator_named("share_poverty"))["value"].tolist()
    [25.0]
    """
    values, factor = values_of(frame, indicator), factor_of(indicator.unit)
    table = pd.DataFrame({"geoid": frame["geoid"], "tract": [tract_title(item) for item in frame["geoid"]]})
    table[VALUE] = pd.to_numeric(values).astype("Float64") * factor
    if indicator.moe and indicator.moe in frame:
        table[MARGIN] = frame[indicator.moe].astype("Float64") * factor
        table["reliability"] = _in_words(reliability(values, frame[indicator.moe]))
    if indicator.beside and indicator.beside in frame:
        table["official"] = values_of(frame, INDICATORS[indicator.beside])
    if indicator.percentile and indicator.percentile in frame:
        table["state_percent"] = frame[indicator.percentile].astype("Float64") * 100
    if indicator.rank and indicator.rank in frame:
        table["rank"] = frame[indicator.rank]
    return table.sort_values(VALUE, ascending=False, ignore_index=True, kind="stable")


def ranked_table(frame: pd.DataFrame, indicator: Indicator, ranked: pd.DataFrame) -> pd.DataFrame:
    """Put beside an indicator's values how sure their rank is, highest first.

    Parameters
    ----------
    ranked
        On GEOIDs, as :func:`geo.tracts.comparison.rank_indicator` returns it.

    Returns
    -------
    DataFrame
        ``geoid``, ``tract``, ``value`` and ``margin``; ``sure`` in words and ``chance`` in percent of
        being among the highest; ``rank_low`` and ``rank_high``, between which the rank lies (90 %);
        ``alike``, the number of the group in which no two can be told apart; the official figure where
        one stands beside it.

    Examples
    --------
    >>> from geo.tracts.comparison import rank_indicator
    >>> from geo.tracts.indicators import indicator_named
    >>> frame = pd.DataFrame({"geoid": ["06065045303", "06065045304"], "share_poverty": [0.9, 0.1]})
    >>> frame["share_poverty_moe"] = 0.05
    >>> poverty = indicator_named("share_poverty")
    >>> ranked_table(frame, poverty, rank_indicator(frame, poverty, 50))["sure"].tolist()
    ['surely', 'surely not']
    """
    table = indicator_table(frame, indicator)
    found = ranked.reindex(table["geoid"].astype(str)).reset_index(drop=True)
    words = ["" if is_missing(name) else _(str(name)) for name in found["class"]]
    table = table.assign(
        sure=words,
        chance=found["probability"].astype("Float64") * 100,
        rank_low=found["rank_low"],
        rank_high=found["rank_high"],
        alike=found["group"],
    )
    columns = [
        "geoid",
        "tract",
        VALUE,
        MARGIN,
        "sure",
        "chance",
        "rank_low",
        "rank_high",
        "alike",
        "official",
    ]
    return table[[name for name in columns if name in table]]


def systems_table(frame: pd.DataFrame) -> pd.DataFrame:
    """List water systems by their public name, those without a place too."""
    columns = ["pwsid", "public_name", "community", "safer_status", "population", "connections"]
    further = [name for name in ("population_estimated", "location_quality", "role") if name in frame]
    return pd.DataFrame(frame[[*columns, *further]]).sort_values("public_name", ignore_index=True)


def _in_words(classes: pd.Series[Any]) -> list[str]:
    return [_(RELIABILITY_TITLES[name]) if name in RELIABILITY_TITLES else "" for name in classes]
