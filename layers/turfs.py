"""Turfs on the map: colours that neighbours tell apart, numbers written on them, and barriers."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.wording import to_words
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend
from layers.plain import plain_layer

HUES = (
    palette.SKY_BLUE,
    palette.ORANGE,
    palette.BLUISH_GREEN,
    palette.YELLOW,
    palette.REDDISH_PURPLE,
    palette.VERMILLION,
    palette.BLUE,
)
STYLES = [Style(palette.INK, weight=1.6, fill=hue, fill_opacity=0.6) for hue in HUES]
BLOCKS = plain_layer(
    "blocks",
    N_("Blocks of the target"),
    "blocks",
    "geoid",
    Style(palette.OUTLINE, weight=0.7),
    25,
    name="geoid",
    mentioned=True,
)
BARRIERS = plain_layer(
    "turf_barriers",
    N_("Barriers: motorways, rail, canals, rivers"),
    "barriers",
    "barrier_id",
    Style("#7a0010", weight=3.0, dashes="8 4", symbol="line"),
    60,
    name="name",
)


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    return Drawing(
        layer.key,
        layer.order,
        layer.shapes_of(frame, look),
        STYLES,
        dict(_rows(frame)),
        selected=look.selected,
        labelled=True,
    )


def _rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    columns = (frame["turf"], frame["name"], frame["doors"], frame["colour"])
    for turf, name, doors, colour in zip(*columns, strict=True):
        words = _("{count} doors").format(count=to_words(doors, "people"))
        yield str(turf), (int(colour) % len(STYLES), str(name), words)


def _legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    entries = tuple(
        Entry(str(name), STYLES[int(colour) % len(STYLES)], int(doors))
        for name, colour, doors in zip(frame["name"], frame["colour"], frame["doors"], strict=True)
    )
    return Legend(_("Turfs, with their doors"), entries)


TURFS = Layer(
    "turfs", N_("Turfs"), "blocks", "turf", ("name", "doors", "colour"), 30, _draw, _legend, shown=True
)
