"""What the tests of the water tables draw with: squares of a kilometer in EPSG:3310, and tables of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import Geometry, box

from geo.sources.catalog import read_catalog
from geo.water.state_tables import SystemTables

METRIC = "EPSG:3310"
# Lower left corner of the valley, in meters of EPSG:3310: near Thermal.
X0, Y0 = 355_000.0, -490_000.0
Make = Callable[..., SystemTables]


def square(column: float, row: float, side_m: float = 1_000.0) -> Geometry:
    """A square by its lower left corner, counted in kilometers from the valley's corner."""
    x, y = X0 + column * 1_000, Y0 + row * 1_000
    return box(x, y, x + side_m, y + side_m)


def lonlat(shape: Geometry) -> Geometry:
    """The same shape in EPSG:4326."""
    return gpd.GeoSeries([shape], crs=METRIC).to_crs("EPSG:4326").iloc[0]


def table(source: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows with the catalog's columns and kinds; what a row does not say is missing."""
    layout = read_catalog()[source].layout
    frame = pd.DataFrame(rows, columns=list(layout.columns))
    kinds = {**dict.fromkeys(layout.text, "string"), **dict.fromkeys(layout.number, "Float64")}
    return frame.astype({**kinds, **dict.fromkeys(layout.date, "datetime64[ms]")})
