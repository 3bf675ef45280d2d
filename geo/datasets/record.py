"""The record of a dataset's making, beside its file and inside it; files that prove themselves."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.datasets.findings import Finding
from geo.errors import ChangedDatasetError, MissingDatasetError, UnnamedDatasetError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.settings import data_dir, processed_dir
from geo.sources.former_names import with_sources_of_now

MARK = "sealed:"
BLANK = MARK + "0" * 64
"""What a file has in the place of its seal until it is sealed."""

_SEAL = re.compile(rb"sealed:([0-9a-f]{64})")


def seal(blank: bytes) -> bytes:
    r"""Seal a file that has :data:`BLANK` where its seal goes.

    Examples
    --------
    >>> whole = seal(f'{{"rows": 60, "seal": "{BLANK}"}}'.encode())
    >>> is_sealed(whole), is_sealed(whole.replace(b"60", b"61")), is_sealed(b"no seal")
    (True, False, False)
    """
    place = blank.rindex(BLANK.encode()) + len(MARK)
    digest = hashlib.sha256(blank).hexdigest().encode()
    return blank[:place] + digest + blank[place + len(digest) :]


def is_sealed(whole: bytes) -> bool:
    """Whether a file has a seal, and is as it was when it was sealed."""
    return any(_holds(whole, found) for found in _SEAL.finditer(whole))


def _holds(whole: bytes, found: re.Match[bytes]) -> bool:
    digest = hashlib.sha256(whole[: found.start(1)])
    digest.update(b"0" * 64)
    digest.update(whole[found.end(1) :])
    return digest.hexdigest().encode() == found.group(1)


def shapes_name(content: bytes) -> str:
    """Name a file of shapes by what is in it.

    Examples
    --------
    >>> shapes_name(b"{}")
    '44136fa355b3678a.json'
    """
    return f"{hashlib.sha256(content).hexdigest()[:16]}.json"


def serves_shapes(path: Path) -> bool:
    """Whether a file of shapes is whole; proved once a process, and again when the file is another.

    Examples
    --------
    >>> serves_shapes(Path("nowhere/44136fa355b3678a.json"))
    False
    """
    try:
        found = path.stat()
    except OSError:
        return False
    return _proved(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


@lru_cache(maxsize=1024)
def _proved(path: Path, *_on_disk: int) -> bool:
    return is_whole_shapes(path)


def is_whole_shapes(path: Path) -> bool:
    """Whether a file of shapes is there, and has what its name was made from.

    Examples
    --------
    >>> is_whole_shapes(Path("nowhere/44136fa355b3678a.json"))
    False
    """
    try:
        return shapes_name(path.read_bytes()) == path.name
    except OSError:
        return False


_NAMED: ContextVar[tuple[str, Mapping[str, str]] | None] = ContextVar("named", default=None)


@contextmanager
def reading_only(region: str, stamps: Mapping[str, str]) -> Iterator[None]:
    """Refuse to read anything but these datasets of a region, each in this state.

    Work within such work names no more than what is outside of it.

    Raises
    ------
    UnnamedDatasetError
        The work outside did not name one of them, or named another region.

    Examples
    --------
    >>> with reading_only("demo", {"roads": "f00d"}):
    ...     require_named("demo", "roads", "f00d")
    ...     require_named("demo", "places", "beef")
    Traceback (most recent call last):
    geo.errors.UnnamedDatasetError: 'places' of 'demo' was read by something kept that did not name it
    """
    for name, stamp in stamps.items():
        require_named(region, name, stamp)
    token = _NAMED.set((region, stamps))
    try:
        yield
    finally:
        _NAMED.reset(token)


def require_named(region: str, name: str, stamp: str) -> None:
    """Raise where the work that is going on did not name a dataset, or named it in another state.

    Raises
    ------
    UnnamedDatasetError
        It did not name it.
    ChangedDatasetError
        The dataset was built again in the meantime.
    """
    named = _NAMED.get()
    if named is None:
        return
    if named[0] != region or name not in named[1]:
        raise UnnamedDatasetError(
            _("{name!r} of {region!r} was read by something kept that did not name it").format(
                name=name, region=region
            )
        )
    if named[1][name] != stamp:
        raise ChangedDatasetError(
            _("{name!r} of {region!r} was built again while it was read").format(name=name, region=region)
        )


METADATA_KEY = b"geo:record"
SEAL_KEY = b"geo:seal"
REBUILD = N_("run python -m geo build --region {region}")
DAMAGED = N_(
    "its file was changed on the disk since it was built, or an earlier version built it; "
    "run python -m geo build --region {region}"
)
GONE = N_("its file is gone from the disk; run python -m geo build --region {region}")
UNREADABLE = N_("its file cannot be read ({fault}); see who may read it, then load the page again")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The record of one dataset of one region; ``record`` is what stands in the JSON file."""

    region: str
    name: str
    record: Mapping[str, Any]

    @property
    def built(self) -> bool:
        """False where a source was missing, or the file is damaged: then there is a reason."""
        return bool(self.record["status"] == "built")

    @property
    def damaged(self) -> bool:
        """Whether it was built, and its file is damaged, gone, or cannot be read."""
        return bool(self.record["status"] == "damaged")

    @property
    def stamp(self) -> str:
        """What changes with any bit of its file, or with the reason why there is none."""
        return str(
            self.record["sha256"] if self.built else self.record.get("seal") or self.record.get("why", "")
        )

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
        """What our checks found wrong: those of its making, then those of what can be believed."""
        examined = self.record.get("examined", {}).get("findings", ())
        return tuple(Finding.from_record(item) for item in (*self.record.get("findings", ()), *examined))

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
    """Read a dataset's record; None where it was never built.

    Where the JSON file and the Parquet file disagree, the record inside the Parquet file counts, if its
    seal holds; if it does not, or the file is gone, the record that is returned says so.
    """
    path, parquet = _paths(data_dir(), region, name)
    seen = _on_disk(path), _on_disk(parquet)
    known = _PROVED.get(path)
    if known is None or known[0] != seen:
        known = seen, _look(region, name)
        # Healing writes the JSON file; what was looked at must be what is there now to be remembered.
        if (_on_disk(path), _on_disk(parquet)) == seen:
            _PROVED[path] = known
    require_named(region, name, known[1].stamp if known[1] else "")
    return known[1]


