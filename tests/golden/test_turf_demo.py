"""The demo's blocks cut along its motorway, rail, canals and rivers: fair, whole, and across none of them."""

import geopandas as gpd
import pytest
import shapely

from geo.canvass.target import Filter, choose_units, to_units
from geo.canvass.turf_plan import with_hours
from geo.canvass.turfs import TurfCut, cut_turfs, units_in_no_turf, units_in_two_turfs
from geo.datasets.storage import read_shapes_of
from geo.region import read_region

pytestmark = pytest.mark.slow
WALL_M, GAP_M, CRUMB_M2 = 0.5, 20.0, 100.0


@pytest.fixture(scope="module")
def ground(demo_built: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Blocks of index 60 and above with their hours, and barriers with crossings, in meters."""
    crs = read_region(demo_built).area_crs
    blocks, tracts = (read_shapes_of(demo_built, name) for name in ("blocks", "tracts_2020"))
    target = choose_units(to_units(blocks, tracts, crs), wanted=Filter(least_index=60))
    return with_hours(target.units), read_shapes_of(demo_built, "barriers").to_crs(crs)


@pytest.mark.parametrize("doors", ["doors", "hours"])
def test_twelve_turfs_of_the_demo_are_fair_and_cross_nothing(
    ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame], doors: str
) -> None:
    units, barriers = ground
    cut = cut_turfs(units, doors=doors, n=12, barriers=barriers)
    assert sorted(cut.turfs.index) == list(range(12))
    assert cut.turfs["deviation"].max() <= 0.05
    assert units_in_no_turf(units.index, cut.labels).empty
    assert units_in_two_turfs(cut.labels).empty
    assert torn_turfs(cut, barriers) == []


@pytest.mark.parametrize("doors", ["doors", "hours"])
def test_forty_turfs_of_the_demo_are_within_five_percent_whatever_the_seed(
    ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame], doors: str
) -> None:
    """A turf has some 13 blocks then, of up to half its doors, and barriers between them."""
    units, barriers = ground
    for seed in (0, 1, 2):
        cut = cut_turfs(units, doors=doors, n=40, barriers=barriers, seed=seed)
        assert cut.turfs["deviation"].max() <= 0.05
        assert torn_turfs(cut, barriers) == []


def test_without_barriers_some_turf_would_cross(
    ground: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
) -> None:
    units, barriers = ground
    assert torn_turfs(cut_turfs(units, doors="doors", n=12), barriers)


def torn_turfs(cut: TurfCut, barriers: gpd.GeoDataFrame) -> list[int]:
    """Turfs whose area falls apart when the barriers, open at their crossings, are taken out of it."""
    lines = barriers.geometry[~barriers["is_crossing"]].union_all().buffer(WALL_M)
    gaps = barriers.geometry[barriers["is_crossing"]].union_all().buffer(GAP_M)
    walls = lines.difference(gaps)
    islands = set(cut.links["unit"])
    torn = []
    for turf, members in cut.labels.groupby(cut.labels).groups.items():
        kept = [unit for unit in members if unit not in islands]
        area = cut.ground.units.geometry.loc[kept].union_all().difference(walls)
        parts = [part for part in shapely.get_parts(area) if part.area > CRUMB_M2]
        if len(parts) > 1:
            torn.append(int(turf))
    return torn
