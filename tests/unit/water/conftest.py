"""A small valley whose water tables can be drawn by hand: squares of a kilometer, in EPSG:3310."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest

from geo.region import Focus, Region
from geo.water.state_tables import BOUNDARIES, SOURCES, VIOLATIONS, SystemTables
from geo.water.violations import to_listed
from tests.unit.water.drawn_valley import METRIC, Make, lonlat, square, table


@pytest.fixture
def region() -> Region:
    return Region(
        key="valley",
        title="A valley",
        realm="official",
        state="06",
        counties=("06065",),
        area_crs=METRIC,
        length_crs="EPSG:26911",
        focus=(Focus("valley", (-116.5, 33.3, -115.9, 33.9)),),
        receiver="CA3310001",
        receiver_name="Coachella Valley Water District",
        receiver_pwsids=("CA3310001",),
    )


@pytest.fixture
def counties() -> gpd.GeoDataFrame:
    """One county, 40 km wide and high."""
    shape = square(-10, -10, 40_000)
    return gpd.GeoDataFrame(
        {"geoid": ["06065"], "name": ["Riverside County"]}, geometry=[lonlat(shape)], crs="EPSG:4326"
    )


@pytest.fixture
def make(counties: gpd.GeoDataFrame) -> Make:
    """Make the five tables; a boundary row may carry ``shape`` in EPSG:3310."""

    def made(**rows: list[dict[str, Any]]) -> SystemTables:
        given = {source: rows.get(source, []) for source in SOURCES}
        shapes = [lonlat(row.get("shape", square(0, 0))) for row in given[BOUNDARIES]]
        boundaries = gpd.GeoDataFrame(
            table(BOUNDARIES, given[BOUNDARIES]),
            geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"),
            crs="EPSG:4326",
        )
        tables = {key: table(key, given[key]) for key in SOURCES if key != BOUNDARIES}
        vintages = dict.fromkeys(SOURCES, "2025")
        listed = to_listed(tables[VIOLATIONS], "2025")
        return SystemTables(boundaries, tables, counties, vintages, 0, listed)

    return made
