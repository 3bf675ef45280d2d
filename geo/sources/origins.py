"""Where sources come from, the publishers or a mirror in their place, and what each can give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from geo.errors import FetchError, first_ids
from geo.sources.catalog import Source
from geo.sources.mirror import (
    INDEX,
    Mirror,
    MirrorFile,
    WebMirror,
    bring_file,
    open_folder,
    parse_index,
    read_entry,
)
from geo.sources.raw import RawFile, RawStore, Receipt

if TYPE_CHECKING:
    from geo.sources.download import Downloader


@dataclass(frozen=True, slots=True)
class Item:
    """One file that can be brought.

    ``sha256`` is empty, and ``rows`` None, where nobody has said what they should be.
    """

    county: str
    sha256: str
    bring: Callable[[Path], RawFile]
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The files of one source, and the receipt that they will have; ``faults`` say what lacks.

    ``dated`` where the origin knows when the publisher gave them.
    """

    receipt: Receipt
    items: tuple[Item, ...]
    faults: tuple[str, ...] = ()
    dated: bool = False


class Origin(Protocol):
    """Where sources come from."""

    def offer(self, source: Source, counties: Sequence[str]) -> Offer:
        """Say what can be had of a source for these counties (five-digit GEOIDs)."""


@dataclass(frozen=True, slots=True)
class MirrorOrigin:
    """Sources from a mirror."""

    mirror: Mirror

    def offer(self, source: Source, counties: Sequence[str]) -> Offer:
        """Say what the mirror has of a source for these counties (five-digit GEOIDs).

        Raises
        ------
        FetchError
            It has nothing of it.
        """
        entry = read_entry(self.mirror, source)
        if entry is None:
            raise FetchError(
                f"the mirror {self.mirror.where} does not have it",
                f"fetch it where there is a network, or run python -m geo add {source.key} FILE",
            )
        files = [file for file in entry.files if file.county in ("", *counties)]
        faults = _what_lacks(source, counties, files)
        if not files:
            raise FetchError(faults)
        items = tuple(
            Item(file.county, file.sha256, partial(bring_file, self.mirror, file), file.rows)
            for file in files
        )
        receipt = entry.to_receipt(source.key, ())
        return Offer(receipt, items, (faults,) if faults else (), dated=bool(entry.fetched_at))


def _what_lacks(source: Source, counties: Sequence[str], files: Sequence[MirrorFile]) -> str:
    have = {file.county for file in files}
    lacking = [county for county in counties if county not in have]
    if not source.by_county or "" in have or not lacking:
        return ""
    return f"the mirror has no file for county {first_ids(lacking)}"


WEB = ("http://", "https://")


def open_origin(mirror: str | Path | None, store: RawStore) -> Origin:
    """Open a mirror by its folder or web address; None means the publishers.

    Raises
    ------
    FetchError
        The mirror has no index that can be read.
    """
    if mirror is not None and not str(mirror).startswith(WEB):
        return MirrorOrigin(open_folder(Path(mirror)))
    from geo.sources.census_key import census_key
    from geo.sources.download import Downloader
    from geo.sources.publishers import OfficialOrigin

    key = census_key()
    downloader = Downloader(store.folder / ".partial", secret=key)
    if mirror is None:
        return OfficialOrigin(downloader, key)
    return MirrorOrigin(open_web(str(mirror).rstrip("/"), downloader))


def open_web(address: str, downloader: Downloader) -> WebMirror:
    """Read the index of a mirror that is served over HTTP.

    Raises
    ------
    FetchError
        The index cannot be had, or is not TOML.
    """
    path = downloader.folder / INDEX
    downloader.download(f"{address}/{INDEX}", path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FetchError(f"{address}/{INDEX} is no text", "see whether a mirror is served there") from error
    finally:
        path.unlink(missing_ok=True)
    return WebMirror(address, parse_index(text, f"{address}/{INDEX}"), downloader.download)
