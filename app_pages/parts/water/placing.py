"""Putting on the map what staff know: where a system is, and the mains and tie-in points of the district."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.markup import heading
from app_pages.parts.page import ask_file, refusing
from app_pages.parts.people import may_write
from app_pages.parts.water.board import Desk
from app_pages.parts.water.board_map import groups_beneath
from app_pages.parts.water.forms import given
from geo.days import day_in, day_words, span_words
from geo.errors import GeometryError
from geo.intake.vectors import SUFFIXES, read_vectors
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.drawing import shape_from_text
from geo.region import Bounds
from geo.tracts.names import bounds_of
from geo.water.tie_ins import LINES, POINTS
from layers.base_map import drawing_map, view_group
from store.records import Kept
from store.visibility import may_see
from store.water.places import (
    OnMapRecord,
    SystemPlace,
    TieIn,
    find_place,
    list_tie_ins,
    put_on_map,
    take_off_map,
)

TYPED, DRAWN, FILE = "typed", "drawn", "file"
WAYS = {TYPED: N_("coordinates"), DRAWN: N_("drawn on the map"), FILE: N_("from a file")}
TURN, MAP_HEIGHT = "placing.turn", 380
AREA_TOOLS, LINE_TOOLS = ("marker", "polygon", "rectangle"), ("marker", "polyline")


def show_place(desk: Desk, pwsid: str) -> None:
    """Show where a system is by somebody's record, and let it be put there, or taken off again."""
    standing = find_place(desk.board.journal, desk.region.key, pwsid)
    st.caption(
        _(
            "A confirmed place counts before every published one: maps, ways and costs use it. "
            "An address is not looked up here: give coordinates, or draw the point or outline."
        )
    )
    if standing is not None:
        st.text(_("On record: {words}").format(words=kept_words(standing, desk)))
    if not may_write(desk.who):
        return
    found = bounds_of(desk.systems, "pwsid", pwsid) or desk.region.focus[0].bounds
    shapes = ask_shapes(desk, f"water.place.{pwsid}", _wide(found), outline=True)
    # A form whose record was changed in the meantime is another one: what is pressed in the old is not taken.
    number = standing.number if standing else 0
    with st.form(f"water.place.form.{pwsid}.{turn()}.{number}", border=False):
        address = st.text_input(_("Address, if known"), key=f"water.place.address.{pwsid}")
        source, on = ask_source(f"water.place.{pwsid}")
        pressed = st.form_submit_button(_("Put it on the map"), type="primary")
    if pressed:
        with refusing():
            told = given({"pwsid": pwsid, "geojson": to_text(one_of(shapes)), "on": on, "address": address})
            put_on_map(
                desk.board.journal,
                desk.region.key,
                [SystemPlace.make(told)],
                desk.who,
                source=source,
                seen=number,
            )
            again()
    if standing is not None:
        withdraw_form(desk, [standing], f"water.place.off.{pwsid}")


def show_tie_ins(desk: Desk) -> None:
    """List the mains and tie-in points on record, and let staff add and withdraw them."""
    kept = list_tie_ins(desk.board.journal, desk.region.key)
    st.markdown(heading(_("Mains and tie-in points")))
    st.caption(
        _(
            "Where they are recorded, networks start from them, and so does the cost of every system within "
            "3 miles. Farther systems are costed from the boundary that fits the State's table best."
        )
    )
    for item in kept:
        st.text(kept_words(item, desk))
    if not desk.who:
        return
    with st.expander(_("Add or withdraw a main or tie-in point")):
        add_tie_ins(desk)
        if kept:
            withdraw_form(desk, kept, "network.tie_in.off")


def add_tie_ins(desk: Desk) -> None:
    """Let staff draw, type or import mains and tie-in points."""
    shapes = ask_shapes(desk, "network.tie_in", desk.region.focus[0].bounds, outline=False)
    with st.form(f"network.tie_in.form.{turn()}", border=False):
        title = st.text_input(
            _("Name"), key="network.tie_in.title", placeholder=_("Avenue 66 at Harrison St")
        )
        inches = st.number_input(
            _("Diameter, inches (if known)"),
            0.0,
            144.0,
            None,
            1.0,
            key="network.tie_in.inches",
            format="%.0f",
        )
        source, on = ask_source("network.tie_in")
        pressed = st.form_submit_button(_("Put it on the map"), type="primary")
    if not pressed:
        return
    with refusing():
        if not shapes:
            raise nothing_given()
        fields = {"title": title, "diameter_in": inches, "on": on}
        records = [TieIn.make(given({**fields, "geojson": to_text(item)})) for item in shapes]
        put_on_map(desk.board.journal, desk.region.key, records, desk.who, source=source, seen=0)
        again()


def ask_shapes(desk: Desk, key: str, bounds: Bounds, *, outline: bool) -> list[BaseGeometry]:
    """Ask for places: typed, drawn on the map, or (mains) from a file; empty until something is given."""
    ways = [TYPED, DRAWN] if outline else [TYPED, DRAWN, FILE]
    way = st.radio(
        _("How the place is given"),
        ways,
        format_func=lambda name: _(WAYS[name]),
        key=f"{key}.way",
        horizontal=True,
    )
    with refusing():
        if way == DRAWN:
            return drawn_shapes(desk, f"{key}.map.{turn()}", bounds, AREA_TOOLS if outline else LINE_TOOLS)
        if way == FILE:
            return shapes_of_file(f"{key}.file.{turn()}")
        text = st.text_area(
            _("Latitude and longitude, a point on each line"),
            key=f"{key}.text.{turn()}",
            placeholder="33.5612, -116.0834",
            help=_("One line is a point. Three or more are an outline.")
            if outline
            else _("One line is a tie-in point, two or more are a main."),
        )
        if text.strip():
            return [shape_from_text(text, desk.region.bounds, outline=outline)]
    return []


