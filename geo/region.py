"""A region, declared in ``regions/<key>.toml``: counties, study area, CRSs, where the map opens."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.days import require_timezone
from geo.errors import CatalogError
from geo.language import gettext as _
from geo.settings import REGIONS

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Focus:
    """A named window of the map: west, south, east, north in degrees (EPSG:4326)."""

    title: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class StudyArea:
    """The part of a region that ranks, classes and counts speak of, unless somebody asks for more.

    ``counties`` are GEOIDs of counties, ``school_districts`` those of the districts in which most people of a
    tract must live for the tract to be of the study area.
    """

    title: str
    counties: tuple[str, ...]
    school_districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """Counties from which datasets are built, and the study area among them.

    ``area_crs`` is an equal-area CRS in m2, ``length_crs`` one in m. ``receiver_pwsids`` are the
    PWSIDs under which the receiving district appears; empty where a region has none. Without a
    ``study_area`` the whole region is studied. ``timezone`` is the IANA name of the one whose days count
    there; no dataset is made of it, so it is no part of what they are told apart by.
    """

    key: str
    title: str
    realm: str
    state: str
    counties: tuple[str, ...]
    area_crs: str
    length_crs: str
    focus: tuple[Focus, ...]
    receiver: str | None = None
    receiver_name: str | None = None
    receiver_pwsids: tuple[str, ...] = ()
    invented: bool = False
    study_area: StudyArea | None = None
    timezone: str = field(default="UTC", repr=False)

    @property
    def bounds(self) -> Bounds:
        """The box around every focus."""
        west, south, east, north = zip(*(focus.bounds for focus in self.focus), strict=True)
        return min(west), min(south), max(east), max(north)


def region_keys(folder: Path = REGIONS) -> tuple[str, ...]:
    """List the regions that are declared.

    Examples
    --------
    >>> "demo" in region_keys()
    True
    """
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def read_region(key: str, folder: Path = REGIONS) -> Region:
    """Read a region's declaration.

    Raises
    ------
    CatalogError
        No such region, or its file is not well formed.

    Examples
    --------
    >>> read_region("coachella").counties
    ('06065', '06025')
    """
    path = folder / f"{key}.toml"
    if not path.is_file():
        known = ", ".join(region_keys(folder))
        raise CatalogError(
            _("there is no region {key!r}").format(key=key),
            _("use one of {known}, or write {file}").format(known=known, file=path.name),
        )
    found = path.stat()
    return _parse(path, found.st_mtime_ns, found.st_ctime_ns, found.st_size)


@lru_cache(maxsize=64)
def _parse(path: Path, *_on_disk: int) -> Region:
    """Read a declaration; kept until its file is another, for every click asks for all of them."""
    try:
        return _to_region(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CatalogError(
            _("{file} is not well formed ({error})").format(file=path.name, error=error),
            _("compare it with demo.toml"),
        ) from error


def _to_region(key: str, fields: dict[str, Any]) -> Region:
    focus = tuple(Focus(item["title"], tuple(item["bounds"])) for item in fields.pop("focus"))
    counties = tuple(fields.pop("counties"))
    receivers = tuple(fields.pop("receiver_pwsids", ()))
    timezone = require_timezone(fields.pop("timezone", None), f"{key}.toml")
    if (studied := fields.pop("study_area", None)) is not None:
        districts = tuple(studied["school_districts"])
        fields["study_area"] = StudyArea(
            studied["title"], tuple(studied.get("counties", counties)), districts
        )
    return Region(
        key=key, focus=focus, counties=counties, receiver_pwsids=receivers, timezone=timezone, **fields
    )
