"""Places, school, health and water districts, tribal land and water areas of the invented valley."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from demo.people import inner_points, to_area
from demo.valley import COLUMNS, LAKE, METRIC_CRS, PUBLISHED_CRS, RIVER_J, STATE, TOWNS, UNITS, to_meters
from demo.water_systems import towns_of

PLACE_DENSITY = 0.16
RIVER_WIDTH_M = 90.0
# Sections (column, row) of the tribal area: every other one, as allotments lie.
TRIBAL_SECTIONS = ((17, 8), (19, 8), (18, 7), (17, 9), (18, 9), (16, 9))
SCHOOL_SPLIT_COLUMN = 8  # north-west of it an elementary and a secondary district, else a unified one
HEALTH_COLUMNS = (0, 14)
SUPERVISOR_COLUMNS = (6.5, 12.5, 17.5)
Chosen = npt.NDArray[np.bool_]


def build_lake() -> shapely.Polygon:
    """Draw the lake in EPSG:3310 (m): a bean within its corner of the county."""
    turn = np.linspace(0, 2 * np.pi, 97)[:-1]
    reach = 0.86 + 0.07 * np.sin(3 * turn + 0.7) + 0.05 * np.sin(5 * turn)
    i = (LAKE[0] + LAKE[2]) / 2 + (LAKE[2] - LAKE[0]) / 2 * reach * np.cos(turn)
    j = (LAKE[1] + LAKE[3]) / 2 + (LAKE[3] - LAKE[1]) / 2 * reach * np.sin(turn)
    return shapely.Polygon(np.column_stack(to_meters(i, j)))


def area_water(lake: shapely.Polygon, river: shapely.LineString) -> gpd.GeoDataFrame:
    """TIGER/Line area water (tl_2020_CCCCC_areawater): lake, river and two basins."""
    basins = [_basin(66, 90, 380.0), _basin(222, 66, 260.0)]
    stream = gpd.GeoSeries([river], crs=PUBLISHED_CRS).to_crs(METRIC_CRS)
    banks = stream.buffer(RIVER_WIDTH_M / 2, cap_style="flat").iloc[0]
    shapes = gpd.GeoSeries([lake, banks, *basins], crs=METRIC_CRS)
    columns = {
        "ANSICODE": None,
        "HYDROID": [f"1104900{number:07d}" for number in range(1, 5)],
        "FULLNAME": ["Lago Perdido", "Rio Callado", "North Basin", "Clara Basin"],
        "MTFCC": ["H2030", "H3010", "H2040", "H2040"],
        "ALAND": 0,
        "AWATER": to_area(shapes),
        **_inner(shapes),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes.to_crs(PUBLISHED_CRS).to_numpy(), crs=PUBLISHED_CRS)


def _basin(i: int, j: int, radius_m: float) -> shapely.Polygon:
    x, y = to_meters(i, j)
    return shapely.Point(float(x), float(y)).buffer(radius_m, quad_segs=8)


def _inner(shapes: gpd.GeoSeries) -> dict[str, list[str]]:
    points = inner_points(shapes.to_crs(PUBLISHED_CRS))
    return {
        "INTPTLAT": [f"{latitude:+011.7f}" for latitude in points[:, 1]],
        "INTPTLON": [f"{longitude:+012.7f}" for longitude in points[:, 0]],
    }


def join(blocks: gpd.GeoDataFrame, chosen: Sequence[Chosen]) -> gpd.GeoSeries:
    """Join the chosen blocks of each area, in EPSG:4269."""
    shapes = np.asarray(blocks.geometry.array, dtype=object)
    return gpd.GeoSeries([shapely.union_all(shapes[members]) for members in chosen], crs=PUBLISHED_CRS)


def in_town(blocks: pd.DataFrame) -> pd.Series:
    """Name of the place that a block belongs to; empty outside of places."""
    names = np.array([town.name for town in TOWNS], dtype=object)[towns_of(blocks)]
    return pd.Series(np.where(blocks["density"] >= PLACE_DENSITY, names, ""), index=blocks.index)


def places(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Places (tl_2019_06_place), cities and census designated places."""
    town = in_town(blocks).to_numpy()
    shapes = join(blocks, [town == item.name for item in TOWNS])
    geoid = [f"{STATE}990{number:02d}" for number in range(1, len(TOWNS) + 1)]
    columns = {
        "GEOID": geoid,
        "PLACEFP": [code[2:] for code in geoid],
        "NAME": [item.name for item in TOWNS],
        "NAMELSAD": [item.label for item in TOWNS],
        "CLASSFP": ["U1" if item.label.endswith("CDP") else "C1" for item in TOWNS],
        "ALAND": to_area(shapes),
        "AWATER": 0,
        "INTPTLAT": inner_points(shapes)[:, 1],
        "INTPTLON": inner_points(shapes)[:, 0],
        "STATEFP": STATE,
    }
    return gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=PUBLISHED_CRS)


