"""A boundary file that somebody adds: seen on the map before it is kept, and withdrawn again."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from app_pages.parts.common import refusing
from app_pages.parts.person import Person
from app_pages.parts.programme.data import load_if_built
from app_pages.parts.programme.fields import Desk
from app_pages.parts.programme.forms import tell_done
from geo.boundary_file import BoundaryFile, inspect_boundary
from geo.language import gettext as _
from geo.language import mark as N_
from geo.vector_file import SUFFIXES
from layers.layer import Look, feature_group
from layers.programme import DIVISIONS
from layers.registry import PLACES
from layers.static_map import static_map, view_group
from store.programme.kinds import ROLE_TITLES, AreaRole, Boundary
from store.records import Kept

DONE, TURN = "boundary.done", "boundary.turn"
HOLDS = {**ROLE_TITLES, AreaRole.AREA: N_("the programme's area")}


def add_boundary(desk: Desk, person: Person) -> None:
    """Let somebody add a boundary file, checked as any source, and withdraw one."""
    tell_done(DONE)
    turn = st.session_state.get(TURN, 0)
    file = st.file_uploader(
        _("Boundary file (GeoJSON, GeoPackage, KML, shapefile in a zip)"),
        type=[suffix.removeprefix(".") for suffix in SUFFIXES],
        key=f"boundary.file.{turn}",
    )
    if file is not None:
        with refusing():
            read = inspect_boundary(file.getvalue(), file.name, desk.region)
            show_boundary(desk, read)
            keep_boundary(desk, person, read, file.name)
    kept = desk.book.kept(Boundary, desk.programme.key)
    if kept:
        withdraw_boundary(desk, person, kept)


def show_boundary(desk: Desk, read: BoundaryFile) -> None:
    """Show what was read, in words and on a map."""
    st.text(_("{count} areas: {names}").format(count=len(read.areas), names=", ".join(read.areas["name"])))
    for words in read.told:
        st.warning(words)
    shapes = read.areas.assign(division=[f"new{place}" for place in range(len(read.areas))])
    groups = [feature_group(DIVISIONS, shapes, Look(None))]
    places = load_if_built(desk.region, "places")
    if places is not None:
        groups.append(feature_group(PLACES, places, Look(None)))
    west, south, east, north = shapes.total_bounds.tolist()
    st_folium(
        static_map(desk.region.bounds, _("Map of the boundary file")),
        key="boundary.map",
        height=320,
        use_container_width=True,
        feature_group_to_add=[
            view_group(f"boundary {west} {south} {len(shapes)}", (west, south, east, north)),
            *groups,
        ],
        returned_objects=[],
    )


def keep_boundary(desk: Desk, person: Person, read: BoundaryFile, name: str) -> None:
    """Ask what the file is and where it is from, and keep it."""
    with st.form("boundary.form"):
        role = st.selectbox(
            _("What the file holds"),
            list(AreaRole),
            format_func=lambda item: _(HOLDS[item]),
            key="boundary.role",
        )
        source = st.text_input(
            _("Source"), key="boundary.source", placeholder=_("who publishes it, and as of when")
        )
        sent = st.form_submit_button(_("Add the boundary"), type="primary")
    if sent:
        record = Boundary.make(
            {
                "programme": desk.programme.key,
                "title": name,
                "role": role,
                "geojson": read.areas.to_json(),
            }
        )
        desk.book.add([record], person.require(), source=source.strip() or name)
        _done(_("Added: {title}.").format(title=name))


def withdraw_boundary(desk: Desk, person: Person, kept: list[Kept[Boundary]]) -> None:
    """Let somebody withdraw a boundary, with a reason."""
    titles = [f"{item.record.title} · {_(HOLDS[item.record.role])} · {item.who}" for item in kept]
    with st.form("boundary.withdraw"):
        place = st.selectbox(
            _("Withdraw a boundary"), range(len(kept)), format_func=titles.__getitem__, key="boundary.which"
        )
        why = st.text_input(_("Why"), key="boundary.why")
        sent = st.form_submit_button(_("Withdraw it"))
    if sent:
        with refusing():
            item = kept[place]
            desk.book.withdraw(Boundary, item.record.key, item.number, person.require(), why)
            _done(_("Withdrawn."))


def _done(words: str) -> None:
    st.session_state[DONE] = words
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.rerun()
