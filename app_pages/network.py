"""Consolidation network: one network for chosen systems, beside one pipe each; its cost, and who pays."""

from __future__ import annotations

from functools import partial

import folium
from folium.plugins import Draw
from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.page import current_region, guarded, refusing
from app_pages.parts.people import choose_who
from app_pages.parts.water.board import (
    Desk,
    boundary_title,
    choose_boundary,
    choose_filters,
    choose_method,
    choose_scope,
    load_candidates,
    load_systems,
    open_desk,
)
from app_pages.parts.water.board_map import groups_beneath, name_with_number, staged_of, system_groups
from app_pages.parts.water.boundary_fit import offer_district, show_touching
from app_pages.parts.water.cost_certainty import show_boundaries, show_doubt
from app_pages.parts.water.network_layout import (
    AMONG,
    MAP_KEY,
    MOVES,
    Question,
    choose_sizing,
    choose_systems,
    chosen_systems,
    load_layout,
    load_totals,
    take_drawing,
)
from app_pages.parts.water.network_results import show_budget, show_result, show_shares
from app_pages.parts.water.placing import show_tie_ins
from app_pages.parts.water.scenarios import save_form, show_scenarios
from app_pages.parts.water.sheets import network_sheet, offer_sheets
from geo.language import gettext as _
from geo.water.known_ways import state_rises, unplaced
from geo.water.network_layout import Layout, lines_of
from geo.water.receiver import BoundaryChoice, bounds_of_systems, estimated_words
from layers.base_map import static_map, view_group
from layers.layer import Look, feature_group, legends_to_html
from layers.water import PIPES, stage_layer
from store.water.board_table import Filters, filter_table
from wording.connection_cost import feet_range
from wording.water_networks import elevation_words, unplaced_words

MAP_HEIGHT = 520


def render() -> None:
    """Show the page."""
    region = current_region()
    with st.sidebar:
        who = choose_who()
        desk = open_desk(region, who, choose_scope())
        filters = choose_filters(desk.table)
        boundary, method = choose_boundary(region), choose_method()
        least_in, fire_gpm = choose_sizing()
    st.subheader(_("Consolidation network: one shared pipe for many systems"))
    if boundary is None:
        st.info(_("This region has no receiving district, so there is nothing to connect to."))
        return
    shown = filter_table(desk.table, filters).index.tolist()
    among = bool(st.session_state.get(AMONG))
    question = Question(boundary.key, method, least_in, fire_gpm, among)
    # Containers keep the map in its place when messages come and go, so that it is not loaded anew.
    choosing, map_box = st.container(), st.container()
    with choosing:
        pwsids = choose_systems(desk, shown)
        layout = find_layout(desk, pwsids, question)
    with map_box:
        show_map(desk, filters, shown, boundary, layout)
    if layout is not None:
        show_parts(desk, layout, boundary, question)
    with refusing():
        show_scenarios(desk)
    with refusing():
        show_tie_ins(desk)
    st.caption(wastewater_words())


def wastewater_words() -> str:
    """Say that sewers are not laid here, and why."""
    return _(
        "Drinking water only. Sewers are not laid here: they run by gravity with lift stations, and neither "
        "elevations along the roads nor the State's cost of a septic-to-sewer connection is in the data."
    )


def find_layout(desk: Desk, pwsids: list[str], question: Question) -> Layout | None:
    """Lay the network; None where nothing is chosen, or where it cannot be, which is said."""
    if not pwsids:
        st.info(
            _("Choose systems: click on the map, draw an area around them, or take what the filters show.")
        )
        return None
    placed = leave_out_unplaced(desk, pwsids)
    with refusing(), st.spinner(_("Looking for the shortest network …")):
        return load_layout(desk.region, tuple(placed), question) if placed else None
    if question.among:
        offer_district()
    return None


def leave_out_unplaced(desk: Desk, pwsids: list[str]) -> list[str]:
    """Leave out the systems whose place is not known well enough to lay a pipe there, and say which."""
    chosen = desk.systems[desk.systems["pwsid"].isin(pwsids)]
    lost = sorted(chosen.loc[unplaced(chosen), "pwsid"])
    if not lost:
        return pwsids
    names = desk.table["name"].astype(str)
    st.warning(unplaced_words([name_with_number(names[pwsid], pwsid) for pwsid in lost]))
    return [pwsid for pwsid in pwsids if pwsid not in lost]


