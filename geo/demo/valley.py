"""The lie of the invented valley: a lattice bent over the ocean, its towns, and what cannot be crossed.

A place on the lattice has two whole numbers: ``i`` along the valley (north-west to south-east) and ``j``
across it (south-west to north-east), twelve units a section. Every line of the demo runs on the lattice,
so that shapes share their vertices exactly.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SEED = 20200401  # the day of the census
STATE, COUNTY = "06", "901"
COUNTY_GEOID = STATE + COUNTY
COUNTY_NAME = "Demo"
PUBLISHED_CRS = "EPSG:4269"
METRIC_CRS = "EPSG:3310"

UNITS = 12  # lattice units along a section's side
# Sections along and across the valley, in km.
WIDTHS = (
    3.4, 2.2, 1.5, 1.3, 1.3, 1.4, 1.9, 2.2, 1.7, 1.4, 1.3, 1.4,
    1.8, 2.3, 2.0, 1.6, 1.4, 1.5, 2.0, 2.4, 2.2, 2.0, 2.4, 3.6,
)  # fmt: skip
HEIGHTS = (5.0, 2.8, 1.7, 1.3, 1.2, 1.0, 1.3, 1.6, 1.9, 2.6, 3.6)
COLUMNS, ROWS = len(WIDTHS), len(HEIGHTS)
LAST_I, LAST_J = COLUMNS * UNITS, ROWS * UNITS
CENTRE = (-118.90, 32.55)
TILT_DEG = -42.0

# Lattice lines that nobody walks across: j of rail, motorway, canal and river; i of the canal's head.
RAIL_J, MOTORWAY_J, CANAL_J, RIVER_J = 60, 72, 96, 120
CANAL_HEAD_I = 48
HIGHWAY_J, HIGHWAY_I = 48, 156
# Columns (lattice line i / 12) where a street passes over or under.
CROSSINGS: dict[int, frozenset[int]] = {
    RAIL_J: frozenset({1, 3, 4, 5, 8, 10, 11, 13, 16, 17, 19, 21}),
    MOTORWAY_J: frozenset({1, 3, 4, 5, 8, 10, 11, 13, 16, 17, 19, 21}),
    CANAL_J: frozenset({5, 8, 10, 11, 13, 16, 19, 20, 21, 23}),
    RIVER_J: frozenset({3, 7, 13, 14, 19}),
}
CANAL_HEAD_CROSSING_J = 108
# Rectangles on the lattice (i0, j0, i1, j1).
LAKE = (240, 0, 288, 36)
PRISON = (276, 120, 288, 132)


@dataclass(frozen=True, slots=True)
class Town:
    """A town: its centre in sections, its reach in sections, and how dense and how poor it is."""

    name: str
    label: str
    column: float
    row: float
    reach: float
    density: float
    hardship: float


TOWNS = (
    Town("Agua Serena", "Agua Serena city", 4.2, 3.8, 1.5, 1.0, -0.25),
    Town("Marlow Springs", "Marlow Springs city", 10.4, 4.4, 1.45, 1.1, 0.0),
    Town("Cielo Verde", "Cielo Verde city", 10.8, 7.0, 1.1, 0.8, 0.1),
    Town("Las Hojas", "Las Hojas city", 16.4, 4.6, 1.3, 1.0, 0.15),
    Town("Tierra Clara", "Tierra Clara CDP", 20.4, 7.0, 0.9, 0.6, 0.25),
    Town("Las Garzas", "Las Garzas CDP", 21.2, 4.3, 0.8, 0.55, 0.25),
    Town("Ferry Bend", "Ferry Bend CDP", 13.6, 10.45, 0.7, 0.6, 0.2),
)


def random_for(seed: int, theme: str) -> np.random.Generator:
    """Return the generator of one theme, so that a change in one leaves the others as they were.

    Examples
    --------
    >>> random_for(1, "people").random() == random_for(1, "people").random()
    True
    """
    return np.random.default_rng([seed, zlib.crc32(theme.encode())])


def to_sections(i: npt.ArrayLike, j: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Lattice units to column and row, in sections."""
    return np.asarray(i, dtype=float) / UNITS, np.asarray(j, dtype=float) / UNITS


def to_metres(i: npt.ArrayLike, j: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Lattice units to x and y in EPSG:3310 (m): the bent valley."""
    column, row = to_sections(i, j)
    along = np.interp(column, np.arange(COLUMNS + 1), np.concatenate([[0.0], np.cumsum(WIDTHS)]))
    across = np.interp(row, np.arange(ROWS + 1), np.concatenate([[0.0], np.cumsum(HEIGHTS)]))
    along, across = _bend(along - sum(WIDTHS) / 2, across - sum(HEIGHTS) / 2)
    tilt = np.deg2rad(TILT_DEG)
    x = along * np.cos(tilt) - across * np.sin(tilt)
    y = along * np.sin(tilt) + across * np.cos(tilt)
    x0, y0 = Transformer.from_crs(PUBLISHED_CRS, METRIC_CRS, always_xy=True).transform(*CENTRE)
    return x0 + 1000 * x, y0 + 1000 * y


def _bend(along: Floats, across: Floats) -> tuple[Floats, Floats]:
    """Bend the valley into an S, narrow its head, and let its lines waver (km)."""
    narrow = 1.0 + 0.10 * np.tanh(along / 14.0)
    bent = across * narrow + 1.9 * np.sin(2 * np.pi * along / 48.0 + 0.5)
    waver_along = 0.22 * np.sin(2 * np.pi * (across / 7.1 + along / 17.0)) - 0.012 * across**2
    waver_across = 0.20 * np.sin(2 * np.pi * along / 8.7 + across / 5.0)
    return along + waver_along, bent + waver_across


def to_degrees(i: npt.ArrayLike, j: npt.ArrayLike) -> Floats:
    """Lattice units to longitude and latitude (EPSG:4269), to a millionth of a degree."""
    x, y = to_metres(i, j)
    longitude, latitude = Transformer.from_crs(METRIC_CRS, PUBLISHED_CRS, always_xy=True).transform(x, y)
    rounded: Floats = np.round(np.column_stack([longitude, latitude]), 6)
    return rounded


def density_at(column: npt.ArrayLike, row: npt.ArrayLike) -> Floats:
    """How dense the settlement is, 0 (nobody) to about 1 (a town's centre), from sections."""
    column, row = np.asarray(column, dtype=float), np.asarray(row, dtype=float)
    total = np.zeros(np.broadcast(column, row).shape)
    for town in TOWNS:
        distance2 = ((column - town.column) / town.reach) ** 2 + ((row - town.row) / town.reach) ** 2
        total += town.density * np.exp(-distance2 / 1.6)
    return total


def smooth_noise(column: npt.ArrayLike, row: npt.ArrayLike, rng: np.random.Generator) -> Floats:
    """Noise that neighbours share, about -1 to 1, from sections."""
    column, row = np.asarray(column, dtype=float), np.asarray(row, dtype=float)
    total = np.zeros(np.broadcast(column, row).shape)
    for _ in range(6):
        angle, phase = rng.uniform(0, 2 * np.pi, 2)
        length = rng.uniform(3.0, 9.0)
        total += np.sin(2 * np.pi * (column * np.cos(angle) + row * np.sin(angle)) / length + phase)
    return total / 3.5
