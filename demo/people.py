"""Who lives in the invented valley, block by block, and what every indicator depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demo.valley import (
    COLUMNS,
    LAKE,
    METRIC_CRS,
    PRISON,
    PUBLISHED_CRS,
    TOWNS,
    Cell,
    Floats,
    Ints,
    build_cells,
    density_at,
    random_for,
    smooth_noise,
    to_polygons,
)


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


def _parts(of: str, parts: dict[str, float]) -> tuple[Share, ...]:
    """Split a count into the cells that the survey's tables have of it."""
    return tuple(Share(name, of, base, noise=0.05) for name, base in parts.items())


_AGES = {
    "65_and_66": 0.12,
    "67_to_69": 0.17,
    "70_to_74": 0.26,
    "75_to_79": 0.2,
    "80_to_84": 0.14,
    "85_and_over": 0.11,
}
_BANDS = {
    "under_5": 0.01,
    "5_to_17": 0.07,
    "18_to_34": 0.12,
    "35_to_64": 0.34,
    "65_to_74": 0.2,
    "75_and_over": 0.26,
}
_TONGUES = {"spanish": 0.94, "indo_european": 0.02, "asian": 0.03, "other": 0.01}
_HOW = {"not_well": 0.62, "not_at_all": 0.38}
_SEXES = {"male": 0.48, "female": 0.52}
_BIRTHS = {"native": 0.12, "foreign_born": 0.88}
# The cells of tables whose sums are indicators.
CELLS = (
    *_parts(
        "aged_65_and_over",
        {f"{sex}_{age}": half * part for sex, half in _SEXES.items() for age, part in _AGES.items()},
    ),
    *_parts(
        "disabled",
        {
            f"disabled_{sex}_{age}": half * part
            for sex, half in _SEXES.items()
            for age, part in _BANDS.items()
        },
    ),
    *_parts(
        "limited_english_persons",
        {
            f"{birth}_{tongue}_english_{how}": half * part * share
            for birth, half in _BIRTHS.items()
            for tongue, part in _TONGUES.items()
            for how, share in _HOW.items()
        },
    ),
    _homes("single_female_parents", "single_parent_households", 0.74),
    _homes("single_male_parents", "single_parent_households", 0.26),
    *_parts(
        "minority",
        {
            "minority_black": 0.05,
            "minority_native_american": 0.03,
            "minority_asian": 0.05,
            "minority_pacific_islander": 0.005,
            "minority_other_race": 0.005,
            "minority_several_races": 0.03,
            "minority_hispanic": 0.83,
        },
    ),
    Share("under_150_percent_of_poverty", "household_population", 0.08, 0.44),
)
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
    Share("labor_force", "household_population", 0.42, 0.02, noise=0.05),
    Share("unemployed", "labor_force", 0.045, 0.12),
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
    *CELLS,
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
    ("unemployed", "labor_force", 0.04, 0.18),
    ("no_high_school", "aged_25_and_over", 0.03, 0.58),
    ("under_5_male", "population", 0.018, 0.050),
    ("units_in_large_buildings", "housing_units", 0.01, 0.17),
    ("moved_from_other_county", "population", 0.02, 0.06),
)
HIGHEST_INDEX = 136


HOUSEHOLDS = 66_000
PRISONERS = 2_870
DESERT_DENSITY = 0.0045  # beside a town's center, about 1
EMPTY_SHARE = 0.06  # blocks in which nobody lives


def build_blocks(seed: int) -> gpd.GeoDataFrame:
    """Build the blocks with their people, without identifiers yet.

    EPSG:4269; ``land_m2`` is measured in EPSG:3310. ``hardship`` goes from 0 to 1 and is what every
    indicator of need is made from.
    """
    cells = build_cells()
    frame = gpd.GeoDataFrame(_to_columns(cells), geometry=to_polygons(cells), crs=PUBLISHED_CRS)
    frame["area_m2"] = frame.geometry.to_crs(METRIC_CRS).area
    frame["hardship"] = _hardship(frame, seed)
    frame["occupied_units"] = _households(frame, seed)
    frame["vacant_units"] = _vacant(frame, seed)
    frame["housing_units"] = frame["occupied_units"] + frame["vacant_units"]
    frame["population"] = _population(frame, seed)
    frame["group_quarters"] = 0
    prison = is_cell(frame, PRISON)
    frame.loc[prison, ["population", "group_quarters"]] = PRISONERS
    return frame


