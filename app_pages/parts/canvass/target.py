"""The target of a canvass on the page Turfs: where, whom, who lives there, and what is left out."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import OF_UNITS, load_figures, load_units, unit_dataset
from app_pages.parts.canvass.tribal_permission import choose_permitted, tell_tribal_land
from app_pages.parts.loading import is_built, kept, load_shapes, load_table
from app_pages.parts.markup import bold, bullets, paragraphs
from app_pages.parts.page import guarded
from app_pages.parts.tracts.frames import load_people_map
from geo.canvass.place_doors import doors_of_places, lie_in
from geo.canvass.target import (
    COMBINED,
    MEASURES,
    Filter,
    Target,
    choose_units,
    combine_areas,
    focus_area,
    known_measures,
    picked_tracts,
    read_own_list,
    units_with_points,
)
from geo.canvass.turf_plan import minutes_driven
from geo.crs import STORED
from geo.errors import GeoError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.drawing import drawn_area
from geo.region import Region
from store.canvass.book import CanvassBook
from wording.canvass import (
    area_words,
    index_row,
    left_out_total,
    left_out_words,
    place_doors_words,
    target_words,
    totals_words,
)

WAYS = {
    "focus": N_("The valley"),
    "place": N_("By name"),
    "tracts": N_("Tracts on the map"),
    "draw": N_("Draw"),
    "parks": N_("Mobile home parks"),
    "list": N_("My list"),
    "filter": N_("Everywhere"),
}
# Datasets with areas to choose from: identifier, the column of the name, and what one of them is called.
AREAS = {
    "places": ("geoid", "name", N_("place")),
    "districts": ("district_id", "name", N_("district")),
    "tracts_2020": ("geoid", "geoid", N_("tract")),
    "water_systems": ("pwsid", "public_name", N_("water system")),
}
DRAWN, CLICKED, VERSION = "turfs.drawn", "turfs.clicked", "turfs.version"
AREAS_CHOSEN, ASKED = "turfs.areas", "turfs.measures"
PARKS = "mobile_home_parks"
WAY, ALSO, HOW = "turfs.way", "turfs.also", "turfs.combine"
MOST_NAMES = 3


class Area(NamedTuple):
    """An area of the target, what it is called in a sentence, and which places or units it is, by GEOID."""

    frame: gpd.GeoDataFrame
    words: str
    places: gpd.GeoDataFrame | None = None
    units: tuple[str, ...] | None = None

    def holds(self, units: gpd.GeoDataFrame) -> pd.Series[bool]:
        """Tell which units lie in it: those that it is made of, in a place by its blocks, else by middle."""
        if self.units is not None:
            return pd.Series(units.index.isin(self.units), index=units.index)
        none = self.frame.iloc[:0]
        if self.places is None:
            return lie_in(units, none, self.frame)
        others = self.frame[~self.frame.index.isin(self.places.index)]
        return lie_in(units, self.places, others)


def choose_target(region: Region, book: CanvassBook) -> Target:
    """Show the choices and return the target that they make; say in words what it is."""
    within, where = choose_area(region)
    left, right = st.columns(2, vertical_alignment="bottom")
    # What each holds at first stands in CHOICES, so that it may be as it was left.
    index = left.number_input(_("Index at least"), 0.0, 136.0, step=5.0, format="%.0f", key="turfs.index")
    limited = right.number_input(
        _("Limited English, % at least"), 0.0, 100.0, step=5.0, format="%.0f", key="turfs.limited"
    )
    unreached = st.checkbox(_("Leave out homes already in someone's turf"), key="turfs.unreached")
    more = bool(st.session_state[ASKED]) or st.session_state["turfs.driving"] < 60
    with st.expander(_("More: other shares, driving"), expanded=more):
        percents = ask_measures(region)
        driving = st.number_input(
            _("Driving at most, minutes of an hour"),
            0,
            60,
            step=5,
            key="turfs.driving",
            help=_("60: any. Between doors more than 200 m (650 ft) apart people drive; below, they walk."),
        )
    land = choose_permitted(region, book)
    wanted = Filter.of_numbers(index, limited, percents)
    out = land is not None and bool(land.share.gt(0).any())
    agreed = len(land.agreed) if land is not None else 0
    words = target_words(unit_dataset(region), where, wanted, in_hand=unreached, tribal=out, agreed=agreed)
    st.markdown(words)
    target = choose_units(
        load_units(region),
        wanted=wanted,
        within=within,
        tribal=land.share if land is not None else None,
        too_far=_driven(region, float(st.session_state["turfs.minutes"])) > driving if driving < 60 else None,
        in_hand=book.in_hand() if unreached else (),
    )
    tell_tribal_land(region, book, target, land)
    return target


@kept(*OF_UNITS, most=4, spoken=False)
def _driven(region: Region, minutes_per_door: float) -> pd.Series[float]:
    return minutes_driven(load_units(region), minutes_per_door)


def ask_measures(region: Region) -> dict[str, float]:
    """Ask what else of a tract must be at least how much, in percent; say what no source here gives."""
    titles = {key: _(title) for key, title in MEASURES.items()}
    known = known_measures(load_units(region))
    # An address may name what is not here.
    st.session_state[ASKED] = [key for key in st.session_state[ASKED] if key in known]
    chosen = st.multiselect(
        _("At least so many (optional)"),
        known,
        format_func=titles.__getitem__,
        placeholder=_("nothing else"),
        key=ASKED,
    )
    lacking = [title for key, title in titles.items() if key not in known]
    if lacking:
        words = _("The data of this region have no figures by tract of: {names}.")
        st.caption(words.format(names=", ".join(lacking)))
    percents = {
        key: float(
            st.number_input(
                _("{what}, percent at least").format(what=titles[key]),
                0.0,
                100.0,
                step=5.0,
                format="%.0f",
                key=f"turfs.measure.{key}",
            )
        )
        for key in chosen
    }
    if set(chosen) - {"share_no_self_response"}:
        st.caption(_("These are survey estimates: a tract close to the limit may lie on its other side."))
    return percents


def parks_area(region: Region) -> Area:
    """Return the units in which a mobile home park lies whose place is known; say how many parks that is."""
    if not is_built(region, PARKS):
        raise GeoError(_("no source here has mobile home parks"), _("choose the area in another way"))
    units, there, doubtful = _park_units(region)
    if doubtful:
        words = ngettext(
            "{count} park has only a doubtful place and is left out.",
            "{count} parks have only a doubtful place and are left out.",
            doubtful,
        )
        st.caption(words.format(count=doubtful))
    words = ngettext("{count} mobile home park", "{count} mobile home parks", there)
    return _area_of_units(region, units, words.format(count=there))


@kept(*OF_UNITS, PARKS, most=4, spoken=False)
def _park_units(region: Region) -> tuple[tuple[str, ...], int, int]:
    return units_with_points(load_units(region), load_shapes(region.key, PARKS))


def listed_area(region: Region) -> Area:
    """Return the units that a pasted list names; warn of what names none."""
    text = st.text_area(
        _("Tracts, block groups or blocks"),
        key="turfs.list",
        help=_("GEOIDs, or tract numbers as 453.03, with whatever stands between them."),
    )
    listed = read_own_list(str(text), load_units(region))
    if listed.unknown:
        words = _("Not in this region's data: {names}.")
        st.warning(words.format(names=first_ids(listed.unknown)))
    if not listed.units:
        raise GeoError(_("the list names nothing here"), _("paste GEOIDs or tract numbers of this region"))
    return _area_of_units(region, listed.units, _("my list"))


def _area_of_units(region: Region, units: tuple[str, ...], words: str) -> Area:
    frame = load_units(region).loc[list(units), ["geometry"]].to_crs(STORED)
    return Area(gpd.GeoDataFrame(frame), words, units=units)


def choose_area(region: Region) -> tuple[pd.Series[bool] | None, str]:
    """Let a person choose an area in one way, or in two that make one; tell its units, and its words."""
    titles = {key: _(title) for key, title in WAYS.items()}
    name = titles.__getitem__
    way = st.radio(_("Area"), list(WAYS), format_func=name, key=WAY, horizontal=True)
    also, how = None, "both"
    if way != "filter":
        others = [other for other in WAYS if other not in (way, "filter")]
        also = st.selectbox(
            _("Combine with another area (optional)"),
            others,
            index=None,
            format_func=name,
            placeholder=_("no other"),
            key=ALSO,
        )
    if also is not None:
        ways = {key: _(title) for key, title in COMBINED.items()}
        how = st.radio(
            _("Of the two areas"), list(ways), format_func=ways.__getitem__, key=HOW, horizontal=True
        )
    areas = [area_of(item, region) for item in (way, also) if item]
    return combine_chosen([area for area in areas if area is not None], how, load_units(region))


def combine_chosen(
    chosen: list[Area], how: str, units: gpd.GeoDataFrame
) -> tuple[pd.Series[bool] | None, str]:
    """Tell which units lie in the area that the chosen ones make, with its words; None for everywhere."""
    words = area_words([area.words for area in chosen], how)
    if not chosen:
        return None, words
    within, whole = chosen[0].holds(units), chosen[0].frame
    for area in chosen[1:]:
        whole = combine_areas(whole, area.frame, how)
        within = within | area.holds(units) if how == "either" else within & area.holds(units)
    return within, words


def ways_chosen() -> set[str]:
    """Return the ways in which the area is chosen, one or two."""
    way, also = st.session_state.get(WAY), st.session_state.get(ALSO)
    return {item for item in (way, None if way == "filter" else also) if item}


def area_of(way: str, region: Region) -> Area | None:
    """Return the area that was chosen in one of the ways; None for everywhere."""
    if way == "filter":
        return None
    if way == "focus":
        frame = focus_area(region)
        return Area(frame, ", ".join(_(title) for title in frame["title"]))
    if way == "place":
        return named_area(region)
    if way == "tracts":
        return tracts_area(region)
    if way == "parks":
        return parks_area(region)
    if way == "list":
        return listed_area(region)
    if "tracts" not in ways_chosen():
        show_clearing()
    return Area(drawn_area(st.session_state.get(DRAWN, [])), _("what is drawn"))


def named_area(region: Region) -> Area:
    """Let a person choose areas by name, of any kind; several are taken together."""
    titles = load_names(region)
    here = [item for item in st.session_state[AREAS_CHOSEN] if item in titles]
    if here != st.session_state[AREAS_CHOSEN]:
        # An address may name what is not here.
        st.session_state[AREAS_CHOSEN] = here
    chosen = st.multiselect(
        _("Places, districts, tracts, water systems"),
        list(titles),
        format_func=titles.__getitem__,
        placeholder=_("Type a name or a number"),
        key=AREAS_CHOSEN,
        # Enter takes the first area of that name, and not all that have the letters in them.
        select_all=False,
    )
    if not chosen:
        raise GeoError(_("no area is chosen"), _("choose one or more"))
    # Before anything is made of it: a place that no unit stands for is told, too.
    tell_place_doors(region, chosen)
    shapes = [
        load_shapes(region.key, kind).set_index(AREAS[kind][0])[["geometry"]].loc[[identifier]]
        for kind, identifier in (item.split(":", 1) for item in chosen)
    ]
    names = [titles[item] for item in chosen[:MOST_NAMES]]
    if len(chosen) > MOST_NAMES:
        names.append(_("{count} more").format(count=len(chosen) - MOST_NAMES))
    places = [shape for item, shape in zip(chosen, shapes, strict=True) if item.startswith("places:")]
    frame = gpd.GeoDataFrame(pd.concat(shapes))
    return Area(frame, ", ".join(names), gpd.GeoDataFrame(pd.concat(places)) if places else None)


def load_names(region: Region) -> dict[str, str]:
    """Name all areas that can be chosen, by kind and identifier."""
    names = {}
    for kind, (identifier, name, title) in AREAS.items():
        if is_built(region, kind):
            frame = load_shapes(region.key, kind).dropna(subset=["geometry"])
            for key, called in zip(frame[identifier], frame[name].astype(str), strict=True):
                names[f"{kind}:{key}"] = f"{called} ({_(title)})"
    return names


def tracts_area(region: Region) -> Area:
    """Return the tracts that were clicked on the map, or lie in what was drawn on it."""
    show_clearing()
    picked = chosen_tracts(region)
    if not picked:
        raise GeoError(
            _("no tract is chosen"), _("click tracts on the map, or draw around them: whole tracts are taken")
        )
    words = ngettext("{count} tract", "{count} tracts", len(picked)).format(count=len(picked))
    st.caption(f"{words}: {', '.join(picked)}")
    return Area(load_shapes(region.key, "tracts_2020").set_index("geoid").loc[picked], words)


def chosen_tracts(region: Region) -> list[str]:
    """Name the tracts that are chosen on the map; a drawing that is an area of its own picks none."""
    clicked = st.session_state.get(CLICKED, set())
    drawn = [] if "draw" in ways_chosen() else st.session_state.get(DRAWN, [])
    return picked_tracts(load_units(region), drawn, clicked)


def show_clearing() -> None:
    """Let a person begin the drawing or the choice of tracts again."""

    def clear() -> None:
        st.session_state[DRAWN], st.session_state[CLICKED] = [], set()
        st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1

    st.button(_("Clear the map's choice"), key="turfs.clear", on_click=guarded(clear))


def show_totals(region: Region, target: Target) -> None:
    """Say at once how many doors, households and people the target has, and how many are left out."""
    st.markdown(totals_words(target, unit_dataset(region)))
    words = left_out_total(target.left_out)
    if words:
        st.caption(words)


def tell_place_doors(region: Region, chosen: list[str]) -> None:
    """Warn of places whose doors are not all in the units that stand for them, or bring others along."""
    named = [item.partition(":") for item in chosen]
    geoids = tuple(sorted(identifier for kind, _colon, identifier in named if kind == "places"))
    if geoids and is_built(region, "counted_areas"):
        found = place_doors_words(_place_doors(region, geoids), unit_dataset(region))
        if found:
            st.warning(paragraphs(*found))


@kept(*OF_UNITS, "places", "counted_areas", most=16, spoken=False)
def _place_doors(region: Region, geoids: tuple[str, ...]) -> pd.DataFrame:
    places = load_shapes(region.key, "places").set_index("geoid").loc[list(geoids)]
    return doors_of_places(places, load_units(region), load_table(region.key, "counted_areas"))


def show_target(region: Region, target: Target) -> None:
    """Say who lives in the target, with margins and coverage, and what was left out and why."""
    rows: list[dict[Any, Any]] = [index_row(target), *load_figures(region, target).to_dict("records")]
    table = pd.DataFrame(rows)
    vintage = load_people_map(region.key).survey.vintage
    titles = {
        "figure": _("ACS {vintage}, ± 90 %").format(vintage=vintage),
        "value": _("Value"),
        "coverage": _("Covered"),
    }
    table = table.assign(figure=[_(title) for title in table["figure"]]).rename(columns=titles)
    st.table(table.set_index(titles["figure"]))
    st.caption(_("Which languages are spoken, no source here says: limited English is counted without them."))
    left_out = list(left_out_words(target.left_out))
    if left_out:
        st.markdown(paragraphs(bold(_("Left out")), bullets(left_out)))
