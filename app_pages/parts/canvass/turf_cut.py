"""Cut the target into turfs, see the balance, change the cut by hand, and keep it."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import (
    barrier_warnings,
    barriers_known,
    load_barriers,
    load_units,
    unit_dataset,
)
from app_pages.parts.canvass.cut_session import (
    Work,
    current_work,
    drop_work,
    show_cutting,
    start_work,
    tell_stopped,
    write_down,
)
from app_pages.parts.canvass.keep_cut import ask_rest, keep_work, standing_words
from app_pages.parts.page import hold_choice
from app_pages.parts.people import Person
from geo.canvass.codes import is_group, unit_name
from geo.canvass.overlap import find_overlap
from geo.canvass.target import Target
from geo.canvass.turf_plan import (
    WAYS,
    CutWish,
    balance_table,
    balance_words,
    border_units,
    crossings_of,
    cut_target,
    near_turfs,
    special_words,
    turfs_beside,
    with_hours,
)
from geo.canvass.turfs import merge_turfs, move_unit, split_turf
from geo.language import gettext as _
from geo.language import ngettext
from geo.region import Region
from store.canvass.book import CanvassBook
from wording.canvass import crossing_words, grain_words
from wording.canvass_day import guessed_words

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
    hold_choice(key, turfs)
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
            ).format(unit=shown_unit(unit), turf=turf + 1)
        )


def shown_unit(unit: str) -> str:
    """Name a unit in a list: by its GEOID, or a stretch in words."""
    return unit_name(unit) if "-" in unit else unit


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
        _("Block to move"),
        units,
        format_func=lambda name: _("{unit} ({doors} doors)").format(
            unit=shown_unit(name), doors=f"{doors[name]:,.0f}"
        ),
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
    hold_choice(key, near)
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


def show_cut_form(region: Region, book: CanvassBook, target: Target | None, person: Person) -> None:
    """Ask for the number of turfs, or of doors or hours a turf, and cut."""
    work = current_work(region)
    with st.form("turfs.cut"):
        wish = ask_wish()
        stay = ask_stay(work) if work is not None else []
        off = target is None or not person.may_cut
        sent = st.form_submit_button(_("Cut turfs"), type="primary", disabled=off)
    tell_stopped()
    if not person.may_cut:
        st.caption(person.signed.how_to_record())
    words = grain_words(target.units, unit_dataset(region)) if target is not None else ""
    if words:
        st.caption(words)
    known = barriers_known(region)
    if known:
        st.caption(known)
    for words in barrier_warnings(region):
        st.warning(words)
    if sent and person.may_cut and target is not None:
        before = work.history.now if work is not None else None
        with show_cutting() as tell:
            units, barriers = with_hours(target.units, wish.minutes_per_door), load_barriers(region)
            cut = cut_target(units, wish, barriers=barriers, before=before, stay=stay, tell=tell)
        start_work(region, book, units, cut, wish)
        st.rerun()


def ask_wish() -> CutWish:
    """Ask how a cut shall be."""
    ways = {key: _(title) for key, title in WAYS.items()}
    way = st.selectbox(_("Cut by"), list(ways), format_func=ways.__getitem__, key="turfs.how")
    count = st.number_input(_("How many"), 1, 100_000, key="turfs.count")
    with st.expander(_("More: minutes per door, how even")):
        minutes = st.number_input(_("Minutes per door"), 0, 120, key="turfs.minutes")
        tolerance = st.number_input(_("Allowed difference (%)"), 0, 50, key="turfs.tolerance")
        seed = st.number_input(_("Try another arrangement (number)"), 0, 9999, key="turfs.seed")
    return CutWish(way, int(count), float(minutes), tolerance / 100, int(seed))


def ask_stay(work: Work) -> list[int]:
    """Ask which turfs of the cut on the screen keep their blocks when it is cut again."""
    turfs = {f"{turf + 1}": turf for turf in work.history.now.turfs.index}
    chosen = st.multiselect(
        _("Keep these turfs as they are"),
        list(turfs),
        placeholder=_("none yet"),
        key="turfs.stay",
    )
    return [turfs[name] for name in chosen if name in turfs]


def show_cut(book: CanvassBook, work: Work, target: Target | None, person: Person, region: Region) -> None:
    """Show the balance, what can be changed, and the button that keeps the cut."""
    cut, units = work.history.now, load_units(region)
    overlap = find_overlap(book.turfs(), book.in_hand(), cut.labels.index, units, work.minutes_per_door)
    st.markdown(f"{balance_words(cut, work.balance)} {standing_words(work, target, overlap, units)}")
    if all(map(is_group, map(str, cut.labels.index))):
        st.error(guessed_words())
    for words in special_words(cut):
        st.warning(words)
    fate = ask_rest(work, overlap)
    keep, drop = st.columns([1, 1])
    if keep.button(_("Save these turfs"), type="primary", key="turfs.keep", width="stretch"):
        keep_work(book, work, overlap, fate, person)
    if drop.button(_("Discard"), key="turfs.drop", width="stretch"):
        drop_work(work, book, person, "thrown away")
        st.rerun()
    write_down(work, book, person)
    show_edit(work)
    show_balance(work, region)


def show_balance(work: Work, region: Region) -> None:
    """Show every turf's doors, hours and shape, and where it crosses what nobody walks across elsewhere."""
    cut = work.history.now
    table = balance_table(cut, work.units)
    crossings = crossing_words(crossings_of(cut, load_barriers(region)))
    if crossings:
        table["crosses"] = [crossings.get(int(turf), "") for turf in table.index]
    st.dataframe(
        table.assign(name=[turf + 1 for turf in table.index]).set_index("name"),
        key="turfs.balance",
        placeholder="",
        column_config={
            "name": _("Turf"),
            "doors": st.column_config.NumberColumn(_("Doors"), format="localized"),
            "hours": st.column_config.NumberColumn(
                _("Hours of knocking"),
                format="%.1f",
                help=_("At the doors and from door to door; the walk list adds the way between blocks."),
            ),
            "deviation": st.column_config.NumberColumn(_("Off the average"), format="percent"),
            "compactness": st.column_config.NumberColumn(_("Compact (1 is a circle)"), format="%.2f"),
            "units": _("Blocks"),
            "crosses": _("Crosses at"),
            "households": st.column_config.NumberColumn(_("Households"), format="localized"),
            "population": st.column_config.NumberColumn(_("People"), format="localized"),
        },
    )
