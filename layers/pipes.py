"""The pipes of one network: the thicker the pipe, the thicker the line."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import to_words
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend

# Diameter in inches to width in pixels.
WIDTHS = {4: 4.0, 6: 6.0, 8: 8.0, 12: 10.0}


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    styles = [Style(palette.REDDISH_PURPLE, weight=width, symbol="line") for width in WIDTHS.values()]
    shapes = layer.shapes_of(frame, look)
    return Drawing(layer.key, layer.order, shapes, styles, dict(_rows(frame)))


def _rows(frame: pd.DataFrame) -> Iterator[tuple[str, Row]]:
    places = {diameter: number for number, diameter in enumerate(WIDTHS)}
    columns = (frame[name] for name in ("pipe_id", *COLUMNS))
    for pipe, diameter, length, flow, count in zip(*columns, strict=True):
        words = _("{length} ft, {flow} gpm, for {count} systems").format(
            length=to_words(length), flow=to_words(flow), count=count
        )
        title = _("{inches}-inch pipe").format(inches=int(diameter))
        yield str(pipe), (places[int(diameter)], title, words)


def _legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    lengths = frame.groupby("diameter_in")["length_ft"].sum()
    entries = tuple(
        Entry(
            _("{inches}-inch pipe, {length} ft").format(inches=inches, length=to_words(lengths[inches])),
            Style(palette.REDDISH_PURPLE, weight=width, symbol="line"),
        )
        for inches, width in WIDTHS.items()
        if inches in lengths
    )
    return Legend(_("Shared network"), entries, _("Sized by the State's table of 2021 at 5 feet a second."))


COLUMNS = ("diameter_in", "length_ft", "flow_gpm", "system_count")
PIPES = Layer("pipes", N_("Shared network"), "pipes", "pipe_id", COLUMNS, 75, _draw, _legend)
RECEIVER_STYLE = Style(palette.BLUISH_GREEN, weight=2.5, dashes="8 4")


def draw_receiver(boundary: gpd.GeoDataFrame) -> Drawing:
    """Draw the chosen boundary of the receiving district, or its mains (EPSG:4326, ``boundary_id``)."""
    layer = Layer("receiver", "", "receiver_boundaries", "boundary_id", (), 42, _draw)
    rows: dict[str, Row] = {
        str(key): (0, _("What counts as the district")) for key in boundary["boundary_id"]
    }
    shapes = layer.shapes_of(boundary, Look())
    return Drawing("receiver", 42, shapes, [RECEIVER_STYLE], rows, interactive=False)
