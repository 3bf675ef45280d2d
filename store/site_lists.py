"""Lists of places where an event could be held, as somebody added them: schools, parks, libraries."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import ClassVar

import geopandas as gpd
from pydantic import Field

from geo.crs import STORED
from geo.errors import StoreError
from geo.language import gettext as _
from geo.language import mark as N_
from store.journal import Draft, Entry, Journal, seen_or_withdrawn
from store.records import Kept, Record, to_kept


class SiteKind(StrEnum):
    """What kind of places a list has."""

    SCHOOL = "school"
    PARK = "park"
    LIBRARY = "library"
    CENTRE = "centre"
    OTHER = "other"


SITE_TITLES: dict[SiteKind, str] = {
    SiteKind.SCHOOL: N_("Schools"),
    SiteKind.PARK: N_("Parks"),
    SiteKind.LIBRARY: N_("Libraries"),
    SiteKind.CENTRE: N_("Community centres"),
    SiteKind.OTHER: N_("Other places"),
}


class SiteList(Record):
    """A list of places: GeoJSON points in EPSG:4326 with ``name``; ``source`` and ``vintage`` as told."""

    kind: ClassVar[str] = "site_list"
    title: str = Field(min_length=1, max_length=80)
    site_kind: SiteKind
    source: str = Field(min_length=1)
    vintage: str = Field(min_length=1)
    sites: int = Field(ge=1)
    geojson: str = Field(min_length=1, max_length=4_000_000, repr=False)

    @property
    def key(self) -> str:
        """The title, whatever its case and blanks."""
        return " ".join(self.title.casefold().split())

    def frame(self) -> gpd.GeoDataFrame:
        """Return the places: ``name`` and a point in EPSG:4326."""
        return gpd.GeoDataFrame.from_features(json.loads(self.geojson)["features"], crs=STORED)


def list_sites(journal: Journal, region: str) -> list[Kept[SiteList]]:
    """List a region's lists of places, by title."""
    found = [to_kept(SiteList, entry) for entry in journal.latest(region, SiteList.kind)]
    return sorted(found, key=lambda kept: kept.record.key)


def save_sites(journal: Journal, region: str, record: SiteList, who: str, *, seen: int) -> Entry:
    """Keep a list of places; one of the same title is followed by this one, and its history stays.

    Parameters
    ----------
    seen
        Number of the list of this title that the person saw; 0 where none stood.

    Raises
    ------
    ConflictError
        Another list of this title stands than the one that was seen.

    Examples
    --------
    >>> from store.database import open_database
    >>> point = gpd.GeoDataFrame({"name": ["M"]}, geometry=gpd.points_from_xy([-116], [33.5]), crs=STORED)
    >>> fields = {"title": "Schools", "site_kind": "school", "source": "CDE", "vintage": "2026"}
    >>> journal = Journal(open_database("sqlite://"))
    >>> record = SiteList.make(fields | {"sites": 1, "geojson": point.to_json()})
    >>> _entry = save_sites(journal, "demo", record, "Ana", seen=0)
    >>> list_sites(journal, "demo")[0].record.frame()["name"].tolist()
    ['M']
    """
    past = journal.history(region, SiteList.kind, record.key)
    return journal.append([record.draft(region, who, seen=seen_or_withdrawn(seen, past))])[0]


def withdraw_sites(journal: Journal, region: str, kept: Kept[SiteList], who: str, why: str) -> Entry:
    """Withdraw a list of places: it is proposed no more, and its history stays.

    Parameters
    ----------
    kept
        The list as the person saw it.

    Raises
    ------
    StoreError
        No reason is given.
    ConflictError
        Somebody else changed or withdrew it since.
    """
    if not why.strip():
        raise StoreError(_("it does not say why"), _("give a reason; nothing was withdrawn"))
    return journal.append([Draft(region, SiteList.kind, kept.record.key, None, who, kept.number, why)])[0]
