"""Tracts by the share of their eligible people who enrolled; hatched where the estimate is uncertain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.enrollment import SHARES, Share
from geo.tracts.names import tract_title
from geo.units import RELIABILITY_TITLES
from layers import palette
from layers.choropleth import HATCHES, NO_DATA, OUTLINE, doubt_entries
from layers.drawing import Drawing, Hatch, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend

SHADED = (Share.TO_25, Share.TO_50, Share.TO_75, Share.TO_100, Share.OVER)
FILLS = {share: replace(OUTLINE, fill=shade) for share, shade in zip(SHADED, palette.ramp(5), strict=True)}
# Of nobody the share is nought, however uncertain the estimate of the eligible: it has no doubt.
NOBODY = replace(OUTLINE, fill="#ffffff", fill_opacity=0.9)
HIDDEN = replace(OUTLINE, fill="#f4d9c6", dashes="1 3")


def _styles() -> dict[tuple[Share, Hatch | None], Style]:
    """Make every shade plain, dotted and hatched; what has no share has no doubt."""
    shaded = {
        (share, hatch): replace(style, hatch=hatch)
        for share, style in FILLS.items()
        for hatch in HATCHES.values()
    }
    return {
        **shaded,
        (Share.NOBODY, None): NOBODY,
        (Share.HIDDEN, None): HIDDEN,
        (Share.UNKNOWN, None): NO_DATA,
    }


STYLES = _styles()


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    title = _("Enrolled of the eligible")
    styles = list(STYLES.values())
    return Drawing(layer.key, layer.order, layer.shapes_of(frame, look), styles, dict(_rows(frame)), title)


def _rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    places = list(STYLES)
    columns = (frame[name] for name in ("geoid", "share_class", "reliability", "words", "counts"))
    for geoid, share, doubt, words, counts in zip(*columns, strict=True):
        hatch = HATCHES.get(str(doubt)) if share in FILLS else None
        lines = [tract_title(str(geoid)), str(words), str(counts)]
        told = [_(RELIABILITY_TITLES[str(doubt)])] if hatch else []
        yield str(geoid), (places.index((share, hatch)), *lines, *told)


def _legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    counts = frame["share_class"].value_counts()
    signs = {Share.NOBODY: NOBODY, **FILLS, Share.HIDDEN: HIDDEN, Share.UNKNOWN: NO_DATA}
    entries = [
        Entry(_(SHARES[share]), style, int(counts[share]))
        for share, style in signs.items()
        if share in counts
    ]
    doubts = frame.loc[frame["share_class"].isin(list(FILLS)), "reliability"].astype("string").fillna("")
    return Legend(_("Enrolled of the eligible, by tract"), (*entries, *doubt_entries(doubts)))


ENROLMENT = Layer(
    "enrolment",
    N_("Enrolled of the eligible, by tract"),
    "tracts_2010",
    "geoid",
    ("share_class", "reliability", "words", "counts"),
    20,
    _draw,
    _legend,
    shown=True,
)
