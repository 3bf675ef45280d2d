"""The profile card beside the map: what is known of the one that is selected."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app_pages.card import card_html
from app_pages.choices import close_profile
from app_pages.common import load_shapes, load_table, missing_reason
from app_pages.ledgers import show_ledgers_of
from geo.errors import MissingDatasetError
from geo.indicators import Indicator
from geo.language import gettext as _
from geo.profile import Figure, Profile, highest_profile, tract_profile
from geo.region import Region
from geo.served_figures import KINDS, served_figures
from geo.system_profile import plain_profile, system_profile, systems_inside
from geo.view import View, split_selected
from layers.layer import Layer
from layers.registry import CONTEXT


def show_card(region: Region, view: View, layers: list[Layer], indicator: Indicator) -> None:
    """Show what is known of the one that is selected."""
    try:
        profile = find_profile(region, view, layers, indicator)
    except MissingDatasetError:
        st.info(_("There is no {selected} here.").format(selected=view.selected))
        profile = None
    if profile is not None:
        st.html(card_html(profile))
        st.button(_("Close this profile"), on_click=close_profile)
        show_ledger(region, view)
        return
    frame = load_shapes(region.key, view.dataset)
    st.html(card_html(highest_profile(frame, indicator, region.key, view.dataset)))
    st.caption(_("Click on the map, search, or choose a row of the table: its profile stands here."))


def show_ledger(region: Region, view: View) -> None:
    """Show the account behind who lives in what is selected, one click away."""
    layer, _identifier = split_selected(view.selected)
    dataset = {item.key: item.dataset for item in CONTEXT}.get(layer, "")
    if layer in KINDS:
        show_ledgers_of(region, {dataset}, "explore.ledger")


def find_profile(region: Region, view: View, layers: list[Layer], indicator: Indicator) -> Profile | None:
    """Make the profile of what is selected; None where nothing is."""
    key, identifier = split_selected(view.selected)
    layer = next((item for item in (*layers, *CONTEXT) if item.key == key), None)
    if layer is None:
        return None
    frame = load_shapes(region.key, layer.dataset)
    if key == "tracts":
        further = figures_inside(region, layer.dataset, identifier)
        return tract_profile(frame, identifier, region.key, layer.dataset, indicator, further)
    if key == "systems":
        profile = system_profile(frame, identifier, region.key)
    else:
        profile = plain_profile(frame, (layer.identifier, identifier), region.key, layer.dataset)
    return replace(profile, figures=(*profile.figures, *figures_of_people(region, key, identifier)))


def figures_inside(region: Region, dataset: str, geoid: str) -> list[Figure]:
    """Make the figures of a tract that come from other datasets: the water systems in it."""
    if dataset != "tracts_2010" or missing_reason(region.key, "tract_system_join"):
        return []
    join, systems = load_table(region.key, "tract_system_join"), load_shapes(region.key, "water_systems")
    return [systems_inside(join, systems, geoid)]


def figures_of_people(region: Region, layer: str, identifier: str) -> list[Figure]:
    """Make the figures of who lives in a system, a place or a district."""
    if missing_reason(region.key, "people_served"):
        return []
    return list(served_figures(load_table(region.key, "people_served"), layer, identifier))
