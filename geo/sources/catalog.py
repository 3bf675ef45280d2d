"""The catalog of sources: ``data/sources.toml`` read into declarations.

A *source* is a file or a set of files as a publisher lays them out. Checks, credits, column names and
the Data page are derived from its declaration. One that comes out again and again is a *series*: declared
once, with its vintages, each of which is a source with a key and files of its own. Importing this module
loads no dataframe library.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from geo.errors import CatalogError, first_ids
from geo.settings import catalog_file
from geo.sources.former_names import with_names_of_now

Access = Literal["file", "api", "page"]
Format = Literal["csv", "pipe", "tab", "xlsx", "census_api", "shapefile", "geojson", "parquet", "gtfs"]
Published = str | tuple[str, ...]
ACCESS = ("file", "api", "page")
SEPARATORS: dict[str, str] = {"csv": ",", "pipe": "|", "tab": "\t"}
UTF8 = "utf-8"
FORMATS = ("csv", "pipe", "tab", "xlsx", "census_api", "shapefile", "geojson", "parquet", "gtfs")


def quoting_of(separator: str) -> Literal[0, 3]:
    r"""How the csv module reads quotes in a text: with tabs between its fields, they are part of them.

    Examples
    --------
    >>> quoting_of("\t") == csv.QUOTE_NONE, quoting_of(",") == csv.QUOTE_MINIMAL
    (True, True)
    """
    return csv.QUOTE_NONE if separator == SEPARATORS["tab"] else csv.QUOTE_MINIMAL


@dataclass(frozen=True, slots=True)
class Layout:
    """How a source's file is laid out.

    ``text``, ``number`` and ``date`` map our column to the published one; several published columns
    are joined end to end, as for a GEOID made of its parts. ``geoid_digits`` says how many digits our columns
    of GEOIDs have; ``open_ended`` which published values of a median stand for its first or last class, as
    250,001 for "250,000 and more", and measure nothing. ``member`` names the table within an archive
    of several; empty where the file is the table. ``code_list`` names another member, which says in words
    what the codes in the ``coded`` columns mean. ``blanks`` are words that stand for a missing text or
    number, ``day`` is how dates are written, ``encoding`` how a text without a byte order mark is. ``also``
    lists other headings of our columns.
    """

    format: Format
    member: str = ""
    text: Mapping[str, Published] = field(default_factory=dict)
    number: Mapping[str, Published] = field(default_factory=dict)
    date: Mapping[str, Published] = field(default_factory=dict)
    geoid_digits: Mapping[str, int] = field(default_factory=dict)
    open_ended: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    encoding: str = UTF8
    day: str | None = None
    blanks: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    code_list: str = ""
    coded: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, Published]:
        """Every column: ours to published."""
        return {**self.text, **self.number, **self.date}

    @property
    def published(self) -> tuple[str, ...]:
        """The published columns that must be there."""
        names: dict[str, None] = {}
        for published in self.columns.values():
            names.update(dict.fromkeys([published] if isinstance(published, str) else published))
        return tuple(names)


@dataclass(frozen=True, slots=True)
class Source:
    """One source's declaration; the fields stand in ``data/sources.toml``'s head.

    ``series`` is the key that it shares with the other vintages; empty for a source that has none.
    """

    key: str
    title: str
    publisher: str
    vintage: str
    license: str
    address: str
    access: Access
    address_seen: bool
    file: str
    layout: Layout
    stand_in: Layout | None = None
    mirror_key: str = ""
    scope: Literal["nation", "state", "county"] = "state"
    key_columns: tuple[str, ...] = ()
    missing: tuple[float, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    needs_key: bool = False
    other_addresses: tuple[str, ...] = ()
    county_column: str = ""
    moved_from: str = ""
    resource: str = ""
    find: str = ""
    sheet: str = ""
    series: str = ""
    tables: tuple[str, ...] = ()
    tracts: int = 0
    note: str = ""

    @property
    def declared_as(self) -> str:
        """The key under which it stands in the catalog's file, and by which datasets may name it."""
        return self.series or self.key

    @property
    def credit(self) -> str:
        """One line that names publisher, title and vintage."""
        return f"{self.publisher}, {self.title}, {self.vintage}"

    @property
    def exportable(self) -> bool:
        """Whether the license lets the values go into an export (none stated: they stay out)."""
        return "not stated" not in self.license.lower()

    @property
    def by_county(self) -> bool:
        """Whether its publisher is asked for each county: by a file each, or by a layer's column of names."""
        return self.scope == "county" or bool(self.county_column)

    def layout_for(self, fidelity: str) -> Layout:
        """Return the layout of a file by its fidelity: ``original``, ``relaid`` or ``stand-in``."""
        if fidelity == "stand-in" and self.stand_in is not None:
            return self.stand_in
        return self.layout

    def file_for(self, county: str | None) -> str:
        """Name of the file, for a county (a five-digit GEOID) where there is one each.

        Examples
        --------
        >>> read_catalog()["tracts_2020"].file_for("06025")
        'tl_2020_06025_tract20.zip'
        """
        return self.file.format(county=county) if self.scope == "county" else self.file

    def address_for(self, county: str | None) -> str:
        """Official address, for a county (a five-digit GEOID) where there is one each."""
        return self._of_county(self.address, county)

    def addresses_for(self, county: str | None) -> tuple[str, ...]:
        """Official address, and those that have the same file where it refuses or is away, in their order.

        Examples
        --------
        >>> read_catalog()["tracts_2010"].addresses_for(None)[1]
        'ftp://ftp2.census.gov/geo/tiger/GENZ2014/shp/cb_2014_06_tract_500k.zip'
        """
        return tuple(self._of_county(address, county) for address in (self.address, *self.other_addresses))

    def _of_county(self, address: str, county: str | None) -> str:
        if self.scope != "county" or county is None:
            return address
        return address.format(county=county, state=county[:2], county_code=county[2:])


