"""What was fetched: files as they came, checksummed, each source with a receipt.

``raw/<realm>/<source>/<first 12 of sha256>/<file>`` holds a file, ``raw/<realm>/<source>/receipt.json``
says which files count. The receipt's rename is the one moment at which a source changes, so a process
killed at any time leaves the old files or the new ones, whole. Imports no dataframe library.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from geo.errors import FetchError
from geo.settings import raw_dir
from geo.sources.former_names import FOLDERS, with_names_of_now

BLOCK = 1 << 20
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file of a receipt.

    ``county`` is a five-digit GEOID, or empty for a statewide file; ``changed`` the day on which its
    publisher last changed it, where a catalog told that.
    """

    path: Path
    county: str
    address: str
    bytes: int
    sha256: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of a source's files: where and when they came from, and how true they are.

    ``fidelity`` is ``original`` (the publisher's bytes), ``relaid`` (the same facts in its layout) or
    ``stand-in`` (another, coarser data set, whose title, publisher, vintage and license stand here).
    """

    source: str
    title: str
    publisher: str
    vintage: str
    license: str
    fidelity: str
    fetched_at: str
    files: tuple[RawFile, ...]
    note: str = ""
    address_seen: bool = True

    @property
    def credit(self) -> str:
        """One line that names publisher, title and vintage."""
        return f"{self.publisher}, {self.title}, {self.vintage}"


def sha256_of(path: Path) -> str:
    """Checksum of a file, as hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def now() -> str:
    """Return the time in UTC, to the second, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class RawStore:
    """The raw files of a realm: ``official``, or ``demo`` for invented data.

    Examples
    --------
    >>> import tempfile
    >>> store = RawStore("demo", folder=Path(tempfile.mkdtemp()))
    >>> store.has("tracts_2010")
    False
    """

    def __init__(self, realm: str, folder: Path | None = None) -> None:
        self.realm = realm
        self.folder = folder or raw_dir(realm)

    def receipt(self, source: str) -> Receipt | None:
        """Read a source's receipt; None where it was never fetched.

        Raises
        ------
        FetchError
            The receipt was changed by hand and cannot be read.
        """
        home = self._home(source)
        path = home / "receipt.json"
        if not path.is_file():
            return None
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            files = tuple(RawFile(**{**item, "path": home / item["path"]}) for item in record.pop("files"))
            return Receipt(**{**with_names_of_now(record), "source": source}, files=files)
        except (ValueError, KeyError, TypeError) as error:
            raise FetchError(
                f"the receipt of {source!r} cannot be read", f"delete {path} and fetch the source again"
            ) from error

    def _home(self, source: str) -> Path:
        """Folder of a source; that of its former name where nothing came since it has its new one."""
        former = [old for old, now_named in FOLDERS.items() if now_named == source]
        homes = [self.folder / name for name in (source, *former)]
        return next((home for home in homes if (home / "receipt.json").is_file()), homes[0])

    def has(self, source: str, counties: Sequence[str] = ()) -> bool:
        """Whether a source's files are here: a statewide one, or one of these counties (GEOIDs) at least.

        Without ``counties``, whether it was fetched at all.
        """
        receipt = self.receipt(source)
        if receipt is None or not counties:
            return receipt is not None
        return any(item.county in ("", *counties) for item in receipt.files)

    def sources(self) -> Iterator[str]:
        """Keys of the sources that are here, as they are now."""
        found = {path.parent.name for path in self.folder.glob("*/receipt.json")}
        yield from sorted({FOLDERS.get(name, name) for name in found})

    def require_files(self, source: str) -> tuple[RawFile, ...]:
        """Return a source's files after seeing that they are whole.

        Raises
        ------
        FetchError
            The source was never fetched, or a file was changed or cut since.
        """
        receipt = self.receipt(source)
        if receipt is None:
            raise FetchError(
                f"the source {source!r} has not been fetched",
                f"run python -m geo fetch {source}, or python -m geo add {source} FILE",
            )
        for item in receipt.files:
            _require_whole(source, item)
        return receipt.files

    def incoming(self, source: str) -> Path:
        """Make a folder to download into; it is on the same disk, so that a rename is atomic."""
        folder = self.folder / source / f".incoming-{os.getpid()}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def staging(self, source: str) -> Iterator[Path]:
        """Lend a folder to bring files to; it goes in the end, and leaves no trace where nothing came."""
        folder = self.incoming(source)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                folder.parent.rmdir()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the realm for one writer, after sweeping up what a killed one left half-brought.

        Raises
        ------
        FetchError
            Another one has been writing for longer than a minute.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            lock = FileLock(self.folder / ".lock").acquire(timeout=PATIENCE_S)
        except Timeout as error:
            raise FetchError(
                f"somebody else is fetching into {self.folder}", "wait until it has ended"
            ) from error
        with lock:
            self._sweep()
            yield

    def _sweep(self) -> None:
        for path in self.folder.glob("*/.incoming-*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.glob("*/.receipt-*.json"):
            path.unlink(missing_ok=True)

    def commit(self, receipt: Receipt) -> Receipt:
        """Move the receipt's files in, then its receipt, then drop what it replaces.

        The files' paths may lie anywhere on the same disk; those already in place stay.
        """
        home = self.folder / receipt.source
        placed = tuple(_place(home, item) for item in receipt.files)
        committed = Receipt(**{**_fields(receipt), "files": placed})
        temporary = home / f".receipt-{os.getpid()}.json"
        temporary.write_text(json.dumps(_to_record(committed, home), indent=1), encoding="utf-8")
        temporary.replace(home / "receipt.json")
        _drop_others(home, {item.path.parent for item in placed})
        for former in (old for old, now_named in FOLDERS.items() if now_named == receipt.source):
            shutil.rmtree(self.folder / former, ignore_errors=True)
        return committed


def describe_file(path: Path, *, county: str = "", address: str = "") -> RawFile:
    """Measure a file that is to be committed."""
    return RawFile(path, county, address, path.stat().st_size, sha256_of(path))


def merge_files(old: Sequence[RawFile], new: Sequence[RawFile]) -> tuple[RawFile, ...]:
    """Replace the files of the counties that ``new`` has, and keep the others."""
    fresh = {item.county for item in new}
    kept = [item for item in old if item.county not in fresh and item.county]
    return tuple(sorted([*kept, *new], key=lambda item: item.county))


def _require_whole(source: str, item: RawFile) -> None:
    remedy = f"run python -m geo fetch {source} --again, or python -m geo add {source} FILE"
    if not item.path.is_file():
        raise FetchError(f"the file {item.path.name} of {source!r} is gone", remedy)
    if item.path.stat().st_size != item.bytes or sha256_of(item.path) != item.sha256:
        raise FetchError(f"the file {item.path.name} of {source!r} was changed since it was fetched", remedy)


def _fields(receipt: Receipt) -> dict[str, Any]:
    return {name: getattr(receipt, name) for name in Receipt.__slots__}


def _to_record(receipt: Receipt, home: Path) -> dict[str, Any]:
    files = [{**asdict(item), "path": item.path.relative_to(home).as_posix()} for item in receipt.files]
    return {**_fields(receipt), "files": files}


def _place(home: Path, item: RawFile) -> RawFile:
    target = home / item.sha256[:12] / item.path.name
    if target != item.path:
        target.parent.mkdir(parents=True, exist_ok=True)
        item.path.replace(target)
    return replace(item, path=target)


def _drop_others(home: Path, kept: set[Path]) -> None:
    for path in home.iterdir():
        if path.is_dir() and path not in kept:
            shutil.rmtree(path, ignore_errors=True)
