"""Build a region's datasets: only what changed or is damaged, each whole or not at all."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from geo.datasets.declared import DATASETS, Dataset, build_order
from geo.datasets.examined import examination, examine_again, filled_before
from geo.datasets.fingerprint import code_checksum, fingerprint
from geo.datasets.record import (
    Sidecar,
    is_whole_shapes,
    look_anew,
    parquet_path,
    read_sidecar,
    tell_why,
    write_record,
)
from geo.errors import FetchError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region, read_region
from geo.settings import catalog_file, processed_dir, static_dir
from geo.sources.catalog import Source, read_catalog, vintages_of
from geo.sources.raw import RawStore, now

REALM = "demo"
STAMP = "made_by.json"
# The package that writes the raw files: loaded by this name, since nothing here may import it.
WRITER = "demo"


def require_invented(realm: str) -> bool:
    """Write the invented sources where their maker has changed, or they are not here.

    Parameters
    ----------
    realm
        The region's realm; nothing is done for another than ``demo``.

    Returns
    -------
    bool
        Whether they were written now.

    Examples
    --------
    >>> require_invented("official")
    False
    """
    if realm != REALM:
        return False
    store = RawStore(REALM)
    stamp = store.folder / STAMP
    wanted = _checksum_of_maker()
    if _reads(stamp, wanted, store):
        return False
    import_module(WRITER).write_demo(store)
    record = {"made_by": wanted, "sources": sorted(store.sources())}
    temporary = stamp.with_name(f".{STAMP}-{os.getpid()}.tmp")
    temporary.write_text(json.dumps(record, indent=1), encoding="utf-8")
    temporary.replace(stamp)
    return True


def _checksum_of_maker() -> list[str]:
    """Checksums of the code that invents, and of the catalog whose layouts it fills."""
    from hashlib import sha256

    return [code_checksum(f"{WRITER}/__init__.py"), sha256(catalog_file().read_bytes()).hexdigest()]


def _reads(stamp: Path, wanted: list[str], store: RawStore) -> bool:
    try:
        record = json.loads(stamp.read_text(encoding="utf-8"))
        return record["made_by"] == wanted and all(map(store.has, record["sources"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False


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


State = Literal["fresh", "built", "missing"]
# Why a dataset is not built; kept in its sidecar, told in the language of who reads.
NOT_HERE = N_("{title}: data not available")
NEEDS = N_("it needs {name}, which is not built: {why}")
NONE_HERE = N_("none of its sources is here: {names}")
NOTHING_HERE = N_("its sources have nothing in this region: {names}")


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one dataset: ``fresh`` (nothing to do), ``built`` or ``missing`` (and why).

    ``damage`` says what was wrong on the disk with what was built before; empty where nothing was.
    """

    dataset: str
    state: State
    number: int
    of: int
    seconds: float = 0.0
    rows: int = 0
    reason: str = ""
    damage: str = ""


def build_region(
    key: str, names: Iterable[str] = (), tell: Callable[[Step], None] = lambda step: None
) -> list[Step]:
    """Build what changed of a region's datasets.

    Parameters
    ----------
    key
        The region.
    names
        Only these datasets and what they need; all of them by default.
    tell
        Called after each dataset, for progress.

    Returns
    -------
    list of Step
        One for each dataset, in the order of building.

    Raises
    ------
    GeoError
        A pipeline found its input unfit; the datasets built before it stay, its own old one too.
    """
    folder = processed_dir(key)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        _sweep(folder)
        look_anew()
        region = read_region(key)
        require_invented(region.realm)
        workshop = _Workshop(region, read_catalog())
        order = build_order(names)
        steps: list[Step] = []
        for number, name in enumerate(order, start=1):
            step = workshop.step(DATASETS[name], number, len(order))
            tell(step)
            steps.append(step)
    return steps


