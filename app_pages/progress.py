"""Progress: households reached against the goal and every turf's share, pace, and where to go next."""

from __future__ import annotations

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import open_canvass
from app_pages.parts.canvass.progress import (
    Standing,
    show_coverage,
    show_goal,
    show_response,
    show_turf_states,
    stand,
    turf_groups,
)
from app_pages.parts.canvass.progress_figures import (
    show_classes,
    show_export,
    show_table,
    show_tracts,
    show_turfs,
    show_weeks,
)
from app_pages.parts.markup import bold
from app_pages.parts.page import current_region, refusing
from app_pages.parts.people import Person, current_person
from geo.canvass.codes import TURF_STATUS_TITLES
from geo.canvass.outlook import (
    Pace,
    forecast_words,
    gains_outside,
    left_words,
    outside_words,
    pace_words,
    with_response,
)
from geo.canvass.paper_totals import twice_words
from geo.errors import first_ids
from geo.language import gettext as _
from wording.program_reach import title_for


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    st.subheader(_("Progress"))
    with refusing():
        show_progress(stand(region, open_canvass(region), person), person)


def show_progress(now: Standing, person: Person) -> None:
    """Show how far it is, the map, the tables, and what comes next."""
    found = now.outlook.pace()
    st.progress(found.share, text=title_for(pace_words(found), now.outlook.least))
    table = now.by_turf() if len(now.turfs) else pd.DataFrame()
    outings = int((table["knocked"] > 0).sum()) if len(table) else 0
    ahead = now.outlook.forecast(outings)
    if ahead is not None:
        st.text(forecast_words(ahead, found))
    if now.outlook.least > 1:
        st.caption(_("Counts are rounded down to tens here, and those under ten are not shown."))
    show_goal(open_canvass(now.region), now.goal, person)
    if now.turfs.empty:
        st.info(_("No turfs saved yet."))
        return
    left, right = st.columns([3, 2], gap="medium")
    with left, refusing():
        show_map(now, table, person)
    with right, refusing():
        show_warnings(table, now)
        show_next(now, table)
    show_tabs(now, table, found, person)


def show_map(now: Standing, table: pd.DataFrame, person: Person) -> None:
    """Show the map: households reached by tract, or the turfs as they stand, for who may see turfs."""
    titles = {"turfs": _("Turfs as they stand"), "tracts": _("Households reached by tract")}
    which = "tracts"
    if person.sees("canvass_turfs"):
        which = st.radio(
            _("Map"), list(titles), format_func=titles.__getitem__, horizontal=True, key="progress.which"
        )
    if which == "turfs":
        show_turf_states(now, table, person)
    else:
        show_coverage(now.region, now.tracts(), now.units)


def show_groups(now: Standing, table: pd.DataFrame, person: Person) -> None:
    """Show progress by language, place and volunteer, each for who may see it."""
    if not person.sees("canvass_turfs"):
        st.caption(f"{_('Turfs are small.')} {person.signed.how_to_see()}")
        return
    titles = {"language": _("By language"), "place": _("By place"), "volunteer": _("By volunteer")}
    for key, group in turf_groups(now, table).items():
        if key != "volunteer" or person.sees("volunteers"):
            st.markdown(bold(titles[key]))
            show_table(group, key)
    st.caption(
        _(
            "A turf counts with the language that is needed there, and in the place where most of its "
            "doors are."
        )
    )


def show_tabs(now: Standing, table: pd.DataFrame, found: Pace, person: Person) -> None:
    """Show the tables, and what others may have."""
    counted = (_("By turf"), _("By tract"), _("By index class"), _("By week"))
    titles = [title_for(title, now.outlook.least) for title in counted]
    tabs = st.tabs([*titles, _("2020 response"), _("For everybody"), _("By language, place, volunteer")])
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
    with tabs[6], refusing():
        show_groups(now, table, person)


def show_warnings(table: pd.DataFrame, now: Standing) -> None:
    """Name turfs that are out too long, that may count twice, or have more reached than live there."""
    stale = table.index[table["stale"]]
    if len(stale):
        words = _("Out for more than 14 days without a return: {turfs}. Ask who has them, or take them back.")
        st.warning(words.format(turfs=first_ids(stale)))
    twice, told = now.told(now.twice), now.told(table)
    if len(twice):
        st.warning(twice_words(twice))
    many = told.index[told["too_many"]]
    if len(many):
        words = _("More households reached than counted in 2020: {turfs}. Was a sheet entered twice?")
        st.warning(words.format(turfs=first_ids(many)))


def show_next(now: Standing, table: pd.DataFrame) -> None:
    """Say where the next volunteer helps most, and list the turfs that are ready."""
    title = _("Where the next volunteer helps most")
    st.markdown(bold(title_for(title, now.outlook.least)))
    outlook = now.outlook
    rate = outlook.rate()
    gains = outlook.gains(with_response(table, now.turfs, now.units), rate)
    st.text(outlook.gain_words(gains, rate))
    outside = outside_words(gains_outside(now.units, now.members, rate), rate)
    if outside:
        st.text(outside)
    st.caption(
        _("The margin is that of the contact rate alone; who did not answer in 2020 may open a door today.")
    )
    told = now.told(table)
    if len(told):
        st.text(left_words(told))
    titles = {str(status): _(title) for status, title in TURF_STATUS_TITLES.items()}
    shown = gains.assign(status=gains["status"].map(titles))
    show_table(
        shown[["gain", "gain_moe", outlook.doors, "share_no_self_response", "status"]].head(20), "gain"
    )


render()
