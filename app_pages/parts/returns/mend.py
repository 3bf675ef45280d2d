"""Corrections of single visits; what stood before stays in their history."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.canvass_conflict import attempt, decide
from app_pages.parts.common import today
from app_pages.parts.person import Person
from app_pages.parts.returns.visit import door_help, tell, titles
from app_pages.parts.seen import forget_seen, hold_seen, require_shown
from geo.canvass.codes import LONGEST_DOOR, Disposition, unit_name
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Visit
from store.records import Kept

FORM = "mend"


def show_correction(book: CanvassBook, code: str, person: Person) -> None:
    """Correct a visit, or take it back."""
    if not person.may_write:
        st.caption(person.signed.how_to_record())
        return
    if decide(book, person, FORM, tell):
        return
    kept = {key: item for key, item in book.kept(Visit).items() if item.record.turf == code}
    if not kept:
        st.caption(_("No visit of this turf is here yet."))
        return
    newest = sorted(kept.items(), key=lambda pair: pair[1].at, reverse=True)
    names = {key: name_visit(item) for key, item in newest}
    key = st.selectbox(
        _("Visit (the one recorded last stands first)"),
        list(names),
        format_func=names.__getitem__,
        key="mend.visit",
    )
    seen = hold_seen(FORM, key, kept[key].number)
    changes = ask_changes(f"{key}.{seen}", kept[key].record)
    why = st.text_input(_("Why it is corrected"), key="mend.why")
    left, right = st.columns(2)
    correct = left.button(_("Correct it"), key="mend.save", width="stretch")
    take_back = right.button(_("It never was: take it back"), key="mend.withdraw", width="stretch")
    require_shown(FORM, key, pressed=correct or take_back)
    if correct:
        record = Visit.make({**kept[key].record.model_dump(), **changes})
        who = person.require()
        attempt(FORM, lambda: book.save(record, who, seen=seen, why=why))
        forget_seen(FORM)
        tell(_("Corrected; what stood before is in the history."))
    if take_back:
        who = person.require()
        attempt(FORM, lambda: book.withdraw(key, who, seen=seen, why=why))
        forget_seen(FORM)
        tell(_("Taken back; it stays in the history."))


def name_visit(kept: Kept[Visit]) -> str:
    """Name a visit in a list: its day, block, door and result."""
    visit = kept.record
    parts = (str(visit.on), unit_name(visit.unit), visit.door or "–", titles()[visit.disposition])
    return " · ".join(parts)


def ask_changes(key: str, visit: Visit) -> dict[str, object]:
    """Ask what it was; the fields begin with what is recorded."""
    words = titles()
    result = st.selectbox(
        _("It was"),
        list(words),
        index=list(words).index(visit.disposition),
        format_func=words.__getitem__,
        key=f"mend.result.{key}",
    )
    left, right = st.columns(2)
    door = left.text_input(
        _("Door number"), visit.door, max_chars=LONGEST_DOOR, key=f"mend.door.{key}", help=door_help()
    )
    day = right.date_input(_("Day"), value=visit.on, max_value=today(), key=f"mend.day.{key}")
    return {"disposition": Disposition(result), "door": door, "on": day}
