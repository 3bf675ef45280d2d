"""The target of a canvass on the page Turfs: by filter, by place or by drawing, and who lives there."""

from __future__ import annotations

import geopandas as gpd
import streamlit as st
from shapely.geometry import shape

from app_pages.canvass_data import is_built, load_figures, load_units
from app_pages.common import load_shapes
from geo.canvass_target import REASON_TITLES, Filter, Target, choose_units, left_out_table
from geo.crs import STORED
from geo.errors import GeoError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.people_in import require_drawn
from geo.region import Region
from store.canvass_book import CanvassBook

WAYS = {"filter": N_("Everywhere"), "place": N_("Place, district, tract or system"), "draw": N_("Draw")}
# Datasets with areas to choose from: identifier and the column of the name.
AREAS = {
    "places": ("geoid", "name"),
    "districts": ("district_id", "name"),
    "tracts_2020": ("geoid", "geoid"),
    "water_systems": ("pwsid", "public_name"),
}
AREA_TITLES = {
    "places": N_("Places"),
    "districts": N_("Districts"),
    "tracts_2020": N_("Tracts"),
    "water_systems": N_("Water systems"),
}
DRAWN = "turfs.drawn"


def choose_target(region: Region, book: CanvassBook) -> Target:
    """Show the choices and return the target that they make."""
    ways = {key: _(title) for key, title in WAYS.items()}
    way = st.radio(_("Area"), list(WAYS), format_func=ways.__getitem__, key="turfs.way", horizontal=True)
    within = choose_area(region) if way == "place" else drawn_area() if way == "draw" else None
    index = st.number_input(_("Index at least"), 0.0, 136.0, 60.0, step=5.0, key="turfs.index")
    limited = st.number_input(
        _("Limited English at least (%)"), 0.0, 100.0, 0.0, step=5.0, key="turfs.limited"
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


def choose_area(region: Region) -> gpd.GeoDataFrame:
    """Let a person choose areas by name; several are taken together."""
    kinds = {name: _(AREA_TITLES[name]) for name in AREAS if is_built(region, name)}
    kind = st.selectbox(_("Kind of area"), list(kinds), format_func=kinds.__getitem__, key="turfs.kind")
    identifier, name = AREAS[kind]
    frame = load_shapes(region.key, kind).set_index(identifier)
    names = frame[name].astype(str).to_dict()
    chosen = st.multiselect(_("Areas"), list(names), format_func=names.__getitem__, key=f"turfs.areas.{kind}")
    if not chosen:
        raise GeoError(_("no area is chosen"), _("choose one or more"))
    return frame.loc[chosen]


def drawn_area() -> gpd.GeoDataFrame:
    """Return what was drawn on the map last.

    Raises
    ------
    GeoError
        Nothing is drawn.
    GeometryError
        It crosses itself, or has no area.
    """
    drawn = st.session_state.get(DRAWN)
    if not drawn:
        raise GeoError(_("nothing is drawn"), _("draw a polygon or a rectangle on the map"))
    polygon = shape(drawn["geometry"])
    require_drawn(polygon)
    return gpd.GeoDataFrame(geometry=[polygon], crs=STORED)


def show_target(region: Region, target: Target) -> None:
    """Say at once who lives in the target, and what was left out and why."""
    totals = target.totals
    words = _(
        "{doors} doors, {households} households and {people} people "
        "in {units} blocks or block groups (2020 Census)"
    )
    st.markdown(
        words.format(
            doors=f"{totals['doors']:,}",
            households=f"{totals['households']:,}",
            people=f"{totals['population']:,}",
            units=f"{totals['units']:,}",
        )
    )
    figures = load_figures(region, target)
    st.dataframe(
        figures.assign(figure=[_(title) for title in figures["figure"]]),
        hide_index=True,
        key="turfs.figures",
        column_config={"figure": _("ACS estimate"), "value": _("Value"), "coverage": _("Covered")},
    )
    for row in left_out_table(target.left_out).itertuples():
        st.warning(
            _(
                "Left out, {units} blocks or block groups with {doors} doors and {people} people: {reason}"
            ).format(
                units=row.units,
                doors=row.doors,
                people=row.population,
                reason=_(REASON_TITLES[str(row.reason)]),
            )
        )
