"""What an indicator is, and those of the American Community Survey, each with its margin of error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from geo.language import mark as N_
from geo.methods.margins import proportion, sum_estimates
from geo.units import Unit

HigherIs = Literal["need", "neutral"]

BOTH = ("tracts_2010", "tracts_2020")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column that is worth a map.

    Attributes
    ----------
    key
        The column.
    title, universe
        In words, marked for translation: what it is, and of whom or what it is counted.
    unit
        A ``share`` lies between 0 and 1; titles of units stand in :data:`UNIT_TITLES`.
    source
        Key of the source in the catalog, as it feeds 2010 tracts.
    datasets
        The datasets that have the column.
    moe
        Column of its margin of error (90 %); None where it has none.
    higher_is
        Whether more of it means that an area needs more attention.
    count
        For a share: column of the count that it is made from.
    base
        For a share: column of its universe's count; None where the source does not give it.
    ranked
        Whether there are ``<key>_state_percentile`` and ``<key>_region_rank`` columns on 2010 tracts.
    known
        Column that must be true for a value to mean anything; :func:`geo.tracts.indicators.values_of` heeds
        it.
    beside
        Key of the official indicator that always stands beside this one, where this one is our estimate.
    """

    key: str
    title: str
    unit: Unit
    universe: str
    source: str
    datasets: tuple[str, ...] = BOTH
    moe: str | None = None
    higher_is: HigherIs = "need"
    count: str | None = None
    base: str | None = None
    ranked: bool = False
    known: str | None = None
    beside: str | None = None

    @property
    def percentile(self) -> str | None:
        """Column that says which share of the state's tracts has a value that is lower or equal."""
        return f"{self.key}_state_percentile" if self.ranked else None

    @property
    def rank(self) -> str | None:
        """Column of the rank among the region's tracts: 1 is the highest value."""
        return f"{self.key}_region_rank" if self.ranked else None


SVI = "acs_svi_2018"
EVERYONE = N_("everybody who lives there")
HOUSEHOLDS = N_("households")
UNITS = N_("housing units, vacant ones included")
_POVERTY = N_("persons whose poverty status is known")
_LABOR = N_("civilians aged 16 and over who work or look for work")
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
    *_both("poverty", (N_("People in poverty"), N_("Poverty rate")), "people", _POVERTY, None),
    *_both("unemployed", (N_("Unemployed"), N_("Unemployment rate")), "people", _LABOR, None),
    *_both(
        "uninsured",
        (N_("Without health insurance"), N_("Percent uninsured")),
        "people",
        _CIVILIANS,
        None,
    ),
    *_both(
        "no_high_school",
        (N_("Adults without a high school diploma"), N_("Percent of adults without a high school diploma")),
        "people",
        _AGED_25,
        None,
    ),
    *_both(
        "limited_english_persons",
        (
            N_('People 5+ who speak English less than "well"'),
            N_('Percent 5+ who speak English less than "well"'),
        ),
        "people",
        _AGED_5,
        None,
        share="limited_english",
    ),
    *_both(
        "no_vehicle_households",
        (N_("Households without a vehicle"), N_("Percent of households without a vehicle")),
        "households",
        HOUSEHOLDS,
        "households",
        share="no_vehicle",
    ),
    *_both(
        "crowded_units",
        (N_("Crowded housing units (more people than rooms)"), N_("Percent of crowded housing units")),
        "housing units",
        _CROWDED,
        "households",
        share="crowded",
    ),
    *_both(
        "units_in_large_buildings",
        (
            N_("Housing units in buildings with 10+ units"),
            N_("Percent of housing units in buildings with 10+ units"),
        ),
        "housing units",
        _LARGE,
        "housing_units",
        share="large_buildings",
    ),
    *_both(
        "mobile_homes",
        (N_("Mobile homes"), N_("Percent mobile homes")),
        "housing units",
        UNITS,
        "housing_units",
    ),
    *_both(
        "single_parent_households",
        (N_("Single-parent households"), N_("Percent single-parent households")),
        "households",
        HOUSEHOLDS,
        "households",
        share="single_parent",
    ),
    *_both(
        "disabled",
        (N_("People with a disability"), N_("Percent with a disability")),
        "people",
        _CIVILIANS,
        None,
    ),
    *_both(
        "aged_65_and_over",
        (N_("People aged 65 and over"), N_("Percent aged 65 and over")),
        "people",
        EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "aged_17_and_under",
        (N_("People aged 17 and under"), N_("Percent aged 17 and under")),
        "people",
        EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "minority",
        (
            N_("People of color (all except non-Hispanic White)"),
            N_("Percent people of color (all except non-Hispanic White)"),
        ),
        "people",
        EVERYONE,
        "population",
        higher_is="neutral",
    ),
    *_both(
        "group_quarters_persons",
        (N_("People in group quarters"), N_("Percent in group quarters (prisons, barracks, dormitories)")),
        "people",
        EVERYONE,
        "population",
        share="group_quarters",
        higher_is="neutral",
    ),
    Indicator(
        "income_per_capita_usd",
        N_("Per capita income"),
        "USD",
        EVERYONE,
        SVI,
        moe="income_per_capita_usd_moe",
        higher_is="neutral",
        ranked=True,
    ),
)


