"""The examination of a built dataset, kept in its record: made anew where the checks are others.

A change of what is declared of a column, or of a check, makes no dataset stale: its data stay, and only
what is said of them is written again. Imports no dataframe library until something is examined.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from geo.datasets.columns import DECLARED_IN
from geo.datasets.declared import Dataset
from geo.datasets.fingerprint import code_checksum
from geo.datasets.record import Sidecar
from geo.region import Region


@cache
def examiner() -> str:
    """Checksum of the checks, and of what is declared of columns.

    Examples
    --------
    >>> len(examiner())
    64
    """
    modules = ("geo.datasets.plausibility", *DECLARED_IN)
    parts = [code_checksum(f"{name.replace('.', '/')}.py") for name in modules]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def key_of(name: str) -> tuple[str, ...]:
    """Return the columns that name a row of a dataset, as its pipeline declares them.

    Examples
    --------
    >>> key_of("tract_system_join")
    ('geoid', 'pwsid')
    """
    key: tuple[str, ...] = import_module(f"geo.pipelines.{name}").SCHEMA.key
    return key


def filled_before(sidecar: Sidecar | None) -> Mapping[str, int]:
    """Return how many rows of the build before had a value, by column; empty where there was none.

    Examples
    --------
    >>> filled_before(None)
    {}
    """
    filled: Mapping[str, int] = sidecar.record.get("examined", {}).get("filled", {}) if sidecar else {}
    return filled


def examination(
    region: Region, name: str, frame: Any, record: Mapping[str, Any], before: Mapping[str, int]
) -> dict[str, Any]:
    """Examine a dataset and return what its record keeps of it.

    Parameters
    ----------
    record
        Of its making; only its sources are read.
    before
        As :func:`filled_before` returns it.
    """
    from geo.datasets.plausibility import Context, count_filled, examine

    here = frozenset(str(source["key"]) for source in record["sources"] if source["here"])
    found = examine(frame, Context(name, key_of(name), region.counties, here, before))
    return {
        "by": examiner(),
        "findings": [finding.to_record() for finding in found],
        "filled": count_filled(frame),
        "before": dict(before),
    }


def examine_again(region: Region, dataset: Dataset, sidecar: Sidecar) -> None:
    """Examine what is up to date where the checks, or what is declared of its columns, are others."""
    examined = sidecar.record.get("examined", {})
    if not sidecar.built or examined.get("by") == examiner():
        return
    from geo.datasets.storage import read_shapes_of, read_table_of, write_anew

    read = read_shapes_of if dataset.kind == "shapes" else read_table_of
    frame = read(region.key, dataset.name)
    found = examination(region, dataset.name, frame, sidecar.record, examined.get("before", {}))
    write_anew(region.key, dataset.name, {**sidecar.record, "examined": found})
