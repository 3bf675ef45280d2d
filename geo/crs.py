"""Coordinate reference systems: stored in EPSG:4326, measured in the region's own.

A wrong system raises, it never warns.
"""

from __future__ import annotations

import geopandas as gpd
from pyproj import CRS

from geo.errors import CRSError
from geo.language import gettext as _

STORED = "EPSG:4326"


def require_crs(frame: gpd.GeoDataFrame | gpd.GeoSeries, expected: str = STORED) -> None:
    """Raise unless ``frame`` is in ``expected``.

    Raises
    ------
    CRSError
        The frame has no CRS, or another one.

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> require_crs(gpd.GeoSeries([Point(-116, 33)], crs="EPSG:4326"))
    """
    if frame.crs is None:
        raise CRSError(
            _("the frame has no CRS"),
            _("set the one it was made in, e.g. {expected}").format(expected=expected),
        )
    if CRS(frame.crs) != CRS(expected):
        raise CRSError(
            _("the frame is in {found}, not {expected}").format(
                found=frame.crs.to_string(), expected=expected
            ),
            _("use to_crs({expected!r})").format(expected=expected),
        )


def require_projected(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    """Raise unless ``frame`` is in a projected CRS, whose areas and lengths mean something.

    Raises
    ------
    CRSError
        The frame has no CRS, or a geographic one (degrees).
    """
    if frame.crs is None or not frame.crs.is_projected:
        raise CRSError(
            _("areas and lengths need a projected CRS"),
            _("use to_crs with the region's equal-area CRS, e.g. EPSG:3310"),
        )
