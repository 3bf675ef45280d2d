"""Interpolation of sources larger than memory, over dask-geopandas; coverage where partitions meet."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import dask.config
import dask_geopandas
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from dask.base import compute, persist
from dask.delayed import delayed
from distributed import Client, LocalCluster, default_client

from geo.errors import SchemaError
from geo.intake.vectors import read_layer
from geo.language import gettext as _
from geo.methods.interpolation.intersections import Floats, meeting_boxes
from geo.methods.interpolation.ledger import COLUMNS as LEDGER_COLUMNS
from geo.methods.interpolation.overlay import (
    ROUNDING,
    overlay,
    require_area_crs,
    require_labels,
    require_shapes,
    to_layer,
    to_shapes,
)
from geo.methods.interpolation.shares import Shares, to_shares
from geo.methods.interpolation.transfer import Interpolation, Names, Plan, Sums, sum_up, to_plan, to_values


def exposed_units(shares: Shares, source: gpd.GeoDataFrame, elsewhere: Floats | None = None) -> gpd.GeoSeries:
    """Keep a partition's units in targets that it covers in part: others may cover the same again.

    Only those whose box overlaps one of ``elsewhere``, the boxes of other partitions, where these are known.
    """
    in_part = (shares.target_covered < 1)[shares.target]
    units = np.unique(shares.source[in_part])
    if elsewhere is not None:
        boxes = shapely.bounds(to_shapes(source)[units])
        units = units[np.unique(meeting_boxes(boxes, elsewhere, threads=1)[0])]
    return gpd.GeoSeries(to_shapes(source)[units], crs=source.crs)


def foreign_boxes(exposed: Sequence[Floats]) -> list[Floats]:
    """List for each partition the boxes of others that overlap one of its own.

    Examples
    --------
    >>> first, second = np.array([[0.0, 0, 2, 2]]), np.array([[1.0, 1, 3, 3], [5, 5, 6, 6]])
    >>> [boxes.tolist() for boxes in foreign_boxes([first, second])]
    [[[1.0, 1.0, 3.0, 3.0]], [[0.0, 0.0, 2.0, 2.0]]]
    """
    boxes = np.concatenate(exposed)
    home = np.repeat(np.arange(len(exposed)), [len(some) for some in exposed])
    i, j = meeting_boxes(boxes, boxes)
    across = home[i] != home[j]
    i, j = i[across], j[across]
    return [boxes[np.unique(j[home[i] == partition])] for partition in range(len(exposed))]


def to_patches(exposed: gpd.GeoSeries, target: gpd.GeoDataFrame, foreign: Floats) -> gpd.GeoSeries:
    """Unite, by target, the parts of those exposed units of a partition whose boxes overlap foreign ones."""
    units, places = to_shapes(exposed), to_shapes(target)
    units = units[np.unique(meeting_boxes(shapely.bounds(units), foreign, threads=1)[0])]
    pairs = overlay(to_layer(units), to_layer(places), threads=1)
    inside = pd.Series(pairs.left).groupby(pairs.right).agg(list)
    patches = [
        shapely.intersection(places[place], shapely.union_all(units[some]))
        for place, some in zip(inside.index, inside, strict=True)
    ]
    return gpd.GeoSeries(patches, index=target.index[inside.index], crs=exposed.crs)


def add_coverage(
    covered: Iterable[pd.Series[float]], patches: Sequence[gpd.GeoSeries], target: gpd.GeoDataFrame
) -> Floats:
    """Add the shares of targets that partitions cover, less what their patches cover more than once."""
    total, areas = np.zeros(len(target)), shapely.area(to_shapes(target))
    for share in covered:
        total[target.index.get_indexer(share.index)] += share.to_numpy()
    places = np.concatenate(
        [np.empty(0, np.int64), *(target.index.get_indexer(some.index) for some in patches)]
    )
    every = np.array([patch for some in patches for patch in some], dtype=object)
    for place in np.flatnonzero(np.bincount(places) > 1):
        several = every[places == place]
        excess = shapely.area(several).sum() - shapely.area(shapely.union_all(several))
        total[place] -= excess / areas[place]
    return np.where(total < 1 - ROUNDING, total, 1.0)


UNITS_A_PARTITION = 100_000
PARTITIONS = 4
KEPT_BYTES = 64 * 2**20
AMOUNTS = ("in", "out", "lost", "counted_more_than_once", "missing")
UNITS = ("units_lost", "units_repeated")


def interpolate_areal(
    source: dask_geopandas.GeoDataFrame,
    target: gpd.GeoDataFrame,
    *,
    extensive: Names = (),
    intensive: Names = (),
    moe: Mapping[str, str] | None = None,
    label: str | None = None,
) -> Interpolation:
    """Move quantities to other polygons in proportion to the area in common.

    As :func:`geo.methods.interpolation.interpolate_areal`: units, CRS, missing values, margins and errors are
    described there. The ledger lists units in the order of the partitions.

    Parameters
    ----------
    source
        Polygons with the variables, best partitioned by space (:func:`partition_by_space`).
    target
        Polygons; every worker receives them once.
    extensive, intensive, moe
        As in :func:`geo.methods.interpolation.interpolate_areal`.
    label
        The source's column of labels, for the ledger; without it, its index.

    Returns
    -------
    Interpolation
        Values on the target's index, and the ledger.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        As in :func:`geo.methods.interpolation.interpolate_areal`. Labels are compared within a partition.

    Examples
    --------
    >>> from shapely import box
    >>> shapes = [box(x, 0, x + 1, 1) for x in range(10)]
    >>> blocks = gpd.GeoDataFrame({"people": range(10)}, geometry=shapes, crs="EPSG:3310")
    >>> towns = gpd.GeoDataFrame(geometry=[box(0.5, 0, 8, 1)], index=["t"], crs="EPSG:3310")
    >>> parts = dask_geopandas.from_geopandas(blocks, npartitions=3)
    >>> interpolate_areal(parts, towns, extensive="people").values["people"].item()
    28.0
    """
    return _interpolate(source, target, None, None, to_plan(source, extensive, intensive, moe), label)


def interpolate_weighted(
    source: dask_geopandas.GeoDataFrame,
    target: gpd.GeoDataFrame,
    weights: dask_geopandas.GeoDataFrame,
    *,
    weight: str,
    extensive: Names = (),
    intensive: Names = (),
    moe: Mapping[str, str] | None = None,
    label: str | None = None,
) -> Interpolation:
    """Move quantities to other polygons in proportion to a weight that says where they are.

    As :func:`geo.methods.interpolation.interpolate_weighted`. A partition of the source reads those
    partitions of the weights that it meets, so both are best partitioned by space.

    Parameters
    ----------
    source, target, extensive, intensive, moe, label
        As in :func:`interpolate_areal`.
    weights
        Polygons or points.
    weight
        Their column: no value may be missing or negative.

    Returns
    -------
    Interpolation
        Values on the target's index, and the ledger.

    Raises
    ------
    CRSError, GeometryError, SchemaError
        As in :func:`geo.methods.interpolation.interpolate_weighted`.

    Examples
    --------
    >>> from shapely import box
    >>> shapes = [box(x, 0, x + 1, 1) for x in range(10)]
    >>> blocks = gpd.GeoDataFrame({"people": range(10), "homes": 1}, geometry=shapes, crs="EPSG:3310")
    >>> towns = gpd.GeoDataFrame(geometry=[box(0.5, 0, 8, 1)], index=["t"], crs="EPSG:3310")
    >>> parts = dask_geopandas.from_geopandas(blocks, npartitions=3)
    >>> interpolate_weighted(parts, towns, parts, weight="homes", extensive="people").values["people"].item()
    28.0
    """
    plan = to_plan(source, extensive, intensive, moe)
    return _interpolate(source, target, weights, weight, plan, label)


def partition_by_space(
    frame: dask_geopandas.GeoDataFrame | gpd.GeoDataFrame, npartitions: int | None = None
) -> dask_geopandas.GeoDataFrame:
    """Bring what lies close together into one partition, along a Hilbert curve.

    A frame that is partitioned by space already is left as it is. The index is lost where the frame is
    shuffled: keep labels in a column. On a cluster the shuffled rows stay with the workers, which write to
    their disks what is more than their memory; write the result to GeoParquet to shuffle only once.

    Parameters
    ----------
    frame
        Rows with geometries, in memory or in partitions.
    npartitions
        How many; as many as it has, or one for each 100,000 rows of a frame in memory.

    Returns
    -------
    dask_geopandas.GeoDataFrame
        The same rows, whose partitions know their bounds (``spatial_partitions``).

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 9, 0, 9], [0, 9, 1, 8]), crs="EPSG:3310")
    >>> parts = partition_by_space(points, 2)
    >>> [sorted(parts.partitions[k].compute().geometry.x) for k in range(2)]
    [[0.0, 0.0], [9.0, 9.0]]
    """
    if isinstance(frame, gpd.GeoDataFrame):
        count = npartitions or max(math.ceil(len(frame) / UNITS_A_PARTITION), 1)
        ordered = frame.iloc[np.argsort(frame.hilbert_distance().to_numpy(), kind="stable")]
        parts = dask_geopandas.from_geopandas(ordered, npartitions=count, sort=False)
        parts.calculate_spatial_partitions()
        return parts
    if frame.spatial_partitions is not None or frame.npartitions == 1:
        return frame
    parts = frame.spatial_shuffle(
        by="hilbert", npartitions=npartitions or frame.npartitions, calculate_partitions=False
    )
    parts = parts if _client() is None else parts.persist()
    parts.calculate_spatial_partitions()
    return parts


def read_partitions(
    path: Path, npartitions: int | None = None, crs: str | None = None
) -> dask_geopandas.GeoDataFrame:
    """Read a GeoParquet file or folder, or a file of shapes, in partitions by space.

    A folder's files, or a file's row groups, are its partitions; what is not partitioned by space then is
    shuffled. Any other file is read whole, by a process that can reach that file alone.

    Parameters
    ----------
    path
        The file or folder.
    npartitions
        How many to make, where the file does not say.
    crs
        The CRS to bring each partition into.

    Raises
    ------
    SchemaError
        There is no such file, or no shapes in it.
    GeometryError
        A row of a file that is no GeoParquet has no shape, or an invalid one.
    """
    if not path.exists():
        raise SchemaError(_("there is no file {path}").format(path=path), _("check the path"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if path.is_dir() or path.suffix in {".parquet", ".geoparquet"}:
            frame = dask_geopandas.read_parquet(path, split_row_groups=not path.is_dir())
        else:
            frame, npartitions = _read_whole(path), npartitions or PARTITIONS
        if crs is not None and frame.crs is not None and frame.crs != crs:
            frame = frame.to_crs(crs)
        return partition_by_space(frame, npartitions)


def _read_whole(path: Path) -> gpd.GeoDataFrame:
    frame = read_layer(path)
    if frame.empty:
        raise SchemaError(
            _("{name} has no shapes").format(name=path.name),
            _("see whether it is the right file; nothing was written"),
        )
    require_shapes(frame, path.name, tuple(shapely.GeometryType))
    return frame


@contextmanager
def cluster(scheduler: str | None = None, workers: int = 2) -> Iterator[Client]:
    """Connect to a running scheduler, or start workers of one thread each on this machine.

    They are processes of their own, and end with the block; a scheduler that was running stays.

    Parameters
    ----------
    scheduler
        Its address, such as ``tcp://10.0.0.5:8786``.
    workers
        How many to start where no address is given.
    """
    if scheduler is not None:
        with Client(scheduler) as client:  # type: ignore[no-untyped-call]
            yield client
        return
    options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    # Workers look at what they do a hundred times a second, for a page that is not open here; and they give
    # the memory of every array back at once, to take it anew, page by page, for the next. A partition is
    # moved where it was read: they are alike, and sending one costs more than waiting.
    memory = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), KEPT_BYTES)
    spawned = {**dask.config.get("distributed.nanny.pre-spawn-environ"), **memory}
    with (
        dask.config.set(
            {
                "distributed.worker.profile.enabled": False,
                "distributed.scheduler.work-stealing": False,
                "distributed.nanny.pre-spawn-environ": spawned,
            }
        ),
        LocalCluster(**options) as here,  # type: ignore[no-untyped-call]
        Client(here) as client,  # type: ignore[no-untyped-call]
    ):
        yield client


@dataclass(frozen=True, slots=True)
class Part:
    """What one partition adds: its sums, what it covers of the targets it meets, its exposed boxes."""

    sums: Sums
    covered: pd.Series[float]
    exposed: Floats


def _interpolate(
    source: dask_geopandas.GeoDataFrame,
    target: gpd.GeoDataFrame,
    weights: dask_geopandas.GeoDataFrame | None,
    weight: str | None,
    plan: Plan,
    label: str | None,
) -> Interpolation:
    require_area_crs(*(frame for frame in (source, target, weights) if frame is not None))
    require_labels(target, "target")
    require_shapes(target, "target")
    pieces = source.to_delayed()
    sent = _send(target[[target.geometry.name]])
    blocks = _nearby(source, weights, len(pieces))
    # What lies along the seams stays with the workers, so that no partition is read twice.
    moved = persist(  # type: ignore[no-untyped-call]
        *(
            delayed(_to_part, nout=2)(piece, sent, others, elsewhere, weight, plan, label)
            for piece, others, elsewhere in zip(pieces, blocks, _elsewhere(source), strict=True)
        )
    )
    parts: list[Part] = _gather(part for part, _ in moved)
    patches = _gather(
        delayed(to_patches)(exposed, sent, foreign)
        for (_, exposed), foreign in zip(moved, foreign_boxes([part.exposed for part in parts]), strict=True)
        if len(foreign)
    )
    coverage = add_coverage([part.covered for part in parts], patches, target)
    values = to_values(_add_sums(parts, target.index), plan).assign(coverage=coverage)
    return Interpolation(values, _add_lines([part.sums.lines for part in parts], plan))


def _gather(tasks: Iterable[Any]) -> list[Any]:
    """Compute, on the workers where there are any."""
    return list(compute(*tasks))  # type: ignore[no-untyped-call]


def _send(target: gpd.GeoDataFrame) -> Any:
    """Send the targets to every worker, where there are any: each partition picks those that it meets."""
    client = _client()
    return delayed(target, traverse=False) if client is None else client.scatter(target, broadcast=True)


def _client() -> Any:
    """Return the client of the cluster in use, or None."""
    try:
        return default_client()  # type: ignore[no-untyped-call]
    except ValueError:
        return None


def _nearby(
    source: dask_geopandas.GeoDataFrame, weights: dask_geopandas.GeoDataFrame | None, count: int
) -> list[list[Any] | None]:
    """List for each partition of the source the partitions of the weights that it may meet."""
    if weights is None:
        return [None] * count
    pieces = weights.to_delayed()
    if source.spatial_partitions is None or weights.spatial_partitions is None:
        return [pieces] * count
    tree = shapely.STRtree(weights.spatial_partitions.envelope.to_numpy())
    return [
        [pieces[k] for k in sorted(tree.query(region))]
        for region in source.spatial_partitions.envelope.to_numpy()
    ]


def _elsewhere(source: dask_geopandas.GeoDataFrame) -> list[Floats | None]:
    """List for each partition the boxes of the others; None where they are not known."""
    if source.spatial_partitions is None:
        return [None] * source.npartitions
    boxes = shapely.bounds(source.spatial_partitions.to_numpy())
    return [np.delete(boxes, place, axis=0) for place in range(len(boxes))]


def _meeting(frame: gpd.GeoDataFrame, bounds: Floats) -> gpd.GeoDataFrame:
    """Return the rows whose boxes meet the bounds."""
    west, south, east, north = bounds
    low_x, low_y, high_x, high_y = shapely.bounds(to_shapes(frame)).T
    meets = (low_x <= east) & (high_x >= west) & (low_y <= north) & (high_y >= south)
    met: gpd.GeoDataFrame = frame.loc[meets]
    return met


def _to_part(
    source: gpd.GeoDataFrame,
    target: gpd.GeoDataFrame,
    weights: list[gpd.GeoDataFrame] | None,
    elsewhere: Floats | None,
    weight: str | None,
    plan: Plan,
    label: str | None,
) -> tuple[Part, gpd.GeoSeries]:
    """Move one partition, on one core; and keep its exposed units."""
    source = source if label is None else source.set_index(label)
    bounds = source.total_bounds
    target = _meeting(target, bounds)
    blocks = (
        None
        if weights is None
        else pd.concat([_meeting(some, bounds) for some in weights], ignore_index=True)
    )
    shares = to_shares(source, target, blocks, weight, threads=1)
    exposed = exposed_units(shares, source, elsewhere)
    part = Part(
        sums=sum_up(shares, source, target.index, plan),
        covered=pd.Series(shares.target_covered, index=target.index),
        exposed=exposed.bounds.to_numpy(),
    )
    return part, exposed


def _add_sums(parts: Sequence[Part], targets: pd.Index[Any]) -> pd.DataFrame:
    """Add the sums of all partitions; what is missing in one stays missing."""
    columns = parts[0].sums.by_target.columns
    total = np.zeros((len(targets), len(columns)))
    for part in parts:
        total[targets.get_indexer(part.sums.by_target.index)] += part.sums.by_target.to_numpy(float)
    return pd.DataFrame(total, index=targets, columns=columns)


def _add_lines(ledgers: Sequence[pd.DataFrame], plan: Plan) -> pd.DataFrame:
    """Add the ledgers of all partitions, line by line."""
    lines = {
        name: {column: sum(ledger[column][name] for ledger in ledgers) for column in AMOUNTS}
        | {column: list(chain.from_iterable(ledger[column][name] for ledger in ledgers)) for column in UNITS}
        for name in plan.variables
    }
    total = pd.DataFrame.from_dict(lines, orient="index", columns=list(LEDGER_COLUMNS))
    return total.rename_axis("variable")
