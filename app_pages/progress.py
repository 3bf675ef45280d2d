"""Progress: households reached against the goal and every turf's share, pace, and where to go next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app_pages.canvass_data import load_units, open_canvass, today
from app_pages.common import current_region, load_table, missing_reason, refusing
from app_pages.person import current_person
from geo.canvass import GOAL_HOUSEHOLDS
from geo.canvass_progress import (
    by_index_class,
    by_tract,
    by_week,
    contact_rate,
    expected_gain,
    pace,
    to_contacts,
)
from geo.canvass_progress import by_turf as progress_by_turf
from geo.canvass_tables import hide_small, pace_words, turf_units, with_response
from geo.language import gettext as _
from geo.region import Region
from store.canvass_book import CanvassBook

COLUMNS = ("doors", "households", "knocked", "reached", "share", "status", "last_on", "stale")


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    st.subheader(_("Progress"))
    with refusing():
        show_progress(region, open_canvass(region), full=person.may_write)


def show_progress(region: Region, book: CanvassBook, *, full: bool) -> None:
    """Show all tables; without a name small counts are hidden."""
    units = load_units(region)
    turfs = book.turfs()
    contacts = to_contacts(book.visits(), book.tallies(), turf_units(turfs, units))
    end = st.date_input(_("Last day of the canvass"), value=today() + timedelta(weeks=26), key="progress.end")
    goal = st.number_input(_("Goal (households)"), 1, 1_000_000, GOAL_HOUSEHOLDS, key="progress.goal")
    found = pace(contacts, today(), end, int(goal))
    st.progress(found.share, text=pace_words(found, full=full))
    table = progress_by_turf(turfs, contacts, today(), int(goal))
    st.markdown(f"**{_('By turf')}**")
    show_table(table[list(COLUMNS)], "turf", full=full)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{_('By tract')}**")
        show_table(by_tract(contacts), "tract", full=full)
        st.markdown(f"**{_('By class of the hard-to-count index')}**")
        index = units.drop_duplicates("tract_geoid").set_index("tract_geoid")["ca_htc_index"]
        show_table(by_index_class(contacts, index), "class", full=full)
    with right:
        st.markdown(f"**{_('By week')}**")
        show_table(by_week(contacts), "week", full=full)
        st.markdown(f"**{_('Where the next volunteer helps most')}**")
        st.caption(_("Doors left x share that did not answer the 2020 Census by itself x contact rate."))
        gains = expected_gain(with_response(table, turfs, units), contact_rate(contacts))
        st.dataframe(gains[["doors", "gain"]], key="progress.gain", column_config=titles())
    show_response(region, turfs, units)


def show_table(table: pd.DataFrame, key: str, *, full: bool) -> None:
    """Show a table; without a name small counts are hidden."""
    st.dataframe(table if full else hide_small(table), key=f"progress.{key}", column_config=titles())


def titles() -> dict[str, Any]:
    """Return the titles of columns."""
    return {
        "doors": _("Doors"),
        "households": _("Households"),
        "knocked": _("Doors knocked on"),
        "reached": _("Households reached"),
        "total": _("Reached so far"),
        "share": st.column_config.NumberColumn(_("Share of the goal"), format="%.0f"),
        "status": _("Status"),
        "last_on": st.column_config.DateColumn(_("Last return")),
        "stale": _("Out too long"),
        "gain": st.column_config.NumberColumn(_("Expected households"), format="%.0f"),
        "week": st.column_config.DateColumn(_("Week from")),
    }


def show_response(region: Region, turfs: pd.DataFrame, units: pd.DataFrame) -> None:
    """Show beside it how the tracts answered the 2020 Census by themselves, day by day."""
    if missing_reason(region.key, "self_response_daily") or turfs.empty:
        return
    tracts = sorted(turf_units(turfs, units)["tract_geoid"].dropna().unique())
    if not tracts:
        return
    geoid = st.selectbox(_("Self-response of a tract in 2020, day by day"), tracts, key="progress.tract")
    daily = load_table(region.key, "self_response_daily")
    st.line_chart(daily[daily["geoid"] == geoid], x="response_date", y="share_self_response")
    st.caption(
        _("It tells who answered a form in 2020, not who would open a door now; small tracts vary much.")
    )


render()
