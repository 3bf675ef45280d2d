"""Change a cut by hand: move a block to the neighbour turf, split, merge, undo, do again."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.turfs.work import Work
from geo.canvass.turf_plan import border_units, near_turfs, turfs_beside
from geo.canvass.turfs import merge_turfs, move_unit, split_turf
from geo.language import gettext as _
from geo.language import ngettext

CLICKED_UNIT = "turfs.clicked.unit"
FROM, UNIT = "turfs.move.from", "turfs.move.unit"


def show_edit(work: Work) -> None:
    """Show the changes that can be made; each makes a new cut, and balance and shapes follow."""
    show_undo(work)
    move, split, merge = st.tabs([_("Move a block"), _("Split"), _("Merge")])
    with move:
        show_move(work)
    with split:
        show_split(work)
    with merge:
        show_merge(work)


def choose_turf(work: Work, title: str, key: str) -> int:
    """Let a person choose a turf by the number that is on the map."""
    turfs: dict[str, int] = {f"{turf + 1}": turf for turf in work.history.now.turfs.index}
    if st.session_state.get(key) not in turfs:
        st.session_state[key] = next(iter(turfs))
    return turfs[st.selectbox(title, list(turfs), key=key)]


def take_clicked_unit(work: Work) -> None:
    """Choose the block that was clicked on the map, if it can be moved; else say why not."""
    unit = st.session_state.pop(CLICKED_UNIT, None)
    cut = work.history.now
    if unit is None or unit not in cut.labels.index:
        return
    turf = int(cut.labels[unit])
    if unit in border_units(cut, turf):
        st.session_state[FROM], st.session_state[f"{UNIT}.{turf}"] = f"{turf + 1}", unit
    else:
        st.info(
            _(
                "Block {unit} cannot leave turf {turf}: it touches no other, or the turf would fall apart."
            ).format(unit=unit, turf=turf + 1)
        )


def show_move(work: Work) -> None:
    """Move a block at a turf's border to a turf next to it."""
    st.caption(_("Click a block on the map, or choose it here."))
    take_clicked_unit(work)
    cut = work.history.now
    first, second, third = st.columns([1, 2, 1])
    with first:
        turf = choose_turf(work, _("From turf"), FROM)
    units = border_units(cut, turf)
    if not units:
        st.caption(_("No block of it touches another turf."))
        return
    doors = work.units["doors"]
    unit = second.selectbox(
        _("Block at the border"),
        units,
        format_func=lambda name: _("{unit} ({doors} doors)").format(unit=name, doors=f"{doors[name]:,.0f}"),
        key=f"{UNIT}.{turf}",
    )
    names = {near: f"{near + 1}" for near in near_turfs(cut, unit)}
    to = third.selectbox(
        _("To turf"), list(names), format_func=names.__getitem__, key=f"turfs.move.to.{unit}"
    )
    if st.button(_("Move it"), key="turfs.move"):
        work.history.change(move_unit(cut, unit, to))
        st.rerun()


def show_split(work: Work) -> None:
    """Split a turf."""
    first, second = st.columns(2)
    with first:
        turf = choose_turf(work, _("Turf to split"), "turfs.split.turf")
    size = int((work.history.now.labels == turf).sum())
    if size < 2:
        st.caption(_("It is a single block and cannot be split."))
        return
    into = second.number_input(_("Into how many"), 2, min(size, 20), 2, key=f"turfs.split.into.{turf}")
    if st.button(_("Split it"), key="turfs.split"):
        work.history.change(split_turf(work.history.now, turf, int(into)))
        st.rerun()


def show_merge(work: Work) -> None:
    """Merge two turfs that are next to each other."""
    first, second = st.columns(2)
    with first:
        turf = choose_turf(work, _("Turf that stays"), "turfs.merge.turf")
    near = {f"{other + 1}": other for other in turfs_beside(work.history.now, turf)}
    if not near:
        st.caption(_("No other turf is next to it."))
        return
    key = "turfs.merge.other"
    if st.session_state.get(key) not in near:
        st.session_state[key] = next(iter(near))
    other = near[second.selectbox(_("Turf that is added to it"), list(near), key=key)]
    if st.button(_("Merge them"), key="turfs.merge"):
        work.history.change(merge_turfs(work.history.now, turf, other))
        st.rerun()


def show_undo(work: Work) -> None:
    """Undo the last change, or do it again."""
    history = work.history
    words, undo, redo = st.columns([2, 2, 2], vertical_alignment="center")
    words.markdown(
        ngettext("{count} change by hand", "{count} changes by hand", len(history.past)).format(
            count=len(history.past)
        )
    )
    if undo.button(_("Undo the last change"), key="turfs.undo", disabled=not history.past, width="stretch"):
        history.undo()
        st.rerun()
    if redo.button(_("Do it again"), key="turfs.redo", disabled=not history.future, width="stretch"):
        history.redo()
        st.rerun()
