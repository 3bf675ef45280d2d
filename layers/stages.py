"""Water systems by their stage on the board: the way from light to dark, the ends in colours of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.units import to_words
from geo.water.service_areas import UNCERTAIN_PLACES
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend

_OUTLINE = Style(palette.INK, weight=1.3, fill_opacity=0.95, smallest=11, outline_from=60, radius=6)
STAGE_COLOURS: Mapping[str, str] = {
    "not_recorded": "#ffffff",
    "not_started": palette.NO_DATA,
    "feasibility": "#edf8b1",
    "planning": "#7fcdbb",
    "design": "#41b6c4",
    "funded": "#1d91c0",
    "under_construction": "#225ea8",
    "connected": "#081d58",
    "not_feasible": palette.VERMILLION,
    "already_served": palette.REDDISH_PURPLE,
}


@dataclass(frozen=True, slots=True)
class Staged:
    """What a map of stages shows: names and stages of systems, titles of stages, which are chosen."""

    names: Mapping[str, str]
    stages: Mapping[str, str]
    titles: Mapping[str, str]
    chosen: Collection[str] = ()


def stage_layer(staged: Staged) -> Layer:
    """Make the layer of systems by stage; a system without a stage in ``staged`` is left out."""

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        shown = frame[frame["pwsid"].isin(list(staged.stages))]
        styles = [style for colour in STAGE_COLOURS.values() for style in _styles(colour)]
        rows = dict(_rows(shown, staged))
        shapes = layer.shapes_of(shown, look)
        return Drawing(layer.key, layer.order, shapes, styles, rows, selected=look.selected)

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        return describe_stages(staged, frame)

    columns = ("population", "connections", "location_quality")
    return Layer(
        "systems", N_("Water systems"), "water_systems", "pwsid", columns, 80, draw, legend, shown=True
    )


def describe_stages(staged: Staged, frame: gpd.GeoDataFrame) -> Legend:
    """Say what the colours mean, and how many systems have no place on the map."""
    ours = frame[frame["pwsid"].isin(list(staged.stages))]
    counts = pd.Series(dict(staged.stages)).value_counts()
    entries = [
        Entry(
            _(staged.titles[stage]),
            replace(_OUTLINE, fill=colour, symbol="square"),
            int(counts.get(stage, 0)),
        )
        for stage, colour in STAGE_COLOURS.items()
        if counts.get(stage, 0)
    ]
    if staged.chosen:
        entries.append(Entry(_("chosen"), _chosen(replace(_OUTLINE, fill="#ffffff", symbol="square"))))
    lost = int(ours.geometry.isna().sum())
    note = _("Circles: only a point is known; dashed: its place is doubtful.")
    if lost:
        words = ngettext(
            "{count} system has no known place: the table lists it.",
            "{count} systems have no known place: the table lists them.",
            lost,
        )
        note += " " + words.format(count=lost)
    return Legend(_("Water systems by stage"), tuple(entries), note)


def _styles(colour: str) -> tuple[Style, ...]:
    plain = replace(_OUTLINE, fill=colour, symbol="circle")
    doubtful = replace(plain, dashes="4 3")
    return plain, doubtful, _chosen(plain), _chosen(doubtful)


def _chosen(style: Style) -> Style:
    return replace(style, colour=palette.VERMILLION, weight=3.5, radius=8, smallest=15, dashes=None)


def _rows(frame: pd.DataFrame, staged: Staged) -> Iterator[tuple[str, Row]]:
    order = {stage: number for number, stage in enumerate(STAGE_COLOURS)}
    columns = (frame[name] for name in ("pwsid", "population", "connections", "location_quality"))
    for pwsid, population, connections, quality in zip(*columns, strict=True):
        stage = staged.stages[pwsid]
        style = 4 * order[stage] + 2 * (pwsid in staged.chosen) + (quality in UNCERTAIN_PLACES)
        size = _("{people} people, {connections} connections").format(
            people=to_words(population, "people"), connections=to_words(connections)
        )
        yield str(pwsid), (style, staged.names[pwsid], _(staged.titles[stage]), size)