def is_cell(frame: pd.DataFrame, cell: Sequence[int]) -> pd.Series:
    """Which row is the cell (i0, j0, i1, j1)."""
    columns = ["i0", "j0", "i1", "j1"]
    return frame[columns].eq(list(cell)).all(axis=1)


def _to_columns(cells: Sequence[Cell]) -> pd.DataFrame:
    frame = pd.DataFrame([(cell.i0, cell.j0, cell.i1, cell.j1, *cell.middle) for cell in cells])
    frame.columns = pd.Index(["i0", "j0", "i1", "j1", "column", "row"])
    frame["density"] = density_at(frame["column"], frame["row"])
    return frame


def _hardship(frame: pd.DataFrame, seed: int) -> Floats:
    """Rise from the resorts of the north-west to the fields of the south-east."""
    column, row = frame["column"].to_numpy(), frame["row"].to_numpy()
    slope = 0.16 + 0.62 / (1.0 + np.exp(-(column - 0.42 * COLUMNS) / 2.6))
    towns = np.zeros(len(frame))
    for town in TOWNS:
        distance2 = (column - town.column) ** 2 + (row - town.row) ** 2
        towns += town.hardship * np.exp(-distance2 / (2.5 * town.reach**2))
    noise = smooth_noise(column, row, random_for(seed, "hardship"))
    own = random_for(seed, "hardship of blocks").normal(0, 0.03, len(frame))
    return np.asarray(np.clip(slope + 0.7 * towns + 0.09 * noise + own, 0.02, 0.98))


def _households(frame: pd.DataFrame, seed: int) -> Ints:
    rng = random_for(seed, "households")
    weight = (frame["density"].to_numpy() ** 1.15 + DESERT_DENSITY) * frame["area_m2"].to_numpy()
    rough = np.minimum(weight, 5 * np.median(weight)) * rng.lognormal(0.0, 0.30, len(frame))
    empty = rng.random(len(frame)) < EMPTY_SHARE
    rough[empty | is_cell(frame, LAKE) | is_cell(frame, PRISON)] = 0.0
    return to_whole(rough * HOUSEHOLDS / rough.sum())


def to_whole(values: Floats) -> Ints:
    """Round so that the sum stays: the largest remainders are rounded up.

    Examples
    --------
    >>> to_whole(np.array([0.4, 0.4, 1.2])).tolist()
    [1, 0, 1]
    """
    low = np.floor(values).astype(np.int64)
    short = round(float(values.sum())) - int(low.sum())
    rank = np.argsort(-(values - low), kind="stable")
    low[rank[:short]] += 1
    return low


def _vacant(frame: pd.DataFrame, seed: int) -> Ints:
    """Homes for the season in the north-west, few empty ones elsewhere."""
    rng = random_for(seed, "vacant")
    resort = np.exp(-(((frame["column"] - 4.0) / 3.0) ** 2)).to_numpy()
    share = np.clip(0.05 + 0.24 * resort + rng.normal(0, 0.02, len(frame)), 0.0, 0.5)
    vacant: Ints = np.rint(frame["occupied_units"].to_numpy() * share / (1 - share)).astype(np.int64)
    return vacant


def _population(frame: pd.DataFrame, seed: int) -> Ints:
    rng = random_for(seed, "population")
    size = 2.05 + 1.75 * frame["hardship"].to_numpy() + rng.normal(0, 0.12, len(frame))
    return np.rint(frame["occupied_units"].to_numpy() * size).astype(np.int64)


def to_area(shapes: gpd.GeoSeries) -> Ints:
    """Areas in whole m2, measured in EPSG:3310."""
    areas: Ints = np.rint(shapes.to_crs(METRIC_CRS).area.to_numpy()).astype(np.int64)
    return areas


def inner_points(shapes: gpd.GeoSeries) -> Floats:
    """Longitude and latitude of a point inside each shape."""
    points = np.asarray(shapely.point_on_surface(shapes.to_numpy()), dtype=object)
    rounded: Floats = np.round(shapely.get_coordinates(points), 7)
    return rounded
