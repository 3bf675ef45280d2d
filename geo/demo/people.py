"""Who lives in the invented valley: homes, people and hardship, block by block."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.demo.cells import Cell, build_cells, to_polygons
from geo.demo.valley import (
    COLUMNS,
    LAKE,
    METRIC_CRS,
    PRISON,
    PUBLISHED_CRS,
    TOWNS,
    Floats,
    Ints,
    density_at,
    random_for,
    smooth_noise,
)

HOUSEHOLDS = 66_000
PRISONERS = 2_870
DESERT_DENSITY = 0.0045  # beside a town's centre, about 1
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
