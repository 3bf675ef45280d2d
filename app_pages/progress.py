"""Progress: households reached against the goal and every turf's share, pace, and where to go next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from app_pages.parts.canvass_data import load_goal, load_units, open_canvass, today
from app_pages.parts.common import current_region, refusing
from app_pages.parts.person import Person, current_person
from app_pages.parts.progress.export import show_export
from app_pages.parts.progress.goal import show_goal
from app_pages.parts.progress.map import show_coverage
from app_pages.parts.progress.response import show_response
from geo.canvass.codes import TURF_STATUS_TITLES, TurfStatus
from geo.canvass.coverage import hide_classes, hide_tracts, hide_weeks, tract_table
from geo.canvass.outlook import contact_rate, expected_gain, gain_words, pace, pace_words
from geo.canvass.progress import UNKNOWN, by_index_class, by_week, to_contacts
from geo.canvass.progress import by_turf as progress_by_turf
from geo.canvass.tables import turf_units, with_response
from geo.language import gettext as _
from geo.region import Region
from geo.response_curve import CAUTION
from store.canvass.book import CanvassBook
from store.canvass.kinds import Goal

TURF_COLUMNS = [
    "status",
    "volunteer",
    "doors",
    "households",
    "knocked",
    "reached",
    "share",
    "of_share",
    "last_on",
]


@dataclass(frozen=True, eq=False)
class Standing:
    """What the page is about: turfs, contacts, blocks and the goal; ``full`` lets small counts be seen."""

    region: Region
    turfs: pd.DataFrame
    contacts: pd.DataFrame
    units: gpd.GeoDataFrame
    members: pd.DataFrame
    goal: Goal
    full: bool

    def tracts(self) -> pd.DataFrame:
        """Return progress by tract, as it may be seen."""
        table = tract_table(self.contacts, self.units, self.members)
        return table if self.full else hide_tracts(table)


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    st.subheader(_("Progress"))
    with refusing():
        show_progress(stand(region, open_canvass(region), person), person)


def stand(region: Region, book: CanvassBook, person: Person) -> Standing:
    """Read how the canvass stands."""
    units, turfs = load_units(region), book.turfs()
    members = turf_units(turfs, units)
    contacts = to_contacts(book.visits(), book.tallies(), members)
    return Standing(region, turfs, contacts, units, members, load_goal(book), person.sees_small)


def show_progress(now: Standing, person: Person) -> None:
    """Show how far it is, the map, the tables, and what comes next."""
    found = pace(now.contacts, today(), now.goal.last_day, now.goal.households)
    st.progress(found.shown_share(full=now.full), text=pace_words(found, full=now.full))
    show_goal(open_canvass(now.region), now.goal, person)
    if now.turfs.empty:
        st.info(_("No turf is kept yet."))
        return
    table = progress_by_turf(now.turfs, now.contacts, today(), now.goal.households)
    left, right = st.columns([3, 2], gap="medium")
    with left, refusing():
        show_coverage(now.region, now.tracts(), now.units)
    with right, refusing():
        show_next(now, table)
        show_warnings(table, full=now.full)
    tabs = st.tabs(
        [_("By turf"), _("By tract"), _("By index class"), _("By week"), _("2020 response"), _("For others")]
    )
    with tabs[0], refusing():
        show_turfs(table, full=now.full)
    with tabs[1], refusing():
        show_tracts(now)
    with tabs[2], refusing():
        show_classes(now)
    with tabs[3], refusing():
        weeks = by_week(now.contacts)
        show_table(weeks if now.full else hide_weeks(weeks), "week")
    with tabs[4], refusing():
        show_response(now.region, now.members)
    with tabs[5], refusing():
        show_export(now.region, now.goal, found, (now.contacts, now.units, now.members))


def show_next(now: Standing, table: pd.DataFrame) -> None:
    """Say where the next volunteer helps most, and list the turfs that are ready."""
    title = _("Where the next volunteer helps most")
    st.markdown(f"**{title}**")
    rate = contact_rate(now.contacts, full=now.full)
    gains = expected_gain(with_response(table, now.turfs, now.units), rate, full=now.full)
    st.text(gain_words(gains, rate, full=now.full))
    st.caption(
        _("The margin is that of the contact rate alone; who did not answer in 2020 may open a door today.")
    )
    doors = "left" if now.full else "doors"
    show_table(gains[["gain", "gain_moe", doors, "share_no_self_response"]].head(20), "gain")


def show_warnings(table: pd.DataFrame, *, full: bool) -> None:
    """Name turfs that are out too long, and those in which more were reached than live there."""
    stale = table.index[table["stale"]]
    if len(stale):
        words = _("Out for more than 14 days without a return: {turfs}. Ask who has them, or take them back.")
        st.warning(words.format(turfs=", ".join(stale)))
    many = table.index[table["too_many"]]
    if len(many) and full:
        words = _("More households reached than counted in 2020: {turfs}. Was a sheet entered twice?")
        st.warning(words.format(turfs=", ".join(many)))


def show_turfs(table: pd.DataFrame, *, full: bool) -> None:
    """Show every turf; they are small, so only to those with a name."""
    if not full:
        st.caption(_("Turfs are small: give your name in the sidebar to see them one by one."))
        return
    statuses = {str(status): _(TURF_STATUS_TITLES[status]) for status in TurfStatus}
    last = table["last_on"].dt.strftime("%Y-%m-%d").fillna("")
    shown = table[TURF_COLUMNS].assign(status=table["status"].map(statuses), last_on=last)
    share = {"share": st.column_config.NumberColumn(_("Share of the goal"), format="localized")}
    shown = shown.round({"share": 0, "of_share": 3})
    st.dataframe(shown, key="progress.turf", column_config=titles() | share)


def show_tracts(now: Standing) -> None:
    """Show every tract that turfs touch."""
    table = now.tracts()
    show_table(table[["households", "knocked", "reached", "share", "index", "answered"]], "tract")
    st.caption(_(CAUTION))
    if UNKNOWN in table.index:
        st.caption(
            _("unknown: totals of paper sheets whose turf lies in several tracts; no sheet says in which.")
        )


def show_classes(now: Standing) -> None:
    """Show classes of the index."""
    if now.full:
        index = now.units.drop_duplicates("tract_geoid").set_index("tract_geoid")["ca_htc_index"]
        show_table(by_index_class(now.contacts, index), "class")
    else:
        show_table(hide_classes(tract_table(now.contacts, now.units, now.members)), "class")


def show_table(table: pd.DataFrame, key: str) -> None:
    """Show a table with titles in words."""
    st.dataframe(table.round(3), key=f"progress.{key}", column_config=titles())


def titles() -> dict[str, Any]:
    """Return the titles of columns."""
    counts = {
        "doors": _("Doors"),
        "left": _("Doors left"),
        "households": _("Households"),
        "knocked": _("Doors knocked on"),
        "reached": _("Households reached"),
        "total": _("Reached so far"),
    }
    shares = {
        "share": _("Share reached"),
        "of_share": _("Of its share"),
        "answered": _("Self-response in 2020, final"),
        "share_no_self_response": _("No self-response in 2020"),
    }
    numbers = {
        "gain": _("Expected households"),
        "gain_moe": _("±"),
        "index": _("Hard-to-count index"),
    }
    return {
        **{key: st.column_config.NumberColumn(title, format="localized") for key, title in counts.items()},
        **{key: st.column_config.NumberColumn(title, format="percent") for key, title in shares.items()},
        **{key: st.column_config.NumberColumn(title, format="%.0f") for key, title in numbers.items()},
        "status": _("Status"),
        "volunteer": _("Volunteer"),
        "tract": _("Tract"),
        "code": _("Turf"),
        "index_class": _("Index class"),
        "last_on": _("Last return"),
        "week": st.column_config.DateColumn(_("Week from")),
    }


render()
