"""What an indicator is, and those of the American Community Survey, each with its margin of error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.language import mark as N_
from geo.methods.margins import Estimate, proportion, sum_estimates, to_floats
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
SERIES = ("acs_5year", "acs_svi")
"""Series of the survey's estimates by tract, the Census Bureau's own tables first."""

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


def _ages(ends: tuple[str, ...], *stems: str) -> tuple[str, ...]:
    return tuple(f"{stem}_{end}" for stem in stems for end in ends)


_OLD = ("65_and_66", "67_to_69", "70_to_74", "75_to_79", "80_to_84", "85_and_over")
_BANDS = ("under_5", "5_to_17", "18_to_34", "35_to_64", "65_to_74", "75_and_over")
_TONGUES = ("spanish", "indo_european", "asian", "other")
_BIRTHS = ("native", "foreign_born")
CELLS: Mapping[str, tuple[str, ...]] = {
    **{
        name: (name,)
        for name in (
            "population",
            "households",
            "housing_units",
            "poverty",
            "unemployed",
            "no_high_school",
            "no_vehicle_households",
            "income_per_capita_usd",
            "mobile_homes",
            "aged_17_and_under",
            "group_quarters_persons",
        )
    },
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
    "aged_65_and_over": _ages(_OLD, "male", "female"),
    "disabled": _ages(_BANDS, "disabled_male", "disabled_female"),
    "limited_english_persons": tuple(
        f"{birth}_{tongue}_english_{how}"
        for birth in _BIRTHS
        for tongue in _TONGUES
        for how in ("not_well", "not_at_all")
    ),
    "single_parent_households": ("single_female_parents", "single_male_parents"),
    "minority": tuple(
        f"minority_{group}"
        for group in (
            "black",
            "native_american",
            "asian",
            "pacific_islander",
            "other_race",
            "several_races",
            "hispanic",
        )
    ),
}
"""Our indicator, and the cells of the tables that it is the sum of."""

SHARES: Mapping[str, tuple[str, str]] = {
    "share_poverty": ("poverty", "poverty_universe"),
    "share_unemployed": ("unemployed", "labor_force"),
    "share_uninsured": ("uninsured", "uninsured_universe"),
    "share_no_high_school": ("no_high_school", "aged_25_and_over"),
    "share_limited_english": ("limited_english_persons", "aged_5_and_over"),
    "share_disabled": ("disabled", "disability_universe"),
    **{item.key: (item.count, item.base) for item in FROM_SURVEY if item.count and item.base},
}
"""Our share, its count and its universe."""


def to_indicators(survey: pd.DataFrame) -> pd.DataFrame:
    """Turn a table of the survey into our indicators, each with its margin.

    Parameters
    ----------
    survey
        A vintage of the source ``acs_5year`` or ``acs_svi`` with our columns: ``geoid``, then counts or the
        cells that they are the sum of, universes or published percentages, each with its ``_moe``.

    Returns
    -------
    pandas.DataFrame
        On ``geoid``: what the table has of counts and of shares (0 to 1), each with ``_moe``. One missing
        cell makes a sum missing. A share is computed with the margin of a proportion where its universe is
        known, else it is the published percentage, which is missing where it has no margin.

    Examples
    --------
    >>> cells = {"geoid": ["06065045303"], "population": [900.0], "population_moe": [90.0]}
    >>> to_indicators(pd.DataFrame(cells)).columns.tolist()
    ['population', 'population_moe']
    """
    table = survey.set_index("geoid")
    columns: dict[str, pd.Series[float]] = {}
    for name, cells in CELLS.items():
        ours = (name,) if name in table else cells
        if all(cell in table for cell in ours):
            margins = table[[f"{cell}_moe" for cell in ours]]
            columns[name], columns[f"{name}_moe"] = sum_estimates(table[list(ours)], margins)
    counts = table.drop(columns=[name for name in columns if name in table]).join(pd.DataFrame(columns))
    for name, (part, whole) in SHARES.items():
        if found := share_of(counts, name, part, whole):
            columns[name], columns[f"{name}_moe"] = found
    return pd.DataFrame(columns, index=table.index).astype("Float64")


CONTROLLED = ("population", "housing_units")
"""What the survey of a whole county is held to the Census Bureau's own estimates of."""


