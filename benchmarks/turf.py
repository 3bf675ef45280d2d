"""Turfs beside METIS and GerryChain on the same units: worst deviation, compactness, seconds.

Run from the checkout: ``python benchmarks/turf.py [--quick]``. The units are the 2020 block groups of
Riverside county east of longitude -116.75: Voronoi cells of the county's centers of population, clipped to
its 2010 tracts. What every method answers is measured by the same code, after a check that each turf is
connected. METIS is shown as it answers by default, and as the most even of 30 answers; GerryChain at the
first epsilon it finds a plan for.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.canvass.target import Filter, choose_units, to_units
from geo.canvass.turf_plan import with_hours
from geo.canvass.turfs import changed_turfs, cut_turfs, polsby_popper, recut_turfs
from geo.datasets.storage import read_shapes_of
from geo.methods.partition.adjacency import Adjacency, build_adjacency, connected
from geo.region import read_region
from geo.settings import ROOT, mirror_dir

CRS = "EPSG:3310"
WEST = -116.75
COUNTY = "065"
SEEDS = 5
EPSILONS = (0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24, 0.32)
ATTEMPTS = 400

Labels = np.ndarray


def read_block_groups(mirror: Path) -> gpd.GeoDataFrame:
    """Read cells of the block groups with people and homes of 2020."""
    centers = pd.read_csv(
        mirror / "block_group_centers_2020" / "CenPop2020_Mean_BG06.txt",
        dtype=dict.fromkeys(("STATEFP", "COUNTYFP", "TRACTCE", "BLKGRPCE"), str),
        encoding="utf-8-sig",
    ).query("COUNTYFP == @COUNTY")
    centers.index = centers["STATEFP"] + centers["COUNTYFP"] + centers["TRACTCE"] + centers["BLKGRPCE"]
    points = gpd.GeoSeries.from_xy(
        centers["LONGITUDE"], centers["LATITUDE"], index=centers.index, crs="EPSG:4326"
    )
    tracts = gpd.read_file(mirror / "tracts_2010" / "cb_2014_06_tract_500k.zip")
    county = tracts[tracts["COUNTYFP"] == COUNTY].to_crs(CRS).union_all()
    cells = gpd.GeoDataFrame(
        {"people": centers["POPULATION"], "homes": read_homes(mirror).reindex(centers.index)},
        geometry=voronoi(points.to_crs(CRS)).intersection(county),
        crs=CRS,
    )
    return cells[centers["LONGITUDE"] > WEST]


def read_homes(mirror: Path) -> pd.Series:
    """Read housing units of 2020 by block group, summed from blocks."""
    rows = json.loads((mirror / "pl94_blocks_2020" / "pl_2020_block_06065.json").read_text())
    blocks = pd.DataFrame(rows[1:], columns=rows[0])
    groups = blocks["state"] + blocks["county"] + blocks["tract"] + blocks["block"].str[0]
    return blocks["H1_001N"].astype(int).groupby(groups).sum()


def voronoi(points: gpd.GeoSeries) -> gpd.GeoSeries:
    """Draw the cell of every point."""
    multi = shapely.multipoints(shapely.get_coordinates(points))
    cells = shapely.get_parts(shapely.voronoi_polygons(multi, extend_to=shapely.envelope(multi).buffer(3e5)))
    found = shapely.STRtree(cells).query(points.array, predicate="within")
    return gpd.GeoSeries(cells[found[1]], index=points.index[found[0]], crs=points.crs).loc[points.index]


def by_metis(adjacency: Adjacency, doors: np.ndarray, n: int, *, tries: int) -> Labels:
    """Cut with METIS, contiguous: its default, or the most even of ``tries`` seeds at three ufactors."""
    import pymetis

    lists = [np.array(near) for near in adjacency.neighbors]
    best: tuple[float, Labels] | None = None
    for ufactor in (30, 10, 1) if tries > 1 else (30,):
        for seed in range(max(tries // 3, 1)):
            options = pymetis.Options(contig=1, ufactor=ufactor, seed=seed)
            labels = np.array(
                pymetis.part_graph(n, adjacency=lists, vweights=doors.astype(int).tolist(), options=options)[
                    1
                ]
            )
            if len(np.unique(labels)) == n and (best is None or worst(doors, labels) < best[0]):
                best = worst(doors, labels), labels
    assert best is not None
    return best[1]


def by_gerrychain(adjacency: Adjacency, doors: np.ndarray, n: int) -> Labels | None:
    """Cut with GerryChain's recursive tree partition at the first epsilon that it finds a plan for."""
    import networkx as nx
    from gerrychain import Graph
    from gerrychain.partition import recursive_tree_part
    from gerrychain.tree import bipartition_tree

    graph = nx.Graph()
    for unit, number in enumerate(doors.tolist()):
        graph.add_node(unit, doors=number)
    graph.add_edges_from((unit, other) for unit, near in enumerate(adjacency.neighbors) for other in near)
    tree = partial(bipartition_tree, max_attempts=ATTEMPTS, warn_attempts=10 * ATTEMPTS)
    for epsilon in EPSILONS:
        for seed in range(3):
            try:
                parts = recursive_tree_part(
                    Graph.from_networkx(graph), range(n), doors.sum() / n, "doors", epsilon,
                    bipartition_tree_fn=tree, rng=seed,
                )  # fmt: skip
            except Exception:  # whatever it raises when it gives up
                continue
            return np.array([parts[unit] for unit in range(len(doors))])
    return None


def worst(doors: np.ndarray, labels: Labels) -> float:
    sums = np.bincount(labels, doors)
    return float(np.abs(sums / sums.mean() - 1).max())


def tell(
    name: str, units: gpd.GeoDataFrame, adjacency: Adjacency, doors: str, cut: Callable[[], Labels | None]
) -> None:
    """Print a line of the table: worst deviation, mean and least Polsby-Popper, seconds."""
    start, busy = time.perf_counter(), time.process_time()
    labels = cut()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    if labels is None:
        print(f"| {name} | no plan found | | | {seconds:.1f} | {busy:.1f} |", flush=True)
        return
    for turf in np.unique(labels):
        if not connected(adjacency.neighbors, set(np.flatnonzero(labels == turf).tolist())):
            name += " (not connected)"
            break
    shape = polsby_popper(units.dissolve(labels).geometry)
    off = worst(units[doors].to_numpy(), labels)
    print(
        f"| {name} | {off:.2%} | {shape.mean():.3f} | {shape.min():.3f} | {seconds:.1f} | {busy:.1f} |",
        flush=True,
    )


def compare(units: gpd.GeoDataFrame, doors: str, n: int, seeds: int) -> None:
    adjacency, counts = build_adjacency(units), units[doors].to_numpy()
    print(f"\n### {len(units)} block groups, {doors}, {n} turfs\n")
    print("| method | worst deviation | mean Polsby-Popper | least | seconds | processor seconds |")
    print("|---|---|---|---|---|---|")
    line = partial(tell, units=units, adjacency=adjacency, doors=doors)
    bounds = []

    def ours(seed: int) -> Labels:
        cut = cut_turfs(units, doors=doors, n=n, seed=seed)
        bounds.append(cut.bound)
        return cut.labels.to_numpy()

    for seed in range(seeds):
        line(f"cut_turfs, seed {seed}", cut=partial(ours, seed))
    line("METIS, default", cut=lambda: by_metis(adjacency, counts, n, tries=1))
    line("METIS, most even of 30", cut=lambda: by_metis(adjacency, counts, n, tries=30))
    line("GerryChain", cut=lambda: by_gerrychain(adjacency, counts, n))
    print(f"\nNo cut into {n} connected turfs has a worst deviation below {bounds[0]:.2%} (proven).")


def make_blocks(side: int) -> gpd.GeoDataFrame:
    """Make square blocks of 100 m with 1 to 59 doors each."""
    shapes = [
        shapely.box(x, y, x + 100, y + 100)
        for x in range(0, side * 100, 100)
        for y in range(0, side * 100, 100)
    ]
    doors = np.random.default_rng(0).integers(1, 60, len(shapes))
    return gpd.GeoDataFrame({"doors": doors}, geometry=shapes, crs=CRS)


def large(side: int, n: int) -> None:
    units = make_blocks(side)
    adjacency = build_adjacency(units)
    print(f"\n### {len(units):,} blocks, {n} turfs\n")
    print("| method | worst deviation | mean Polsby-Popper | least | seconds | processor seconds |")
    print("|---|---|---|---|---|---|")
    line = partial(tell, units=units, adjacency=adjacency, doors="doors")
    line("cut_turfs", cut=lambda: cut_turfs(units, doors="doors", n=n).labels.to_numpy())
    line("METIS, default", cut=lambda: by_metis(adjacency, units["doors"].to_numpy(), n, tries=1))


def recuts(units: gpd.GeoDataFrame, doors: str, n: int) -> None:
    print(f"\n### Re-cutting {n} turfs when one volunteer drops out\n")
    print(
        "| tolerance | turfs changed (of which one is gone) | worst deviation | seconds | processor seconds |"
    )
    print("|---|---|---|---|---|")
    before = cut_turfs(units, doors=doors, n=n)
    for tolerance in (0.05, 0.1, 0.2, 0.3):
        start, busy = time.perf_counter(), time.process_time()
        after = recut_turfs(before, dropped=[n // 2], tolerance=tolerance)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
        changed = len(changed_turfs(before, after))
        print(f"| {tolerance:.0%} | {changed} | {after.worst:.1%} | {seconds:.1f} | {busy:.1f} |", flush=True)


def demo() -> None:
    """Cut the demo's hard-to-count blocks by doors and by hours, with and without its barriers."""
    region = read_region("demo")
    units = to_units(read_shapes_of("demo", "blocks"), read_shapes_of("demo", "tracts_2020"), region.area_crs)
    chosen = with_hours(choose_units(units, wanted=Filter(least_index=60)).units)
    barriers = read_shapes_of("demo", "barriers").to_crs(region.area_crs)
    print(f"\n## The demo's {len(chosen)} blocks of index 60 and above\n")
    print("| what | worst deviation | no cut is below | mean Polsby-Popper | seconds | processor seconds |")
    print("|---|---|---|---|---|---|")
    for name, doors, n, walls in (
        ("12 turfs, doors", "doors", 12, barriers),
        ("12 turfs, hours", "hours", 12, barriers),
        ("40 turfs, doors", "doors", 40, barriers),
        ("40 turfs, doors, no barriers", "doors", 40, None),
    ):
        start, busy = time.perf_counter(), time.process_time()
        cut = cut_turfs(chosen, doors=doors, n=n, barriers=walls)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
        shape = cut.turfs["compactness"].mean()
        print(
            f"| {name} | {cut.worst:.2%} | {cut.bound:.2%} | {shape:.3f} | {seconds:.1f} | {busy:.1f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed, no large grid")
    quick = parser.parse_args().quick
    warnings.filterwarnings("ignore")
    units = read_block_groups(mirror_dir() or ROOT.parent / "shared" / "mirror")
    for doors in ("people", "homes"):
        for n in (20, 60):
            compare(units, doors, n, 1 if quick else SEEDS)
    recuts(units, "homes", 20)
    demo()
    if not quick:
        large(100, 100)


if __name__ == "__main__":
    main()
