"""The indicators of a tract: what each one counts, of whom, from which source.

Declared once; maps, tables, downloads and the documentation iterate them. Imports no dataframe library.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from geo.errors import CatalogError
from geo.indicator import UNIT_TITLES, HigherIs, Indicator, Unit
from geo.language import mark as N_

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "INDICATORS",
    "UNIT_TITLES",
    "Indicator",
    "Unit",
    "indicator_named",
    "indicators_of",
    "indicators_shown",
    "values_of",
]

SVI = "acs_svi_2018"
ESTIMATES = "hard_to_count_estimates"
_EVERYONE = N_("everybody who lives there")
_HOUSEHOLDS = N_("households")
_UNITS = N_("housing units, vacant ones included")
_POVERTY = N_("persons whose poverty status is known")
_LABOUR = N_("civilians aged 16 and over who work or look for work")
_CIVILIANS = N_("civilians who do not live in institutions")
_AGED_25 = N_("persons aged 25 and over")
_AGED_5 = N_("persons aged 5 and over (the State's index counts households)")
_CROWDED = N_("occupied housing units")
_LARGE = N_("housing units (the State's index counts buildings of 3 and more units)")


def _both(
    stem: str,
    titles: tuple[str, str],
    unit: Unit,
    universe: str,
    base: str | None,
    *,
    share: str | None = None,
    higher_is: HigherIs = "need",
) -> tuple[Indicator, Indicator]:
    """Declare a count and its share."""
    name = f"share_{share or stem}"
    count = Indicator(stem, titles[0], unit, universe, SVI, moe=f"{stem}_moe", higher_is=higher_is)
    return count, Indicator(
        name,
        titles[1],
        "share",
        universe,
        SVI,
        moe=f"{name}_moe",
        higher_is=higher_is,
        count=stem,
        base=base,
        ranked=True,
    )


def _plain(key: str, title: str, unit: Unit, universe: str) -> Indicator:
    """Declare a count of which there is no share."""
    return Indicator(key, title, unit, universe, SVI, moe=f"{key}_moe", higher_is="neutral")


_ALL: tuple[Indicator, ...] = (
    Indicator(
        "ca_htc_index",
        N_("Hard-to-count index of the State (2019)"),
        "points",
        N_("tracts with households; 0 to 136, higher is harder to count"),
        "ca_htc_index_2019",
        ranked=True,
        known="index_scored",
    ),
    Indicator(
        "ca_htc_estimate",
        N_("Hard-to-count index, our estimate (not the State's)"),
        "points",
        N_("tracts with households; on the State's scale of 2019, learned from its index and ACS estimates"),
        SVI,
        datasets=(ESTIMATES,),
        moe="ca_htc_estimate_moe",
        beside="ca_htc_index",
    ),
    _plain("population", N_("Population"), "people", _EVERYONE),
    _plain("households", N_("Households"), "households", _HOUSEHOLDS),
    _plain("housing_units", N_("Housing units"), "housing units", _UNITS),
    *_both("poverty", (N_("People in poverty"), N_("Share in poverty")), "people", _POVERTY, None),
    *_both("unemployed", (N_("Unemployed"), N_("Share unemployed")), "people", _LABOUR, None),
    *_both(
        "uninsured",
        (N_("Without health insurance"), N_("Share without health insurance")),
        "people",
        _CIVILIANS,
        None,
    ),
    *_both(
        "no_high_school",
        (N_("Adults without a high-school diploma"), N_("Share of adults without a high-school diploma")),
        "people",
        _AGED_25,
        None,
    ),
    *_both(
        "limited_english_persons",
        (N_("People who speak English less than well"), N_("Share who speak English less than well")),
        "people",
        _AGED_5,
        None,
        share="limited_english",
    ),
    *_both(
        "no_vehicle_households",
        (N_("Households without a vehicle"), N_("Share of households without a vehicle")),
        "households",
        _HOUSEHOLDS,
        "households",
        share="no_vehicle",
    ),
    *_both(
        "crowded_units",
        (N_("Crowded units (more people than rooms)"), N_("Share of crowded units")),
        "housing units",
        _CROWDED,
        "households",
        share="crowded",
    ),
    *_both(
        "units_in_large_buildings",
        (N_("Units in buildings of 10 and more"), N_("Share of units in buildings of 10 and more")),
        "housing units",
        _LARGE,
        "housing_units",
        share="large_buildings",
    ),
    *_both(
        "mobile_homes",
        (N_("Mobile homes"), N_("Share of mobile homes")),
        "housing units",
        _UNITS,
        "housing_units",
    ),
    *_both(
        "single_parent_households",
        (N_("Single-parent households"), N_("Share of single-parent households")),
        "households",
        _HOUSEHOLDS,
        "households",
        share="single_parent",
    ),
    *_both(
        "disabled",
        (N_("People with a disability"), N_("Share with a disability")),
        "people",
        _CIVILIANS,
        None,
    ),
    *_both(
        "aged_65_and_over",
        (N_("People aged 65 and over"), N_("Share aged 65 and over")),
        "people",
        _EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "aged_17_and_under",
        (N_("People aged 17 and under"), N_("Share aged 17 and under")),
        "people",
        _EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "minority",
        (N_("People other than white, not Hispanic"), N_("Share other than white, not Hispanic")),
        "people",
        _EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "group_quarters_persons",
        (N_("People in group quarters"), N_("Share in group quarters (prisons, barracks, dormitories)")),
        "people",
        _EVERYONE,
        "population",
        share="group_quarters",
        higher_is="neutral",
    ),
    Indicator(
        "income_per_capita_usd",
        N_("Income per person and year"),
        "USD",
        _EVERYONE,
        SVI,
        moe="income_per_capita_usd_moe",
        higher_is="neutral",
        ranked=True,
    ),
    Indicator(
        "ces_score",
        N_("CalEnviroScreen 4.0 score"),
        "points",
        N_("tracts with enough people; 0 to 100, higher is more burdened"),
        "calenviroscreen_4",
        ranked=True,
    ),
    Indicator(
        "drinking_water_score",
        N_("Drinking water contaminants (CalEnviroScreen 4.0)"),
        "points",
        N_("tracts; sum of the contaminants' percentiles, higher is more contaminated"),
        "calenviroscreen_4",
        ranked=True,
    ),
    Indicator(
        "population_2020",
        N_("Population counted in 2020"),
        "people",
        _EVERYONE,
        "pl94_blocks_2020",
        datasets=("tracts_2020",),
        higher_is="neutral",
    ),
    Indicator(
        "housing_units_2020",
        N_("Housing units counted in 2020"),
        "housing units",
        _UNITS,
        "pl94_blocks_2020",
        datasets=("tracts_2020",),
        higher_is="neutral",
    ),
    Indicator(
        "share_vacant_2020",
        N_("Share of vacant units in 2020 (seasonal homes included)"),
        "share",
        _UNITS,
        "pl94_blocks_2020",
        datasets=("tracts_2020",),
        higher_is="neutral",
        count="vacant_units_2020",
        base="housing_units_2020",
    ),
    Indicator(
        "share_no_self_response",
        N_("Addresses that did not answer the 2020 Census by themselves"),
        "share",
        N_("addresses asked to answer; seasonal homes and areas counted in person weigh in, no undercount"),
        "self_response_2020",
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
        raise CatalogError(f"there is no indicator {key!r}", f"use one of {', '.join(INDICATORS)}")
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
