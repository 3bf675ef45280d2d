"""The paper sheets of a turf that are here: said to hold other doors than the visits, or taken back."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.canvass_conflict import attempt, decide
from app_pages.parts.person import Person
from app_pages.parts.returns.visit import tell
from app_pages.parts.seen import number_of, require_shown, shown_before
from geo.canvass.codes import DISPOSITION_TITLES
from geo.language import gettext as _
from geo.language import mark as N_
from store.canvass.book import CanvassBook
from store.canvass.kinds import Tally

FORM = "paper.kept"
# What a person confirms where visits and totals of paper may hold the same doors.
APART = N_("No door of these totals is among the visits that are here")


def show_kept(book: CanvassBook, code: str, person: Person) -> None:
    """List the turf's sheets to who may see small counts; one can be taken back, or said to be apart."""
    found = {key: item for key, item in book.kept(Tally).items() if item.record.turf == code}
    if not person.sees("sheets") or decide(book, person, FORM, tell) or not found:
        return
    seen = shown_before(f"{FORM}.{code}", {key: item.number for key, item in found.items()})
    kept = {key: item.record for key, item in found.items()}
    with st.expander(_("Sheets of this turf that are here: {count}").format(count=len(kept))):
        rows = [item.model_dump(exclude={"turf"}) | {"doors": item.doors} for item in kept.values()]
        titles = {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}
        titles |= {"on": _("Day"), "sheet": _("Sheet"), "doors": _("Doors"), "apart": _("Other doors")}
        table = pd.DataFrame(rows).assign(apart=[bool(item.apart) for item in kept.values()])
        st.dataframe(table, hide_index=True, key="paper.kept", column_config=titles)
        if person.may_write:
            change_kept(book, kept, seen, person)


def change_kept(
    book: CanvassBook, kept: Mapping[str, Tally], seen: Mapping[str, int], person: Person
) -> None:
    """Say of a sheet that no other return holds its doors, or take it back."""
    names = {key: f"{item.sheet} · {item.on} · {item.doors}" for key, item in kept.items()}
    key = st.selectbox(_("Sheet"), list(names), format_func=names.__getitem__, key="paper.which")
    apart = not kept[key].apart and st.button(_(APART), key="paper.others")
    why = st.text_input(_("Why it is taken back"), key="paper.why")
    take_back = st.button(_("The sheet never was: take it back"), key="paper.withdraw")
    require_shown(FORM, key, pressed=apart or take_back)
    if apart:
        record, who = kept[key].model_copy(update={"apart": True}), person.require()
        attempt(FORM, lambda: book.save(record, who, seen=number_of(seen, key), why=APART))
        tell(_("Recorded: sheet {sheet} of turf {turf}.").format(sheet=kept[key].sheet, turf=kept[key].turf))
    if take_back:
        who = person.require()
        attempt(FORM, lambda: book.withdraw(key, who, seen=number_of(seen, key), why=why, kind=Tally))
        tell(_("Taken back; it stays in the history."))
