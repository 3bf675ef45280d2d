"""Turfs: choose whom to reach, cut fair turfs, change them by hand, keep them, and hand them out."""

from __future__ import annotations

import streamlit as st

from app_pages.canvass_data import (
    CUT,
    Work,
    barrier_warnings,
    current_work,
    load_barriers,
    open_canvass,
)
from app_pages.common import current_region, refusing
from app_pages.person import Person, current_person
from app_pages.turf_edit import show_edit
from app_pages.turf_hand_out import show_hand_out
from app_pages.turf_map import show_turf_map
from app_pages.turf_target import choose_target, show_target
from geo.canvass_cut import balance_table, balance_words, loose_words, new_turf_rows
from geo.canvass_target import Target
from geo.language import gettext as _
from geo.region import Region
from geo.turf import TurfHistory, cut_turfs
from store.canvass import Cut
from store.canvass_book import CanvassBook, NewTurf


def render() -> None:
    """Show the page."""
    region, person = current_region(), current_person()
    book = open_canvass(region)
    st.subheader(_("Turfs"))
    left, right = st.columns([2, 1], gap="medium")
    target = None
    with right, refusing():
        target = choose_target(region, book)
        show_target(region, target)
    with right, refusing():
        show_cut_form(region, target)
    work = current_work(region)
    with left:
        show_turf_map(region, target, work, drawing=st.session_state.get("turfs.way") == "draw")
        if work is not None:
            with refusing():
                show_cut(book, work, person)
    show_hand_out(region, book, person)


def show_cut_form(region: Region, target: Target | None) -> None:
    """Ask for the number of turfs or of doors a turf, and cut."""
    for words in barrier_warnings(region):
        st.warning(words)
    with st.form("turfs.cut"):
        how = st.radio(
            _("Cut by"), ["n", "doors"], format_func=cut_ways().__getitem__, key="turfs.how", horizontal=True
        )
        count = st.number_input(_("How many"), 1, 100_000, 12, key="turfs.count")
        tolerance = st.number_input(_("Deviation allowed (%)"), 0, 50, 5, key="turfs.tolerance")
        seed = st.number_input(_("Seed (the same gives the same turfs)"), 0, 9999, 0, key="turfs.seed")
        sent = st.form_submit_button(_("Cut turfs"), type="primary", disabled=target is None)
    if sent and target is not None:
        with st.spinner(_("Cutting…")):
            cut = cut_turfs(
                target.units,
                doors="doors",
                n=count if how == "n" else None,
                doors_per_turf=count if how == "doors" else None,
                tolerance=tolerance / 100,
                barriers=load_barriers(region),
                seed=seed,
            )
        st.session_state[CUT] = Work(region.key, target, TurfHistory(cut), int(seed), "")
        st.rerun()


def cut_ways() -> dict[str, str]:
    """Return the ways to say how many turfs."""
    return {"n": _("Number of turfs"), "doors": _("Doors a turf")}


def show_cut(book: CanvassBook, work: Work, person: Person) -> None:
    """Show the balance, what can be changed, and the button that keeps the cut."""
    cut = work.history.now
    st.markdown(balance_words(cut))
    st.markdown(loose_words(cut))
    if len(cut.oversize):
        st.warning(
            _("Larger than a turf, so a turf by itself: {names}").format(names=", ".join(cut.oversize))
        )
    table = balance_table(cut, work.target.units)
    st.dataframe(
        table.assign(name=[turf + 1 for turf in table.index]).set_index("name"),
        key="turfs.balance",
        column_config={
            "name": _("Turf"),
            "doors": _("Doors"),
            "deviation": st.column_config.NumberColumn(_("Deviation"), format="percent"),
            "compactness": st.column_config.NumberColumn(_("Compactness"), format="%.2f"),
            "units": _("Blocks"),
            "households": _("Households"),
            "population": _("People"),
            "hours": _("Hours"),
        },
    )
    show_edit(work)
    if st.button(_("Keep this cut"), type="primary", key="turfs.keep"):
        codes = keep(book, work, person.require())
        st.session_state.pop(CUT)
        st.session_state["turfs.done"] = _("Kept: {count} turfs, {first} to {last}.").format(
            count=len(codes), first=codes[0], last=codes[-1]
        )
        st.rerun()


def keep(book: CanvassBook, work: Work, who: str) -> list[str]:
    """Record the cut and its turfs."""
    cut = work.history.now
    rows = new_turf_rows(cut, work.target.units)
    record = Cut.make(
        {
            "number": book.next_cut(),
            "turfs": len(rows),
            "doors": work.target.totals["doors"],
            "tolerance": cut.tolerance,
            "worst": cut.worst,
            "bound": cut.bound,
            "seed": work.seed,
        }
    )
    return book.keep([NewTurf(**row) for row in rows], record, who)


render()
