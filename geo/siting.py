"""Where next: the sites that add most hard-to-count households within a travel distance.

The maximal covering location problem (Church and ReVelle 1974) as spopt states it, solved by HiGHS. Travel
distance is the straight line times :data:`DETOUR`, as streets lead around.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import require_projected
from geo.errors import InfeasibleError
from geo.language import gettext as _

DETOUR = 1.3
MOST_CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class Siting:
    """Sites that were chosen, what they add, and what was covered before.

    ``sites`` are the candidates' rows with ``adds`` (households that no site before it covers, in the order
    of choosing); households are those of the demand's column.
    """

    sites: gpd.GeoDataFrame
    households: float
    covered_before: float
    added: float


def choose_sites(
    demand: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    count: int,
    distance_m: float,
    existing: gpd.GeoDataFrame | None = None,
) -> Siting:
    """Choose the sites that together add most.

    Parameters
    ----------
    demand
        Points with ``households``, in a projected CRS in metres.
    candidates
        Points of sites, in the same CRS.
    count
        How many to choose.
    distance_m
        Travel distance in metres.
    existing
        Points of what is covered already; households near them are not counted again.

    Raises
    ------
    InfeasibleError
        There are no candidates, or fewer than are to be chosen.
    CRSError
        A frame is in degrees.
    """
    for frame in (demand, candidates):
        require_projected(frame)
    if count > len(candidates) or count < 1:
        raise InfeasibleError(
            _("{count} sites cannot be chosen of {candidates}").format(
                count=count, candidates=len(candidates)
            ),
            _("choose fewer, or more kinds of sites"),
        )
    weights = demand["households"].to_numpy(dtype=float, na_value=0.0)
    covered = _covered(demand, existing, distance_m)
    near = travel_m(demand, candidates) <= distance_m
    chosen = _solve(near[~covered], weights[~covered], count)
    order, adds = _in_order(near, weights, covered, chosen)
    sites = candidates.iloc[order].assign(adds=adds)
    return Siting(sites, float(weights.sum()), float(weights[covered].sum()), float(sum(adds)))


def travel_m(demand: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Travel distances in metres: a row a demand point, a column a site.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 300], [0, 400]), crs="EPSG:26911")
    >>> travel_m(points[:1], points).tolist()
    [[0.0, 650.0]]
    """
    x = np.subtract.outer(demand.geometry.x.to_numpy(), sites.geometry.x.to_numpy())
    y = np.subtract.outer(demand.geometry.y.to_numpy(), sites.geometry.y.to_numpy())
    return np.hypot(x, y) * DETOUR


def _covered(
    demand: gpd.GeoDataFrame, existing: gpd.GeoDataFrame | None, distance_m: float
) -> NDArray[np.bool_]:
    if existing is None or existing.empty:
        return np.zeros(len(demand), dtype=bool)
    return np.asarray((travel_m(demand, existing) <= distance_m).any(axis=1), dtype=bool)


def km_to_m(distance_km: float) -> float:
    """Turn kilometres into metres.

    Examples
    --------
    >>> km_to_m(2.5)
    2500.0
    """
    return distance_km * 1000


def thin(candidates: gpd.GeoDataFrame, most: int = MOST_CANDIDATES) -> gpd.GeoDataFrame:
    """Leave out candidates so that at most ``most`` stay: those farthest from each other, greedily."""
    if len(candidates) <= most:
        return candidates
    x, y = candidates.geometry.x.to_numpy(), candidates.geometry.y.to_numpy()
    kept = [0]
    nearest = np.hypot(x - x[0], y - y[0])
    while len(kept) < most:
        kept.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.hypot(x - x[kept[-1]], y - y[kept[-1]]))
    return candidates.iloc[sorted(kept)]


def _solve(near: NDArray[np.bool_], weights: NDArray[np.float64], count: int) -> list[int]:
    reachable = near.any(axis=1) & (weights > 0)
    if not reachable.any():
        return list(range(count))
    import pulp
    from spopt.locate import MCLP

    cost = np.where(near[reachable], 0.0, 1.0)
    model = MCLP.from_cost_matrix(cost, weights[reachable], 0.5, count)
    solved = model.solve(pulp.HiGHS(msg=False))
    return [place for place, variable in enumerate(solved.fac_vars) if variable.value() > 0.5]


def _in_order(
    near: NDArray[np.bool_], weights: NDArray[np.float64], covered: NDArray[np.bool_], chosen: list[int]
) -> tuple[list[int], list[float]]:
    """Put the chosen sites in the order in which each adds most to those before it."""
    left, done, order, adds = list(chosen), covered.copy(), [], []
    while left:
        gains = [float(weights[near[:, site] & ~done].sum()) for site in left]
        best = int(np.argmax(gains))
        order.append(left.pop(best))
        adds.append(gains[best])
        done |= near[:, order[-1]]
    return order, adds


def households_to_reach(tracts: gpd.GeoDataFrame, least_index: float, length_crs: str) -> gpd.GeoDataFrame:
    """Take the hard-to-count areas as points with their households, in ``length_crs``.

    Parameters
    ----------
    tracts
        Tracts or block groups in EPSG:4326 with ``ca_htc_index`` and ``households``; a missing index is not
        hard to count.
    """
    hard = tracts["ca_htc_index"].astype("Float64").ge(least_index).fillna(False).astype(bool)
    points = tracts.loc[hard].geometry.representative_point().to_crs(length_crs)
    return gpd.GeoDataFrame(tracts.loc[hard, ["geoid", "households"]], geometry=points, crs=length_crs)


def gather_candidates(frames: dict[str, gpd.GeoDataFrame], length_crs: str) -> gpd.GeoDataFrame:
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
        parts.append(
            gpd.GeoDataFrame(
                {"name": shapes["name"].astype(str), "kind": kind}, geometry=points, crs=length_crs
            )
        )
    if not parts:
        return gpd.GeoDataFrame(
            columns=["site", "name", "kind", "geometry"], geometry="geometry", crs=length_crs
        )
    joined = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=length_crs)
    return joined.assign(site=[f"site{place}" for place in range(len(joined))])
