"""A mirror: a folder, or a local web address, that stands in for the publishers; read and written."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import tomli_w

from geo.errors import FetchError
from geo.sources.archive import leads_out
from geo.sources.catalog import Layout, Source
from geo.sources.checks import count_rows
from geo.sources.former_names import FOLDERS, with_names_of_now
from geo.sources.raw import RawFile, RawStore, Receipt, now, sha256_of

INDEX = "index.toml"
FIDELITIES = ("original", "relaid", "stand-in")
COPY_AGAIN = "copy the mirror again from where it came"


@dataclass(frozen=True, slots=True)
class MirrorFile:
    """One file of a mirror.

    ``county`` is a five-digit GEOID, or empty for a file that is of no county; ``rows``, the head aside, are
    None where the index does not say.
    """

    name: str
    county: str
    address: str
    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class MirrorEntry:
    """What a mirror says of one source."""

    key: str
    title: str
    publisher: str
    vintage: str
    license: str
    fidelity: str
    address_seen: bool
    note: str
    fetched_at: str
    files: tuple[MirrorFile, ...]

    def to_receipt(self, source: str, files: tuple[RawFile, ...]) -> Receipt:
        """Carry what the mirror says into a receipt; the time is now where the mirror gives none."""
        return Receipt(
            source=source,
            title=self.title,
            publisher=self.publisher,
            vintage=self.vintage,
            license=self.license,
            fidelity=self.fidelity,
            fetched_at=self.fetched_at or now(),
            files=files,
            note=self.note,
            address_seen=self.address_seen,
        )


class Mirror(Protocol):
    """Where files come from in place of the publishers."""

    @property
    def where(self) -> str:
        """The folder or address, for messages."""

    @property
    def index(self) -> Mapping[str, Any]:
        """The index as it was read."""

    def bring(self, name: str, target: Path, item: MirrorFile) -> None:
        """Bring a file to ``target``."""


@dataclass(frozen=True, slots=True)
class FolderMirror:
    """A mirror that is a folder on this machine."""

    folder: Path
    index: Mapping[str, Any]

    @property
    def where(self) -> str:
        """The folder, for messages."""
        return str(self.folder)

    def bring(self, name: str, target: Path, item: MirrorFile) -> None:
        """Copy a file to ``target``.

        Raises
        ------
        FetchError
            The file is not in the mirror.
        """
        path = self.folder / name
        if not path.is_file():
            raise FetchError(f"the mirror {self.folder} names {name}, but has no such file", COPY_AGAIN)
        shutil.copyfile(path, target)


@dataclass(frozen=True, slots=True)
class WebMirror:
    """A mirror that is served over HTTP."""

    address: str
    index: Mapping[str, Any]
    download: Callable[..., None]

    @property
    def where(self) -> str:
        """The address, for messages."""
        return self.address

    def bring(self, name: str, target: Path, item: MirrorFile) -> None:
        """Download a file to ``target``."""
        self.download(f"{self.address}/{quote(name)}", target, size=item.bytes, sha256=item.sha256)


def open_folder(folder: Path) -> FolderMirror:
    """Read a mirror folder's index.

    Raises
    ------
    FetchError
        The folder has no index, or it is not TOML.
    """
    path = folder / INDEX
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FetchError(
            f"{folder} is no mirror: its {INDEX} cannot be read",
            "name a folder that has one, as python -m geo mirror writes it",
        ) from error
    return FolderMirror(folder, parse_index(text, str(path)))


def parse_index(text: str, where: str) -> Mapping[str, Any]:
    r"""Parse an index.

    Raises
    ------
    FetchError
        It is not TOML.

    Examples
    --------
    >>> parse_index('[roads]\nfile = "roads.zip"', "index.toml")["roads"]["file"]
    'roads.zip'
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FetchError(f"{where} is not well formed ({error})", COPY_AGAIN) from error


def read_entry(mirror: Mirror, source: Source) -> MirrorEntry | None:
    """Read what the mirror says of a source; None where it has nothing of it.

    Raises
    ------
    FetchError
        The entry lacks fields, or names a file outside of the mirror.
    """
    former = [old for old, now_named in FOLDERS.items() if now_named == source.key]
    names = (source.mirror_key, *former)
    table = next((mirror.index[name] for name in names if name in mirror.index), None)
    if table is None:
        return None
    try:
        return _to_entry(source, with_names_of_now(table))
    except (KeyError, TypeError, ValueError) as error:
        raise FetchError(
            f"the entry {source.mirror_key!r} in the index of {mirror.where} is not well formed ({error})",
            COPY_AGAIN,
        ) from error


def bring_file(mirror: Mirror, item: MirrorFile, folder: Path) -> RawFile:
    """Bring one file into ``folder`` and see that it is the one that the index means.

    Raises
    ------
    FetchError
        Its size or its checksum is another.
    """
    target = folder / (item.county or "all") / Path(item.name).name
    target.parent.mkdir(parents=True, exist_ok=True)
    mirror.bring(item.name, target, item)
    size = target.stat().st_size
    if size != item.bytes:
        raise FetchError(
            f"{item.name} from {mirror.where} has {size:,} bytes, its index says {item.bytes:,}", COPY_AGAIN
        )
    if sha256_of(target) != item.sha256:
        raise FetchError(f"{item.name} from {mirror.where} has another checksum than its index", COPY_AGAIN)
    return RawFile(target, item.county, item.address, item.bytes, item.sha256)


def _to_entry(source: Source, table: Mapping[str, Any]) -> MirrorEntry:
    fidelity = str(table["fidelity"])
    if fidelity not in FIDELITIES:
        raise ValueError(f"fidelity {fidelity!r} is none of {', '.join(FIDELITIES)}")
    return MirrorEntry(
        key=source.mirror_key,
        title=str(table["title"]),
        publisher=str(table["publisher"]),
        vintage=str(table["vintage"]),
        license=str(table["license"]),
        fidelity=fidelity,
        address_seen=bool(table["address_seen"]),
        note=str(table.get("note", "")),
        fetched_at=str(table.get("fetched_at", "")),
        files=tuple(_to_files(source, table)),
    )


def _to_files(source: Source, table: Mapping[str, Any]) -> Iterator[MirrorFile]:
    for item in (table, *table.get("more", ())):
        name = str(item["file"])
        if leads_out(name):
            raise ValueError(f"{name} lies outside of the mirror")
        county = str(item.get("county", county_of(source, name)))
        if county and not (len(county) == 5 and county.isdigit()):
            raise ValueError(f"county {county!r} is not five digits")
        address = str(item.get("address", table["address"]))
        rows = int(item["rows"]) if "rows" in item else None
        yield MirrorFile(name, county, address, int(item["bytes"]), str(item["sha256"]), rows)


def county_of(source: Source, name: str) -> str:
    """Tell the county (a five-digit GEOID) from a file's name; empty where the name has none.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> county_of(read_catalog()["tracts_2020"], "tracts_2020/tl_2020_06065_tract20.zip")
    '06065'
    """
    before, _, after = source.file.partition("{county}")
    name = Path(name).name
    county = name.removeprefix(before).removesuffix(after)
    fits = source.scope == "county" and len(county) == 5 and county.isdigit()
    return county if fits and name == source.file_for(county) else ""


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
        "license": receipt.license,
        # What came from where a source stood before was brought by a person.
        "access": "page" if files[0]["address"] == (source.moved_from or None) else source.access,
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
