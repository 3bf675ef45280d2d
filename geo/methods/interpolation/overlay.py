"""Which polygons of one layer meet which of another, and in how much area.

The ground under :mod:`geo.methods.interpolation`: it refuses what has no defined area, finds the pairs, and
says how much of each polygon the other layer covers when what overlaps is counted once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import require_projected
from geo.errors import CRSError, GeometryError, SchemaError, first_ids
from geo.language import gettext as _
from geo.methods.interpolation.intersections import (
    Edges,
    Floats,
    Geometries,
    Ints,
    common_areas,
    meeting_boxes,
    to_edges,
)
from geo.methods.parallel import in_chunks

ROUNDING = 1e-11
"""Share of a polygon's area below which a difference is rounding of coordinates."""

MERCATOR = frozenset(
    {"Popular Visualisation Pseudo Mercator", "Mercator (variant A)", "Mercator (variant B)"}
)
POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
POINTS = (shapely.GeometryType.POINT,)


@dataclass(frozen=True, slots=True)
class Layer:
    """Checked polygons, their edges and areas (square of the CRS's unit)."""

    polygons: Geometries
    edges: Edges
    area: Floats


@dataclass(frozen=True, slots=True)
class Overlay:
    """Pairs of polygons with an area in common, ordered by the left one, then by the right one.

    ``left`` and ``right`` are positions in the two layers; a pair that is one polygon wholly inside the
    other has exactly that polygon's area.
    """

    left: Ints
    right: Ints
    area: Floats


def require_area_crs(*frames: gpd.GeoDataFrame) -> None:
    """Raise unless all frames share one projected CRS whose areas mean something.

    An equal-area CRS is expected (EPSG:3310 in California, EPSG:5070 in the nation). Other projected
    CRSs of a small area, such as UTM, pass; Mercator's, which swell with latitude, do not.

    Raises
    ------
    CRSError
        No CRS, a geographic one, a Mercator, or two different ones.

    Examples
    --------
    >>> require_area_crs(gpd.GeoDataFrame(geometry=[], crs="EPSG:3310"))
    """
    for frame in frames:
        require_projected(frame)
        crs = CRS(frame.crs)
        if crs.coordinate_operation and crs.coordinate_operation.method_name in MERCATOR:
            raise CRSError(
                _("areas in {crs} swell with latitude").format(crs=crs.name),
                _("use to_crs('EPSG:3310'), say"),
            )
    first = frames[0].crs
    for frame in frames[1:]:
        if CRS(frame.crs) != CRS(first):
            raise CRSError(
                _("one frame is in {one}, another in {other}").format(
                    one=CRS(frame.crs).to_string(), other=CRS(first).to_string()
                ),
                _("bring both into one equal-area CRS with to_crs"),
            )


def require_labels(frame: gpd.GeoDataFrame, name: str) -> None:
    """Raise unless every row has its own label.

    Raises
    ------
    SchemaError
        Labels of the index stand more than once.

    Examples
    --------
    >>> require_labels(gpd.GeoDataFrame(geometry=[None, None], index=["a", "b"]), "source")
    """
    if not frame.index.is_unique:
        doubled = frame.index[frame.index.duplicated()].unique()
        raise SchemaError(
            _("{count} labels of the {name}'s index stand more than once ({names})").format(
                count=len(doubled), name=name, names=first_ids(doubled)
            ),
            _("give every unit its own, or dissolve by it"),
        )


def require_shapes(
    frame: gpd.GeoDataFrame,
    name: str,
    kinds: tuple[shapely.GeometryType, ...] = POLYGONAL,
    threads: int | None = None,
) -> None:
    """Raise unless every row has a valid geometry of the right kind.

    Raises
    ------
    GeometryError
        Geometries are missing or empty, of another kind, or invalid.

    Examples
    --------
    >>> tied = shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))")
    >>> require_shapes(gpd.GeoDataFrame(geometry=[tied], index=["06065"]), "source")
    Traceback (most recent call last):
    geo.errors.GeometryError: 1 geometries of the source are invalid (06065): mend them with make_valid
    """
    shapes = to_shapes(frame)
    kind_names = _(" or ").join(kind.name.lower() for kind in kinds)
    faults: tuple[tuple[str, str, Callable[[], NDArray[np.bool_]]], ...] = (
        (_("missing or empty"), _("leave these rows out"), lambda: _is_blank(shapes)),
        (
            _("no {kinds}").format(kinds=kind_names),
            _("choose another layer"),
            lambda: ~np.isin(shapely.get_type_id(shapes), kinds),
        ),
        (
            _("invalid"),
            _("mend them with make_valid"),
            lambda: ~in_chunks(shapely.is_valid, shapes, threads=threads),
        ),
    )
    for fault, remedy, find in faults:
        is_faulty = find()
        if is_faulty.any():
            ids = frame.index[is_faulty]
            raise GeometryError(
                _("{count} geometries of the {name} are {fault} ({names})").format(
                    count=len(ids), name=name, fault=fault, names=first_ids(ids)
                ),
                remedy,
            )


