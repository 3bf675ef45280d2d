"""The demo's raw files, written once."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pandas as pd
import pytest

from demo import write_demo
from demo.valley import COUNTY_GEOID
from geo.sources.catalog import read_catalog
from geo.sources.raw import RawStore
from geo.sources.reading import read_shapes, read_table


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> RawStore:
    """A store into which the demo has been written."""
    store = RawStore("demo", folder=tmp_path_factory.mktemp("demo"))
    write_demo(store)
    return store


@pytest.fixture(scope="session")
def table(store: RawStore) -> Callable[[str], pd.DataFrame]:
    """Read one of the demo's sources as a table."""
    return lambda key: read_table(read_catalog()[key], store, [COUNTY_GEOID])


@pytest.fixture(scope="session")
def shapes(store: RawStore) -> Callable[[str], gpd.GeoDataFrame]:
    """Read one of the demo's sources as shapes, in EPSG:4326."""
    return lambda key: read_shapes(read_catalog()[key], store, [COUNTY_GEOID])
