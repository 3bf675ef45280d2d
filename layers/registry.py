"""The layers of the map, from bottom to top; pages and tests iterate them."""

from __future__ import annotations

from geo.language import mark as N_
from layers import palette
from layers.drawing import Style
from layers.layer import Layer
from layers.plain import plain_layer

COUNTIES = plain_layer(
    "counties",
    N_("Counties"),
    "counties",
    "geoid",
    Style("#404040", weight=2, dashes="10 4 2 4"),
    60,
    mentioned=False,
    shown=True,
)
PLACES = plain_layer(
    "places",
    N_("Places"),
    "places",
    "geoid",
    Style("#6b4f2a", weight=1.4, dashes="2 3"),
    55,
    labelled=True,
    shown=True,
)
CONTEXT: tuple[Layer, ...] = (COUNTIES, PLACES)
LAYERS: dict[str, Layer] = {layer.key: layer for layer in sorted(CONTEXT, key=lambda item: item.order)}
