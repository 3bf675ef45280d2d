"""Areas that somebody draws on Explore: taken from the map or typed, named, kept for the visit, told of."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import kept, load_shapes, missing_reason
from app_pages.parts.page import guarded
from app_pages.parts.tracts.areas import AREA_DATASETS, area_shape, read_corners
from app_pages.parts.tracts.filters import take_view
from app_pages.parts.tracts.frames import OF_PEOPLE, OF_TRACTS, load_layer, load_people_map
from geo.datasets.declared import build_order
from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.drawing import circle_outline, corridor_outline, outline_to_text
from geo.region import Region
from geo.tracts.comparison import Quantity, index_inside, of_served
from geo.tracts.residents.estimate import LEAST_PEOPLE, is_too_small, people_within
from geo.water.receiver import METERS_PER_MILE as MILE_M
from layers.registry import CONTEXT
from layers.view import DRAWN, LISTED, LONGEST_TITLE, View, split_area
from wording.comparison import doubts_of, title_of, value_of
from wording.profiles import Figure, Profile, points_figure, source_records, systems_figure

AREAS, WIDTH = "explore.drawn", "explore.corridor"
TYPED, SHAPE, REACH = "explore.drawn.typed", "explore.drawn.shape", "explore.drawn.reach"
USUAL_WIDTH = 0.5
MOST_AREAS = 12
POINTS = ("public_schools", "health_facilities", "address_points")
COUNTED = ("mobile_home_parks", "transit_stops")
"""Layers of which what lies inside is counted beside the lists of :func:`points_figure`."""

READ = ("people_served", "tracts_2010", "tracts_2020", "water_systems", *POINTS, *COUNTED, *AREA_DATASETS)
"""What the card of an area is made from; the records of their sources are read, too."""

OPEN = 13
"""Figures of a card that are open: those of people that come first, and what lies inside."""

FIRST = (
    "population_2020",
    "population",
    "ca_htc_index",
    "ca_htc_estimate",
    "share_poverty",
    "share_uninsured",
    "share_limited_english",
    "share_no_vehicle",
)
SHAPES = {
    "corners": N_("Corners of an area"),
    "circle": N_("Circle"),
    "corridor": N_("Corridor along a line"),
}


def is_drawn(selected: str) -> bool:
    """Whether what is selected is an area that was drawn or picked.

    Examples
    --------
    >>> is_drawn("drawn:0_0~1_0~1_1"), is_drawn("places:0653406")
    (True, False)
    """
    return split_area(selected)[0] in (DRAWN, LISTED)


def drawing_to_area(region: Region, drawing: Mapping[str, Any], width_miles: float) -> str:
    """Read what was drawn on the map, as a view names an area.

    Parameters
    ----------
    drawing
        A GeoJSON feature (EPSG:4326) whose property ``tool`` says how it was drawn, ``radius`` in meters.
    width_miles
        How far a corridor reaches on each side of its line.

    Raises
    ------
    GeoError
        It is nothing that can be measured.

    Examples
    --------
    >>> from geo.region import read_region
    >>> line = {"type": "LineString", "coordinates": [[-116.1, 33.6], [-116.0, 33.6]]}
    >>> drawing = {"properties": {"tool": "corridor"}, "geometry": line}
    >>> drawing_to_area(read_region("coachella"), drawing, 0.5).startswith("drawn:-11")
    True
    """
    geometry, told = drawing.get("geometry") or {}, drawing.get("properties") or {}
    if geometry.get("type") == "Point":
        longitude, latitude = geometry["coordinates"][:2]
        outline = circle_outline((longitude, latitude), float(told.get("radius") or 0), region.length_crs)
    elif geometry.get("type") == "LineString":
        outline = corridor_outline(geometry["coordinates"], width_miles * MILE_M, region.length_crs)
    else:
        outline = outline_to_text(geometry)
    area = f"{DRAWN}:{outline}"
    area_shape(region, area)
    return area


def toggle_tract(selected: str, geoid: str) -> str:
    """Add a tract to those that are picked, or take it out; nothing is left of the last one.

    Examples
    --------
    >>> toggle_tract("", "06065045303"), toggle_tract("list:06065045303", "06065045303")
    ('list:06065045303', '')
    """
    kind, listed = split_area(selected)
    picked = listed.split(".") if kind == LISTED else []
    left = [item for item in picked if item != geoid] if geoid in picked else [*picked, geoid]
    return f"{LISTED}:{'.'.join(left)}" if left else ""


def kept_areas(region: Region) -> dict[str, str]:
    """Return the areas of this visit by their names; change them to change what is kept."""
    every: dict[str, dict[str, str]] = st.session_state.setdefault(AREAS, {})
    return every.setdefault(region.key, {})


def keep_area(region: Region, area: str, name: str = "") -> None:
    """Keep an area under a name, or the next number; the oldest goes where there are too many."""
    areas = kept_areas(region)
    if area in areas.values():
        return
    number = next(count for count in range(1, 10_000) if _numbered(count) not in areas)
    areas[name.strip()[:LONGEST_TITLE] or _numbered(number)] = area
    while len(areas) > MOST_AREAS:
        del areas[next(iter(areas))]


def replace_area(region: Region, before: str, area: str) -> None:
    """Let an area that is kept become another one under its name: tracts that are picked one by one."""
    areas = kept_areas(region)
    name = next((name for name, held in areas.items() if held == before), "")
    if name:
        del areas[name]
    if area:
        keep_area(region, area, name)


def _numbered(number: int) -> str:
    return _("Area {number}").format(number=number)


def name_of(region: Region, area: str) -> str:
    """Name an area: as somebody called it, else by what it is."""
    found = next((name for name, held in kept_areas(region).items() if held == area), "")
    return found or _title(area)


def _title(area: str) -> str:
    kind, identifier = split_area(area)
    if kind == LISTED:
        count = len(identifier.split("."))
        return ngettext("{count} tract picked", "{count} tracts picked", count).format(count=count)
    return _("Drawn area")


def areas_frame(region: Region, view: View, *, alone: bool = False) -> gpd.GeoDataFrame:
    """Lay out the areas of this visit for the map (EPSG:4326), with the one that is selected.

    Parameters
    ----------
    alone
        Whether only the one that is selected is wanted, as for print.
    """
    areas = {} if alone else {area: name for name, area in kept_areas(region).items()}
    if is_drawn(view.selected):
        areas.setdefault(view.selected, _title(view.selected))
    shapes = [area_shape(region, area) for area in areas]
    return gpd.GeoDataFrame(
        {"area": list(areas), "name": list(areas.values())}, geometry=shapes, crs="EPSG:4326"
    )


def area_profile(region: Region, area: str, name: str = "") -> Profile:
    """Tell of an area: who lives there, with margins, and what lies inside.

    An area with too few people to estimate (:data:`geo.tracts.residents.estimate.LEAST_PEOPLE`) says so and
    shows no number of them.

    Raises
    ------
    GeoError
        It is no area, or lies outside of the region.
    """
    people, inside = _told(region, area)
    subtitle = _("Area drawn on the map, {area}").format(area=_size(region, area))
    first, further = people[: len(FIRST)], people[len(FIRST) :]
    return Profile(name or _title(area), subtitle, (*first, *inside, *further))


def _size(region: Region, area: str) -> str:
    shape = gpd.GeoSeries([area_shape(region, area)], crs="EPSG:4326").to_crs(region.area_crs)
    square = float(shape.area.item())
    miles, metric = f"{square / MILE_M**2:,.2f}", f"{square / 1e6:,.2f}"
    return _("{miles} sq mi ({km} km²)").format(miles=miles, km=metric)


@kept(*build_order(READ), *OF_TRACTS, *OF_PEOPLE, most=64)
def _told(region: Region, area: str) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    shape = area_shape(region, area)
    figures = []
    if not missing_reason(region.key, "water_systems"):
        figures.append(systems_figure(load_shapes(region.key, "water_systems"), shape, region.area_crs))
    lists = {name: load_shapes(region.key, name) for name in POINTS if not missing_reason(region.key, name)}
    points = points_figure(lists, shape)
    figures += [points] if points else []
    for layer in CONTEXT:
        if layer.dataset in COUNTED and not missing_reason(region.key, layer.dataset):
            frame = load_shapes(region.key, layer.dataset)
            count = len(frame.sindex.query(shape, predicate="intersects"))
            figures.append(Figure(_(layer.title), f"{count:,}", source=_credit(region, layer.dataset)))
    return tuple(_people(region, area)), tuple(figures)


def _people(region: Region, area: str) -> list[Figure]:
    quantities = quantities_of(region, area)
    if quantities is None:
        words = _("too small to estimate")
        note = _("fewer than {count} people were counted here in 2020").format(count=LEAST_PEOPLE)
        return [Figure(_("Population and indicators"), words, place=note)]
    order = [*(key for key in FIRST if key in quantities), *(key for key in quantities if key not in FIRST)]
    records = source_records(region.key, "people_served") | source_records(region.key, "tracts_2010")
    return [
        _figure(quantities[key], str(records.get(quantities[key].source, {}).get("credit", "")))
        for key in order
    ]


def _figure(item: Quantity, credit: str) -> Figure:
    """Write a figure; one whose margin is as large as itself tells nothing, and is not shown."""
    doubts = doubts_of(item)
    if item.value is not None and item.moe and item.moe >= abs(item.value):
        return Figure(title_of(item.key), _("not reliable enough to show"), source=credit)
    return Figure(
        title_of(item.key), value_of(item), doubts[0] if doubts else "", "; ".join(doubts[1:]), credit
    )


def quantities_of(region: Region, area: str) -> dict[str, Quantity] | None:
    """Return the figures of the people of an area, by indicator; None where too few live there."""
    if any(missing_reason(region.key, name) for name in OF_PEOPLE):
        return {}
    return _quantities(region, area)


@kept(*build_order(READ), *OF_TRACTS, *OF_PEOPLE, most=64, spoken=False)
def _quantities(region: Region, area: str) -> dict[str, Quantity] | None:
    shape, people = area_shape(region, area), load_people_map(region.key)
    rows = people_within(people, shape, region)
    if is_too_small(rows):
        return None
    return of_served(rows) | index_inside(people, load_layer(region.key, "tracts_2010"), shape)


def _credit(region: Region, dataset: str) -> str:
    return next((str(item["credit"]) for item in source_records(region.key, dataset).values()), "")


def show_area_actions(region: Region, view: View) -> None:
    """Let an area be named, made the filter, compared, and taken away."""
    name = name_of(region, view.selected)
    st.text_input(
        _("Name of this area"),
        value=name,
        key=f"{AREAS}.name.{hash(view.selected)}",
        max_chars=LONGEST_TITLE,
        on_change=guarded(_rename),
        args=(region, view.selected),
    )
    with st.container(horizontal=True):
        st.button(
            _("Filter by it"),
            key=f"{AREAS}.filter",
            on_click=guarded(take_view),
            kwargs={"area": view.selected, "selected": ""},
        )
        st.button(_("Remove"), key=f"{AREAS}.remove", on_click=guarded(_remove), args=(region, view.selected))


def _rename(region: Region, area: str) -> None:
    name = str(st.session_state.get(f"{AREAS}.name.{hash(area)}", "")).strip()
    if name:
        areas = kept_areas(region)
        others = [held for held, kept in areas.items() if kept != area]
        free = next(other for other in _numbered_names(name) if other not in others)
        renamed = {free if kept == area else held: kept for held, kept in areas.items()}
        areas.clear()
        areas.update(renamed)


def _numbered_names(name: str) -> Iterator[str]:
    """Give a name, then the name with a number: another area that is called so stays as it is."""
    yield name
    yield from (f"{name} ({number})" for number in itertools.count(2))


def _remove(region: Region, area: str) -> None:
    replace_area(region, area, "")
    take_view(selected="")


def show_areas(region: Region) -> None:
    """Offer the way by keyboard, and list the areas of this visit with their figures side by side."""
    areas = kept_areas(region)
    count = len(areas)
    words = ngettext("Your areas ({count})", "Your areas ({count})", count).format(count=count)
    with st.expander(words if count else _("Draw an area by typing it")):
        if areas:
            st.dataframe(_side_by_side(region, areas), hide_index=True, key=f"{AREAS}.table")
            with st.container(horizontal=True):
                for place, (name, area) in enumerate(areas.items()):
                    st.button(
                        name,
                        key=f"{AREAS}.open.{place}",
                        on_click=guarded(take_view),
                        kwargs={"selected": area},
                    )
            _show_comparing(areas)
        _show_typing(region)


def _show_comparing(areas: Mapping[str, str]) -> None:
    outlines = [area for area in areas.values() if split_area(area)[0] == DRAWN][-2:]
    if len(outlines) > 1:
        params = dict(zip(("a", "b"), outlines, strict=False))
        st.page_link("app_pages/compare.py", label=_("Compare the last two, tested"), query_params=params)


def _side_by_side(region: Region, areas: Mapping[str, str]) -> pd.DataFrame:
    """Lay out the first figures of each area in words, a row an area."""
    rows = []
    for name, area in areas.items():
        row = {_("Area"): name}
        try:
            figures = {item.title: item.words for item in area_profile(region, area, name).figures}
        except GeoError as error:
            figures = {_("Population and indicators"): error.fault}
        rows.append(row | figures)
    wanted = [_("Area"), _("Population and indicators"), *(title_of(key) for key in FIRST)]
    frame = pd.DataFrame(rows)
    extra = [_("Water systems serving this area")]
    return frame[[column for column in [*wanted, *extra] if column in frame]].fillna("")


def _show_typing(region: Region) -> None:
    shapes = {key: _(title) for key, title in SHAPES.items()}
    shape = st.radio(_("Shape"), list(shapes), key=SHAPE, format_func=shapes.__getitem__, horizontal=True)
    st.text_area(
        _("Latitude and longitude, one point on each line"),
        key=TYPED,
        height=100,
        placeholder="33.60, -116.20\n33.60, -116.00\n33.45, -116.00",
    )
    if shape != "corners":
        title = _("Radius, in miles") if shape == "circle" else _("Miles on each side of the line")
        st.number_input(title, 0.1, 100.0, 1.0, 0.1, key=REACH, format="%g")
    st.button(_("Show this area"), key=f"{AREAS}.typed.show", on_click=guarded(_take_typed), args=(region,))


def _take_typed(region: Region) -> None:
    """Take the area that was typed, by the very way of one that was drawn."""
    corners = [
        pair.split("_") for pair in read_corners(str(st.session_state.get(TYPED, ""))).split("~") if pair
    ]
    points = [(float(longitude), float(latitude)) for longitude, latitude in corners]
    area = typed_to_area(
        region, str(st.session_state.get(SHAPE)), points, float(st.session_state.get(REACH, 1.0))
    )
    keep_area(region, area)
    take_view(selected=area, focus=FOCUS_SELECTED)
    st.session_state["view.moves"] = st.session_state.get("view.moves", 0) + 1


FOCUS_SELECTED = "selected"


def typed_to_area(
    region: Region, shape: str, points: Sequence[tuple[float, float]], reach_miles: float
) -> str:
    """Make an area of points that were typed.

    Parameters
    ----------
    shape
        A key of :data:`SHAPES`.
    points
        Longitudes and latitudes (EPSG:4326).
    reach_miles
        A circle's radius, or how far a corridor reaches on each side.

    Raises
    ------
    GeoError
        There is no point, or too few for what is wanted.

    Examples
    --------
    >>> from geo.region import read_region
    >>> typed_to_area(read_region("coachella"), "circle", [(-116.1, 33.6)], 1.0).count("~") > 30
    True
    """
    if not points:
        raise GeoError(_("no point is typed"), _("write one point on each line, as 33.5712, -116.0766"))
    if shape == "corners" and len(points) < 3:
        raise GeoError(
            _("an area has three or more corners, and {count} stand here").format(count=len(points)),
            _("write one corner on each line, as 33.5712, -116.0766"),
        )
    coordinates = [list(point) for point in points]
    if shape == "circle":
        geometry: dict[str, Any] = {"type": "Point", "coordinates": coordinates[0]}
    elif shape == "corridor":
        geometry = {"type": "LineString", "coordinates": coordinates}
    else:
        geometry = {"type": "Polygon", "coordinates": [[*coordinates, coordinates[0]]]}
    drawing = {"properties": {"radius": reach_miles * MILE_M}, "geometry": geometry}
    return drawing_to_area(region, drawing, reach_miles)
