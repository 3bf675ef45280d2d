"""Mobile home parks of the invented valley, in the State's layout."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.demo.valley import random_for
from geo.demo.water_tables import COUNTY_UPPER, STORED

ELSEWHERE = 12  # position of the park that was geocoded far away
FAR_LATITUDE, FAR_LONGITUDE = 40.8017, -124.9021


def parks(systems: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """Parks that have a water system of their own; one is geocoded far from the county."""
    named = systems[systems["name"].str.contains("Park")].reset_index(drop=True)
    rng = random_for(seed, "parks")
    points = named.geometry.centroid.to_crs(STORED)
    far = np.arange(len(named)) == ELSEWHERE
    numbers = rng.integers(100, 9900, len(named))
    columns = {
        "ParkName": named["name"].str.upper(),
        "County": COUNTY_UPPER,
        "park_id": [f"90-{number:04d}-MP" for number in range(1, len(named) + 1)],
        "Address": [f"{number} AVE {30 + row % 40}" for row, number in enumerate(numbers)],
        "City": named["town"].str.upper(),
        "Zip": named["zip_code"],
        "MH_Spaces": (named["connections"] * rng.uniform(1.0, 1.25, len(named))).round().astype(int),
        "rv_lots_with_drains": rng.choice([0, 0, 0, 4, 10], len(named)),
        "rv_lots_without_drains": 0,
        "Latitude": points.y.round(7).mask(far, FAR_LATITUDE),
        "Longitude": points.x.round(7).mask(far, FAR_LONGITUDE),
        "Confidence": np.where(far, "Low", "High"),
        "Geocode_Me": np.where(far, "Interpolation", "Rooftop"),
        "Match_Code": np.where(far, "Ambiguous", "Good"),
    }
    return pd.DataFrame(columns)
