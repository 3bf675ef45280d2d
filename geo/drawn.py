"""An outline that somebody drew, as short text that fits into an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from geo.errors import GeometryError
from geo.language import gettext as _

DIGITS = 5
"""Decimals of a degree: about a metre."""

MOST_CORNERS = 200


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