CELLS: Mapping[str, tuple[str, ...]] = {
    "population": ("population",),
    "households": ("households",),
    "housing_units": ("housing_units",),
    "poverty": ("poverty",),
    "unemployed": ("unemployed",),
    "no_high_school": ("no_high_school",),
    "no_vehicle_households": ("no_vehicle_households",),
    "income_per_capita_usd": ("income_per_capita_usd",),
    "uninsured": (
        "uninsured_under_19",
        "uninsured_19_to_34",
        "uninsured_35_to_64",
        "uninsured_65_and_over",
    ),
    "crowded_units": (
        "crowded_owner_1_to_1_5",
        "crowded_owner_1_5_to_2",
        "crowded_owner_over_2",
        "crowded_renter_1_to_1_5",
        "crowded_renter_1_5_to_2",
        "crowded_renter_over_2",
    ),
    "units_in_large_buildings": ("units_in_10_to_19", "units_in_20_to_49", "units_in_50_and_more"),
    "mobile_homes": ("mobile_homes",),
}
"""Our indicator, and the cells of the tables that it is the sum of."""

SHARES: Mapping[str, tuple[str, str]] = {
    "share_poverty": ("poverty", "poverty_universe"),
    "share_unemployed": ("unemployed", "labor_force"),
    "share_uninsured": ("uninsured", "uninsured_universe"),
    "share_no_high_school": ("no_high_school", "aged_25_and_over"),
    "share_no_vehicle": ("no_vehicle_households", "households"),
    "share_crowded": ("crowded_units", "households"),
    "share_large_buildings": ("units_in_large_buildings", "housing_units"),
    "share_mobile_homes": ("mobile_homes", "housing_units"),
}
"""Our share, its count and its universe."""


def to_indicators(acs: pd.DataFrame) -> pd.DataFrame:
    """Sum the cells of ACS tables into our indicators, each with its margin.

    Parameters
    ----------
    acs
        The source ``acs_5year`` with our columns: ``geoid``, cells and their ``_moe``.

    Returns
    -------
    pandas.DataFrame
        On ``geoid``: counts of :data:`CELLS` and shares of :data:`SHARES` (0 to 1), each with ``_moe``. One
        missing cell makes a sum missing.
    """
    table = acs.set_index("geoid")
    columns: dict[str, pd.Series[float]] = {}
    for name, cells in CELLS.items():
        margins = table[[f"{cell}_moe" for cell in cells]]
        columns[name], columns[f"{name}_moe"] = sum_estimates(table[list(cells)], margins)
    counts = table.drop(columns=[name for name in columns if name in table]).join(pd.DataFrame(columns))
    for name, (part, whole) in SHARES.items():
        parts = (counts[part], counts[f"{part}_moe"], counts[whole], counts[f"{whole}_moe"])
        columns[name], columns[f"{name}_moe"] = proportion(*parts)
    return pd.DataFrame(columns).astype("Float64")
