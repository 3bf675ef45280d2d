"""What a pipeline's ``extract`` may read: the region, its raw sources, and datasets built before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from geo.processed import read_shapes_of, read_table_of
from geo.region import Region
from geo.sidecar import read_sidecar
from geo.sources.catalog import Source
from geo.sources.raw import RawFile, RawStore, Receipt
from geo.sources.reading import read_shapes, read_table


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

    def table(self, source: str) -> pd.DataFrame:
        """Read a source as a table with our columns; per-county files only of the region's counties."""
        return read_table(self.catalog[source], self.store, self.region.counties)

    def shapes(self, source: str) -> gpd.GeoDataFrame:
        """Read a source's shapes with our columns, in EPSG:4326."""
        return read_shapes(self.catalog[source], self.store, self.region.counties)

    def dataset(self, name: str) -> pd.DataFrame:
        """Read a dataset without shapes that was built before."""
        return read_table_of(self.region.key, name)

    def dataset_shapes(self, name: str) -> gpd.GeoDataFrame:
        """Read a dataset with shapes that was built before, in EPSG:4326."""
        return read_shapes_of(self.region.key, name)
