"""What an origin can give of a source: an offer of files that are not brought yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from geo.catalog import Source
from geo.errors import FetchError, first_ids
from geo.mirror import Mirror, MirrorEntry, MirrorFile, bring_file, open_folder, read_entry
from geo.raw import RawFile, RawStore, Receipt


@dataclass(frozen=True, slots=True)
class Item:
    """One file that can be brought; ``sha256`` is empty where nobody has said what it should be."""

    county: str
    sha256: str
    bring: Callable[[Path], RawFile]


@dataclass(frozen=True, slots=True)
class Offer:
    """The files of one source, and the receipt that they will have; ``faults`` say what lacks."""

    receipt: Receipt
    items: tuple[Item, ...]
    faults: tuple[str, ...] = ()


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
        return Offer(entry.to_receipt(source.key, ()), self._items(entry, files), (faults,) if faults else ())

    def _items(self, entry: MirrorEntry, files: Sequence[MirrorFile]) -> tuple[Item, ...]:
        return tuple(Item(file.county, file.sha256, partial(bring_file, self.mirror, file)) for file in files)


def open_origin(mirror: str | Path | None, store: RawStore) -> Origin:
    """Open a mirror by its folder or address; None means the official addresses.

    Raises
    ------
    FetchError
        The mirror has no index that can be read.
    """
    if mirror is None:
        raise FetchError("official addresses are not fetched yet", "name a mirror")
    return MirrorOrigin(open_folder(Path(mirror)))


def _what_lacks(source: Source, counties: Sequence[str], files: Sequence[MirrorFile]) -> str:
    have = {file.county for file in files}
    lacking = [county for county in counties if county not in have]
    if source.scope == "state" or "" in have or not lacking:
        return ""
    return f"the mirror has no file for {len(lacking)} counties: {first_ids(lacking)}"
