"""Walk lists and files for phones: turfs chosen, walks planned, then files made when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import OF_UNITS, load_units
from app_pages.parts.loading import is_built, kept, load_shapes
from app_pages.parts.page import outside_address
from app_pages.parts.people import Person
from geo.canvass.stretches import resolve_units
from geo.canvass.turf_plan import MINUTES_PER_DOOR
from geo.canvass.walk import Walk, plan_walk, walks_table
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import use_language
from geo.region import Region
from reports.phone_files import make_xlsform, to_csv, to_geojson, to_gpx, to_kml
from reports.walk_list import make_walk_list
from store.canvass.book import CanvassBook
from store.canvass.kinds import Cut, Turf
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


@kept(*OF_UNITS, "roads", *LANDMARKS, most=256)
def _walk(region: Region, code: str, members: tuple[str, ...], minutes: float) -> Walk:
    roads = load_shapes(region.key, "roads") if is_built(region, "roads") else None
    units = resolve_units(load_units(region), members)
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


def show_print(region: Region, book: CanvassBook, person: Person) -> None:
    """Ask for turfs, tell how long each walk is, and offer the files to those who hand turfs out."""
    if not person.sees("walks"):
        st.caption(person.signed.how_to_see_more())
        return
    units = book.units_of()
    every = st.checkbox(_("All turfs"), key="print.all")
    codes = list(units) if every else choose_turfs(list(units))
    if not codes:
        st.caption(_("Choose turfs; each needs a second or two to find a short walk through its blocks."))
        return
    chosen = {code: units[code] for code in codes}
    minutes = minutes_of(book)
    show_walks(plan_walks(region, chosen, minutes))
    address = outside_address("returns", region)
    show_address(address)
    columns = st.columns(4)
    for place, (form, (title, kind)) in enumerate(FORMS.items()):
        columns[place % 4].download_button(
            _(title),
            partial(make_turf_file, region, chosen, minutes, form, address, person.rights),
            file_name=f"turfs-{region.key}-{form}".replace("-.", "."),
            mime=kind,
            on_click="ignore",
            key=f"print.{form}",
            width="stretch",
        )


def choose_turfs(codes: list[str]) -> list[str]:
    """Ask which turfs are to be printed."""
    return st.multiselect(_("Turfs to print"), codes, placeholder=_("none yet"), key="print.turfs")


def minutes_of(book: CanvassBook) -> dict[str, float]:
    """Return the minutes at a door that every turf was cut with."""
    cuts = {item.record.number: item.record.minutes_per_door for item in book.kept(Cut).values()}
    return {code: cuts.get(item.record.cut, MINUTES_PER_DOOR) for code, item in book.kept(Turf).items()}


def plan_walks(
    region: Region, turfs: Mapping[str, Sequence[str]], minutes: Mapping[str, float]
) -> list[Walk]:
    """Plan the walk of every turf, and say which one is on."""
    bar = st.empty()
    walks = []
    for place, (code, members) in enumerate(turfs.items()):
        words = _("Turf {code} ({place} of {total}): finding a short walk through {count} blocks")
        told = words.format(code=code, place=place + 1, total=len(turfs), count=len(members))
        bar.progress(place / len(turfs), text=told)
        walks.append(walk_of(region, code, members, minutes[code]))
    bar.empty()
    return walks


def show_walks(walks: Sequence[Walk]) -> None:
    """Show the length and hours of every walk."""
    st.dataframe(
        walks_table(walks),
        key="print.walks",
        column_config={
            "turf": _("Turf"),
            "stops": st.column_config.NumberColumn(_("Stops"), format="localized"),
            "doors": st.column_config.NumberColumn(_("Doors"), format="localized"),
            "length_km": st.column_config.NumberColumn(_("Way between stops, km"), format="%.1f"),
            "hours_inside": st.column_config.NumberColumn(_("Hours of knocking"), format="%.1f"),
            "hours_between": st.column_config.NumberColumn(_("Hours between stops"), format="%.1f"),
            "hours": st.column_config.NumberColumn(_("Hours in all"), format="%.1f"),
        },
    )
    st.caption(
        _(
            "Hours of knocking are those of the table above: at the doors and from door to door. The walk "
            "list says the hours in all."
        )
    )


def show_address(address: str) -> None:
    """Say where the code on the walk list leads."""
    if address:
        st.caption(_("The code on each walk list opens {address} on a phone.").format(address=address))
    else:
        st.caption(
            _(
                "This page is open at an address that only this computer reaches, so the code on the list "
                "holds the turf's code alone. Set GEO_ADDRESS to the address that phones reach."
            )
        )
