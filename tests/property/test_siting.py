"""Sites: as good as trying every combination; what is covered is not counted again."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest

from geo.errors import CRSError, InfeasibleError
from geo.siting import choose_sites, thin, travel_m

CRS = "EPSG:26911"


def points(seed: int, count: int) -> gpd.GeoDataFrame:
    place = np.random.default_rng(seed).uniform(0, 10_000, (2, count))
    return gpd.GeoDataFrame(
        {"name": [f"s{n}" for n in range(count)]}, geometry=gpd.points_from_xy(*place), crs=CRS
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("with_existing", [False, True])
def test_no_combination_is_better(seed: int, with_existing: bool) -> None:
    demand, sites = points(seed, 30), points(seed + 100, 9)
    demand["households"] = np.random.default_rng(seed).integers(0, 100, 30).astype(float)
    existing = sites[:1] if with_existing else None
    found = choose_sites(demand, sites, 3, 2500, existing)
    near, weight = travel_m(demand, sites) <= 2500, demand["households"].to_numpy()
    done = near[:, 0] if with_existing else np.zeros(30, dtype=bool)
    best = max(weight[near[:, list(three)].any(axis=1) & ~done].sum() for three in combinations(range(9), 3))
    assert found.added == best
    assert found.covered_before == weight[done].sum()
    assert found.sites["adds"].is_monotonic_decreasing


def test_degrees_and_too_few_candidates_are_refused() -> None:
    demand = points(1, 3).assign(households=1.0)
    with pytest.raises(CRSError):
        choose_sites(demand.to_crs("EPSG:4326"), points(2, 3), 1, 100)
    with pytest.raises(InfeasibleError, match="4 sites cannot be chosen of 3"):
        choose_sites(demand, points(2, 3), 4, 100)


def test_thinning_keeps_what_lies_apart() -> None:
    many = points(3, 50)
    assert len(thin(many, 10)) == 10
    assert len(thin(many, 100)) == 50
