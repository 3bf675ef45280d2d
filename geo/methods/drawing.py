"""What somebody drew: checked, and as short text that fits into an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.crs import STORED
from geo.errors import GeoError, GeometryError
from geo.language import gettext as _
from geo.methods.geometry import area_km2
from geo.methods.interpolation.overlay import POLYGONAL

DIGITS = 5
"""Decimals of a degree: about a meter."""

MOST_CORNERS = 200
"""Corners of one outline."""

MOST_DRAWINGS, MOST_CORNERS_IN_ALL = 50, 500
"""Drawings that are taken together, and their corners."""

MOST_CROSSED = 5_000
"""Corners of several drawings made one: two combs of n teeth that lie across make n squared holes."""

NEGLIGIBLE_KM2 = 1e-6
WORLD = "EPSG:6933"
"""An equal-area CRS of the whole world."""


def require_drawn(polygon: shapely.Geometry) -> None:
    """Raise unless a drawing is a polygon with an area, in degrees.

    Raises
    ------
    GeometryError
        It is no polygon, empty, crosses itself, or has no area.

    Examples
    --------
    >>> require_drawn(shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 2, 0 0))"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    geo.errors.GeometryError: the outline crosses itself (near 0.66667 0.66667): draw it again ...
    """
    if polygon is None or shapely.is_empty(polygon) or shapely.get_type_id(polygon) not in POLYGONAL:
        raise GeometryError(_("what was drawn is no polygon"), _("draw an area with three or more corners"))
    west, south, east, north = shapely.bounds(polygon)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise GeometryError(
            _("the outline is not in degrees (EPSG:4326)"), _("give longitudes and latitudes, in that order")
        )
    # Crossing comes before size: the halves of a bow-tie cancel each other out, however large they are.
    if _is_negligible(shapely.convex_hull(polygon)):
        raise GeometryError(_("the outline has less than a square meter"), _("draw a larger area"))
    if not shapely.is_valid(polygon):
        raise _invalid(polygon)
    if _is_negligible(polygon):
        raise GeometryError(_("the outline has less than a square meter"), _("draw a larger area"))


def _is_negligible(shape: shapely.Geometry) -> bool:
    """Whether a shape in degrees covers less than a square meter."""
    return bool(area_km2(gpd.GeoSeries([shape], crs=STORED), WORLD).item() < NEGLIGIBLE_KM2)


def _invalid(polygon: shapely.Geometry) -> GeometryError:
    """Say what is wrong with an outline, and where."""
    fault, __, place = shapely.is_valid_reason(polygon).rstrip("]").partition("[")
    what = _("crosses itself") if "Self-intersection" in fault else _("is not valid")
    near = " ".join(f"{float(number):.5f}" for number in place.split())
    return GeometryError(
        _("the outline {what} (near {near})").format(what=what, near=near),
        _("draw it again without crossing lines"),
    )


def read_drawings(drawings: Sequence[Mapping[str, Any]]) -> list[BaseGeometry]:
    """Read GeoJSON features that were drawn, while they are few enough to be worked with.

    Raises
    ------
    GeometryError
        They have more corners than a person draws, or one is no polygon.

    Examples
    --------
    >>> ring = [[place % 2, place] for place in range(600)] + [[0, 0]]
    >>> read_drawings([{"geometry": {"type": "Polygon", "coordinates": [ring]}}])
    Traceback (most recent call last):
    geo.errors.GeometryError: what is drawn has 600 corners: draw at most 500 in all
    """
    if len(drawings) > MOST_DRAWINGS:
        raise GeometryError(
            _("there are {count} drawings").format(count=f"{len(drawings):,}"),
            _("draw at most {most}").format(most=MOST_DRAWINGS),
        )
    try:
        # Collections may hold others, as deep as they like: they are not even read.
        if not {drawing["geometry"]["type"] for drawing in drawings} <= {"Polygon", "MultiPolygon"}:
            raise TypeError
        shapes = [shape(drawing["geometry"]) for drawing in drawings]
        corners = sum(count_corners(item) for item in shapes)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        fault, remedy = _("what was drawn is no polygon"), _("draw an area with three or more corners")
        raise GeometryError(fault, remedy) from error
    if corners > MOST_CORNERS_IN_ALL:
        raise GeometryError(
            _("what is drawn has {count} corners").format(count=f"{corners:,}"),
            _("draw at most {most} in all").format(most=MOST_CORNERS_IN_ALL),
        )
    return shapes


def count_corners(polygon: shapely.Geometry) -> int:
    """Count corners; the first of a ring, which stands at its end again, once.

    Examples
    --------
    >>> square = shapely.box(0, 0, 1, 1)
    >>> count_corners(square), count_corners(shapely.MultiPolygon([square, shapely.box(2, 2, 3, 3)]))
    (4, 8)
    """
    return int(shapely.get_num_coordinates(polygon)) - len(shapely.get_rings(shapely.get_parts(polygon)))


def drawn_area(drawings: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Read what was drawn, GeoJSON features in EPSG:4326; several drawings are taken together.

    Raises
    ------
    GeoError
        Nothing is drawn.
    GeometryError
        As :func:`read_drawings`; a drawing crosses itself or has no area.

    Examples
    --------
    >>> ring = [[-116, 33], [-116, 34], [-115, 34], [-116, 33]]
    >>> len(drawn_area([{"geometry": {"type": "Polygon", "coordinates": [ring]}}]))
    1
    """
    if not drawings:
        raise GeoError(_("nothing is drawn"), _("draw a polygon or a rectangle on the map"))
    polygons = read_drawings(drawings)
    for polygon in polygons:
        require_drawn(polygon)
    if count_corners(shapely.union_all(polygons)) > MOST_CROSSED:
        raise GeometryError(
            _("what is drawn crosses itself very often"), _("draw it again, as fewer areas or simpler ones")
        )
    return gpd.GeoDataFrame(geometry=polygons, crs=STORED)


