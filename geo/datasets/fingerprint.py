"""The checksum of all that a dataset is made from: sources, inputs, code, region and libraries.

Files are compared by content, never by their time. Imports no dataframe library: code is read as text.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from geo.datasets.declared import Dataset
from geo.datasets.record import read_sidecar
from geo.region import Region
from geo.settings import ROOT
from geo.sources.catalog import Source, vintages_of
from geo.sources.raw import RawStore

LIBRARIES = ("geopandas", "numpy", "pandas", "pyarrow", "pyogrio", "pyproj", "scikit-learn", "shapely")
ENGINE = ("geo/datasets/inputs.py", "geo/datasets/storage.py", "geo/datasets/shapes.py")

# Packages whose code counts: the demo's own writes the raw files of its realm.
OURS = ("geo", "demo")


def fingerprint(dataset: Dataset, region: Region, store: RawStore, catalog: dict[str, Source]) -> str:
    """Checksum of what ``dataset`` would be made from now.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> from geo.datasets.declared import DATASETS
    >>> from geo.region import read_region
    >>> parts = DATASETS["roads"], read_region("demo"), RawStore("demo"), read_catalog()
    >>> fingerprint(*parts) == fingerprint(*parts)
    True
    """
    read = dataset.sources + dataset.optional
    parts = {
        "dataset": repr(dataset),
        "region": repr(region),
        "sources": {key: _source_state(catalog[key], store) for key in vintages_of(read, catalog)},
        "inputs": {name: _content(region.key, name) for name in dataset.inputs + dataset.optional_inputs},
        "code": code_checksum(f"geo/pipelines/{dataset.name}.py"),
        "libraries": _library_versions(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _source_state(source: Source, store: RawStore) -> list[str]:
    receipt = store.receipt(source.key)
    if receipt is None:
        return []
    layout = repr(source.layout_for(receipt.fidelity)) + repr((source.key_columns, source.missing))
    return [layout, receipt.credit, *(f"{item.county}:{item.sha256}" for item in receipt.files)]


def _content(region: str, name: str) -> str:
    sidecar = read_sidecar(region, name)
    return sidecar.content if sidecar else ""


@cache
def _library_versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}


@cache
def code_checksum(relative: str) -> str:
    """Checksum over a module of this project and all modules of it that it imports, as text."""
    digest = hashlib.sha256()
    for path in sorted(_closure(ROOT / relative) | {ROOT / name for name in ENGINE}):
        if path.is_file():
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _closure(start: Path) -> set[Path]:
    seen: set[Path] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        waiting.extend(_imported(path))
    return seen


@cache
def _imported(path: Path) -> tuple[Path, ...]:
    return tuple(_find_imported(path))


def _find_imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in OURS:
            yield from _candidates(node.module)
            for alias in node.names:
                yield from _candidates(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in OURS:
                    yield from _candidates(alias.name)


def _candidates(module: str) -> Iterator[Path]:
    place = ROOT / module.replace(".", "/")
    yield from (path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file())
