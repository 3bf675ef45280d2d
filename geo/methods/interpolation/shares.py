"""Which share of each source unit's quantity lies in which target: a crosswalk.

By area, or by where weights lie within the source unit (dasymetric): blocks, block groups or points
with their population or households.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.errors import SchemaError, first_ids
from geo.language import gettext as _
from geo.methods.interpolation.intersections import Floats, Geometries, Ints
from geo.methods.interpolation.overlay import (
    POINTS,
    POLYGONAL,
    ROUNDING,
    Layer,
    Overlay,
    covered_area,
    flip,
    intersections,
    overlay,
    require_area_crs,
    require_labels,
    require_shapes,
    sum_by,
    to_layer,
    to_shapes,
)
from geo.methods.margins import to_floats

COLUMNS = (
    "source",
    "target",
    "area_m2",
    "weight",
    "share_of_source",
    "share_of_target",
    "source_covered",
    "target_covered",
)
"""What a crosswalk's table holds: see :func:`crosswalk`."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of source units that lie in targets, by position in the two layers.

    ``source``, ``target``, ``area``, ``weight`` and ``share`` are parallel, one entry a pair;
    ``source_size`` and ``source_covered`` stand by source unit, ``target_size`` and ``target_covered``
    by target. The size of a source unit is its weight, of a target its area.
    """

    source: Ints
    target: Ints
    area: Floats
    weight: Floats
    share: Floats
    source_size: Floats
    source_covered: Floats
    target_size: Floats
    target_covered: Floats


@dataclass(frozen=True, slots=True)
class _Located:
    """How much weight of each source unit lies in each target, and in any of them."""

    source: Ints
    target: Ints
    weight: Floats
    size: Floats
    covered: Floats


def crosswalk(
    source: gpd.GeoDataFrame,
    target: gpd.GeoDataFrame,
    weights: gpd.GeoDataFrame | None = None,
    *,
    weight: str | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Say which share of each source unit lies in which target, as a tidy table to reuse.

    Areas are taken in the frames' own CRS, a projected one. A pair that only touches is left out. See
    :func:`geo.methods.interpolation.interpolate_weighted` for how weights are placed, and
    :func:`geo.methods.interpolation.apply_crosswalk` for the use of the table.

    Parameters
    ----------
    source, target
        Polygons, each row under its own label.
    weights
        Polygons or points that carry a weight; without them, shares are shares of area.
    weight
        The column of ``weights``; may be left out where there is only one column of numbers.
    threads
        How many to use; as many as there are cores where it is left out.

    Returns
    -------
    pandas.DataFrame
        One row a pair: ``source`` and ``target`` (labels), ``area_m2`` they have in common, ``weight``
        in common (the area, without weights), ``share_of_source`` (of its quantity, 0 to 1),
        ``share_of_target`` (of its area, 0 to 1), ``source_covered`` (share of the source unit's
        quantity that any target receives, overlaps counted once) and ``target_covered`` (share of the
        target's area that any source unit covers).

    Raises
    ------
    CRSError, GeometryError, SchemaError
        As in :func:`geo.methods.interpolation.interpolate_areal`.

    Examples
    --------
    >>> tracts = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 4, 4)], index=["a"], crs="EPSG:3310")
    >>> towns = gpd.GeoDataFrame(geometry=[shapely.box(3, 0, 5, 4)], index=["t"], crs="EPSG:3310")
    >>> crosswalk(tracts, towns).iloc[0].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'source': 'a', 'target': 't', 'area_m2': 4.0, 'weight': 4.0, 'share_of_source': 0.25,
     'share_of_target': 0.5, 'source_covered': 0.25, 'target_covered': 0.5}
    """
    shares = to_shares(source, target, weights, weight, threads)
    i, j = shares.source, shares.target
    values = (
        source.index.take(i),
        target.index.take(j),
        shares.area * _square_meters(source),
        shares.weight if weights is not None else shares.area * _square_meters(source),
        shares.share,
        shares.area / shares.target_size[j],
        shares.source_covered[i],
        shares.target_covered[j],
    )
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def to_shares(
    source: gpd.GeoDataFrame,
    target: gpd.GeoDataFrame,
    weights: gpd.GeoDataFrame | None = None,
    weight: str | None = None,
    threads: int | None = None,
) -> Shares:
    """Check the frames and compute the shares, by area or by weight."""
    frames = [source, target] if weights is None else [source, target, weights]
    require_area_crs(*frames)
    for frame, name in ((source, "source"), (target, "target")):
        require_labels(frame, name)
        require_shapes(frame, name, threads=threads)
    if weights is None:
        return areal_shares(to_layer(to_shapes(source)), to_layer(to_shapes(target)), threads)
    require_shapes(weights, "weights", (*POLYGONAL, *POINTS), threads)
    loads = _read_loads(weights, weight)
    layers = to_layer(to_shapes(source)), to_layer(to_shapes(target))
    return weighted_shares(*layers, to_shapes(weights), loads, threads)


