"""Which boundary of the receiving district agrees best with the State's own 2021 table, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import STORED, require_crs, require_projected
from geo.methods.geometry import area_km2
from geo.water.known_ways import unplaced
from geo.water.routes import DETOUR, DETOUR_RANGE, METERS_PER_FOOT
from geo.water.state_figure import is_doubtful, rows_of

FITTED = "fitted"
# With fewer rows a fit says nothing.
FEWEST_ROWS = 5
FACTORS = (DETOUR_RANGE[0], DETOUR, DETOUR_RANGE[1])


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit of some boundaries to the State's rows.

    Attributes
    ----------
    table
        One row a candidate, the best first: ``boundary_id`` (of the published boundary that it is, or is cut
        from), ``factor`` (NA for a published one as it is), ``rows``, ``right`` (rows of which it tells
        whether they are a route or an intersect), ``touching``, ``mean_error_ft``, ``median_error_ft``,
        ``in_range``.
    best
        Key of the boundary that fits best: a published one's, or :data:`FITTED`.
    shape
        Of :data:`FITTED`, in EPSG:4326; None where a published boundary fits best.
    area_km2
        Of that shape.
    in_range
        Keys of the boundaries that a range of costs goes over.
    """

    table: pd.DataFrame = field(repr=False)
    best: str
    shape: BaseGeometry | None = field(repr=False, default=None)
    area_km2: float = float("nan")
    in_range: tuple[str, ...] = ()


def rows_to_fit(
    systems: gpd.GeoDataFrame, candidates: pd.DataFrame, receiver: str, length_crs: str
) -> gpd.GeoDataFrame:
    """Gather the State's rows that a boundary is held against: both its match and our place can be trusted.

    Parameters
    ----------
    systems
        Dataset ``water_systems``, in EPSG:4326.
    candidates
        Dataset ``consolidation_candidates``.
    receiver
        PWSID of the State's receiver.
    length_crs
        A projected CRS in meters.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a system, index pwsid, in ``length_crs``: ``distance_m`` (the State's; 0 for an intersect),
        ``is_route``.

    Examples
    --------
    >>> none = gpd.GeoDataFrame({"pwsid": [], "location_quality": []}, geometry=[], crs=4326)
    >>> len(rows_to_fit(none, pd.DataFrame(), "CA3310001", "EPSG:26911"))
    0
    """
    require_crs(systems)
    placed = systems[~unplaced(systems)].set_index("pwsid").geometry.to_crs(length_crs)
    if candidates.empty:
        return gpd.GeoDataFrame({"distance_m": [], "is_route": []}, geometry=[], crs=length_crs)
    doubtful = is_doubtful(candidates)
    rows = rows_of(candidates[~doubtful])
    here = rows["receiving_pwsid"].eq(receiver).fillna(False) & rows["matched_pwsid"].isin(placed.index)
    rows = rows[here.astype(bool)].drop_duplicates("matched_pwsid").set_index("matched_pwsid")
    route = rows["merge_type"].str.lower().eq("route").astype(bool)
    meters = (rows["distance_ft"].astype(float) * METERS_PER_FOOT).where(route, 0.0)
    return gpd.GeoDataFrame(
        {"distance_m": meters, "is_route": route}, geometry=placed.reindex(rows.index), crs=length_crs
    )


def cut_by_routes(boundary: BaseGeometry, rows: gpd.GeoDataFrame, factor: float) -> BaseGeometry:
    """Take from a boundary what the State's routes rule out: what lies nearer to a joiner than its route.

    A route of a length along roads reaches no farther than that length over a factor in a straight line, so
    nothing of what the State took for the district lies nearer.

    Parameters
    ----------
    boundary
        In the CRS of the rows.
    rows
        As :func:`rows_to_fit` returns them.
    factor
        How much longer roads are than the straight line.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> rows = gpd.GeoDataFrame({"distance_m": [130.0, 0.0], "is_route": [True, False]},
    ...     geometry=[Point(500, 500), Point(100, 100)], crs=26911)
    >>> cut = cut_by_routes(box(0, 0, 1000, 1000), rows, 1.3)
    >>> round(Point(500, 500).distance(cut)), Point(100, 100).distance(cut)
    (100, 0.0)
    """
    require_projected(rows)
    routes = rows[rows["is_route"] & rows["distance_m"].gt(0)]
    if routes.empty:
        return boundary
    discs = routes.geometry.buffer(routes["distance_m"] / factor)
    return shapely.difference(boundary, shapely.union_all(discs.to_numpy()))


