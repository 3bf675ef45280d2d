"""A map on which a person draws one area, with the tools of Leaflet.draw as the dashboard serves them."""

from __future__ import annotations

import folium
from folium.plugins import Draw

from geo.language import mark as N_
from geo.region import Bounds
from layers.drawing import Style
from layers.plain import plain_layer
from layers.static_map import static_map

COLOUR = "#8a1c00"
OUTLINE = plain_layer(
    "outline",
    N_("Drawn area"),
    "tracts_2010",
    "area",
    Style(COLOUR, weight=3, fill=COLOUR, fill_opacity=0.15),
    80,
    name=None,
    mentioned=False,
)
TOOLS = {
    "polygon": {"allowIntersection": False, "shapeOptions": {"color": COLOUR}},
    "rectangle": {"shapeOptions": {"color": COLOUR}},
    "polyline": False,
    "circle": False,
    "circlemarker": False,
    "marker": False,
}


def drawing_map(bounds: Bounds, title: str) -> folium.Map:
    """Make a map with tools to draw a polygon or a rectangle.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees (EPSG:4326).
    title
        What a screen reader calls it.
    """
    chart = static_map(bounds, title)
    tools = Draw(  # type: ignore[no-untyped-call]
        export=False, draw_options=TOOLS, edit_options={"edit": False, "remove": False}
    )
    tools.add_to(chart)
    return chart
