"""Where next: the sites that add most hard-to-count households within a travel distance.

The maximal covering location problem (Church and ReVelle 1974) as spopt states it, solved by HiGHS. How far
people travel is that of :mod:`geo.methods.roads`. Households come with the margins of their tracts.
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
from geo.methods.margins import Estimate
from geo.methods.roads import RoadNet, travel_m

MOST_CANDIDATES = 1500
BEFORE, ADDED, LEFT = "before", "added", "left"


@dataclass(frozen=True, slots=True)
class Siting:
    """Sites that were chosen, what they add, and what was covered before.

    Attributes
    ----------
    sites
        Rows of the candidates in the order in which each adds most, with ``rank`` (1, 2, ...), ``adds`` and
        ``adds_moe`` (hard-to-count households that nothing before it covers), ``adds_all`` and
        ``adds_all_moe`` (all households).
    demand
        The points, with ``state``: covered *before*, *added*, or *left*; ``site`` is the rank of the site
        that covers it first, 0 without one.
    households, before, added
        Hard-to-count households: all, those covered before, and those that the sites add.
    distance_m, along_roads, looked_at
        How far people travel, whether along roads, and how many candidates were looked at.
    """

    sites: gpd.GeoDataFrame
    demand: gpd.GeoDataFrame
    households: Estimate
    before: Estimate
    added: Estimate
    distance_m: float
    along_roads: bool
    looked_at: int


def choose_sites(
    demand: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    count: int,
    distance_m: float,
    existing: gpd.GeoDataFrame | None = None,
    roads: RoadNet | None = None,
) -> Siting:
    """Choose the sites that together add most hard-to-count households.

    Of candidates that cover the same points, the one that is nearest to their households stands for all. Of
    more than 1,500 only those that lie farthest apart are looked at.

    Parameters
    ----------
    demand
        Points with ``households``, in a projected CRS in meters; with ``hard`` (else all count),
        ``geoid`` and ``households_moe`` (of the whole tract) and ``share`` (of it) where margins are known.
    candidates
        Points of sites, in the same CRS.
    count
        How many to choose, at most.
    distance_m
        Travel distance in meters.
    existing
        Points of what is covered already; households near them are not counted again.
    roads
        Roads to travel along; None takes straight lines times a factor.

    Raises
    ------
    InfeasibleError
        There are no candidates, or fewer than are to be chosen.
    CRSError
        A frame is in degrees, or not in the roads' CRS.
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
    candidates, points = thin(candidates), _complete(demand)
    weights = points["households"].to_numpy(dtype=float) * points["hard"].to_numpy(dtype=bool)
    covered = _covered(points, existing, distance_m, roads)
    ways = travel_m(points, candidates, roads, distance_m)
    near = ways <= distance_m
    choices = _distinct(near, ways, weights * ~covered)
    chosen = [choices[place] for place in _solve(near[~covered][:, choices], weights[~covered], count)]
    order = _in_order(near, weights, covered, chosen)
    return _tell(points, candidates.iloc[order], near[:, order], covered, distance_m, roads, len(candidates))