def look_anew() -> None:
    """Forget which files were proved: each is proved again when it is next read."""
    _PROVED.clear()


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
    """Write a record beside its file, sealed, by an atomic rename."""
    path = sidecar_path(region, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    text = json.dumps({**record, "seal": BLANK}, indent=1, ensure_ascii=False)
    sealed = seal(text.encode())
    temporary.write_bytes(sealed)
    temporary.replace(path)
    return Sidecar(region, name, json.loads(sealed))


# Where a record lies, what was on the disk when it was proved, and the record.
_OnDisk = tuple[int, int, int, int] | None
_PROVED: dict[Path, tuple[tuple[_OnDisk, _OnDisk], Sidecar | None]] = {}


@lru_cache(maxsize=1024)
def _paths(_data: Path, region: str, name: str) -> tuple[Path, Path]:
    """Name both files, once for each place of the data: every click asks for hundreds."""
    return sidecar_path(region, name), parquet_path(region, name)


def _on_disk(path: Path) -> _OnDisk:
    """Tell one state of a file from another, a swap and a change that hides its time included."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _look(region: str, name: str) -> Sidecar | None:
    """Read both files and prove them."""
    parquet = parquet_path(region, name)
    record = _read_json(sidecar_path(region, name))
    if not parquet.exists():
        if record and record["status"] == "built":
            return _lost(region, name, {"words": GONE, "region": region})
        return Sidecar(region, name, record) if record else None
    try:
        whole = parquet.read_bytes()
    except OSError as error:
        return _lost(region, name, {"words": UNREADABLE, "fault": str(error.strerror)})
    digest = hashlib.sha256(whole).hexdigest()
    if record and record["status"] == "built" and record["sha256"] == digest:
        return Sidecar(region, name, record)
    if not is_sealed(whole):
        return _lost(region, name, {"words": DAMAGED, "region": region})
    return _heal(region, name, whole, digest)


def _lost(region: str, name: str, why: Mapping[str, Any]) -> Sidecar:
    return Sidecar(region, name, {"status": "damaged", "why": why, "dataset": name, "fingerprint": ""})


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    return with_sources_of_now(json.loads(whole)) if is_sealed(whole) else None


def _heal(region: str, name: str, whole: bytes, digest: str) -> Sidecar:
    """Take the record out of a Parquet file whose seal holds, and write it beside it again."""
    import pyarrow.parquet as pq

    record = with_sources_of_now(json.loads(pq.read_schema(io.BytesIO(whole)).metadata[METADATA_KEY]))
    full = {**record, "bytes": len(whole), "sha256": digest}
    with suppress(OSError):  # a folder that may only be read is served all the same
        return write_record(region, name, full)
    return Sidecar(region, name, full)
