"""A layer that somebody brought: points, lines and areas in one color, each with its name."""

from __future__ import annotations

from collections.abc import Mapping

import folium
import geopandas as gpd

from geo.language import mark as N_
from layers.drawing import Style
from layers.layer import Look, feature_group
from layers.plain import plain_layer

COLORS: Mapping[str, str] = {
    "#7b3294": N_("purple"),
    "#b2182b": N_("red"),
    "#1b7837": N_("green"),
    "#8c510a": N_("brown"),
    "#1a1a1a": N_("black"),
}
"""Colors that somebody can choose, marked for translation."""

IDENTIFIER, NAME, DETAIL = "own_id", "own_name", "own_detail"
POINTS = ("Point", "MultiPoint")
LINES = ("LineString", "MultiLineString")


def own_layer_groups(frame: gpd.GeoDataFrame, color: str, title: str) -> list[folium.FeatureGroup]:
    """Draw a layer that somebody brought, areas below points; what it holds is text, never read as HTML.

    Parameters
    ----------
    frame
        In EPSG:4326, with ``own_name``, and ``own_detail`` where something more is to be shown.
    color
        One of :data:`COLORS`; any other text counts as the first.
    title
        What the layer is called.
    """
    shade = color if color in COLORS else next(iter(COLORS))
    styles = {
        "area": Style(shade, weight=2.2, fill=shade, fill_opacity=0.12),
        "line": Style(shade, weight=3.0),
        "circle": Style("#ffffff", weight=1.2, fill=shade, fill_opacity=0.95, symbol="circle", radius=6),
    }
    ours = frame.assign(**{IDENTIFIER: [f"own{place}" for place in range(len(frame))]})
    details = (DETAIL,) if DETAIL in frame else ()
    groups = []
    for order, (kind, style) in enumerate(styles.items(), 82):
        part = ours[[_kind_of(shape) == kind for shape in ours.geom_type]]
        if len(part):
            layer = plain_layer(
                f"own_{kind}", title, "tracts_2010", IDENTIFIER, style, order, name=NAME, details=details
            )
            groups.append(feature_group(layer, part, Look(None)))
    return groups


def _kind_of(shape: str) -> str:
    return "circle" if shape in POINTS else "line" if shape in LINES else "area"
