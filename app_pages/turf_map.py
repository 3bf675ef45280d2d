"""The map of the page Turfs: blocks of the target or turfs by colour, barriers, and drawing."""

from __future__ import annotations

from collections.abc import Iterator

import folium
import geopandas as gpd
import streamlit as st
from folium.plugins import Draw
from streamlit_folium import st_folium

from app_pages.canvass_data import Work, is_built, unit_dataset
from app_pages.common import load_shapes, load_sidecar
from app_pages.turf_target import DRAWN
from geo.canvass_cut import turf_shapes
from geo.canvass_target import Target
from geo.language import gettext as _
from geo.region import Bounds, Region
from layers.layer import Layer, Look, feature_group
from layers.legend import legends_to_html
from layers.registry import PLACES
from layers.static_map import static_map, view_group
from layers.turfs import BARRIERS, BLOCKS, TURFS

MAP_HEIGHT = 520
SHAPES = {"circle": False, "circlemarker": False, "marker": False, "polyline": False}


def show_turf_map(region: Region, target: Target | None, work: Work | None, *, drawing: bool) -> None:
    """Draw the map and its legend; what is drawn on it is kept."""
    drawn = list(frames_of(region, target, work))
    chart = static_map(region.bounds, _("Map of turfs"))
    if drawing:
        Draw(draw_options=SHAPES).add_to(chart)  # type: ignore[no-untyped-call]
    found = st_folium(
        chart,
        key="turfs.map.draw" if drawing else "turfs.map",
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=list(groups(region, drawn)),
        returned_objects=["all_drawings"] if drawing else [],
    )
    st.html(legends_to_html([layer.legend(layer, frame) for layer, frame, _shapes in drawn if layer.legend]))
    if drawing:
        take_drawing(found)


def take_drawing(found: dict[str, object]) -> None:
    """Keep what was drawn last."""
    drawings = found.get("all_drawings")
    if isinstance(drawings, list) and drawings and drawings[-1] != st.session_state.get(DRAWN):
        st.session_state[DRAWN] = drawings[-1]
        st.rerun()


def frames_of(
    region: Region, target: Target | None, work: Work | None
) -> Iterator[tuple[Layer, gpd.GeoDataFrame, str | None]]:
    """List what is drawn, each with the address of its shapes."""
    if is_built(region, "places"):
        yield PLACES, load_shapes(region.key, "places"), shapes_of(region, "places")
    if work is not None:
        yield TURFS, turf_shapes(work.history.now), None
    elif target is not None:
        blocks = load_shapes(region.key, unit_dataset(region))
        chosen = blocks[blocks["geoid"].isin(target.units.index)]
        yield BLOCKS, chosen, shapes_of(region, unit_dataset(region))
    if is_built(region, "barriers"):
        yield BARRIERS, load_shapes(region.key, "barriers"), shapes_of(region, "barriers")


def shapes_of(region: Region, dataset: str) -> str | None:
    """Return the address of a dataset's shapes among the served files."""
    found: str | None = load_sidecar(region.key, dataset).record.get("shapes")
    return found


def groups(
    region: Region, drawn: list[tuple[Layer, gpd.GeoDataFrame, str | None]]
) -> Iterator[folium.FeatureGroup]:
    """Make what is put on the map."""
    bounds: Bounds = region.focus[0].bounds
    yield view_group(f"{region.key} turfs", bounds)
    for layer, frame, shapes in drawn:
        yield feature_group(layer, frame, Look(shapes))
