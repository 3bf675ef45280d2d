"""The map of the page Turfs: the target, tracts to choose, turfs and their blocks, barriers, drawing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import folium
import geopandas as gpd
import pandas as pd
from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import OF_UNITS, load_units, unit_dataset
from app_pages.parts.canvass.cut_session import Work
from app_pages.parts.canvass.saturday import answered_draft
from app_pages.parts.canvass.target import CLICKED, DRAWN, VERSION, chosen_tracts, ways_chosen
from app_pages.parts.canvass.turf_cut import CLICKED_UNIT
from app_pages.parts.loading import is_built, kept, load_shapes, shapes_address
from app_pages.parts.page import guarded
from geo.canvass.target import Target
from geo.canvass.turf_plan import kept_shapes, turf_shapes, unit_rows
from geo.crs import STORED
from geo.errors import GeoError
from geo.language import gettext as _
from geo.methods.drawing import read_drawings
from geo.region import Bounds, Region
from layers.base_map import OUTLINE, drawing_map, static_map, view_group
from layers.canvass import (
    BARRIERS,
    CROSSINGS,
    KEPT,
    PLACE_LINES,
    TRACTS_TO_CHOOSE,
    TURFS,
    UNITS,
    target_layer,
)
from layers.layer import Layer, Look, feature_group, legends_to_html
from layers.registry import PLACES
from store.canvass.book import CanvassBook

MAP_HEIGHT = 520
SEEN = "turfs.seen"
DRAWN_TO_M = 3.0


class Shown(NamedTuple):
    """A layer on the map: its frame, and the address of its shapes."""

    layer: Layer
    frame: gpd.GeoDataFrame
    shapes: str | None = None


def show_turf_map(region: Region, book: CanvassBook, target: Target | None, work: Work | None) -> None:
    """Draw the map and its legend; what is drawn or clicked on it is kept."""
    ways = ways_chosen()
    drawing = work is None and bool(ways & {"draw", "tracts"})
    shown = list(layers_of(region, book, target, work, ways))
    chart = (drawing_map if drawing else static_map)(region.bounds, _("Map of turfs"))
    version = st.session_state.get(VERSION, 0)
    key = f"turfs.map.draw.{version}" if drawing else "turfs.map"

    def take() -> None:
        take_click(key)
        if drawing:
            take_drawing(key)

    st_folium(
        chart,
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        feature_group_to_add=list(groups(region, shown, target, work)),
        returned_objects=["all_drawings", "last_active_drawing"] if drawing else ["last_active_drawing"],
        on_change=guarded(take),
    )
    st.html(
        legends_to_html([item.layer.legend(item.layer, item.frame) for item in shown if item.layer.legend])
    )


def take_click(key: str) -> None:
    """Keep which tract or block was clicked; a second click on a tract takes it out again."""
    found: dict[str, Any] = st.session_state.get(key) or {}
    reported = (found.get("last_active_drawing") or {}).get("properties") or {}
    if "layer" not in reported or reported == st.session_state.get(SEEN):
        return
    st.session_state[SEEN] = reported
    if reported["layer"] == TRACTS_TO_CHOOSE.key:
        st.session_state[CLICKED] = set(st.session_state.get(CLICKED, set())) ^ {reported["id"]}
    elif reported["layer"] == UNITS.key:
        st.session_state[CLICKED_UNIT] = reported["id"]


def take_drawing(key: str) -> None:
    """Keep what is drawn on the map: all of it, or none where it is too much."""
    found: dict[str, Any] = st.session_state.get(key) or {}
    drawings = [item for item in found.get("all_drawings") or [] if item.get("geometry")]
    if drawings:
        read_drawings(drawings)
        st.session_state[DRAWN] = drawings


def layers_of(
    region: Region, book: CanvassBook, target: Target | None, work: Work | None, ways: set[str]
) -> Iterator[Shown]:
    """List what is drawn, each with the address of its shapes."""
    if is_built(region, "places"):
        layer = PLACES if work is None else PLACE_LINES
        yield Shown(layer, load_shapes(region.key, "places"), shapes_of(region, "places"))
    if work is not None:
        yield from work_layers(region, work)
    elif "tracts" in ways:
        yield tracts_layer(region)
    elif target is not None:
        chosen, shapes = drawn_units(region, target.units)
        yield Shown(target_layer(unit_dataset(region)), chosen, shapes)
    if work is None and "draw" in ways:
        yield Shown(OUTLINE, drawn_frame())
    turfs = book.turfs()
    if work is None and len(turfs):
        yield Shown(KEPT, _kept(region, turfs[["units", "doors"]]))
    if is_built(region, "barriers"):
        barriers, shapes = load_shapes(region.key, "barriers"), shapes_of(region, "barriers")
        yield Shown(BARRIERS, barriers[~barriers["is_crossing"]], shapes)
        yield Shown(CROSSINGS, barriers[barriers["is_crossing"]], shapes)


def work_layers(region: Region, work: Work) -> Iterator[Shown]:
    """List the blocks of a cut by the color of their turf, and the turfs with their numbers."""
    blocks, shapes = drawn_units(region, work.units)
    rows = unit_rows(work.history.now, work.units)
    frame = gpd.GeoDataFrame(blocks.merge(rows, on="geoid"), crs=blocks.crs)
    yield Shown(UNITS, frame, shapes)
    yield Shown(TURFS, turf_shapes(work.history.now, work.units))


def drawn_units(region: Region, units: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str | None]:
    """Return units as they are drawn: shapes that are served, or their own where some are parts of those."""
    blocks = load_shapes(region.key, unit_dataset(region))[["geoid", "geometry"]]
    if units.index.isin(blocks["geoid"]).all():
        return blocks[blocks["geoid"].isin(units.index)], shapes_of(region, unit_dataset(region))
    shapes = gpd.GeoSeries(units.geometry.simplify(DRAWN_TO_M), crs=units.crs).to_crs(STORED)
    return gpd.GeoDataFrame({"geoid": units.index.astype(str)}, geometry=list(shapes), crs=STORED), None


def tracts_layer(region: Region) -> Shown:
    """Return the tracts that can be chosen by a click, those chosen marked."""
    try:
        picked = chosen_tracts(region)
    except GeoError:
        picked = []
    units = load_units(region)
    tracts = load_shapes(region.key, "tracts_2020")[["geoid", "ca_htc_index", "geometry"]]
    here = tracts[tracts["geoid"].isin(units["tract_geoid"])]
    homes = here["geoid"].map(units["households"].groupby(units["tract_geoid"]).sum())
    frame = here.assign(chosen=here["geoid"].isin(picked), households=pd.to_numeric(homes))
    return Shown(TRACTS_TO_CHOOSE, gpd.GeoDataFrame(frame), shapes_of(region, "tracts_2020"))


def drawn_frame() -> gpd.GeoDataFrame:
    """Return what is drawn as a frame."""
    shapes = read_drawings(st.session_state.get(DRAWN, []))
    names = [str(place) for place in range(len(shapes))]
    return gpd.GeoDataFrame({"area": names}, geometry=shapes, crs=STORED)


def shapes_of(region: Region, dataset: str) -> str | None:
    """Return the address of a dataset's shapes among the served files."""
    return shapes_address(region.key, dataset)


