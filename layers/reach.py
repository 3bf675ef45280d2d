"""Hard-to-count tracts by which programmes reached each; others see neither the few nor the nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.tracts.names import tract_title
from geo.units import is_missing, to_words
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend

TITLE = N_("Hard-to-count tracts, and who reached them")
UNREACHED = Style(palette.OUTLINE, weight=0.8, fill="#c0392b", fill_opacity=0.55, hatch="lines")
REACHED = Style(palette.OUTLINE, weight=0.8, fill="#6baed6", fill_opacity=0.65)
BY_THIS = Style(palette.OUTLINE, weight=0.8, fill="#08519c", fill_opacity=0.7)
ONE = Style(palette.OUTLINE, weight=0.8, fill="#9ecae1", fill_opacity=0.7)
SEVERAL = Style(palette.OUTLINE, weight=0.8, fill="#2171b5", fill_opacity=0.7)


def coverage_layer(*, full: bool) -> Layer:
    """Make the layer of a programme's tracts: reached by it, by another, or by nothing.

    Parameters
    ----------
    full
        Whether the viewer sees small counts; for others those reached by few stand with those by nobody.
    """

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        own = frame["by_this"].astype(bool)
        other = ~own & (frame["programmes"] > 0)
        entries = (
            Entry(_("reached by this programme"), BY_THIS, int(own.sum())),
            Entry(_("reached by another programme"), REACHED, int(other.sum())),
            _unreached(frame, full=full),
        )
        return _legend(entries, full=full)

    columns = ("ca_htc_index", "programmes", "by_this")
    return Layer("coverage", TITLE, "tracts_2010", "geoid", columns, 20, _draw_coverage, legend, shown=True)


def reach_layer(*, full: bool) -> Layer:
    """Make the layer of a region's tracts by how many programmes reached each; ``full`` as above."""

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        counts = frame["programmes"]
        entries = (
            _unreached(frame, full=full),
            Entry(_("reached by one programme"), ONE, int((counts == 1).sum())),
            Entry(_("reached by several"), SEVERAL, int((counts > 1).sum())),
        )
        return _legend(entries, full=full)

    columns = ("programmes", "words")
    return Layer("reach", TITLE, "tracts_2010", "geoid", columns, 20, _draw_reach, legend, shown=True)


def _unreached(frame: gpd.GeoDataFrame, *, full: bool) -> Entry:
    words = _("reached by nothing") if full else _("reached by nobody, or by fewer than 10")
    return Entry(words, UNREACHED, int((frame["programmes"] == 0).sum()))


def _legend(entries: Sequence[Entry], *, full: bool) -> Legend:
    note = "" if full else _("Reached: 10 people or households or more that one programme tells of.")
    return Legend(_("Hard-to-count tracts (index 60 and above)"), tuple(entries), note)


def _draw_coverage(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    shapes = layer.shapes_of(frame, look)
    styles = [UNREACHED, REACHED, BY_THIS]
    return Drawing(layer.key, layer.order, shapes, styles, dict(_rows(frame)), _("Hard-to-count index"))


def _rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    columns = (frame["geoid"], frame["ca_htc_index"], frame["programmes"], frame["by_this"])
    for geoid, index, count, own in zip(*columns, strict=True):
        style = 2 if own else int(count > 0)
        words = "" if is_missing(index) else to_words(index, "points")
        yield str(geoid), (style, tract_title(str(geoid)), words)


def _draw_reach(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    rows = {
        str(geoid): (min(count, 2), tract_title(str(geoid)), words)
        for geoid, count, words in zip(frame["geoid"], frame["programmes"], frame["words"], strict=True)
    }
    return Drawing(
        layer.key, layer.order, layer.shapes_of(frame, look), [UNREACHED, ONE, SEVERAL], rows, _("Reached by")
    )
