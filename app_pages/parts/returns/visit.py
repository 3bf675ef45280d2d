"""One visit, as it is recorded on a phone at the door."""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.common import today
from app_pages.parts.person import Person
from geo.canvass.codes import DISPOSITION_TITLES, LONGEST_DOOR, next_door, unit_name
from geo.canvass.paper_totals import sheets_near, sheets_words
from geo.language import gettext as _
from store.canvass.book import CanvassBook
from store.canvass.kinds import Visit
from store.status import new_id

DONE = "returns.done"


def titles() -> dict[str, str]:
    """Return the results of a visit in words."""
    return {str(item): _(title) for item, title in DISPOSITION_TITLES.items()}


def show_visit(book: CanvassBook, code: str, units: tuple[str, ...], person: Person) -> None:
    """Show the form for one visit; sent twice by a slip of the finger it counts once."""
    near = sheets_near(book.tallies(), code, [today()]) if person.sees("sheets") else []
    if near:
        st.warning(sheets_words(code, near))
    identifier = st.session_state.setdefault("returns.id", new_id())
    if "returns.next" in st.session_state:
        st.session_state["returns.door"] = st.session_state.pop("returns.next")
        st.session_state["returns.result"] = None
    words = titles()
    with st.form("returns.visit"):
        left, right = st.columns([2, 1])
        unit = left.selectbox(_("Block"), sorted(units), format_func=unit_name, key=f"returns.unit.{code}")
        door = right.text_input(
            _("Door number"), max_chars=LONGEST_DOOR, key="returns.door", help=door_help()
        )
        result = st.pills(
            _("What happened"),
            list(words),
            format_func=words.__getitem__,
            key="returns.result",
        )
        day = st.date_input(_("Day"), value=today(), max_value=today(), key="returns.day")
        sent = st.form_submit_button(_("Record the visit"), type="primary", width="stretch")
    if sent and result is None:
        st.error(_("Choose what happened at the door; nothing was written."))
    elif sent:
        fields = {"id": identifier, "turf": code, "unit": unit, "door": door, "on": day}
        fields["disposition"] = result
        book.save(Visit.make(fields), person.require(), seen=0)
        st.session_state["returns.id"] = new_id()
        st.session_state["returns.next"] = next_door(door)
        place = " · ".join(part for part in (unit_name(str(unit)), door) if part)
        tell(_("Recorded: {result} in turf {turf}, {place}.").format(
            result=words[str(result)], turf=code, place=place
        ))  # fmt: skip


def door_help() -> str:
    """Say what the number of a door is for."""
    return _(
        "Count the doors of the block as you walk: 1, 2, 3. The same number again is the same household; "
        "without a number each visit counts by itself. No address, please."
    )


def tell(words: str) -> None:
    """Say once what was written, on a fresh page."""
    st.session_state[DONE] = words
    st.rerun()
