"""Layers that people brought and kept under a name, for those who record here."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from geo.errors import StoreError
from geo.language import gettext as _
from store.journal import Draft, Entry, Journal, seen_or_withdrawn
from store.records import Kept, Record, to_kept

MOST_BYTES = 2_000_000


class SavedLayer(Record):
    """A layer as GeoJSON text in EPSG:4326; it is never made from addresses."""

    kind: ClassVar[str] = "own_layer"
    name: Annotated[str, Field(min_length=1, max_length=80)]
    geojson: Annotated[str, Field(min_length=2, max_length=MOST_BYTES)]
    file: str = ""
    color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] = "#7b3294"

    @property
    def key(self) -> str:
        """The name, whatever its case and blanks."""
        return " ".join(self.name.casefold().split())


def saved_layers(journal: Journal, region: str) -> list[Kept[SavedLayer]]:
    """List a region's layers, in order of their names."""
    found = [to_kept(SavedLayer, entry) for entry in journal.latest(region, SavedLayer.kind)]
    return sorted(found, key=lambda kept: kept.record.key)


def save_layer(journal: Journal, region: str, layer: SavedLayer, who: str) -> Entry:
    """Keep a layer under a new name.

    Raises
    ------
    ConflictError
        The name is taken.
    """
    past = journal.history(region, kind=SavedLayer.kind, key=layer.key)
    return journal.append([layer.draft(region, who, seen=seen_or_withdrawn(0, past))])[0]


def remove_layer(journal: Journal, region: str, kept: Kept[SavedLayer], who: str) -> None:
    """Withdraw a layer; its history stays.

    Raises
    ------
    StoreError
        Nobody is named.
    ConflictError
        Somebody changed it in the meantime.
    """
    if not who:
        raise StoreError(_("write your name first"), _("nothing was written"))
    why = _("removed on the map")
    journal.append([Draft(region, SavedLayer.kind, kept.record.key, None, who, kept.number, why, "")])
