"""The cut on the screen: made, changed, written down at every change, found again by a new session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd

from app_pages.parts import screen as st
from app_pages.parts.canvass.book import OF_UNITS, load_barriers, load_units
from app_pages.parts.canvass.choices import resume_choices, written_choices
from app_pages.parts.editing import MINE, THEIRS, ask_which, number_of, shown_before
from app_pages.parts.loading import stamps_of
from app_pages.parts.page import guarded
from app_pages.parts.people import Person
from geo.canvass.stretches import known_units, resolve_units
from geo.canvass.turf_plan import CutWish, with_hours
from geo.canvass.turfs import TurfCut, TurfHistory
from geo.canvass.turfs.cut import build_ground, to_cut
from geo.errors import ConflictError, SchemaError, first_ids
from geo.language import gettext as _
from geo.language import ngettext
from geo.region import Region
from store.canvass.book import CanvassBook
from store.canvass.cuts import DraftBook, DraftCut, to_steps
from store.journal import Body, Conflict
from store.records import new_id
from store.visibility import may_see

CUT, LATE = "canvass.cut", "canvass.cut.late"
CUT_FROM = (*OF_UNITS, "barriers")
ADDRESS = "cut"


@dataclass(eq=False)
class Work:
    """The cut on the screen, with the units it was cut from and how it was asked for.

    ``units`` have doors and hours; ``draft`` is its identifier among the drafts, ``written`` the cut that
    was written down last and ``seen`` the number of what was written. ``turfs_seen`` are the numbers of the
    kept turfs when it came on the screen; ``stamps`` tell the data that it was cut from. ``planned_on`` is
    the day that it is for, where it is for one; ``asked`` are the fields that it was asked with.
    """

    region: str
    units: gpd.GeoDataFrame
    history: TurfHistory
    balance: str
    minutes_per_door: float
    seed: int
    draft: str = field(default_factory=new_id)
    written: TurfCut | None = None
    seen: int = 0
    turfs_seen: Mapping[str, int] = field(default_factory=dict)
    stamps: Mapping[str, str] = field(default_factory=dict)
    planned_on: date | None = None
    asked: Mapping[str, str] = field(default_factory=written_choices)


STOP, STOPPED = "turfs.stop", "turfs.stopped"
STEP = 0.01


@contextmanager
def show_cutting() -> Iterator[Callable[[float], None]]:
    """Show how far a cut is while it is made, and a button that stops it; give what is to be told.

    A press makes the page run anew: this run ends where it next tells how far it is, and nothing was cut.
    """
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, text=_("Cutting…"))
        st.button(_("Stop cutting"), key=STOP, on_click=guarded(_stop))
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        if share >= told + STEP:
            told = share
            words = _("Cutting: {share} percent")
            bar.progress(min(share, 1.0), text=words.format(share=f"{100 * share:.0f}"))

    try:
        yield tell
    finally:
        place.empty()


def _stop() -> None:
    st.session_state[STOPPED] = True


def tell_stopped() -> None:
    """Say once that a cut was stopped."""
    if st.session_state.pop(STOPPED, False):
        st.info(_("Stopped: nothing was cut."))


def start_work(
    region: Region,
    book: CanvassBook,
    units: gpd.GeoDataFrame,
    cut: TurfCut,
    wish: CutWish,
    planned_on: date | None = None,
) -> None:
    """Put a new cut on the screen, of a day where it is for one."""
    work = Work(region.key, units, TurfHistory(cut), wish.balance, wish.minutes_per_door, wish.seed)
    work.turfs_seen, work.planned_on = book.turf_numbers(), planned_on
    work.stamps = stamps_of(region.key, CUT_FROM)
    st.session_state[CUT] = work


def current_work(region: Region) -> Work | None:
    """Return the cut on the screen; None where nothing is cut of this region."""
    work: Work | None = st.session_state.get(CUT)
    return work if work is not None and work.region == region.key else None


def find_work(region: Region, book: CanvassBook) -> Work | None:
    """Return the cut on the screen, or take up the one that the address names.

    A cut whose data were built again is taken up anew, as it was written down.
    """
    work = current_work(region)
    named = st.query_params.get(ADDRESS)
    if work is not None and work.stamps != stamps_of(region.key, CUT_FROM):
        st.session_state.pop(CUT, None)
        named = work.draft if work.written is not None else None
        if named is None:
            st.warning(_("The data were built again since this cut was made: cut again."))
        work = None
    if work is None and named:
        try:
            work = take_up(region, book, named)
        finally:
            st.query_params.pop(ADDRESS, None)
    if work is not None and work.written is not None:
        st.query_params[ADDRESS] = work.draft
    return work


def take_up(region: Region, book: CanvassBook, identifier: str) -> Work:
    """Put a cut that was written down on the screen, as it stood, with what can be undone.

    Raises
    ------
    StoreError
        It was kept or thrown away.
    SchemaError
        Its blocks are not there any more.
    """
    drafts = DraftBook(book.journal, region.key)
    kept = drafts.steps(identifier)
    moved = kept.record
    draft = drafts.drafts()[identifier].record
    known = load_units(region)
    lacking = sorted(set(draft.units) - set(known_units(draft.units, known)))
    if lacking:
        raise SchemaError(
            _("{count} blocks of this cut are not in the data any more ({names})").format(
                count=len(lacking), names=first_ids(lacking)
            ),
            _("the data were built from other blocks: cut again"),
        )
    units = with_hours(resolve_units(known, draft.units), draft.minutes_per_door)
    steps = to_steps(draft.first(), moved.moves)
    ground = build_ground(units, draft.balance, len(set(draft.labels)), load_barriers(region))
    first = to_cut(ground, steps[0].labels, draft.tolerance, bound=draft.bound)
    history = TurfHistory.of_steps(first, steps, moved.at)
    work = Work(region.key, units, history, draft.balance, draft.minutes_per_door, draft.seed, identifier)
    work.written, work.seen, work.turfs_seen = history.now, kept.number, book.turf_numbers()
    work.stamps, work.planned_on = stamps_of(region.key, CUT_FROM), draft.planned_on
    work.asked = draft.asked
    st.session_state[CUT] = work
    return work


def write_down(work: Work, book: CanvassBook, person: Person) -> None:
    """Write the cut down where it changed, so that a reload or a fault loses nothing; say so."""
    if not person.may_write:
        lost = _("Until then, reloading the page loses these turfs.")
        st.warning(f"{person.signed.how_to_record()} {lost}")
        return
    if work.written is not work.history.now and not write_steps(work, book, person.name, work.seen):
        return
    st.caption(_("Every change is kept, with undo. Save the turfs to hand them out."))


def write_steps(work: Work, book: CanvassBook, who: str, seen: int) -> bool:
    """Write the cut's steps upon those that were seen; where somebody else was faster, ask which stand."""
    history = work.history
    conflict: Conflict | None = st.session_state.get(LATE)
    if conflict is None or conflict.mine.key != work.draft:
        try:
            work.seen = DraftBook(book.journal, work.region).write(
                to_draft(work), history.steps, len(history.past), who, seen=seen
            )
        except ConflictError as error:
            st.session_state[LATE] = error.conflicts[0]
            st.rerun()
        work.written = history.now
        st.query_params[ADDRESS] = work.draft
        return True
    chosen, _why = ask_which(conflict, steps_words, "turfs.draft")
    if chosen:
        st.session_state.pop(LATE)
    if chosen == THEIRS:
        st.session_state.pop(CUT)
        st.query_params[ADDRESS] = work.draft
        st.rerun()
    if chosen == MINE:
        write_steps(work, book, who, conflict.theirs.number if conflict.theirs else 0)
        st.rerun()
    return False


