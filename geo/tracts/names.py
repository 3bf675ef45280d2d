"""Names of tracts, and search by name: tracts, places, water systems and whatever else has one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.language import gettext as _
from geo.region import Bounds
from geo.units import is_missing


def tract_title(geoid: str) -> str:
    """Name a tract the short way.

    Examples
    --------
    >>> tract_title("06065045303"), tract_title("06025010102")
    ('Tract 453.03', 'Tract 101.02')
    """
    return _("Tract {number}").format(number=tract_number(geoid))


def tract_number(geoid: str) -> str:
    """Write a tract's number as the Census Bureau does.

    Examples
    --------
    >>> tract_number("06065045303"), tract_number("06065940100")
    ('453.03', '9401')
    """
    number, part = int(geoid[5:9]), geoid[9:11]
    return f"{number}.{part}" if part != "00" else str(number)


MARGIN_DEG = 0.03


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that can be found: the layer's key, its identifier, and the words it is found by."""

    layer: str
    identifier: str
    words: str

    @property
    def selected(self) -> str:
        """How a view writes it."""
        return f"{self.layer}:{self.identifier}"


def tract_hits(frame: pd.DataFrame) -> Iterator[Hit]:
    """Find tracts by their number.

    Examples
    --------
    >>> next(tract_hits(pd.DataFrame({"geoid": ["06065045303"]}))).words
    'Tract 453.03 (06065045303)'
    """
    for geoid in frame["geoid"].astype(str):
        yield Hit("tracts", geoid, f"{tract_title(geoid)} ({geoid})")


def named_hits(frame: pd.DataFrame, layer: str, identifier: str, name: str, kind: str) -> Iterator[Hit]:
    """Find rows by their name; those without one by their identifier.

    Examples
    --------
    >>> places = pd.DataFrame({"geoid": ["0653406"], "name": ["Oasis"]})
    >>> next(named_hits(places, "places", "geoid", "name", "place")).words
    'Oasis (place, 0653406)'
    """
    for key, called in zip(frame[identifier].astype(str), frame[name], strict=True):
        if not is_missing(called):
            yield Hit(layer, key, f"{called} ({kind}, {key})")


def bounds_of(frame: gpd.GeoDataFrame, identifier: str, key: str) -> Bounds | None:
    """Box around a row's shape in degrees (EPSG:4326), with a margin; None where it has no shape.

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[Point(-116, 33)], crs="EPSG:4326")
    >>> bounds_of(frame, "id", "a")
    (-116.03, 32.97, -115.97, 33.03)
    """
    found = frame.loc[frame[identifier].astype(str) == key, "geometry"]
    shapes = found[found.notna() & ~found.is_empty]
    if shapes.empty:
        return None
    west, south, east, north = (float(value) for value in shapes.total_bounds)
    return west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG
