"""Bring the sources of a region to the raw files: from their publishers, or from a mirror.

Each source is brought to a folder of its own, checked as a pipeline would read it, and only then takes
the place of what was there. A source that cannot be had is named and skipped; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from geo.catalog import Source, read_catalog
from geo.errors import CatalogError, FetchError, GeoError
from geo.offer import Item, Offer, Origin, open_origin
from geo.raw import RawFile, RawStore, Receipt, merge_files, sha256_of
from geo.region import Region, read_region

State = Literal["here", "fetched", "partly", "skipped"]
WORTH = {"original": 2, "relaid": 1, "stand-in": 0}
SOME_SKIPPED = 3


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one source.

    ``here`` (nothing to do), ``fetched``, ``partly`` (some counties lack, ``reason`` says which and
    why) or ``skipped`` (nothing of it is here). ``bytes`` were brought now.
    """

    source: str
    state: State
    number: int
    of: int
    reason: str = ""
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the sources that were asked for."""

    results: tuple[Result, ...]

    @property
    def lacking(self) -> tuple[Result, ...]:
        """The sources that are not here, or not for every county."""
        return tuple(result for result in self.results if result.state in ("skipped", "partly"))

    @property
    def exit_code(self) -> int:
        """0 where every source is here, 3 where some were skipped."""
        return SOME_SKIPPED if self.lacking else 0


def fetch_region(
    region_key: str,
    mirror: str | Path | None = None,
    sources: Iterable[str] = (),
    again: bool = False,
    tell: Callable[[Result], None] = lambda result: None,
) -> Report:
    """Bring the sources that a region needs.

    Parameters
    ----------
    region_key
        The region; one of invented data has nothing to fetch.
    mirror
        A folder with an ``index.toml``, or the web address of one; None for the official addresses.
    sources
        Only these; all of the catalogue by default.
    again
        Bring also what is here and whole.
    tell
        Called after each source, for progress.

    Returns
    -------
    Report
        One result for each source, in the order of the catalogue.

    Raises
    ------
    CatalogError
        There is no such region or source.
    FetchError
        The mirror has no index that can be read.

    Examples
    --------
    >>> fetch_region("demo").results
    ()
    """
    region = read_region(region_key)
    if region.realm == "demo":
        return Report(())
    wanted = require_sources(sources)
    store = RawStore(region.realm)
    with store.writing():
        origin = open_origin(mirror, store)
        return Report(tuple(fetch_sources(wanted, region, store, origin, again=again, tell=tell)))


def require_sources(keys: Iterable[str] = ()) -> list[Source]:
    """Return the declarations of sources, of all where no key is given.

    Raises
    ------
    CatalogError
        One is not declared.

    Examples
    --------
    >>> [source.key for source in require_sources(["roads"])]
    ['roads']
    """
    catalog = read_catalog()
    wanted = list(keys) or list(catalog)
    unknown = [key for key in wanted if key not in catalog]
    if unknown:
        raise CatalogError(
            f"there is no source {', '.join(map(repr, unknown))}", f"use some of {', '.join(catalog)}"
        )
    return [catalog[key] for key in wanted]


def fetch_sources(
    sources: Sequence[Source],
    region: Region,
    store: RawStore,
    origin: Origin,
    *,
    again: bool = False,
    tell: Callable[[Result], None] = lambda result: None,
) -> Iterator[Result]:
    """Bring ``sources`` one after the other; a fault of one is told and does not stop the others."""
    for number, source in enumerate(sources, start=1):
        try:
            offer = origin.offer(source, region.counties)
            result = _take(offer, source, store, again=again)
        except (GeoError, OSError) as error:
            result = Result(source.key, "skipped", number, len(sources), _words(error))
        result = replace(result, number=number, of=len(sources))
        tell(result)
        yield result


def _take(offer: Offer, source: Source, store: RawStore, *, again: bool) -> Result:
    old = store.receipt(source.key)
    wanted = [item for item in offer.items if again or not _is_here(old, offer, item)]
    faults = list(offer.faults)
    brought: list[RawFile] = []
    with store.staging(source.key) as folder:
        for item in wanted:
            try:
                brought.append(_bring(item, offer, source, folder))
            except (GeoError, OSError) as error:
                faults.append(f"{item.county}: {_words(error)}" if item.county else _words(error))
        if brought or _tells_more(old, offer):
            store.commit(_join(old, offer, brought))
    return Result(source.key, _state(offer, brought, wanted, faults), 0, 0, "; ".join(faults), _size(brought))


def _bring(item: Item, offer: Offer, source: Source, folder: Path) -> RawFile:
    from geo.payload import check_file

    file = item.bring(folder)
    check_file(file, source, offer.receipt.fidelity)
    return file


def _is_here(old: Receipt | None, offer: Offer, item: Item) -> bool:
    if old is None:
        return False
    better = WORTH[old.fidelity] > WORTH[offer.receipt.fidelity]
    return any(
        (better or not item.sha256 or file.sha256 == item.sha256) and _is_whole(file)
        for file in old.files
        if file.county in ("", item.county) or (better and not item.county)
    )


def _is_whole(file: RawFile) -> bool:
    return (
        file.path.is_file() and file.path.stat().st_size == file.bytes and sha256_of(file.path) == file.sha256
    )


def _tells_more(old: Receipt | None, offer: Offer) -> bool:
    """Whether the same files are here, but what a mirror says of them has changed."""
    if old is None or not offer.items or any(not item.sha256 for item in offer.items):
        return False
    held = {file.sha256 for file in old.files}
    new = replace(offer.receipt, files=old.files, fetched_at=old.fetched_at)
    return held >= {item.sha256 for item in offer.items} and new != old


def _join(old: Receipt | None, offer: Offer, brought: Sequence[RawFile]) -> Receipt:
    """Join what was brought to the files of other counties, where they are laid out alike."""
    if old is None:
        return replace(offer.receipt, files=tuple(brought))
    if "stand-in" in {old.fidelity, offer.receipt.fidelity} and old.fidelity != offer.receipt.fidelity:
        return replace(offer.receipt, files=tuple(brought))
    files = merge_files(old.files, brought) if brought else old.files
    fidelity = min(old.fidelity, offer.receipt.fidelity, key=WORTH.__getitem__)
    kept_old = len(files) > len(brought)
    return replace(offer.receipt, files=files, fidelity=fidelity if kept_old else offer.receipt.fidelity)


def _state(offer: Offer, brought: Sequence[RawFile], wanted: Sequence[Item], faults: Sequence[str]) -> State:
    if faults:
        return "partly" if brought or len(wanted) < len(offer.items) else "skipped"
    return "fetched" if brought else "here"


def _size(files: Sequence[RawFile]) -> int:
    return sum(file.bytes for file in files)


def _words(error: GeoError | OSError) -> str:
    if isinstance(error, GeoError):
        return str(error)
    return str(FetchError(f"it could not be written here ({error.strerror})", "make room and fetch again"))
