"""Turfs, their blocks, tracts to choose and barriers; and the share of households reached by tract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import geopandas as gpd

from geo.canvass.codes import TURF_STATUS_TITLES, unit_name
from geo.canvass.coverage import COVERS
from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.names import tract_title
from geo.units import is_missing, to_words
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Entry, Layer, Legend, Look
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
STYLES = [Style(palette.OUTLINE, weight=0.5, fill=hue, fill_opacity=0.6) for hue in HUES]
TURF_LINE = Style(palette.INK, weight=2.4)
TO_CHOOSE = (
    Style(palette.OUTLINE, weight=0.8, fill="#ffffff", fill_opacity=0.3),
    Style(palette.INK, weight=1.8, fill=palette.SKY_BLUE, fill_opacity=0.7),
)
CANNOT_CROSS, CAN_CROSS = "#7a0010", "#ffffff"
TARGET_TITLES = {"blocks": N_("Blocks of the target"), "block_groups": N_("Block groups of the target")}
Rows = Iterator[tuple[str, Row]]


PLACE_LINES = plain_layer(
    "turf_places",
    N_("Places"),
    "places",
    "geoid",
    Style("#5a4300", weight=1.2, dashes="2 3"),
    28,
    mentioned=True,
)


@cache
def target_layer(dataset: str) -> Layer:
    """Return the layer of the target's blocks, or block groups where there are no blocks."""
    return plain_layer(
        "target",
        TARGET_TITLES[dataset],
        dataset,
        "geoid",
        Style(palette.OUTLINE, weight=0.7, fill=palette.SKY_BLUE, fill_opacity=0.55),
        25,
        name="geoid",
        mentioned=True,
    )


