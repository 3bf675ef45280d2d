"""Candidate sites for events, from data or a person's file, and where households live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED, require_crs
from geo.intake.grids import Grid, read_grids
from geo.intake.tables import Column, Row, Table, TableKind, Unread
from geo.intake.values import Vocabulary, degree_cells, plain_words
from geo.intake.vectors import SUFFIXES, read_vectors
from geo.intake.verdicts import Line, Verdict, settle
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region

METERS_PER_MILE = 1609.344


def miles_to_m(miles: float) -> float:
    """Turn miles into meters.

    Examples
    --------
    >>> miles_to_m(2.5)
    4023.36
    """
    return miles * METERS_PER_MILE


def m_to_miles(distance_m: float) -> float:
    """Turn meters into miles.

    Examples
    --------
    >>> m_to_miles(4023.36)
    2.5
    """
    return distance_m / METERS_PER_MILE


def households_to_reach(
    tracts: gpd.GeoDataFrame, people: gpd.GeoDataFrame | None, least_index: float, length_crs: str
) -> gpd.GeoDataFrame:
    """Put each tract's households where its people of 2020 live, as points in ``length_crs``.

    A tract's households are shared out by people; a tract without points of people stands at its
    representative point. A tract without an estimate of households has none here.

    Parameters
    ----------
    tracts
        2010 tracts in EPSG:4326 with ``ca_htc_index``, ``households`` and ``households_moe``; a missing
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
        2010 tracts with ``geoid``, and dataset ``people_points``, in EPSG:4326; None where not built.

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


LATITUDES = "latitude, lat, latitud, y"
LONGITUDES = "longitude, lon, lng, long, longitud, x"
OPEN, CLOSED = "open", "closed"
STATUSES = Vocabulary(
    {OPEN: N_("open"), CLOSED: N_("closed")},
    {
        **dict.fromkeys(
            ("active", "operating", "in operation", "abierto", "abierta", "activo", "activa"), OPEN
        ),
        **dict.fromkeys(
            ("inactive", "merged", "pending", "future", "permanently closed", "temporarily closed"), CLOSED
        ),
        **dict.fromkeys(("cerrado", "cerrada", "inactivo", "inactiva", "clausurado", "clausurada"), CLOSED),
    },
    N_("{text!r} does not say whether it is open"),
)
SITE_TABLE = TableKind(
    key="sites",
    columns=(
        Column(
            "name",
            N_("Name"),
            "name, nombre, school, title, facility, site, park_name, library, escuela, parque, biblioteca",
            required=True,
        ),
        Column("latitude", N_("Latitude"), LATITUDES, degree_cells(90), required=True, unread=Unread.REFUSE),
        Column(
            "longitude", N_("Longitude"), LONGITUDES, degree_cells(180), required=True, unread=Unread.REFUSE
        ),
        Column(
            "status",
            N_("Open or closed"),
            "statustype, status type, status, school status, operational status, estado, estatus",
            STATUSES,
        ),
    ),
    needs=(("name",), ("latitude",), ("longitude",)),
    remedy=N_("name the columns name, latitude and longitude"),
)


