"""Tracts shaded by how sure it is that they are among the highest, so that it prints in black and white."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.ranking import CLASSES
from geo.tracts.indicators import Indicator
from geo.tracts.names import tract_title
from geo.units import is_missing, to_words
from layers import palette
from layers.choropleth import NO_DATA, OUTLINE, official_lines
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend

SHADES = palette.ramp(5)
STYLES: dict[str, Style] = {
    CLASSES[4]: replace(OUTLINE, fill=SHADES[4]),
    CLASSES[3]: replace(OUTLINE, fill=SHADES[3], hatch="dots"),
    CLASSES[2]: replace(OUTLINE, fill="#ffffff", hatch="lines"),
    CLASSES[1]: replace(OUTLINE, fill=SHADES[1], hatch="dots"),
    CLASSES[0]: replace(OUTLINE, fill=SHADES[0]),
}
"""From surely to surely not: dark, dark with dots, hatched, light with dots, light."""


def rank_choropleth(indicator: Indicator, ranked: pd.DataFrame, percent: int, dataset: str) -> Layer:
    """Make the layer of a dataset's tracts, by how sure their rank is.

    Parameters
    ----------
    ranked
        From :func:`geo.methods.ranking.rank_with_doubt`, on GEOIDs.
    percent
        Which percentage of the tracts counts as the highest.
    """

    def draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
        rows = dict(_rows(frame, ranked.reindex(frame["geoid"].astype(str)), indicator))
        shapes = layer.shapes_of(frame, look)
        title = _title(indicator, percent)
        styles = [NO_DATA, *STYLES.values()]
        return Drawing(layer.key, layer.order, shapes, styles, rows, title, look.selected)

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        return _legend(ranked.reindex(frame["geoid"].astype(str)), indicator, percent)

    return Layer("tracts", N_("Census tracts"), dataset, "geoid", (), 20, draw, legend, shown=True)


def _title(indicator: Indicator, percent: int) -> str:
    return _("{title}: among the highest {percent} percent?").format(
        title=_(indicator.title), percent=percent
    )


def _rows(frame: pd.DataFrame, ranked: pd.DataFrame, indicator: Indicator) -> Iterator[tuple[str, Row]]:
    places = {name: place for place, name in enumerate(STYLES, 1)}
    geoids, official = frame["geoid"].astype(str), official_lines(frame, indicator)
    for geoid, row, more in zip(geoids, ranked.to_dict("records"), official, strict=True):
        lines = [tract_title(geoid), to_words(row["estimate"], indicator.unit, row["moe"]), *more]
        if is_missing(row["class"]):
            yield geoid, (0, *lines)
            continue
        rank = _("rank {low} to {high} of {count} (90 %)")
        low, high, count = row["rank_low"], row["rank_high"], int(ranked["rank"].notna().sum())
        lines += [_(str(row["class"])), rank.format(low=low, high=high, count=count)]
        yield geoid, (places[str(row["class"])], *lines)


def _legend(ranked: pd.DataFrame, indicator: Indicator, percent: int) -> Legend:
    counts = ranked["class"].value_counts()
    entries = [Entry(_(name), style, int(counts.get(name, 0))) for name, style in STYLES.items()]
    entries.append(Entry(_("no data, or no margin of error"), NO_DATA, int(ranked["class"].isna().sum())))
    note = _(
        "Surely: in 95 of 100 draws or more, probably: in 70 or more, cannot say: in 30 to 70. "
        "Each draw moves all estimates within their margins of error."
    )
    return Legend(_title(indicator, percent), tuple(entries), note)