def _layer(
    key: str,
    title: str,
    dataset: str,
    identifier: str,
    columns: tuple[str, ...],
    order: int,
    styles: Sequence[Style],
    rows: Callable[[gpd.GeoDataFrame], Rows],
    legend: Sequence[tuple[str, Style]],
    *,
    answers: bool = False,
    labeled: bool = False,
) -> Layer:
    """Make a layer whose rows give a style and words; legend titles are marked for translation."""

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        return Drawing(
            key,
            order,
            layer.shapes_of(frame, look),
            styles,
            dict(rows(frame)),
            selected=look.selected,
            interactive=answers,
            labeled=labeled,
        )

    def explain(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        return Legend(_(title), tuple(Entry(_(words), style) for words, style in legend))

    return Layer(key, title, dataset, identifier, columns, order, draw, explain)


def _unit_rows(frame: gpd.GeoDataFrame) -> Rows:
    columns = (frame["geoid"], frame["turf"], frame["doors"], frame["color"])
    for geoid, turf, doors, color in zip(*columns, strict=True):
        block = unit_name(str(geoid)) if "-" in str(geoid) else geoid
        name = _("Turf {turf}, block {block}").format(turf=turf, block=block)
        words = _("{count} doors").format(count=to_words(doors, "people"))
        yield str(geoid), (int(color) % len(STYLES), name, words)


def _turf_rows(frame: gpd.GeoDataFrame) -> Rows:
    for turf, name, doors in zip(frame["turf"], frame["name"], frame["doors"], strict=True):
        yield str(turf), (0, str(name), _("{count} doors").format(count=to_words(doors, "people")))


def _tract_rows(frame: gpd.GeoDataFrame) -> Rows:
    columns = (frame["geoid"], frame["chosen"], frame["ca_htc_index"], frame["households"])
    for geoid, chosen, index, households in zip(*columns, strict=True):
        words = _("index {index}, {households} households").format(
            index=to_words(index, "points"), households=to_words(households, "people")
        )
        yield str(geoid), (int(chosen), _("Tract {tract}").format(tract=geoid), words)


def _barrier_rows(frame: gpd.GeoDataFrame) -> Rows:
    for identifier, name in zip(frame["barrier_id"], frame["name"], strict=True):
        yield str(identifier), (0, "" if is_missing(name) else str(name))


UNITS = _layer(
    "turf_units",
    N_("Block in the color of its turf: click one to move it"),
    "blocks",
    "geoid",
    ("turf", "doors", "color"),
    30,
    STYLES,
    _unit_rows,
    [(N_("Block in the color of its turf: click one to move it"), STYLES[0])],
    answers=True,
)
TURFS = _layer(
    "turfs",
    N_("Turf, with its number"),
    "blocks",
    "turf",
    ("name", "doors", "color"),
    32,
    [TURF_LINE],
    _turf_rows,
    [(N_("Turf, with its number"), TURF_LINE)],
    labeled=True,
)
KEPT_LINE = Style(palette.INK, weight=1.8, dashes="6 3")
KEPT = _layer(
    "turfs_kept",
    N_("Saved turf, with its code"),
    "blocks",
    "turf",
    ("name", "doors"),
    33,
    [KEPT_LINE],
    _turf_rows,
    [(N_("Saved turf, with its code"), KEPT_LINE)],
    labeled=True,
)
GIVEN_STYLES = {
    "given": Style(palette.INK, weight=1.6, fill=palette.SKY_BLUE, fill_opacity=0.55),
    "nobody": Style(palette.INK, weight=1.6, fill="#ffffff", fill_opacity=0.6, dashes="6 3", hatch="dots"),
}
GIVEN_TITLES = {"given": N_("Has a volunteer"), "nobody": N_("Nobody yet")}
STATE_STYLES = {
    "ready": Style(palette.INK, weight=1.4, fill="#ffffff", fill_opacity=0.7, hatch="dots"),
    "out": Style(palette.INK, weight=1.4, fill=palette.YELLOW, fill_opacity=0.6),
    "returned": Style(palette.INK, weight=1.4, fill=palette.SKY_BLUE, fill_opacity=0.6),
    "done": Style(palette.INK, weight=1.4, fill=palette.BLUISH_GREEN, fill_opacity=0.7),
    "problem": Style(palette.INK, weight=2.4, fill=palette.VERMILLION, fill_opacity=0.6, hatch="lines"),
}
STATE_TITLES = {str(status): title for status, title in TURF_STATUS_TITLES.items()}


def _state_layer(key: str, title: str, styles: dict[str, Style], titles: dict[str, str], order: int) -> Layer:
    """Make a layer of turfs colored by their ``state``, each labeled with its ``name``."""
    places = {state: place for place, state in enumerate(styles)}

    def rows(frame: gpd.GeoDataFrame) -> Rows:
        columns = (frame["turf"], frame["name"], frame["state"], frame["words"])
        for turf, name, state, words in zip(*columns, strict=True):
            yield str(turf), (places[state], str(name), str(words))

    legend = [(titles[state], style) for state, style in styles.items()]
    return _layer(
        key,
        title,
        "blocks",
        "turf",
        ("name", "state", "words"),
        order,
        list(styles.values()),
        rows,
        legend,
        labeled=True,
    )


GIVEN = _state_layer("turfs_given", N_("Turfs to hand out"), GIVEN_STYLES, GIVEN_TITLES, 34)
STATES = _state_layer("turfs_states", N_("Turfs, as they stand"), STATE_STYLES, STATE_TITLES, 34)
TRACTS_TO_CHOOSE = _layer(
    "turf_tracts",
    N_("Tracts"),
    "tracts_2020",
    "geoid",
    ("chosen", "ca_htc_index", "households"),
    26,
    TO_CHOOSE,
    _tract_rows,
    [(N_("Chosen"), TO_CHOOSE[1]), (N_("Click to choose, or draw around several"), TO_CHOOSE[0])],
    answers=True,
)
LINE = Style(CANNOT_CROSS, weight=3.0, dashes="8 4", symbol="line")
POINT = Style(CANNOT_CROSS, weight=1.6, fill=CAN_CROSS, fill_opacity=1.0, symbol="circle", radius=3.0)
BARRIERS = _layer(
    "turf_barriers",
    N_("Barrier: highway, rail, canal, river"),
    "barriers",
    "barrier_id",
    ("name",),
    60,
    [LINE],
    _barrier_rows,
    [(N_("Barrier: highway, rail, canal, river"), LINE)],
)
CROSSINGS = _layer(
    "turf_crossings",
    N_("A street crosses it"),
    "barriers",
    "barrier_id",
    ("name",),
    61,
    [POINT],
    _barrier_rows,
    [(N_("A street crosses it"), POINT)],
)


REACHED_SHADES = palette.ramp(4)
REACHED_STYLES = {
    "outside": Style(palette.OUTLINE, weight=0.6, fill="#ffffff", fill_opacity=0.05),
    "none": Style(palette.OUTLINE, weight=1.0, fill="#ffffff", fill_opacity=0.9, hatch="dots"),
    "to_25": Style(palette.OUTLINE, weight=1.0, fill=REACHED_SHADES[0]),
    "to_50": Style(palette.OUTLINE, weight=1.0, fill=REACHED_SHADES[1]),
    "to_75": Style(palette.OUTLINE, weight=1.0, fill=REACHED_SHADES[2]),
    "over_75": Style(palette.OUTLINE, weight=1.0, fill=REACHED_SHADES[3]),
    "hidden": Style(palette.OUTLINE, weight=1.0, fill="#f4d9c6", hatch="lines"),
    "no_data": Style(palette.OUTLINE, weight=0.6, fill=palette.NO_DATA, hatch="lines"),
}


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    shapes = layer.shapes_of(frame, look)
    return Drawing(
        layer.key, layer.order, shapes, list(REACHED_STYLES.values()), dict(_rows(frame)), _title()
    )


def _title() -> str:
    return _("Households reached, of those of the tract")


def _rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    places = list(REACHED_STYLES)
    for geoid, cover, words in zip(frame["geoid"], frame["cover"], frame["words"], strict=True):
        yield str(geoid), (places.index(cover), tract_title(str(geoid)), _(COVERS[cover]), str(words))


def _legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    counts = frame["cover"].value_counts()
    entries = tuple(
        Entry(_(COVERS[cover]), style, int(counts[cover]))
        for cover, style in REACHED_STYLES.items()
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