def site_grids(content: bytes, name: str) -> list[Grid]:
    r"""Read a list of places as sheets: a CSV or XLSX file as it is, a file of shapes as one sheet.

    A shape stands by a point inside, in degrees (EPSG:4326), after its fields; where no field names it, by
    the file's name and its number.

    Raises
    ------
    SchemaError
        It cannot be read.

    Examples
    --------
    >>> site_grids(b"Name,Latitude,Longitude\nMecca School,33.57,-116.08\n", "a.csv")[0].cells[1]
    ('Mecca School', '33.57', '-116.08')
    """
    if Path(name).suffix.casefold() not in SUFFIXES:
        return read_grids(content, name)
    read = read_vectors(content, name)
    frame = read.frame
    points = frame.geometry.representative_point()
    placed = {plain_words(words) for words in f"{LATITUDES}, {LONGITUDES}".split(", ")}
    texts = pd.DataFrame(frame.drop(columns="geometry")).rename(columns=str).astype("string").fillna("")
    fields = [field for field in texts.columns if plain_words(field) not in placed]
    texts = texts[fields]
    known = {field: where for field in fields if (where := SITE_TABLE.by_heading.get(plain_words(field)))}
    named = min(known, key=known.__getitem__, default=None)
    spare = pd.Series([f"{Path(name).stem} {number}" for number in range(1, len(frame) + 1)], frame.index)
    given = spare if named is None else texts[named].str.strip()
    texts = texts.drop(columns=[named] if named is not None else [])
    texts = texts.assign(**{"latitude": _degrees(points.y), "longitude": _degrees(points.x)})
    texts.insert(0, "name", given.where(given != "", spare))
    rows = ([str(cell).strip() for cell in row] for row in texts.itertuples(index=False))
    return [
        Grid(Path(name).stem, (tuple(map(str, texts.columns)), *map(tuple, rows)), encoding=read.encoding)
    ]


def _degrees(values: pd.Series[float]) -> pd.Series[str]:
    """Write degrees; empty where there is no shape."""
    return values.map(repr).where(values.notna(), "")


def judge_sites(table: Table, region: Region) -> list[Line]:
    r"""Say of every row whether it is a place in a region; rows of one name and point count once.

    Returns
    -------
    list of Line
        What would be recorded is name, longitude and latitude (degrees, EPSG:4326).

    Raises
    ------
    SchemaError
        The table lacks columns, or has no rows.

    Examples
    --------
    >>> from geo.intake.tables import find_table
    >>> from geo.region import read_region
    >>> rows = b"Name,Latitude,Longitude\nMecca School,33.57,-116.08\nNowhere,0,0\n"
    >>> table = find_table(site_grids(rows, "a.csv"), "a.csv", SITE_TABLE)
    >>> [str(line.verdict) for line in judge_sites(table, read_region("coachella"))]
    ['new', 'refused']
    """
    windows = shapely.union_all([shapely.box(*focus.bounds) for focus in region.focus])
    shapely.prepare(windows)
    return settle([_judge(row, windows) for row in table.require().rows])


def _judge(row: Row, windows: shapely.Geometry) -> Line:
    shown = {key: row.meant.get(key, row.text(key)) for key in ("name", "latitude", "longitude")}
    shown |= {"status": row.text("status")}
    if row.refused:
        return Line(row.number, Verdict.REFUSED, shown, row.refused)
    if row.meant.get("status") == CLOSED:
        words = _("is not open ({status}), and is left out")
        return Line(row.number, Verdict.EMPTY, shown, words.format(status=row.text("status")))
    place = (str(shown["name"]), float(shown["longitude"]), float(shown["latitude"]))
    if not shapely.intersects_xy(windows, place[1], place[2]):
        outside = _("lies outside this region")
        if shapely.intersects_xy(windows, -place[1], place[2]):
            outside = _("lies outside this region: a longitude west of Greenwich is written with a minus")
        return Line(row.number, Verdict.REFUSED, shown, outside)
    return Line(row.number, Verdict.NEW, shown, "; ".join(row.remarks), about=str(place), change=place)


def to_sites(places: Sequence[tuple[str, float, float]]) -> gpd.GeoDataFrame:
    """Make points of places: ``name``, in EPSG:4326.

    Parameters
    ----------
    places
        Name, longitude and latitude (degrees, EPSG:4326).

    Examples
    --------
    >>> to_sites([("Mecca", -116.08, 33.57)]).geometry.to_wkt().tolist()
    ['POINT (-116.08 33.57)']
    """
    names, east, north = zip(*places, strict=True) if places else ((), (), ())
    return gpd.GeoDataFrame({"name": list(names)}, geometry=gpd.points_from_xy(east, north), crs=STORED)
