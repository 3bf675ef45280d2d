"""Change a cut by hand: move a block to the neighbour turf, split, merge, undo, do again."""

from __future__ import annotations

import streamlit as st

from app_pages.canvass_data import Work
from geo.canvass_cut import border_units, near_turfs
from geo.language import gettext as _
from geo.turf import merge_turfs, move_unit, split_turf


def show_edit(work: Work) -> None:
    """Show the changes that can be made; each makes a new cut, and balance and shapes follow."""
    move, split, merge, undo = st.tabs([_("Move a block"), _("Split"), _("Merge"), _("Undo")])
    with move:
        show_move(work)
    with split:
        show_split(work)
    with merge:
        show_merge(work)
    with undo:
        show_undo(work)


def choose_turf(work: Work, title: str, key: str) -> int:
    """Let a person choose a turf by the number that is on the map."""
    turfs: dict[str, int] = {f"{turf + 1}": turf for turf in work.history.now.turfs.index}
    if st.session_state.get(key) not in turfs:
        st.session_state[key] = next(iter(turfs))
    return turfs[st.selectbox(title, list(turfs), key=key)]


def show_move(work: Work) -> None:
    """Move a block at a turf's border to a turf next to it."""
    cut = work.history.now
    turf = choose_turf(work, _("From turf"), "turfs.move.from")
    units = border_units(cut, turf)
    if not units:
        st.caption(_("No block of it touches another turf."))
        return
    unit = st.selectbox(_("Block at the border"), units, key=f"turfs.move.unit.{turf}")
    names = {near: f"{near + 1}" for near in near_turfs(cut, unit)}
    to = st.selectbox(_("To turf"), list(names), format_func=names.__getitem__, key=f"turfs.move.to.{unit}")
    if st.button(_("Move it"), key="turfs.move"):
        work.history.change(move_unit(cut, unit, to))
        st.rerun()


def show_split(work: Work) -> None:
    """Split a turf."""
    turf = choose_turf(work, _("Turf to split"), "turfs.split.turf")
    into = st.number_input(_("Into how many"), 2, 20, 2, key="turfs.split.into")
    if st.button(_("Split it"), key="turfs.split"):
        work.history.change(split_turf(work.history.now, turf, int(into)))
        st.rerun()


def show_merge(work: Work) -> None:
    """Merge two turfs."""
    turf = choose_turf(work, _("Turf that stays"), "turfs.merge.turf")
    other = choose_turf(work, _("Turf that is added to it"), "turfs.merge.other")
    if st.button(_("Merge them"), key="turfs.merge"):
        work.history.change(merge_turfs(work.history.now, turf, other))
        st.rerun()


def show_undo(work: Work) -> None:
    """Undo the last change, or do it again."""
    if st.button(_("Undo the last change"), key="turfs.undo", disabled=not work.history.past):
        work.history.undo()
        st.rerun()
    if st.button(_("Do it again"), key="turfs.redo", disabled=not work.history.future):
        work.history.redo()
        st.rerun()
