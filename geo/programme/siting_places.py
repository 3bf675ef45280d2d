"""What siting looks at: where households live, as points, and the places that come into question. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import STORED, require_crs


def km_to_m(distance_km: float) -> float:
    """Turn kilometres into metres.

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
