"""Layers in one style: outlines, lines, points and areas for orientation, each with its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd

from geo.language import gettext as _
from geo.units import is_missing
from layers.drawing import Drawing, Row, Style
from layers.layer import Entry, Layer, Legend, Look


def plain_layer(
    key: str,
    title: str,
    dataset: str,
    identifier: str,
    style: Style,
    order: int,
    *,
    name: str | None = "name",
    details: tuple[str, ...] = (),
    answers: bool = False,
    mentioned: bool = True,
    labeled: bool = False,
    shown: bool = False,
) -> Layer:
    """Make a layer in one style.

    Parameters
    ----------
    name
        Column of the name that a tooltip shows.
    details
        Further columns for the tooltip.
    answers
        Whether it answers to pointing and clicking; what lies below it then does not.
    mentioned
        Whether its name stands in the tooltip of what is pointed at inside.
    labeled
        Whether the name is written on the map.
    """

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        spoken = [column for column in (name, *details) if column and frame[column].notna().any()]
        rows = dict(_rows(frame, identifier, _(title), name, details)) if spoken or frame.empty else None
        return Drawing(
            key,
            order,
            layer.shapes_of(frame, look),
            [style],
            rows,
            title="" if rows else _(title),
            selected=look.selected,
            interactive=answers,
            mentioned=mentioned and not answers and rows is not None,
            labeled=labeled,
        )

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        return Legend(_(title), (Entry(_(title), style, len(frame)),))

    columns = tuple(column for column in (name, *details) if column)
    return Layer(key, title, dataset, identifier, columns, order, draw, legend, shown)


def _rows(
    frame: gpd.GeoDataFrame, identifier: str, title: str, name: str | None, details: tuple[str, ...]
) -> Iterator[tuple[str, Row]]:
    names: Any = frame[name] if name else [None] * len(frame)
    further = list(zip(*(frame[column] for column in details), strict=True)) if details else [()] * len(frame)
    for key, called, more in zip(frame[identifier], names, further, strict=True):
        words = [str(item) for item in more if not is_missing(item)]
        yield str(key), (0, title if is_missing(called) else str(called), ", ".join(words or [title]))
