"""Tracts by the share of their households that a canvass reached; readable in black and white."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd

from geo.canvass.coverage import COVERS
from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.names import tract_title
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend

SHADES = palette.ramp(4)
STYLES = {
    "outside": Style(palette.OUTLINE, weight=0.6, fill="#ffffff", fill_opacity=0.05),
    "none": Style(palette.OUTLINE, weight=1.0, fill="#ffffff", fill_opacity=0.9, hatch="dots"),
    "to_25": Style(palette.OUTLINE, weight=1.0, fill=SHADES[0]),
    "to_50": Style(palette.OUTLINE, weight=1.0, fill=SHADES[1]),
    "to_75": Style(palette.OUTLINE, weight=1.0, fill=SHADES[2]),
    "over_75": Style(palette.OUTLINE, weight=1.0, fill=SHADES[3]),
    "hidden": Style(palette.OUTLINE, weight=1.0, fill="#f4d9c6", hatch="lines"),
    "no_data": Style(palette.OUTLINE, weight=0.6, fill=palette.NO_DATA, hatch="lines"),
}


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    shapes = layer.shapes_of(frame, look)
    return Drawing(layer.key, layer.order, shapes, list(STYLES.values()), dict(_rows(frame)), _title())


def _title() -> str:
    return _("Households reached, of those of the tract")


def _rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    places = list(STYLES)
    for geoid, cover, words in zip(frame["geoid"], frame["cover"], frame["words"], strict=True):
        yield str(geoid), (places.index(cover), tract_title(str(geoid)), _(COVERS[cover]), str(words))


def _legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    counts = frame["cover"].value_counts()
    entries = tuple(
        Entry(_(COVERS[cover]), style, int(counts[cover]))
        for cover, style in STYLES.items()
        if counts.get(cover, 0)
    )
    return Legend(_title(), entries)


REACHED = Layer(
    "reached",
    N_("Households reached, by tract"),
    "tracts_2020",
    "geoid",
    ("cover", "words"),
    20,
    _draw,
    _legend,
    shown=True,
)
