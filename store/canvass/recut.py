"""Keep a cut again: turfs that changed get new codes, all others stay; all or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from geo.canvass.codes import make_turf_code
from geo.canvass.recut_plan import Recut
from geo.errors import StoreError, first_ids
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Cut, Turf
from store.journal import Draft
from store.records import Kept


def keep_recut(
    book: CanvassBook, number: int, recut: Recut, who: str, *, seen: Mapping[str, int]
) -> dict[str, str]:
    """Record a cut again; every turf that changed or is new gets a code of its own.

    A turf that changed keeps its status and volunteer. Its old code stands no more, so that a result
    written by an old list is told so.

    Parameters
    ----------
    number
        Of the cut whose turfs are cut again.
    recut
        From :func:`geo.canvass.recut_plan.plan_recut`.
    seen
        Numbers of the turfs' entries that it was planned from, from ``book.turf_numbers()``.

    Returns
    -------
    dict
        The new code by the old one, or by ``new 1`` and so on.

    Raises
    ------
    StoreError
        A turf of it is not here any more, holds other blocks than when it was planned, or got totals of paper
        since, which belong to it as a whole.
    ConflictError
        Somebody else changed one of them since.
    """
    cut = book.kept(Cut)[f"{number:04d}"]
    turfs = book.kept(Turf)
    touched = _touched(turfs, recut, set(book.tallies()["turf"]))
    made: list[Turf] = []
    codes: dict[str, str] = {}
    for code in (*recut.codes("changed"), *recut.codes("new")):
        old = turfs.get(code)
        codes[code] = make_turf_code(number, cut.record.turfs + len(made))
        made.append(_turf(codes[code], number, recut, code, old))
    why = f"cut again: {first_ids(codes.values())}"
    drafts = [turf.draft(book.region, who, why=why) for turf in made]
    drafts += [
        Draft(book.region, Turf.kind, kept.record.key, None, who, seen.get(kept.record.code, 0), why)
        for kept in touched
    ]
    grown = cut.record.model_copy(update={"turfs": cut.record.turfs + len(made)})
    drafts.append(grown.draft(book.region, who, seen=cut.number, why=why))
    book.journal.append(drafts)
    return codes


def _touched(turfs: dict[str, Kept[Turf]], recut: Recut, on_paper: set[str]) -> list[Kept[Turf]]:
    codes = [*recut.codes("changed"), *recut.codes("gone")]
    before = recut.rows["before"]
    stale = [
        code
        for code in codes
        if code in on_paper or code not in turfs or set(turfs[code].record.units) != set(before[code])
    ]
    if stale:
        raise StoreError(
            _("{count} turfs were cut, taken away or came back on paper since ({names})").format(
                count=len(stale), names=first_ids(stale)
            ),
            _("plan the cut again; nothing was written"),
        )
    return [turfs[code] for code in codes]


def _stands(kept: Kept[Turf] | None, units: tuple[str, ...]) -> bool:
    return kept is not None and set(kept.record.units) == set(units)


def _turf(code: str, number: int, recut: Recut, name: str, old: Kept[Turf] | None) -> Turf:
    row = recut.rows.loc[name].to_dict()
    fields = {
        "code": code,
        "cut": number,
        "units": tuple(row["after"]),
        "doors": round(row["doors"]),
        "households": round(row["households"]),
        "population": round(row["population"]),
        "hours": round(float(row["hours"]), 1),
    }
    return Turf.make({**(old.record.model_dump() if old else {}), **fields})
