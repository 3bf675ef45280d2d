"""Bring the sources of a region to the raw files: only what lacks, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from geo.errors import CatalogError, FetchError, GeoError
from geo.language import gettext as _
from geo.region import Region, read_region
from geo.sources.catalog import Source, read_catalog
from geo.sources.county_names import NAMES
from geo.sources.former_names import source_of_now
from geo.sources.origins import Item, Offer, Origin, open_origin
from geo.sources.raw import RawFile, RawStore, Receipt, merge_files, sha256_of

State = Literal["here", "fetched", "kept", "partly", "skipped"]
WORTH = {"original": 2, "relaid": 1, "stand-in": 0}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source; ``reason`` says what lacks and why, ``bytes`` were brought now.

    ``here`` (nothing to do), ``fetched``, ``kept`` (what was here stays, the new could not be had),
    ``partly`` (some counties lack) or ``skipped`` (nothing of it is here).
    """

    state: State
    reason: str = ""
    bytes: int = 0


def fetch_source(
    source: Source, counties: Sequence[str], store: RawStore, origin: Origin, *, again: bool = False
) -> Outcome:
    """Bring a source for these counties, and tell what became of it; no fault of it is raised.

    Parameters
    ----------
    source
        Its declaration.
    counties
        Five-digit GEOIDs; they count where the source has a file for each county.
    store
        Where it goes; what is there stays as it is on any fault.
    origin
        Where it comes from.
    again
        Bring also what is here and whole.
    """
    places = tuple(counties) if source.by_county else ("",)
    lacking: list[str] = []
    failed: list[str] = []
    brought: Sequence[RawFile] = ()
    try:
        offer = origin.offer(source, counties)
        lacking.extend(offer.faults)
        brought = _bring_what_lacks(offer, source, store, failed, again=again)
    except (GeoError, OSError) as error:
        (failed if again else lacking).append(_words(error))
    here = _whole_places(source, store, places)
    size = sum(file.bytes for file in brought)
    if len(here) < len(places):
        return Outcome("partly" if here else "skipped", "; ".join([*failed, *lacking]), size)
    if failed:
        return Outcome("kept", "; ".join(failed), size)
    return Outcome("fetched" if brought else "here", "", size)


def _bring_what_lacks(
    offer: Offer, source: Source, store: RawStore, failed: list[str], *, again: bool
) -> list[RawFile]:
    """Bring the items that are not here, and commit them together; what fails is noted."""
    old = store.receipt(source.key)
    brought: list[RawFile] = []
    faults: dict[str, str] = {}
    with store.staging(source.key) as folder:
        for item in offer.items:
            if again or not _is_here(old, offer, item):
                try:
                    file = item.bring(folder)
                    _check(file, source, offer, item.rows)
                    brought.append(file)
                except (GeoError, OSError) as error:
                    faults[item.county] = _words(error)
        failed.extend(_tell_by_county(faults))
        if brought:
            vintage = max(file.changed for file in brought) or offer.receipt.vintage
            new = replace(offer.receipt, files=tuple(brought), vintage=vintage)
            store.commit(join_receipts(old, new))
        elif old is not None and _tells_more(old, offer):
            store.commit(_renew(old, offer))
    return brought


def _tell_by_county(faults: Mapping[str, str]) -> list[str]:
    """Tell once what is at fault alike for several counties (five-digit GEOIDs), in the words of the first.

    Examples
    --------
    >>> _tell_by_county({"06065": "no tl_06065.zip", "06025": "no tl_06025.zip"})
    ['06065, 06025: no tl_06065.zip']
    >>> _tell_by_county({"": "no rails.zip"})
    ['no rails.zip']
    """
    alike: dict[str, list[str]] = {}
    for county, words in faults.items():
        name = NAMES.get(county, county)
        for mark in (county, f"county:{county[2:]}", name.upper(), name) if county else ():
            words = words.replace(mark, "*")
        alike.setdefault(words, []).append(county)
    groups = alike.values()
    return [f"{', '.join(group)}: {faults[group[0]]}" if group[0] else faults[""] for group in groups]


def _check(file: RawFile, source: Source, offer: Offer, rows: int | None) -> None:
    from geo.sources.checks import check_file, require_rows

    check_file(file, source, offer.receipt.fidelity)
    require_rows(file.path, source.layout_for(offer.receipt.fidelity), rows)


def _whole_places(source: Source, store: RawStore, places: Sequence[str]) -> list[str]:
    """Tell for which of the places (counties, or the empty name of all) whole files are here."""
    try:
        receipt = store.receipt(source.key)
    except FetchError:
        return []
    have = {file.county for file in receipt.files if _is_whole(file)} if receipt else set()
    return [place for place in places if place in have or "" in have]


