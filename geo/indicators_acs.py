"""The indicators that the American Community Survey gives for 2010 tracts, each with its margin of error.

Declared once, see :mod:`geo.indicators`. Imports no dataframe library.
"""

from __future__ import annotations

from geo.indicator import HigherIs, Indicator, Unit
from geo.language import mark as N_

SVI = "acs_svi_2018"
EVERYONE = N_("everybody who lives there")
HOUSEHOLDS = N_("households")
UNITS = N_("housing units, vacant ones included")
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


FROM_SURVEY: tuple[Indicator, ...] = (
    _plain("population", N_("Population"), "people", EVERYONE),
    _plain("households", N_("Households"), "households", HOUSEHOLDS),
    _plain("housing_units", N_("Housing units"), "housing units", UNITS),
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
        HOUSEHOLDS,
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
        UNITS,
        "housing_units",
    ),
    *_both(
        "single_parent_households",
        (N_("Single-parent households"), N_("Share of single-parent households")),
        "households",
        HOUSEHOLDS,
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
        EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "aged_17_and_under",
        (N_("People aged 17 and under"), N_("Share aged 17 and under")),
        "people",
        EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "minority",
        (N_("People other than white, not Hispanic"), N_("Share other than white, not Hispanic")),
        "people",
        EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "group_quarters_persons",
        (N_("People in group quarters"), N_("Share in group quarters (prisons, barracks, dormitories)")),
        "people",
        EVERYONE,
        "population",
        share="group_quarters",
        higher_is="neutral",
    ),
    Indicator(
        "income_per_capita_usd",
        N_("Income per person and year"),
        "USD",
        EVERYONE,
        SVI,
        moe="income_per_capita_usd_moe",
        higher_is="neutral",
        ranked=True,
    ),
)
