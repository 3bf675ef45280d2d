"""What siting looks at: where households live, as points, and the places that come into question. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from geo.crs import require_crs


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
