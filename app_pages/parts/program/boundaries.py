"""A boundary that somebody adds, from a file or drawn: seen before it is kept, and withdrawn again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.editing import require_shown
from app_pages.parts.page import ask_file, refusing, say_done, tell_done
from app_pages.parts.people import Person
from app_pages.parts.program.data import added_boundaries, division_shapes, load_if_built
from app_pages.parts.program.fields import Desk
from geo.errors import SchemaError
from geo.intake.vectors import SUFFIXES
from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.area import Area
from geo.program.boundaries import (
    BoundaryFile,
    drawn_boundary,
    inspect_boundary,
    require_new_names,
    tell_beside,
)
from geo.region import Bounds, Region
from layers.base_map import drawing_map, static_map, view_group
from layers.layer import Look, feature_group
from layers.program import AREA, DIVISIONS
from layers.registry import PLACES
from store.program.kinds import ROLE_TITLES, AreaRole, Boundary
from store.records import Kept

DONE, TURN = "boundary.done", "boundary.turn"
HOLDS = {**ROLE_TITLES, AreaRole.AREA: N_("the program's area")}
FILE, DRAW = "file", "draw"
WAYS = {FILE: N_("from a file"), DRAW: N_("drawn on the map")}
MAP_HEIGHT = 420


def add_boundary(desk: Desk, area: Area, person: Person) -> None:
    """Let somebody add a boundary from a file or drawn, checked as any source, and withdraw one."""
    told = tell_done(DONE)
    way = st.radio(
        _("Where the boundary comes from"),
        list(WAYS),
        format_func=lambda key: _(WAYS[key]),
        horizontal=True,
        key="boundary.way",
    )
    if (add_file if way == FILE else add_drawn)(desk, area, person):
        st.session_state.pop(DONE, None)
        told.empty()
    kept = desk.book.kept(Boundary, desk.program.key)
    if kept:
        withdraw_boundary(desk, person, kept)


def add_file(desk: Desk, area: Area, person: Person) -> bool:
    """Take a file, show what is in it, and keep it; return whether there is one."""
    file = ask_file(
        _("Boundary file (GeoJSON, GeoPackage, KML, KMZ, shapefile in a zip)"),
        SUFFIXES,
        f"boundary.file.{turn()}",
    )
    if file is None:
        return False
    with refusing():
        read = inspect_boundary(file.content, file.name, desk.region)
        show_boundary(desk, read)
        role = ask_role(desk)
        tell_read(desk, area, read, role)
        with st.form("boundary.form"):
            source = st.text_input(
                _("Source"), key="boundary.source", placeholder=_("who publishes it, and as of when")
            )
            sent = st.form_submit_button(_("Add the boundary"), type="primary")
        if sent:
            keep(desk, person, read, role, file.name, source.strip() or file.name, drawn=False)
    return True


def add_drawn(desk: Desk, area: Area, person: Person) -> bool:
    """Let somebody draw an area and name it, say what is odd about it, and keep it; whether one is drawn."""
    st.caption(
        _(
            "Draw one area with the tools at the upper left: a polygon, corner by corner, or a rectangle. "
            "Everywhere it is said to be drawn by hand, in place of the official boundary."
        )
    )
    drawings = draw_on_map(desk, area)
    if st.button(_("Begin the drawing anew"), key="boundary.anew", disabled=not drawings):
        begin_anew()
    role = ask_role(desk)
    with st.form("boundary.draw"):
        title = st.text_input(
            _("Name of the area, as races name it"), key=f"boundary.title.{turn()}", placeholder=_("Area 1")
        )
        source = st.text_input(
            _("Source"), key="boundary.drawn_source", placeholder=_("after which map or description")
        )
        sent = st.form_submit_button(_("Add the drawn area"), type="primary")
    with refusing():
        if drawings:
            tell_read(desk, area, drawn_boundary(drawings, title, desk.region), role)
        if sent:
            require_title(title)
            read = drawn_boundary(drawings, title, desk.region)
            keep(desk, person, read, role, title.strip(), source.strip() or _("drawn by hand"), drawn=True)
    return bool(drawings)


def require_title(title: str) -> None:
    """Raise where a drawn area has no name."""
    if not title.strip():
        raise SchemaError(_("the drawn area has no name"), _("name it as races do; nothing was written"))


def ask_role(desk: Desk) -> AreaRole:
    """Ask what the areas are; of a program of forums a part of a district first."""
    roles = sorted(AreaRole, key=lambda item: item is AreaRole.AREA and desk.program.kind == "forums")
    role: AreaRole = st.selectbox(
        _("What it is"), roles, format_func=lambda item: _(HOLDS[item]), key="boundary.role"
    )
    return role


def draw_on_map(desk: Desk, area: Area) -> list[dict[str, Any]]:
    """Show the map to draw on, with the program's area and what is there; return what is drawn."""
    groups = [feature_group(AREA, area.frame(), Look(None))]
    divisions = division_shapes(desk.book, desk.program.key)
    if divisions is not None:
        groups.append(feature_group(DIVISIONS, divisions, Look(None)))
    return draw_on(desk.region, f"boundary.draw.{turn()}", area.bounds, groups)