def fit_boundary(
    boundaries: gpd.GeoDataFrame,
    systems: gpd.GeoDataFrame,
    candidates: pd.DataFrame,
    receiver: str,
    *,
    length_crs: str,
    area_crs: str,
) -> Fit:
    """Find the boundary that agrees best with the State's own rows of one receiver.

    Candidates are the published boundaries as they are, and the receiver's own without what the State's
    routes rule out, for each of three factors of detour. A cut boundary is held against each row with that
    row left out: only the other rows have made it. A row's error is the difference between the way (straight
    line times 1.3, 0 where it touches) and the State's. A boundary whose mean error is more than the State's
    longest way cannot be what the State took for the district, and no range of costs goes over it. Of the
    others the best tells of the most rows whether they are a route or an intersect; of equals that of the
    least mean error; of equals the receiver's own.

    Parameters
    ----------
    boundaries
        Dataset ``receiver_boundaries``, in EPSG:4326.
    systems, candidates, receiver
        As for :func:`rows_to_fit`.
    length_crs, area_crs
        Projected CRSs in meters.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> whole = gpd.GeoDataFrame({"boundary_id": ["CA1"]}, geometry=[box(-116, 33, -115, 34)], crs=4326)
    >>> none = gpd.GeoDataFrame({"pwsid": [], "location_quality": []}, geometry=[], crs=4326)
    >>> fit_boundary(whole, none, pd.DataFrame(), "CA1", length_crs="EPSG:26911", area_crs="EPSG:3310").best
    'CA1'
    """
    rows = rows_to_fit(systems, candidates, receiver, length_crs)
    shapes = dict(zip(boundaries["boundary_id"], boundaries.geometry.to_crs(length_crs), strict=True))
    if len(rows) < FEWEST_ROWS or receiver not in shapes:
        return Fit(pd.DataFrame(), receiver, in_range=tuple(shapes))
    table = _held_against(rows, shapes, receiver)
    whole = table[table["factor"].isna() & table["in_range"]]
    keys = tuple(key for key in shapes if key in set(whole["boundary_id"]))
    factor = table["factor"].iloc[0]
    if pd.isna(factor):
        return Fit(table, str(table["boundary_id"].iloc[0]), in_range=keys)
    shape = cut_by_routes(shapes[receiver], rows, float(factor))
    stored = gpd.GeoSeries([shape], crs=length_crs).to_crs(STORED)
    return Fit(table, FITTED, stored.item(), float(area_km2(stored, area_crs).item()), (*keys, FITTED))


def _held_against(rows: gpd.GeoDataFrame, shapes: Mapping[str, BaseGeometry], receiver: str) -> pd.DataFrame:
    """Judge every candidate, the best first."""
    found = [_judge(rows, dict.fromkeys(rows.index, shape), key, None) for key, shape in shapes.items()]
    found += [_judge(rows, _leaving_out(shapes[receiver], rows, one), receiver, one) for one in FACTORS]
    table = pd.DataFrame(found)
    table["in_range"] = table["mean_error_ft"].le(rows["distance_m"].max() / METERS_PER_FOOT)
    table["other"] = table["boundary_id"].ne(receiver)
    order = ["in_range", "right", "mean_error_ft", "other"]
    rising = [False, False, True, True]
    table = table.sort_values(order, ascending=rising, kind="stable", ignore_index=True)
    return table.drop(columns="other")


def _leaving_out(boundary: BaseGeometry, rows: gpd.GeoDataFrame, factor: float) -> dict[str, BaseGeometry]:
    whole = cut_by_routes(boundary, rows, factor)
    return {
        str(pwsid): cut_by_routes(boundary, rows[rows.index != pwsid], factor) if route else whole
        for pwsid, route in rows["is_route"].items()
    }


def _judge(
    rows: gpd.GeoDataFrame, shapes: Mapping[str, BaseGeometry], key: str, factor: float | None
) -> dict[str, object]:
    straight = np.array([shape.distance(shapes[str(pwsid)]) for pwsid, shape in rows.geometry.items()])
    errors = np.abs(straight * DETOUR - rows["distance_m"].to_numpy()) / METERS_PER_FOOT
    touching = straight == 0
    return {
        "boundary_id": key,
        "factor": np.nan if factor is None else factor,
        "rows": len(rows),
        "right": int((touching == ~rows["is_route"].to_numpy(bool)).sum()),
        "touching": int(touching.sum()),
        "mean_error_ft": float(errors.mean()),
        "median_error_ft": float(np.median(errors)),
    }