def steps_words(body: Body | None) -> str:
    """Say how far a cut was changed by hand; one that was kept or thrown away is said."""
    if body is None:
        return _("these turfs are no longer here: they were saved or discarded")
    count = int(body.get("at", 0))
    return ngettext("{count} change by hand", "{count} changes by hand", count).format(count=count)


def to_draft(work: Work) -> DraftCut:
    """Return the cut as it was made, to be written down."""
    first = work.history.steps[0]
    return DraftCut(
        id=work.draft,
        units=tuple(map(str, first.labels.index)),
        labels=tuple(map(int, first.labels)),
        bound=first.bound,
        tolerance=work.history.now.tolerance,
        balance=work.balance,
        minutes_per_door=work.minutes_per_door,
        seed=work.seed,
        planned_on=work.planned_on,
        asked=work.asked,
    )


def drop_work(work: Work, book: CanvassBook, person: Person, why: str) -> None:
    """Take the cut from the screen, and from the drafts where they may record."""
    if work.written is not None and person.may_write:
        # What somebody else changed of it in the meantime stays theirs.
        with suppress(ConflictError):
            DraftBook(book.journal, work.region).withdraw(work.draft, person.name, seen=work.seen, why=why)
    st.session_state.pop(CUT, None)
    st.query_params.pop(ADDRESS, None)


def show_drafts(region: Region, book: CanvassBook, person: Person) -> None:
    """Offer the cuts that somebody made and did not keep."""
    drafts = DraftBook(book.journal, region.key).drafts()
    seen = shown_before("turfs.drafts", DraftBook(book.journal, region.key).numbers())
    for identifier, kept in list(drafts.items())[:3]:
        words = _("Not saved yet: {turfs} turfs of {units} blocks, by {who}, {when} UTC").format(
            turfs=len(set(kept.record.labels)),
            units=f"{len(kept.record.units):,}",
            who=kept.who if may_see("turf_drafts", person.rights, "who") else _("somebody"),
            when=f"{kept.at:%Y-%m-%d %H:%M}",
        )
        left, first, second = st.columns([3, 1, 1], vertical_alignment="center")
        left.markdown(words)
        if first.button(_("Continue"), key=f"turfs.draft.take.{identifier}"):
            resume_choices(take_up(region, book, identifier).asked)
            st.rerun()
        if second.button(_("Discard"), key=f"turfs.draft.drop.{identifier}"):
            DraftBook(book.journal, region.key).withdraw(
                identifier, person.require(), seen=number_of(seen, identifier), why="thrown away"
            )
            st.rerun()
