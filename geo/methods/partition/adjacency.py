"""Which units are neighbors: those that share an edge that no barrier closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from geo.crs import require_crs, require_projected
from geo.errors import GeometryError, first_ids
from geo.language import gettext as _

# A barrier within this share of a unit's side (at most 1 m) of an edge lies on that edge.
REACH_SHARE = 0.02
REACH_MOST_M = 1.0
LINES = ("LineString", "MultiLineString", "LinearRing")
POINTS = ("Point", "MultiPoint")


def split_barriers(barriers: gpd.GeoDataFrame) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Tell the lines of ``barriers`` from its crossings (points).

    Raises
    ------
    GeometryError
        A geometry is missing, or neither line nor point.

    Examples
    --------
    >>> from shapely.geometry import LineString, Point
    >>> canal = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (9, 0)]), Point(4, 0)], crs="EPSG:3310")
    >>> [len(part) for part in split_barriers(canal)]
    [1, 1]
    """
    kinds = barriers.geom_type
    other = ~kinds.isin(LINES + POINTS) | barriers.geometry.is_empty
    if other.any():
        fault = _("{count} barriers are neither line nor point: {names}").format(
            count=int(other.sum()), names=first_ids(barriers.index[other])
        )
        raise GeometryError(fault, _("give lines, and points where they can be crossed"))
    shapes = gpd.GeoSeries(barriers.geometry)
    return gpd.GeoSeries(shapes[kinds.isin(LINES)]), gpd.GeoSeries(shapes[kinds.isin(POINTS)])


def open_edges(edges: gpd.GeoSeries, barriers: gpd.GeoDataFrame, side_m: float) -> npt.NDArray[np.bool_]:
    """Tell which common edges can be crossed on foot.

    An edge is closed if no more of it than the reach lies farther from every barrier line than the
    reach, and no crossing lies within the reach of the edge. The reach is 2 % of ``side_m``, the
    side of a typical unit, and at most 1 m.

    Raises
    ------
    CRSError
        ``barriers`` is in another CRS than ``edges``.
    GeometryError
        ``barriers`` holds something else than lines and points.

    Examples
    --------
    >>> from shapely.geometry import LineString, Point
    >>> edge = gpd.GeoSeries([LineString([(0, 0), (100, 0)])], crs="EPSG:3310")
    >>> canal = gpd.GeoDataFrame(geometry=[LineString([(-9, 0), (200, 0)])], crs="EPSG:3310")
    >>> open_edges(edge, canal, side_m=100.0).tolist()
    [False]
    """
    require_crs(barriers, edges.crs.to_string() if edges.crs else "")
    walls = barrier_band(barriers, side_m)
    is_open = np.ones(len(edges), dtype=bool)
    if walls is None or not len(edges):
        return is_open
    band, points, reach = walls
    shapes = np.asarray(edges.array, dtype=object)
    near = shapely.STRtree(shapes).query(band, predicate="intersects")
    uncovered = shapely.length(shapely.difference(shapes[near], band))
    is_open[near] = uncovered > np.minimum(reach, 0.5 * shapely.length(shapes[near]))
    return np.asarray(is_open | shapely.dwithin(shapes, points, reach), dtype=bool)


def barrier_band(
    barriers: gpd.GeoDataFrame | None, side_m: float
) -> tuple[shapely.Geometry, shapely.Geometry, float] | None:
    """All within the reach of a barrier line, all crossings, and the reach in m; None without lines.

    Raises
    ------
    GeometryError
        ``barriers`` holds something else than lines and points.

    Examples
    --------
    >>> barrier_band(None, 100.0) is None
    True
    """
    if barriers is None or barriers.empty:
        return None
    lines, crossings = split_barriers(barriers)
    reach = min(REACH_SHARE * side_m, REACH_MOST_M)
    band = shapely.union_all(shapely.buffer(np.asarray(lines.array, dtype=object), reach))
    points = shapely.union_all(np.asarray(crossings.array, dtype=object))
    return (band, points, reach) if len(lines) else None


Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Coordinates that differ by less than this share of a typical unit's side are the same point.
SNAP_SHARE = 1e-5


