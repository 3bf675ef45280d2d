"""Forums of candidates: where a race is decided, and the time that each candidate spoke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import STORED, require_crs
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext

COLUMNS = ("race", "title", "votes", "candidates", "basis", "geometry")


class Basis(StrEnum):
    """On what the area of a race rests."""

    BOUNDARY = "boundary"
    DRAWN = "drawn"
    DISTRICT = "district"


BASES: Mapping[Basis, str] = {
    Basis.BOUNDARY: N_("by its boundary"),
    Basis.DRAWN: N_("drawn by hand: it stands in for the official boundary"),
    Basis.DISTRICT: N_("the whole district stands in: the boundary is not there"),
}


def race_shapes(
    races: pd.DataFrame, parts: Mapping[str, gpd.GeoDataFrame], districts: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Find the shape of every race.

    Parameters
    ----------
    races
        ``key``, ``title``, ``district`` (its name, or how that begins where it is the only one), ``role``,
        ``area`` (name of its part; empty: all of it votes),
        ``candidates``.
    parts
        Boundaries that were added, by role, in EPSG:4326 with ``name``, and ``drawn`` where some were drawn
        by hand.
    districts
        Districts of the region in EPSG:4326 with ``name``; None where they are not built.

    Returns
    -------
    geopandas.GeoDataFrame
        ``race``, ``title``, ``votes`` (whose), ``candidates`` (as one line), ``basis`` (a :class:`Basis`),
        in EPSG:4326; a race without any shape is left out.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> east = gpd.GeoDataFrame({"name": ["Area 1"]}, geometry=[box(0, 0, 1, 1)], crs=STORED)
    >>> row = {"key": "p/r", "title": "Board", "district": "D", "role": "trustee area", "area": "Area 1"}
    >>> found = race_shapes(pd.DataFrame([row | {"candidates": ("A", "B")}]), {"trustee area": east}, None)
    >>> found[["votes", "candidates", "basis"]].values.tolist()
    [['Area 1', 'A, B', 'boundary']]
    """
    for frame in (*parts.values(), *(() if districts is None else (districts,))):
        require_crs(frame)
    rows = []
    for race in races.to_dict("records"):
        shape, basis = _shape_of(race, parts, districts)
        if shape is not None:
            votes, names = race["area"] or race["district"], ", ".join(race["candidates"])
            rows.append((race["key"], race["title"], votes, names, basis, shape))
    return gpd.GeoDataFrame(rows, columns=list(COLUMNS), geometry="geometry", crs=STORED)


def _shape_of(
    race: Mapping[Any, Any], parts: Mapping[str, gpd.GeoDataFrame], districts: gpd.GeoDataFrame | None
) -> tuple[object | None, Basis]:
    own = _named(parts.get(str(race["role"])), str(race["area"])) if race["area"] else None
    if own is not None:
        drawn = "drawn" in own.columns and bool(own["drawn"].any())
        return own.union_all(), Basis.DRAWN if drawn else Basis.BOUNDARY
    whole = _district(districts, str(race["district"]))
    basis = Basis.DISTRICT if race["area"] else Basis.BOUNDARY
    return None if whole is None else whole.union_all(), basis


def _district(frame: gpd.GeoDataFrame | None, name: str) -> gpd.GeoDataFrame | None:
    """Find the district of a name, or the only one whose name begins with what was written."""
    found = _named(frame, name)
    if found is not None or frame is None or not name.strip():
        return found
    names = frame["name"].astype(str)
    rows = frame[names.str.casefold().str.startswith(name.strip().casefold())]
    return rows if len(set(rows["name"])) == 1 else None


def _named(frame: gpd.GeoDataFrame | None, name: str) -> gpd.GeoDataFrame | None:
    if frame is None:
        return None
    rows = frame[frame["name"].astype(str) == name]
    return rows if len(rows) else None


def basis_words(shapes: gpd.GeoDataFrame, keys: Iterable[str]) -> list[str]:
    """Say which races stand on something else than their own boundary, and which on nothing.

    Parameters
    ----------
    shapes
        As :func:`race_shapes` gives it.
    keys
        Titles of all races, whether they have a shape or not.

    Examples
    --------
    >>> basis_words(race_shapes(pd.DataFrame(columns=["key"]), {}, None), ["Board"])
    ['Not on the map, as neither their part nor their district has a boundary here: Board.']
    """
    words = {
        Basis.DISTRICT: _("On the map the whole district stands in, as the boundary is not there: {races}."),
        Basis.DRAWN: _("On the map an area drawn by hand stands in for the official boundary: {races}."),
    }
    titles = {basis: shapes.loc[shapes["basis"] == basis, "title"].tolist() for basis in words}
    told = [words[basis].format(races=", ".join(named)) for basis, named in titles.items() if named]
    lost = [title for title in keys if title not in set(shapes["title"])]
    if lost:
        unseen = _("Not on the map, as neither their part nor their district has a boundary here: {races}.")
        told.append(unseen.format(races=", ".join(lost)))
    return told


