"""Explore: one indicator on the map, with its profile card, its table and its sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import folium
import geopandas as gpd
from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes, missing_reason, shapes_address
from app_pages.parts.page import current_region, guarded, refusing
from app_pages.parts.tracts.areas import area_shape
from app_pages.parts.tracts.cards import show_served
from app_pages.parts.tracts.compared_areas import drawn_frame
from app_pages.parts.tracts.downloads import show_downloads, show_join, show_print
from app_pages.parts.tracts.filters import filter_title, show_questions
from app_pages.parts.tracts.frames import (
    area_bounds,
    load_indicator_table,
    load_layer,
    load_place_names,
    load_ranks,
    load_shown,
    load_systems,
)
from app_pages.parts.tracts.own_layer import own_groups, show_own_layer
from app_pages.parts.tracts.profiles import show_card
from app_pages.parts.tracts.selection import (
    MAP_KEY,
    SEARCH_KEY,
    choose_view,
    load_hits,
    map_key,
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
from layers.base_map import OUTLINE, drawing_map, has_streets, static_map, street_group, view_group
from layers.layer import Layer, Look, feature_group, legends_to_html
from layers.registry import CONTEXT
from layers.tracts import Shading, choropleth, rank_choropleth
from layers.view import DRAWN, FOCUS_AREA, View, split_area, split_selected
from wording.tracts import ranked_table, systems_table

MAP_HEIGHT = 490
# What is chosen in a table that is not open would be forgotten with its widget.
# On a large screen map and card stay in view while the table below them is read and its rows are chosen.
IN_VIEW = """<style>
@media (min-width:900px){
[data-testid="stLayoutWrapper"]:has(> .st-key-explore_card){position:sticky;top:3.9rem;
max-height:calc(100vh - 4.5rem);overflow-y:auto}}
@media (min-width:900px) and (min-height:760px){
[data-testid="stLayoutWrapper"]:has(> .st-key-explore_map){position:sticky;top:3.9rem;z-index:3}}
</style>"""
TABLES, SERVED_KIND = "explore.tables", "explore.served.kind"


def render() -> None:
    """Show the page."""
    region = current_region()
    with st.sidebar:
        view = choose_view(region)
    indicator = indicator_named(view.indicator)
    layers = list(chosen_layers(region, view, indicator))
    show_title(region, view, indicator)
    show_search(region, view, layers[0])
    show_questions(region, view)
    left, right = st.columns([2, 1], gap="medium")
    st.html(IN_VIEW)
    with left:
        with st.container(key="explore_map"):
            show_map(region, view, layers)
        show_legends(region, view, layers)
        show_own_layer(region, view.dataset)
        show_print(region, view, layers, indicator, focus_bounds(region, view, layers))
        show_tables(region, view, indicator)
    with right, st.container(key="explore_card"):
        show_card(region, view, layers, indicator)
    write_address(view)


def chosen_layers(region: Region, view: View, indicator: Indicator) -> Iterator[Layer]:
    """List the layers to draw: tracts first, then those switched on that can be drawn."""
    if view.highest:
        ranked = load_ranks(region, view.dataset, indicator.key, view.highest, view.area)
        yield rank_choropleth(indicator, ranked, view.highest, view.dataset)
    else:
        shading = Shading(indicator, view.scheme, view.classes, view.limits)
        yield choropleth(shading, view.dataset)
    for layer in CONTEXT:
        on = layer.shown if view.layers is None else layer.key in view.layers
        if on and not missing_reason(region.key, layer.dataset):
            yield layer


def show_title(region: Region, view: View, indicator: Indicator) -> None:
    """Say what the map shows."""
    st.subheader(_(indicator.title))
    st.caption(filter_title(region, view))


def show_search(region: Region, view: View, tracts: Layer) -> None:
    """Offer the search and the places that the map can jump to."""
    hits = load_hits(region, tracts.dataset)
    search, *buttons = st.columns([5, *[2] * len(region.focus)], vertical_alignment="bottom")
    search.selectbox(
        _("Search a place, a water system, a park or a tract"),
        list(hits),
        index=None,
        key=SEARCH_KEY,
        format_func=hits.__getitem__,
        placeholder=_("Type a name or a number"),
        on_change=guarded(take_search),
    )
    for number, (column, focus) in enumerate(zip(buttons, region.focus, strict=True)):
        key = f"explore.focus.{number}"
        column.button(_(focus.title), key=key, on_click=guarded(take_focus), args=(number,), width="stretch")


def show_map(region: Region, view: View, layers: list[Layer]) -> None:
    """Draw the layers; a click selects."""
    key = map_key()
    make = static_map if key == MAP_KEY else drawing_map
    st_folium(
        make(region.bounds, _("Map of {region}").format(region=_(region.title))),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=list(groups(region, view, layers)),
        returned_objects=["last_active_drawing"],
        on_change=guarded(take_click),
    )


def groups(region: Region, view: View, layers: list[Layer]) -> Iterator[folium.FeatureGroup]:
    """Make what is put on the map: where it looks, street tiles, and the layers."""
    token = f"{region.key} {view.focus} {st.session_state.get('view.moves', 0)}"
    yield view_group(token, focus_bounds(region, view, layers))
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
    """Draw the edge of an area that no layer shows: one that was drawn."""
    if split_area(view.area)[0] == DRAWN:
        yield feature_group(OUTLINE, drawn_frame(area_shape(region, view.area)))


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
    key, identifier = split_selected(view.focus)
    layer = next((item for item in (*layers, *CONTEXT) if item.key == key), None)
    if layer is not None and not missing_reason(region.key, layer.dataset):
        frame = load_shapes(region.key, layer.dataset)
        found = bounds_of(frame, layer.identifier, identifier)
        if found:
            return found
    return region.focus[0].bounds


def show_legends(region: Region, view: View, layers: list[Layer]) -> None:
    """Say what colors and signs mean."""
    described = [(layer.legend, layer) for layer in layers if layer.legend is not None]
    legends = [legend(layer, frame_of(region, view, layer)) for legend, layer in described]
    st.html(legends_to_html(legends))


def show_tables(region: Region, view: View, indicator: Indicator) -> None:
    """Show the values as tables, with downloads; a table that is not open is not made."""
    sections: dict[str, Callable[[], None]] = {
        _("Table: census tracts"): lambda: show_tracts(region, view, indicator),
        _("Table: water systems"): lambda: show_systems(region, view),
        _("People by area"): lambda: show_served(region),
    }
    tabs = st.tabs(list(sections), key=TABLES, on_change="rerun")
    for tab, show in zip(tabs, sections.values(), strict=True):
        if tab.open:
            with tab, refusing():
                show()
    if not tabs[-1].open and SERVED_KIND in st.session_state:
        st.session_state[SERVED_KIND] = st.session_state[SERVED_KIND]


def show_tracts(region: Region, view: View, indicator: Indicator) -> None:
    """Show the indicator of every tract."""
    if view.highest:
        ranked = load_ranks(region, view.dataset, indicator.key, view.highest, view.area)
        names = load_place_names(region, view.dataset)
        table = ranked_table(load_shown(region, view), indicator, ranked, names)
    else:
        table = load_indicator_table(region, view)
    show_table(table, "tracts", "geoid", _(indicator.title))
    show_downloads(region, view, view.dataset, table)


def show_systems(region: Region, view: View) -> None:
    """Show the water systems."""
    table = systems_table(load_systems(region, view))
    show_table(table, "systems", "pwsid")
    show_downloads(region, view, "water_systems", table)
    show_join(region, table["pwsid"].astype(str).tolist())


render()