def _is_here(old: Receipt | None, offer: Offer, item: Item) -> bool:
    """Whether the item is here and whole; a truer file will do, a stand-in for the real one will not."""
    if old is None or (old.fidelity == "stand-in" and offer.receipt.fidelity != "stand-in"):
        return False
    truer = WORTH[old.fidelity] > WORTH[offer.receipt.fidelity]
    return any(
        (truer or not item.sha256 or file.sha256 == item.sha256) and _is_whole(file)
        for file in old.files
        if file.county in ("", item.county) or (truer and not item.county)
    )


def _is_whole(file: RawFile) -> bool:
    return (
        file.path.is_file() and file.path.stat().st_size == file.bytes and sha256_of(file.path) == file.sha256
    )


def _tells_more(old: Receipt, offer: Offer) -> bool:
    """Whether the same files are here, but what a mirror says of them has changed."""
    same = {file.sha256 for file in old.files} == {item.sha256 for item in offer.items}
    return same and _renew(old, offer) != old


def _renew(old: Receipt, offer: Offer) -> Receipt:
    """Say of the files that are here what the offer says of them."""
    fetched_at = offer.receipt.fetched_at if offer.dated else old.fetched_at
    return replace(offer.receipt, files=old.files, fetched_at=fetched_at)


def join_receipts(old: Receipt | None, new: Receipt) -> Receipt:
    """Join new files to those of other counties, where both are laid out alike; else they replace them.

    What holds for all is the lesser fidelity of the two.

    Examples
    --------
    >>> from geo.sources.catalog import read_catalog
    >>> from geo.sources.publishers import declared_receipt
    >>> new = declared_receipt(read_catalog()["roads"], "original")
    >>> join_receipts(None, new) is new
    True
    """
    if old is None or (old.fidelity == "stand-in") != (new.fidelity == "stand-in"):
        return new
    files = merge_files(old.files, new.files)
    if len(files) == len(new.files):
        return new
    return replace(new, files=files, fidelity=min(old.fidelity, new.fidelity, key=WORTH.__getitem__))


def _words(error: GeoError | OSError) -> str:
    if isinstance(error, GeoError):
        return str(error)
    return str(FetchError(f"it could not be written here ({error.strerror})", "make room and fetch again"))


SOME_SKIPPED = 3


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one source, the ``number``-th ``of`` so many; the rest is as in ``Outcome``."""

    source: str
    state: State
    number: int
    of: int
    reason: str = ""
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the sources that were asked for; ``stopped`` says why no publisher was asked."""

    results: tuple[Result, ...]
    stopped: str = ""

    @property
    def lacking(self) -> tuple[Result, ...]:
        """The sources that are not here, not for every county, or could not be brought again."""
        return tuple(result for result in self.results if result.state in ("skipped", "partly", "kept"))

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
        Only these; all of the catalog by default.
    again
        Bring also what is here and whole.
    tell
        Called after each source, for progress.

    Returns
    -------
    Report
        One result for each source, in the order of the catalog.

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
        stopped = "" if mirror is not None else _why_away(wanted, region, store, again=again)
        if stopped:
            return Report(tuple(_what_is_here(wanted, region, store)), stopped)
        return Report(tuple(fetch_sources(wanted, region, store, origin, again=again, tell=tell)))


def _why_away(sources: Sequence[Source], region: Region, store: RawStore, *, again: bool) -> str:
    """Say that no publisher can be reached of whom something is wanted; empty where one can, or none is."""
    from geo.sources.publishers import find_unreachable, require_addresses

    wanted = [source for source in sources if again or _lacks(source, region, store)]
    hosts = find_unreachable(require_addresses(wanted, region.counties[0]))
    if not hosts:
        return ""
    return _(
        "No publisher can be reached from here ({hosts}): is there a network? What is here stays; run it "
        "again where there is one, or take the sources from a folder: --mirror DIR."
    ).format(hosts=", ".join(hosts))


def _lacks(source: Source, region: Region, store: RawStore) -> bool:
    return len(_whole_places(source, store, _places_of(source, region))) < len(_places_of(source, region))


def _places_of(source: Source, region: Region) -> tuple[str, ...]:
    return tuple(region.counties) if source.by_county else ("",)


def _what_is_here(sources: Sequence[Source], region: Region, store: RawStore) -> Iterator[Result]:
    """Tell of each source whether it is here, and ask nobody."""
    for number, source in enumerate(sources, start=1):
        lacking = _lacks(source, region, store)
        here = _whole_places(source, store, _places_of(source, region))
        state: State = ("partly" if here else "skipped") if lacking else "here"
        yield Result(source.key, state, number, len(sources))


def require_sources(keys: Iterable[str] = ()) -> list[Source]:
    """Return the declarations of sources, of all where no key is given; of a series, its newest vintage.

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
    wanted = [source_of_now(key) for key in keys] or list(catalog)
    known = {*catalog, *(source.series for source in catalog.values())}
    unknown = [key for key in wanted if key not in known]
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
        outcome = fetch_source(source, region.counties, store, origin, again=again)
        result = Result(source.key, outcome.state, number, len(sources), outcome.reason, outcome.bytes)
        tell(result)
        yield result
