"""Water systems by their SAFER status: service areas and mere points differ in shape, not only in colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import shapely

from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import is_missing, to_words
from geo.water.profile import QUALITIES
from geo.water.service_areas import UNCERTAIN_PLACES
from layers import palette
from layers.drawing import Drawing, Row, Style
from layers.layer import Layer, Look
from layers.legend import Entry, Legend

# The State's words, worst first, with a colour each; the last stands for "no status".
STATUSES: dict[str, tuple[str, str]] = {
    "Failing": (N_("Failing"), palette.VERMILLION),
    "At-Risk": (N_("At-Risk"), palette.ORANGE),
    "Potentially At-Risk": (N_("Potentially At-Risk"), palette.YELLOW),
    "Not At-Risk": (N_("Not At-Risk"), palette.BLUE),
    "Not Assessed": (N_("Not Assessed"), "#bdbdbd"),
    "": (N_("no SAFER status (other class, or not in the State's table)"), "#ffffff"),
}
_OUTLINE = Style(palette.INK, weight=1.3, fill_opacity=0.9, smallest=9, outline_from=40)
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


def describe_systems(layer: Layer, frame: gpd.GeoDataFrame) -> Legend:
    """Say what colours and shapes mean, and how many systems have no place on the map."""
    places = frame.geometry.to_numpy()
    has_place = ~shapely.is_missing(places)
    status = frame["safer_status"][has_place].fillna("")
    entries = [
        Entry(_(words), replace(_style((name, False)), symbol="square"), int((status == name).sum()))
        for name, (words, _colour) in STATUSES.items()
    ]
    is_point = shapely.get_type_id(places[has_place]) == shapely.GeometryType.POINT
    doubtful = frame["location_quality"][has_place].isin(UNCERTAIN_PLACES)
    blank = replace(_OUTLINE, fill="#ffffff")
    shapes = [
        Entry(
            _("square or area: service area known"), replace(blank, symbol="square"), int((~is_point).sum())
        ),
        Entry(_("circle: only a point known"), replace(blank, symbol="circle"), int(is_point.sum())),
        Entry(_("dashed outline: place doubtful"), replace(blank, dashes="4 3"), int(doubtful.sum())),
    ]
    lost = int((~has_place).sum())
    note = _("{count} systems have no known place: the table lists them.").format(count=lost) if lost else ""
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


def _places() -> list[tuple[str, bool]]:
    """Every style: a status, and whether the place is doubtful."""
    return [(name, doubtful) for name in STATUSES for doubtful in (False, True)]


def _style(place: tuple[str, bool]) -> Style:
    name, doubtful = place
    return replace(_DOUBTFUL if doubtful else _OUTLINE, fill=STATUSES[name][1])


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
