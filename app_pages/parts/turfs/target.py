"""The target of a canvass on the page Turfs: where, whom, who lives there, and what is left out."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from app_pages.parts.canvass_data import is_built, load_figures, load_units, unit_dataset
from app_pages.parts.common import load_shapes
from geo.canvass.area import drawn_area, focus_area, picked_tracts
from geo.canvass.target import Filter, Target, choose_units
from geo.canvass.words import index_row, left_out_total, left_out_words, totals_words
from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region
from store.canvass.book import CanvassBook

WAYS = {
    "focus": N_("The valley"),
    "place": N_("By name"),
    "tracts": N_("Tracts on the map"),
    "draw": N_("Draw"),
    "filter": N_("Whole counties"),
}
# Datasets with areas to choose from: identifier, the column of the name, and what one of them is called.
AREAS = {
    "places": ("geoid", "name", N_("place")),
    "districts": ("district_id", "name", N_("district")),
    "tracts_2020": ("geoid", "geoid", N_("tract")),
    "water_systems": ("pwsid", "public_name", N_("water system")),
}
DRAWN, CLICKED, VERSION = "turfs.drawn", "turfs.clicked", "turfs.version"


def choose_target(region: Region, book: CanvassBook) -> Target:
    """Show the choices and return the target that they make."""
    ways = {key: _(title) for key, title in WAYS.items()}
    way = st.radio(_("Area"), list(WAYS), format_func=ways.__getitem__, key="turfs.way", horizontal=True)
    within = area_of(way, region)
    left, right = st.columns(2, vertical_alignment="bottom")
    index = left.number_input(
        _("Index at least"), 0.0, 136.0, 60.0, step=5.0, format="%.0f", key="turfs.index"
    )
    limited = right.number_input(
        _("Limited English, % at least"), 0.0, 100.0, 0.0, step=5.0, format="%.0f", key="turfs.limited"
    )
    unreached = st.checkbox(_("Leave out what is in hand or done"), value=True, key="turfs.unreached")
    permitted = st.checkbox(_("The tribe gave permission"), value=False, key="turfs.permitted")
    tribal = load_shapes(region.key, "tribal_areas") if is_built(region, "tribal_areas") else None
    return choose_units(
        load_units(region),
        wanted=Filter.of_numbers(index, limited),
        within=within,
        tribal=None if permitted else tribal,
        in_hand=book.in_hand() if unreached else (),
    )


def area_of(way: str, region: Region) -> gpd.GeoDataFrame | None:
    """Return the area that was chosen in one of the ways; None for everywhere."""
    if way == "focus":
        return focus_area(region)
    if way == "place":
        return named_area(region)
    if way in ("draw", "tracts"):
        show_clearing()
    if way == "draw":
        return drawn_area(st.session_state.get(DRAWN, []))
    return tracts_area(region) if way == "tracts" else None


def named_area(region: Region) -> gpd.GeoDataFrame:
    """Let a person choose areas by name, of any kind; several are taken together."""
    titles = load_names(region)
    chosen = st.multiselect(
        _("Places, districts, tracts, water systems"),
        list(titles),
        format_func=titles.__getitem__,
        placeholder=_("Type a name or a number"),
        key="turfs.areas",
    )
    if not chosen:
        raise GeoError(_("no area is chosen"), _("choose one or more"))
    shapes = [
        load_shapes(region.key, kind).set_index(AREAS[kind][0])[["geometry"]].loc[[identifier]]
        for kind, identifier in (item.split(":", 1) for item in chosen)
    ]
    return gpd.GeoDataFrame(pd.concat(shapes))


def load_names(region: Region) -> dict[str, str]:
    """Name all areas that can be chosen, by kind and identifier."""
    names = {}
    for kind, (identifier, name, title) in AREAS.items():
        if is_built(region, kind):
            frame = load_shapes(region.key, kind).dropna(subset=["geometry"])
            for key, called in zip(frame[identifier], frame[name].astype(str), strict=True):
                names[f"{kind}:{key}"] = f"{called} ({_(title)})"
    return names


def tracts_area(region: Region) -> gpd.GeoDataFrame:
    """Return the tracts that were clicked on the map, or lie in what was drawn on it."""
    picked = chosen_tracts(region)
    if not picked:
        raise GeoError(
            _("no tract is chosen"), _("click tracts on the map, or draw around them: whole tracts are taken")
        )
    st.caption(_("{count} tracts: {names}").format(count=len(picked), names=", ".join(picked)))
    return load_shapes(region.key, "tracts_2020").set_index("geoid").loc[picked]


def chosen_tracts(region: Region) -> list[str]:
    """Name the tracts that are chosen on the map."""
    clicked = st.session_state.get(CLICKED, set())
    return picked_tracts(load_units(region), st.session_state.get(DRAWN, []), clicked)


def show_clearing() -> None:
    """Let a person begin the drawing or the choice of tracts again."""

    def clear() -> None:
        st.session_state[DRAWN], st.session_state[CLICKED] = [], set()
        st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1

    st.button(_("Clear the map's choice"), key="turfs.clear", on_click=clear)


def show_totals(region: Region, target: Target) -> None:
    """Say at once how many doors, households and people the target has, and how many are left out."""
    st.markdown(totals_words(target, unit_dataset(region)))
    words = left_out_total(target.left_out)
    if words:
        st.caption(words)


def show_target(region: Region, target: Target) -> None:
    """Say who lives in the target, with margins and coverage, and what was left out and why."""
    rows: list[dict[Any, Any]] = [index_row(target), *load_figures(region, target).to_dict("records")]
    table = pd.DataFrame(rows)
    vintage = str(load_shapes(region.key, "tracts_2020")["estimates_from"].iloc[0])
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
        st.markdown("\n".join([f"**{_('Left out')}**", "", *(f"- {words}" for words in left_out)]))