def areal_shares(source: Layer, target: Layer, threads: int | None = None) -> Shares:
    """Shares of area: area in common / area of the source unit."""
    pairs = overlay(source, target, threads)
    return Shares(
        source=pairs.left,
        target=pairs.right,
        area=pairs.area,
        weight=pairs.area,
        share=pairs.area / source.area[pairs.left],
        source_size=source.area,
        source_covered=covered_area(pairs, source, target, threads) / source.area,
        target_size=target.area,
        target_covered=covered_area(flip(pairs), target, source, threads) / target.area,
    )


def weighted_shares(
    source: Layer, target: Layer, shapes: Geometries, loads: Floats, threads: int | None = None
) -> Shares:
    """Shares of weight: weight in common / weight in the source unit; of area where it has none."""
    areal = areal_shares(source, target, threads)
    is_point = np.isin(shapely.get_type_id(shapes), POINTS)
    points = _locate_points(source, target, shapes[is_point], loads[is_point])
    polygons = _locate_polygons(source, target, shapes[~is_point], loads[~is_point], threads)
    size = points.size + polygons.size
    pairs = _merge(areal, [points, polygons])
    i = pairs["source"].to_numpy()
    has_weight = size > 0
    divisor = np.where(has_weight, size, 1.0)
    return Shares(
        source=i,
        target=pairs["target"].to_numpy(),
        area=pairs["area"].to_numpy(),
        weight=pairs["weight"].to_numpy(),
        share=np.where(has_weight[i], pairs["weight"].to_numpy() / divisor[i], pairs["share"].to_numpy()),
        source_size=size,
        source_covered=np.where(
            has_weight, _snapped((points.covered + polygons.covered) / divisor), areal.source_covered
        ),
        target_size=areal.target_size,
        target_covered=areal.target_covered,
    )


def _read_loads(weights: gpd.GeoDataFrame, weight: str | None) -> Floats:
    """Return the weights as numbers: none missing, none negative."""
    name = weight or _only_number_column(weights)
    if name not in weights.columns:
        raise SchemaError(
            _("the weights have no column {name!r}").format(name=name),
            _("choose one of {choices}").format(choices=list(weights.columns)),
        )
    loads = to_floats(weights[name])
    for fault, is_faulty in ((_("missing"), ~np.isfinite(loads)), (_("negative"), loads < 0)):
        if is_faulty.any():
            ids = weights.index[is_faulty]
            raise SchemaError(
                _("{count} weights ({name}) are {fault} ({names})").format(
                    count=len(ids), name=name, fault=fault, names=first_ids(ids)
                ),
                _("leave these units out, or fill in what is known"),
            )
    return loads


def _only_number_column(weights: gpd.GeoDataFrame) -> str:
    names = list(weights.select_dtypes("number").columns)
    if len(names) != 1:
        raise SchemaError(
            _("the weights have {count} columns of numbers ({names})").format(
                count=len(names), names=first_ids(names)
            ),
            _("name the one to use with weight="),
        )
    return str(names[0])


