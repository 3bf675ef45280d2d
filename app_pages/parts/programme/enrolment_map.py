"""The map of an enrolment: tracts by the share of their eligible people who enrolled."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from app_pages.parts.common import load_shapes, load_sidecar
from app_pages.parts.programme.data import load_if_built
from app_pages.parts.programme.map import MAP_HEIGHT, acs_years, tract_shapes
from geo.language import gettext as _
from geo.programme.area import Area
from geo.programme.declared import Programme
from geo.region import Region
from layers.enrolment import ENROLMENT
from layers.layer import Look, feature_group
from layers.legend import legends_to_html
from layers.programme import AREA
from layers.registry import PLACES
from layers.static_map import static_map, view_group


def show_enrolment_map(region: Region, programme: Programme, area: Area, classes: pd.DataFrame) -> None:
    """Draw the tracts by the share of their eligible people who enrolled, with the source of both numbers."""
    tracts = load_shapes(region.key, "tracts_2010")[["geoid", "geometry"]]
    frame = gpd.GeoDataFrame(tracts.merge(classes, on="geoid"), crs=tracts.crs)
    frames = [(ENROLMENT, frame, tract_shapes(region)), (AREA, area.frame(), None)]
    places = load_if_built(region, "places")
    if places is not None:
        frames.insert(1, (PLACES, places, load_sidecar(region.key, "places").record.get("shapes")))
    st_folium(
        static_map(region.bounds, _("Map of who enrolled")),
        key="programme.enrolment.map",
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=[
            view_group(f"enrolment {region.key} {programme.key}", area.bounds),
            *(feature_group(layer, own, Look(shapes)) for layer, own, shapes in frames),
        ],
        returned_objects=[],
    )
    st.html(legends_to_html([layer.legend(layer, own) for layer, own, _shapes in frames if layer.legend]))
    st.caption(
        _(
            "Enrolled: as recorded here. Eligible: ACS {years} and the rules above; marks tell how sure the "
            "estimate of the eligible is."
        ).format(years=acs_years(region))
    )
