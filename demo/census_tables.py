"""The invented census in the Bureau's layouts: tracts, blocks, counts, centers, relationship, response."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demo.people import inner_points, to_area
from demo.valley import COUNTY, COUNTY_GEOID, METRIC_CRS, PUBLISHED_CRS, STATE, Floats, random_for

# The days on which a rate was published: every day at first, then workdays, and once in the new year.
FIRST_DAY, LAST_DAILY, LAST_DAY = "2020-03-23", "2020-10-16", "2021-01-29"
MISSING_DAYS = ("2020-04-05", "2020-04-10", "2020-05-06", "2020-08-12", "2020-09-29")


def dissolve(blocks: gpd.GeoDataFrame, column: str) -> gpd.GeoDataFrame:
    """Join the blocks of each area, in EPSG:4269; columns geoid, land_m2, water_m2."""
    groups = blocks.groupby(column).indices
    shapes = np.asarray(blocks.geometry.array, dtype=object)
    joined = [shapely.coverage_union_all(shapes[members]) for members in groups.values()]
    frame = gpd.GeoDataFrame({"geoid": list(groups)}, geometry=joined, crs=PUBLISHED_CRS)
    for name in ("land_m2", "water_m2"):
        frame[name] = blocks.groupby(column)[name].sum().to_numpy()
    return frame


def tracts_2010(tracts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cartographic boundaries of 2010 tracts (cb_2014_06_tract_500k)."""
    geoid = tracts["geoid"]
    columns = {
        "STATEFP": geoid.str[:2],
        "COUNTYFP": geoid.str[2:5],
        "TRACTCE": geoid.str[5:],
        "AFFGEOID": "1400000US" + geoid,
        "GEOID": geoid,
        "NAME": geoid.map(tract_name),
        "LSAD": "CT",
        "ALAND": tracts["land_m2"],
        "AWATER": tracts["water_m2"],
    }
    return gpd.GeoDataFrame(columns, geometry=tracts.geometry, crs=tracts.crs)