def sum_of_counties(tracts: pd.DataFrame, name: str) -> Estimate:
    """Sum a count over all tracts of a county, or of several, with the margin (90 %) of the sum.

    People and housing units of a county have no sampling error, as the Bureau controls the survey to its own
    estimates of them (*ACS General Handbook*, chapter 7): the roots of their tracts' squares are none of the
    county's. A tract without an estimate is left out; where one is, no total is controlled.

    Parameters
    ----------
    tracts
        With the count, and ``<name>_moe`` where it has a margin.

    Examples
    --------
    >>> counts = {"population": [100.0, 200.0], "population_moe": [30.0, 40.0]}
    >>> tracts = pd.DataFrame(counts | {"households": [60.0, 90.0], "households_moe": [3.0, 4.0]})
    >>> sum_of_counties(tracts, "population"), sum_of_counties(tracts, "households").moe
    (Estimate(estimate=300.0, moe=0.0), 5.0)
    """
    known = tracts[tracts[name].notna()]
    has_margin = f"{name}_moe" in tracts
    margins = known[f"{name}_moe"] if has_margin else pd.Series(0.0, index=known.index)
    total = sum_estimates(known[name], margins)
    is_controlled = name in CONTROLLED and 0 < len(known) == len(tracts)
    return Estimate(total.estimate, 0.0) if is_controlled else total


UNIVERSES: Mapping[str, tuple[str, str]] = {
    "poverty_universe": ("poverty", "share_poverty"),
    "uninsured_universe": ("uninsured", "share_uninsured"),
    "aged_5_and_over": ("limited_english_persons", "share_limited_english"),
}
"""Universes whose counts the packed tables leave out: the count and the share that they follow from."""

Frame = TypeVar("Frame", bound=pd.DataFrame)


def with_universes(tracts: Frame) -> Frame:
    """Lay beside tracts the universes of their shares, each with its margin.

    A universe is the count divided by its published share, and no more than everybody as far as the rounding
    of the share allows. Where the share is 0,
    or so small that its rounding would decide, it has the part of everybody that it has in the other tracts
    together; where there is no share though somebody was counted, it is missing. Its margin is the one with
    which a proportion has the published margin, between 0 and that of everybody.

    Parameters
    ----------
    tracts
        With ``population``, counts and shares (0 to 1), each with ``_moe``; what lacks is left out.

    Examples
    --------
    >>> tracts = {"population": [1000.0, 500.0, 80.0], "population_moe": [90.0, 50.0, 20.0]}
    >>> tracts |= {"poverty": [190.0, 0.0, 0.0], "poverty_moe": [60.0, 12.0, 12.0]}
    >>> tracts |= {"share_poverty": [0.2, 0.0, None], "share_poverty_moe": [0.06, 0.02, None]}
    >>> with_universes(pd.DataFrame(tracts))["poverty_universe"].tolist()
    [950.0, 475.0, 0.0]
    """
    if "population" not in tracts:
        return tracts
    made: dict[str, NDArray[np.float64]] = {}
    for name, (count, share) in UNIVERSES.items():
        if count in tracts and share in tracts:
            made[name], made[f"{name}_moe"] = _universe(tracts, count, share)
    return tracts.assign(**{name: pd.array(values, dtype="Float64") for name, values in made.items()})


ROUNDING = 0.0005
"""By how much a published share may have been rounded."""

LEAST_SHARE = 0.02
"""Below this share its rounding to 0.1 % moves the universe by more than a fortieth."""


def _universe(
    tracts: pd.DataFrame, count: str, share: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    names = (count, f"{count}_moe", share, f"{share}_moe", "population", "population_moe")
    part, part_moe, rate, rate_moe, everybody, everybody_moe = (to_floats(tracts[name]) for name in names)
    plain = rate >= LEAST_SHARE
    with np.errstate(divide="ignore", invalid="ignore"):
        most = np.maximum(everybody, part / (rate + ROUNDING))
        whole = np.minimum(np.where(plain, part / rate, np.nan), most)
        usual = np.nansum(whole[plain]) / np.nansum(everybody[plain]) if plain.any() else 1.0
        whole = np.where(rate < LEAST_SHARE, np.maximum(usual * everybody, part), whole)
        whole = np.where(np.isnan(rate) & (part == 0), 0.0, whole)
        squared = (part_moe**2 - (rate_moe * whole) ** 2) / rate**2
        moe = np.where(plain, np.sqrt(np.maximum(squared, 0.0)), everybody_moe)
    moe = np.where(whole == 0, 0.0, np.minimum(moe, everybody_moe))
    return whole, np.where(np.isnan(whole), np.nan, moe)


def share_of(
    counts: pd.DataFrame, name: str, part: str, whole: str
) -> tuple[pd.Series[float], pd.Series[float]] | None:
    """Compute a share from its counts, else take the published percentage; None where neither is had."""
    if part in counts and whole in counts:
        names = (part, f"{part}_moe", whole, f"{whole}_moe")
        share, moe = proportion(*(counts[column] for column in names))
        return share, moe
    if f"{name}_percent" not in counts:
        return None
    moe = counts[f"{name}_percent_moe"] / 100
    return (counts[f"{name}_percent"] / 100).mask(moe.isna()), moe
