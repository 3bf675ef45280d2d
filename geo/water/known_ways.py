"""The way that a cost is reckoned on: measured where the place is known, else the State's, else a range."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.crs import require_crs
from geo.water.routes import METERS_PER_FOOT, POSSIBLE, STATE_ROW, WAY
from geo.water.state_figure import is_doubtful, rows_of

# A shape that is drawn too coarsely is where it says; a circle or a whole tract is not.
UNKNOWN_PLACES = (
    "polygon_too_wide",
    "polygon_outside_county",
    "point_shared",
    "point_shared_centroid",
    "point_outside_county",
    "none",
)
# So many systems of a community must have a known place for their ways to say where another's may lie.
FEWEST_NEIGHBORS = 3
# A road is longer than the straight line, seldom more than twice.
MOST_DETOUR = 2.0


def unplaced(systems: pd.DataFrame) -> pd.Series[bool]:
    """Tell of which systems the place is not known, or known to be wrong.

    Parameters
    ----------
    systems
        ``location_quality``, as dataset ``water_systems`` has it.

    Examples
    --------
    >>> unplaced(pd.DataFrame({"location_quality": ["polygon", "point_shared_centroid", None]})).tolist()
    [False, True, True]
    """
    quality = systems["location_quality"]
    return (quality.isna() | quality.isin(UNKNOWN_PLACES)).astype(bool)


CONFIRMED = {"Point": "point_confirmed", "Polygon": "outline_confirmed", "MultiPolygon": "outline_confirmed"}


def with_places(systems: gpd.GeoDataFrame, places: Mapping[str, BaseGeometry]) -> gpd.GeoDataFrame:
    """Put systems where somebody confirmed that they are, in place of where they were published.

    Parameters
    ----------
    systems
        Dataset ``water_systems`` in EPSG:4326.
    places
        By pwsid, a point or an outline in EPSG:4326; those of other systems are left aside.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows; ``location_quality`` is "point_confirmed" or "outline_confirmed" where a place is.

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> parks = gpd.GeoDataFrame({"pwsid": ["CA1", "CA2"], "location_quality": ["none", "polygon"]},
    ...     geometry=[None, Point(1, 1)], crs=4326)
    >>> with_places(parks, {"CA1": Point(-116, 33.5)})["location_quality"].tolist()
    ['point_confirmed', 'polygon']
    """
    require_crs(systems)
    ours = systems["pwsid"].isin(list(places))
    if not ours.any():
        return systems
    found = [places[str(pwsid)] for pwsid in systems.loc[ours, "pwsid"]]
    placed = systems.copy()
    placed.loc[ours, "geometry"] = gpd.GeoSeries(found, index=systems.index[ours], crs=systems.crs)
    quality = [CONFIRMED[shape.geom_type] for shape in found]
    return placed.assign(
        location_quality=placed["location_quality"].mask(ours, pd.Series(quality, systems.index[ours]))
    )


def know_ways(
    measured: gpd.GeoDataFrame, systems: gpd.GeoDataFrame, candidates: pd.DataFrame, length_crs: str
) -> gpd.GeoDataFrame:
    """Replace the ways that were measured from a place that is not known, or known to be wrong.

    In this order: the way as measured, where the place is surveyed, published or an address of its own; the
    State's own way of its 2021 table, route or intersect, where its match is not doubtful and it did not have
    the system at the wrong place that we have; between the shortest and the longest way of the systems of the
    same community whose place is known, without a value; nothing.

    Parameters
    ----------
    measured
        As of :func:`geo.water.routes.measure_ways`.
    systems
        Dataset ``water_systems`` in EPSG:4326, receivers among them.
    candidates
        Dataset ``consolidation_candidates``; empty where it is not built.
    length_crs
        A projected CRS in meters.

    Returns
    -------
    geopandas.GeoDataFrame
        ``measured`` with its columns; ``basis`` is ``STATE_ROW`` or ``POSSIBLE`` where the way was
        replaced, NA where nothing is known; such a way has no geometry.

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> parks = gpd.GeoDataFrame({"pwsid": ["CA1"], "location_quality": ["none"], "community": ["Thermal"]},
    ...     geometry=[None], crs=4326)
    >>> way = gpd.GeoDataFrame({"merge_type": [None], "basis": [None], "distance_ft": [None],
    ...     "low_ft": [None], "high_ft": [None]}, geometry=[None], crs=4326, index=["CA1"])
    >>> row = pd.DataFrame({"row": ["7"], "double_of": [None], "matched_pwsid": ["CA1"],
    ...     "receiving_pwsid": ["CA9"], "is_region_receiver": [True], "merge_type": ["Route"],
    ...     "distance_ft": [900.0], "distance_miles": [0.17], "straight_line_miles": [None],
    ...     "was_renamed": [False], "counties_differ": [False], "total_cost_usd": [1.0]})
    >>> know_ways(way, parks, row, "EPSG:26911")[["basis", "distance_ft"]].values.tolist()
    [['state row', 900.0]]
    """
    require_crs(systems)
    lost = systems.loc[unplaced(systems), "pwsid"]
    ways = measured.copy()
    for column in ("distance_ft", "low_ft", "high_ft"):
        ways[column] = ways[column].astype("Float64").astype(float)
    ways.loc[ways.index.isin(lost), list(WAY)] = pd.NA
    ways.loc[ways.index.isin(lost), "geometry"] = None
    state = state_ways(systems, candidates, length_crs)
    for pwsid in lost:
        found = state.loc[pwsid] if pwsid in state.index else _of_community(pwsid, systems, measured, lost)
        ways.loc[pwsid, list(WAY)] = found[list(WAY)]
    return ways


def state_ways(systems: gpd.GeoDataFrame, candidates: pd.DataFrame, length_crs: str) -> pd.DataFrame:
    """Return the State's own way of each system whose row can be trusted; of several the longest.

    Parameters
    ----------
    systems, candidates, length_crs
        As for :func:`know_ways`.

    Returns
    -------
    pandas.DataFrame
        Index pwsid: the columns of ``WAY``; low and high are the length itself.

    Examples
    --------
    >>> none = gpd.GeoDataFrame({"pwsid": [], "location_quality": []}, geometry=[], crs=4326)
    >>> state_ways(none, pd.DataFrame(), "EPSG:26911").empty
    True
    """
    if candidates.empty:
        return pd.DataFrame(columns=list(WAY))
    doubtful = is_doubtful(candidates)
    rows = rows_of(candidates[~doubtful])
    rows = rows[~_from_our_wrong_place(rows, systems, length_crs)]
    longest = rows.sort_values("distance_ft", kind="stable").drop_duplicates("matched_pwsid", keep="last")
    feet = longest["distance_ft"].astype(float)
    ways = {
        "merge_type": longest["merge_type"].str.lower(),
        "basis": STATE_ROW,
        **dict.fromkeys(("distance_ft", "low_ft", "high_ft"), feet),
    }
    return pd.DataFrame(ways).set_index(pd.Index(longest["matched_pwsid"]))


def _from_our_wrong_place(rows: pd.DataFrame, systems: gpd.GeoDataFrame, length_crs: str) -> pd.Series[bool]:
    """Tell which rows agree with the place that we know to be wrong: the State had the system there, too."""
    shapes = systems.set_index("pwsid").geometry.to_crs(length_crs)
    lost = set(systems.loc[unplaced(systems), "pwsid"])
    answers = []
    for joiner, receiver, feet in zip(
        rows["matched_pwsid"], rows["receiving_pwsid"], rows["distance_ft"], strict=True
    ):
        one, two = shapes.get(joiner), shapes.get(receiver)
        if joiner not in lost or one is None or two is None:
            answers.append(False)
            continue
        straight = one.distance(two) / METERS_PER_FOOT
        answers.append(straight <= float(feet) <= straight * MOST_DETOUR)
    return pd.Series(answers, index=rows.index, dtype=bool)


def _of_community(
    pwsid: str, systems: gpd.GeoDataFrame, measured: gpd.GeoDataFrame, lost: pd.Series[str]
) -> pd.Series[float]:
    """Return the range of the ways of its community's systems, without a way; NA where few are known."""
    nothing = pd.Series(pd.NA, index=list(WAY), dtype=object)
    community = systems.set_index("pwsid")["community"].get(pwsid)
    if pd.isna(community):
        return nothing
    here = systems["community"].eq(community).fillna(False) & ~systems["pwsid"].isin(lost)
    near = systems.loc[here.astype(bool) & ~systems["is_receiver"].astype(bool), "pwsid"]
    theirs = measured.loc[measured.index.isin(near), ["low_ft", "high_ft"]].dropna()
    if len(theirs) < FEWEST_NEIGHBORS:
        return nothing
    ends = {"basis": POSSIBLE, "low_ft": theirs["low_ft"].min(), "high_ft": theirs["high_ft"].max()}
    return nothing.mask(nothing.index.isin(ends), pd.Series(ends))


