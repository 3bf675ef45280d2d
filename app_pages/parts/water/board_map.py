"""The board's map: systems by stage; a click selects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import folium
from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.loading import kept, load_shapes, missing_reason, shapes_address
from app_pages.parts.page import guarded
from app_pages.parts.water.board import OF_FIT, Desk, load_on_map, load_systems, target_shapes
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.names import bounds_of
from geo.water.receiver import bounds_of_systems
from geo.water.tie_ins import TIE_INS
from layers.base_map import static_map, view_group
from layers.drawing import Drawing, to_group
from layers.layer import Layer, Look, feature_group, legends_to_html
from layers.registry import AREA_WATER, PLACES, ROADS
from layers.water import Staged, draw_receiver, stage_layer
from store.water.board_table import Filters
from store.water.kinds import STAGE_TITLES

MAP_KEY, SELECTED = "water.map", "water.system"
PLACED_LAYER = "placed_systems"
# Systems whose place is confirmed are drawn by a layer of their own: served shapes are as published.
SYSTEM_LAYERS = ("systems", PLACED_LAYER)
MAP_HEIGHT = 480
BENEATH = (AREA_WATER, ROADS, PLACES)


def take_click() -> None:
    """Select the system that was clicked."""
    found: dict[str, Any] = st.session_state.get(MAP_KEY) or {}
    reported = (found.get("last_active_drawing") or {}).get("properties") or {}
    if reported.get("layer") in SYSTEM_LAYERS:
        st.session_state[SELECTED] = reported["id"]


def show_map(desk: Desk, filters: Filters, shown: list[str], boundary: str, height: int = MAP_HEIGHT) -> None:
    """Draw the systems that the filters let through, and the district's chosen boundary."""
    chart = static_map(desk.region.bounds, _("Map of the water board"))
    staged = staged_of(desk, filters, shown)
    layer = stage_layer(staged)
    groups = [
        *groups_beneath(desk.region, boundary),
        *system_groups(desk.region, layer, st.session_state.get(SELECTED)),
    ]
    token = f"{desk.region.key} {st.session_state.get('water.moves', 0)}"
    st_folium(
        chart,
        key=MAP_KEY,
        height=height,
        use_container_width=True,
        feature_group_to_add=[view_group(token, bounds_now(desk), home=bounds_of_board(desk)), *groups],
        returned_objects=["last_active_drawing"],
        on_change=guarded(take_click),
    )
    if layer.legend is not None:
        st.html(legends_to_html([layer.legend(layer, load_systems(desk.region))]))


def bounds_now(desk: Desk) -> tuple[float, float, float, float]:
    """Box that the map opens on: the first focus, or what was chosen in the table."""
    wanted = st.session_state.get("water.look_at")
    found = bounds_of(desk.systems, "pwsid", wanted) if wanted else None
    return found or bounds_of_board(desk)


def bounds_of_board(desk: Desk) -> tuple[float, float, float, float]:
    """Box around the systems on the board, or of the first focus where none has a place."""
    return bounds_of_systems(desk.systems, desk.region.focus[0].bounds)


def staged_of(desk: Desk, filters: Filters, shown: list[str], chosen: tuple[str, ...] = ()) -> Staged:
    """Return what the layer of stages shows."""
    rows = desk.table.loc[shown]
    titles = {str(stage): title for stage, title in STAGE_TITLES.items()}
    stages = dict(zip(shown, rows[f"{filters.service}_stage"].astype(str), strict=True))
    names = dict(zip(shown, rows["name"].astype(str), strict=True))
    return Staged(names, stages, titles, chosen)


def groups_beneath(region: Region, boundary: str) -> list[folium.FeatureGroup]:
    """Draw what is there for orientation, and the district's boundary."""
    groups = []
    for layer in BENEATH:
        if not missing_reason(region.key, layer.dataset):
            shapes = shapes_address(region.key, layer.dataset)
            groups.append(feature_group(layer, load_shapes(region.key, layer.dataset), Look(shapes)))
    if boundary:
        groups.append(to_group(draw_target(region, boundary)))
    return groups


def draw_target(region: Region, boundary: str) -> Drawing:
    """Draw the chosen boundary or mains; recorded tie-ins anew, as they change."""
    return (
        draw_receiver(target_shapes(region, boundary)) if boundary == TIE_INS else _target(region, boundary)
    )


@kept(*OF_FIT, "water_mains", most=8)
def _target(region: Region, boundary: str) -> Drawing:
    return draw_receiver(target_shapes(region, boundary))


def system_groups(region: Region, layer: Layer, selected: str | None) -> list[folium.FeatureGroup]:
    """Draw the systems, their shapes from the served files, and those with a confirmed place from there."""
    shapes, systems = shapes_address(region.key, "water_systems"), load_systems(region)
    placed = systems["pwsid"].isin([pwsid for pwsid, __ in load_on_map(region).places])
    groups = [feature_group(layer, systems[~placed], Look(shapes, selected))]
    if not placed.any():
        return groups
    own = replace(layer, key=PLACED_LAYER)
    return [*groups, feature_group(own, systems[placed], Look(None, selected))]


def choose_system(desk: Desk, shown: list[str]) -> str:
    """Let a person choose a system by name, as the map and the table do; return the one that is chosen."""
    names = desk.table["name"].astype(str).to_dict()
    others = other_names(desk)
    selected = st.session_state.get(SELECTED)
    options = sorted({*shown, *([selected] if selected in desk.table.index else [])}, key=names.__getitem__)
    st.session_state["water.choose"] = selected if selected in options else None
    st.selectbox(
        _("System"),
        options,
        index=None,
        key="water.choose",
        format_func=lambda pwsid: with_others(name_with_number(names[pwsid], pwsid), others.get(pwsid)),
        placeholder=_("Type a name or a number"),
        on_change=guarded(take_choice),
    )
    return st.session_state.get(SELECTED) or ""


def take_choice() -> None:
    """Select what was chosen by name, and go there."""
    st.session_state[SELECTED] = st.session_state["water.look_at"] = st.session_state["water.choose"]
    st.session_state["water.moves"] = st.session_state.get("water.moves", 0) + 1


def other_names(desk: Desk) -> dict[str, str]:
    """Tell the older and other names of systems that have some, to those who may see them."""
    if "other_names" not in desk.systems:
        return {}
    told = desk.systems.set_index("pwsid")["other_names"].dropna()
    return {str(pwsid): str(names) for pwsid, names in told.items()}


def with_others(name: str, others: str | None) -> str:
    """Add to a system's name what else it is or was called, so that it is found by that.

    Examples
    --------
    >>> with_others("San Antonio MHP (CA1)", "SAINT ANTHONY TRAILER PARK"), with_others("Oasis (CA2)", None)
    ('San Antonio MHP (CA1), also SAINT ANTHONY TRAILER PARK', 'Oasis (CA2)')
    """
    return _("{name}, also {others}").format(name=name, others=others) if others else name


def name_with_number(name: str, pwsid: str) -> str:
    """Name a system with its identifier, once.

    Examples
    --------
    >>> name_with_number("Oasis", "CA1"), name_with_number("Thermal, CA1", "CA1"), name_with_number("", "CA1")
    ('Oasis (CA1)', 'Thermal, CA1', 'CA1')
    """
    if not name:
        return pwsid
    return name if pwsid in name else f"{name} ({pwsid})"
