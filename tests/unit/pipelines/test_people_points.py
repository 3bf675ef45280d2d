"""Points of people: each with the 2010 tract it lies in, blocks before block groups, nobody lost."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from geo.pipelines import people_points
from geo.region import read_region

STORED = "EPSG:4326"


def test_every_point_has_its_tract_and_all_people_are_there() -> None:
    tracts = gpd.GeoDataFrame(
        {"geoid": ["06065000100", "06065000200"], "county_geoid": "06065"},
        geometry=[box(-116.2, 33.5, -116.1, 33.6), box(-116.1, 33.5, -116.0, 33.6)],
        crs=STORED,
    )
    centers = pd.DataFrame(
        {
            "geoid": ["060650001001", "060650002001", "060650009001", "060650003001"],
            "population": [10, 20, 0, 5],
            "longitude": [-116.15, -116.05, -116.05, -115.9],
            "latitude": [33.55] * 4,
        }
    )
    raw = people_points.Raw(centers, None, tracts)
    frame = people_points.transform(raw, read_region("coachella")).frame
    people_points.validate(frame)
    assert frame["population"].sum() == 35
    assert frame["geoid_2010"].tolist() == ["06065000100", "06065000200", "06065000200"]