def to_shapes(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> Geometries:
    """Return a frame's (or series') geometries as a plain array."""
    return np.asarray(frame.geometry.array, dtype=object)


def to_layer(polygons: Geometries) -> Layer:
    """Take checked polygons apart once, for every overlay that they take part in."""
    return Layer(polygons, to_edges(polygons), shapely.area(polygons))


def overlay(left: Layer, right: Layer, threads: int | None = None) -> Overlay:
    """Find every pair of polygons with an area in common, and that area.

    Polygons that only touch are no pair. What differs by less than :data:`ROUNDING` of the smaller
    polygon counts as touching, or as wholly inside.

    Examples
    --------
    >>> squares = to_layer(np.array([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)]))
    >>> pairs = overlay(squares, to_layer(np.array([shapely.box(1, 0, 9, 2)])))
    >>> pairs.left.tolist(), pairs.area.tolist()
    ([0, 1], [2.0, 4.0])
    """
    i, j = meeting_boxes(left.edges.bounds, right.edges.bounds, threads)
    area = in_chunks(lambda a, b: common_areas(left.edges, right.edges, a, b), i, j, threads=threads)
    smaller = np.minimum(left.area[i], right.area[j])
    keep = area > ROUNDING * smaller
    i, j, area = i[keep], j[keep], area[keep]
    for whole in (right.area[j], left.area[i]):
        area = np.where(np.abs(area - whole) <= ROUNDING * whole, whole, area)
    return Overlay(i, j, area)


def flip(pairs: Overlay) -> Overlay:
    """Exchange left and right."""
    order = np.lexsort((pairs.left, pairs.right))
    return Overlay(pairs.right[order], pairs.left[order], pairs.area[order])


def covered_area(pairs: Overlay, left: Layer, right: Layer, threads: int | None = None) -> Floats:
    """Area of each left polygon that lies in any right polygon, overlaps of these counted once.

    Examples
    --------
    >>> left = to_layer(np.array([shapely.box(0, 0, 10, 1)]))
    >>> right = to_layer(np.array([shapely.box(0, 0, 4, 1), shapely.box(3, 0, 5, 1)]))
    >>> covered_area(overlay(left, right), left, right).tolist()
    [5.0]
    """
    total = sum_by(pairs.left, pairs.area, len(left.area))
    once = total - _repeated_area(pairs, left, right, threads)
    covered = np.minimum(once, left.area)
    return np.where(left.area - covered <= ROUNDING * left.area, left.area, covered)


def intersections(first: Geometries, second: Geometries, threads: int | None = None) -> Geometries:
    """Intersect pair by pair, and keep what has an area."""
    pieces: Geometries = in_chunks(shapely.intersection, first, second, threads=threads)
    mixed = np.flatnonzero(shapely.get_type_id(pieces) == shapely.GeometryType.GEOMETRYCOLLECTION)
    for k in mixed:
        parts = shapely.get_parts(pieces[k])
        pieces[k] = shapely.union_all(parts[np.isin(shapely.get_type_id(parts), POLYGONAL)])
    return pieces


def sum_by(positions: Ints, numbers: Floats, count: int) -> Floats:
    """Sum numbers that stand under the same position, of ``count`` positions.

    Examples
    --------
    >>> sum_by(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [1.0, 0.0, 5.0]
    """
    return np.bincount(positions.astype(np.int64), numbers, minlength=count).astype(float)


def _is_blank(shapes: Geometries) -> NDArray[np.bool_]:
    return shapely.is_missing(shapes) | shapely.is_empty(shapes)


def _overlapping(layer: Layer, scale: Floats, threads: int | None) -> tuple[Ints, Ints]:
    """Pairs of one layer's polygons with an area in common, of more than rounding of their scales."""
    i, j = meeting_boxes(layer.edges.bounds, layer.edges.bounds, threads)
    i, j = i[i < j], j[i < j]
    area = in_chunks(lambda a, b: common_areas(layer.edges, layer.edges, a, b), i, j, threads=threads)
    repeated = area > ROUNDING * np.minimum(scale[i], scale[j])
    return i[repeated], j[repeated]


def _repeated_area(pairs: Overlay, left: Layer, right: Layer, threads: int | None) -> Floats:
    """By how much the parts of each left polygon in right ones exceed their union.

    Where no more than two of the right ones overlap in a place, that is the area in their intersections;
    else the union is built.
    """
    i, j = _overlapping(right, right.area, threads)
    if not len(i):
        return np.zeros(len(left.area))
    shapes = intersections(right.polygons[i], right.polygons[j], threads)
    solid = shapely.area(shapes) > 0
    twice, scale = to_layer(shapes[solid]), np.minimum(right.area[i], right.area[j])[solid]
    meeting = overlay(left, twice, threads)
    repeated = sum_by(meeting.left, meeting.area, len(left.area))
    thrice = np.concatenate(_overlapping(twice, scale, threads))
    deep = np.unique(meeting.left[np.isin(meeting.right, thrice)])
    rows = np.isin(pairs.left, deep) & np.isin(pairs.right, np.concatenate([i, j]))
    repeated[np.unique(pairs.left[rows])] = _excess_over_union(
        pairs.left[rows], pairs.right[rows], left, right, threads
    )
    return repeated


def _excess_over_union(i: Ints, j: Ints, left: Layer, right: Layer, threads: int | None) -> Floats:
    """Compare the parts of each left polygon in right ones with their union, which is built."""
    parts = intersections(left.polygons[i], right.polygons[j], threads)
    groups = np.split(parts, np.flatnonzero(np.diff(i)) + 1) if len(i) else []
    return np.array([shapely.area(group).sum() - shapely.area(shapely.union_all(group)) for group in groups])
