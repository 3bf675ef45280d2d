"""What the browser gets of a layer: where its shapes are, and a style and a few words for each identifier.

Shapes are heavy and change seldom: the browser fetches them once from the served files, by a name made
from their content. Styles and words are light and come with every click.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import folium
import geopandas as gpd
from branca.element import MacroElement
from folium.template import Template

from geo.language import gettext as _

Symbol = Literal["area", "line", "circle", "square", "triangle", "diamond"]
Hatch = Literal["lines", "dots"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of thing is drawn; widths and radius in pixels.

    ``smallest`` is the size below which an area is drawn as a square, so that it is seen at all;
    ``outline_from`` the size from which it is drawn as a line, so that what lies below is seen.
    """

    color: str
    weight: float = 1.0
    fill: str | None = None
    fill_opacity: float = 0.75
    dashes: str | None = None
    hatch: Hatch | None = None
    symbol: Symbol = "area"
    radius: float = 5.0
    smallest: float = 0.0
    outline_from: float = 0.0

    def to_leaflet(self) -> dict[str, Any]:
        """Return Leaflet's options, those of our canvas among them."""
        options: dict[str, Any] = {
            "color": self.color,
            "weight": self.weight,
            "opacity": 1,
            "fill": self.fill is not None,
            "fillColor": self.fill,
            "fillOpacity": self.fill_opacity,
            "dashArray": self.dashes,
            "hatch": self.hatch,
            "symbol": self.symbol,
            "radius": self.radius,
            "smallest": self.smallest,
            "outlineFrom": self.outline_from,
        }
        return {name: value for name, value in options.items() if value is not None}


Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One layer as the browser draws it.

    Attributes
    ----------
    key
        The layer's.
    order
        Lower is drawn below.
    shapes
        Address of the shapes among the served files, or GeoJSON.
    styles
        The styles that rows point into.
    rows
        By identifier: the place of its style, then lines for the tooltip. None: all, in the first style.
    title
        What the second line is.
    selected
        Identifier of the one that is chosen.
    interactive
        Whether it answers to pointing and clicking.
    mentioned
        Whether its name stands in the tooltip of what is pointed at inside.
    labeled
        Whether its names are written on the map.
    until
        The closest zoom at which it is drawn: what is only a rough stand-in is not shown closer. None: any.
    """

    key: str
    order: int
    shapes: str | Mapping[str, Any]
    styles: Sequence[Style]
    rows: Mapping[str, Row] | None = None
    title: str = ""
    selected: str | None = None
    interactive: bool = True
    mentioned: bool = False
    labeled: bool = False
    until: float | None = None

    def to_json(self) -> str:
        """Write it for a script: what could end the script's element is escaped."""
        record = {
            "key": self.key,
            "order": self.order,
            "shapes": self.shapes,
            "styles": [style.to_leaflet() for style in self.styles],
            "rows": self.rows,
            "title": self.title,
            "selected": self.selected,
            "interactive": self.interactive,
            "mentioned": self.mentioned,
            "labeled": self.labeled,
            "until": self.until,
            "failure": _("The shapes could not be loaded. Load the page again."),
        }
        return to_script(record)


class ShapesElement(MacroElement):
    """Put a drawing into the feature group that it is a child of."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geoShapes.add({{ this._parent._parent.get_name() }}, {{ this._parent.get_name() }}, "
        "{{ this.json }});"
        "{% endmacro %}"
    )

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Shapes"
        self.json = drawing.to_json()


class ViewElement(MacroElement):
    """Move the map to a box, once for each token; a new one, or always, to where ``at`` says, if it does.

    A button leads to the box ``home``.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geoShapes.view({{ this._parent._parent.get_name() }}, {{ this.token }}, {{ this.bounds }}, "
        "{{ this.at }}, {{ this.always }}, {{ this.home }});"
        "{% endmacro %}"
    )

    def __init__(self, token: str, bounds: Box, at: str, *, always: bool, home: Box) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "View"
        west, south, east, north = bounds
        self.token = to_script(token)
        self.bounds = to_script([[south, west], [north, east]])
        self.at, self.always = to_script(at), to_script(always)
        west, south, east, north = home
        self.home = to_script(
            {"bounds": [[south, west], [north, east]], "title": _("Back to the whole area")}
        )


class ToolsElement(MacroElement):
    """Lay the legend and the tools of ``map_tools.js`` on the map.

    Parameters
    ----------
    words
        What each tool is called, by its name there; one without a name is left out.
    legend
        HTML, already escaped.
    title
        What the legend is called.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geoTools.setup({{ this._parent._parent.get_name() }}, {{ this.words }});"
        "geoTools.legend({{ this._parent._parent.get_name() }}, {{ this.legend }});"
        "{% endmacro %}"
    )

    def __init__(self, words: Mapping[str, Any], legend: str, title: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Tools"
        self.words = to_script(dict(words))
        self.legend = to_script({"html": legend, "title": title})


class NameElement(MacroElement):
    """Tell a screen reader what the map shows."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geoShapes.name({{ this._parent.get_name() }}, {{ this.label }});"
        "{% endmacro %}"
    )

    def __init__(self, label: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Name"
        self.label = to_script(label)


def to_group(drawing: Drawing) -> folium.FeatureGroup:
    """Make the folium group that draws it."""
    group = folium.FeatureGroup(name=drawing.key, control=False)
    ShapesElement(drawing).add_to(group)
    return group


def inline_shapes(frame: gpd.GeoDataFrame, identifier: str) -> dict[str, Any]:
    """Return a frame's shapes as GeoJSON, for what has no served file; EPSG:4326.

    Examples
    --------
    >>> from shapely.geometry import Point
    >>> frame = gpd.GeoDataFrame({"geoid": ["1"]}, geometry=[Point(-116, 33)], crs="EPSG:4326")
    >>> inline_shapes(frame, "geoid")["features"][0]["id"]
    '1'
    """
    shown = frame.loc[frame.geometry.notna() & ~frame.geometry.is_empty, [identifier, "geometry"]]
    named = shown.set_index(shown[identifier].astype(str))[["geometry"]]
    collection: dict[str, Any] = json.loads(named.to_json())
    return collection


_TEMPLATE = re.compile(r"\{(?=[{%#])")


def to_script(value: Any) -> str:
    r"""Write a value as JSON that may stand inside a script element, and inside a template.

    branca reads the finished script as a Jinja template once more: what would begin an expression, a
    statement or a comment there is escaped. In JSON such pairs of signs stand inside of text alone.

    Examples
    --------
    >>> to_script("</script>")
    '"\\u003c/script\\u003e"'
    >>> to_script({"name": "{{ 7 * 191 }}"})
    '{"name":"\\u007b{ 7 * 191 }}"}'
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return _TEMPLATE.sub(r"\\u007b", text)
