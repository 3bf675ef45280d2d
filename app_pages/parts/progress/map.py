"""The coverage map: tracts by the share of their households that the canvass reached."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from app_pages.parts.common import is_built, load_shapes, load_sidecar
from geo.canvass.coverage import cover_classes, cover_words
from geo.language import gettext as _
from geo.region import Region
from layers.canvass import REACHED
from layers.layer import Look, feature_group
from layers.legend import legends_to_html
from layers.registry import PLACES
from layers.static_map import static_map, view_group

MAP_HEIGHT = 440


def show_coverage(region: Region, table: pd.DataFrame, units: gpd.GeoDataFrame) -> None:
    """Draw the map, where the turfs are, and its legend."""
    tracts = load_shapes(region.key, "tracts_2020")
    counted = units.groupby("tract_geoid")["households"].sum()
    geoids = tracts["geoid"].astype(str)
    frame = tracts[["geoid", "geometry"]].assign(
        cover=cover_classes(table, geoids, counted), words=cover_words(table, geoids)
    )
    ours = frame[geoids.isin(table.index)]
    west, south, east, north = ours.total_bounds if len(ours) else region.focus[0].bounds
    bounds = (float(west), float(south), float(east), float(north))
    drawn = [(REACHED, frame, "tracts_2020")]
    if is_built(region, "places"):
        drawn.append((PLACES, load_shapes(region.key, "places"), "places"))
    groups = [
        feature_group(layer, shapes, Look(load_sidecar(region.key, name).record.get("shapes")))
        for layer, shapes, name in drawn
    ]
    st_folium(
        static_map(region.bounds, _("Map of households reached")),
        key="progress.map",
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=[view_group(f"{region.key} progress", bounds), *groups],
        returned_objects=[],
    )
    st.html(legends_to_html([layer.legend(layer, shapes) for layer, shapes, _name in drawn if layer.legend]))