def block_assignment(blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places of blocks (BlockAssign_STSS_INCPLACE_CDP.txt); blank outside of places."""
    return pd.DataFrame({"BLOCKID": blocks["geoid"], "PLACEFP": place_codes(blocks).fillna("")})


def place_codes(blocks: pd.DataFrame) -> pd.Series:
    """Code (five digits) of the place that a block belongs to; missing outside of places."""
    codes = {item.name: f"990{number:02d}" for number, item in enumerate(TOWNS, start=1)}
    return in_town(blocks).map(codes)


def school_districts(blocks: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """School districts of a level: ``unsd``, ``elsd`` or ``scsd`` (cb_2021_06_LEVEL_500k)."""
    column, row = blocks["column"].to_numpy(), blocks["row"].to_numpy()
    north_west, over_river = column < SCHOOL_SPLIT_COLUMN, row > RIVER_J / UNITS
    districts: dict[str, dict[str, Chosen]] = {
        "unsd": {
            "Callado Valley Unified School District": ~north_west & ~over_river,
            "Ferry Bend Unified School District": ~north_west & over_river,
        },
        "elsd": {
            "Agua Serena Elementary School District": north_west & (row < 6),
            "Serena Heights Elementary School District": north_west & (row >= 6),
        },
        "scsd": {"Agua Serena Union High School District": north_west},
    }
    prefix = {"unsd": "97", "elsd": "95", "scsd": "96"}[level]
    shapes = join(blocks, list(districts[level].values()))
    codes = [f"99{prefix[1]}{number:02d}" for number in range(1, len(shapes) + 1)]
    columns = {
        "STATEFP": STATE,
        f"{level.upper()}LEA": codes,
        "AFFGEOID": [f"{prefix}00000US{STATE}{code}" for code in codes],
        "GEOID": [STATE + code for code in codes],
        "NAME": list(districts[level]),
        "STUSPS": "CA",
        "STATE_NAME": "California",
        "LSAD": "00",
        "ALAND": to_area(shapes),
        "AWATER": 0,
    }
    return gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=PUBLISHED_CRS)


def tribal_areas(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One tribal area (cb_2020_us_aiannh_500k), in scattered sections."""
    place = blocks["column"].astype(int), blocks["row"].astype(int)
    chosen = np.array([pair in TRIBAL_SECTIONS for pair in zip(*place, strict=True)])
    shapes = join(blocks, [chosen])
    columns = {
        "AIANNHCE": ["9901"],
        "AIANNHNS": ["09990001"],
        "AFFGEOID": ["2500000US9901"],
        "GEOID": ["9901"],
        "NAME": ["Piedra Azul"],
        "NAMELSAD": ["Piedra Azul Reservation"],
        "LSAD": ["86"],
        "ALAND": to_area(shapes).astype(float),
        "AWATER": [0.0],
    }
    return gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=PUBLISHED_CRS)


