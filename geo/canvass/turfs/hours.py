"""The work in a turf or a unit: hours at doors, on foot between them, and at the wheel."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from geo.canvass.turfs.check import check_doors
from geo.crs import require_projected
from geo.errors import InfeasibleError
from geo.language import gettext as _

# Length of the shortest round through n random points in an area A: about 0.7124 sqrt(n A).
ROUND_CONSTANT = 0.7124


def turf_hours(
    units: gpd.GeoDataFrame,
    *,
    doors: str,
    minutes_per_door: float = 5.0,
    walking_kmh: float = 4.5,
    driving_kmh: float = 40.0,
    walk_spacing_m: float = 200.0,
    detour: float = 1.3,
    base: Point | None = None,
) -> pd.DataFrame:
    """Estimate the hours that the doors of each unit (or turf) take.

    Hours are doors times minutes, and the way from door to door. That way is
    ``detour`` x 0.7124 sqrt(doors x area): the length of the shortest round through random points
    (Beardwood, Halton and Hammersley 1959, Proc. Cambridge Philosophical Society 55). It is walked
    where doors lie at most ``walk_spacing_m`` apart, sqrt(area / doors), and driven where they are
    farther, as between ranches. With ``base``, the drive there and back is added; for units that
    are to be cut leave it out, since one drive serves the whole turf.

    Parameters
    ----------
    units
        Polygons in a projected CRS (m): units or turfs.
    doors
        Column of doors, not negative; NA is refused. No doors take no hours.
    minutes_per_door
        Time at a door, whoever opens, in minutes.
    walking_kmh, driving_kmh
        Speeds in km/h.
    walk_spacing_m
        Distance between doors up to which one walks, in m.
    detour
        Way over straight line.
    base
        Where volunteers start from, in the CRS of ``units``.

    Returns
    -------
    DataFrame
        ``door_hours``, ``walking_hours``, ``driving_hours`` and their sum ``hours``.

    Raises
    ------
    CRSError
        The CRS is missing or not projected.
    SchemaError
        Doors are missing or negative.
    InfeasibleError
        A speed or the detour is not positive, or the minutes are negative.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> units = gpd.GeoDataFrame({"doors": [60]}, geometry=[box(0, 0, 600, 400)], crs="EPSG:3310")
    >>> turf_hours(units, doors="doors").round(2).loc[0].to_dict()
    {'door_hours': 5.0, 'walking_hours': 0.78, 'driving_hours': 0.0, 'hours': 5.78}
    """
    require_projected(units)
    check_doors(units, doors)
    _check_speeds(minutes_per_door, walking_kmh, driving_kmh, detour)
    counts = units[doors].astype("float64")
    area = units.geometry.area
    way_km = detour * ROUND_CONSTANT * (counts * area).pow(0.5) / 1000.0
    on_foot = counts * walk_spacing_m**2 >= area
    trip_km = 0.0 * counts if base is None else 2.0 * detour * units.geometry.distance(base) / 1000.0
    hours = pd.DataFrame(
        {
            "door_hours": counts * minutes_per_door / 60.0,
            "walking_hours": (way_km / walking_kmh).where(on_foot, 0.0),
            "driving_hours": (way_km.where(~on_foot, 0.0) + trip_km.where(counts > 0, 0.0)) / driving_kmh,
        }
    )
    return hours.assign(hours=hours.sum(axis=1))


def _check_speeds(minutes: float, walking: float, driving: float, detour: float) -> None:
    if minutes < 0 or min(walking, driving, detour) <= 0:
        raise InfeasibleError(
            _(
                "{minutes:g} min a door, {walking:g} and {driving:g} km/h, detour {detour:g} make no hours"
            ).format(minutes=minutes, walking=walking, driving=driving, detour=detour),
            _("give speeds and a detour above 0, and minutes of 0 or more"),
        )