def outline_to_text(geometry: Mapping[str, Any]) -> str:
    """Write the outer ring of a GeoJSON polygon (EPSG:4326) as longitude and latitude, corner by corner.

    Raises
    ------
    GeometryError
        It is no polygon, or has more than 200 corners.

    Examples
    --------
    >>> outline_to_text({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1.5], [0, 0]]]})
    '0_0~1_0~1_1.5'
    """
    if geometry.get("type") != "Polygon":
        raise GeometryError(_("what was drawn is no polygon"), _("draw an area with three or more corners"))
    corners = geometry["coordinates"][0][:-1]
    if len(corners) > MOST_CORNERS:
        raise GeometryError(
            _("the outline has {count} corners").format(count=len(corners)),
            _("draw at most {most}").format(most=MOST_CORNERS),
        )
    return "~".join(f"{_short(corner[0])}_{_short(corner[1])}" for corner in corners)


def circle_outline(at: tuple[float, float], radius_m: float, length_crs: str) -> str:
    """Write the outline of a circle, as :func:`outline_to_text` does.

    Parameters
    ----------
    at
        Longitude and latitude of its center (EPSG:4326).
    radius_m
        In meters.
    length_crs
        A projected CRS in meters that measures lengths here.

    Raises
    ------
    GeometryError
        The radius is not above 0, or above 200 km.

    Examples
    --------
    >>> circle = outline_from_text(circle_outline((-116.1, 33.6), 1_000, "EPSG:26911"))
    >>> round(area_km2(gpd.GeoSeries([circle], crs=STORED), "EPSG:3310").item(), 1)
    3.1
    """
    return _buffered(shapely.Point(at), radius_m, length_crs, segments=12)


def corridor_outline(line: Sequence[Sequence[float]], width_m: float, length_crs: str) -> str:
    """Write the outline of what lies within so many meters of a line, as :func:`outline_to_text` does.

    Parameters
    ----------
    line
        Longitudes and latitudes of its points (EPSG:4326), two or more.
    width_m
        How far it reaches on each side, in meters.
    length_crs
        A projected CRS in meters that measures lengths here.

    Raises
    ------
    GeometryError
        The line has fewer than two points, or too many; the width is not above 0, or above 200 km; the
        line goes around something, which an outline would count in.

    Examples
    --------
    >>> text = corridor_outline([(-116.1, 33.6), (-116.0, 33.6)], 500, "EPSG:26911")
    >>> round(area_km2(gpd.GeoSeries([outline_from_text(text)], crs=STORED), "EPSG:3310").item(), 1)
    10.1
    """
    if not 2 <= len(line) <= MOST_CORNERS:
        raise GeometryError(
            _("the line has {count} points").format(count=len(line)),
            _("draw 2 to {most} points").format(most=MOST_CORNERS),
        )
    return _buffered(
        shapely.LineString([tuple(point[:2]) for point in line]), width_m, length_crs, segments=4
    )


FARTHEST_M = 200_000.0
MOST_HOLE = 0.01
"""What a line goes around, as a share of the area along it, is no more than this, or it is refused."""


def _buffered(shape: shapely.Geometry, distance_m: float, length_crs: str, segments: int) -> str:
    if not 0 < distance_m <= FARTHEST_M:
        raise GeometryError(
            _("the distance {distance} m is not above 0 and up to 200 km").format(distance=f"{distance_m:g}"),
            _("choose another distance"),
        )
    around = gpd.GeoSeries([shape], crs=STORED).to_crs(length_crs).buffer(distance_m, quad_segs=segments)
    drawn = around.simplify(distance_m / 100).to_crs(STORED).item()
    around_what = shapely.area(shapely.polygons(shapely.get_exterior_ring(drawn))) - shapely.area(drawn)
    if around_what > MOST_HOLE * shapely.area(drawn):
        raise GeometryError(
            _("what lies within {distance} m of this line has a hole in it").format(
                distance=f"{distance_m:,.0f}"
            ),
            _("draw an area around it, or leave the line open where it ends"),
        )
    return outline_to_text(shapely.geometry.mapping(drawn))


def outline_from_text(text: str) -> shapely.Polygon:
    """Read an outline in degrees (EPSG:4326) from an address.

    Raises
    ------
    GeometryError
        It is not pairs of numbers, or fewer than three or more than 200 of them.

    Examples
    --------
    >>> outline_from_text("0_0~1_0~1_1.5").wkt
    'POLYGON ((0 0, 1 0, 1 1.5, 0 0))'
    """
    try:
        corners = [tuple(float(number) for number in pair.split("_")) for pair in text.split("~")]
    except ValueError:
        corners = []
    if not 3 <= len(corners) <= MOST_CORNERS or any(len(corner) != 2 for corner in corners):
        raise GeometryError(_("the address holds no outline that can be read"), _("draw the area again"))
    return shapely.Polygon(corners)


def _short(number: float) -> str:
    return f"{round(float(number), DIGITS):.{DIGITS}f}".rstrip("0").rstrip(".")


def shape_from_text(text: str, bounds: tuple[float, float, float, float], *, outline: bool) -> BaseGeometry:
    """Read a place that somebody typed: latitude and longitude, a point a line, in either order.

    One line is a point; two are a line; three or more are an outline where one is wanted, else a line. Which
    number is the latitude is told by the study area: in California one order lies in it and the other does
    not.

    Parameters
    ----------
    bounds
        West, south, east, north of the study area in degrees (EPSG:4326).
    outline
        Whether three or more points enclose an area.

    Raises
    ------
    GeometryError
        A line is no pair of numbers, or its point does not lie in the study area.

    Examples
    --------
    >>> valley = (-117.0, 33.0, -114.0, 34.5)
    >>> shape_from_text("33.56, -116.08", valley, outline=False).wkt
    'POINT (-116.08 33.56)'
    >>> shape_from_text("33.5 -116.1; 33.5 -116.0; 33.6 -116.0", valley, outline=True).geom_type
    'Polygon'
    """
    lines = [line for line in text.replace(";", "\n").splitlines() if line.strip()]
    points = [_point_from(line, bounds) for line in lines]
    if not points or len(points) > MOST_CORNERS:
        raise GeometryError(
            _("no place is given, or one of more than {most} points").format(most=MOST_CORNERS),
            _("write latitude and longitude, a point on each line"),
        )
    if len(points) == 1:
        return shapely.Point(points[0])
    if outline and len(points) >= FEWEST_CORNERS:
        return shapely.Polygon(points)
    return shapely.LineString(points)


FEWEST_CORNERS = 3


def _point_from(line: str, bounds: tuple[float, float, float, float]) -> tuple[float, float]:
    try:
        one, two = (float(part) for part in line.replace(",", " ").replace("\N{DEGREE SIGN}", " ").split())
    except ValueError as error:
        raise GeometryError(
            _("{line!r} is no pair of numbers").format(line=line.strip()[:60]),
            _("write latitude and longitude in degrees, such as 33.5612, -116.0834"),
        ) from error
    west, south, east, north = bounds
    for longitude, latitude in ((two, one), (one, two)):
        if west <= longitude <= east and south <= latitude <= north:
            return longitude, latitude
    raise GeometryError(
        _("{line!r} lies outside of the study area").format(line=line.strip()[:60]),
        _("write latitude and longitude in degrees; in California the longitude is negative"),
    )
