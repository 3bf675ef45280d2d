"""Where a race is decided: its trustee area or division, or the district that stands in. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from geo.crs import STORED, require_crs

COLUMNS = ("race", "title", "votes", "candidates", "stand_in", "geometry")


def race_shapes(
    races: pd.DataFrame, parts: Mapping[str, gpd.GeoDataFrame], districts: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Find the shape of every race.

    Parameters
    ----------
    races
        ``key``, ``title``, ``district``, ``role``, ``area`` (name of its part; empty: all of it votes),
        ``candidates``.
    parts
        Boundaries that were added, by role, in EPSG:4326 with ``name``.
    districts
        Districts of the region in EPSG:4326 with ``name``; None where they are not built.

    Returns
    -------
    geopandas.GeoDataFrame
        ``race``, ``title``, ``votes`` (whose), ``candidates`` (as one line), ``stand_in`` (whether the
        whole district stands in for a part whose boundary is not there), in EPSG:4326; a race without any
        shape is left out.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> east = gpd.GeoDataFrame({"name": ["Area 1"]}, geometry=[box(0, 0, 1, 1)], crs=STORED)
    >>> row = {"key": "p/r", "title": "Board", "district": "D", "role": "trustee area", "area": "Area 1"}
    >>> found = race_shapes(pd.DataFrame([row | {"candidates": ("A", "B")}]), {"trustee area": east}, None)
    >>> found[["votes", "candidates", "stand_in"]].values.tolist()
    [['Area 1', 'A, B', False]]
    """
    for frame in (*parts.values(), *(() if districts is None else (districts,))):
        require_crs(frame)
    rows = []
    for race in races.to_dict("records"):
        own = _named(parts.get(str(race["role"])), str(race["area"])) if race["area"] else None
        shape = own if own is not None else _named(districts, str(race["district"]))
        if shape is not None:
            stand_in = bool(race["area"]) and own is None
            votes, names = race["area"] or race["district"], ", ".join(race["candidates"])
            rows.append((race["key"], race["title"], votes, names, stand_in, shape))
    return gpd.GeoDataFrame(rows, columns=list(COLUMNS), geometry="geometry", crs=STORED)


def _named(frame: gpd.GeoDataFrame | None, name: str) -> object | None:
    if frame is None:
        return None
    rows = frame[frame["name"].astype(str) == name]
    return rows.union_all() if len(rows) else None
