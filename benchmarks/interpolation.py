"""Interpolation beside tobler, maup and geopandas.overlay, and over dask beside one process.

    python benchmarks/interpolation.py [tracts] [blocks] [dask] [--rounds 5] [--units 2000000]

On the same input, in one run: answers are compared before times. Times are medians of rounds in which the
engines take turns, so that a busy machine disturbs all of them alike. Layers are read from the sources'
mirror (``GEO_TEST_SHARED``, or the folder ``shared`` beside the checkout).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.methods.interpolation import interpolate_areal

CRS = "EPSG:3310"
SHARED = Path(os.environ.get("GEO_TEST_SHARED", Path(__file__).resolve().parents[2] / "shared"))
TRACTS = SHARED / "mirror/tracts_2010/cb_2014_06_tract_500k.zip"
PLACES = SHARED / "mirror/places_2019/tl_2019_06_place.zip"

# As dask sets it for its workers; without it Arrow reads and unpacks on all cores.
ONE_THREAD = {"OMP_NUM_THREADS": "1"}

Frame = gpd.GeoDataFrame
Engine = Callable[[Frame, Frame], "pd.Series[float]"]


def ours(source: Frame, target: Frame) -> pd.Series[float]:
    return interpolate_areal(source, target, extensive="people").values["people"].fillna(0)  # noqa: PD011


def tobler(source: Frame, target: Frame) -> pd.Series[float]:
    from tobler.area_weighted import area_interpolate

    moved = area_interpolate(source, target, extensive_variables=["people"], allocate_total=False)
    return moved["people"].set_axis(target.index)


def maup(source: Frame, target: Frame) -> pd.Series[float]:
    import maup

    pieces = maup.intersections(source, target, area_cutoff=0)
    shares = pieces.area / source.area.loc[pieces.index.get_level_values("source")].to_numpy()
    return maup.prorate(pieces, source["people"], shares).reindex(target.index, fill_value=0)


def overlay(source: Frame, target: Frame) -> pd.Series[float]:
    left = source.assign(whole=source.area)[["people", "whole", "geometry"]]
    pieces = gpd.overlay(left, target[["geometry"]].reset_index(names="target"), keep_geom_type=True)
    moved = (pieces["people"] * pieces.area / pieces["whole"]).groupby(pieces["target"]).sum()
    return moved.reindex(target.index, fill_value=0)


def read_layers() -> tuple[Frame, Frame]:
    tracts = gpd.read_file(TRACTS).set_index("GEOID")[["geometry"]].to_crs(CRS)
    places = gpd.read_file(PLACES).set_index("GEOID")[["geometry"]].to_crs(CRS)
    return with_people(tracts), places


def with_people(frame: Frame) -> Frame:
    return frame.assign(people=np.random.default_rng(1).integers(1, 9_000, len(frame)).astype(float))


def make_blocks(tracts: Frame, wanted: int) -> Frame:
    """Squares that tile California, about as many to each tract: cut in four until they are small enough."""
    shapes = tracts.geometry.to_numpy()
    tree, small = shapely.STRtree(shapes), np.sqrt(tracts.area.to_numpy() * 1.9 * len(tracts) / wanted)
    west, south, east, north = tracts.total_bounds
    side = float(2 ** np.ceil(np.log2(max(east - west, north - south))))
    corners, tiles = np.array([[west, south]]), []
    while len(corners):
        place, inside = tree.query(shapely.points(corners + side / 2), predicate="within")
        limit = np.zeros(len(corners))
        limit[place] = small[inside]
        done = limit >= side
        tiles.append(shapely.box(*corners[done].T, *(corners[done] + side).T))
        corners, side = corners[~done], side / 2
        corners = np.concatenate([corners + np.array([x, y]) * side for x in (0, 1) for y in (0, 1)])
        near = tree.query(shapely.box(*corners.T, *(corners + side).T))[0] if side > 2_000 else None
        keep = (
            np.unique(near)
            if near is not None
            else np.flatnonzero(np.repeat([limit[~done] > 0], 4, 0).ravel())
        )
        corners = corners[keep]
    return with_people(gpd.GeoDataFrame(geometry=np.concatenate(tiles)[:wanted], crs=CRS))


def agreement(first: pd.Series[float], second: pd.Series[float]) -> float:
    """Return the largest difference, relative to the larger of one and the value."""
    return float(((first - second).abs() / np.maximum(second.abs(), 1)).max())


def race(engines: dict[str, Engine], source: Frame, target: Frame, rounds: int) -> None:
    """Compare answers, then times, and print both."""
    answers = {name: engine(source, target) for name, engine in engines.items()}
    times: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, engine in engines.items():
            start = time.perf_counter()
            engine(source, target)
            times[name].append(time.perf_counter() - start)
    median = {name: statistics.median(some) for name, some in times.items()}
    print("\n| engine | differs from ours by at most | median s | times as long as ours |\n|---|---|---|---|")
    for name in engines:
        differs = agreement(answers[name], answers["ours"])
        print(f"| {name} | {differs:.1e} | {median[name]:.2f} | {median[name] / median['ours']:.1f} |")


def bench_tracts(options: argparse.Namespace) -> None:
    tracts, places = read_layers()
    print(f"\n## {len(tracts):,} tracts to {len(places):,} places")
    race({"ours": ours, "tobler": tobler, "maup": maup, "overlay": overlay}, tracts, places, options.rounds)


def bench_blocks(options: argparse.Namespace) -> None:
    tracts, _ = read_layers()
    blocks = make_blocks(tracts, 500_000)
    print(f"\n## {len(blocks):,} generated blocks to {len(tracts):,} tracts")
    race({"ours": ours, "tobler": tobler}, blocks, tracts, max(options.rounds // 2, 1))
    print("\n| blocks | tracts | median s | microseconds a block |\n|---|---|---|---|")
    order = np.argsort(tracts.hilbert_distance().to_numpy())
    for share in (0.02, 0.05, 0.2, 1.0):
        some = tracts.iloc[order[: int(len(tracts) * share)]]
        inside = blocks.iloc[np.unique(some.sindex.query(blocks.centroid, predicate="within")[0])]
        times = []
        for _ in range(options.rounds):
            start = time.perf_counter()
            ours(inside, some)
            times.append(time.perf_counter() - start)
        median = statistics.median(times)
        print(f"| {len(inside):,} | {len(some):,} | {median:.2f} | {median / len(inside) * 1e6:.1f} |")


def peak_memory_mb() -> float:
    """Most memory that this process ever held; what ``getrusage`` tells is also that of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def first_of(folder: Path) -> Path:
    return min(folder.glob("*.parquet"))


