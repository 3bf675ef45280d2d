"""Bring the sources of a region to the raw files: from their publishers, or from a mirror.

Each source is brought to a folder of its own, checked as a pipeline would read it, and only then takes
the place of what was there. A source that cannot be had is named and skipped; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.errors import CatalogError
from geo.region import Region, read_region
from geo.sources.catalog import Source, read_catalog
from geo.sources.fetch_one import State, fetch_source
from geo.sources.offer import Origin
from geo.sources.origin import open_origin
from geo.sources.raw import RawStore

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
    """What became of the sources that were asked for."""

    results: tuple[Result, ...]

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
        outcome = fetch_source(source, region.counties, store, origin, again=again)
        result = Result(source.key, outcome.state, number, len(sources), outcome.reason, outcome.bytes)
        tell(result)
        yield result
