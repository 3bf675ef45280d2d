"""What was built before a build, kept aside until both are compared."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo.datasets.columns import columns_of
from geo.datasets.declared import DATASETS
from geo.datasets.examined import key_of
from geo.datasets.record import parquet_path, read_sidecar

if TYPE_CHECKING:
    import pandas as pd

    from geo.datasets.comparison import Moved


@dataclass(frozen=True, slots=True)
class Before:
    """The datasets of a region as they were: copies in a folder, and the checksum of each one's data."""

    region: str
    folder: Path
    contents: Mapping[str, str]

    def compare(self, names: Iterable[str]) -> Iterator[Moved]:
        """Compare datasets, as they were, with what is built now; one whose data are the same is not read."""
        from geo.datasets.comparison import Moved, compare_frames

        for name in names:
            sidecar = read_sidecar(self.region, name)
            now = sidecar if sidecar is not None and sidecar.built else None
            if now is not None and self.contents.get(name) == now.content:
                rows = int(now.record["rows"])
                yield Moved(name, (rows, rows))
                continue
            old = _read(self.folder / f"{name}.parquet", name) if name in self.contents else None
            new = _read(parquet_path(self.region, name), name) if now is not None else None
            yield compare_frames(name, key_of(name), old, new, columns_of(name))


@contextmanager
def keep_before(region: str) -> Iterator[Before]:
    """Keep copies of what is built of a region, while it is built again; what is damaged counts as not built.

    Examples
    --------
    >>> with keep_before("demo") as before:
    ...     before.region
    'demo'
    """
    with tempfile.TemporaryDirectory(prefix="geo-before-") as temporary:
        folder = Path(temporary)
        contents = {}
        for name in DATASETS:
            sidecar = read_sidecar(region, name)
            if sidecar is not None and sidecar.built:
                shutil.copy2(parquet_path(region, name), folder)
                contents[name] = sidecar.content
        yield Before(region, folder, contents)


def _read(path: Path, name: str) -> pd.DataFrame:
    import geopandas as gpd
    import pandas as pd

    return gpd.read_parquet(path) if DATASETS[name].kind == "shapes" else pd.read_parquet(path)
