"""Processed datasets: GeoParquet read and written, each with the record of its making."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from geo.findings import Finding
from geo.ledger import Ledger
from geo.sidecar import METADATA_KEY, Sidecar, parquet_path, require_sidecar, write_record
from geo.sources.raw import sha256_of


@dataclass(frozen=True, slots=True)
class Product:
    """What a pipeline's ``transform`` returns.

    ``frame`` is a GeoDataFrame in EPSG:4326, or a DataFrame for a table; ``ledgers`` account for what
    moved between polygons; ``findings`` say what our checks found wrong; ``notes`` are plain numbers and
    strings that were measured on the way, kept in the sidecar and printed by ``python -m geo methods``.
    """

    frame: pd.DataFrame
    ledgers: tuple[Ledger, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)


def read_shapes_of(region: str, name: str) -> gpd.GeoDataFrame:
    """Read a dataset with its shapes, in EPSG:4326.

    Raises
    ------
    MissingDatasetError
        It is not built; the message says why, where that is known.
    """
    require_sidecar(region, name)
    return gpd.read_parquet(parquet_path(region, name))


def read_table_of(region: str, name: str) -> pd.DataFrame:
    """Read a dataset without shapes.

    Raises
    ------
    MissingDatasetError
        It is not built; the message says why, where that is known.
    """
    require_sidecar(region, name)
    return pd.read_parquet(parquet_path(region, name))


def read_ledgers(region: str, name: str) -> tuple[Ledger, ...]:
    """Read the ledgers of a dataset's making."""
    sidecar = require_sidecar(region, name)
    return tuple(Ledger.from_record(item) for item in sidecar.record["ledgers"])


def write_dataset(region: str, name: str, product: Product, record: Mapping[str, Any]) -> Sidecar:
    """Write a dataset and its record; a reader sees the old one or the new one, whole.

    Parameters
    ----------
    record
        What is known of its making; rows, columns, CRS, ledgers, findings and checksums are added.
    """
    frame = product.frame
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    full = {
        **record,
        "status": "built",
        "rows": len(frame),
        "columns": [str(column) for column in frame.columns],
        "crs": frame.crs.to_string() if isinstance(frame, gpd.GeoDataFrame) and frame.crs else None,
        "content_sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "ledgers": [ledger.to_record() for ledger in product.ledgers],
        "findings": [finding.to_record() for finding in product.findings],
        "notes": dict(product.notes),
    }
    path = parquet_path(region, name)
    _write_with_record(path, buffer, full)
    return write_record(region, name, {**full, "bytes": path.stat().st_size, "sha256": sha256_of(path)})


def _write_with_record(path: Path, buffer: io.BytesIO, record: Mapping[str, Any]) -> None:
    table = pq.read_table(buffer)
    metadata = {**(table.schema.metadata or {}), METADATA_KEY: json.dumps(record).encode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    pq.write_table(table.replace_schema_metadata(metadata), temporary, compression="zstd")
    temporary.replace(path)