class _Workshop:
    """One run over one region."""

    def __init__(self, region: Region, catalog: dict[str, Source]) -> None:
        self.region = region
        self.catalog = catalog
        self.store = RawStore(region.realm)

    def step(self, dataset: Dataset, number: int, of: int) -> Step:
        """Build one dataset if it is not up to date."""
        sidecar = read_sidecar(self.region.key, dataset.name)
        damage = find_damage(sidecar)
        why = self._what_lacks(dataset)
        if why:
            self._record_missing(dataset, why)
            return Step(dataset.name, "missing", number, of, reason=tell_why(why), damage=damage)
        wanted = fingerprint(dataset, self.region, self.store, self.catalog)
        if sidecar and sidecar.fingerprint == wanted and not damage:
            examine_again(self.region, dataset, sidecar)
            state: State = "fresh" if sidecar.built else "missing"
            return Step(
                dataset.name, state, number, of, rows=sidecar.record.get("rows", 0), reason=sidecar.reason
            )
        started = time.perf_counter()
        made = self._make(dataset, wanted, sidecar)
        if made is None:
            why = {"words": NOTHING_HERE, "names": ", ".join(dataset.sources + dataset.optional)}
            self._record_missing(dataset, why, wanted)
            return Step(dataset.name, "missing", number, of, reason=tell_why(why), damage=damage)
        seconds = time.perf_counter() - started
        return Step(dataset.name, "built", number, of, seconds, made.record["rows"], damage=damage)

    def _what_lacks(self, dataset: Dataset) -> dict[str, Any]:
        for source in dataset.sources:
            if not self.store.has(source, self.region.counties):
                return {"words": NOT_HERE, "source": source, "title": self.catalog[source].title}
        for name in dataset.inputs:
            sidecar = read_sidecar(self.region.key, name)
            if sidecar is None or not sidecar.built:
                why = sidecar.record.get("why", {}) if sidecar else {}
                return {"words": NEEDS, "name": name, "why": why}
        optional = vintages_of(dataset.optional, self.catalog)
        here = [source for source in optional if self.store.has(source, self.region.counties)]
        if not dataset.sources and not dataset.inputs and not here:
            return {"words": NONE_HERE, "names": ", ".join(dataset.optional)}
        return {}

    def _record_missing(self, dataset: Dataset, why: dict[str, Any], wanted: str = "") -> None:
        parquet_path(self.region.key, dataset.name).unlink(missing_ok=True)
        record = {"status": "missing", "why": why, "dataset": dataset.name, "fingerprint": wanted}
        write_record(self.region.key, dataset.name, record)

    def _make(self, dataset: Dataset, wanted: str, before: Sidecar | None) -> Sidecar | None:
        """Make and write a dataset; None where the sources have nothing in the region."""
        from geo.datasets.inputs import Inputs
        from geo.datasets.storage import write_dataset

        pipeline = import_module(f"geo.pipelines.{dataset.name}")
        raw = pipeline.extract(Inputs(self.region, self.store, self.catalog))
        product = pipeline.transform(raw, self.region)
        if product.frame.empty:
            return None
        pipeline.validate(product.frame)
        record = self._record(dataset, wanted)
        record["examined"] = examination(
            self.region, dataset.name, product.frame, record, filled_before(before)
        )
        if dataset.shapes is not None:
            record["shapes"] = self._publish(dataset, product.frame)
        return write_dataset(self.region.key, dataset.name, product, record)

    def _publish(self, dataset: Dataset, frame: Any) -> str:
        from geo.datasets.shapes import write_shapes

        assert dataset.shapes is not None
        folder = static_dir() / "shapes" / self.region.key
        name = write_shapes(frame, dataset.shapes, self.region.length_crs, folder)
        return f"shapes/{self.region.key}/{name}"

    def _record(self, dataset: Dataset, wanted: str) -> dict[str, Any]:
        read = dataset.sources + dataset.optional
        return {
            "dataset": dataset.name,
            "title": dataset.title,
            "region": self.region.key,
            "invented": self.region.invented,
            "fingerprint": wanted,
            "built_at": now(),
            "sources": [self._source_record(key) for key in vintages_of(read, self.catalog)],
            "inputs": list(dataset.inputs + dataset.optional_inputs),
        }

    def _source_record(self, key: str) -> dict[str, Any]:
        receipt = self.store.receipt(key)
        if receipt is None:
            return {"key": key, "here": False, "credit": self.catalog[key].credit}
        return {
            "key": key,
            "here": True,
            "credit": receipt.credit,
            "vintage": receipt.vintage,
            "license": receipt.license,
            "fidelity": receipt.fidelity,
            "fetched_at": receipt.fetched_at,
        }


def _sweep(folder: Path) -> None:
    """Drop what a killed build left half-written."""
    for path in folder.glob(".*.tmp"):
        path.unlink(missing_ok=True)