def groups(
    region: Region, shown: list[Shown], target: Target | None, work: Work | None
) -> Iterator[folium.FeatureGroup]:
    """Make what is put on the map; it looks at the areas chosen by name, or at the turfs of a day."""
    bounds, token = region.focus[0].bounds, f"{region.key} turfs"
    if "place" in ways_chosen() and target is not None:
        bounds, token = bounds_of(target.units), f"{token} {st.session_state.get('turfs.areas')}"
    if work is not None and work.draft == answered_draft():
        bounds, token = bounds_of(work.units), f"{token} {work.draft}"
    yield view_group(token, bounds)
    for item in shown:
        yield feature_group(item.layer, item.frame, Look(item.shapes))


def bounds_of(units: gpd.GeoDataFrame) -> Bounds:
    """Return the box around units in degrees."""
    west, south, east, north = units.geometry.to_crs(STORED).total_bounds.tolist()
    return west, south, east, north


def shapes_kept(region: Region, turfs: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return turfs that are kept with their shapes: :func:`geo.canvass.turf_plan.kept_shapes`.

    Parameters
    ----------
    turfs
        ``units`` (a tuple) and ``doors`` by code.
    """
    return _kept(region, turfs)


@kept(*OF_UNITS, most=4)
def _kept(region: Region, turfs: pd.DataFrame) -> gpd.GeoDataFrame:
    return kept_shapes(turfs, load_units(region))