FAIR = 0.05 + 1e-9
ROWS = ("event", "race", "candidate", "invited", "attended", "minutes", "of_average", "fair")
TOTALS = ("event", "race", "candidates", "timed", "mean_minutes", "difference_minutes", "fair")


def fairness_table(spoken: pd.DataFrame, races: pd.DataFrame) -> pd.DataFrame:
    """Compare each candidate's time with the average of their race at the event.

    Parameters
    ----------
    spoken
        ``event``, ``race`` (key), ``candidate``, ``seconds``; ``invited`` and ``attended`` where that was
        written down.
    races
        ``key``, ``candidates`` (names): who stands in the race; one who was not timed at an event of the
        race has a row all the same, with the time missing.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``race``, ``candidate``, ``invited`` and ``attended`` (NA where not written down; who was
        timed was there), ``minutes`` (NA where not timed), ``of_average`` (1 is the average of those who were
        timed), ``fair`` (within 5 %; NA where not timed).

    Examples
    --------
    >>> rows = {"event": ["e"] * 2, "race": ["r"] * 2, "candidate": ["A", "B"], "seconds": [570, 630]}
    >>> races = pd.DataFrame({"key": ["r"], "candidates": [("A", "B", "C")]})
    >>> fairness_table(pd.DataFrame(rows), races)[["minutes", "of_average", "fair"]].values.tolist()
    [[9.5, 0.95, True], [10.5, 1.05, True], [<NA>, <NA>, <NA>]]
    """
    pairs = spoken[["event", "race"]].drop_duplicates()
    stands = races[["key", "candidates"]].rename(columns={"key": "race", "candidates": "candidate"})
    expected = pairs.merge(stands.explode("candidate"), on="race", how="left")
    frame = expected.merge(spoken, on=["event", "race", "candidate"], how="outer")
    frame = frame.reindex(columns=["event", "race", "candidate", "seconds", "invited", "attended"])
    frame = frame.dropna(subset=["candidate"])
    seconds = frame["seconds"].astype("Float64")
    invited, attended = (frame[name].astype("boolean") for name in ("invited", "attended"))
    average = seconds.groupby([frame["event"], frame["race"]]).transform("mean")
    share = (seconds / average.where(average > 0)).round(4)
    fair = ((share - 1).abs() <= FAIR).astype("boolean").mask(share.isna())
    there = attended.mask(seconds.gt(0).fillna(False), True)
    found = frame.assign(invited=invited, attended=there, minutes=(seconds / 60).round(2))
    return found.assign(of_average=share, fair=fair)[list(ROWS)]


def fairness_totals(table: pd.DataFrame) -> pd.DataFrame:
    """Say of every race at every event how far apart the longest and the shortest time lie.

    Where nobody was timed there is nothing to compare, and no row.

    Parameters
    ----------
    table
        As :func:`fairness_table` gives it.

    Returns
    -------
    pandas.DataFrame
        ``event``, ``race``, ``candidates`` (who stand), ``timed``, ``mean_minutes``,
        ``difference_minutes`` (longest less shortest of those who were timed), ``fair`` (each of them is).

    Examples
    --------
    >>> rows = {"event": ["e"] * 2, "race": ["r"] * 2, "candidate": ["A", "B"], "seconds": [570, 630]}
    >>> races = pd.DataFrame({"key": ["r"], "candidates": [("A", "B", "C")]})
    >>> fairness_totals(fairness_table(pd.DataFrame(rows), races)).values.tolist()
    [['e', 'r', 3, 2, 10.0, 1.0, True]]
    """
    rows = [
        (event, race, len(part), int(timed.size), *_spread(timed), bool(part["fair"].fillna(True).all()))
        for (event, race), part in table.groupby(["event", "race"], sort=False)
        for timed in [part["minutes"].dropna().to_numpy(dtype=float)]
        if timed.size
    ]
    return pd.DataFrame(rows, columns=list(TOTALS))


def fairness_words(totals: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """Say in how many races and events everybody timed was within 5 %, and how many were not timed.

    Parameters
    ----------
    totals, table
        As :func:`fairness_totals` and :func:`fairness_table` give them.

    Examples
    --------
    >>> rows = {"event": ["e"] * 2, "race": ["r"] * 2, "candidate": ["A", "B"], "seconds": [570, 630]}
    >>> races = pd.DataFrame({"key": ["r"], "candidates": [("A", "B", "C")]})
    >>> table = fairness_table(pd.DataFrame(rows), races)
    >>> for words in fairness_words(fairness_totals(table), table):
    ...     print(words)
    In 1 of 1 races all timed candidates spoke within 5 percent of the average.
    1 candidate was not timed.
    """
    words = _("In {fair} of {all} races all timed candidates spoke within 5 percent of the average.")
    told = [words.format(fair=int(totals["fair"].sum()), all=len(totals))]
    # Who did not come had no time to be measured.
    missing = int((table["minutes"].isna() & table["attended"].fillna(True)).sum())
    if missing:
        told.append(
            ngettext(
                "{count} candidate was not timed.", "{count} candidates were not timed.", missing
            ).format(count=missing)
        )
    return told


def _spread(minutes: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    return round(float(minutes.mean()), 2), round(float(minutes.max() - minutes.min()), 2)
