"""Choosing systems for one network, and what the page Consolidation network computes of them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import kept, load_shapes
from app_pages.parts.page import guarded
from app_pages.parts.water.board import OF_WAYS, Desk, load_roads, load_target, other_boundaries
from app_pages.parts.water.board_map import name_with_number
from geo.errors import InfeasibleError
from geo.language import gettext as _
from geo.region import Region
from geo.water.frontier import Prize, frontier_of
from geo.water.network_layout import Ground, Layout, lay_ground, lay_network
from geo.water.receiver import inside_drawing
from wording.water_networks import Totals, span_totals, total_up

SECONDS = 15.0


def load_layout(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Layout:
    """Lay one network for the chosen systems."""
    return _layout(region, pwsids, boundary, method)


def load_totals(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Totals:
    """Add the network of the chosen systems up, with the ranges of its cost."""
    return _totals(region, pwsids, boundary, method)


def load_frontier(
    region: Region, pwsids: tuple[str, ...], boundary: str, method: str, prize: Prize
) -> pd.DataFrame:
    """Find what each budget connects of the chosen systems."""
    return _frontier(region, pwsids, boundary, method, prize)


def _chosen(region: Region, pwsids: tuple[str, ...]) -> gpd.GeoDataFrame:
    systems = load_shapes(region.key, "water_systems").set_index("pwsid").loc[list(pwsids)]
    return systems.to_crs(region.length_crs)


def _ground(region: Region, systems: gpd.GeoDataFrame, boundary: str) -> Ground:
    receiver = load_target(region, boundary).to_crs(region.length_crs).geometry.item()
    return lay_ground(systems, receiver, load_roads(region))


@kept(*OF_WAYS, most=32, spoken=False)
def _layout(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Layout:
    systems = _chosen(region, pwsids)
    return lay_network(_ground(region, systems, boundary), systems, method=method, time_limit=SECONDS)


@kept(*OF_WAYS, most=32, spoken=False)
def _totals(region: Region, pwsids: tuple[str, ...], boundary: str, method: str) -> Totals:
    totals = total_up(_layout(region, pwsids, boundary, method))
    others = []
    for key in other_boundaries(region, boundary):
        # A boundary to which no road leads from some of them says nothing of what the network may cost.
        with suppress(InfeasibleError):
            others.append(total_up(_layout(region, pwsids, key, method)))
    return span_totals(totals, others)


@kept(*OF_WAYS, most=32, spoken=False)
def _frontier(
    region: Region, pwsids: tuple[str, ...], boundary: str, method: str, prize: Prize
) -> pd.DataFrame:
    systems = _chosen(region, pwsids)
    ground = _ground(region, systems, boundary)
    return frontier_of(ground, systems, prize=prize, method=method, time_limit=SECONDS)


MAP_KEY, CHOSEN, LIST, MOVES = "network.map", "network.chosen", "network.list", "network.moves"


def chosen_systems(desk: Desk) -> list[str]:
    """Return the systems that are chosen, those of this board only."""
    held: list[str] = st.session_state.get(CHOSEN, [])
    return [pwsid for pwsid in held if pwsid in desk.table.index]


def set_chosen(pwsids: list[str]) -> None:
    """Choose these systems; the list shows them."""
    unique = sorted(dict.fromkeys(pwsids))
    st.session_state[CHOSEN] = unique
    st.session_state[LIST] = unique


def choose_and_look(pwsids: list[str]) -> None:
    """Choose these systems, and move the map to them."""
    set_chosen(pwsids)
    st.session_state[MOVES] = st.session_state.get(MOVES, 0) + 1


def take_drawing(desk: Desk) -> None:
    """Take a click (it adds a system or takes it out), or an area drawn around systems (it adds them)."""
    found: dict[str, Any] = st.session_state.get(MAP_KEY) or {}
    drawing = found.get("last_active_drawing") or {}
    reported = drawing.get("properties") or {}
    chosen = chosen_systems(desk)
    if reported.get("layer") == "systems":
        pwsid = str(reported["id"])
        set_chosen([item for item in chosen if item != pwsid] if pwsid in chosen else [*chosen, pwsid])
    elif drawing.get("geometry"):
        set_chosen([*chosen, *inside_drawing(desk.systems, drawing["geometry"])])


def take_list() -> None:
    """Take what the list says."""
    st.session_state[CHOSEN] = sorted(st.session_state[LIST])


def choose_systems(desk: Desk, shown: list[str]) -> list[str]:
    """Show the list of chosen systems, and buttons for all that the filters let through and for none."""
    names = desk.table["name"].astype(str).to_dict()
    st.session_state[LIST] = chosen_systems(desk)
    st.multiselect(
        _("Chosen systems (click on the map, draw around them, or type a name)"),
        desk.table.sort_values("name").index.tolist(),
        key=LIST,
        format_func=lambda pwsid: name_with_number(names[pwsid], pwsid),
        on_change=guarded(take_list),
        placeholder=_("none yet"),
    )
    with st.container(horizontal=True):
        placed = set(desk.systems.loc[desk.systems.geometry.notna(), "pwsid"])
        outside = [pwsid for pwsid in shown if pwsid in placed]
        words = _("Choose all {count} that the filters show").format(count=len(outside))
        st.button(words, key="network.all", on_click=guarded(choose_and_look), args=(outside,))
        st.button(_("Choose none"), key="network.none", on_click=guarded(set_chosen), args=([],))
    return chosen_systems(desk)
