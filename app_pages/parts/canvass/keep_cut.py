"""Keep a cut: which ready turfs it replaces, what becomes of their other doors, and the codes."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from app_pages.parts import screen as st
from app_pages.parts.canvass.cut_session import Work, drop_work
from app_pages.parts.people import Person
from geo.canvass.overlap import Overlap, overlap_words, unsettled_words
from geo.canvass.stretches import resolve_counts, without
from geo.canvass.target import Target
from geo.canvass.turf_plan import loose_words, new_turf_rows
from geo.errors import ConflictError, StoreError, first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from store.canvass.book import CanvassBook, NewTurf
from store.canvass.kinds import Cut

REST = "turfs.rest"
FATES = {
    "keep": N_("They stay in turfs of their own, with new codes"),
    "release": N_("They are in no turf, and can be cut anew"),
}
"""What becomes of the doors that a cut leaves of the turfs that it withdraws."""


def rest_key(work: Work, overlap: Overlap) -> str:
    """Name the field that asks of the doors outside of a cut: of other doors it is asked anew."""
    return f"{REST}.{work.draft}.{overlap.doors_left}"


def standing_words(work: Work, target: Target | None, overlap: Overlap, units: gpd.GeoDataFrame) -> str:
    """Say how many doors of the target, of the cut and of turfs that it withdraws lie in no turf then."""
    spoken = {*work.units.index, *overlap.rest_units(), *(target.units.index if target is not None else ())}
    names = [*map(str, work.units.index), *without(sorted(spoken), map(str, work.units.index))]
    standing = set(overlap.standing)
    if st.session_state.get(rest_key(work, overlap)) == "keep":
        standing |= overlap.rest_units()
    return loose_words(work.history.now, resolve_counts(units, names), standing)


def ask_rest(work: Work, overlap: Overlap) -> str | None:
    """Say which ready turfs are withdrawn, and ask what becomes of their doors that are not in the cut."""
    words = overlap_words(overlap)
    if words:
        st.warning(words)
    left = overlap.left
    if left.empty:
        return ""
    st.dataframe(
        left[["taken", "doors"]].rename_axis("code"),
        key="turfs.overlap",
        column_config={
            "code": _("Turf"),
            "taken": st.column_config.NumberColumn(_("Doors in this cut"), format="localized"),
            "doors": st.column_config.NumberColumn(_("Doors outside of it"), format="localized"),
        },
    )
    fates = {key: _(title) for key, title in FATES.items()}
    words = _("What becomes of the {doors} doors outside of this cut")
    title = words.format(doors=f"{overlap.doors_left:,}")
    return st.radio(
        title, list(fates), format_func=fates.__getitem__, index=None, key=rest_key(work, overlap)
    )


def keep_work(book: CanvassBook, work: Work, overlap: Overlap, fate: str | None, person: Person) -> None:
    """Record the cut and its turfs, and say their codes.

    Raises
    ------
    StoreError
        Nobody said what becomes of the doors of withdrawn turfs that are not in the cut.
    """
    who = person.require()
    if fate is None:
        raise StoreError(*unsettled_words(overlap))
    # What was seen is what these were reckoned from: another state than that is told by its numbers.
    rests = to_rests(work, overlap) if fate == "keep" else dict.fromkeys(overlap.rests.index)
    try:
        codes = keep(book, work, who, rests)
    except ConflictError:
        # The message names them, and the table below shows them: whoever keeps it then has seen them.
        work.turfs_seen = book.turf_numbers()
        raise
    count = len(work.history.now.turfs)
    drop_work(work, book, person, f"kept: {codes[0]} to {codes[-1]}")
    st.session_state["turfs.done"] = kept_words(codes[:count], codes[count:], overlap, fate)
    st.rerun()


def to_rests(work: Work, overlap: Overlap) -> dict[str, NewTurf | None]:
    """Make a turf of what is left of each withdrawn turf; None where it has no door."""
    first = len(work.history.now.turfs)
    numbers = {code: first + place for place, code in enumerate(overlap.left.index)}
    return {
        str(code): NewTurf(
            numbers[code],
            tuple(row["units"]),
            int(row["doors"]),
            int(row["households"]),
            int(row["population"]),
            float(row["hours"]),
        )
        if code in numbers
        else None
        for code, row in overlap.rests.to_dict("index").items()
    }


def kept_words(codes: list[str], rests: list[str], overlap: Overlap, fate: str) -> str:
    """Say what was kept, what was withdrawn, and what became of the doors that are not in the cut."""
    words = [
        _("Saved: {count} turfs, {first} to {last}.").format(count=len(codes), first=codes[0], last=codes[-1])
    ]
    gone = sorted(overlap.rests.index)
    if gone:
        told = ngettext(
            "{count} turf that was ready is withdrawn, as its blocks are in these now: {codes}.",
            "{count} turfs that were ready are withdrawn, as their blocks are in these now: {codes}.",
            len(gone),
        )
        words.append(told.format(count=len(gone), codes=first_ids(gone)))
    if rests:
        told = _("Their {doors} doors outside of it are in turfs of their own: {codes}.")
        words.append(told.format(doors=f"{overlap.doors_left:,}", codes=first_ids(rests)))
    elif fate == "release":
        told = _("Their {doors} doors outside of it are in no turf now.")
        words.append(told.format(doors=f"{overlap.doors_left:,}"))
    return " ".join(words)


def keep(book: CanvassBook, work: Work, who: str, rests: Mapping[str, NewTurf | None]) -> list[str]:
    """Record the cut and its turfs, and what is left of those that it withdraws."""
    cut = work.history.now
    rows = new_turf_rows(cut, work.units)
    made = sum(rest is not None for rest in rests.values())
    record = Cut.make(
        {
            "number": book.next_cut(),
            "turfs": len(rows) + made,
            "doors": int(work.units["doors"].sum()),
            "tolerance": cut.tolerance,
            "worst": cut.worst,
            "bound": cut.bound,
            "seed": work.seed,
            "balance": work.balance,
            "minutes_per_door": work.minutes_per_door,
            "planned_on": work.planned_on,
        }
    )
    return book.keep([NewTurf(**row) for row in rows], record, who, seen=work.turfs_seen, rests=rests)
