"""Layers in one style: outlines, lines, points and areas for orientation, each with its name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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
    only: tuple[str, Collection[str]] | None = None,
    rough_until: float | None = None,
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
    only
        A column, and which of its values are drawn; all are where it holds none.
    rough_until
        The closest zoom at which a rough stand-in is drawn, as the column ``rough`` tells; None: any.
    """

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        ours = _of(frame, only)
        spoken = [column for column in (name, *details) if column and ours[column].notna().any()]
        told = spoken or ours.empty or len(ours) < len(frame)
        rows = dict(_rows(ours, identifier, _(title), name, details)) if told else None
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
            until=rough_until if _is_rough(frame) else None,
        )

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        rough = rough_until is not None and _is_rough(frame)
        words = _("{title} (rough outline)").format(title=_(title)) if rough else _(title)
        return Legend(words, (Entry(words, style, len(_of(frame, only))),))

    columns = tuple(column for column in (name, *details, *(only[:1] if only else ())) if column)
    return Layer(key, title, dataset, identifier, columns, order, draw, legend, shown)


def _of(frame: gpd.GeoDataFrame, only: tuple[str, Collection[str]] | None) -> gpd.GeoDataFrame:
    """Keep what is drawn of a frame."""
    if only is None or not frame[only[0]].notna().any():
        return frame
    return frame[frame[only[0]].isin(list(only[1])).fillna(False).astype(bool)]


def _is_rough(frame: gpd.GeoDataFrame) -> bool:
    return "rough" in frame and bool(frame["rough"].fillna(False).any())


def _rows(
    frame: gpd.GeoDataFrame, identifier: str, title: str, name: str | None, details: tuple[str, ...]
) -> Iterator[tuple[str, Row]]:
    names: Any = frame[name] if name else [None] * len(frame)
    further = list(zip(*(frame[column] for column in details), strict=True)) if details else [()] * len(frame)
    for key, called, more in zip(frame[identifier], names, further, strict=True):
        words = [str(item) for item in more if not is_missing(item)]
        yield str(key), (0, title if is_missing(called) else str(called), ", ".join(words or [title]))
