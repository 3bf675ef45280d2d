"""A layer that somebody brings: shapes, points by coordinates, areas by GEOID, or addresses to be found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORED
from geo.errors import GeometryError, SchemaError, first_ids
from geo.intake.grids import Grid, read_grids
from geo.intake.values import plain_words
from geo.intake.vectors import SUFFIXES, read_vectors
from geo.language import gettext as _
from geo.language import ngettext
from geo.methods.geometry import repair_shapes
from geo.region import Bounds

Found = Literal["shapes", "coordinates", "geoids", "addresses"]
SHEETS = (".csv", ".txt", ".xlsx", ".xls")
TAKEN = (*SUFFIXES, *SHEETS)
MOST_ROWS = 5_000
LATITUDES = ("latitude", "lat", "y", "latitud", "point y")
LONGITUDES = ("longitude", "lon", "lng", "long", "x", "longitud", "point x")
GEOIDS = ("geoid", "geoid10", "geoid20", "geoid 10", "geoid 20", "fips", "tract", "tract geoid", "tracto")
STREETS = ("address", "street", "street address", "direccion", "domicilio", "calle")
CITIES = ("city", "ciudad", "town")
STATES = ("state", "estado")
ZIPS = ("zip", "zip code", "zipcode", "codigo postal")
NAMES = ("name", "nombre", "title", "titulo", "site", "label", "label name")
TRACT_DIGITS, LOST_ZERO = 11, 10
NAME = "own_name"
"""Column that :func:`read_own` adds: what a row is called."""


@dataclass(frozen=True, slots=True)
class OwnLayer:
    """What a person brought, as it was understood.

    Attributes
    ----------
    found
        How rows say where they are.
    frame
        Text as it stood with ``own_name``; shapes in EPSG:4326, none yet for GEOIDs and addresses.
    keys
        For GEOIDs, ``geoid``; for addresses ``street``, ``city``, ``state``, ``zip``, on the rows; else
        empty.
    told
        What a person should know of how it was read.
    """

    found: Found
    frame: gpd.GeoDataFrame
    keys: pd.DataFrame
    told: tuple[str, ...]


def read_own(content: bytes, name: str, bounds: Bounds) -> OwnLayer:
    """Read a file of shapes, or a table with coordinates, GEOIDs of tracts, or addresses.

    Parameters
    ----------
    content, name
        The file as it came; its reader is a process that reaches nothing else (:mod:`geo.intake`).
    bounds
        West, south, east, north of the region in degrees: rows outside are left out and told.

    Raises
    ------
    SchemaError
        It cannot be read, is too large, or nothing in it says where its rows are.
    CRSError
        It says nothing of its CRS, or something that cannot be.
    GeometryError
        All of it lies elsewhere.
    """
    if Path(name).suffix.casefold() not in SHEETS:
        read = read_vectors(content, name)
        told = [_("Read as Windows-1252: look whether accents are right.")] if read.encoding else []
        numbered = read.frame.set_axis(range(1, len(read.frame) + 1))
        return _placed("shapes", gpd.GeoDataFrame(numbered), name, bounds, told)
    return _of_sheet(read_grids(content, name)[0], name, bounds)


def _of_sheet(grid: Grid, name: str, bounds: Bounds) -> OwnLayer:
    head, *body = grid.cells
    rows = {number: row for number, row in enumerate(body, 2) if any(text.strip() for text in row)}
    if not rows:
        raise SchemaError(_("{name} has no rows").format(name=name), _("nothing was kept"))
    _check_count(len(rows), name)
    frame = pd.DataFrame(list(rows.values()), pd.Index(rows), _unique(head), dtype="string")
    places = {plain_words(heading): column for heading, column in zip(head, frame.columns, strict=True)}
    latitude, longitude = _column(places, LATITUDES), _column(places, LONGITUDES)
    if latitude and longitude:
        return _of_coordinates(frame, (longitude, latitude), name, bounds)
    if geoid := _column(places, GEOIDS):
        return _of_geoids(frame, geoid, name)
    if street := _column(places, STREETS):
        return _of_addresses(frame, street, places, name)
    raise SchemaError(
        _("nothing in {name} says where its rows are; its columns are {columns}").format(
            name=name, columns=first_ids(head)
        ),
        _("name columns latitude and longitude, GEOID, or address, city and zip; nothing was kept"),
    )


def _check_count(count: int, name: str) -> None:
    if count > MOST_ROWS:
        raise SchemaError(
            _("{name} has {count} rows, more than the {most} that a layer may have").format(
                name=name, count=f"{count:,}", most=f"{MOST_ROWS:,}"
            ),
            _("keep the rows that you need; nothing was kept"),
        )


def _unique(head: Sequence[str]) -> list[str]:
    """Name columns apart: a heading that is empty or stands twice gets its number.

    Examples
    --------
    >>> _unique(["Name", "", "Name"])
    ['Name', 'column 2', 'Name (3)']
    """
    names: list[str] = []
    for place, heading in enumerate(head, 1):
        text = heading.strip() or f"column {place}"
        names.append(f"{text} ({place})" if text in names or text in ("geometry", NAME) else text)
    return names


def _column(places: Mapping[str, str], known: Sequence[str]) -> str:
    return next((places[word] for word in known if word in places), "")


DECIMAL_COMMA = r"^([-+]?\d{1,3}),(\d+)$"


def _of_coordinates(frame: pd.DataFrame, columns: tuple[str, str], name: str, bounds: Bounds) -> OwnLayer:
    written = [frame[column].str.strip() for column in columns]
    pointed = [item.str.replace(DECIMAL_COMMA, r"\1.\2", regex=True) for item in written]
    numbers = [pd.to_numeric(item, errors="coerce") for item in pointed]
    x, y = (item.to_numpy(dtype=float, na_value=float("nan")) for item in numbers)
    told = []
    if any((before != after).any() for before, after in zip(written, pointed, strict=True)):
        told.append(_("Commas in coordinates were read as decimal points."))
    if _mostly(abs(y) > 90) and not _mostly(abs(x) > 90):
        x, y = y, x
        told.append(_("Latitude and longitude stood in each other's columns and were swapped."))
    if _mostly((x > 0) & (abs(x) <= 180)) and bounds[2] < 0:
        x = -abs(x)
        told.append(_("Longitudes lacked their minus sign (west), which was added."))
    good = (abs(x) <= 180) & (abs(y) <= 90)
    points = [shapely.Point(a, b) if ok else None for a, b, ok in zip(x, y, good, strict=True)]
    shapes = np.array(points, dtype=object)
    return _placed("coordinates", gpd.GeoDataFrame(frame, geometry=shapes, crs=STORED), name, bounds, told)


def _mostly(flags: object) -> bool:
    return bool(pd.Series(flags).mean() > 0.5)


def _of_geoids(frame: pd.DataFrame, column: str, name: str) -> OwnLayer:
    text = frame[column].fillna("").str.replace(r"^\d*US|\.0$|\D", "", regex=True)
    padded = text.where(text.str.len() != LOST_ZERO, "0" + text)
    told = []
    if int((padded != text).sum()):
        told.append(_("GEOIDs had lost their leading zero, which was put back."))
    bad = padded.index[padded.str.len() != TRACT_DIGITS]
    if len(bad) == len(frame):
        raise SchemaError(
            _("no row of {name} has the GEOID of a tract in {column}").format(name=name, column=column),
            _("write 11 digits, as 06065045303; nothing was kept"),
        )
    if len(bad):
        told.append(_left_out(_("no GEOID of a tract"), bad))
    kept = frame.drop(index=bad)
    shapes = gpd.GeoDataFrame(_named(kept, name), geometry=_nowhere(len(kept)), crs=STORED)
    return OwnLayer("geoids", shapes, pd.DataFrame({"geoid": padded.drop(index=bad)}), tuple(told))


def _of_addresses(frame: pd.DataFrame, street: str, places: Mapping[str, str], name: str) -> OwnLayer:
    parts = {"city": CITIES, "state": STATES, "zip": ZIPS}
    keys = pd.DataFrame({"street": frame[street]}, index=frame.index)
    for part, known in parts.items():
        column = _column(places, known)
        keys[part] = frame[column] if column else ""
    shapes = gpd.GeoDataFrame(_named(frame, name), geometry=_nowhere(len(frame)), crs=STORED)
    return OwnLayer("addresses", shapes, keys.fillna("").apply(lambda item: item.str.strip()), ())


def _nowhere(count: int) -> NDArray[np.object_]:
    return np.full(count, None, dtype=object)


def _placed(found: Found, frame: gpd.GeoDataFrame, name: str, bounds: Bounds, told: list[str]) -> OwnLayer:
    """Mend shapes, and leave out what has none or lies outside of the region."""
    _check_count(len(frame), name)
    shapes, mended = repair_shapes(gpd.GeoSeries(frame.geometry))
    none = shapes.isna() | shapes.is_empty
    inside = shapes.intersects(shapely.box(*bounds)) & ~none
    if not inside.any():
        raise GeometryError(
            _("nothing in {name} lies in this region").format(name=name),
            _("see whether coordinates, their system and the region are right; nothing was kept"),
        )
    if int(mended.sum()):
        told.append(
            ngettext(
                "{count} shape was repaired.", "{count} shapes were repaired.", int(mended.sum())
            ).format(count=int(mended.sum()))
        )
    for mask, why in ((none, _("no place")), (~inside & ~none, _("outside of the region"))):
        if mask.any():
            told.append(_left_out(why, frame.index[mask]))
    kept = frame.set_geometry(shapes)[inside]
    plain = kept.drop(columns="geometry").astype("string")
    named = gpd.GeoDataFrame(_named(plain, name), geometry=kept.geometry.to_numpy(), crs=STORED)
    return OwnLayer(found, named, pd.DataFrame(index=named.index), tuple(told))


def _left_out(why: str, rows: Iterable[int]) -> str:
    """Say which rows are left out, by their numbers in the sheet, or by their place among the shapes."""
    names = [str(row) for row in rows]
    words = ngettext(
        "{count} row left out, {why}: {rows}.", "{count} rows left out, {why}: {rows}.", len(names)
    )
    return words.format(count=len(names), why=why, rows=first_ids(names))


def _named(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Add what each row is called: its name, else its first text that is no number, else its number."""
    places = {plain_words(str(column)): str(column) for column in frame}
    column = _column(places, NAMES) or next(iter(map(str, frame.columns)), "")
    spare = [f"{Path(name).stem} {place}" for place in range(1, len(frame) + 1)]
    given = frame[column].fillna("").str.strip() if column else pd.Series("", frame.index)
    words = [text or other for text, other in zip(given, spare, strict=True)]
    return frame.assign(**{NAME: pd.array(words, dtype="string")})


