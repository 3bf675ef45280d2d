"""What the hard-to-count index is estimated from: shares of a tract, and a few numbers made from them.

The State's index counts 14 variables. Those that a table of ours has are taken as they are; for the others
stand what goes with them (mobile homes, people a household, people by day). Declared once; the table of
effects in ``docs/METHODS.md`` iterates them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.language import mark as N_
from geo.methods.margins import to_floats
from geo.tracts.indicators import indicator_named

M2_PER_KM2 = 1_000_000.0
LEAST_INCOME_USD = 1_000.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One number of a tract that the estimate is made from.

    Attributes
    ----------
    key
        Its name.
    title
        In words, marked for translation.
    needs
        The columns that it is made from; a table that lacks one goes without the feature.
    make
        From a frame of these columns, as floats with NaN for what is missing.
    """

    key: str
    title: str
    needs: tuple[str, ...]
    make: Callable[[pd.DataFrame], pd.Series[float]]


def _column(key: str, title: str) -> Feature:
    return Feature(key, title, (key,), lambda frame: frame[key])


def _share(key: str, title: str, part: tuple[str, ...], whole: str) -> Feature:
    return Feature(
        key,
        title,
        (*part, whole),
        lambda frame: frame[list(part)].sum(axis=1, skipna=False) / _some(frame[whole]),
    )


def _log(values: pd.Series[float]) -> pd.Series[float]:
    return pd.Series(np.log(values), index=values.index)


def _some(values: pd.Series[float]) -> pd.Series[float]:
    """Leave out zeros, which nothing can be divided by."""
    return values.where(values > 0)


_INDICATORS = (
    "share_poverty",
    "share_unemployed",
    "share_no_high_school",
    "share_limited_english",
    "share_uninsured",
    "share_disabled",
    "share_aged_65_and_over",
    "share_aged_17_and_under",
    "share_single_parent",
    "share_minority",
    "share_large_buildings",
    "share_mobile_homes",
    "share_crowded",
    "share_no_vehicle",
    "share_group_quarters",
)
_OF_THE_INDEX = (
    _share("share_renters", N_("Percent of households that rent"), ("renter_households",), "households"),
    _share("share_nonfamily", N_("Share of non-family households"), ("nonfamily_households",), "households"),
    _share(
        "share_no_broadband",
        N_("Percent of households without internet"),
        ("no_broadband_households",),
        "households",
    ),
    _share(
        "share_public_assistance",
        N_("Percent of households with public assistance"),
        ("public_assistance_households",),
        "households",
    ),
    _share("share_foreign_born", N_("Percent foreign-born"), ("foreign_born",), "population"),
    _share("share_under_5", N_("Share under 5"), ("under_5_male", "under_5_female"), "population"),
    _share(
        "share_moved",
        N_("Share moved from outside of the county"),
        ("moved_from_other_county", "moved_from_other_state", "moved_from_abroad"),
        "population",
    ),
)
_SECOND_LOOK = (
    _column(
        "linguistic_isolation_percent",
        N_("Households where nobody speaks English very well, percent (CalEnviroScreen)"),
    ),
    _column(
        "housing_burden_percent",
        N_("Poor households with high housing costs, percent (CalEnviroScreen)"),
    ),
    _column("poverty_percent_ces", N_("Under twice the poverty line, percent (CalEnviroScreen)")),
)
_DERIVED = (
    Feature(
        "share_vacant",
        N_("Percent of housing units vacant"),
        ("households", "housing_units"),
        lambda frame: 1 - frame["households"] / _some(frame["housing_units"]),
    ),
    Feature(
        "log_income",
        N_("Per capita income (logarithm)"),
        ("income_per_capita_usd",),
        lambda frame: _log(frame["income_per_capita_usd"].clip(lower=LEAST_INCOME_USD)),
    ),
    Feature(
        "people_per_household",
        N_("People per household"),
        ("population", "group_quarters_persons", "households"),
        lambda frame: (
            (frame["population"] - frame["group_quarters_persons"]).clip(lower=0) / _some(frame["households"])
        ),
    ),
    Feature(
        "log_density",
        N_("People per km2 of land (logarithm)"),
        ("population", "land_m2"),
        lambda frame: _log(1 + frame["population"] / (_some(frame["land_m2"]) / M2_PER_KM2)),
    ),
    Feature(
        "log_daytime",
        N_("People by day for one by night (logarithm)"),
        ("daytime_population", "population"),
        lambda frame: _log((frame["daytime_population"] + 10) / (frame["population"] + 10)),
    ),
    Feature(
        "log_households",
        N_("Households (logarithm)"),
        ("households",),
        lambda frame: _log(_some(frame["households"])),
    ),
    Feature(
        "log_land",
        N_("Area of land (logarithm)"),
        ("land_m2",),
        lambda frame: _log(_some(frame["land_m2"])),
    ),
    Feature(
        "share_aged_18_to_64",
        N_("Percent aged 18 to 64"),
        ("share_aged_65_and_over", "share_aged_17_and_under"),
        lambda frame: 1 - frame["share_aged_65_and_over"] - frame["share_aged_17_and_under"],
    ),
    Feature(
        "minority_limited_english",
        N_("Share of people of color, times share with limited English"),
        ("share_minority", "share_limited_english"),
        lambda frame: frame["share_minority"] * frame["share_limited_english"],
    ),
    _share("children_per_household", N_("Children per household"), ("aged_17_and_under",), "households"),
    _share(
        "elders_per_household", N_("People of 65 and over per household"), ("aged_65_and_over",), "households"
    ),
)
FEATURES: dict[str, Feature] = {
    feature.key: feature
    for feature in (
        *(_column(key, indicator_named(key).title) for key in _INDICATORS),
        *_OF_THE_INDEX,
        *_SECOND_LOOK,
        *_DERIVED,
    )
}
"""Every feature by its key. Of the State's 14 variables, those of ``ca_htc_index`` that no table for 2010
tracts gives here (renters and the like) are taken where one does."""

DAYTIME = "daytime_population"
AVERAGED = tuple(feature.key for feature in _SECOND_LOOK)
"""Columns that only 2010 tracts have and that are means; 2020 tracts get them for the estimate's sake."""


def to_features(frame: pd.DataFrame) -> pd.DataFrame:
    """Make the features that a frame has the columns for.

    Parameters
    ----------
    frame
        One row a tract: counts, shares (0 to 1), percentages, ``land_m2``.

    Returns
    -------
    pandas.DataFrame
        On the same index, as floats; NaN where something is missing. Columns without any value are left
        out.

    Examples
    --------
    >>> tracts = pd.DataFrame({"households": [80.0, 0.0], "housing_units": [100.0, 0.0]})
    >>> to_features(tracts)["share_vacant"].round(2).tolist()
    [0.2, nan]
    """
    needed = sorted({name for item in FEATURES.values() for name in item.needs} & set(frame.columns))
    numbers = pd.DataFrame({name: to_floats(frame[name]) for name in needed}, index=frame.index)
    made = {
        key: item.make(numbers) for key, item in FEATURES.items() if set(item.needs) <= set(numbers.columns)
    }
    return pd.DataFrame(made, index=frame.index).dropna(axis="columns", how="all")
