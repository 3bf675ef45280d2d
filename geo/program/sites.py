"""Candidate sites for events, from data or a person's file, and where households live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED, require_crs
from geo.errors import SchemaError, first_ids
from geo.intake.sheets import read_rows
from geo.intake.vectors import SUFFIXES, read_vectors
from geo.language import gettext as _
from geo.region import Region


def km_to_m(distance_km: float) -> float:
    """Turn kilometers into meters.

    Examples
    --------
    >>> km_to_m(2.5)
    2500.0
    """
    return distance_km * 1000


def households_to_reach(
    tracts: gpd.GeoDataFrame, people: gpd.GeoDataFrame | None, least_index: float, length_crs: str
) -> gpd.GeoDataFrame:
    """Put each tract's households where its people of 2020 live, as points in ``length_crs``.

    A tract's households are shared out by people; a tract without points of people stands at its
    representative point. A tract without an estimate of households has none here.

    Parameters
    ----------
    tracts
        Tracts of 2010 in EPSG:4326 with ``ca_htc_index``, ``households`` and ``households_moe``; a missing
        index is not hard to count.
    people
        Dataset ``people_points`` in EPSG:4326; None where it is not built.

    Returns
    -------
    geopandas.GeoDataFrame
        ``geoid`` of the tract, ``hard``, ``households``, ``households_moe`` (of the whole tract), ``share``.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> place = box(-116.2, 33.5, -116.1, 33.6)
    >>> tract = {"geoid": ["a"], "ca_htc_index": [70], "households": [90.0], "households_moe": [9.0]}
    >>> tracts = gpd.GeoDataFrame(tract, geometry=[place], crs="EPSG:4326")
    >>> found = households_to_reach(tracts, None, 60, "EPSG:26911")
    >>> found[["hard", "households", "share"]].to_numpy().tolist()
    [[True, 90.0, 1.0]]
    """
    require_crs(tracts)
    known = tracts.dropna(subset=["households"])
    alone = known[["geoid"]].set_geometry(known.geometry.representative_point())
    points = alone.assign(share=1.0)
    if people is not None:
        require_crs(people)
        ours = people[people["geoid_2010"].isin(known["geoid"])]
        total = ours.groupby("geoid_2010")["population"].transform("sum")
        parts = gpd.GeoDataFrame(
            {"geoid": ours["geoid_2010"], "share": (ours["population"] / total).astype(float)},
            geometry=ours.geometry,
        )
        points = pd.concat([parts, points[~points["geoid"].isin(parts["geoid"])]], ignore_index=True)
    own = known.set_index("geoid")[["ca_htc_index", "households", "households_moe"]].astype("Float64")
    values = own.loc[points["geoid"]].reset_index(drop=True)
    hard = values["ca_htc_index"].ge(least_index).fillna(False).astype(bool)
    frame = points.reset_index(drop=True).assign(
        hard=hard,
        households=(values["households"] * points["share"].to_numpy()).astype(float),
        households_moe=values["households_moe"].astype(float),
    )
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=tracts.crs).to_crs(length_crs)


def event_places(
    events: pd.DataFrame, tracts: gpd.GeoDataFrame | None = None, people: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Put events where they are; where only the tract is known, at the middle of the people of that tract.

    The middle is the mean of where its people of 2020 live, weighted by people; without them a point inside.

    Parameters
    ----------
    events
        ``event``, ``title``, ``place``, ``on``, ``longitude`` and ``latitude`` (degrees, EPSG:4326; missing
        where not known), ``geoid`` of the tract of 2010.
    tracts, people
        Tracts of 2010 with ``geoid``, and dataset ``people_points``, in EPSG:4326; None where not built.

    Returns
    -------
    geopandas.GeoDataFrame
        ``event``, ``title``, ``place``, ``day`` as text, and ``by_tract`` (whether only the tract is known);
        an event of which neither is known is left out.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> known = {"event": ["a", "b"], "title": "", "place": "", "on": pd.to_datetime(["2020-01-01"] * 2)}
    >>> where = {"longitude": [1.0, None], "latitude": [2.0, None], "geoid": [None, "t"]}
    >>> tracts = gpd.GeoDataFrame({"geoid": ["t"]}, geometry=[box(0, 0, 4, 4)], crs="EPSG:4326")
    >>> found = event_places(pd.DataFrame(known | where), tracts)
    >>> found.geometry.to_wkt().tolist(), found["by_tract"].tolist()
    (['POINT (1 2)', 'POINT (2 2)'], [False, True])
    """
    placed = events["longitude"].notna() & events["latitude"].notna()
    middles = {} if tracts is None else _middles(tracts, people)
    where = events[["longitude", "latitude"]].astype(float)
    middle = [middles.get(geoid, (np.nan, np.nan)) for geoid in events["geoid"].astype("string").fillna("")]
    x, y = np.where(placed.to_numpy()[:, None], where.to_numpy(), np.array(middle).reshape(-1, 2)).T
    days = pd.to_datetime(events["on"]).dt.strftime("%Y-%m-%d")
    told = events[["event", "title", "place"]].assign(day=days, by_tract=~placed)
    known = ~np.isnan(x)
    return gpd.GeoDataFrame(told[known], geometry=gpd.points_from_xy(x[known], y[known]), crs=STORED)


def _middles(tracts: gpd.GeoDataFrame, people: gpd.GeoDataFrame | None) -> dict[str, tuple[float, float]]:
    """By GEOID of 2010: the mean of where a tract's people live, else a point inside; degrees."""
    require_crs(tracts)
    points = tracts.geometry.representative_point()
    inside = dict(zip(tracts["geoid"].astype(str), zip(points.x, points.y, strict=True), strict=True))
    if people is None:
        return inside
    require_crs(people)
    lived = people[people["population"] > 0]
    sums = (
        pd.DataFrame(
            {
                "geoid": lived["geoid_2010"].astype(str),
                "people": lived["population"].astype(float),
                "x": lived.geometry.x * lived["population"].astype(float),
                "y": lived.geometry.y * lived["population"].astype(float),
            }
        )
        .groupby("geoid")[["people", "x", "y"]]
        .sum()
    )
    means = zip(sums["x"] / sums["people"], sums["y"] / sums["people"], strict=True)
    return inside | dict(zip(sums.index.astype(str), means, strict=True))


def gather_candidates(frames: Mapping[str, gpd.GeoDataFrame], length_crs: str) -> gpd.GeoDataFrame:
    """Put named places of several kinds together as points, in ``length_crs``.

    Parameters
    ----------
    frames
        By kind, in EPSG:4326, with ``name``; shapes stand by their representative point.

    Returns
    -------
    geopandas.GeoDataFrame
        ``site``, ``name``, ``kind`` and the point.
    """
    parts = []
    for kind, frame in frames.items():
        shapes = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
        points = shapes.geometry.representative_point().to_crs(length_crs)
        named = {"name": shapes["name"].astype(str), "kind": kind}
        parts.append(gpd.GeoDataFrame(named, geometry=points, crs=length_crs))
    if not parts:
        columns = ["site", "name", "kind", "geometry"]
        return gpd.GeoDataFrame(columns=columns, geometry="geometry", crs=length_crs)
    joined = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=length_crs)
    return joined.assign(site=[f"site{place}" for place in range(len(joined))])


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
