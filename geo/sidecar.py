"""The record of a dataset's making, beside its file and inside it.

``<name>.parquet`` carries the record in its own metadata, and ``<name>.json`` repeats it with the
file's checksum. Each is renamed into place whole, the Parquet file first: a process killed between the
two leaves a file whose own record is the truth, from which the other is written again. Imports no
dataframe library.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import MissingDatasetError
from geo.findings import Finding
from geo.language import gettext as _
from geo.language import mark as N_
from geo.settings import processed_dir
from geo.sources.raw import sha256_of

METADATA_KEY = b"geo:record"
REBUILD = N_("run python -m geo build --region {region}")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The record of one dataset of one region; ``record`` is what stands in the JSON file."""

    region: str
    name: str
    record: Mapping[str, Any]

    @property
    def built(self) -> bool:
        """False where a source was missing: then there is a reason and no file."""
        return bool(self.record["status"] == "built")

    @property
    def reason(self) -> str:
        """Why it was not built, in the language that is chosen; empty where it was."""
        return tell_why(self.record.get("why", {})) or str(self.record.get("reason", ""))

    @property
    def fingerprint(self) -> str:
        """Checksum over all that it was made from: sources, inputs, code, region."""
        return str(self.record["fingerprint"])

    @property
    def content(self) -> str:
        """Checksum of the data alone, the record aside."""
        return str(self.record.get("content_sha256", ""))

    @property
    def credits(self) -> tuple[str, ...]:
        """One line for every source that fed it."""
        return tuple(str(source["credit"]) for source in self.record.get("sources", ()))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What our checks found wrong."""
        return tuple(Finding.from_record(item) for item in self.record.get("findings", ()))

    @property
    def notes(self) -> Mapping[str, Any]:
        """What was measured on the way; empty where nothing was."""
        return dict(self.record.get("notes", {}))

    @property
    def invented(self) -> bool:
        """Whether the data are invented."""
        return bool(self.record.get("invented", False))


def tell_why(why: Mapping[str, Any]) -> str:
    """Tell why a dataset is not built: kept as words with gaps, told in the language of who reads.

    Examples
    --------
    >>> tell_why({"words": "it needs {name}: {why}", "name": "tracts", "why": {"words": "not here"}})
    'it needs tracts: not here'
    """
    gaps = {name: tell_why(gap) if isinstance(gap, Mapping) else _(str(gap)) for name, gap in why.items()}
    return gaps.pop("words", "").format(**gaps)


def parquet_path(region: str, name: str) -> Path:
    """Where a dataset's file lies."""
    return processed_dir(region) / f"{name}.parquet"


def sidecar_path(region: str, name: str) -> Path:
    """Where a dataset's record lies."""
    return processed_dir(region) / f"{name}.json"


def read_sidecar(region: str, name: str) -> Sidecar | None:
    """Read a dataset's record; None where it was never built, or its file is gone or cut.

    Where the JSON file and the Parquet file disagree, the record inside the Parquet file counts.
    """
    path, parquet = sidecar_path(region, name), parquet_path(region, name)
    record = _read_json(path)
    if record and record["status"] != "built":
        return None if parquet.exists() else Sidecar(region, name, record)
    if record and parquet.is_file() and _same_file(parquet, record):
        return Sidecar(region, name, record)
    return _heal(region, name) if parquet.is_file() else None


def require_sidecar(region: str, name: str) -> Sidecar:
    """Return a built dataset's record.

    Raises
    ------
    MissingDatasetError
        It is not built; the message says why, where that is known.
    """
    sidecar = read_sidecar(region, name)
    if sidecar is None:
        raise MissingDatasetError(
            _("the dataset {name!r} of {region!r} is not built").format(name=name, region=region),
            _(REBUILD).format(region=region),
        )
    if not sidecar.built:
        raise MissingDatasetError(
            _("the dataset {name!r} of {region!r} is not built").format(name=name, region=region),
            sidecar.reason,
        )
    return sidecar


def write_record(region: str, name: str, record: Mapping[str, Any]) -> Sidecar:
    """Write a record beside its file, by an atomic rename."""
    path = sidecar_path(region, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    temporary.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    temporary.replace(path)
    return Sidecar(region, name, record)


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record


def _same_file(parquet: Path, record: Mapping[str, Any]) -> bool:
    return bool(parquet.stat().st_size == record["bytes"] and sha256_of(parquet) == record["sha256"])


def _heal(region: str, name: str) -> Sidecar | None:
    import pyarrow.parquet as pq

    path = parquet_path(region, name)
    try:
        metadata = pq.read_schema(path).metadata or {}
        record = json.loads(metadata[METADATA_KEY])
    except (OSError, KeyError, ValueError):
        return None
    return write_record(region, name, {**record, "bytes": path.stat().st_size, "sha256": sha256_of(path)})
