"""A map of layers with its legend below, drawn and not asked anything back."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
from streamlit_folium import st_folium

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built, load_shapes, shapes_address
from geo.region import Bounds, Region
from layers.base_map import static_map, view_group
from layers.layer import Layer, Look, feature_group, legends_to_html
from layers.registry import PLACES
from reports.printed_map import Printed

Drawn = tuple[Layer, gpd.GeoDataFrame, str | None]
"""A layer, its frame, and the address of the frame's shapes among the served files, if they are there."""


def shapes_of(region: Region, dataset: str) -> str | None:
    """Address of a dataset's shapes among the served files; None where they are not built."""
    return shapes_address(region.key, dataset) if is_built(region, dataset) else None


def places_drawn(region: Region) -> list[Drawn]:
    """Towns for orientation, where they are built."""
    if not is_built(region, "places"):
        return []
    return [(PLACES, load_shapes(region.key, "places"), shapes_of(region, "places"))]


def show_layers(
    drawn: Sequence[Drawn], title: str, key: str, height: int, opens_on: Bounds, view: tuple[str, Bounds]
) -> None:
    """Draw layers one upon the other, and their legends.

    Parameters
    ----------
    title
        What a screen reader calls the map.
    opens_on
        West, south, east, north in degrees: of the map that stays.
    view
        A token and the box that the map moves to, once for each token.
    """
    st_folium(
        static_map(opens_on, title),
        key=key,
        height=height,
        use_container_width=True,
        feature_group_to_add=[
            view_group(*view),
            *(feature_group(layer, frame, Look(shapes)) for layer, frame, shapes in drawn),
        ],
        returned_objects=[],
    )
    st.html(legends_to_html([layer.legend(layer, frame) for layer, frame, _shapes in drawn if layer.legend]))


def to_printed(layer: Layer, frame: gpd.GeoDataFrame, selected: str | None = None) -> Printed:
    """Lay a layer out for print, as it is drawn on the screen."""
    drawing = layer.draw(layer, frame, Look(layer.dataset, selected))
    shapes = frame.geometry.set_axis(frame[layer.identifier].astype(str))
    if drawing.rows is not None:
        # What a layer leaves out on the screen is left out on paper.
        shapes = gpd.GeoSeries(shapes[shapes.index.isin(list(drawing.rows))])
    return Printed(shapes, drawing.styles, drawing.rows, drawing.order, drawing.labeled, drawing.selected)
