"""What holds for every cut: a partition, connected, even where it can be, the same for a seed."""

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from geo.canvass.turfs import changed_turfs, cut_turfs, recut_turfs, units_in_no_turf, units_in_two_turfs
from geo.errors import InfeasibleError
from geo.methods.partition.adjacency import build_adjacency, connected
from geo.methods.partition.annealing import Partition
from geo.methods.partition.bound import prove_bound
from geo.methods.partition.moves import label_units

CRS = "EPSG:3310"
FEW = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def frame(cells: list[tuple[int, int]], doors: list[float]) -> gpd.GeoDataFrame:
    shapes = [box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100) for x, y in cells]
    return gpd.GeoDataFrame({"doors": doors}, geometry=shapes, index=[f"{x}.{y}" for x, y in cells], crs=CRS)


@st.composite
def areas(draw, side: int = 5, least: int = 2, most_doors: int = 40) -> gpd.GeoDataFrame:
    every = [(x, y) for x in range(side) for y in range(side)]
    cells = draw(st.lists(st.sampled_from(every), min_size=least, max_size=len(every), unique=True))
    doors = draw(st.lists(st.integers(0, most_doors), min_size=len(cells), max_size=len(cells)))
    assume(sum(doors) > 0)
    return frame(sorted(cells), [float(number) for number in doors])


def assert_connected(cut) -> None:
    labels = cut.labels.to_numpy()
    for turf in np.unique(labels):
        assert connected(cut.ground.adjacency.neighbors, set(np.flatnonzero(labels == turf).tolist()))


@cache
def _partitions(size: int, count: int) -> list[tuple[int, ...]]:
    """Every way to put ``size`` units into ``count`` parts, each once."""
    found: list[tuple[int, ...]] = [()]
    for place in range(size):
        found = [
            (*labels, part)
            for labels in found
            for part in range(min(count, max(labels, default=-1) + 2))
            if count - max(*labels, part, -1, -1) - 1 <= size - place - 1
        ]
    return [labels for labels in found if max(labels) == count - 1]


def least_worst(neighbors, doors: np.ndarray, count: int) -> float:
    """Smallest worst deviation of all cuts, by looking at every one."""
    mean, best = doors.sum() / count, np.inf
    for labels in _partitions(len(doors), count):
        parts = np.array(labels)
        worst = np.abs(np.bincount(parts, doors, minlength=count) / mean - 1).max()
        if worst < best and all(
            connected(neighbors, set(np.flatnonzero(parts == part).tolist())) for part in range(count)
        ):
            best = worst
    return float(best)


@FEW
@given(areas(), st.integers(1, 6), st.integers(0, 3))
def test_every_unit_is_in_one_connected_turf(units, n, seed) -> None:
    assume(n <= len(units))
    cut = cut_turfs(units, doors="doors", n=n, seed=seed)
    assert cut.labels.index.equals(units.index)
    assert sorted(cut.labels.unique()) == list(range(n))
    assert units_in_no_turf(units.index, cut.labels).empty
    assert units_in_two_turfs(cut.labels).empty
    assert cut.turfs["doors"].sum() == pytest.approx(units["doors"].sum())
    assert cut.turfs.area.sum() == pytest.approx(units.area.sum())
    assert_connected(cut)
    assert cut.bound <= cut.worst + 1e-9


@FEW
@given(areas(side=4), st.integers(2, 4), st.integers(0, 3))
def test_the_same_seed_gives_the_same_turfs(units, n, seed) -> None:
    assume(n <= len(units))
    once, again = (cut_turfs(units, doors="doors", n=n, seed=seed) for _ in range(2))
    assert once.labels.equals(again.labels)


@FEW
@given(areas(side=3, least=4, most_doors=20), st.integers(2, 3))
def test_as_even_as_any_cut_and_never_below_the_bound(units, n) -> None:
    adjacency = build_adjacency(units)
    assume(len(np.unique(adjacency.pieces())) == 1)
    doors = units["doors"].to_numpy()
    best = least_worst(adjacency.neighbors, doors, n)
    assert prove_bound(adjacency, doors, n) <= best + 1e-9
    cut = cut_turfs(units, doors="doors", n=n)
    if cut.oversize.empty:
        assert cut.worst <= max(best, cut.tolerance) + 1e-9
    else:
        assert cut.worst >= best - 1e-9


@FEW
@given(st.integers(2, 6), st.integers(2, 5), st.integers(0, 4), st.booleans())
def test_no_turf_goes_over_a_closed_barrier(columns, rows, where, crossing) -> None:
    units = frame([(x, y) for x in range(columns) for y in range(rows)], [5.0] * (columns * rows))
    place = 100.0 * (1 + where % (columns - 1))
    shapes = [LineString([(place, -10), (place, 100 * rows + 10)])]
    if crossing:
        shapes.append(Point(place, 50))
    barriers = gpd.GeoDataFrame(geometry=shapes, crs=CRS)
    cut = cut_turfs(units, doors="doors", n=2, barriers=barriers)
    assert_connected(cut)
    if not crossing:
        for outline in cut.turfs.geometry:
            assert outline.bounds[2] <= place or outline.bounds[0] >= place


@FEW
@given(areas(side=5, least=8), st.integers(2, 4), st.data())
def test_kept_units_never_move(units, n, data) -> None:
    before = cut_turfs(units, doors="doors", n=n)
    assume(len(before.pieces) == 1)
    chosen = data.draw(st.lists(st.sampled_from(list(units.index)), unique=True, max_size=6))
    keep = before.labels.loc[chosen]
    try:
        after = cut_turfs(units, doors="doors", n=n, keep=keep, seed=5)
    except InfeasibleError:
        assume(False)
    assert after.labels.loc[chosen].equals(keep)
    assert_connected(after)


@FEW
@given(areas(side=5, least=12), st.integers(3, 5), st.data())
def test_a_recut_leaves_finished_turfs_and_keeps_every_unit(units, n, data) -> None:
    before = cut_turfs(units, doors="doors", n=n)
    dropped, finished = data.draw(st.permutations(range(n)))[:2]
    try:
        after = recut_turfs(before, dropped=[dropped], finished=[finished])
    except InfeasibleError:
        return
    assert dropped not in after.turfs.index
    assert finished not in changed_turfs(before, after)
    assert len(after.turfs) == n - 1
    assert after.labels.index.equals(before.labels.index)
    assert_connected(after)


@FEW
@given(areas(side=5, least=6), st.integers(2, 4))
def test_a_recut_without_a_change_is_the_same(units, n) -> None:
    before = cut_turfs(units, doors="doors", n=n)
    assert recut_turfs(before).labels.equals(before.labels)
    assert isinstance(before.labels, pd.Series)


@FEW
@given(areas(least=6), st.integers(0, 9))
def test_moves_keep_every_turf_whole_and_its_sums_right(units, seed) -> None:
    """The search keeps sums up move by move; summed up anew they must be the same."""
    adjacency = build_adjacency(units)
    assume(len(np.unique(adjacency.pieces())) == 1)
    before = cut_turfs(units, doors="doors", n=3).labels.to_numpy()
    part = Partition(adjacency, units["doors"].to_numpy(), before, aim=0.0, seed=seed)
    part.anneal(2_000, 5, (2.0, 2.0), (0.1, 0.1))
    anew = label_units(part.net, part.labels, 3)
    for kept, summed in zip(part.now[:5], anew[:5], strict=True):
        assert np.allclose(kept, summed)
    for turf in range(3):
        members = set(part.members([turf]).tolist())
        assert members
        assert connected(adjacency.neighbors, members)
