"""Files of turfs, made when asked for: walk lists, stops and ways for phones, and the form for returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app_pages.canvass_data import is_built, load_units
from app_pages.common import load_shapes
from geo.canvass_walk import plan_walk
from geo.language import mark as N_
from geo.language import use_language
from geo.region import Region
from reports.turf_files import to_csv, to_geojson, to_gpx, to_kml
from reports.walk_list import make_walk_list
from reports.xlsform import make_xlsform

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


def make_turf_file(region: Region, turfs: Mapping[str, Sequence[str]], form: str) -> bytes:
    """Make one file of turfs (blocks by code); ``form`` is a key of :data:`FORMS`."""
    language, _dot, ending = form.rpartition(".")
    if ending == "xlsx":
        return make_xlsform(turfs)
    units = load_units(region)
    roads = load_shapes(region.key, "roads") if is_built(region, "roads") else None
    walks = [plan_walk(code, units.loc[list(members)], roads) for code, members in turfs.items()]
    if ending == "pdf":
        use_language(language)
        return make_walk_list(walks, invented=region.invented)
    return WRITERS[ending](walks)