def drawn_shapes(desk: Desk, key: str, bounds: Bounds, tools: Sequence[str]) -> list[BaseGeometry]:
    """Show a map to draw on; return what is drawn."""
    found = st_folium(
        drawing_map(desk.region.bounds, _("Map to draw a place on"), tools),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=[
            view_group(f"place {desk.region.key} {key}", bounds),
            *groups_beneath(desk.region, ""),
        ],
        returned_objects=["all_drawings"],
    )
    drawings = [item for item in (found or {}).get("all_drawings") or [] if item.get("geometry")]
    return [shape(item["geometry"]) for item in drawings]


def shapes_of_file(key: str) -> list[BaseGeometry]:
    """Ask for a file of mains and tie-in points; return its lines and points."""
    file = ask_file(_("File of mains (GeoJSON, GeoPackage, KML, KMZ, shapefile in a zip)"), SUFFIXES, key)
    if file is None:
        return []
    frame = read_vectors(file.content, file.name).frame
    kinds = frame.geometry.geom_type.isin([*POINTS, *LINES])
    found = frame.geometry[kinds].tolist()
    st.text(
        _("{count} mains and points in the file; {rest} other shapes are left out.").format(
            count=len(found), rest=int((~kinds).sum())
        )
    )
    return [shapely.union_all(lines)] if len(lines := lines_of(found)) > MOST_APART else found


MOST_APART = 50
"""A file of more lines than this is one record: a district's mains, not a list."""


def lines_of(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Return the single lines of shapes that are lines."""
    return [part for item in shapes if item.geom_type in LINES for part in shapely.get_parts(item)]


def ask_source(key: str) -> tuple[str, str]:
    """Ask who knows a place, and as of when."""
    source = st.text_input(
        _("Source"), key=f"{key}.source", placeholder=_("as-built plan, field visit, letter of the district")
    )
    on = st.text_input(
        _("As of (a day, month or year)"), key=f"{key}.on", placeholder=_("5/1/2024, May 2024 or 2024")
    )
    return source, on


def withdraw_form(desk: Desk, kept: Sequence[Kept[Any]], key: str) -> None:
    """Let a record be taken off the map, with a reason."""
    items = {item.record.key: item for item in kept}
    with st.form(f"{key}.{'.'.join(f'{name}-{item.number}' for name, item in items.items())}", border=False):
        which = st.selectbox(
            _("Take off the map"),
            list(items),
            format_func=lambda name: kept_words(items[name], desk),
            key=f"{key}.which",
        )
        why = st.text_input(_("Why"), key=f"{key}.why")
        pressed = st.form_submit_button(_("Withdraw it"))
    if pressed:
        with refusing():
            item = items[which]
            record: OnMapRecord = item.record
            take_off_map(desk.board.journal, desk.region.key, record, desk.who, seen=item.number, why=why)
            again()


def kept_words(item: Kept[Any], desk: Desk) -> str:
    """Tell a place or a tie-in with its source, its day, and who recorded it to those who may see that."""
    record = item.record
    geometry = shapely.from_geojson(record.geojson)
    middle = geometry.representative_point()
    what = {"Point": _("point"), "MultiPoint": _("points")}.get(
        geometry.geom_type, _("main") if isinstance(record, TieIn) else _("outline")
    )
    title = record.title if isinstance(record, TieIn) else ""
    inches = getattr(record, "diameter_in", None)
    who = [item.who] if may_see(record.kind, desk.rights, "who") else []
    parts = [
        title,
        f"{what} {middle.y:.5f}, {middle.x:.5f}",
        _("{inches:.0f} inches").format(inches=inches) if inches else "",
        record.address if may_see(record.kind, desk.rights, "address") and not title else "",
        item.source,
        _("as of {day}").format(day=span_words(record.on)) if record.on else "",
        ", ".join([*who, day_words(day_in(desk.region.timezone, item.at))]),
    ]
    return " · ".join(part for part in parts if part)


def one_of(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the one place that was given.

    Raises
    ------
    GeometryError
        None was given, or several.
    """
    if len(shapes) != 1:
        raise (
            nothing_given()
            if not shapes
            else GeometryError(
                _("{count} places are drawn").format(count=len(shapes)), _("leave one; nothing was written")
            )
        )
    return shapes[0]


def nothing_given() -> GeometryError:
    """Make the fault of a form without a place."""
    return GeometryError(
        _("no place is given"), _("type coordinates or draw on the map; nothing was written")
    )


def to_text(geometry: BaseGeometry) -> str:
    """Write a shape as it is recorded: a GeoJSON geometry of six decimals."""
    return json.dumps(json.loads(shapely.to_geojson(shapely.set_precision(geometry, 1e-6))))


def _wide(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    return west - 0.02, south - 0.02, east + 0.02, north + 0.02


def turn() -> int:
    """Count what was put on the map: each time the form begins empty."""
    return int(st.session_state.get(TURN, 0))


def again() -> None:
    """Begin with an empty form, and draw the page anew."""
    st.session_state[TURN] = turn() + 1
    st.rerun()
