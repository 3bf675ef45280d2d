"""The base map, nothing but what the dashboard serves itself; and one with tools to draw an area."""

from __future__ import annotations

from collections.abc import Collection

import folium
from folium.plugins import Draw

from geo.language import current_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Bounds
from geo.settings import OPEN_STREET_MAP, tile_hosts
from layers.assets import use_served_assets
from layers.drawing import NameElement, Style, ToolsElement, ViewElement
from layers.plain import plain_layer

STREETS = f"{OPEN_STREET_MAP}/{{z}}/{{x}}/{{y}}.png"
STREETS_CREDIT = "&copy; OpenStreetMap contributors"


def static_map(bounds: Bounds, title: str) -> folium.Map:
    """Make the map that stays while layers change.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees (EPSG:4326): what it opens on.
    title
        What a screen reader calls it; it goes on to say how to do without the map, as shapes on a canvas
        cannot be reached by keyboard.
    """
    use_served_assets()
    west, south, east, north = bounds
    chart = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=9,
        tiles=None,
        prefer_canvas=True,
        control_scale=True,
        zoom_snap=0.5,
        zoom_delta=1,
    )
    instead = _("By keyboard: the lists and tables of this page hold it, too; Shift and space choose a row.")
    NameElement(f"{title}. {instead}").add_to(chart)
    return chart


def view_group(
    token: str, bounds: Bounds, at: str = "", *, always: bool = False, home: Bounds | None = None
) -> folium.FeatureGroup:
    """Move the map to a box, once for each token; a map that is new to where ``at`` says.

    Parameters
    ----------
    at
        Latitude, longitude (degrees) and zoom, as the page's address holds them; empty for the box.
    always
        Whether a map that is there already goes to ``at``, too.
    home
        Where the button leads that goes back; None for the box itself.
    """
    group = folium.FeatureGroup(name="view", control=False)
    ViewElement(token, bounds, at, always=always, home=home or bounds).add_to(group)
    return group


def tools_group(legend: str) -> folium.FeatureGroup:
    """Lay a legend (HTML, already escaped) and the tools on the map."""
    group = folium.FeatureGroup(name="tools", control=False)
    ToolsElement(tool_words(), legend, _("Legend")).add_to(group)
    return group


def tool_words() -> dict[str, str]:
    """Return what each tool on the map is called, and what it says while it is used."""
    return {
        "tools": _("Map tools"),
        "fullscreen": _("Full screen"),
        "locate": _("Show where I am"),
        "notFound": _("Your location is not available here."),
        "measure": _("Measure a distance"),
        "measureHow": _("Click points along the way. Esc ends."),
        "measured": _("{miles} mi ({km} km)"),
        "copy": _("Copy a link to this view"),
        "copied": _("Link copied."),
        "polygon": _("Draw an area"),
        "polygonHow": _("Click corner by corner; click the first one again to finish."),
        "circle": _("Draw a circle"),
        "circleHow": _("Press at the center and drag outward."),
        "radius": _("Radius"),
        "corridor": _("Draw a corridor along a line"),
        "drawFailed": _("The drawing tools could not be loaded. Try again."),
        "corridorHow": _("Click along the line; click the last point again to finish."),
        "crossed": _("Lines of an area may not cross."),
        "pick": _("Pick tracts by click"),
        "pickHow": _("Click tracts to add or remove them. Esc ends."),
        "north": _("North is up"),
        "locale": current_language(),
    }


def has_streets() -> bool:
    """Whether this installation lets a browser fetch street tiles from their host.

    Examples
    --------
    >>> has_streets()
    False
    """
    return OPEN_STREET_MAP in tile_hosts()


def street_group() -> folium.FeatureGroup:
    """Street tiles from OpenStreetMap: an extra that may fail without harm."""
    group = folium.FeatureGroup(name=_("Streets"), control=False)
    # Their host asks to be told which site shows them; the site's name is all that it is told.
    folium.TileLayer(STREETS, attr=STREETS_CREDIT, name="streets", referrer_policy="strict-origin").add_to(
        group
    )
    return group


COLOR = "#8a1c00"
OUTLINE = plain_layer(
    "outline",
    N_("Drawn area"),
    "tracts_2010",
    "area",
    Style(COLOR, weight=3, fill=COLOR, fill_opacity=0.15),
    80,
    name=None,
    mentioned=False,
)
DRAWN_AREAS = plain_layer(
    "drawn",
    N_("Drawn areas"),
    "tracts_2010",
    "area",
    Style(COLOR, weight=3, fill=COLOR, fill_opacity=0.08),
    81,
    mentioned=False,
    labeled=True,
)
TOOLS = {
    "polygon": {"allowIntersection": False, "shapeOptions": {"color": COLOR}},
    "rectangle": {"shapeOptions": {"color": COLOR}},
    "polyline": False,
    "circle": False,
    "circlemarker": False,
    "marker": False,
}


# What a tool is called, with its options: an area, or a point and a line.
OTHER_TOOLS = {"marker": True, "polyline": {"shapeOptions": {"color": COLOR, "weight": 5}}}


def drawing_map(bounds: Bounds, title: str, tools: Collection[str] = ("polygon", "rectangle")) -> folium.Map:
    """Make a map with tools to draw a polygon or a rectangle, or others.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees (EPSG:4326).
    title
        What a screen reader calls it.
    tools
        Of ``polygon``, ``rectangle``, ``polyline`` and ``marker``.
    """
    chart = static_map(bounds, title)
    known = {**TOOLS, **OTHER_TOOLS}
    options = {name: known[name] if name in tools else False for name in TOOLS}
    Draw(  # type: ignore[no-untyped-call]
        export=False, draw_options=options, edit_options={"edit": False, "remove": False}
    ).add_to(chart)
    return chart