def _complete(demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the columns that may be missing: all hard, each point a tract by itself, no margin known."""
    whole = demand.assign(households=demand["households"].astype(float).fillna(0.0))
    if "hard" not in whole.columns:
        whole = whole.assign(hard=True)
    if "geoid" not in whole.columns:
        whole = whole.assign(
            geoid=[f"point{place}" for place in range(len(whole))], households_moe=np.nan, share=1.0
        )
    return whole


def _covered(
    demand: gpd.GeoDataFrame, existing: gpd.GeoDataFrame | None, distance_m: float, roads: RoadNet | None
) -> NDArray[np.bool_]:
    if existing is None or existing.empty:
        return np.zeros(len(demand), dtype=bool)
    near = travel_m(demand, existing, roads, distance_m) <= distance_m
    return np.asarray(near.any(axis=1), dtype=bool)


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


def _distinct(
    near: NDArray[np.bool_], ways: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Keep one candidate of those that cover the same points that count: the nearest to their households."""
    counts = near[weights > 0]
    far = (np.where(near, ways, 0.0) * weights[:, None]).sum(axis=0)
    order = np.argsort(far, kind="stable")
    _patterns, first = np.unique(counts[:, order], axis=1, return_index=True)
    return np.sort(order[first])


def _solve(near: NDArray[np.bool_], weights: NDArray[np.float64], count: int) -> list[int]:
    reachable = near.any(axis=1) & (weights > 0)
    if not reachable.any():
        return []
    import pulp
    from spopt.locate import MCLP

    patterns, members = np.unique(near[reachable], axis=0, return_inverse=True)
    sums = np.bincount(members.ravel(), weights[reachable])
    model = MCLP.from_cost_matrix(np.where(patterns, 0.0, 1.0), sums, 0.5, min(count, near.shape[1]))
    solved = model.solve(pulp.HiGHS(msg=False))
    return [place for place, variable in enumerate(solved.fac_vars) if variable.value() > 0.5]


def _in_order(
    near: NDArray[np.bool_], weights: NDArray[np.float64], covered: NDArray[np.bool_], chosen: list[int]
) -> list[int]:
    """Put the chosen in the order in which each adds most to those before it; leave out what adds nothing."""
    left, done, order = list(chosen), covered.copy(), list[int]()
    while left:
        gains = [float(weights[near[:, site] & ~done].sum()) for site in left]
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            break
        order.append(left.pop(best))
        done |= near[:, order[-1]]
    return order


def _tell(
    points: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    near: NDArray[np.bool_],
    covered: NDArray[np.bool_],
    distance_m: float,
    roads: RoadNet | None,
    looked_at: int,
) -> Siting:
    hard = points["hard"].to_numpy(dtype=bool)
    first = np.where(near.any(axis=1) & ~covered, near.argmax(axis=1) + 1 if near.shape[1] else 0, 0)
    rows = []
    for rank in range(1, len(sites) + 1):
        adds, adds_all = households_in(points, (first == rank) & hard), households_in(points, first == rank)
        rows.append((rank, *adds, *adds_all))
    columns = ["rank", "adds", "adds_moe", "adds_all", "adds_all_moe"]
    told = pd.DataFrame(rows, columns=columns, index=sites.index)
    state = np.where(covered, BEFORE, np.where(first > 0, ADDED, LEFT))
    return Siting(
        sites=sites.assign(**{name: told[name] for name in columns}),
        demand=points.assign(state=state, site=first),
        households=households_in(points, hard),
        before=households_in(points, hard & covered),
        added=households_in(points, hard & (first > 0)),
        distance_m=distance_m,
        along_roads=roads is not None,
        looked_at=looked_at,
    )


def households_in(points: gpd.GeoDataFrame, chosen: NDArray[np.bool_]) -> Estimate:
    """Add the households of some points up, with the margin of the sum.

    Parts of one tract share its error: their shares are added before the margins of the tracts are
    combined as those of a sum. The shares are taken as exact.

    Parameters
    ----------
    points
        ``households``; ``geoid``, ``households_moe`` of the whole tract and ``share`` of it.

    Returns
    -------
    Estimate
        The margin is missing where that of a tract is.

    Examples
    --------
    >>> parts = {"geoid": ["a", "a", "b"], "share": [0.5, 0.5, 1.0]}
    >>> points = gpd.GeoDataFrame(parts | {"households": [5.0, 5.0, 9.0], "households_moe": [3.0, 3.0, 4.0]})
    >>> households_in(points, np.array([True, True, True]))
    Estimate(estimate=19.0, moe=5.0)
    """
    kept = points[chosen]
    total = float(kept["households"].sum())
    parts = kept.groupby("geoid").agg(share=("share", "sum"), moe=("households_moe", "first"))
    lost = kept["households_moe"].isna() & (kept["households"] > 0)
    moe = np.nan if lost.any() else float(np.sqrt(np.square(parts["share"] * parts["moe"].fillna(0.0)).sum()))
    return Estimate(total, moe)