def state_rises(candidates: pd.DataFrame) -> pd.Series[float]:
    """Return how far each system lies above where the State's route leaves the region's district, in feet.

    Below it is negative. Rows of systems that touch the district have 0 for both heights in the table:
    nobody measured, so they are left out, as are rows that are of another place or another system.

    Source: State Water Board, 2021 Needs Assessment, consolidation (``Elevation J``, ``Elevation R``;
    meters, as heights in this valley down to -63 show).

    Parameters
    ----------
    candidates
        Dataset ``consolidation_candidates``; an empty frame where it is not built.

    Returns
    -------
    pandas.Series
        By pwsid; of several rows the one that rises most.

    Examples
    --------
    >>> rows = pd.DataFrame({"matched_pwsid": ["CA1", "CA2", "CA3"], "elevation_joining": [3.048, 0.0, -50.0],
    ...     "elevation_receiving": [0.0, 0.0, -47.0], "is_region_receiver": True,
    ...     "is_misplaced": [False, False, True], "was_renamed": False})
    >>> state_rises(rows).round(1).to_dict()
    {'CA1': 10.0}
    """
    if candidates.empty:
        return pd.Series(dtype=float)
    ends = candidates[["elevation_joining", "elevation_receiving"]].astype("Float64")
    wrong = (candidates["is_misplaced"] | candidates["was_renamed"]).astype(bool)
    measured = ends.notna().all(axis=1) & ~ends.eq(0.0).fillna(True).all(axis=1)
    ours = candidates["is_region_receiver"].astype(bool) & candidates["matched_pwsid"].notna()
    rise = (ends["elevation_joining"] - ends["elevation_receiving"])[measured & ours & ~wrong].astype(float)
    pwsids = candidates["matched_pwsid"].astype(str).reindex(rise.index)
    return (rise / METERS_PER_FOOT).groupby(pwsids).max()