def tracts_2020(tracts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """TIGER/Line tracts of 2020 (tl_2020_CCCCC_tract20)."""
    geoid = tracts["geoid"]
    columns = {
        "STATEFP20": geoid.str[:2],
        "COUNTYFP20": geoid.str[2:5],
        "TRACTCE20": geoid.str[5:],
        "GEOID20": geoid,
        "NAME20": geoid.map(tract_name),
        "NAMELSAD20": "Census Tract " + geoid.map(tract_name),
        "MTFCC20": "G5020",
        "FUNCSTAT20": "S",
        **_tiger_tail(tracts),
    }
    return gpd.GeoDataFrame(columns, geometry=tracts.geometry, crs=tracts.crs)


def tract_name(geoid: str) -> str:
    """Turn a tract's code into its name.

    Examples
    --------
    >>> tract_name("06901040301"), tract_name("06901041000")
    ('403.01', '410')
    """
    whole, part = int(geoid[5:9]), geoid[9:11]
    return str(whole) if part == "00" else f"{whole}.{part}"


def blocks_2020(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """TIGER/Line tabulation blocks (tl_2020_CCCCC_tabblock20)."""
    geoid = blocks["geoid"]
    columns = {
        "STATEFP20": geoid.str[:2],
        "COUNTYFP20": geoid.str[2:5],
        "TRACTCE20": geoid.str[5:11],
        "BLOCKCE20": geoid.str[11:],
        "GEOID20": geoid,
        "NAME20": "Block " + geoid.str[11:],
        "MTFCC20": "G5040",
        "UR20": np.where(blocks["density"] > 0.1, "U", "R"),
        "FUNCSTAT20": "S",
        **_tiger_tail(blocks),
    }
    return gpd.GeoDataFrame(columns, geometry=blocks.geometry, crs=blocks.crs)


def _tiger_tail(frame: gpd.GeoDataFrame) -> dict[str, object]:
    points = inner_points(frame.geometry)
    return {
        "ALAND20": frame["land_m2"],
        "AWATER20": frame["water_m2"],
        "INTPTLAT20": [f"{latitude:+011.7f}" for latitude in points[:, 1]],
        "INTPTLON20": [f"{longitude:+012.7f}" for longitude in points[:, 0]],
    }


def counts_by_block(blocks: pd.DataFrame) -> pd.DataFrame:
    """Redistricting counts by block, as the API answers."""
    columns = {
        "P1_001N": blocks["population"],
        "H1_001N": blocks["housing_units"],
        "H1_002N": blocks["occupied_units"],
        "H1_003N": blocks["vacant_units"],
        "state": STATE,
        "county": COUNTY,
        "tract": blocks["geoid"].str[5:11],
        "block": blocks["geoid"].str[11:],
    }
    return pd.DataFrame(columns)


def group_centers(blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Centers of population of block groups; the middle of the area where nobody lives."""
    middles = blocks.geometry.to_crs(METRIC_CRS).centroid.to_crs(PUBLISHED_CRS)
    weight = blocks["population"].to_numpy() + 1e-6 * blocks["land_m2"].to_numpy() / 1e6 + 1e-9
    table = pd.DataFrame({"x": middles.x * weight, "y": middles.y * weight, "weight": weight})
    table["people"] = blocks["population"]
    total = table.groupby(blocks["block_group"]).sum()
    geoid = total.index.to_series()
    columns = {
        "STATEFP": geoid.str[:2],
        "COUNTYFP": geoid.str[2:5],
        "TRACTCE": geoid.str[5:11],
        "BLKGRPCE": geoid.str[11:],
        "POPULATION": total["people"],
        "LATITUDE": (total["y"] / total["weight"]).map("{:+.6f}".format),
        "LONGITUDE": (total["x"] / total["weight"]).map("{:+.6f}".format),
    }
    return pd.DataFrame(columns)


def relationship(blocks: gpd.GeoDataFrame, old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    """Relationship of 2020 to 2010 tracts (tab20_tract20_tract10_st06.txt), land and water in m2."""
    parts = blocks.groupby(["tract_2020", "tract_2010"], as_index=False)[["land_m2", "water_m2"]].sum()
    columns: dict[str, object] = {}
    for year, key, tracts in (("20", "tract_2020", new), ("10", "tract_2010", old)):
        geoid = parts[key]
        sizes = tracts.set_index("geoid").loc[geoid]
        columns |= {
            f"OID_TRACT_{year}": [f"2079{year}{number:06d}" for number in range(len(parts))],
            f"GEOID_TRACT_{year}": geoid,
            f"NAMELSAD_TRACT_{year}": "Census Tract " + geoid.map(tract_name),
            f"AREALAND_TRACT_{year}": sizes["land_m2"].to_numpy(),
            f"AREAWATER_TRACT_{year}": sizes["water_m2"].to_numpy(),
            f"MTFCC_TRACT_{year}": "G5020",
            f"FUNCSTAT_TRACT_{year}": "S",
        }
    columns |= {"AREALAND_PART": parts["land_m2"], "AREAWATER_PART": parts["water_m2"]}
    return pd.DataFrame(columns)


def final_response(geoids: pd.Index, final: Floats, seed: int) -> pd.DataFrame:
    """Self-response on the last day, as the API answers; percent."""
    internet = np.round(final * _internet_share(len(final), seed), 1)
    columns = {
        "GEO_ID": "1400000US" + geoids.to_series(),
        "CRRALL": final,
        "CRRINT": internet,
        "DRRALL": "0.0",
        "DRRINT": "0.0",
        "RESP_DATE": LAST_DAY,
        "state": STATE,
        "county": COUNTY,
        "tract": geoids.str[5:],
    }
    return pd.DataFrame(columns)


def daily_response(geoids: pd.Index, final: Floats, seed: int) -> pd.DataFrame:
    """Self-response day by day, as published: cumulative and of the day, percent, rising to the final."""
    days = _published_days()
    passed = (days - days[0]).days.to_numpy(dtype=float)
    rng = random_for(seed, "daily response")
    pace = rng.uniform(13.0, 24.0, (len(final), 1)) + (70.0 - final[:, None]).clip(0) * 0.25
    early = 0.10 + 0.68 * (1 - np.exp(-passed / pace)) / (1 - np.exp(-passed[-1] / pace))
    visits = 0.22 / (1 + np.exp(-(passed - 150.0) / 18.0))
    curve = early + visits
    curve = curve / curve[:, -1:]
    every = np.round(final[:, None] * curve, 1)
    internet = np.round(every * _internet_share(len(final), seed)[:, None], 1)
    rows, count = len(days), len(final)
    columns = {
        "GEOID": np.tile(geoids.to_numpy(dtype=str), rows),
        "RESP_DATE": np.repeat(days.strftime("%Y-%m-%d").to_numpy(dtype=str), count),
        "CRRALL": every.T.ravel().astype("float32"),
        "CRRINT": internet.T.ravel().astype("float32"),
        "DRRALL": np.diff(every, prepend=0.0).T.ravel().round(1).astype("float32"),
        "DRRINT": np.diff(internet, prepend=0.0).T.ravel().round(1).astype("float32"),
    }
    return pd.DataFrame(columns)


def _published_days() -> pd.DatetimeIndex:
    every = pd.date_range(FIRST_DAY, LAST_DAILY)
    kept = every[(every < pd.Timestamp("2020-06-06")) | (every.day_of_week < 5)]
    kept = kept[~kept.isin(pd.to_datetime(list(MISSING_DAYS)))]
    return pd.DatetimeIndex([*kept, pd.Timestamp(LAST_DAY)])


def _internet_share(count: int, seed: int) -> Floats:
    return random_for(seed, "internet").uniform(0.70, 0.90, count)


def add_areas(blocks: gpd.GeoDataFrame, lake: shapely.Polygon) -> None:
    """Add ``land_m2`` and ``water_m2`` to the blocks, in place; only the lake is reckoned as water."""
    whole = to_area(blocks.geometry)
    shapes = np.asarray(blocks.geometry.to_crs(METRIC_CRS).array, dtype=object)
    water = np.rint(shapely.area(shapely.intersection(shapes, lake))).astype(np.int64)
    blocks["water_m2"] = water
    blocks["land_m2"] = whole - water
    assert (blocks["geoid"].str[:5] == COUNTY_GEOID).all()