def water_districts(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Jurisdictions of two water districts (i03): far wider than where their pipes run."""
    column, row = blocks["column"].to_numpy(), blocks["row"].to_numpy()
    valley = (column > 6.0) & (column < COLUMNS - 1) & (row < RIVER_J / UNITS)
    over = (row > RIVER_J / UNITS) & (column > 9) & (column < 18)
    shapes = join(blocks, [valley, over])
    names = ["DEMO VALLEY W.D.", "FERRY BEND C.W.D."]
    columns = {"OBJECTID": [1, 2], "AGENCYNAME": names, "AGENCYUNIQUEID": ["9901", "9902"]}
    return gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=PUBLISHED_CRS)


def health_districts(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One health district, which covers the north-west and the middle of the valley."""
    column, row = blocks["column"].to_numpy(), blocks["row"].to_numpy()
    inside = (column >= HEALTH_COLUMNS[0]) & (column < HEALTH_COLUMNS[1]) & (row < RIVER_J / UNITS)
    shapes = join(blocks, [inside])
    columns = {"NAME": ["Callado Valley Healthcare District"], "COUNTY": ["Demo"]}
    return gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=PUBLISHED_CRS)


def hospital_districts(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One hospital district, in the south-east, as a County's layer has it: its name under District."""
    column, row = blocks["column"].to_numpy(), blocks["row"].to_numpy()
    inside = (column >= HEALTH_COLUMNS[1]) & (row < RIVER_J / UNITS)
    columns = {"OBJECTID": [1], "District": ["Las Garzas Memorial"], "Shape__Area": [1.0]}
    return gpd.GeoDataFrame(columns, geometry=join(blocks, [inside]).to_numpy(), crs=PUBLISHED_CRS)


def supervisor_districts(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Supervisorial districts 1 to 4 as a County's layer has them, the number as a number."""
    district = 1 + np.digitize(blocks["column"], SUPERVISOR_COLUMNS)
    numbers = sorted(set(district))
    shapes = join(blocks, [district == number for number in numbers])
    columns = {"OBJECTID": list(range(1, len(numbers) + 1)), "DISTRICT": [int(number) for number in numbers]}
    return gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=PUBLISHED_CRS)


def board_divisions(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Two divisions of the receiving district's board; the layer calls them districts."""
    column, row = blocks["column"].to_numpy(), blocks["row"].to_numpy()
    valley = (column > 6.0) & (column < COLUMNS - 1) & (row < RIVER_J / UNITS)
    middle = COLUMNS / 2
    shapes = join(blocks, [valley & (column < middle), valley & (column >= middle)])
    columns = {"OBJECTID": [1, 2], "District": ["Division 1", "Division 2"]}
    return gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=PUBLISHED_CRS)


def supervisor_table(blocks: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """2020 tracts to supervisorial districts 1 to 4, with the share of each tract in it and its ages."""
    district = 1 + np.digitize(blocks["column"], SUPERVISOR_COLUMNS)
    areas = blocks["land_m2"] + blocks["water_m2"]
    parts = areas.groupby([blocks["tract_2020"], district]).sum()
    shares = (parts / parts.groupby(level=0).transform("sum")).round(4)
    first = shares.sort_values(ascending=False, kind="stable").groupby(level=0).head(1).sort_index()
    geoid = first.index.get_level_values(0)
    under_5 = truth["under_5_male"] + truth["under_5_female"]
    columns = {
        "GEOID": geoid,
        "supervisorial_district_2021": first.index.get_level_values(1),
        "share_of_tract_area_in_it": first.to_numpy(),
        "acs2023_total_pop": truth["population"].round().astype(int).loc[geoid].to_numpy(),
        "acs2023_under5": under_5.round().astype(int).loc[geoid].to_numpy(),
        "acs2023_65plus": truth["aged_65_and_over"].round().astype(int).loc[geoid].to_numpy(),
        "census2020_pop": truth["population"].astype(int).loc[geoid].to_numpy(),
    }
    return pd.DataFrame(columns)
