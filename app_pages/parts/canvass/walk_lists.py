"""Walk lists and files for phones: turfs chosen, walks planned, then files made when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import OF_UNITS, attempt, decide, load_units
from app_pages.parts.editing import forget_seen, hold_seen
from app_pages.parts.loading import is_built, kept, load_shapes
from app_pages.parts.page import outside_address
from app_pages.parts.people import Person
from geo.canvass.come_back import spared_doors
from geo.canvass.script import Script
from geo.canvass.stretches import geoid_of, join_stretches, resolve_units
from geo.canvass.tool_files import LAYOUTS, list_doors
from geo.canvass.turf_plan import MINUTES_PER_DOOR
from geo.canvass.walk import Walk, plan_walk, walks_table
from geo.days import day_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import use_language
from geo.region import Region
from reports.phone_files import make_xlsform, to_csv, to_geojson, to_gpx, to_kml, to_tool_csv
from reports.walk_list import Slip, make_walk_list
from store.canvass.book import CanvassBook
from store.canvass.kinds import Cut, FieldPaper, Turf
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
    "van.csv": (N_("Doors for VAN"), "text/csv"),
    "pdi.csv": (N_("Doors for PDI"), "text/csv"),
    "ecanvasser.csv": (N_("Doors for Ecanvasser"), "text/csv"),
}
PARKS = "mobile_home_parks"
BARRIERS = "barriers"
LANDMARKS = ("transit_routes", "transit_stops", PARKS)


def make_turf_file(
    region: Region,
    turfs: Mapping[str, Sequence[str]],
    minutes: Mapping[str, float],
    form: str,
    address: str,
    rights: Rights = NOBODY,
    paper: FieldPaper | None = None,
    script: Script | None = None,
    slips: Mapping[str, Slip] | None = None,
) -> bytes:
    """Make one file of turfs (blocks by code, with minutes at a door); ``form`` is a key of :data:`FORMS`.

    Paper has ``paper``, ``script`` and ``slips`` besides: :func:`reports.walk_list.make_walk_list`.

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
    if language in LAYOUTS:
        spared = {code: slip.spared for code, slip in (slips or {}).items()}
        return to_tool_csv(list_doors(walks, LAYOUTS[language], spared), invented=region.invented)
    if ending == "pdf":
        use_language(language)
        return make_walk_list(
            walks, invented=region.invented, address=address, paper=paper, script=script, slips=slips
        )
    return WRITERS[ending](walks)


def walk_of(region: Region, code: str, members: Sequence[str], minutes: float) -> Walk:
    """Return a turf as it is walked; its order is kept until its blocks, the counts or the streets change."""
    return _walk(region, code, tuple(sorted(members)), minutes)


@kept(*OF_UNITS, "roads", *LANDMARKS, BARRIERS, most=256)
def _walk(region: Region, code: str, members: tuple[str, ...], minutes: float) -> Walk:
    roads = load_shapes(region.key, "roads") if is_built(region, "roads") else None
    every = load_units(region)
    units = resolve_units(every, join_stretches(members))
    return plan_walk(
        code,
        units,
        _walkable(roads),
        _landmarks(region),
        minutes_per_door=minutes,
        blocks=gpd.GeoSeries(every.geometry),
    )


def _crossing(streets: pd.Series[str]) -> pd.Series[str]:
    words = _("Cross here: {street}")
    return streets.fillna("?").map(lambda street: words.format(street=street))


def walk_of_doors(region: Region, name: str, doors: pd.DataFrame) -> Walk:
    """Return a list of doors to come back to as it is walked; its stops count those doors alone."""
    counts = doors.groupby("unit").size()
    return _walk_of_doors(region, name, tuple((str(unit), int(count)) for unit, count in counts.items()))


@kept(*OF_UNITS, "roads", *LANDMARKS, BARRIERS, most=64)
def _walk_of_doors(region: Region, name: str, counts: tuple[tuple[str, int], ...]) -> Walk:
    roads = load_shapes(region.key, "roads") if is_built(region, "roads") else None
    every, wanted = load_units(region), dict(counts)
    units = resolve_units(every, list(wanted))
    units = units.assign(doors=[float(wanted[str(unit)]) for unit in units.index])
    return plan_walk(name, units, _walkable(roads), _landmarks(region), blocks=gpd.GeoSeries(every.geometry))