@dataclass(frozen=True)
class Adjacency:
    """Pairs of units that share an edge, by position in the frame.

    Attributes
    ----------
    first, second
        Positions of the two units of a pair, ``first < second``.
    shared_m
        Length of the common edge in m; 0 for a link over a gap.
    passable
        False where a barrier without a crossing lies along the whole edge.
    perimeter_m, area_m2
        Of every unit, in m and m2.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> row = gpd.GeoDataFrame(geometry=[box(x, 0, x + 1, 1) for x in (0, 1, 5)], crs="EPSG:3310")
    >>> found = build_adjacency(row)
    >>> found.size, found.pieces().tolist(), found.subset([1, 0]).neighbors
    (3, [0, 0, 1], ((1,), (0,)))
    """

    first: Ints
    second: Ints
    shared_m: Floats
    passable: npt.NDArray[np.bool_]
    perimeter_m: Floats
    area_m2: Floats

    @property
    def size(self) -> int:
        """How many units there are."""
        return len(self.area_m2)

    @cached_property
    def neighbors(self) -> tuple[tuple[int, ...], ...]:
        """Of every unit, those that one can walk to, in rising order."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for one, other in zip(
            self.first[self.passable].tolist(), self.second[self.passable].tolist(), strict=True
        ):
            found[one].append(other)
            found[other].append(one)
        return tuple(tuple(sorted(members)) for members in found)

    def pieces(self) -> Ints:
        """Say in which connected piece every unit lies; pieces count from 0."""
        return np.asarray(connected_components(self.matrix(), directed=False)[1], dtype=np.int64)

    def matrix(self) -> csr_array:
        """Passable pairs as a sparse matrix of ones, each pair once."""
        ones = np.ones(int(self.passable.sum()))
        pairs = (self.first[self.passable], self.second[self.passable])
        return coo_array((ones, pairs), shape=(self.size, self.size)).tocsr()

    def subset(self, units: Sequence[int] | Ints) -> Adjacency:
        """Adjacency among ``units`` alone, renumbered in their order; edges to others count as outer edge."""
        place = np.full(self.size, -1, dtype=np.int64)
        place[np.asarray(units)] = np.arange(len(units))
        first, second = place[self.first], place[self.second]
        inside = (first >= 0) & (second >= 0)
        low, high = np.minimum(first, second)[inside], np.maximum(first, second)[inside]
        perimeter, area = self.perimeter_m[np.asarray(units)], self.area_m2[np.asarray(units)]
        return Adjacency(low, high, self.shared_m[inside], self.passable[inside], perimeter, area)


def build_adjacency(units: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame | None = None) -> Adjacency:
    """Find the pairs of units that share an edge; a common corner makes no neighbors.

    A pair whose common edge is covered by a barrier is kept, with its length, but is not passable
    unless a crossing lies on that edge. Vertices need not match: edges are compared after rounding
    to a hundred-thousandth of the side of a typical unit (1 mm for blocks of 100 m).

    Parameters
    ----------
    units
        Polygons in a projected CRS (m); their order gives the positions.
    barriers
        Lines, and points where they may be crossed, in the CRS of ``units``.

    Raises
    ------
    CRSError
        The CRS is not projected, or that of ``barriers`` differs.
    GeometryError
        ``barriers`` holds something else than lines and points.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> squares = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2)]
    >>> grid = build_adjacency(gpd.GeoDataFrame(geometry=squares, crs="EPSG:3310"))
    >>> grid.neighbors
    ((1,), (0, 2), (1,))
    """
    require_projected(units)
    shapes = np.asarray(units.geometry.array, dtype=object)
    area, perimeter = shapely.area(shapes), shapely.length(shapes)
    side = float(np.sqrt(np.median(area))) if len(area) else 1.0
    first, second, edges = _common_edges(shapes, side * SNAP_SHARE)
    passable = np.ones(len(first), dtype=bool)
    if barriers is not None and len(barriers):
        passable = open_edges(gpd.GeoSeries(edges, crs=units.crs), barriers, side)
    return Adjacency(first, second, shapely.length(edges), passable, perimeter, area)


def _common_edges(shapes: npt.NDArray[np.object_], snap: float) -> tuple[Ints, Ints, npt.NDArray[np.object_]]:
    """Positions and common edge of every pair of shapes whose edge is longer than the rounding."""
    found = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=snap)
    pairs = found[:, found[0] < found[1]]
    pairs = pairs[:, np.lexsort((pairs[1], pairs[0]))]
    rings = shapely.boundary(shapes)
    edges = shapely.intersection(rings[pairs[0]], rings[pairs[1]], grid_size=snap)
    real = shapely.length(edges) > 10 * snap
    return pairs[0][real].astype(np.int64), pairs[1][real].astype(np.int64), edges[real]


def connected(neighbors: Sequence[Sequence[int]], members: set[int]) -> bool:
    """Whether ``members`` hang together; nobody does, and so does one alone.

    Examples
    --------
    >>> connected([(1,), (0, 2), (1,)], {0, 2})
    False
    """
    if not members:
        return True
    stack = [next(iter(members))]
    left = members - set(stack)
    while stack:
        reached = left.intersection(neighbors[stack.pop()])
        left -= reached
        stack.extend(reached)
    return not left
