"""The indicators of a tract: what each counts, of whom, from which source; official figures beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from geo.errors import CatalogError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.acs_indicators import EVERYONE, FROM_SURVEY, SVI, UNITS, Indicator
from geo.units import UNIT_TITLES, Unit, to_words

if TYPE_CHECKING:
    import pandas as pd


__all__ = [
    "INDICATORS",
    "SVI",
    "UNIT_TITLES",
    "Indicator",
    "Unit",
    "indicator_named",
    "indicators_of",
    "indicators_shown",
    "values_of",
]

COUNT_2020 = "pl94_blocks_2020"
"""The source of what was counted in 2020."""

SCREEN = "calenviroscreen"
"""The series of CalEnviroScreen."""

ESTIMATES = "hard_to_count_estimates"
_ALL: tuple[Indicator, ...] = (
    Indicator(
        "ca_htc_index",
        N_("California Hard-to-Count Index (2019)"),
        "points",
        N_("tracts with households; 0 to 136, higher is harder to count"),
        "ca_htc_index_2019",
        ranked=True,
        known="index_scored",
    ),
    Indicator(
        "ca_htc_estimate",
        N_("Estimated HTC index (modeled, not official)"),
        "points",
        N_("tracts with households; on the State's scale of 2019, learned from its index and ACS estimates"),
        SVI,
        datasets=(ESTIMATES,),
        moe="ca_htc_estimate_moe",
        beside="ca_htc_index",
    ),
    *FROM_SURVEY,
    Indicator(
        "ces_score",
        N_("CalEnviroScreen score"),
        "points",
        N_("tracts with enough people; 0 to 100, higher is more burdened"),
        "calenviroscreen_4",
        ranked=True,
    ),
    Indicator(
        "drinking_water_score",
        N_("Drinking water contaminants (CalEnviroScreen)"),
        "points",
        N_("tracts; sum of the contaminants' percentiles, higher is more contaminated"),
        "calenviroscreen_4",
        ranked=True,
    ),
    Indicator(
        "population_2020",
        N_("Population counted in 2020"),
        "people",
        EVERYONE,
        COUNT_2020,
        datasets=("tracts_2020",),
        higher_is="neutral",
    ),
    Indicator(
        "housing_units_2020",
        N_("Housing units counted in 2020"),
        "housing units",
        UNITS,
        COUNT_2020,
        datasets=("tracts_2020",),
        higher_is="neutral",
    ),
    Indicator(
        "share_vacant_2020",
        N_("Share of vacant units in 2020 (seasonal homes included)"),
        "share",
        UNITS,
        COUNT_2020,
        datasets=("tracts_2020",),
        higher_is="neutral",
        count="vacant_units_2020",
        base="housing_units_2020",
    ),
    Indicator(
        "share_no_self_response",
        N_("2020 Census non-self-response rate"),
        "share",
        N_("addresses asked to answer; seasonal homes and areas counted in person weigh in, no undercount"),
        "self_response_2020",
        datasets=("tracts_2020",),
    ),
    Indicator(
        "share_low_response",
        N_("Low Response Score of the Census Bureau"),
        "share",
        N_("households; those that a model expects not to answer a census by themselves"),
        "planning_database_2023",
        datasets=("tracts_2020",),
    ),
    Indicator(
        "share_self_response_internet",
        N_("Addresses that answered the 2020 Census on the internet"),
        "share",
        N_("addresses asked to answer"),
        "self_response_2020",
        datasets=("tracts_2020",),
        higher_is="neutral",
    ),
)
INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in _ALL}


def indicator_named(key: str) -> Indicator:
    """Return an indicator's declaration.

    Raises
    ------
    CatalogError
        There is none of that key.

    Examples
    --------
    >>> indicator_named("share_crowded").base
    'households'
    """
    if key not in INDICATORS:
        raise CatalogError(
            _("there is no indicator {key!r}").format(key=key),
            _("use one of {choices}").format(choices=", ".join(INDICATORS)),
        )
    return INDICATORS[key]


def indicators_of(dataset: str) -> Iterator[Indicator]:
    """List the indicators that a dataset has columns for.

    Examples
    --------
    >>> next(indicators_of("tracts_2010")).key
    'ca_htc_index'
    """
    return (indicator for indicator in _ALL if dataset in indicator.datasets)


def indicators_shown(dataset: str) -> Iterator[Indicator]:
    """List what can be shown of tracts: what their dataset has, and what is laid beside it.

    Examples
    --------
    >>> [item.key for item in indicators_shown("tracts_2010")][:2]
    ['ca_htc_index', 'ca_htc_estimate']
    """
    return (item for item in _ALL if dataset in item.datasets or ESTIMATES in item.datasets)


def values_of(frame: pd.DataFrame, indicator: Indicator) -> pd.Series[Any]:
    """Return an indicator's values; NA where they mean nothing (an index of 0 where nobody lives).

    Examples
    --------
    >>> import pandas as pd
    >>> tracts = pd.DataFrame({"ca_htc_index": [0.0, 34.0], "index_scored": [False, True]})
    >>> values_of(tracts, indicator_named("ca_htc_index")).tolist()
    [nan, 34.0]
    """
    values = frame[indicator.key]
    return values if indicator.known is None else values.where(frame[indicator.known].astype(bool))


def beside_to_words(indicator: Indicator, values: Mapping[Any, Any]) -> list[str]:
    """Write the official figure that stands beside an estimate of ours, as a line; none where none does.

    Parameters
    ----------
    values
        A tract's columns.

    Examples
    --------
    >>> from geo.tracts.indicators import indicator_named
    >>> tract = {"ca_htc_index": 95.0, "index_scored": True}
    >>> beside_to_words(indicator_named("ca_htc_estimate"), tract)
    ['California Hard-to-Count Index (2019): 95']
    >>> beside_to_words(indicator_named("poverty"), tract)
    []
    """
    official = INDICATORS.get(indicator.beside or "")
    if official is None or official.key not in values:
        return []
    known = official.known is None or bool(values[official.known])
    return [f"{_(official.title)}: {to_words(values[official.key] if known else None, official.unit)}"]


Frame = TypeVar("Frame", bound=pd.DataFrame)

(ESTIMATE,) = (item.key for item in indicators_of(ESTIMATES))
TAKEN = {
    ESTIMATE: "estimate",
    f"{ESTIMATE}_moe": "moe",
    f"{ESTIMATE}_from": "estimates_from",
    f"{ESTIMATE}_label": "label",
}
"""By the column of a tract: the column of :data:`COLUMNS` that it comes from."""


def with_estimates(tracts: Frame, estimates: pd.DataFrame, dataset: str) -> Frame:
    """Lay estimates, their margins (half of the 90 % interval), vintage and label beside tracts.

    A tract without an estimate has NA in all of them.

    Parameters
    ----------
    tracts
        With ``geoid``.
    estimates
        The dataset ``hard_to_count_estimates``.
    dataset
        Which tracts they are: ``tracts_2010`` or ``tracts_2020``.

    Examples
    --------
    >>> tracts = pd.DataFrame({"geoid": ["06065045303", "06065940400"]})
    >>> row = {"tracts": "tracts_2010", "geoid": "06065045303", "estimate": 95.0, "moe": 12.0}
    >>> row |= {"estimates_from": "2014-2018", "label": "our estimate"}
    >>> with_estimates(tracts, pd.DataFrame([row]), "tracts_2010")["ca_htc_estimate_moe"].tolist()
    [12.0, nan]
    """
    ours = estimates[estimates["tracts"] == dataset].set_index("geoid").reindex(tracts["geoid"].astype(str))
    label = ours["label"].where(ours["estimate"].notna())
    found = ours.assign(label=label).set_index(tracts.index)
    return tracts.assign(**{name: found[column] for name, column in TAKEN.items()})