def join_areas(layer: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, identifier: str) -> pd.Series[str]:
    """Name for each row the area that it lies in; a shape by a point on it, NA where it lies in none.

    Parameters
    ----------
    layer, areas
        In EPSG:4326; areas that are no polygons take no part.
    identifier
        Column of the areas that names them.

    Examples
    --------
    >>> towns = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=STORED)
    >>> sites = gpd.GeoDataFrame(geometry=[shapely.Point(0.5, 0.5), shapely.Point(5, 5)], crs=STORED)
    >>> join_areas(sites, towns, "id").tolist()
    ['a', <NA>]
    """
    polygons = areas[areas.geom_type.isin(["Polygon", "MultiPolygon"])]
    points = gpd.GeoDataFrame(geometry=layer.geometry.representative_point(), crs=layer.crs)
    found = gpd.sjoin(points, polygons[[identifier, "geometry"]], predicate="within", how="left")
    first = found[~found.index.duplicated()][identifier]
    return first.reindex(layer.index).astype("string")


NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?")


def number_columns(frame: pd.DataFrame) -> dict[str, pd.Series[float]]:
    """Find the columns of a layer that are numbers throughout, by their names; empty cells are missing.

    Examples
    --------
    >>> table = pd.DataFrame({"beds": ["12", ""], "name": ["A", "B"]}, dtype="string")
    >>> list(number_columns(table))
    ['beds']
    """
    found = {}
    for column in frame.columns:
        if column in ("geometry", NAME):
            continue
        text = frame[column].astype("string").fillna("").str.strip()
        filled = text[text != ""]
        if len(filled) and filled.map(lambda item: NUMBER.fullmatch(item) is not None).all():
            found[str(column)] = pd.to_numeric(text.str.replace(",", ""), errors="coerce")
    return found
