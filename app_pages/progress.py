"""Progress: households reached against the goal and every turf's share, pace, and where to go next."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import open_canvass
from app_pages.parts.canvass.progress import Standing, show_coverage, show_goal, show_response, stand
from app_pages.parts.canvass.progress_figures import (
    show_classes,
    show_export,
    show_table,
    show_tracts,
    show_turfs,
    show_weeks,
)
from app_pages.parts.markup import bold
from app_pages.parts.page import current_region, refusing, today
from app_pages.parts.people import Person, current_person
from geo.canvass.codes import TURF_STATUS_TITLES
from geo.canvass.outlook import (
    Pace,
    contact_rate,
    expected_gain,
    gain_words,
    left_words,
    pace,
    pace_words,
    with_response,
)
from geo.canvass.paper_totals import twice_words
from geo.errors import first_ids
from geo.language import gettext as _


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    st.subheader(_("Progress"))
    with refusing():
        show_progress(stand(region, open_canvass(region), person), person)


def show_progress(now: Standing, person: Person) -> None:
    """Show how far it is, the map, the tables, and what comes next."""
    found = pace(now.contacts, today(), now.goal.last_day, now.goal.households, full=now.full)
    st.progress(found.shown_share(full=now.full), text=pace_words(found, full=now.full))
    if not now.full:
        st.caption(_("Counts are rounded down to tens here, and those under ten are not shown."))
    show_goal(open_canvass(now.region), now.goal, person)
    if now.turfs.empty:
        st.info(_("No turfs saved yet."))
        return
    table = now.by_turf()
    left, right = st.columns([3, 2], gap="medium")
    with left, refusing():
        show_coverage(now.region, now.tracts(), now.units)
    with right, refusing():
        show_warnings(table, now)
        show_next(now, table)
    show_tabs(now, table, found, person)


def show_tabs(now: Standing, table: pd.DataFrame, found: Pace, person: Person) -> None:
    """Show the tables, and what others may have."""
    tabs = st.tabs(
        [_("By turf"), _("By tract"), _("By index class"), _("By week"), _("2020 response"), _("For others")]
    )
    with tabs[0], refusing():
        show_turfs(table, now.goal.households, person)
    with tabs[1], refusing():
        show_tracts(now)
    with tabs[2], refusing():
        show_classes(now)
    with tabs[3], refusing():
        show_weeks(now, found)
    with tabs[4], refusing():
        show_response(now.region, now.members)
    with tabs[5], refusing():
        show_export(now, found)


def show_warnings(table: pd.DataFrame, now: Standing) -> None:
    """Name turfs that are out too long, that may count twice, or have more reached than live there."""
    stale = table.index[table["stale"]]
    if len(stale):
        words = _("Out for more than 14 days without a return: {turfs}. Ask who has them, or take them back.")
        st.warning(words.format(turfs=first_ids(stale)))
    if not now.full:
        return
    if len(now.twice):
        st.warning(twice_words(now.twice))
    many = table.index[table["too_many"]]
    if len(many):
        words = _("More households reached than counted in 2020: {turfs}. Was a sheet entered twice?")
        st.warning(words.format(turfs=first_ids(many)))


def show_next(now: Standing, table: pd.DataFrame) -> None:
    """Say where the next volunteer helps most, and list the turfs that are ready."""
    title = _("Where the next volunteer helps most")
    st.markdown(bold(title))
    rate = contact_rate(now.contacts, full=now.full)
    gains = expected_gain(with_response(table, now.turfs, now.units), rate, full=now.full)
    st.text(gain_words(gains, rate, full=now.full))
    st.caption(
        _("The margin is that of the contact rate alone; who did not answer in 2020 may open a door today.")
    )
    if now.full:
        st.text(left_words(table))
    doors = "left" if now.full else "doors"
    titles = {str(status): _(title) for status, title in TURF_STATUS_TITLES.items()}
    shown = gains.assign(status=gains["status"].map(titles))
    show_table(shown[["gain", "gain_moe", doors, "share_no_self_response", "status"]].head(20), "gain")


render()
