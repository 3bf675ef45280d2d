"""Choosing systems for one network, and what the page Consolidation network computes of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import kept
from app_pages.parts.page import guarded
from app_pages.parts.water.board import (
    OF_WAYS,
    Desk,
    load_on_map,
    load_roads,
    load_systems,
    load_target,
    other_boundaries,
)
from app_pages.parts.water.board_map import SYSTEM_LAYERS, name_with_number
from geo.errors import InfeasibleError
from geo.language import gettext as _
from geo.region import Region
from geo.water.frontier import Prize, frontier_of
from geo.water.network_layout import Ground, Layout, lay_ground, lay_network
from geo.water.receiver import inside_drawing
from geo.water.shared_trunk import Sizing
from geo.water.tie_ins import start_among
from store.water.places import OnMap
from wording.water_networks import Totals, span_totals, total_up

SECONDS = 15.0
# Lines that were built here in 2009 and 2020 are 12 and 8 inches wide.
LEAST_IN = 8


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a network besides which systems: where it may start, by which method, how thick.

    ``among`` joins the systems with one another, wherever a main comes to them; ``least_in`` is the least
    diameter in inches, ``fire_gpm`` the flow for a fire in gallons a minute.
    """

    boundary: str
    method: str
    least_in: int = LEAST_IN
    fire_gpm: int = 0
    among: bool = False


def load_layout(region: Region, pwsids: tuple[str, ...], question: Question) -> Layout:
    """Lay one network for the chosen systems."""
    return _layout(region, pwsids, question, load_on_map(region))


def load_totals(region: Region, pwsids: tuple[str, ...], question: Question) -> Totals:
    """Add the network of the chosen systems up, with the ranges of its cost."""
    return _totals(region, pwsids, question, load_on_map(region))


def load_frontier(
    region: Region, pwsids: tuple[str, ...], question: Question, prize: Prize, budgets: tuple[float, ...] = ()
) -> pd.DataFrame:
    """Find what each budget connects of the chosen systems: of ten that are tried, or of some."""
    return _frontier(region, pwsids, question, load_on_map(region), prize, budgets)


def _chosen(region: Region, pwsids: tuple[str, ...]) -> gpd.GeoDataFrame:
    systems = load_systems(region).set_index("pwsid").loc[list(pwsids)]
    return systems.to_crs(region.length_crs)


def _ground(region: Region, systems: gpd.GeoDataFrame, question: Question, on_map: OnMap) -> Ground:
    if question.among:
        receiver = start_among(systems)[1]
    else:
        target = load_target(region, question.boundary, on_map)
        receiver = target.to_crs(region.length_crs).geometry.item()
    return lay_ground(systems, receiver, load_roads(region))


@kept(*OF_WAYS, most=32, spoken=False)
def _layout(region: Region, pwsids: tuple[str, ...], question: Question, on_map: OnMap) -> Layout:
    systems = _chosen(region, pwsids)
    sizing = Sizing(least_in=question.least_in, fire_gpm=question.fire_gpm)
    ground = _ground(region, systems, question, on_map)
    return lay_network(ground, systems, method=question.method, time_limit=SECONDS, sizing=sizing)


@kept(*OF_WAYS, most=32, spoken=False)
def _totals(region: Region, pwsids: tuple[str, ...], question: Question, on_map: OnMap) -> Totals:
    totals = total_up(_layout(region, pwsids, question, on_map))
    keys = other_boundaries(region, question.boundary, on_map)
    others = []
    for key in [*keys, *([question.boundary] if question.among else [])]:
        # A boundary to which no road leads from some of them says nothing of what the network may cost.
        with suppress(InfeasibleError):
            other = replace(question, boundary=key, among=False)
            others.append(total_up(_layout(region, pwsids, other, on_map)))
    return span_totals(totals, others)


@kept(*OF_WAYS, most=32, spoken=False)
def _frontier(
    region: Region,
    pwsids: tuple[str, ...],
    question: Question,
    on_map: OnMap,
    prize: Prize,
    budgets: tuple[float, ...],
) -> pd.DataFrame:
    systems = _chosen(region, pwsids)
    ground = _ground(region, systems, question, on_map)
    asked = budgets or None
    return frontier_of(
        ground, systems, prize=prize, method=question.method, budgets=asked, time_limit=SECONDS
    )


AMONG = "network.among"
DIAMETERS = (4, 6, 8, 12)


def choose_sizing() -> tuple[int, int]:
    """Let a person set the least diameter in inches, and the flow for a fire in gallons a minute."""
    st.session_state.setdefault("network.least_in", LEAST_IN)
    st.session_state.setdefault("network.fire_gpm", 0)
    least = st.selectbox(
        _("Least pipe diameter, inches"),
        DIAMETERS,
        key="network.least_in",
        help=_(
            "The receiving district's standard. Lines built here are 8 inches (Thermal Mutual, 2020) and 12 "
            "inches (La Peña, 2009). The State's price of a foot is the same for every diameter."
        ),
    )
    fire = st.number_input(
        _("Fire flow, gallons a minute"),
        min_value=0,
        max_value=1500,
        step=250,
        key="network.fire_gpm",
        help=_("Carried by every pipe on top of peak demand. Ask the district or the fire marshal."),
    )
    return int(least), int(fire)


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
    if reported.get("layer") in SYSTEM_LAYERS:
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
