"""What a pipeline's ``extract`` may read: the region, its sources, optional ones, and built datasets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.datasets.record import read_sidecar
from geo.datasets.storage import read_shapes_of, read_table_of
from geo.region import Region
from geo.sources.catalog import Source
from geo.sources.raw import RawFile, RawStore, Receipt
from geo.sources.reading import NO_LIMIT, read_shapes, read_table


@dataclass(frozen=True, slots=True)
class Inputs:
    """The door through which a pipeline reads; everything else it does is pure."""

    region: Region
    store: RawStore
    catalog: Mapping[str, Source] = field(repr=False)

    def has(self, source: str) -> bool:
        """Whether a source is here for the region: statewide, or for one of its counties at least."""
        return self.store.has(source, self.region.counties)

    def built(self, dataset: str) -> bool:
        """Whether a dataset is built."""
        sidecar = read_sidecar(self.region.key, dataset)
        return sidecar is not None and sidecar.built

    def receipt(self, source: str) -> Receipt | None:
        """Return what is known of a source's files."""
        return self.store.receipt(source)

    def files(self, source: str) -> tuple[RawFile, ...]:
        """Return a source's files, whole."""
        return self.store.require_files(source)

    def table(self, source: str, begins: Mapping[str, tuple[str, ...]] = NO_LIMIT) -> pd.DataFrame:
        """Read a source as a table with our columns; per-county files only of the region's counties.

        ``begins`` keeps the rows whose columns begin so, of a text that may be larger than the memory.
        """
        return read_table(self.catalog[source], self.store, self.region.counties, begins=begins)

    def shapes(self, source: str) -> gpd.GeoDataFrame:
        """Read a source's shapes with our columns, in EPSG:4326."""
        return read_shapes(self.catalog[source], self.store, self.region.counties)

    def dataset(self, name: str) -> pd.DataFrame:
        """Read a dataset without shapes that was built before."""
        return read_table_of(self.region.key, name)

    def dataset_shapes(self, name: str) -> gpd.GeoDataFrame:
        """Read a dataset with shapes that was built before, in EPSG:4326."""
        return read_shapes_of(self.region.key, name)


def is_here(inputs: Inputs, source: str) -> bool:
    """Whether a source is here for the region: statewide, or for one of its counties at least."""
    return inputs.has(source)


def table_or_empty(inputs: Inputs, source: str) -> pd.DataFrame:
    """Read a source as a table; without rows where it is not here."""
    return inputs.table(source) if is_here(inputs, source) else empty_table(inputs.catalog[source])


def shapes_or_empty(inputs: Inputs, source: str) -> gpd.GeoDataFrame:
    """Read a source's shapes, in EPSG:4326; without rows where it is not here."""
    if is_here(inputs, source):
        return inputs.shapes(source)
    return gpd.GeoDataFrame(empty_table(inputs.catalog[source]), geometry=[], crs=STORED)


def empty_table(source: Source) -> pd.DataFrame:
    """Make a frame with our columns of a source, and no rows.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> empty_table(read_catalog()["tracts_2020"]).dtypes.astype(str).to_dict()
    {'geoid': 'string', 'name': 'string', 'land_m2': 'Float64', 'water_m2': 'Float64'}
    """
    layout = source.layout
    kinds = ((layout.text, "string"), (layout.number, "Float64"), (layout.date, "datetime64[ns]"))
    return pd.DataFrame({ours: pd.Series(dtype=kind) for part, kind in kinds for ours in part})
