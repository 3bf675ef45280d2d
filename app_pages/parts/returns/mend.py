"""Corrections of single visits; what stood before stays in their history."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.common import today
from app_pages.parts.person import Person
from app_pages.parts.returns.visit import door_help, tell, titles
from geo.canvass.codes import LONGEST_DOOR, Disposition, unit_name
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Visit
from store.records import Kept


def show_correction(book: CanvassBook, code: str, person: Person) -> None:
    """Correct a visit, or take it back."""
    if not person.may_write:
        st.caption(person.signed.how_to_record())
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
    changes = ask_changes(key, kept[key].record)
    why = st.text_input(_("Why it is corrected"), key="mend.why")
    left, right = st.columns(2)
    if left.button(_("Correct it"), key="mend.save", width="stretch"):
        record = Visit.make({**kept[key].record.model_dump(), **changes})
        book.save(record, person.require(), why=why)
        tell(_("Corrected; what stood before is in the history."))
    if right.button(_("It never was: take it back"), key="mend.withdraw", width="stretch"):
        book.withdraw(key, person.require(), why=why)
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
