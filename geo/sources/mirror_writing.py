"""Write a mirror: a folder with what was fetched, to be carried to a machine without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w

from geo.errors import FetchError
from geo.sources.catalog import Layout, Source
from geo.sources.mirror import INDEX
from geo.sources.raw import RawFile, RawStore, Receipt
from geo.sources.rows import count_rows

HEAD = (
    "# What stands in for the internet: a table per source, its files as its publisher lays them out.\n"
    "# fidelity: original = the publisher's bytes; relaid = the same facts in the publisher's layout; "
    "stand-in = another, coarser data set.\n\n"
)


def write_mirror(store: RawStore, catalog: Mapping[str, Source], folder: Path) -> dict[str, int]:
    """Write every source that is here into a folder with an index.

    The files come first, each by a rename; the index comes last, so that a mirror cut short still has its
    old index. Fetching from it gives the same raw files and receipts again.

    Parameters
    ----------
    store
        The raw files.
    catalog
        The declarations.
    folder
        Where the mirror goes; what is there of other sources stays.

    Returns
    -------
    dict
        Bytes written, by source.

    Raises
    ------
    FetchError
        Nothing was fetched, or a raw file was changed since; the index stays as it was.

    Examples
    --------
    >>> import tempfile
    >>> write_mirror(RawStore("demo", Path(tempfile.mkdtemp())), {}, Path(tempfile.mkdtemp()))
    Traceback (most recent call last):
    geo.errors.FetchError: nothing was fetched yet: run python -m geo fetch first
    """
    sources = [catalog[key] for key in store.sources() if key in catalog]
    if not sources:
        raise FetchError("nothing was fetched yet", "run python -m geo fetch first")
    index: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for source in sources:
        files = store.require_files(source.key)
        receipt = store.receipt(source.key)
        assert receipt is not None
        names = [_copy(item, source, folder) for item in files]
        index[source.mirror_key] = _to_table(source, receipt, names)
        sizes[source.key] = sum(item.bytes for item in files)
    _write(folder / INDEX, HEAD + tomli_w.dumps(index))
    return sizes


def _copy(item: RawFile, source: Source, folder: Path) -> str:
    """Copy a file into the mirror; a file of a county has a folder of its own."""
    place = f"{source.mirror_key}/{item.county}" if item.county else source.mirror_key
    target = folder / place / item.path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}-{os.getpid()}.tmp")
    shutil.copyfile(item.path, temporary)
    temporary.replace(target)
    return f"{place}/{item.path.name}"


def _to_table(source: Source, receipt: Receipt, names: Sequence[str]) -> dict[str, Any]:
    layout = source.layout_for(receipt.fidelity)
    files = [_file_table(item, name, layout) for item, name in zip(receipt.files, names, strict=True)]
    table = {
        **files[0],
        "title": receipt.title,
        "publisher": receipt.publisher,
        "vintage": receipt.vintage,
        "licence": receipt.licence,
        "access": source.access,
        "address_seen": receipt.address_seen,
        "fidelity": receipt.fidelity,
        "fetched_at": receipt.fetched_at,
        "note": receipt.note,
    }
    return {**table, "more": files[1:]} if files[1:] else table


def _file_table(item: RawFile, name: str, layout: Layout) -> dict[str, Any]:
    return {
        "file": name,
        "county": item.county,
        "address": item.address,
        "rows": count_rows(item.path, layout),
        "bytes": item.bytes,
        "sha256": item.sha256,
    }


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
