"""Cut kept turfs again when a volunteer drops out or doors are done: first what would change, then do it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import load_barriers, load_units
from app_pages.parts.page import refusing
from app_pages.parts.people import Person
from geo.canvass.codes import TURF_STATUS_TITLES
from geo.canvass.recut_plan import (
    Recut,
    RecutWish,
    doors_left,
    fine_turfs,
    frozen_codes,
    plan_recut,
    recut_words,
)
from geo.canvass.stretches import resolve_units
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region
from store.canvass.book import CanvassBook
from store.canvass.cuts import keep_recut
from store.canvass.kinds import Cut, Turf

PLAN = "turfs.recut"
CHANGES = {
    "same": N_("as it is"),
    "changed": N_("changes"),
    "gone": N_("goes"),
    "new": N_("new"),
}


def show_recut(region: Region, book: CanvassBook, person: Person) -> None:
    """Show the form, and what a cut again would change."""
    kept = {code: item.record for code, item in book.kept(Turf).items()}
    if not kept:
        return
    with st.expander(_("Cut again: a volunteer dropped out, came, or doors are done")), refusing():
        if not person.sees("recut"):
            st.caption(person.signed.how_to_see_more())
            return
        number = choose_cut(sorted({turf.cut for turf in kept.values()}))
        turfs = book.turfs()
        turfs = turfs[[kept[code].cut == number for code in turfs.index]]
        wish = ask_wish(turfs, book.kept(Cut)[f"{number:04d}"].record)
        if st.button(_("See what would change"), key="recut.plan"):
            with st.spinner(_("Cutting…")):
                seen = book.turf_numbers()
                st.session_state[PLAN] = (number, plan(region, book, turfs, wish), seen)
        planned = st.session_state.get(PLAN)
        if planned and planned[0] == number:
            show_plan(book, number, planned[1], planned[2], turfs, person)


def choose_cut(numbers: list[int]) -> int:
    """Ask which cut, where turfs of several stand."""
    names = {number: _("Cut {number}").format(number=number + 1) for number in numbers}
    if len(numbers) == 1:
        return numbers[0]
    return st.selectbox(
        _("Which cut"), numbers, index=len(numbers) - 1, format_func=names.__getitem__, key="recut.cut"
    )


def ask_wish(turfs: pd.DataFrame, cut: Cut) -> RecutWish:
    """Ask who is gone, who came, and what may change."""
    statuses = {str(status): _(title) for status, title in TURF_STATUS_TITLES.items()}
    named = {
        code: ", ".join(filter(None, (str(code), row["volunteer"], statuses[row["status"]])))
        for code, row in turfs.iterrows()
    }
    dropped = st.multiselect(
        _("Turfs whose volunteer is gone"),
        list(named),
        format_func=named.__getitem__,
        placeholder=_("none yet"),
        key="recut.dropped",
    )
    left, right = st.columns(2)
    added = left.number_input(_("Turfs more, for new volunteers"), 0, 100, 0, key="recut.added")
    tolerance = right.number_input(
        _("Allowed difference (%)"), 0, 50, max(10, round(100 * cut.tolerance)), key="recut.tolerance",
        help=_("More changes fewer turfs."),
    )  # fmt: skip
    may = st.checkbox(
        _("Turfs that are out may change too (their volunteers then need a new list)"), key="recut.out"
    )
    return RecutWish(
        tuple(map(str, dropped)),
        int(added),
        may,
        tolerance / 100,
        cut.balance,
        cut.minutes_per_door,
        cut.seed,
    )


def plan(region: Region, book: CanvassBook, turfs: pd.DataFrame, wish: RecutWish) -> Recut:
    """Cut again without writing anything."""
    known, visits = load_units(region), book.visits()
    frozen = frozen_codes(turfs, set(book.tallies()["turf"]), wish)
    fine = fine_turfs(turfs, known["doors"], set(visits["unit"]))
    units = resolve_units(known, [name for members in fine["units"] for name in members])
    left = doors_left(units, visits)
    return plan_recut(fine, units, left, frozen, wish, load_barriers(region))


def show_plan(
    book: CanvassBook,
    number: int,
    recut: Recut,
    seen: Mapping[str, int],
    turfs: pd.DataFrame,
    person: Person,
) -> None:
    """Say how many turfs would change, which, and let a person do it."""
    st.markdown(recut_words(recut, turfs))
    titles = {key: _(title) for key, title in CHANGES.items()}
    rows = recut.rows.assign(change=recut.rows["change"].map(titles))[["change", "doors", "hours"]]
    st.dataframe(
        rows[recut.rows["change"] != "same"],
        key="recut.rows",
        column_config={
            "change": _("What becomes of it"),
            "doors": st.column_config.NumberColumn(_("Doors then"), format="localized"),
            "hours": st.column_config.NumberColumn(_("Hours then"), format="%.1f"),
        },
    )
    if rows[recut.rows["change"] != "same"].empty:
        return
    if st.button(_("Cut them again"), key="recut.keep", type="primary"):
        # What was planned from an older state is planned anew.
        st.session_state.pop(PLAN)
        codes = keep_recut(book, number, recut, person.require(), seen=seen)
        pairs = ", ".join(f"{old} → {new}" for old, new in codes.items())
        st.session_state["turfs.done"] = _("Cut again. New codes, print their lists: {pairs}.").format(
            pairs=pairs
        )
        st.rerun()
