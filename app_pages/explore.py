"""Explore: one indicator on the map, with its profile card, its table and its sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import folium
import geopandas as gpd
from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes, missing_reason, shapes_address
from app_pages.parts.page import current_region, guarded, hold_tab, refusing
from app_pages.parts.people import current_rights
from app_pages.parts.tracts.areas import area_shape
from app_pages.parts.tracts.cards import show_served
from app_pages.parts.tracts.compared_areas import drawn_frame
from app_pages.parts.tracts.downloads import show_downloads, show_join, show_print
from app_pages.parts.tracts.drawn_areas import FOCUS_SELECTED, areas_frame, is_drawn, show_areas
from app_pages.parts.tracts.filters import GO, filter_title, show_questions, shown_words
from app_pages.parts.tracts.frames import (
    area_bounds,
    load_indicator_table,
    load_layer,
    load_place_names,
    load_ranks,
    load_shown,
    load_systems,
)
from app_pages.parts.tracts.map_style import tracts_layer
from app_pages.parts.tracts.own_layer import own_groups, show_own_layer
from app_pages.parts.tracts.profiles import show_card
from app_pages.parts.tracts.selection import (
    MAP_KEY,
    SEARCH_KEY,
    change_view,
    choose_order,
    choose_view,
    load_hits,
    place_opened,
    place_shown,
    show_table,
    take_click,
    take_focus,
    take_search,
    write_address,
)
from geo.language import gettext as _
from geo.region import Bounds, Region
from geo.tracts.indicators import Indicator, indicator_named
from geo.tracts.names import bounds_of
from layers.base_map import (
    DRAWN_AREAS,
    OUTLINE,
    has_streets,
    static_map,
    street_group,
    tools_group,
    view_group,
)
from layers.layer import Layer, Look, feature_group, legends_to_html
from layers.registry import CONTEXT
from layers.tracts import rank_choropleth
from layers.view import DRAWN, FOCUS_AREA, View, split_area, split_selected
from layers.water import AT_RISK, SYSTEMS
from wording.tracts import ranked_table, systems_table

MAP_HEIGHT = 520
# The map has two thirds of the screen's height, the card beside it as much. On a large screen both stay in
# view while the table below is read and its rows are chosen; on a phone the card is a sheet below the map.
IN_VIEW = """<style>
.st-key-explore_map iframe{height:max(66vh,400px)!important}
.st-key-explore_card{max-height:max(66vh,400px);overflow-y:auto}
.st-key-explore_quick button{min-height:2rem;padding:0.1rem 0.7rem}
@media (min-width:900px) and (min-height:700px){
[data-testid="stLayoutWrapper"]:has(> .st-key-explore_view){position:sticky;top:3.75rem;z-index:3;
background:#ffffff}}
@media (max-width:640px){
.st-key-explore_quick{flex-wrap:nowrap;overflow-x:auto}.st-key-explore_quick button{white-space:nowrap}
.st-key-explore_map iframe{height:62vh!important}
.st-key-explore_card{max-height:none;background:#ffffff;border-radius:16px 16px 0 0;
box-shadow:0 -4px 14px rgba(0,0,0,.25);margin-top:-1rem;padding-top:0.5rem;position:relative;z-index:4}}
</style>"""
# What is chosen in a table that is not open would be forgotten with its widget.
TABLES, SERVED_KIND = "explore.tables", "explore.served.kind"


def render() -> None:
    """Show the page."""
    region = current_region()
    with st.sidebar:
        view = choose_view(region)
    indicator = indicator_named(view.indicator)
    layers = list(chosen_layers(region, view, indicator))
    show_head(region, view, indicator, layers[0])
    st.html(IN_VIEW)
    with st.container(key="explore_view"):
        left, right = st.columns([5, 2], gap="small")
        with left, st.container(key="explore_map"):
            show_map(region, view, layers)
        with right, st.container(key="explore_card"):
            show_card(region, view, layers, indicator)
    show_areas(region)
    show_own_layer(region, view.dataset)
    show_print(region, view, layers, indicator, focus_bounds(region, view, layers), place_shown())
    show_tables(region, view, indicator)
    write_address(st.session_state["view"])


def chosen_layers(region: Region, view: View, indicator: Indicator) -> Iterator[Layer]:
    """List the layers to draw: tracts first, then those switched on that can be drawn."""
    if view.highest:
        ranked = load_ranks(region, view.dataset, indicator.key, view.highest, view.area)
        yield rank_choropleth(indicator, ranked, view.highest, view.dataset)
    else:
        yield tracts_layer(view, indicator)
    for layer in CONTEXT:
        on = layer.shown if view.layers is None else layer.key in view.layers
        if on and not missing_reason(region.key, layer.dataset):
            yield AT_RISK if layer is SYSTEMS and not draws_every_system(view) else layer


def draws_every_system(view: View) -> bool:
    """Whether all systems that the filter lets through are drawn, and not only those to look after first."""
    return bool(view.systems or view.status or view.near)


def show_head(region: Region, view: View, indicator: Indicator, tracts: Layer) -> None:
    """Say what the map shows, beside the search; below them the places to jump to and ready questions."""
    title, search = st.columns([3, 2], vertical_alignment="bottom", gap="small")
    with title:
        second = indicator_named(view.second).title if view.second else ""
        st.subheader(" × ".join(_(words) for words in (indicator.title, second) if words))
        st.caption(filter_title(region, view))
        if view.note:
            st.caption(view.note)
    with search:
        show_search(region, tracts)
    with st.container(horizontal=True, key="explore_quick", gap="small"):
        for number, focus in enumerate(region.focus):
            st.button(
                _(focus.title), key=f"explore.focus.{number}", on_click=guarded(take_focus), args=(number,)
            )
        show_questions(region, view)
    words = shown_words(region, view)
    if words:
        st.caption(words)


def show_search(region: Region, tracts: Layer) -> None:
    """Offer the search of everything that has a name on the map."""
    hits = load_hits(region, tracts.dataset, current_rights())
    st.selectbox(
        _("Search a place, a water system, a park or a tract"),
        list(hits),
        index=None,
        key=SEARCH_KEY,
        format_func=hits.__getitem__,
        placeholder=_("Type a name or a number"),
        on_change=guarded(take_search),
    )


def show_map(region: Region, view: View, layers: list[Layer]) -> None:
    """Draw the layers; a click selects."""
    st_folium(
        static_map(region.bounds, _("Map of {region}").format(region=_(region.title))),
        key=MAP_KEY,
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=list(groups(region, view, layers)),
        returned_objects=["last_active_drawing"],
        on_change=guarded(partial(take_click, region)),
    )


def groups(region: Region, view: View, layers: list[Layer]) -> Iterator[folium.FeatureGroup]:
    """Make what is put on the map: where it looks, street tiles, and the layers."""
    moves = st.session_state.get("view.moves", 0)
    token, goes = f"{region.key} {view.focus} {moves}", moves == st.session_state.get(GO)
    yield tools_group(legends_html(region, view, layers))
    bounds, home = focus_bounds(region, view, layers), region.focus[0].bounds
    yield view_group(token, bounds, place_opened(), always=goes, home=home)
    if view.layers and "streets" in view.layers and has_streets():
        yield street_group()
    picked, identifier = split_selected(view.selected)
    for layer in layers:
        shapes = shapes_address(region.key, layer.dataset)
        look = Look(shapes, identifier if layer.key == picked else None)
        yield feature_group(layer, frame_of(region, view, layer), look)
    yield from outline_of(region, view)
    yield from own_groups(region)


def outline_of(region: Region, view: View) -> Iterator[folium.FeatureGroup]:
    """Draw the edge of areas that no layer shows: those that were drawn."""
    if split_area(view.area)[0] == DRAWN:
        yield feature_group(OUTLINE, drawn_frame(area_shape(region, view.area)))
    areas = areas_frame(region, view)
    if len(areas):
        yield feature_group(DRAWN_AREAS, areas, Look(selected=view.selected))


def frame_of(region: Region, view: View, layer: Layer) -> gpd.GeoDataFrame:
    """Return what a layer draws: of tracts and water systems, those that the view shows."""
    if layer.dataset == view.dataset:
        return load_shown(region, view)
    if layer.dataset == "water_systems":
        return load_systems(region, view)
    return load_layer(region.key, layer.dataset)


def focus_bounds(region: Region, view: View, layers: list[Layer]) -> Bounds:
    """Find the box that the map looks at."""
    if view.focus.isdecimal() and int(view.focus) < len(region.focus):
        return region.focus[int(view.focus)].bounds
    if view.focus == FOCUS_AREA and view.area:
        return area_bounds(region, view)
    if view.focus == FOCUS_SELECTED and is_drawn(view.selected):
        return area_bounds(region, replace(view, area=view.selected))
    key, identifier = split_selected(view.focus)
    layer = next((item for item in (*layers, *CONTEXT) if item.key == key), None)
    if layer is not None and not missing_reason(region.key, layer.dataset):
        frame = load_shapes(region.key, layer.dataset)
        found = bounds_of(frame, layer.identifier, identifier)
        if found:
            return found
    return region.focus[0].bounds


def legends_html(region: Region, view: View, layers: list[Layer]) -> str:
    """Say what colors and signs mean; it lies on the map."""
    described = [(layer.legend, layer) for layer in layers if layer.legend is not None]
    legends = [legend(layer, frame_of(region, view, layer)) for legend, layer in described]
    return legends_to_html(legends)


def show_tables(region: Region, view: View, indicator: Indicator) -> None:
    """Show the values as tables, with downloads; a table that is not open is not made."""
    sections: dict[str, tuple[str, Callable[[], None]]] = {
        "tracts": (_("Table: census tracts"), lambda: show_tracts(region, view, indicator)),
        "systems": (_("Table: water systems"), lambda: show_systems(region, view)),
        "people": (_("People by area"), lambda: show_served(region)),
        "charts": (_("Charts"), lambda: show_charts(region, view, indicator)),
    }
    if TABLES not in st.session_state and view.tab:
        st.session_state[TABLES] = sections[view.tab][0]
    titles = {name: title for name, (title, _show) in sections.items()}
    hold_tab(TABLES, titles)
    tabs = st.tabs(list(titles.values()), key=TABLES, on_change="rerun")
    opened = dict(zip(sections, tabs, strict=True))
    for key, tab in opened.items():
        if tab.open:
            change_view(tab="" if key == "tracts" else key)
            with tab, refusing():
                sections[key][1]()
    if not opened["people"].open and SERVED_KIND in st.session_state:
        st.session_state[SERVED_KIND] = st.session_state[SERVED_KIND]


def show_charts(region: Region, view: View, indicator: Indicator) -> None:
    """Show the charts; their library is only loaded when they are."""
    from app_pages.parts.tracts import view_charts

    view_charts.show_charts(region, view, indicator)


def show_tracts(region: Region, view: View, indicator: Indicator) -> None:
    """Show the indicator of every tract."""
    if view.highest:
        ranked = load_ranks(region, view.dataset, indicator.key, view.highest, view.area)
        names = load_place_names(region, view.dataset)
        table = ranked_table(load_shown(region, view), indicator, ranked, names)
    else:
        table = load_indicator_table(region, view)
    table = choose_order(table, _(indicator.title))
    show_table(table, "tracts", "geoid", _(indicator.title))
    show_downloads(region, view, view.dataset, table)


def show_systems(region: Region, view: View) -> None:
    """Show the water systems."""
    table = choose_order(systems_table(load_systems(region, view)))
    show_table(table, "systems", "pwsid")
    show_downloads(region, view, "water_systems", table)
    show_join(region, table["pwsid"].astype(str).tolist())


render()
