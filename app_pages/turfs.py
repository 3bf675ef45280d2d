"""Turfs: choose whom to reach, cut fair turfs, change them by hand, keep them, and hand them out."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.canvass.assignments import show_hand_out
from app_pages.parts.canvass.book import open_canvass
from app_pages.parts.canvass.choices import keep_choices, restore_choices
from app_pages.parts.canvass.cut_session import current_work, find_work, show_drafts
from app_pages.parts.canvass.recut import show_recut
from app_pages.parts.canvass.saturday import show_answer, show_areas, show_day
from app_pages.parts.canvass.sign_up import asks_to_join, show_sign_up
from app_pages.parts.canvass.target import choose_target, show_target, show_totals
from app_pages.parts.canvass.tribal_permission import show_permissions
from app_pages.parts.canvass.turf_cut import show_cut, show_cut_form
from app_pages.parts.canvass.turf_map import show_turf_map
from app_pages.parts.page import current_region, refusing
from app_pages.parts.people import current_person
from geo.language import gettext as _


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_canvass(region)
    if asks_to_join():
        with refusing():
            show_sign_up(region, book)
        return
    st.subheader(_("Turfs"))
    restore_choices(region)
    with refusing():
        if person.may_cut and find_work(region, book) is None:
            show_drafts(region, book, person)
    left, right = st.columns([2, 1], gap="medium")
    target = None
    with right, refusing():
        target = choose_target(region, book)
        show_totals(region, target)
    with right, refusing():
        show_permissions(region, book, target, person)
    with right, refusing():
        show_day(region, book, target, person)
    with right, refusing():
        show_cut_form(region, book, target, person)
    keep_choices()
    work = current_work(region) if person.may_cut else None
    with left:
        show_turf_map(region, book, target, work)
        if work is None:
            show_areas(region, target)
        else:
            show_answer(work)
            with refusing():
                show_cut(book, work, target, person, region)
        if target is not None:
            with st.expander(_("Who lives in the target, and what is left out"), expanded=work is None):
                show_target(region, target)
    # Each in a place of its own: what one of them shows or hides moves nothing of the other.
    handed, again = st.container(), st.container()
    with handed:
        show_hand_out(region, book, person)
    with again:
        show_recut(region, book, person)


render()