def _walkable(roads: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Leave out roads that merely sketch the ground, of no source that knows streets."""
    if roads is None:
        return None
    return gpd.GeoDataFrame(roads[~roads["rough"]])


def _landmarks(region: Region) -> gpd.GeoDataFrame | None:
    frames = [
        load_shapes(region.key, name)[["name", "geometry"]].assign(park=name == PARKS)
        for name in LANDMARKS
        if is_built(region, name)
    ]
    if is_built(region, BARRIERS):
        barriers = load_shapes(region.key, BARRIERS)
        street = barriers["name"].where(~barriers["is_crossing"], _crossing(barriers["name"]))
        frames.append(barriers[["geometry"]].assign(name=street, park=False))
    if not frames:
        return None
    every = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True))
    blocks = load_units(region)[["geometry"]].rename_axis("park_of").reset_index()
    parks = every[every["park"]].to_crs(str(blocks.crs)).sjoin(blocks, predicate="within")
    # A point on the edge of two blocks lies within none: a park then is a landmark only.
    # Parts of a block group in several places have one shape: its parks lie in each of them.
    first = parks.loc[~parks.index.duplicated(), "park_of"].map(geoid_of)
    return every.drop(columns="park").assign(park_of=first.reindex(every.index))


def show_print(region: Region, book: CanvassBook, person: Person) -> None:
    """Ask for turfs, tell how long each walk is, and offer the files to those who hand turfs out."""
    if not person.sees("walks"):
        st.caption(person.signed.how_to_see_more())
        return
    paper = show_paper_form(book, person)
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
    slips, script = slips_of(book), book.script()
    columns = st.columns(4)
    for place, (form, (title, kind)) in enumerate(FORMS.items()):
        columns[place % 4].download_button(
            _(title),
            partial(
                make_turf_file,
                region,
                chosen,
                minutes,
                form,
                address,
                person.rights,
                paper,
                script,
                slips,
            ),
            file_name=f"turfs-{region.key}-{form}".replace("-.", "."),
            mime=kind,
            on_click="ignore",
            key=f"print.{form}",
            width="stretch",
        )
    st.caption(
        _(
            "Files for VAN, PDI and Ecanvasser have a row for each door, with its code and no name; doors to "
            "leave alone are not in them. Keep the code's column there: returns are found again by it."
        )
    )


def slips_of(book: CanvassBook) -> dict[str, Slip]:
    """Return what every turf's paper says of who walks it, and which of its doors are to be left alone."""
    spared = spared_doors(book.visits(), book.units_of())
    days = {item.record.number: item.record.planned_on for item in book.kept(Cut).values()}
    return {
        code: Slip(
            item.record.volunteer,
            item.record.language,
            # Handed out on a Monday, a turf of Saturday is walked on Saturday.
            _day(max(filter(None, (item.record.out_on, days.get(item.record.cut))), default=None)),
            tuple(spared.get(code, ())),
        )
        for code, item in book.kept(Turf).items()
    }


def _day(day: date | None) -> str:
    return "" if day is None else day_words(day)


PAPER = "print.paper"


def show_paper_form(book: CanvassBook, person: Person) -> FieldPaper:
    """Ask whom a volunteer calls, for those who may record; return what stands."""
    kept = book.kept(FieldPaper).get("paper")
    paper = kept.record if kept else FieldPaper()
    if not person.may_write:
        return paper
    with st.expander(_("On every paper: whom to call"), expanded=not paper.phone):
        if decide(book, person, PAPER, lambda _words: st.rerun()):
            return paper
        seen = hold_seen(PAPER, book.region, kept.number if kept else 0)
        with st.form(f"{PAPER}.form.{seen}"):
            left, right = st.columns(2)
            lead = left.text_input(
                _("Whom to call for help"), paper.lead, max_chars=120, key=f"{PAPER}.lead.{seen}"
            )
            phone = right.text_input(
                _("Phone number"), paper.phone, max_chars=120, key=f"{PAPER}.phone.{seen}"
            )
            sent = st.form_submit_button(_("Save for all papers"))
        st.caption(_("What is said and asked at a door is defined under Phones that report."))
        if sent:
            record = FieldPaper(lead=lead, phone=phone)
            who = person.require()
            attempt(PAPER, lambda: book.save(record, who, seen=seen))
            forget_seen(PAPER)
            st.rerun()
    return paper


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
            "length_mi": st.column_config.NumberColumn(_("Way between stops and back, miles"), format="%.1f"),
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
