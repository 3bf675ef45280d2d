"""Processed datasets: GeoParquet read and written, each with the record of its making."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from geo.datasets.findings import Finding
from geo.datasets.record import (
    BLANK,
    METADATA_KEY,
    SEAL_KEY,
    Sidecar,
    look_anew,
    parquet_path,
    require_sidecar,
    seal,
    write_record,
)
from geo.errors import MissingDatasetError
from geo.language import gettext as _
from geo.methods.interpolation.ledger import Ledger

ATTEMPTS = 5
OF_FILE = ("bytes", "sha256", "seal")
"""What a record says of the files themselves: never carried from one to the next."""


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
    stream: Any = io.BytesIO(_read_whole(region, name))
    return gpd.read_parquet(stream)


def read_table_of(region: str, name: str) -> pd.DataFrame:
    """Read a dataset without shapes.

    Raises
    ------
    MissingDatasetError
        It is not built; the message says why, where that is known.
    """
    return pd.read_parquet(io.BytesIO(_read_whole(region, name)))


def _read_whole(region: str, name: str) -> bytes:
    """Read a dataset's file as its record says it is: what is parsed is what was proved."""
    for _attempt in range(ATTEMPTS):
        sidecar = require_sidecar(region, name)
        with suppress(OSError):
            whole = parquet_path(region, name).read_bytes()
            if hashlib.sha256(whole).hexdigest() == sidecar.record["sha256"]:
                return whole
        look_anew()  # built again between the two, or damaged since it was proved: then the record says so
    raise MissingDatasetError(
        _("the dataset {name!r} of {region!r} was built again each time it was read").format(
            name=name, region=region
        ),
        _("wait until the build has ended"),
    )


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
        **{key: value for key, value in record.items() if key not in OF_FILE},
        "status": "built",
        "rows": len(frame),
        "columns": [str(column) for column in frame.columns],
        "crs": frame.crs.to_string() if isinstance(frame, gpd.GeoDataFrame) and frame.crs else None,
        "content_sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "ledgers": [ledger.to_record() for ledger in product.ledgers],
        "findings": [finding.to_record() for finding in product.findings],
        "notes": dict(product.notes),
    }
    return _write_whole(region, name, _to_parquet(buffer, full), full)


def write_anew(region: str, name: str, record: Mapping[str, Any]) -> Sidecar:
    """Write a dataset's record anew, beside its file and in it; its data stay as they are.

    Raises
    ------
    MissingDatasetError
        It is not built, or damaged.
    """
    whole = _to_parquet(
        io.BytesIO(_read_whole(region, name)),
        {key: value for key, value in record.items() if key not in OF_FILE},
    )
    return _write_whole(region, name, whole, record)


def _write_whole(region: str, name: str, whole: bytes, record: Mapping[str, Any]) -> Sidecar:
    path = parquet_path(region, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    temporary.write_bytes(whole)
    temporary.replace(path)
    of_file = {"bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest()}
    return write_record(region, name, {**record, **of_file})


def _to_parquet(buffer: io.BytesIO, record: Mapping[str, Any]) -> bytes:
    """Write the frame again with its record inside, and seal it."""
    table = pq.read_table(buffer)
    own = {METADATA_KEY: json.dumps(record).encode(), SEAL_KEY: BLANK.encode()}
    sealed = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({**(table.schema.metadata or {}), **own}), sealed, compression="zstd"
    )
    return seal(sealed.getvalue())
