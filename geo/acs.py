"""ACS 5-year tables by tract, summed into our indicators with margins of error (90 %)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.margins import proportion, sum_estimates

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
}
"""Our indicator, and the cells of the tables that it is the sum of."""

SHARES: Mapping[str, tuple[str, str]] = {
    "share_poverty": ("poverty", "poverty_universe"),
    "share_unemployed": ("unemployed", "labour_force"),
    "share_uninsured": ("uninsured", "uninsured_universe"),
    "share_no_high_school": ("no_high_school", "aged_25_and_over"),
    "share_no_vehicle": ("no_vehicle_households", "households"),
    "share_crowded": ("crowded_units", "households"),
    "share_large_buildings": ("units_in_large_buildings", "housing_units"),
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
