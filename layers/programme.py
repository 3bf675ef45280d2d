"""A programme on the map: its area, hard-to-count tracts by how many programmes reached them, its events."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.wording import is_missing, to_words, tract_title
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend
from layers.plain import plain_layer

UNREACHED = Style(palette.OUTLINE, weight=0.8, fill="#c0392b", fill_opacity=0.55, hatch="lines")
REACHED = Style(palette.OUTLINE, weight=0.8, fill="#6baed6", fill_opacity=0.65)
BY_THIS = Style(palette.OUTLINE, weight=0.8, fill="#08519c", fill_opacity=0.7)
AREA = plain_layer(
    "programme_area",
    N_("The programme's area"),
    "tracts_2010",
    "area_id",
    Style("#1b1b1b", weight=2.6, dashes="10 5"),
    50,
    mentioned=False,
)
EVENTS = plain_layer(
    "events",
    N_("Events"),
    "tracts_2010",
    "event",
    Style(palette.INK, fill="#fdd835", fill_opacity=1.0, symbol="circle", radius=7),
    80,
    name="title",
    details=("day", "place"),
    answers=True,
)
DIVISIONS = plain_layer(
    "divisions",
    N_("Trustee areas and divisions"),
    "tracts_2010",
    "division",
    Style("#6a1b9a", weight=1.6, dashes="2 4"),
    47,
    labelled=True,
)
RACES = plain_layer(
    "races",
    N_("Where a race is decided"),
    "tracts_2010",
    "race",
    Style("#6a1b9a", weight=2.2, fill="#6a1b9a", fill_opacity=0.06),
    48,
    name="title",
    details=("votes", "candidates"),
)


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    shapes = layer.shapes_of(frame, look)
    styles = [UNREACHED, REACHED, BY_THIS]
    return Drawing(layer.key, layer.order, shapes, styles, dict(_rows(frame)), _("Hard-to-count index"))


def _rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    columns = (frame["geoid"], frame["ca_htc_index"], frame["programmes"], frame["by_this"])
    for geoid, index, count, own in zip(*columns, strict=True):
        style = 2 if own else int(count > 0)
        words = "" if is_missing(index) else to_words(index, "points")
        yield str(geoid), (style, tract_title(str(geoid)), words)


def _legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    own = frame["by_this"].astype(bool)
    other = ~own & (frame["programmes"] > 0)
    entries = (
        Entry(_("reached by this programme"), BY_THIS, int(own.sum())),
        Entry(_("reached by another programme"), REACHED, int(other.sum())),
        Entry(_("reached by nothing"), UNREACHED, int((frame["programmes"] == 0).sum())),
    )
    return Legend(_("Hard-to-count tracts (index 60 and above)"), entries)


COVERAGE = Layer(
    "coverage",
    N_("Hard-to-count tracts, and who reached them"),
    "tracts_2010",
    "geoid",
    ("ca_htc_index", "programmes", "by_this"),
    20,
    _draw,
    _legend,
    shown=True,
)


ONE = Style(palette.OUTLINE, weight=0.8, fill="#9ecae1", fill_opacity=0.7)
SEVERAL = Style(palette.OUTLINE, weight=0.8, fill="#2171b5", fill_opacity=0.7)


def _draw_reach(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    rows = {
        str(geoid): (min(count, 2), tract_title(str(geoid)), words)
        for geoid, count, words in zip(frame["geoid"], frame["programmes"], frame["words"], strict=True)
    }
    return Drawing(
        layer.key, layer.order, layer.shapes_of(frame, look), [UNREACHED, ONE, SEVERAL], rows, _("Reached by")
    )


def _reach_legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    counts = frame["programmes"]
    entries = (
        Entry(_("reached by nothing"), UNREACHED, int((counts == 0).sum())),
        Entry(_("reached by one programme"), ONE, int((counts == 1).sum())),
        Entry(_("reached by several"), SEVERAL, int((counts > 1).sum())),
    )
    return Legend(_("Hard-to-count tracts (index 60 and above)"), entries)


REACH = Layer(
    "reach",
    N_("Hard-to-count tracts, and who reached them"),
    "tracts_2010",
    "geoid",
    ("programmes", "words"),
    20,
    _draw_reach,
    _reach_legend,
    shown=True,
)
