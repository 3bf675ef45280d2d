"""What staff put on the map: where a system is, and the mains and tie-in points where a pipe may start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import geopandas as gpd
import shapely
from pydantic import AfterValidator, Field
from shapely.geometry.base import BaseGeometry

from geo.errors import StoreError
from geo.language import gettext as _
from geo.methods.drawing import require_drawn
from geo.water.known_ways import CONFIRMED
from geo.water.tie_ins import require_tie_in, shapes_from_text
from store.journal import Entry, Journal, seen_or_withdrawn
from store.records import Kept, Record, new_id, to_kept
from store.water.kinds import Amount, PastSpan, Pwsid


def _known(text: str, *, place: bool) -> str:
    shape = shapely.from_geojson(text, on_invalid="ignore")
    if place and shape is not None and shape.geom_type != "Point":
        require_drawn(shape)
    elif place:
        if shape is None or shape.geom_type not in CONFIRMED:
            raise ValueError(_("a place is a point or an outline"))
    else:
        require_tie_in(shape)
    return text


def _place(text: str) -> str:
    return _known(text, place=True)


def _start(text: str) -> str:
    return _known(text, place=False)


Text = Annotated[str, Field(min_length=1, max_length=2_000_000, repr=False)]


class SystemPlace(Record):
    """Where a system is: a point or an outline (GeoJSON geometry, EPSG:4326), and as of when."""

    kind: ClassVar[str] = "system_place"
    pwsid: Pwsid
    geojson: Annotated[Text, AfterValidator(_place)]
    on: PastSpan | None = None
    address: str = ""

    @property
    def key(self) -> str:
        """The system."""
        return self.pwsid


class TieIn(Record):
    """A main (line) or a tie-in point of the district (GeoJSON geometry, EPSG:4326), and as of when."""

    kind: ClassVar[str] = "tie_in"
    title: str = Field(min_length=1, max_length=120)
    geojson: Annotated[Text, AfterValidator(_start)]
    diameter_in: Amount | None = None
    on: PastSpan | None = None
    id: str = Field(default_factory=new_id)

    @property
    def key(self) -> str:
        """Its own identifier."""
        return self.id


OnMapRecord = SystemPlace | TieIn


@dataclass(frozen=True, slots=True)
class OnMap:
    """What stands on the map by people's records: GeoJSON by pwsid, and mains and tie-ins with titles."""

    places: tuple[tuple[str, str], ...] = ()
    tie_ins: tuple[tuple[str, str, str], ...] = ()

    def shapes(self) -> gpd.GeoSeries:
        """Return the mains and tie-ins in EPSG:4326, on their identifiers."""
        found = shapes_from_text([text for __, __, text in self.tie_ins])
        return found.set_axis([key for key, __, __ in self.tie_ins])

    def system_shapes(self) -> Mapping[str, BaseGeometry]:
        """Return the places of systems by pwsid, in EPSG:4326."""
        found = shapes_from_text([text for __, text in self.places])
        return dict(zip((pwsid for pwsid, __ in self.places), found, strict=True))


def read_on_map(journal: Journal, region: str) -> OnMap:
    """Read what stands on the map at this moment.

    Examples
    --------
    >>> from store.database import open_database
    >>> read_on_map(Journal(open_database("sqlite://")), "on the map").tie_ins
    ()
    """
    places = [to_kept(SystemPlace, entry).record for entry in journal.latest(region, SystemPlace.kind)]
    starts = [to_kept(TieIn, entry).record for entry in journal.latest(region, TieIn.kind)]
    return OnMap(
        tuple(sorted((place.pwsid, place.geojson) for place in places)),
        tuple(sorted((start.key, start.title, start.geojson) for start in starts)),
    )


def list_tie_ins(journal: Journal, region: str) -> list[Kept[TieIn]]:
    """List the mains and tie-ins that stand, by title."""
    found = [to_kept(TieIn, entry) for entry in journal.latest(region, TieIn.kind)]
    return sorted(found, key=lambda kept: (kept.record.title, kept.record.key))


def find_place(journal: Journal, region: str, pwsid: str) -> Kept[SystemPlace] | None:
    """Return the place that stands for a system; None where nobody recorded one."""
    found = [entry for entry in journal.latest(region, SystemPlace.kind) if entry.key == pwsid]
    return to_kept(SystemPlace, found[0]) if found else None


def put_on_map(
    journal: Journal, region: str, records: Sequence[OnMapRecord], who: str, *, source: str, seen: int
) -> list[Entry]:
    """Record places or tie-ins, all of them or none: without a source nothing is put on the map.

    Parameters
    ----------
    seen
        Number of the entry that a single record replaces; 0 for new ones.

    Raises
    ------
    StoreError
        No source is given.
    ConflictError
        Somebody else changed it since.
    """
    if not source.strip():
        raise StoreError(_("no source is given"), _("say who knows it, and from when; nothing was written"))
    drafts = [
        record.draft(
            region,
            who,
            seen=seen_or_withdrawn(seen, journal.history(region, record.kind, record.key)),
            source=source.strip(),
        )
        for record in records
    ]
    return journal.append(drafts)


def take_off_map(
    journal: Journal, region: str, record: OnMapRecord, who: str, *, seen: int, why: str
) -> Entry:
    """Withdraw a place or a tie-in; its history stays.

    Raises
    ------
    StoreError
        No reason is given.
    ConflictError
        Somebody else changed it since.
    """
    if not why.strip():
        raise StoreError(_("no reason is given for removing it"), _("say why; nothing was written"))
    return journal.append([replace(record.draft(region, who, seen=seen, why=why), body=None)])[0]
