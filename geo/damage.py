"""What is damaged on the disk: datasets, the shapes that the browser takes, and fetched files.

Imports no dataframe library.
"""

from __future__ import annotations

from collections.abc import Iterator

from geo.datasets import DATASETS
from geo.errors import FetchError
from geo.language import gettext as _
from geo.region import Region
from geo.settings import static_dir
from geo.shapes_file import is_whole_shapes
from geo.sidecar import Sidecar, look_anew, read_sidecar
from geo.sources.raw import RawStore


def find_damage(sidecar: Sidecar | None) -> str:
    """Say what is damaged of a dataset: its own file, or that of its shapes; empty where all is whole."""
    if sidecar is None:
        return ""
    if sidecar.damaged:
        return sidecar.reason
    shapes = sidecar.record.get("shapes")
    if sidecar.built and shapes and not is_whole_shapes(static_dir() / str(shapes)):
        return _(
            "its shapes for the browser are damaged or gone; run python -m geo build --region {region}"
        ).format(region=sidecar.region)
    return ""


def list_damage(region: Region) -> Iterator[tuple[str, str]]:
    """Prove every file anew, and name each dataset and source of which one is damaged, with what to do."""
    look_anew()
    for name in DATASETS:
        damage = find_damage(read_sidecar(region.key, name))
        if damage:
            yield name, damage
    store = RawStore(region.realm)
    for key in store.sources():
        try:
            store.require_files(key)
        except FetchError as error:
            yield key, str(error)
