"""What every indicator of the invented people depends on, as data.

A share of a universe is ``base + hardship * h + density * d``, with a noise of its own that neighbours share.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """One indicator as a share of another; ``clusters`` if whole households share it (wider margins)."""

    name: str
    of: str
    base: float
    hardship: float = 0.0
    density: float = 0.0
    noise: float = 0.1
    clusters: bool = True


def _homes(name: str, of: str, base: float, hardship: float = 0.0, density: float = 0.0) -> Share:
    return Share(name, of, base, hardship, density, clusters=False)


# In the order of reckoning: a universe comes before its parts.
SHARES = (
    Share("poverty", "household_population", 0.04, 0.34),
    Share("aged_17_and_under", "population", 0.13, 0.21),
    Share("aged_65_and_over", "population", 0.33, -0.27),
    Share("under_5_male", "aged_17_and_under", 0.14, 0.0, noise=0.05),
    Share("under_5_female", "aged_17_and_under", 0.135, 0.0, noise=0.05),
    Share("aged_5_and_over", "population", 0.96, -0.05, noise=0.0),
    Share("aged_25_and_over", "population", 0.78, -0.24, noise=0.03),
    Share("no_high_school", "aged_25_and_over", 0.03, 0.55),
    Share("limited_english_persons", "aged_5_and_over", 0.02, 0.36),
    Share("labour_force", "household_population", 0.42, 0.02, noise=0.05),
    Share("unemployed", "labour_force", 0.045, 0.12),
    Share("disabled", "household_population", 0.11, 0.02),
    Share("minority", "population", 0.22, 0.76, noise=0.05),
    Share("uninsured", "household_population", 0.035, 0.21),
    Share("uninsured_under_19", "uninsured", 0.13, noise=0.05),
    Share("uninsured_19_to_34", "uninsured", 0.37, noise=0.05),
    Share("uninsured_35_to_64", "uninsured", 0.48, noise=0.05),
    Share("uninsured_65_and_over", "uninsured", 0.02, noise=0.05),
    Share("foreign_born", "population", 0.10, 0.36),
    Share("moved_from_other_county", "population", 0.05, -0.02),
    Share("moved_from_other_state", "population", 0.03, -0.02),
    Share("moved_from_abroad", "population", 0.002, 0.006),
    Share("poverty_ratio_under_0_5", "poverty", 0.42, noise=0.05),
    Share("poverty_ratio_0_5_to_1", "poverty", 0.58, noise=0.05),
    Share("poverty_ratio_1_to_1_25", "household_population", 0.02, 0.07),
    Share("poverty_ratio_1_25_to_1_5", "household_population", 0.02, 0.06),
    _homes("renter_households", "households", 0.20, 0.20, 0.22),
    _homes("nonfamily_households", "households", 0.40, -0.25),
    _homes("single_parent_households", "households", 0.04, 0.14),
    _homes("no_vehicle_households", "households", 0.02, 0.09, 0.04),
    _homes("no_broadband_households", "households", 0.05, 0.26),
    _homes("public_assistance_households", "households", 0.01, 0.07),
    _homes("crowded_units", "households", 0.01, 0.23),
    _homes("crowded_owner_1_to_1_5", "crowded_units", 0.24),
    _homes("crowded_owner_1_5_to_2", "crowded_units", 0.07),
    _homes("crowded_owner_over_2", "crowded_units", 0.02),
    _homes("crowded_renter_1_to_1_5", "crowded_units", 0.44),
    _homes("crowded_renter_1_5_to_2", "crowded_units", 0.17),
    _homes("crowded_renter_over_2", "crowded_units", 0.06),
    _homes("limited_english_spanish_households", "households", 0.015, 0.27),
    _homes("limited_english_indo_european_households", "households", 0.006),
    _homes("limited_english_asian_households", "households", 0.008),
    _homes("limited_english_other_households", "households", 0.002),
    _homes("mobile_homes", "housing_units", 0.03, 0.22, -0.05),
    _homes("units_in_3_to_4", "housing_units", 0.02, 0.02, 0.05),
    _homes("units_in_5_to_9", "housing_units", 0.015, 0.01, 0.05),
    _homes("units_in_large_buildings", "housing_units", 0.005, 0.02, 0.14),
    _homes("units_in_10_to_19", "units_in_large_buildings", 0.42),
    _homes("units_in_20_to_49", "units_in_large_buildings", 0.33),
    _homes("units_in_50_and_more", "units_in_large_buildings", 0.25),
)
UNIVERSES = ("population", "household_population", "households", "housing_units", "vacant_units")
INCOMES = {
    "income_per_capita_usd": (61_000.0, -1.45, "population"),
    "median_household_income_usd": (104_000.0, -1.20, "households"),
}
# The index's ingredients: numerator, universe, the share that scores nothing and the one that scores full.
INGREDIENTS = (
    ("vacant_units", "housing_units", 0.03, 0.40),
    ("crowded_units", "households", 0.01, 0.24),
    ("no_broadband_households", "households", 0.05, 0.36),
    ("renter_households", "households", 0.20, 0.60),
    ("public_assistance_households", "households", 0.01, 0.09),
    ("limited_english_spanish_households", "households", 0.01, 0.32),
    ("nonfamily_households", "households", 0.10, 0.45),
    ("foreign_born", "population", 0.10, 0.50),
    ("poverty", "household_population", 0.03, 0.38),
    ("unemployed", "labour_force", 0.04, 0.18),
    ("no_high_school", "aged_25_and_over", 0.03, 0.58),
    ("under_5_male", "population", 0.018, 0.050),
    ("units_in_large_buildings", "housing_units", 0.01, 0.17),
    ("moved_from_other_county", "population", 0.02, 0.06),
)
HIGHEST_INDEX = 136
