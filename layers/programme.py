"""A programme on the map: its area, its events, trustee areas and divisions, where its races are decided."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.forums import BASES, Basis
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend
from layers.plain import plain_layer

EVENT = Style(palette.INK, fill="#fdd835", fill_opacity=1.0, symbol="circle", radius=7)
PURPLE = "#6a1b9a"
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
    EVENT,
    80,
    name="title",
    details=("day", "place"),
    answers=True,
)
EVENTS_OF_TRACT = plain_layer(
    "events_of_tract",
    N_("Events of which only the tract is known, at the middle of its people"),
    "tracts_2010",
    "event",
    Style(palette.INK, weight=2.2, fill="#fff8d6", fill_opacity=1.0, symbol="circle", radius=6),
    79,
    name="title",
    details=("day", "place"),
    answers=True,
)
NEW_EVENT = plain_layer(
    "new_event",
    N_("Where the event is"),
    "tracts_2010",
    "event",
    EVENT,
    90,
    name=None,
    mentioned=False,
)
DIVISIONS = plain_layer(
    "divisions",
    N_("Trustee areas and divisions"),
    "tracts_2010",
    "division",
    Style(PURPLE, weight=1.6, dashes="2 4"),
    47,
    labelled=True,
)
RACE_STYLES: dict[Basis, Style] = {
    Basis.BOUNDARY: Style(PURPLE, weight=2.6, fill=PURPLE, fill_opacity=0.06),
    Basis.DRAWN: Style(PURPLE, weight=2.2, fill=PURPLE, fill_opacity=0.06, dashes="9 4"),
    Basis.DISTRICT: Style(PURPLE, weight=2.2, fill=PURPLE, fill_opacity=0.03, dashes="2 5"),
}


def _draw_races(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    rows = dict(_race_rows(frame))
    styles = list(RACE_STYLES.values())
    shapes = layer.shapes_of(frame, look)
    return Drawing(layer.key, layer.order, shapes, styles, rows, interactive=False, mentioned=True)


def _race_rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    places = list(RACE_STYLES)
    columns = (frame[name] for name in ("race", "title", "votes", "candidates", "basis"))
    for race, title, votes, candidates, basis in zip(*columns, strict=True):
        words = ", ".join(str(item) for item in (votes, candidates) if item)
        yield str(race), (places.index(basis), str(title), words)


def _races_legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    counts = frame["basis"].value_counts()
    entries = tuple(
        Entry(_(BASES[basis]), style, int(counts[basis]))
        for basis, style in RACE_STYLES.items()
        if counts.get(basis, 0)
    )
    return Legend(_(layer.title), entries)


RACES = Layer(
    "races",
    N_("Where a race is decided"),
    "tracts_2010",
    "race",
    ("title", "votes", "candidates", "basis"),
    48,
    _draw_races,
    _races_legend,
)