class Catalog(dict[str, Source]):
    """Declarations by key; the key of a series stands for its newest vintage.

    Examples
    --------
    >>> catalog = read_catalog()
    >>> catalog["acs_svi"].key, catalog["acs_svi_2018"].vintage
    ('acs_svi_2022', '2014-2018, 2010 tracts')
    """

    def __missing__(self, key: str) -> Source:
        """Return the newest vintage of a series."""
        for source in self.values():
            if source.series == key:
                return source
        raise KeyError(key)


def vintages_of(keys: Iterable[str], catalog: Mapping[str, Source]) -> tuple[str, ...]:
    """List keys with every vintage, newest first, in place of the key of a series.

    Examples
    --------
    >>> vintages_of(["roads", "acs_svi"], read_catalog())
    ('roads', 'acs_svi_2022', 'acs_svi_2018')
    """
    found: dict[str, None] = {}
    for key in keys:
        ours = [name for name, source in catalog.items() if source.series == key]
        found.update(dict.fromkeys([key] if key in catalog else ours or [key]))
    return tuple(found)


def read_catalog(path: Path | None = None) -> Catalog:
    """Read every declaration, by key; of a series each vintage.

    The file is the one that is set (``GEO_CATALOG``) where none is named.

    Raises
    ------
    CatalogError
        The file is not TOML, or declarations lack fields; all of them are named at once.

    Examples
    --------
    >>> read_catalog()["tracts_2010"].publisher
    'U.S. Census Bureau'
    """
    path = path or catalog_file()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(
            f"{path.name} cannot be read ({error})", "restore it from the repository"
        ) from error
    faults: list[str] = []
    catalog = Catalog()
    for key, entry in entries.items():
        try:
            catalog.update(_to_sources(key, with_names_of_now(entry)))
        except (KeyError, TypeError, CatalogError) as error:
            faults.append(f"{key} ({error})")
    if faults:
        raise CatalogError(f"{len(faults)} sources are not well declared: {first_ids(faults)}", "mend them")
    return catalog


def _to_sources(key: str, entry: dict[str, Any]) -> Iterator[tuple[str, Source]]:
    """Make the source of an entry, or one for each of its vintages."""
    vintages = entry.pop("vintages", None)
    if vintages is None:
        yield key, _to_source(key, entry)
        return
    if not vintages:
        raise CatalogError("it has no vintages")
    for name, differences in vintages.items():
        merged = _fill({**entry, "series": key}, name)
        for field_name, value in _fill(with_names_of_now(differences), name).items():
            known = merged.get(field_name)
            merged[field_name] = {**known, **value} if isinstance(known, dict) else value
        yield f"{key}_{name}", _to_source(f"{key}_{name}", merged)


def _fill(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Copy an entry, with a vintage's name in place of ``{year}`` in all its texts."""
    return {key: _filled(value, name) for key, value in entry.items()}


def _filled(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return value.replace("{year}", name)
    if isinstance(value, Mapping):
        return _fill(value, name)
    return [_filled(item, name) for item in value] if isinstance(value, list) else value


def _to_source(key: str, entry: dict[str, Any]) -> Source:
    layout = _to_layout(entry)
    stand_in = _to_layout(entry.pop("stand_in")) if "stand_in" in entry else None
    if entry["access"] not in ACCESS:
        raise CatalogError(f"access {entry['access']!r} is none of {', '.join(ACCESS)}")
    return Source(
        key=key,
        layout=layout,
        stand_in=stand_in,
        mirror_key=entry.pop("mirror_key", key),
        key_columns=tuple(entry.pop("key", ())),
        missing=tuple(entry.pop("missing", ())),
        other_addresses=tuple(entry.pop("other_addresses", ())),
        tables=tuple(entry.pop("tables", ())),
        **entry,
    )


def _to_layout(entry: dict[str, Any]) -> Layout:
    form = entry.pop("format")
    if form not in FORMATS:
        raise CatalogError(f"format {form!r} is none of {', '.join(FORMATS)}")
    maps = {part: _to_map(entry.pop(part, {})) for part in ("text", "number", "date")}
    digits = dict(entry.pop("geoid_digits", {}))
    if strangers := sorted(set(digits) - set(maps["text"])):
        raise CatalogError(f"geoid_digits names {first_ids(strangers)}, which are no columns of text")
    ends = {ours: tuple(values) for ours, values in entry.pop("open_ended", {}).items()}
    if strangers := sorted(set(entry.get("also", ())) - set(maps["text"])):
        raise CatalogError(f"also names {first_ids(strangers)}, which are no columns of text")
    if strangers := sorted(set(ends) - set(maps["number"])):
        raise CatalogError(f"open_ended names {first_ids(strangers)}, which are no columns of numbers")
    coded = tuple(entry.pop("coded", ()))
    if strangers := sorted(set(coded) - set(maps["text"])):
        raise CatalogError(f"coded names {first_ids(strangers)}, which are no columns of text")
    return Layout(
        format=form,
        member=entry.pop("member", ""),
        geoid_digits=digits,
        open_ended=ends,
        encoding=entry.pop("encoding", UTF8),
        day=entry.pop("day", None),
        blanks=tuple(entry.pop("blanks", ())),
        code_list=entry.pop("code_list", ""),
        coded=coded,
        also={ours: tuple(headings) for ours, headings in entry.pop("also", {}).items()},
        **maps,
    )


def _to_map(columns: Mapping[str, str | list[str]]) -> dict[str, Published]:
    named = with_names_of_now(columns)
    return {ours: tuple(name) if isinstance(name, list) else name for ours, name in named.items()}
