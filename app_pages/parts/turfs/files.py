"""Files of turfs, made when asked for: walk lists, stops and ways for phones, and the form for returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass_data import OF_UNITS, load_units
from app_pages.parts.common import is_built, load_shapes
from app_pages.parts.loading import kept
from geo.canvass.walk import Walk, plan_walk
from geo.language import mark as N_
from geo.language import use_language
from geo.region import Region
from geo.settings import page_address
from reports.turf_files import to_csv, to_geojson, to_gpx, to_kml
from reports.walk_list import make_walk_list
from reports.xlsform import make_xlsform
from store.members import NOBODY, Rights
from store.visibility import require_sight

WRITERS = {"csv": to_csv, "geojson": to_geojson, "kml": to_kml, "gpx": to_gpx}
FORMS = {
    "en.pdf": (N_("Walk list (English)"), "application/pdf"),
    "es.pdf": (N_("Walk list (Spanish)"), "application/pdf"),
    ".csv": ("CSV", "text/csv"),
    ".geojson": ("GeoJSON", "application/geo+json"),
    ".kml": ("KML", "application/vnd.google-earth.kml+xml"),
    ".gpx": ("GPX", "application/gpx+xml"),
    ".xlsx": (
        N_("Form (XLSForm)"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
LANDMARKS = ("transit_routes", "transit_stops", "mobile_home_parks")
HERE_ONLY = ("localhost", "127.0.0.1", "::1", "0.0.0.0", None)  # noqa: S104


def make_turf_file(
    region: Region,
    turfs: Mapping[str, Sequence[str]],
    minutes: Mapping[str, float],
    form: str,
    address: str,
    rights: Rights = NOBODY,
) -> bytes:
    """Make one file of turfs (blocks by code, with minutes at a door); ``form`` is a key of :data:`FORMS`.

    Raises
    ------
    GeoError
        Who looks may not see it.
    """
    require_sight("walks", rights)
    language, _dot, ending = form.rpartition(".")
    if ending == "xlsx":
        return make_xlsform(turfs)
    walks = [walk_of(region, code, members, minutes[code]) for code, members in turfs.items()]
    if ending == "pdf":
        use_language(language)
        return make_walk_list(walks, invented=region.invented, address=address)
    return WRITERS[ending](walks)


def walk_of(region: Region, code: str, members: Sequence[str], minutes: float) -> Walk:
    """Return a turf as it is walked; its order is kept until its blocks, the counts or the streets change."""
    return _walk(region, code, tuple(sorted(members)), minutes)


def returns_address(region: Region) -> str:
    """Address of the page for returns, as a phone reaches it; empty where only this machine does."""
    seen: Any = page_address() or st.context.url or ""
    parts = urlsplit(str(seen))
    if parts.hostname in HERE_ONLY:
        return ""
    path = parts.path if page_address() else parts.path.rpartition("/")[0]
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}/returns?region={region.key}"


@kept(*OF_UNITS, "roads", *LANDMARKS, most=256)
def _walk(region: Region, code: str, members: tuple[str, ...], minutes: float) -> Walk:
    roads = load_shapes(region.key, "roads") if is_built(region, "roads") else None
    units = load_units(region).loc[list(members)]
    return plan_walk(code, units, _walkable(roads), _landmarks(region), minutes_per_door=minutes)


def _walkable(roads: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Leave out roads that merely sketch the ground, of no source that knows streets."""
    if roads is None:
        return None
    return gpd.GeoDataFrame(roads[~roads["rough"]])


def _landmarks(region: Region) -> gpd.GeoDataFrame | None:
    frames = [load_shapes(region.key, name) for name in LANDMARKS if is_built(region, name)]
    if not frames:
        return None
    return gpd.GeoDataFrame(pd.concat([frame[["name", "geometry"]] for frame in frames], ignore_index=True))