def read_shape_of(path: Path) -> tuple[int, int]:
    return gpd.read_parquet(path).shape


def one_process(folder: Path) -> None:
    """Read and move everything on one thread, and print time and peak memory (a process of its own)."""
    tracts, _ = read_layers()
    interpolate_areal(with_people(tracts.iloc[:9]), tracts.iloc[:9], extensive="people", threads=1)
    gpd.read_parquet(first_of(folder))
    start = time.perf_counter()
    source = gpd.read_parquet(folder)
    moved = interpolate_areal(source, tracts, extensive="people", threads=1)
    seconds = time.perf_counter() - start
    moved.values.to_parquet(folder.with_suffix(".values"))  # noqa: PD011
    print(json.dumps({"seconds": seconds, "memory": peak_memory_mb()}))


def on_workers(folder: Path, tracts: Frame) -> tuple[pd.DataFrame, float, dict[str, float]]:
    """Do the same over dask with two workers of one thread, without their start; and each one's memory.

    All have read a partition and moved a few tracts before their time begins.
    """
    from geo.methods.interpolation import partitions

    with partitions.cluster(workers=2) as client:
        few = partitions.partition_by_space(with_people(tracts.iloc[:20]), 4)
        partitions.interpolate_areal(few, tracts.iloc[:9], extensive="people")
        client.run(read_shape_of, first_of(folder))
        start = time.perf_counter()
        source = partitions.read_partitions(folder)
        moved = partitions.interpolate_areal(source, tracts, extensive="people")
        seconds = time.perf_counter() - start
        return moved.values, seconds, client.run(peak_memory_mb)  # noqa: PD011


def bench_dask(options: argparse.Namespace) -> None:
    from geo.methods.interpolation import partitions

    tracts, _ = read_layers()
    blocks = make_blocks(tracts, options.units)
    print(f"\n## dask: {len(blocks):,} generated blocks to {len(tracts):,} tracts, read from GeoParquet")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "blocks"
        partitions.partition_by_space(blocks).to_parquet(folder)
        single, several, memory = [], [], {}
        for _ in range(max(options.rounds // 2, 1)):
            command = [sys.executable, __file__, "one", "--folder", str(folder)]
            answer = subprocess.run(command, check=True, capture_output=True, env=os.environ | ONE_THREAD)
            alone = json.loads(answer.stdout)
            single.append(alone["seconds"])
            values, seconds, memory = on_workers(folder, tracts)
            several.append(seconds)
        differs = (values - pd.read_parquet(folder.with_suffix(".values"))).abs().max().max()
    print(f"\nLargest difference: {differs:.1e} people (or share of coverage).\n")
    print("| | median s | peak memory |\n|---|---|---|")
    print(f"| one process, one thread | {statistics.median(single):.1f} | {alone['memory']:,.0f} MB |")
    peaks = ", ".join(f"{peak:,.0f} MB" for peak in memory.values())
    print(f"| two workers | {statistics.median(several):.1f} | {peaks} |")
    print(f"\nTwo workers are {statistics.median(single) / statistics.median(several):.2f} times as fast.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["tracts", "blocks", "dask"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--units", type=int, default=2_000_000)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if options.parts == ["one"]:
        one_process(options.folder)
        return
    print(f"Cores: {len(os.sched_getaffinity(0))}, load at the start: {os.getloadavg()[0]:.1f}")
    for part in options.parts:
        {"tracts": bench_tracts, "blocks": bench_blocks, "dask": bench_dask}[part](options)


if __name__ == "__main__":
    main()
