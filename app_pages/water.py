"""Water board: where every system stands, what it would cost, and who needs it most."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.page import current_region, refusing, was_entered
from app_pages.parts.people import choose_who
from app_pages.parts.water.board import (
    Desk,
    choose_boundary,
    choose_day,
    choose_filters,
    choose_method,
    choose_scope,
    open_desk,
)
from app_pages.parts.water.board_map import SELECTED, choose_system, show_map
from app_pages.parts.water.board_table import ordered_board, show_table
from app_pages.parts.water.boundary_fit import show_fit
from app_pages.parts.water.card import show_card
from app_pages.parts.water.cost_certainty import show_boundaries
from app_pages.parts.water.key_figures import show_changes, show_numbers, show_time
from app_pages.parts.water.known_projects import show_news
from app_pages.parts.water.meeting_report import show_report
from app_pages.parts.water.next_list import show_heading, show_next
from app_pages.parts.water.projects import show_projects
from app_pages.parts.water.sheet_import import show_import
from geo.days import day_words
from geo.language import gettext as _
from geo.language import mark as N_
from geo.water.receiver import BoundaryChoice
from store.water.board_table import Filters, filter_table
from store.water.kinds import Service
from store.water.past import Past

PARTS = {
    "report": N_("Report and files"),
    "projects": N_("Projects and money"),
    "edges": N_("If another boundary counts"),
    "time": N_("Over time"),
    "changes": N_("Changes"),
    "sheet": N_("Take in a sheet"),
}


# The card stays in sight while somebody goes down the lists, whose rows choose it; on a phone it comes first.
BESIDE = """<style>
[data-testid="stColumn"]:has(.st-key-water_card){position:sticky;top:4rem;align-self:flex-start}
.st-key-water_card{max-height:calc(100vh - 5rem);overflow-y:auto}
@media (max-width: 640px){
[data-testid="stColumn"]:has(.st-key-water_card){order:-1;position:static}
.st-key-water_card{max-height:none}
}
</style>"""


def render() -> None:
    """Show the page."""
    region = current_region()
    with st.sidebar:
        who = choose_who()
        scope, day = choose_scope(), choose_day(region)
        desk = open_desk(region, who, scope, day)
        filters = choose_filters(desk.table)
        boundary, method = choose_boundary(region), choose_method()
    shown = filter_table(desk.table, filters)
    show_title(desk, len(shown))
    show_news(desk)
    show_numbers(shown)
    ordered = show_middle(desk, filters, shown, boundary, method)
    show_parts(desk, filters, shown, ordered, boundary, method)
    write_address(desk)


def show_title(desk: Desk, count: int) -> None:
    """Say what is shown: which systems, as of when."""
    st.subheader(_("The water board: who is connected, and who is next"))
    words = _("{count} of {all} systems.").format(count=count, all=len(desk.table))
    if desk.as_of is not None:
        words += " " + as_of_words(desk.as_of)
    st.caption(words)


def as_of_words(past: Past) -> str:
    """Say of which earlier day the board is, and how it is looked back at."""
    words = (
        _("As recorded by the end of {day}.")
        if past.recorded
        else _("As it was at the end of {day}, by what is known today.")
    )
    return words.format(day=day_words(past.day))


def show_middle(
    desk: Desk, filters: Filters, shown: pd.DataFrame, boundary: BoundaryChoice | None, method: str
) -> pd.DataFrame:
    """Show map, list and table, and beside them, wherever one reads, the card of the system that is selected.

    Return the board with who is next, in that order; as it is filtered where that cannot be told.
    """
    start_selected()
    ordered = shown
    st.html(BESIDE)
    left, right = st.columns([3, 2], gap="medium")
    key = boundary.key if boundary else ""
    with left:
        show_map(desk, filters, shown.index.tolist(), key)
        show_heading(filters.service)
        with refusing():
            ordered = ordered_board(desk, shown, key, method, filters.service)
            show_next(filters, ordered)
            show_table(desk, filters, ordered)
    with right, st.container(key="water_card"), refusing():
        selected = choose_system(desk, shown.index.tolist())
        if selected in desk.table.index:
            show_card(desk, selected, filters, key, method)
        else:
            st.info(_("Click a system, or pick a table row, to see its card."))
    return ordered


def start_selected() -> None:
    """Begin with the system that the address names."""
    named = st.query_params.get("system", "")
    if named.isalnum() and (was_entered() or SELECTED not in st.session_state):
        st.session_state[SELECTED] = named


def show_parts(
    desk: Desk,
    filters: Filters,
    shown: pd.DataFrame,
    ordered: pd.DataFrame,
    boundary: BoundaryChoice | None,
    method: str,
) -> None:
    """Show everything that is done with the whole board; the report tells of water in any case."""
    key, for_water = boundary.key if boundary else "", ordered
    if filters.service is not Service.WATER:
        with refusing():
            for_water = ordered_board(desk, shown, key, method, Service.WATER)
    show_part(desk, filters, ordered, for_water, boundary, method)


def show_part(
    desk: Desk,
    filters: Filters,
    ordered: pd.DataFrame,
    for_water: pd.DataFrame,
    boundary: BoundaryChoice | None,
    method: str,
) -> None:
    """Show one part of what is done with the whole board; only the one that is chosen is made.

    The report of a meeting tells who is next for water, whichever service is on the screen.
    """
    titles = {key: _(title) for key, title in PARTS.items()}
    part = st.radio(
        _("With the whole board"),
        list(titles),
        key="water.part",
        format_func=titles.__getitem__,
        horizontal=True,
    )
    with refusing():
        if part == "report":
            show_report(desk, filters, ordered, for_water, boundary.key if boundary else "", method)
        elif part == "edges" and boundary:
            show_boundaries(desk, ordered.index.tolist(), boundary.key, method, key="water.edges")
            show_fit(desk.region)
        elif part == "projects":
            show_projects(desk)
        elif part == "time":
            show_time(desk, filters)
        elif part == "changes":
            show_changes(desk)
        else:
            show_import(desk)


def write_address(desk: Desk) -> None:
    """Write the selected system into the address, so that it can be sent."""
    kept = {name: st.query_params[name] for name in ("lang", "region") if name in st.query_params}
    selected: str = st.session_state.get(SELECTED) or ""
    st.query_params.from_dict(kept | ({"system": selected} if selected in desk.table.index else {}))


render()
