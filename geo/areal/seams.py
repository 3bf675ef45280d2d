"""Coverage where the partitions of a source meet: overlaps across a seam are counted once.

Each partition knows how much of a target it covers. Added up, that is too much where source units of two
partitions overlap inside the target. Such units are rare and lie along the seams, so boxes are compared
first, and only units whose boxes overlap one of another partition are united.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areal.boxes import meeting_boxes
from geo.areal.overlay import ROUNDING, overlay, to_layer, to_shapes
from geo.areal.shares import Shares
from geo.areal.trapezoids import Floats


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
