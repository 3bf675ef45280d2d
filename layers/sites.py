"""Where next on the map: households that are covered, added and left, proposed sites and other candidates."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd

from geo.language import gettext as _
from geo.language import mark as N_
from geo.program.site_choice import ADDED, BEFORE, LEFT
from geo.tracts.names import tract_title
from geo.units import to_words
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Entry, Layer, Legend, Look
from layers.plain import plain_layer

STATES = (BEFORE, ADDED, LEFT)
TITLES = {BEFORE: N_("covered before"), ADDED: N_("added by a proposed site"), LEFT: N_("not covered")}
STYLES = (
    Style("#083d5c", 0.8, "#6baed6", 0.9, symbol="circle", radius=5),
    Style("#14532d", 0.8, "#2ca25f", 0.95, symbol="circle", radius=5),
    Style("#7f1d1d", 0.8, "#e34a33", 0.9, symbol="circle", radius=5),
)
SITE = Style(palette.INK, 1.6, "#ffd54f", 1.0, symbol="diamond", radius=11)
CANDIDATES = plain_layer(
    "candidates",
    N_("Other places that were looked at"),
    "people_points",
    "site",
    Style("#555555", 0.6, "#ffffff", 0.9, symbol="square", radius=2.5),
    35,
    details=("kind",),
    mentioned=False,
)


def _draw_demand(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    rows = dict(_demand_rows(frame))
    return Drawing(
        layer.key, layer.order, layer.shapes_of(frame, look), STYLES, rows, _("Hard-to-count households")
    )


def _demand_rows(frame: gpd.GeoDataFrame) -> Iterator[tuple[str, Row]]:
    columns = (frame["point"], frame["geoid"], frame["state"], frame["households"])
    for point, geoid, state, households in zip(*columns, strict=True):
        words = _("{households}, {state}").format(
            households=to_words(households, "households"), state=_(TITLES[state])
        )
        yield str(point), (STATES.index(state), tract_title(str(geoid)), words)


def _demand_legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    entries = tuple(
        Entry(_(TITLES[state]), style, int((frame["state"] == state).sum()))
        for state, style in zip(STATES, STYLES, strict=True)
    )
    return Legend(_("Where hard-to-count households live"), entries)


DEMAND = Layer(
    "demand",
    N_("Where hard-to-count households live"),
    "people_points",
    "point",
    ("geoid", "state", "households"),
    40,
    _draw_demand,
    _demand_legend,
    shown=True,
)


def _draw_sites(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    rows = {
        str(site): (
            0,
            f"{rank}. {name}",
            _("{kind}: adds {count}").format(kind=kind, count=to_words(adds, "households")),
        )
        for site, rank, name, kind, adds in zip(
            *(frame[name] for name in ("site", "rank", "name", "kind", "adds")), strict=True
        )
    }
    return Drawing(layer.key, layer.order, layer.shapes_of(frame, look), [SITE], rows, labeled=True)


def _sites_legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    return Legend(_(layer.title), (Entry(_(layer.title), SITE, len(frame)),))


SITES = Layer(
    "sites",
    N_("Proposed sites"),
    "people_points",
    "site",
    ("rank", "name", "kind", "adds"),
    85,
    _draw_sites,
    _sites_legend,
    shown=True,
)
