"""Explore: one indicator on the map, with its table and its sources."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from app_pages.common import current_region, load_shapes, load_sidecar, refusing
from geo.indicators import indicator_named
from geo.language import gettext as _
from layers.choropleth import Shading, choropleth
from layers.layer import Look, feature_group
from layers.legend import legends_to_html
from layers.registry import LAYERS
from layers.static_map import static_map, view_group


def render() -> None:
    region = current_region()
    tracts = choropleth(Shading(indicator_named("share_uninsured")), "tracts_2010")
    layers = [tracts, *LAYERS.values()]
    chart = static_map(region.bounds, _("Map"))
    groups = [view_group("0", region.focus[0].bounds)]
    legends = []
    for layer in layers:
        frame = load_shapes(region.key, layer.dataset)
        look = Look(load_sidecar(region.key, layer.dataset).record.get("shapes"))
        groups.append(feature_group(layer, frame, look))
        legends.append(layer.legend(layer, frame))
    left, right = st.columns([7, 3])
    with left:
        found = st_folium(chart, key="map", height=560, use_container_width=True, feature_group_to_add=groups, returned_objects=["last_active_drawing"])
    with right:
        st.html(legends_to_html(legends))
        st.write(found)


with refusing():
    render()
