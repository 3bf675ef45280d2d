"""Violations of the invented water systems, in the State's layout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.demo.valley import random_for
from geo.demo.water_tables import AGENCY, COUNTY_UPPER, public

# Analyte, its limit as it is printed, the limit, its unit, and how often it is the one.
ANALYTES = (
    ("ARSENIC", "0.010 MG/L", 0.010, "MG/L", 0.5),
    ("NITRATE", "10 MG/L", 10.0, "MG/L", 0.2),
    ("COMBINED URANIUM", "20 PCI/L", 20.0, "PCI/L", 0.2),
    ("TTHM", "0.080 MG/L", 0.080, "MG/L", 0.1),
)
FIRST_QUARTER = pd.Timestamp("2014-01-01")
MOST_QUARTERS, LATEST_START = 6, 12
DAYS_TO_ACTION = 75


def violations(systems: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """Violations of failing systems and of some others, quarter by quarter from 2014 to 2018."""
    frame = public(systems)
    rng = random_for(seed, "violations")
    third = pd.Series(np.arange(len(frame)) % 3 == 0, index=frame.index)
    chosen = frame[(frame["status"] == "Failing") | ((frame["status"] == "At-Risk") & third)]
    rows = [row for system in chosen.to_dict("records") for row in _quarters(system, rng)]
    for number, row in enumerate(rows):
        row["VIOLATION_NUMBER"] = f"{row['VIOL_BEGIN_DATE'][2:4]}{number:05d}"
        row["ENF_ACTION_NUMBER"] = f"99{number:05d}"
    return pd.DataFrame(rows)


def _quarters(system: dict[Any, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    odds = [often for *_, often in ANALYTES]
    analyte, limit, level, unit, _ = ANALYTES[int(rng.choice(len(ANALYTES), p=odds))]
    first = int(rng.integers(0, LATEST_START))
    for quarter in range(first, first + int(rng.integers(1, MOST_QUARTERS + 1))):
        begins = FIRST_QUARTER + pd.DateOffset(months=3 * quarter)
        ends = begins + pd.DateOffset(months=3) - pd.Timedelta(days=1)
        yield {
            "WATER_SYSTEM_NUMBER": system["pwsid"],
            "WATER_SYSTEM_NAME": system["name"].upper(),
            "CITY": system["town"].upper(),
            "COUNTY": COUNTY_UPPER,
            "ZIPCODE": system["zip_code"],
            "CLASSIFICATION": "COMMUNITY",
            "POPULATION": system["population"],
            "SERVICE_CONNECTIONS": system["connections"],
            "REGULATING_AGENCY": AGENCY,
            "VIOLATION_NUMBER": "",
            "VIOLATION_TYPE_NAME": "MCL,  AVERAGE",
            "ANALYTE_NAME": analyte,
            "RESULT": f"{level * rng.uniform(1.1, 2.6):.3f} {unit}",
            "MCL": limit,
            "VIOL_BEGIN_DATE": f"{begins:%Y-%m-%d}",
            "VIOL_END_DATE": f"{ends:%Y-%m-%d}",
            "ENF_ACTION_NUMBER": "",
            "ENF_ACTION_ISSUE_DATE": f"{ends + pd.Timedelta(days=DAYS_TO_ACTION):%Y-%m-%d}",
            "ENF_ACTION_TYPE_ISSUED": "FORMAL ENFORCEMENT ACTION ISSUED",
        }
