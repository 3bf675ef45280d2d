"""Water systems by their SAFER status or their stage on the board, and the pipes of a network."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
import shapely

from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.units import is_missing, to_words
from geo.water.service_areas import UNCERTAIN_PLACES
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Entry, Layer, Legend, Look
from wording.water_systems import QUALITIES

# The State's words, worst first, with a color each; the last stands for "no status".
STATUSES: dict[str, tuple[str, str]] = {
    "Failing": (N_("Failing"), palette.VERMILLION),
    "At-Risk": (N_("At-Risk"), palette.ORANGE),
    "Potentially At-Risk": (N_("Potentially At-Risk"), palette.YELLOW),
    "Not At-Risk": (N_("Not At-Risk"), "#595959"),
    "Not Assessed": (N_("Not Assessed"), "#bdbdbd"),
    "": (N_("Not in SAFER"), "#ffffff"),
}
_OUTLINE = Style(palette.INK, weight=1.3, fill_opacity=0.95, smallest=10, outline_from=40)
# The worse, the larger: a failing system of ten homes is seen beside a sound one of ten thousand.
SIZES = {"Failing": 7.5, "At-Risk": 6.5}
_DOUBTFUL = replace(_OUTLINE, dashes="4 3")
COLUMNS = ("public_name", "safer_status", "population", "connections", "location_quality")


def draw_systems(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    """Draw systems: squares and areas where the service area is known, circles where only a point is."""
    return Drawing(
        layer.key,
        layer.order,
        layer.shapes_of(frame, look),
        [replace(_style(place), symbol="circle") for place in _places()],
        dict(_rows(frame)),
        selected=look.selected,
        mentioned=True,
    )


def describe_systems(layer: Layer, frame: gpd.GeoDataFrame, left_out: Collection[str] = ()) -> Legend:
    """Say what colors and shapes mean, and how many systems have no place on the map.

    Parameters
    ----------
    left_out
        Statuses that are not drawn.
    """
    places = frame.geometry.to_numpy()
    has_place = ~shapely.is_missing(places)
    status = frame["safer_status"][has_place].fillna("")
    entries = [
        Entry(_(words), replace(_style((name, False)), symbol="square"), int((status == name).sum()))
        for name, (words, _color) in STATUSES.items()
        if name not in left_out
    ]
    is_point = shapely.get_type_id(places[has_place]) == shapely.GeometryType.POINT
    doubtful = frame["location_quality"][has_place].isin(UNCERTAIN_PLACES)
    blank = replace(_OUTLINE, fill="#ffffff")
    shapes = [
        Entry(
            _("square or area: service area known"), replace(blank, symbol="square"), int((~is_point).sum())
        ),
        Entry(_("circle: only a point known"), replace(blank, symbol="circle"), int(is_point.sum())),
        Entry(_("dashed = approximate location"), replace(blank, dashes="4 3"), int(doubtful.sum())),
    ]
    lost = int((~has_place).sum())
    note = _("{count} systems not mapped (listed in the table).").format(count=lost) if lost else ""
    return Legend(_("Water systems by SAFER status"), (*entries, *shapes), note)


SYSTEMS = Layer(
    "systems",
    N_("Water systems"),
    "water_systems",
    "pwsid",
    COLUMNS,
    80,
    draw_systems,
    describe_systems,
    shown=True,
)


def _draw_at_risk(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    """Draw the systems that are failing or at risk, and one that is chosen, whatever it is."""
    chosen = frame["pwsid"].astype(str) == (look.selected or "")
    return draw_systems(layer, frame[_at_risk(frame) | chosen], look)


def _describe_at_risk(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    others = [name for name in STATUSES if name not in SIZES]
    found = describe_systems(layer, frame[_at_risk(frame)], others)
    return replace(found, title=_(layer.title))


def _at_risk(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["safer_status"].isin(list(SIZES)).fillna(False).astype(bool)


AT_RISK = replace(
    SYSTEMS, title=N_("Failing and at-risk water systems"), draw=_draw_at_risk, legend=_describe_at_risk
)
"""The layer of systems as the map opens: those that somebody has to look after first."""


def _places() -> list[tuple[str, bool]]:
    """Every style: a status, and whether the place is doubtful."""
    return [(name, doubtful) for name in STATUSES for doubtful in (False, True)]


def _style(place: tuple[str, bool]) -> Style:
    name, doubtful = place
    radius = SIZES.get(name, 4.5)
    style = _DOUBTFUL if doubtful else _OUTLINE
    return replace(style, fill=STATUSES[name][1], radius=radius, smallest=2 * radius)


def _rows(frame: pd.DataFrame) -> Iterator[tuple[str, Row]]:
    styles = {place: number for number, place in enumerate(_places())}
    columns = (frame[name] for name in ("pwsid", *COLUMNS))
    for pwsid, name, status, population, connections, quality in zip(*columns, strict=True):
        known = "" if is_missing(status) or status not in STATUSES else str(status)
        size = _("{people} people, {connections} connections").format(
            people=to_words(population, "people"), connections=to_words(connections)
        )
        place = _(QUALITIES.get(str(quality), str(quality)))
        number = styles[known, quality in UNCERTAIN_PLACES]
        yield str(pwsid), (number, str(name), _(STATUSES[known][0]), size, place)


_STAGE_OUTLINE = Style(palette.INK, weight=1.3, fill_opacity=0.95, smallest=11, outline_from=60, radius=6)
STAGE_COLORS: Mapping[str, str] = {
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
        styles = [style for color in STAGE_COLORS.values() for style in _styles(color)]
        rows = dict(_stage_rows(shown, staged))
        shapes = layer.shapes_of(shown, look)
        return Drawing(layer.key, layer.order, shapes, styles, rows, selected=look.selected)

    def legend(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
        return describe_stages(staged, frame)

    columns = ("population", "connections", "location_quality")
    return Layer(
        "systems", N_("Water systems"), "water_systems", "pwsid", columns, 80, draw, legend, shown=True
    )


def describe_stages(staged: Staged, frame: gpd.GeoDataFrame) -> Legend:
    """Say what the colors mean, and how many systems have no place on the map."""
    ours = frame[frame["pwsid"].isin(list(staged.stages))]
    counts = pd.Series(dict(staged.stages)).value_counts()
    entries = [
        Entry(
            _(staged.titles[stage]),
            replace(_STAGE_OUTLINE, fill=color, symbol="square"),
            int(counts.get(stage, 0)),
        )
        for stage, color in STAGE_COLORS.items()
        if counts.get(stage, 0)
    ]
    if staged.chosen:
        entries.append(Entry(_("chosen"), _chosen(replace(_STAGE_OUTLINE, fill="#ffffff", symbol="square"))))
    lost = int(ours.geometry.isna().sum())
    note = _("Circles: only a point is known; dashed: its place is doubtful.")
    if lost:
        words = ngettext(
            "{count} system not mapped (listed in the table).",
            "{count} systems not mapped (listed in the table).",
            lost,
        )
        note += " " + words.format(count=lost)
    return Legend(_("Water systems by stage"), tuple(entries), note)


def _styles(color: str) -> tuple[Style, ...]:
    plain = replace(_STAGE_OUTLINE, fill=color, symbol="circle")
    doubtful = replace(plain, dashes="4 3")
    return plain, doubtful, _chosen(plain), _chosen(doubtful)


def _chosen(style: Style) -> Style:
    return replace(style, color=palette.VERMILLION, weight=3.5, radius=8, smallest=15, dashes=None)


def _stage_rows(frame: pd.DataFrame, staged: Staged) -> Iterator[tuple[str, Row]]:
    order = {stage: number for number, stage in enumerate(STAGE_COLORS)}
    columns = (frame[name] for name in ("pwsid", "population", "connections", "location_quality"))
    for pwsid, population, connections, quality in zip(*columns, strict=True):
        stage = staged.stages[pwsid]
        style = 4 * order[stage] + 2 * (pwsid in staged.chosen) + (quality in UNCERTAIN_PLACES)
        size = _("{people} people, {connections} connections").format(
            people=to_words(population, "people"), connections=to_words(connections)
        )
        yield str(pwsid), (style, staged.names[pwsid], _(staged.titles[stage]), size)


# Diameter in inches to width in pixels.
WIDTHS = {4: 4.0, 6: 6.0, 8: 8.0, 12: 10.0}


def _draw(layer: Layer, frame: gpd.GeoDataFrame, look: Look) -> Drawing:
    styles = [Style(palette.REDDISH_PURPLE, weight=width, symbol="line") for width in WIDTHS.values()]
    shapes = layer.shapes_of(frame, look)
    return Drawing(layer.key, layer.order, shapes, styles, dict(_pipe_rows(frame)))


def _pipe_rows(frame: pd.DataFrame) -> Iterator[tuple[str, Row]]:
    places = {diameter: number for number, diameter in enumerate(WIDTHS)}
    columns = (frame[name] for name in ("pipe_id", *PIPE_COLUMNS))
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


PIPE_COLUMNS = ("diameter_in", "length_ft", "flow_gpm", "system_count")
PIPES = Layer("pipes", N_("Shared network"), "pipes", "pipe_id", PIPE_COLUMNS, 75, _draw, _legend)
RECEIVER_STYLE = Style(palette.BLUISH_GREEN, weight=2.5, dashes="8 4")
TIE_IN_STYLE = Style(palette.BLUISH_GREEN, weight=3.0, fill=palette.BLUISH_GREEN, symbol="diamond", radius=7)


def draw_receiver(boundary: gpd.GeoDataFrame) -> Drawing:
    """Draw the chosen boundary of the receiving district, or its mains and tie-ins (EPSG:4326)."""
    layer = Layer("receiver", "", "receiver_boundaries", "boundary_id", (), 42, _draw)
    points = boundary.geom_type.str.endswith("Point")
    rows: dict[str, Row] = {
        str(key): (int(point), _("Where district pipes are assumed to be"))
        for key, point in zip(boundary["boundary_id"], points, strict=True)
    }
    shapes = layer.shapes_of(boundary, Look())
    return Drawing("receiver", 42, shapes, [RECEIVER_STYLE, TIE_IN_STYLE], rows, interactive=False)
