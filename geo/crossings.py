"""Where one can walk across a barrier: a street that is on both sides of it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import require_crs, require_projected

REACH_M = 15.0
ON_A_SIDE_M = REACH_M / 2
SAME_PLACE_M = 1.0
Shapes = npt.NDArray[np.object_]


def find_crossings(barriers: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Find the points where streets cross barriers, by bridge, underpass or at grade.

    A street crosses where it meets the barrier and goes on for at least 7.5 m on two sides of it, within
    15 m; a street that ends at the barrier does not cross. Two streets that meet on the barrier from
    opposite sides make a crossing. A street that runs along a barrier crosses where it leaves it.

    Parameters
    ----------
    barriers
        Lines with ``barrier_class`` and ``name``, in a projected CRS (m).
    streets
        Lines that people may walk on, with ``name``, in the same CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in the same CRS with the barrier's ``barrier_class`` and the street's ``name``; one for
        each place and class.

    Raises
    ------
    CRSError
        The CRS is geographic, or the two differ.

    Examples
    --------
    >>> from shapely.geometry import LineString
    >>> canal = {"barrier_class": ["canal"], "name": ["Main"], "geometry": [LineString([(0, 0), (99, 0)])]}
    >>> ways = [LineString([(20, -50), (20, 50)]), LineString([(60, 0), (60, 50)])]
    >>> streets = gpd.GeoDataFrame({"name": ["Bridge St", "Dead End"]}, geometry=ways, crs="EPSG:3310")
    >>> find_crossings(gpd.GeoDataFrame(canal, crs="EPSG:3310"), streets)["name"].tolist()
    ['Bridge St']
    """
    require_projected(barriers)
    assert barriers.crs is not None
    require_crs(streets, barriers.crs.to_string())
    kinds = sorted(barriers["barrier_class"].unique())
    found = [_crossings_of(kind, barriers[barriers["barrier_class"] == kind], streets) for kind in kinds]
    rows = [row for part in found for row in part]
    frame = gpd.GeoDataFrame(rows, columns=["barrier_class", "name", "geometry"], crs=barriers.crs)
    places = np.round(shapely.get_coordinates(frame.geometry.to_numpy()) / SAME_PLACE_M)
    place = [f"{x:.0f} {y:.0f}" for x, y in places]
    return frame[~frame.assign(place=place).duplicated(["barrier_class", "place"])].reset_index(drop=True)


def _crossings_of(
    kind: str, barriers: gpd.GeoDataFrame, streets: gpd.GeoDataFrame
) -> list[tuple[str, str, shapely.Point]]:
    lines, ways = barriers.geometry.to_numpy(), streets.geometry.to_numpy()
    names = streets["name"].to_numpy()
    barrier_tree, street_tree = shapely.STRtree(lines), shapely.STRtree(ways)
    rows = []
    for way, line in barrier_tree.query(ways, predicate="intersects").T:
        for point in _meeting_points(ways[way], lines[line]):
            disc = point.buffer(REACH_M)
            near = shapely.union_all(lines[barrier_tree.query(disc, predicate="intersects")])
            streets_near = shapely.union_all(ways[street_tree.query(disc, predicate="intersects")])
            if _on_two_sides(disc, near, streets_near):
                rows.append((kind, names[way], point))
    return rows


def _meeting_points(street: BaseGeometry, barrier: BaseGeometry) -> list[shapely.Point]:
    """Points at which two lines meet; the ends of a stretch that they share."""
    met = shapely.get_parts(shapely.intersection(street, barrier))
    ends = [part if part.geom_type == "Point" else part.boundary for part in met]
    return [point for end in ends for point in shapely.get_parts(end) if not point.is_empty]


def _on_two_sides(disc: shapely.Polygon, barrier: BaseGeometry, streets: BaseGeometry) -> bool:
    """Whether streets go on in two of the parts into which the barrier cuts the disc."""
    near = shapely.intersection(barrier, disc.buffer(REACH_M))
    edges = shapely.union_all([disc.boundary, near])
    sides = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inner = shapely.buffer(sides, -0.01)
    lengths = shapely.length(shapely.intersection(inner, streets))
    return int((lengths >= ON_A_SIDE_M).sum()) >= 2