def show_map(
    desk: Desk, filters: Filters, shown: list[str], boundary: BoundaryChoice, layout: Layout | None
) -> None:
    """Draw systems and pipes; a click chooses, an area drawn chooses all inside."""
    chosen = tuple(chosen_systems(desk))
    layer = stage_layer(staged_of(desk, filters, sorted({*shown, *chosen}), chosen))
    frame = load_systems(desk.region)
    groups = [*groups_beneath(desk.region, boundary.key)]
    legends = [layer.legend(layer, frame)] if layer.legend else []
    if layout is not None:
        pipes = lines_of(layout.ground, layout.trunk)
        groups.append(feature_group(PIPES, pipes, Look()))
        if PIPES.legend is not None:
            legends.insert(0, PIPES.legend(PIPES, pipes))
    groups += system_groups(desk.region, layer, None)
    moves = st.session_state.get(MOVES, 0)
    home = desk.region.focus[0].bounds
    looked_at = desk.systems[desk.systems["pwsid"].isin(chosen)] if moves else desk.systems
    bounds = bounds_of_systems(looked_at, desk.region.bounds if moves else desk.region.focus[0].bounds)
    st_folium(
        drawing_map(desk),
        key=MAP_KEY,
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=[view_group(f"{desk.region.key} {moves}", bounds, home=home), *groups],
        returned_objects=["last_active_drawing"],
        on_change=guarded(partial(take_drawing, desk)),
    )
    st.html(legends_to_html(legends))


def drawing_map(desk: Desk) -> folium.Map:
    """Make the map with tools to draw an area around systems."""
    chart = static_map(desk.region.bounds, _("Map: choose systems for one network"))
    no = dict.fromkeys(("polyline", "circle", "marker", "circlemarker"), False)
    options = {**no, "polygon": True, "rectangle": True}
    Draw(draw_options=options, edit_options={"edit": False}).add_to(chart)  # type: ignore[no-untyped-call]
    return chart


def show_parts(desk: Desk, layout: Layout, boundary: BoundaryChoice, question: Question) -> None:
    """Show what the network comes to."""
    with st.spinner(_("Working out the cost and its range …")):
        totals = load_totals(desk.region, tuple(layout.systems.index), question)
    show_estimated(desk, layout)
    show_result(layout, totals)
    show_touching(desk, layout, question)
    make = partial(network_sheet, desk, layout, totals, boundary_title(boundary), question)
    offer_sheets("network", f"{desk.region.key}-network", make)
    save_form(desk, layout, totals, boundary, question)
    pays, budget, doubt, edges = st.tabs(
        [
            _("Who pays what"),
            _("What a budget connects"),
            _("How sure the cost is"),
            _("If another boundary counts"),
        ]
    )
    with pays:
        show_shares(desk, layout)
    with budget, refusing():
        show_budget(desk, tuple(layout.systems.index), question)
    with doubt, refusing():
        show_network_doubt(desk, layout)
    with edges, refusing():
        systems = layout.systems.index.tolist()
        show_boundaries(desk, systems, question.boundary, question.method, key="network.boundaries")


def show_estimated(desk: Desk, layout: Layout) -> None:
    """Say of how many systems the people are estimated, and how high they lie as far as a source tells."""
    pwsids = layout.systems.index.tolist()
    people = estimated_words(desk.systems[desk.systems["pwsid"].isin(pwsids)])
    heights = elevation_words(state_rises(load_candidates(desk.region)), pwsids)
    st.caption(" ".join(words for words in (people, heights) if words))


def show_network_doubt(desk: Desk, layout: Layout) -> None:
    """Show what moves the cost of the shared network, and where its systems turn from fundable to not."""
    low, high = feet_range(layout)
    names = {str(pwsid): str(name) for pwsid, name in desk.table["name"].items()}
    show_doubt(layout.costable["shared"], layout.method, low, high, key="network.doubt", names=names)


render()
