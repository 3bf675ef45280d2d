"""A day's canvass on the page Turfs: volunteers, hours each, the day; the doors that is, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import load_barriers, load_units, unit_dataset
from app_pages.parts.canvass.cut_session import Work, current_work, show_cutting, start_work
from app_pages.parts.loading import is_built, load_shapes
from app_pages.parts.markup import paragraphs
from app_pages.parts.page import today
from app_pages.parts.people import Person
from geo.canvass.outlook import turf_units
from geo.canvass.progress import to_contacts
from geo.canvass.saturday import DayPlan, DayWish, first_areas, plan_day
from geo.canvass.target import Target
from geo.canvass.turf_plan import CutWish
from geo.language import gettext as _
from geo.region import Region
from store.canvass.book import CanvassBook
from wording.canvass_day import areas_words, guessed_words, plan_words, tract_rows

TOLD, AREAS = "turfs.day.told", "turfs.day.areas"
SATURDAY = 5


def next_saturday(now: date) -> date:
    """Return the Saturday that comes, today where it is one.

    Examples
    --------
    >>> next_saturday(date(2026, 12, 3)).isoformat()
    '2026-12-05'
    """
    return now + timedelta(days=(SATURDAY - now.weekday()) % 7)


def show_day(region: Region, book: CanvassBook, target: Target | None, person: Person) -> None:
    """Ask who comes, and answer with turfs; where only block groups are known, with areas to choose."""
    with st.form("turfs.day"):
        left, right = st.columns(2)
        volunteers = left.number_input(_("Volunteers"), 1, 200, key="turfs.volunteers")
        hours = right.number_input(_("Hours each"), 0.5, 12.0, step=0.5, format="%.1f", key="turfs.hours")
        day = st.date_input(_("Day"), next_saturday(today()), key="turfs.day.on")
        off = target is None or not person.may_cut
        sent = st.form_submit_button(_("Plan this day"), type="primary", disabled=off)
    if not sent or target is None or not person.may_cut:
        return
    minutes = float(st.session_state.get("turfs.minutes", 5))
    wish = DayWish(int(volunteers), float(hours), minutes, seed=int(st.session_state.get("turfs.seed", 0)))
    if unit_dataset(region) != "blocks":
        areas = first_areas(target.units, wish, reached(region, book))
        st.session_state[AREAS] = (asked_of(region, target), day, wish, areas)
        return
    with show_cutting() as tell:
        plan = plan_day(
            target.units,
            wish,
            known=load_units(region),
            barriers=load_barriers(region),
            reached=reached(region, book),
            tell=tell,
        )
    asked = CutWish("n_hours", 1, minutes, wish.tolerance, wish.seed)
    start_work(region, book, plan.units, plan.cut, asked, planned_on=day)
    keep_answer(current_work(region), plan, wish, day)
    st.rerun()


def reached(region: Region, book: CanvassBook) -> pd.Series[float]:
    """Households reached so far, by tract."""
    members = turf_units(book.turfs(), load_units(region))
    contacts = to_contacts(book.visits(), book.tallies(), members)
    return contacts.groupby("tract_geoid")["reached"].sum().astype("float64")


def keep_answer(work: Work | None, plan: DayPlan, wish: DayWish, day: date) -> None:
    """Keep what a plan answers, to stand above its cut."""
    if work is not None:
        st.session_state[TOLD] = (work.draft, plan_words(plan, wish, day), plan.tracts)


def show_answer(work: Work) -> None:
    """Say how many doors the day reaches, which come first, and what is left."""
    draft, words, tracts = st.session_state.get(TOLD, ("", [], None))
    if draft != work.draft:
        return
    st.success(paragraphs(*words))
    with st.expander(_("Which tracts come first")):
        show_tracts(tracts)


def asked_of(region: Region, target: Target) -> tuple[str, ...]:
    """Tell of which units a question was asked: an answer stands as long as these are the target."""
    return region.key, *map(str, target.units.index)


def show_areas(region: Region, target: Target | None) -> None:
    """Show which areas come first where no walk can be cut: in red, as areas with guessed edges."""
    asked, day, wish, areas = st.session_state.get(AREAS, ((), None, None, None))
    if target is None or asked != asked_of(region, target):
        return
    st.error(guessed_words())
    places = place_names(region)
    st.markdown(paragraphs(*areas_words(areas, wish, day, places)))
    show_tracts(areas, places)


def place_names(region: Region) -> dict[str, str]:
    """Name the places by GEOID."""
    if not is_built(region, "places"):
        return {}
    places = load_shapes(region.key, "places")
    return dict(zip(places["geoid"].astype(str), places["name"].astype(str), strict=True))


def answered_draft() -> str:
    """Return the draft of the cut that a day's answer belongs to; empty where there is none."""
    return str(st.session_state.get(TOLD, ("",))[0])


def show_tracts(areas: pd.DataFrame, places: Mapping[str, str] | None = None) -> None:
    """Show areas in the order in which they come."""
    st.dataframe(
        tract_rows(areas, places),
        key="turfs.day.tracts",
        hide_index=True,
        column_config={
            "area": _("Area"),
            "index": st.column_config.NumberColumn(_("Index"), format="%.0f"),
            "answered": st.column_config.NumberColumn(_("Answered the 2020 Census"), format="percent"),
            "reached": st.column_config.NumberColumn(_("Reached before"), format="localized"),
            "doors": st.column_config.NumberColumn(_("Doors"), format="localized"),
            "today": st.column_config.NumberColumn(_("Doors that day"), format="localized"),
            "left": st.column_config.NumberColumn(_("Doors left"), format="localized"),
            "hours": st.column_config.NumberColumn(_("Hours of knocking"), format="%.0f"),
        },
    )
