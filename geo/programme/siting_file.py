"""A file of candidate sites that somebody adds: schools, parks, libraries, each a name and a point."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORED
from geo.errors import SchemaError, first_ids
from geo.intake.sheets import read_rows
from geo.intake.vectors import SUFFIXES, read_vectors
from geo.language import gettext as _
from geo.region import Region

SHEETS = (".csv", ".xlsx", ".xlsm")
NAMES = ("name", "nombre", "school", "title", "facility", "site", "park_name", "library")
LATITUDES = ("latitude", "lat", "latitud", "y")
LONGITUDES = ("longitude", "lon", "lng", "long", "longitud", "x")


@dataclass(frozen=True, slots=True)
class SiteFile:
    """Sites that hold (``name`` and a point in EPSG:4326), and what is wrong with the others, row by row."""

    sites: gpd.GeoDataFrame
    faults: tuple[str, ...] = ()


def read_sites(content: bytes, name: str, region: Region) -> SiteFile:
    r"""Read candidate sites: CSV or XLSX with name, latitude, longitude; or a file of shapes.

    Areas, such as parks, stand by a point inside. Rows of one name and place count once.

    Raises
    ------
    SchemaError
        It cannot be read, lacks a column, or no row holds.

    Examples
    --------
    >>> from geo.region import read_region
    >>> rows = b"Name,Latitude,Longitude\nMecca School,33.57,-116.08\nNowhere,0,0\n"
    >>> found = read_sites(rows, "schools.csv", read_region("coachella"))
    >>> found.sites["name"].tolist(), len(found.faults)
    (['Mecca School'], 1)
    """
    suffix = Path(name).suffix.casefold()
    if suffix in SHEETS:
        frame, faults = _of_sheet(content, name)
    elif suffix in SUFFIXES:
        frame, faults = _of_shapes(content, name)
    else:
        raise SchemaError(
            _("{name} is no file of sites that can be read here").format(name=name),
            _("add CSV, XLSX, GeoJSON, GeoPackage, KML, or a shapefile in a zip; nothing was written"),
        )
    windows = shapely.union_all([shapely.box(*focus.bounds) for focus in region.focus])
    inside = frame.intersects(windows)
    faults += [
        _("{row}: {name} lies outside this region").format(row=row, name=called)
        for row, called in zip(frame.loc[~inside, "row"], frame.loc[~inside, "name"], strict=True)
    ]
    kept = frame[inside]
    twice = kept.assign(wkt=kept.geometry.to_wkt()).duplicated(["name", "wkt"]).to_numpy()
    faults += [
        _("{row}: {name} stands twice, and counts once").format(row=row, name=called)
        for row, called in zip(kept.loc[twice, "row"], kept.loc[twice, "name"], strict=True)
    ]
    kept = kept[~twice].reset_index(drop=True)
    if kept.empty:
        raise SchemaError(
            _("no row of {name} is a site in this region ({faults})").format(
                name=name, faults=first_ids(faults)
            ),
            _("see the columns (name, latitude, longitude, in degrees) and the region; nothing was written"),
        )
    return SiteFile(kept[["name", "geometry"]], tuple(faults))


def _of_sheet(content: bytes, name: str) -> tuple[gpd.GeoDataFrame, list[str]]:
    rows = read_rows(content, name)
    title, north, east = (_column(rows, names, name) for names in (NAMES, LATITUDES, LONGITUDES))
    latitude, longitude = (pd.to_numeric(rows[column], errors="coerce") for column in (north, east))
    placed = latitude.between(-90, 90) & longitude.between(-180, 180)
    good = placed & rows[title].ne("")
    faults = [
        _("row {row}: {what}").format(row=row, what=_("no name") if placed[row] else _("no point in degrees"))
        for row in rows.index[~good]
    ]
    points = gpd.points_from_xy(longitude[good], latitude[good])
    named = {
        "name": rows.loc[good, title].tolist(),
        "row": [_("row {row}").format(row=row) for row in rows.index[good]],
    }
    return gpd.GeoDataFrame(named, geometry=points, crs=STORED), faults


def _column(rows: pd.DataFrame, names: tuple[str, ...], file: str) -> str:
    found = next((name for name in names if name in rows.columns), None)
    if found is None:
        raise SchemaError(
            _("{file} has no column {name} (it has {columns})").format(
                file=file, name=names[0], columns=", ".join(map(str, rows.columns))
            ),
            _("name the columns name, latitude and longitude; nothing was written"),
        )
    return found


def _of_shapes(content: bytes, name: str) -> tuple[gpd.GeoDataFrame, list[str]]:
    frame = read_vectors(content, name)
    columns = {str(column).casefold(): column for column in frame.columns}
    column = next((columns[item] for item in NAMES if item in columns), None)
    stem = Path(name).stem
    titles = [f"{stem} {row + 1}" for row in range(len(frame))]
    if column is not None:
        given = frame[column].astype("string").fillna("").str.strip().tolist()
        titles = [text or spare for text, spare in zip(given, titles, strict=True)]
    rows = [_("shape {row}").format(row=row + 1) for row in range(len(frame))]
    points = frame.geometry.representative_point()
    return gpd.GeoDataFrame({"name": titles, "row": rows}, geometry=points, crs=STORED), []
