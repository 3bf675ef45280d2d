"""Meeting: one screen for the projector, and the agenda that the task force works through and closes."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.page import current_region, refusing
from app_pages.parts.people import choose_who
from app_pages.parts.water.agenda import show_agenda
from app_pages.parts.water.board import (
    Desk,
    choose_boundary,
    choose_method,
    choose_scope,
    open_desk,
)
from app_pages.parts.water.board_map import show_map
from app_pages.parts.water.board_table import ordered_board
from app_pages.parts.water.key_figures import STYLES, funnel_html
from app_pages.parts.water.projector import connected_html, next_html, notes_html
from geo.language import gettext as _
from geo.language import mark as N_
from store.water.board_table import Filters, count_served, funnel_table
from store.water.kinds import Service

PROJECTOR, AGENDA = "projector", "agenda"
VIEWS = {PROJECTOR: N_("On the projector"), AGENDA: N_("Agenda")}
MAP_HEIGHT = 640


def render() -> None:
    """Show the page."""
    region = current_region()
    with st.sidebar:
        who = choose_who()
        desk = open_desk(region, who, choose_scope())
        boundary, method = choose_boundary(region), choose_method()
    view = st.radio(
        _("View"),
        list(VIEWS),
        format_func=lambda name: _(VIEWS[name]),
        key="meeting.view",
        horizontal=True,
        label_visibility="collapsed",
    )
    key = boundary.key if boundary else ""
    ordered = ordered_board(desk, desk.table, key, method, Service.WATER)
    if view == PROJECTOR:
        with refusing():
            show_projector(desk, ordered, key)
    else:
        show_agenda(desk, ordered, key, method)


def show_projector(desk: Desk, ordered: pd.DataFrame, boundary: str) -> None:
    """Show how many are connected, the funnel, the ten who are next and why, and the map."""
    st.html(STYLES)
    with st.container(key="meeting_wall"):
        figures, listed, chart = st.columns([4, 7, 6], gap="medium")
    with figures:
        st.html(connected_html(count_served(desk.table, Service.WATER), Service.WATER))
        st.html(funnel_html(funnel_table(desk.table, Service.WATER), Service.WATER))
        st.html(connected_html(count_served(desk.table, Service.WASTEWATER), Service.WASTEWATER))
        st.html(notes_html(desk, ordered))
    with listed:
        st.html(next_html(desk, ordered))
    with chart:
        show_map(desk, Filters(), desk.table.index.tolist(), boundary, MAP_HEIGHT)
    with st.container(horizontal=True):
        st.page_link("app_pages/water.py", label=_("Open the water board"), icon=":material/water_drop:")
        st.page_link("app_pages/network.py", label=_("Consolidation network"), icon=":material/hub:")
        st.page_link("app_pages/calendar.py", label=_("Calendar"), icon=":material/calendar_month:")


render()