def draw_on(region: Region, key: str, bounds: Bounds, groups: Sequence[Any]) -> list[dict[str, Any]]:
    """Show a map to draw on, with towns and some layers; return what is drawn, in EPSG:4326.

    Parameters
    ----------
    bounds
        Where it looks: west, south, east, north in degrees.
    """
    found = st_folium(
        drawing_map(region.bounds, _("Map to draw an area on")),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=[view_group(f"draw {region.key} {key}", bounds), *places_of(region), *groups],
        returned_objects=["all_drawings"],
    )
    return [item for item in (found or {}).get("all_drawings") or [] if item.get("geometry")]


def places_of(region: Region) -> list[Any]:
    """Towns for orientation, where they are built."""
    places = load_if_built(region, "places")
    return [] if places is None else [feature_group(PLACES, places, Look(None))]


def show_boundary(desk: Desk, read: BoundaryFile) -> None:
    """Show what was read, in words and on a map."""
    st.text(_("{count} areas: {names}").format(count=len(read.areas), names=", ".join(read.areas["name"])))
    shapes = read.areas.assign(division=[f"new{place}" for place in range(len(read.areas))])
    west, south, east, north = shapes.total_bounds.tolist()
    st_folium(
        static_map(desk.region.bounds, _("Map of the boundary file")),
        key="boundary.map",
        height=320,
        use_container_width=True,
        feature_group_to_add=[
            view_group(f"boundary {west} {south} {len(shapes)}", (west, south, east, north)),
            feature_group(DIVISIONS, shapes, Look(None)),
            *places_of(desk.region),
        ],
        returned_objects=[],
    )


def tell_read(desk: Desk, area: Area, read: BoundaryFile, role: AreaRole) -> None:
    """Say what was done to the areas, and what is odd about them beside those that are there."""
    beside = (
        []
        if role is AreaRole.AREA
        else tell_beside(read.areas, there(desk, role), area, desk.region.area_crs)
    )
    for words in (*read.told, *beside):
        st.warning(words)


def there(desk: Desk, role: AreaRole) -> gpd.GeoDataFrame | None:
    """Return the boundaries of that role that are there already."""
    return added_boundaries(desk.book, desk.program.key, role)


def keep(
    desk: Desk, person: Person, read: BoundaryFile, role: AreaRole, title: str, source: str, *, drawn: bool
) -> None:
    """Keep the areas, unless areas of their names are there."""
    require_new_names(read.areas, there(desk, role))
    fields = {"title": title, "role": role, "geojson": read.areas.to_json(), "drawn": drawn}
    record = Boundary.make({"program": desk.program.key} | fields)
    desk.book.add([record], person.require(), source=source)
    _done(_("Added: {title}.").format(title=title))


def turn() -> int:
    """Count what was added: each time the file or the drawing begins empty."""
    return int(st.session_state.get(TURN, 0))


def begin_anew() -> None:
    """Forget what is drawn."""
    st.session_state[TURN] = turn() + 1
    st.rerun()


def withdraw_boundary(desk: Desk, person: Person, kept: list[Kept[Boundary]]) -> None:
    """Let somebody withdraw a boundary, with a reason."""
    shown = {item.record.key: item for item in kept}
    names = " ".join(f"{key} {item.number}" for key, item in shown.items())
    with st.form("boundary.withdraw"):
        key = st.selectbox(
            _("Withdraw a boundary"),
            list(shown),
            format_func=lambda key: kept_words(shown[key]),
            key="boundary.which",
        )
        why = st.text_input(_("Why"), key="boundary.why")
        sent = st.form_submit_button(_("Withdraw it"))
    with refusing():
        require_shown(f"boundary.{desk.program.key}", names, pressed=sent)
        if sent:
            desk.book.withdraw(Boundary, str(key), shown[str(key)].number, person.require(), why)
            _done(_("Withdrawn."))


def kept_words(item: Kept[Boundary]) -> str:
    """Name a boundary that is there: what it is, whether it was drawn, who added it."""
    by_hand = [_("drawn by hand")] if item.record.drawn else []
    return " · ".join([item.record.title, _(HOLDS[item.record.role]), *by_hand, item.who])


def _done(words: str) -> None:
    say_done(DONE, words)
    begin_anew()