def _locate_polygons(
    source: Layer, target: Layer, shapes: Geometries, loads: Floats, threads: int | None
) -> _Located:
    """Split each weight by area among the source units it lies in, and each part among the targets."""
    weights = to_layer(shapes)
    inside = overlay(weights, source, threads)
    cut = _parts(inside, weights, source, threads)
    # A hair that two outlines share can be measured and yet be too thin to be cut out.
    solid = np.flatnonzero(shapely.area(cut) > 0)
    inside = Overlay(inside.left[solid], inside.right[solid], inside.area[solid])
    load = loads[inside.left] * inside.area / weights.area[inside.left]
    parts = to_layer(cut[solid])
    pairs = overlay(parts, target, threads)
    covered = covered_area(pairs, parts, target, threads) / parts.area
    count = len(source.area)
    return _Located(
        source=inside.right[pairs.left],
        target=pairs.right,
        weight=load[pairs.left] * pairs.area / parts.area[pairs.left],
        size=sum_by(inside.right, load, count),
        covered=sum_by(inside.right, load * covered, count),
    )


def _parts(inside: Overlay, weights: Layer, source: Layer, threads: int | None) -> Geometries:
    """Cut out the part of each weight that lies in each source unit."""
    parts = weights.polygons[inside.left]
    split = np.flatnonzero(inside.area < weights.area[inside.left])
    parts[split] = intersections(parts[split], source.polygons[inside.right[split]], threads)
    return parts


def _locate_points(source: Layer, target: Layer, points: Geometries, loads: Floats) -> _Located:
    """Give each point to the source unit and to the targets that it lies in."""
    of_source, of_target = _holders(points, source), _holders(points, target)
    of_source["load"] = loads[of_source["point"].to_numpy()] * of_source["part"]
    both = of_source.merge(of_target, on="point", suffixes=("_source", "_target"))
    is_covered = of_source["point"].isin(of_target["point"]).to_numpy()
    holder, load = of_source["holder"].to_numpy(), of_source["load"].to_numpy()
    count = len(source.area)
    return _Located(
        source=both["holder_source"].to_numpy(),
        target=both["holder_target"].to_numpy(),
        weight=(both["load"] * both["part_target"]).to_numpy(),
        size=sum_by(holder, load, count),
        covered=sum_by(holder, load * is_covered, count),
    )


def _holders(points: Geometries, layer: Layer) -> pd.DataFrame:
    """Whom each point belongs to: those it lies inside of, or else those on whose edge it lies, equally."""
    tree = shapely.STRtree(points)
    touched = pd.DataFrame(tree.query(layer.polygons, predicate="intersects").T, columns=["holder", "point"])
    inner = pd.DataFrame(
        tree.query(layer.polygons, predicate="contains_properly").T, columns=["holder", "point"]
    )
    edge = touched[~touched["point"].isin(inner["point"])]
    edge = edge.assign(part=1.0 / edge.groupby("point")["holder"].transform("size"))
    return pd.concat([inner.assign(part=1.0), edge], ignore_index=True)


def _merge(areal: Shares, located: list[_Located]) -> pd.DataFrame:
    """Pairs that meet by area or by weight, with area, share of area and weight; 0 where one has none."""
    tables: list[dict[str, Any]] = [
        {"source": areal.source, "target": areal.target, "area": areal.area, "share": areal.share},
        *({"source": some.source, "target": some.target, "weight": some.weight} for some in located),
    ]
    pairs = pd.concat([pd.DataFrame(table) for table in tables], ignore_index=True)
    return pairs.groupby(["source", "target"], sort=True).sum().reset_index()


def _snapped(share: Floats) -> Floats:
    return np.where(np.abs(share - 1.0) <= ROUNDING, 1.0, np.minimum(share, 1.0))


def _square_meters(frame: gpd.GeoDataFrame) -> float:
    """How many square meters the square of the CRS's unit is."""
    return float(CRS(frame.crs).axis_info[0].unit_conversion_factor) ** 2
